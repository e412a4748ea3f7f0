import type { Case } from '../../case/case.ts';
import { type DeskCommand, everyone } from '../command.ts';
import { emailAddress } from '../../grammar/arguments.ts';
import { clientText } from '../../guard/client-text.ts';
import { cleanSubject, hasReplyPrefix, readTags } from '../../message/thread.ts';
import { textDoubt } from '../../notices/doubt.ts';
import { clientSpokenFor, guardRequest, openRequest } from './request.ts';

/** `apri per anna@rossi.it`: a phone call becomes a ticket. The text that follows describes it, and its client reads it. */
export const openFor: DeskCommand = {
  name: 'open_for',
  phrases: {
    it: [
      'apri per',
      'aprire per',
      'apri ticket per',
      'apri un ticket per',
      'aprire ticket per',
      'aprire un ticket per',
    ],
    en: ['open for', 'open ticket for', 'open a ticket for'],
  },
  argument: emailAddress,
  textFor: 'client',
  about: 'desk',
  roles: everyone,
  label: { it: 'Apri per un cliente', en: 'Open for a client' },
  help: {
    it: 'apre un ticket a nome del cliente (per esempio dopo una telefonata); il testo che segue è la descrizione',
    en: 'opens a ticket for the client (after a phone call, say); the text that follows describes it',
  },
  opens: true,
  act: ({ case: c, staff, argument: email, text, record }) => {
    if (email === null)
      return { kind: 'refused', problem: { kind: 'argument_missing', command: 'open_for' } };
    const client = clientSpokenFor(c);
    if (client === null) return { kind: 'refused', problem: { kind: 'client_unknown', email } };

    const { text: described, sure } = clientText(c, 'open_for', text);
    const words = guardRequest(c, client, titleWritten(c, email), described);
    if (!words.ok) return { kind: 'refused', problem: words.problem };
    const doubt = words.doubt ?? (!sure && described !== '' ? textDoubt(c).doubt : null);
    if (doubt !== null && c.snapshot.confirmedBy === null) return { doubt };
    return openRequest(c, staff, client, { ...words, note: null, record });
  },
};

/**
 * Title that its writer gave the new ticket. An answer's subject belongs to another ticket, possibly of another client; a
 * subject by our button or a hurried writer is the order itself.
 */
function titleWritten(c: Case, email: string): string {
  const { subject, inReplyTo, references } = c.message;
  const isAnswer =
    c.snapshot.tokens.length > 0 ||
    readTags(subject).length > 0 ||
    inReplyTo.length > 0 ||
    references.length > 0 ||
    hasReplyPrefix(subject);
  const title = cleanSubject(subject);
  return isAnswer || title.toLowerCase().includes(email) ? '' : title;
}
