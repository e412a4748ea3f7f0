import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Config } from '../config.ts';
import { plusDetail } from '../core/address.ts';
import type { TokenPurpose, TokenSubject } from '../core/decision.ts';
import type { Message } from '../core/message.ts';
import type { PresentedToken } from '../core/snapshot.ts';
import { readSubjectToken } from '../core/subject-token.ts';
import type { Staff } from '../core/ticket.ts';
import type { Database } from './database.ts';

/** The hash under which a token is kept. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token.toLowerCase()).digest();
}

/** Strings of a token's form where tokens may stand: never the body. */
export function tokensIn(message: Message, addressing: Config['replyAddressing']): string[] {
  if (addressing === 'subject') return readSubjectToken(message.subject);
  const addresses = [...message.to, ...message.cc].map((a) => a.email);
  const details = [...addresses, ...message.deliveredTo].map(
    (email) => plusDetail(email).detail?.toLowerCase() ?? '',
  );
  return [...new Set(details.filter((detail) => /^[a-z2-7]{26}$/.test(detail)))];
}

/** The tokens that these strings are, oldest first; an unknown string is none. */
export async function lookUpTokens(db: Database, strings: readonly string[]) {
  // more than a handful is an attack, and refused as two would be
  const hashes = strings.slice(0, 10).map(tokenHash);
  if (hashes.length === 0) return [];
  return db
    .selectFrom('token')
    .leftJoin('ticket', 'ticket.id', 'token.ticket_id')
    .select([
      'token.id',
      'token.purpose',
      'token.ticket_id',
      'token.message_id',
      'token.staff_id',
      'ticket.number',
    ])
    .select(
      sql<PresentedToken['state']>`case when token.revoked_at is not null then 'revoked'
        when token.used_at is not null then 'used'
        when token.expires_at <= now() then 'expired' else 'valid' end`.as('state'),
    )
    .where('token.hash', 'in', hashes)
    .orderBy('token.id')
    .execute();
}

/** A token as decisions see it, and the database's ids of what it is about. */
export type Presented = { token: PresentedToken; ticketId: number | null; messageId: number | null };

/** @param staff the active ones: a token of anybody else has no owner */
export function ofToken(
  row: Awaited<ReturnType<typeof lookUpTokens>>[number],
  staff: readonly Staff[],
): Presented {
  return {
    token: {
      id: row.id,
      subject: subjectOf(row.purpose, row.number, row.message_id),
      owner: staff.find((s) => s.id === row.staff_id) ?? null,
      state: row.state,
    },
    ticketId: row.ticket_id,
    messageId: row.message_id,
  };
}

function subjectOf(purpose: TokenPurpose, ticket: number | null, message: number | null): TokenSubject {
  if (purpose === 'list') return { purpose };
  if (purpose === 'ticket') {
    if (ticket === null) throw new Error('a ticket token names no ticket: the table check forbids it');
    return { purpose, ticket };
  }
  if (message === null) throw new Error(`a ${purpose} token names no message: the table check forbids it`);
  return { purpose, message };
}
