/**
 * The outbox: mails that wait to be sent, as a queue in the table `outbox`.
 *
 * A mail's bytes are written before its first try and never change, and its row stays locked while it is being
 * sent. A worker that is killed meanwhile loses the lock, and another sends the same bytes again: at least once, with one
 * Message-ID. Changes to a mail (cancelling it, folding another into it) skip locked ones.
 */
import { type RawBuilder, sql } from 'kysely';
import type { TemplateName } from '../../core/ticket/template-views.ts';
import type { Database } from '../db/database.ts';
import { whyNotSent } from './why-not-sent.ts';
import type { FailureCause } from '../../core/ticket/reasons.ts';

/** A mail that is due. Its row is locked by the transaction that got it. */
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

/** The outcome of one mail; `attempts` counts the try that caused it. */
export type Settled =
  | { state: 'sent' }
  | { state: 'deferred'; error: string; seconds: number }
  | { state: 'failed'; error: string; cause: FailureCause };

/** Bytes above which those of a sent mail are dropped; its text and subject stay. */
const keptBytes = 256 * 1024;
const due = sql<boolean>`(outbox.state in ('queued', 'deferred') and outbox.next_attempt_at <= now())`;

/** A selection of due mails: of some queues, by address, or of all others, and to no closed domain (lower-case). */
export type DueFilter = { queues: QueueShare; closed: string[] };
export type QueueShare = { only: string[] } | { except: string[] };

const domain = sql<string>`lower(substring(outbox.recipient from '[^@]*$'))`;

/** A condition on rows of the outbox. */
export function isDue({ queues, closed }: DueFilter): RawBuilder<boolean> {
  return sql<boolean>`(${due} and ${isFrom(queues)} and ${domain} <> all(${closed}::text[]))`;
}

function isFrom(queues: QueueShare): RawBuilder<boolean> {
  return 'only' in queues
    ? sql<boolean>`outbox.from_address = any(${queues.only}::text[])`
    : sql<boolean>`outbox.from_address <> all(${queues.except}::text[])`;
}

/** The longest due mail that has its bytes and is not being sent; locked. Null if there is none. */
export async function lockDue(
  tx: Database,
  which: DueFilter,
): Promise<{ mail: DueMail; bytes: Buffer; notSent: string | null } | null> {
  const { rows } = await sql<DueMail & { bytes: Buffer; notSent: string | null }>`
    select outbox.id, outbox.message_id as "messageId", outbox.ticket_id as "ticketId", outbox.template,
           (select number from ticket where ticket.id = outbox.ticket_id) as ticket,
           outbox.staff_id as "staffId", outbox.recipient, outbox.recipient_name as "recipientName",
           outbox.from_address as queue, outbox.sent_as as "sentAs", outbox.attempts, outbox.mime as bytes,
           outbox.files_left_out is null and exists (
             select from attachment where attachment.message_id = outbox.attachments_of) as "passesFilesOn",
           ${whyNotSent} as "notSent"
      from outbox
     where ${isDue(which)} and outbox.mime is not null
     order by outbox.next_attempt_at, outbox.id
     limit 1
       for update skip locked`.execute(tx);
  const [row] = rows;
  if (row === undefined) return null;
  const { bytes, notSent, ...mail } = row;
  return { mail, bytes, notSent };
}

/** Writes what became of a locked mail. */
export async function settle(
  tx: Database,
  mail: DueMail,
  settled: Settled,
  onFailed: OnFailed,
): Promise<void> {
  switch (settled.state) {
    case 'sent':
      await sql`
        update outbox
           set state = 'sent', sent_at = now(), attempts = attempts + 1, last_error = null,
               mime = case when octet_length(mime) <= ${keptBytes} then mime end
         where id = ${mail.id}`.execute(tx);
      return;
    case 'deferred':
      await sql`
        update outbox
           set state = 'deferred', attempts = attempts + 1, last_error = ${settled.error},
               next_attempt_at = clock_timestamp() + make_interval(secs => ${settled.seconds})
         where id = ${mail.id}`.execute(tx);
      return;
    case 'failed':
      await sql`
        update outbox set state = 'failed', attempts = attempts + 1, last_error = ${settled.error}
         where id = ${mail.id}`.execute(tx);
      if (mail.staffId === null) {
        const { error, cause } = settled;
        await onFailed(tx, { ...mail, attempts: mail.attempts + 1, error, cause });
      }
      return;
    default:
      throw settled satisfies never;
  }
}

/**
 * The server refused the From of a locked mail: its bytes, which no server took, are given up, and it is composed again. It
 * stays due, and no try is counted.
 */
export async function composeAnew(tx: Database, mail: DueMail, error: string): Promise<void> {
  await sql`
    update outbox
       set mime = null, sent_as = null, sender_refused_at = clock_timestamp(), state = 'deferred', last_error = ${error}
     where id = ${mail.id}`.execute(tx);
}

/**
 * The server does not take a locked mail with its files, for its size or what they are: it is composed anew without them, stays due, and no try is counted.
 * @param words tells its reader so
 */
export async function leaveFilesOut(
  tx: Database,
  mail: DueMail,
  words: string,
  error: string,
): Promise<void> {
  await sql`
    update outbox set mime = null, files_left_out = ${words}, state = 'deferred', last_error = ${error}
     where id = ${mail.id}`.execute(tx);
}

/**
 * Nobody can be reached to send to: whatever is due and composed says so and stays due. No try is counted.
 * @returns how many mails wait
 */
export async function deferDue(db: Database, error: string, queues: QueueShare): Promise<number> {
  const { numAffectedRows } = await sql`
    update outbox
       set state = 'deferred', last_error = ${error}
     where id in (select id from outbox where ${due} and mime is not null and ${isFrom(queues)} for update skip locked)`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0n);
}

/**
 * Takes back those of these mails that nobody has been sent, and that nobody is being sent right now.
 * @returns ids of those taken back
 */
export async function cancel(db: Database, ids: number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    update outbox set state = 'cancelled'
     where id in (select id from outbox
                   where id = any(${ids}::bigint[]) and state in ('queued', 'deferred', 'awaiting_release')
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
    update outbox set state = 'failed', last_error = ${error.slice(0, 500)}, sent_at = null
     where id in (select id from outbox where id = ${id} for update skip locked)`.execute(db);
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
