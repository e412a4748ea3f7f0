import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { plusDetail } from '../../core/address/address.ts';
import type { TokenSubject } from '../../core/ticket/decision.ts';
import type { Message } from '../../core/message/message.ts';
import type { PresentedToken } from '../../core/case/snapshot.ts';
import { tokenCandidates } from '../../core/address/reply-token.ts';
import { readSubjectToken } from '../../core/message/subject-token.ts';
import type { Staff } from '../../core/ticket/ticket.ts';
import { askedTogether } from '../db/asked-together.ts';
import type { Database } from '../db/database.ts';
import type { TokenPurpose } from '../../core/kinds.ts';
import type { Config } from '../../config/settings.ts';

/** The hash under which a token is kept. */
export function tokenHash(token: string): Buffer {
  return hash('sha256', token.toLowerCase(), 'buffer');
}

/** A string in the form of a token, and the address whose plus-detail it is, or null if it is in the subject. */
export type WrittenToken = { token: string; at: string | null };

/** Strings of a token's form where tokens may stand: never the body. */
export function tokensIn(message: Message, addressing: Config['replyAddressing']): WrittenToken[] {
  if (addressing === 'subject')
    return readSubjectToken(message.subject).map((token) => ({ token, at: null }));
  const addresses = [...message.to, ...message.cc].map((a) => a.email);
  return [...new Set([...addresses, ...message.deliveredTo])].flatMap((email) => {
    const { base, detail } = plusDetail(email);
    const token = detail?.toLowerCase() ?? '';
    return /^[a-z2-7]{26}$/.test(token) ? [{ token, at: base }] : [];
  });
}

/**
 * The tokens that a mail was sent to, oldest first, and how many further strings of their form are none. What stands at an address
 * that is none of the desk's or a queue's, nor the one that the token was made for when it was, is somebody else's business.
 */
export async function lookUpTokens(
  db: Database,
  written: readonly WrittenToken[],
  ours: ReadonlySet<string>,
) {
  if (written.length === 0) return { rows: [], unknown: 0 };
  // more than a handful is an attack, and refused as two would be
  const hashes = [...new Set(written.map(({ token }) => token))].slice(0, 10).map(tokenHash);
  const found = await tokensOf(db, hashes);
  const isOurs = ({ at }: WrittenToken, issuedAt: string | null): boolean =>
    at === null || ours.has(at) || at === issuedAt;
  const rows = found.filter((row) =>
    written.some((one) => row.hash.equals(tokenHash(one.token)) && isOurs(one, row.address)),
  );
  const counted = written.filter(
    (one) => isOurs(one, null) && !rows.some((row) => row.hash.equals(tokenHash(one.token))),
  );
  return { rows, unknown: new Set(counted.map(({ token }) => token)).size };
}

function tokensOf(db: Database, hashes: readonly Buffer[]) {
  return db
    .selectFrom('token')
    .leftJoin('ticket', 'ticket.id', 'token.ticket_id')
    .select([
      'token.id',
      'token.purpose',
      'token.ticket_id',
      'token.message_id',
      'token.staff_id',
      'token.hash',
      'token.address',
      'token.asked_alias',
      'ticket.number',
    ])
    .select(
      sql<
        number[]
      >`array(select l.message_id::integer from listed_message l where l.token_id = token.id order by l.position)`.as(
        'held',
      ),
    )
    .select(
      sql<PresentedToken['state']>`case when token.revoked_at is not null then 'revoked'
        when token.used_at is not null then 'used'
        when token.expires_at <= now() then 'expired' else 'valid' end`.as('state'),
    )
    .where('token.hash', 'in', hashes)
    .orderBy('token.id')
    .execute();
}

/** Those 26 letters of a text, whatever stands between them, that are a token of ours; lower case. */
export async function knownTokens(db: Database, text: string): Promise<Set<string>> {
  const byHash = new Map(
    tokenCandidates(text).map((letters) => [tokenHash(letters).toString('hex'), letters]),
  );
  if (byHash.size === 0) return new Set();
  const known = await knownHashes(db, [...byHash.keys()]);
  return new Set(known.flatMap((hex) => byHash.get(hex) ?? []));
}

/** Those of these hashes that are a token's. */
const knownHashes = askedTogether(async (db, asked: readonly (readonly string[])[]) => {
  const hashes = [...new Set(asked.flat())].map((hex) => Buffer.from(hex, 'hex'));
  const { rows } = await sql<{ hash: Buffer }>`
    select hash from token where hash = any(${hashes}::bytea[])`.execute(db);
  const known = new Set(rows.map((row) => row.hash.toString('hex')));
  return asked.map((all) => all.filter((hex) => known.has(hex)));
});

/** A token as decisions see it, and the database's ids of what it is about. */
export type Presented = { token: PresentedToken; ticketId: number | null; messageId: number | null };

/** @param staff the active ones: a token of anybody else has no owner */
export function ofToken(
  row: Awaited<ReturnType<typeof tokensOf>>[number],
  staff: readonly Staff[],
): Presented {
  return {
    token: {
      id: row.id,
      subject: subjectOf(row),
      owner: staff.find((s) => s.id === row.staff_id) ?? null,
      state: row.state,
    },
    ticketId: row.ticket_id,
    messageId: row.message_id,
  };
}

function subjectOf(row: {
  purpose: TokenPurpose;
  number: number | null;
  message_id: number | null;
  held: number[];
  asked_alias: string | null;
}): TokenSubject {
  const { purpose, number: ticket, message_id: message, held, asked_alias: alias } = row;
  if (purpose === 'list') return { purpose, held };
  if (purpose === 'ticket') {
    if (ticket === null) throw new Error('a ticket token names no ticket: the table check forbids it');
    return { purpose, ticket };
  }
  if (message === null) throw new Error(`a ${purpose} token names no message: the table check forbids it`);
  return purpose === 'confirmation' ? { purpose, message, alias } : { purpose, message };
}
