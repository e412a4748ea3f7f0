import type { AboutHeld, HeldAct } from '../command.ts';
import { accepting, companiesHinted } from './companies.ts';
import type { Effect } from '../../ticket/decision.ts';

/** Holds rejected mail again, and unblocks the sender. */
export function liftBlock({ case: c, staff, held }: Omit<AboutHeld, 'argument'>): HeldAct & { kind: 'done' } {
  return {
    kind: 'done',
    reason: `${staff.email} took back the rejection of the sender of message ${held.id}`,
    effects: [{ do: 'unblock_sender', email: held.from.email }, ...waitingAgain({ case: c, staff, held })],
    outgoing: [],
    did: { what: 'waiting' },
    buttons: [
      ...accepting(companiesHinted(c, held)),
      { kind: 'accept', argument: null },
      { kind: 'reject', argument: null },
    ],
  };
}

/** Holds a rejected message again, with those rejected with it and the sender's recent ones. */
export function waitingAgain({ case: c, staff, held }: Omit<AboutHeld, 'argument'>): Effect[] {
  return held.disposition === 'rejected'
    ? [
        {
          do: 'hold_again',
          message: held.id,
          email: held.from.email,
          days: c.policy.reopenDays,
          reason: `its rejection was taken back by ${staff.email}`,
        },
      ]
    : [];
}
