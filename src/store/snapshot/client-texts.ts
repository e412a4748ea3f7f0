import { sql } from 'kysely';
import type { Message } from '../../core/message/message.ts';
import { htmlToText } from '../../core/reply/reply.ts';
import type { Snapshot } from '../../core/case/snapshot.ts';
import { readNumbers } from '../../core/message/thread.ts';
import type { Ticket } from '../../core/ticket/ticket.ts';
import type { Database } from '../db/database.ts';
import { type SentRow, wordsOfRow } from './sent-words.ts';
import { internalKeysIn, writtenOn } from './said.ts';
import { ticketsByNumber } from './tickets.ts';
import { knownTokens } from './tokens.ts';

/** Mails of ours that a quote without marks may be. */
const mostQuoted = 20;

/** Texts of our mails that one quotes, or may quote: those it answers, and this staff member's of these tickets. */
export async function sentTextsOf(
  db: Database,
  message: Message,
  tickets: readonly Ticket[],
  staff: number | null,
): Promise<string[]> {
  const ids = [...message.inReplyTo, ...message.references];
  const numbers = tickets.map((t) => t.number);
  const { rows } = await sql<SentRow>`
    select outbox.text, html, slots, encoded as bytes, gaps from outbox left join mail_body on mail_body.id = body_id
     where message_id = any(${ids})
        or (staff_id = ${staff} and ticket_id in (select id from ticket where number = any(${numbers})))
     order by outbox.id desc limit ${mostQuoted}`.execute(db);
  // programs quote the one or the other
  return rows.map(wordsOfRow).flatMap(({ text, html }) => [text, htmlToText(html)]);
}

/** Only this much of a text is searched for reply tokens; texts for clients are shorter. */
const mostLookedThrough = 200_000;

/** Reply tokens that exist and that the words of a mail hold, in whatever spelling. */
export function tokensQuoted(db: Database, message: Message): Promise<Set<string>> {
  return knownTokens(db, wordsOf(message, [message.fullText]).slice(0, mostLookedThrough));
}

/** All that of a mail may go to a client or into a column. */
function wordsOf({ subject, reply }: Message, more: readonly string[] = []): string {
  const { text, strict, below, forwarded } = reply;
  const passedOn = [forwarded?.from?.name, forwarded?.subject, forwarded?.text].map((each) => each ?? '');
  return [subject, text, strict, below, ...passedOn, ...more].join('\n\n');
}

/**
 * What the guard of clients compares with, for a mail whose words may go to one.
 * @param concerned tickets that it names by token, tag or reference
 * @param company the company of the client that it speaks for, or undefined for none
 */
export async function toCompareWith(
  db: Database,
  message: Message,
  concerned: readonly Ticket[],
  company: number | undefined,
): Promise<Pick<Snapshot, 'internalKeys' | 'named'>> {
  const words = wordsOf(message);
  const named = [...concerned, ...(await ticketsByNumber(db, readNumbers(words)))];
  const companies = concerned.map((ticket) => ticket.company.id);
  const [internalKeys, written] = await Promise.all([
    internalKeysIn(db, words, company === undefined ? companies : [...companies, company], named),
    writtenOn(db, named),
  ]);
  return { internalKeys, named: written };
}
