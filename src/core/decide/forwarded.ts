import { type Case } from '../case/case.ts';
import type { RefusedOrder } from '../commands/command.ts';
import { answerWith } from '../commands/requests/answer.ts';
import { clientSpokenFor, guardRequest, openRequest } from '../commands/requests/request.ts';
import { type ClientReader, guard } from '../guard/client-guard.ts';
import type { Forwarded } from '../message/reply.ts';
import { cleanSubject } from '../message/thread.ts';
import type { Doubt } from '../notices/doubt.ts';
import type { Decision } from '../ticket/decision.ts';
import type { Problem } from '../ticket/reasons.ts';
import type { Staff } from '../ticket/ticket.ts';

/** A client's mail that staff pass on to the desk: only the client's original is the description. */
export function openForwarded(c: Case, staff: Staff): Decision | Doubt | RefusedOrder {
  const { forwarded } = c.message.reply;
  const from = forwarded?.from ?? null;
  if (forwarded === null) return answerWith(c, staff, 'help sent', { kind: 'help' });
  const named = from === null ? null : clientSpokenFor(c);
  if (named === null) {
    // Outlook shows names alone: the address is for its reader to say
    const passed = forwarded.text.trim();
    const problem: Problem =
      from === null ? { kind: 'forward_without_address' } : { kind: 'client_unknown', email: from.email };
    return {
      kind: 'refused',
      problem,
      buttons: [{ kind: 'open_for', argument: null, ...(passed === '' ? {} : { text: passed }) }],
      text: [c.message.reply.text.trim(), passed].filter((part) => part !== '').join('\n\n'),
    };
  }
  const client = asWrittenBy(c, named);
  const words = guardRequest(c, client, forwarded.subject ?? '', forwarded.text);
  if (!words.ok) return { kind: 'refused', problem: words.problem };
  const note = c.message.reply.text.trim();
  const doubt = words.doubt ?? (saysMoreThanAttached(c, forwarded) ? 'attached_original' : null);
  if (doubt !== null && c.snapshot.confirmedBy === null) return { doubt };
  return openRequest(c, staff, client, { ...words, note: note === '' ? null : note, record: [] });
}

/**
 * A client as the forward names them. What stands beside the address may be the forwarder's, out of their address book
 * (`Anna, non paga (uso interno)`): a name that the guard would not let pass is left out.
 */
function asWrittenBy(c: Case, client: ClientReader): ClientReader {
  const { name } = client.address;
  if (name !== c.message.reply.forwarded?.from?.name) return client;
  const nameless: ClientReader = { ...client, address: { ...client.address, name: '' } };
  const guarded = guard(c, name, nameless);
  return guarded.ok && guarded.doubt === null ? client : nameless;
}

/**
 * True if the mail has words of its own beside the attached mail, which may be shown to colleagues as well as forwarded:
 * "questa è una truffa".
 */
function saysMoreThanAttached({ message }: Case, forwarded: Forwarded): boolean {
  if (forwarded.attached !== true) return false;
  const subject = cleanSubject(message.subject);
  return (
    message.reply.text.trim() !== '' || (subject !== '' && subject !== cleanSubject(forwarded.subject ?? ''))
  );
}
