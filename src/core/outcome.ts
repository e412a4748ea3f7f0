import type { Message } from './message.ts';
import type { Decision, Effect, Outgoing, Policy } from './decision.ts';
import type { Snapshot } from './snapshot.ts';
import type { Verdict } from './authentication.ts';

/** One message with everything its decision reads. Every step of `decide` takes this and nothing else. */
export type Case = {
  message: Message;
  snapshot: Snapshot;
  policy: Policy;
  /** the database's clock */
  now: Date;
  /** whether the mail is authentic for its From domain; `none` where there is no single From */
  verdict: Verdict;
};

/** A decision that changes nothing and tells nobody, unless said otherwise. */
export function outcome(
  disposition: Decision['disposition'],
  reason: string,
  rest: { ticket?: number | null; effects?: Effect[]; outgoing?: Outgoing[] } = {},
): Decision {
  return {
    disposition,
    reason,
    ticket: rest.ticket ?? null,
    effects: rest.effects ?? [],
    outgoing: rest.outgoing ?? [],
  };
}

/** Whether staff are shown that nobody vouches for a mail; where the server never gives a verdict that would say nothing. */
export function unproven(c: Case): boolean {
  return c.policy.authenticity === 'verified' && c.verdict.result !== 'pass';
}
