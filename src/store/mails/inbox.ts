/**
 * The inbox: messages that were taken in and wait to be decided, as a queue in the table `message`.
 *
 * A worker *claims* messages: each claim counts an attempt and leases the message for a while, in a short
 * transaction of its own, so that an attempt that kills the process is counted all the same. It parses side by side with
 * others, and then asks for its *turn*: one decision at a time over all workers, in order of arrival. A message whose
 * attempt failed is *set aside* for a moment and lets the others pass; after three failures its worker quarantines it. One
 * that takes long to read is *passed over*: its worker goes on reading it, and the others are decided meanwhile.
 * One whose attempts merely never ended (three times the process died over it, or over its neighbours) is claimed alone;
 * if that kills the process twice, it is handed out as `givenUp`: to be quarantined unread.
 *
 * All times are the database's, so that no worker's clock matters.
 */
import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { Arriving, ArrivingInPieces } from '../../mail/imap/fetched-message.ts';
/** One attempt at one message. */
export type Claimed = {
  id: number;
  workerId: string;
  raw: Buffer;
  size: number;
  truncated: boolean;
  receivedAt: Date;
  mailbox: string | null;
  envelopeRecipient: string | null;
  envelopeSender: string | null;
  /** this one included */
  attempts: number;
  /** attempts that ended in an error of ours */
  failures: number;
  /** claimed alone, since earlier attempts never ended */
  readAlone: boolean;
  /** not to be read again, but quarantined: it failed too often, or died alone twice */
  givenUp: boolean;
  /** times it waited for the name servers */
  keyWaits: number;
  /** the text of its last failure, or null if it has not failed */
  lastError: string | null;
};

/** After so many failures a message is quarantined; after so many attempts that never ended it is tried alone. */
export const triesBeforeGivingUp = 3;
const triesAlone = 2;
/** Seconds a message is set aside after its first, second failure. */
const setAsideSeconds = [5, 30];
/** The most bytes that one claim hands out, beyond its first message. */
const claimBytes = 32 * 1024 * 1024;

// ── taking in ────────────────────────────────────────────────────────────────

/**
 * Commits messages as pending, all or none. One that was taken in before (same mailbox, UIDVALIDITY and UID) is left
 * as it is.
 * @returns ids of the new ones
 */
export async function takeIn(db: Database, items: Arriving[]): Promise<number[]> {
  if (items.length === 0) return [];
  const rows = await db
    .insertInto('message')
    .values(
      // in one order, whoever fetched them: two workers would wait for each other
      items
        .toSorted((a, b) => (a.uid ?? 0) - (b.uid ?? 0))
        .map((item) => ({
          ...identityOf(item),
          raw: item.raw,
          size: item.size,
          truncated: item.truncated,
          sha256: createHash('sha256').update(item.raw).digest('hex'),
        })),
    )
    .onConflict((conflict) => conflict.columns(['mailbox', 'uid_validity', 'uid']).doNothing())
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

/**
 * The same for a large message: each piece goes on to the database as it comes, into a large object that lives inside
 * this one transaction (PostgreSQL manual, "Large Objects"), and the server joins them. All or nothing.
 * @returns its id; null where it was taken in before, or has gone before its end was read
 */
export async function takeInPieces(db: Database, item: ArrivingInPieces): Promise<number | null> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ object: number }>`select lo_create(0) as object`.execute(tx);
    const object = sql`${rows[0]?.object}::oid`;
    const hash = createHash('sha256');
    let size = 0;
    let piece = await item.piece(size);
    while (piece !== null && piece.length > 0) {
      hash.update(piece);
      await sql`select lo_put(${object}, ${size}, ${piece})`.execute(tx);
      size += piece.length;
      piece = await item.piece(size);
    }
    const taken =
      piece === null
        ? undefined
        : await tx
            .insertInto('message')
            .values({
              ...identityOf(item),
              raw: sql<Buffer>`lo_get(${object})`,
              size,
              sha256: hash.digest('hex'),
            })
            .onConflict((conflict) => conflict.columns(['mailbox', 'uid_validity', 'uid']).doNothing())
            .returning('id')
            .executeTakeFirst();
    await sql`select lo_unlink(${object})`.execute(tx);
    return taken?.id ?? null;
  });
}

/** The origin of a message, as in its row. */
function identityOf(item: Omit<Arriving, 'raw' | 'size' | 'truncated'>) {
  return {
    mailbox: item.mailbox,
    uid_validity: item.uidValidity,
    uid: item.uid,
    envelope_recipient: item.envelopeRecipient,
    envelope_sender: item.envelopeSender,
    received_at: item.receivedAt,
  };
}

/** UIDs of this mailbox that are committed and not yet known to have left the server's inbox, in order. */
export async function unfiledUids(db: Database, mailbox: string, uidValidity: number): Promise<number[]> {
  const { rows } = await sql<{ uid: number }>`
    select uid from message
     where mailbox = ${mailbox} and uid_validity = ${uidValidity} and filed_at is null
     order by uid`.execute(db);
  return rows.map((row) => row.uid);
}

/** Notes that these messages left the server's inbox for its folder. */
export async function markFiled(
  db: Database,
  mailbox: string,
  uidValidity: number,
  uids: number[],
): Promise<void> {
  if (uids.length === 0) return;
  // locked in the order in which they are decided, so that neither waits for the other for ever
  await sql`
    update message set filed_at = now()
     where id in (select id from message
                   where mailbox = ${mailbox} and uid_validity = ${uidValidity} and uid = any(${uids}::bigint[])
                     and filed_at is null
                   order by id for update)`.execute(db);
}

/** The number of pending messages, including those set aside or in progress. */
export async function waitingCount(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('message')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('disposition', '=', 'pending')
    .executeTakeFirstOrThrow();
  return count;
}

// ── claiming ─────────────────────────────────────────────────────────────────

type Candidate = { id: number; size: number; readAlone: boolean; givenUp: boolean };

/**
 * Claims the oldest messages that are due and that nobody works on, in order; none is an empty list. Claim when the worker holds
 * nothing: one that must be tried alone is not handed out before, nor is anything else while it runs.
 * @param workerId a UUID, new for every process
 * @param limit how many at most; fewer where they are large
 * @param leaseSeconds after which others may take them over; `renewLeases` prolongs it
 */
export async function claim(
  db: Database,
  workerId: string,
  limit: number,
  leaseSeconds: number,
): Promise<Claimed[]> {
  return db.transaction().execute(async (tx) => {
    const holds = await leasesOf(tx, workerId);
    if (holds === 'one to read alone') return [];
    const chosen = choose(await dueMessages(tx, limit), holds === 'none');
    if (chosen.length === 0) return [];
    const { rows } = await sql<Omit<Claimed, 'workerId' | 'readAlone' | 'givenUp'>>`
      update message
         set attempts = attempts + 1,
             lone_attempts = lone_attempts + ${chosen.some((one) => one.readAlone) ? 1 : 0},
             leased_by = ${workerId},
             leased_until = clock_timestamp() + ${seconds(leaseSeconds)}
       where id = any(${chosen.map((one) => one.id)}::bigint[])
   returning id, raw, size, truncated, received_at as "receivedAt", mailbox,
             envelope_recipient as "envelopeRecipient", envelope_sender as "envelopeSender",
             attempts, failures, key_waits as "keyWaits", reason as "lastError"`.execute(tx);
    return rows
      .toSorted((a, b) => a.id - b.id)
      .map((row) => {
        const one = chosen.find(({ id }) => id === row.id);
        return { ...row, workerId, readAlone: one?.readAlone === true, givenUp: one?.givenUp === true };
      });
  });
}

/** The worker's leases that have not expired. */
async function leasesOf(tx: Database, workerId: string): Promise<'none' | 'some' | 'one to read alone'> {
  const { rows } = await sql<{ alone: boolean }>`
    select bool_or(lone_attempts > 0) as alone from message
     where disposition = 'pending' and leased_by = ${workerId} and leased_until > clock_timestamp()
    having count(*) > 0`.execute(tx);
  if (rows.length === 0) return 'none';
  return rows[0]?.alone === true ? 'one to read alone' : 'some';
}

/** The oldest pending messages that are due and not leased, locked against other claims. */
async function dueMessages(tx: Database, limit: number): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select id, octet_length(raw) as size,
           failures < ${triesBeforeGivingUp} and lone_attempts < ${triesAlone}
             and attempts - failures >= ${triesBeforeGivingUp} as "readAlone",
           failures >= ${triesBeforeGivingUp} or lone_attempts >= ${triesAlone} as "givenUp"
      from message
     where disposition = 'pending'
       and (not_before is null or not_before <= clock_timestamp())
       and (leased_until is null or leased_until <= clock_timestamp())
     order by id
     limit ${limit}
       for update skip locked`.execute(tx);
  return rows;
}

/** From the first on, up to the first that must be tried alone, or to as many bytes as fit. */
function choose(candidates: Candidate[], holdsNothing: boolean): Candidate[] {
  const [first] = candidates;
  if (first === undefined) return [];
  if (first.readAlone) return holdsNothing ? [first] : [];
  const chosen: Candidate[] = [];
  let bytes = 0;
  for (const candidate of candidates) {
    bytes += candidate.size;
    if (candidate.readAlone || (chosen.length > 0 && bytes > claimBytes)) break;
    chosen.push(candidate);
  }
  return chosen;
}

/** Prolongs what this worker holds and has not lost, so that slow work is not taken over. What it is deciding now is locked. */
export async function renewLeases(db: Database, workerId: string, leaseSeconds: number): Promise<void> {
  await sql`
    update message set leased_until = clock_timestamp() + ${seconds(leaseSeconds)}
     where id in (select id from message where disposition = 'pending' and leased_by = ${workerId}
                   for update skip locked)`.execute(db);
}

// ── after an attempt ─────────────────────────────────────────────────────────

/**
 * The attempt ended in an error of ours, which is counted and shown as the message's reason. The message is set aside
 * for a moment; after the third failure the worker keeps it, to quarantine it in its turn.
 * @param error one line, without anything of the message's body
 * @returns its number of failures, or null if another worker has it meanwhile
 */
export async function recordFailure(db: Database, claimed: Claimed, error: string): Promise<number | null> {
  const pause = setAsideSeconds[claimed.failures];
  const { rows } = await sql<{ failures: number }>`
    update message
       set failures = failures + 1,
           lone_attempts = lone_attempts - ${claimed.readAlone ? 1 : 0},
           reason = ${error.replaceAll('\0', '').slice(0, 500)}
           ${pause === undefined ? sql`` : sql`, not_before = clock_timestamp() + ${seconds(pause)}, ${noLease}`}
     where ${ours(claimed)}
 returning failures`.execute(db);
  return rows[0]?.failures ?? null;
}

/** Gives a message back as if it had not been claimed, for a clean stop. */
export async function giveBack(db: Database, claimed: Claimed): Promise<void> {
  await sql`
    update message
       set attempts = attempts - 1, lone_attempts = lone_attempts - ${claimed.readAlone ? 1 : 0}, ${free}
     where ${ours(claimed)}`.execute(db);
}

/** Still this very attempt's: a worker that lost a message and claimed it again holds it for the later attempt only. */
export function ours(claimed: Claimed): RawBuilder<unknown> {
  return sql`message.id = ${claimed.id} and message.disposition = 'pending'
         and message.leased_by = ${claimed.workerId} and message.attempts = ${claimed.attempts}`;
}

/** The same of several. */
export function areOurs(claims: readonly Claimed[]): RawBuilder<unknown> {
  return sql`message.disposition = 'pending'
         and (message.id, message.leased_by, message.attempts) in (
           select * from unnest(${claims.map(({ id }) => id)}::bigint[], ${claims.map(({ workerId }) => workerId)}::uuid[],
                                ${claims.map(({ attempts }) => attempts)}::integer[]))`;
}

const noLease = sql`leased_by = null, leased_until = null`;
/** One that was passed over is due again at once. */
const free = sql`${noLease}, not_before = null`;

const seconds = (count: number): RawBuilder<unknown> => sql`make_interval(secs => ${count})`;

/**
 * Gives back whatever this worker still holds, as if it had never begun: after an outage in the middle of its work, so
 * that nothing waits for a lease to run out. Call it when the worker works on nothing.
 */
export async function releaseAll(db: Database, workerId: string): Promise<void> {
  await sql`
    update message
       set attempts = attempts - 1, lone_attempts = greatest(lone_attempts - 1, 0), ${free}
     where disposition = 'pending' and leased_by = ${workerId}`.execute(db);
}

/** The columns that make a decided message pending again, as if it had just arrived; the schema wakes the worker. */
export const pendingAgain = {
  disposition: 'pending',
  reason: null,
  decided_at: null,
  not_before: null,
  attempts: 0,
  failures: 0,
  lone_attempts: 0,
  key_waits: 0,
} as const;
