import { withoutText, withPicturesNamed } from '../message/attachments.ts';
import { withBelow } from '../guard/client-text.ts';
import type { Case } from '../case/case.ts';
import { normalise } from '../letters/text.ts';
import { cleanSubject } from '../message/thread.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { subjectWords } from '../words/words.ts';

/** A subject is cut short by some programs, but no shorter. */
const shortestCut = 30;

/** The subject of an answer if it differs from its ticket's, since people put news there; null if it is the same. */
export function changedSubject(subject: string, ticket: Ticket): string | null {
  const said = cleanSubject(subject);
  const [now, before] = [said, cleanSubject(ticket.subject)].map((one) =>
    normalise(one).replace(/[^\p{L}\p{N}]+/gu, ''),
  );
  if (now === undefined || before === undefined || now === '' || now === before) return null;
  return now.length >= shortestCut && before.startsWith(now) ? null : said;
}

/** The text that staff read of a client's mail on a ticket: its new text, below its subject if that differs. */
export function followUpText(c: Case, ticket: Ticket): string {
  const { message, policy } = c;
  const said = withPicturesNamed(withBelow(c, c.snapshot.newWords.text), message.attachments, policy.locale);
  const subject = changedSubject(message.subject, ticket);
  if (said === '') return subject ?? withoutText(message.attachments, policy.locale);
  return subject === null ? said : `${subjectWords[policy.locale]}: ${subject}\n\n${said}`;
}
