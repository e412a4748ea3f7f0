import { type AboutHeld, clerks, type HeldAct, type HeldCommand } from '../command.ts';
import { oneOfWords } from '../../grammar/arguments.ts';
import type { Case } from '../../case/case.ts';
import type { HeldMessage } from '../../case/snapshot.ts';
import type { Outgoing } from '../../ticket/decision.ts';

/**
 * `rifiuta`: ends the held mail of an address that is as unproven as the one it is said about; `sempre` what comes later too.
 * The argument is `always`, `commercial` or `credentials`, or null for this time only.
 */
export const reject: HeldCommand = {
  name: 'reject',
  phrases: { it: ['rifiuta', 'rifiutare', 'rifiuto'], en: ['reject'] },
  hints: {
    it: [
      'rifiuta per sempre',
      'rifiutare per sempre',
      'rifiuta tutti',
      'rifiuta tutto',
      'rifiutare tutti',
      'rifiutali',
      'rifiutali tutti',
    ],
    en: ['reject forever', 'reject all', 'reject them all'],
  },
  argument: oneOfWords(
    {
      always: { it: 'sempre', en: 'always' },
      commercial: { it: 'commerciale', en: 'commercial' },
      credentials: { it: 'credenziali', en: 'credentials' },
    },
    true,
  ),
  about: 'held',
  opposites: ['accept'],
  roles: clerks,
  label: { it: 'Rifiuta', en: 'Reject' },
  help: {
    it: 'scarta la mail del mittente in attesa; «sempre» anche quelle future; «commerciale» o «credenziali» gli indica a chi rivolgersi',
    en: 'drops the waiting sender’s mail; “always” future mail too; “commercial” or “credentials” tells them whom to turn to',
  },
  act: rejectSender,
};

function rejectSender({ case: c, staff, held, argument }: AboutHeld): HeldAct & { kind: 'done' } {
  const { proof } = held;
  const { email } = held.from;
  const always = argument === 'always';
  const subject = argument === 'commercial' || argument === 'credentials' ? argument : null;
  const isTold = subject !== null && held.answerable;
  const words =
    subject === null
      ? ''
      : isTold
        ? '; its sender was told where to turn'
        : '; its sender was not told: not proven genuine';
  return {
    kind: 'done',
    reason: `${staff.email} rejected the sender of message ${held.id}${always ? ' for good' : ''}${words}`,
    effects: [
      { do: 'reject_held', email, proof, reason: `rejected by ${staff.email}` },
      ...(always ? [{ do: 'block_sender', email, proof } as const] : []),
    ],
    outgoing: isTold ? [declined(c, held, subject)] : [],
    did: {
      what: 'rejected',
      binds: always ? (proof === 'pass' ? 'all' : 'unproven') : 'none',
      told: subject === null ? null : isTold,
    },
    buttons: [{ kind: 'undo', argument: null }],
  };
}

function declined(c: Case, held: HeldMessage, about: 'commercial' | 'credentials'): Outgoing {
  return {
    to: { kind: 'client', address: held.from },
    mail: { template: 'declined-stranger', view: { about } },
    ticket: null,
    queue: c.policy.desk,
    token: null,
    inReplyTo: held.messageId,
    references: held.messageId === null ? [] : [held.messageId],
    withAttachments: false,
    delayMinutes: 0,
    fold: null,
  };
}
