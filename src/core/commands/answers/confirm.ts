import { outcome } from '../../case/case.ts';
import { queueAt } from '../../case/queue.ts';
import type { HeldMessage } from '../../case/snapshot.ts';
import { type ConfirmationCommand, everyone, type RefusedOrder } from '../command.ts';
import { oneOfWords } from '../../grammar/arguments.ts';
import type { Effect } from '../../ticket/decision.ts';

/**
 * `conferma`, the answer to a "conferma?" mail: what it asked about is decided again, as confirmed, and done if that is still what
 * was announced. Acts once, and is never itself asked about: nobody would see what the second yes does.
 */
export const confirm: ConfirmationCommand = {
  name: 'confirm',
  phrases: { it: ['conferma', 'confermo', 'confermare', 'sì'], en: ['confirm', 'confirmed', 'yes'] },
  argument: oneOfWords({ always: { it: 'sempre', en: 'always' } }, false),
  about: 'confirmation',
  roles: everyone,
  label: { it: 'Conferma', en: 'Confirm' },
  help: { it: 'risponde a una richiesta di conferma', en: 'answers a request to confirm' },
  act: ({ case: c, staff, token, argument }) => {
    if (token.state !== 'valid' || c.snapshot.confirmedBy !== null)
      return { kind: 'refused', problem: { kind: 'question_over' } };
    const asked = c.snapshot.subjectMessage;
    if (asked === null || (asked.disposition !== 'confirm_asked' && asked.disposition !== 'held'))
      return noLongerWaiting(asked);
    const { email } = asked.from;
    const isOther = email !== staff.email && !staff.aliases.includes(email);
    const alias = argument === 'always' && isOther ? email : null;
    const { subject } = token;
    const isOffered = subject.purpose === 'confirmation' && subject.alias === alias;
    const isNobodys = asked.standing.kind === 'stranger' && queueAt(email, c.policy.queues) === null;
    if (alias !== null && (!isOffered || !isNobodys))
      return { kind: 'refused', problem: { kind: 'no_alias', email: alias } };
    const effects: Effect[] = [
      { do: 'use_token', tokenId: token.id },
      { do: 'confirm_message', message: asked.id, staffId: staff.id, tokenId: token.id },
    ];
    if (alias !== null) effects.push({ do: 'add_alias', staffId: staff.id, email: alias });
    return outcome('command', `${staff.email} confirmed message ${asked.id}`, { effects });
  },
};

/** The message that a token names was decided about meanwhile. */
export function noLongerWaiting(subject: HeldMessage | null): RefusedOrder {
  return {
    kind: 'refused',
    problem: { kind: 'no_longer_waiting', disposition: subject?.disposition ?? 'unknown' },
  };
}
