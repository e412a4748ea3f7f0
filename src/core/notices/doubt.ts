import type { Decision } from '../ticket/decision.ts';
import type { Case } from '../case/case.ts';
import type { ConfirmReason } from '../ticket/reasons.ts';

/** Reason why a staff mail must be confirmed at its writer's enrolled address. */
export type Doubt = { doubt: ConfirmReason };

/** True if a step asks for the writer's confirmation. */
export function isDoubt(found: Decision | Doubt): found is Doubt {
  return 'doubt' in found;
}

/** Reason why a text for the client is shown to its writer first. */
export function textDoubt(c: Case): Doubt {
  const {
    reply: { below, belowDraft },
    orders,
  } = c.message;
  if (below === '') return { doubt: 'unsure_text' };
  const isEmptyAbove = orders.strict.text.trim() === '';
  return { doubt: belowDraft && isEmptyAbove ? 'below_line' : 'text_below' };
}
