import { type Case, outcome } from '../../case/case.ts';
import type { RefusedOrder } from '../command.ts';
import { answersLeft } from '../../notices/bounds.ts';
import { answerToStaff } from '../../notices/notify.ts';
import type { Decision } from '../../ticket/decision.ts';
import type { HelpTopic } from '../../ticket/template-views.ts';
import type { Staff } from '../../ticket/ticket.ts';

/**
 * Answers a query of staff, at their enrolled address; changes nothing.
 * @param reason English, for the admin
 */
export function answerWith(c: Case, staff: Staff, reason: string, topic: HelpTopic): Decision | RefusedOrder {
  if (answersLeft(c) <= 0) return { kind: 'refused', problem: { kind: 'too_many_answers' } };
  const mail = answerToStaff(
    c,
    staff,
    { template: 'help-staff', view: { role: staff.role, topic } },
    { token: { purpose: 'list', held: [] }, ticket: null },
  );
  return outcome('command', reason, { outgoing: [mail] });
}
