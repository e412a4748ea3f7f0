/**
 * The outbox: mails that wait to be sent, as a queue in the table `outbox`.
 *
 * A mail's bytes are written before its first try and never change, and a lease (`send-lease.ts`) keeps it for one worker
 * while it is being sent. A worker that is killed meanwhile loses its leases, and another sends the same bytes again: at
 * least once, with one Message-ID. Whatever else changes a mail that waits passes over one that is being sent, and
 * never waits for a mail server.
 */
import { type RawBuilder, sql } from 'kysely';
import type { TemplateName } from '../../core/ticket/template-views.ts';
import { type Database, presenceName } from '../db/database.ts';
import type { FailureCause } from '../../core/ticket/reasons.ts';

/** A mail that is due. */
export type DueMail = {
  id: number;
  /** with brackets */
  messageId: string;
  ticketId: number | null;
  /** number of its ticket */
  ticket: number | null;
  template: TemplateName;
  /** null for a mail to a client or a stranger */
  staffId: number | null;
  recipient: string;
  recipientName: string;
  /** address of the queue it is from */
  queue: string;
  /** From of its bytes */
  sentAs: string | null;
  /** tries that were counted */
  attempts: number;
  /** its bytes hold files of a client's, without which it can be sent as well */
  passesFilesOn: boolean;
};

/** A mail that failed for good, and why. */
export type FailedDelivery = DueMail & { error: string; cause: FailureCause };

/** A mail to a client or a stranger failed for good: staff must be told. What it writes is committed with the failure. */
export type OnFailed = (tx: Database, mail: FailedDelivery) => Promise<void>;

/** What became of one try to send a mail. */
export type Settled = { state: 'sent' } | Deferred | Failed;
/** It is tried again after some time. */
export type Deferred = { state: 'deferred'; error: string; seconds: number };
export type Failed = { state: 'failed'; error: string; cause: FailureCause };

/**
 * Whether a living worker is sending a mail of the table `outbox`. A worker that died has lost its lasting connection, one
 * that froze the lease, in time.
 */
export const isBeingSent = sql<boolean>`
  (outbox.sending_by is not null and outbox.sending_until > clock_timestamp()
   and ${presenceName('')} || outbox.sending_by = any (array(select application_name from pg_stat_activity)))`;

/** What leaves a mail to whoever comes next. */
export const unclaimed = sql`sending_by = null, sending_until = null`;

const due = sql<boolean>`(outbox.state in ('queued', 'deferred') and outbox.next_attempt_at <= now())`;

/** A selection of due mails: of some queues, by address, or of all others, and to no closed domain (lower-case). */
export type DueFilter = { queues: QueueShare; closed: string[] };
export type QueueShare = { only: string[] } | { except: string[] };

const domain = sql<string>`lower(substring(outbox.recipient from '[^@]*$'))`;

/** A condition on rows of the outbox; whether they are being sent is another. */
export function isDue({ queues, closed }: DueFilter): RawBuilder<boolean> {
  return sql<boolean>`(${due} and ${isFrom(queues)} and ${domain} <> all(${closed}::text[]))`;
}

/** @param table the outbox, by its name in the query */
export function isFrom(queues: QueueShare, table = 'outbox'): RawBuilder<boolean> {
  const from = sql.ref(`${table}.from_address`);
  return 'only' in queues
    ? sql<boolean>`${from} = any(${queues.only}::text[])`
    : sql<boolean>`${from} <> all(${queues.except}::text[])`;
}

/**
 * Nobody can be reached to send to: whatever is due and was claimed before says so and stays due. No try is counted.
 * @returns how many mails wait
 */
export async function deferDue(db: Database, error: string, queues: QueueShare): Promise<number> {
  const { numAffectedRows } = await sql`
    update outbox
       set state = 'deferred', last_error = ${error}, ${unclaimed}
     where id in (select id from outbox
                   where ${due} and sent_as is not null and ${isFrom(queues)} and not ${isBeingSent}
                     for update skip locked)`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/**
 * Takes back those of these mails that nobody has been sent, and that nobody is being sent right now.
 * @returns ids of those taken back
 */
export async function cancel(db: Database, ids: number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    update outbox set state = 'cancelled', ${unclaimed}
     where id in (select id from outbox
                   where id = any(${ids}::bigint[]) and state in ('queued', 'deferred', 'awaiting_release')
                     and not ${isBeingSent}
                     for update skip locked)
 returning id`.execute(db);
  return rows.map((row) => row.id);
}

/**
 * A mail came back: it failed. One that is being sent again right now is passed over, since nobody waits for a mail
 * server here; what its ticket and staff are told stands all the same.
 */
export async function failBounced(db: Database, id: number, error: string): Promise<void> {
  await sql`
    update outbox set state = 'failed', last_error = ${error.slice(0, 500)}, sent_at = null, ${unclaimed}
     where id in (select id from outbox where id = ${id} and not ${isBeingSent} for update skip locked)`.execute(
    db,
  );
}

/**
 * Sends mails after all that were cancelled before they were ever tried.
 * @param delayMinutes from now, by the database's clock
 */
export async function restoreCancelled(db: Database, ids: number[], delayMinutes: number): Promise<void> {
  await sql`
    update outbox set state = 'queued', next_attempt_at = now() + make_interval(mins => ${delayMinutes})
     where id = any(${ids}::bigint[]) and state = 'cancelled'`.execute(db);
}
