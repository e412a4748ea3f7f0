/**
 * The outbox: mails that wait to be sent, as a queue in the table `outbox`.
 *
 * A mail's bytes are written before its first try and never change, and its row stays locked while it is being
 * sent. A worker that is killed meanwhile loses the lock, and another sends the same bytes again: at least once, with one
 * Message-ID. Whoever wants to change a mail (take it back, fold another into it) passes over the locked ones.
 */
import { sql } from 'kysely';
import { passedOn } from '../../core/message/attachments.ts';
import type { TemplateName } from '../../core/ticket/template-views.ts';
import { compose, type FileToPassOn } from '../../mail/smtp/compose.ts';
import type { Database } from '../db/database.ts';
import { nowElsewhere, whyNotSent } from './why-not-sent.ts';
import type { OutboxRow } from '../db/schema.ts';
import { messageOf } from '../unavailable.ts';
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
  /** null: it goes to a client or a stranger */
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

/** What became of one mail; `attempts` counts the try that made it so. */
export type Settled =
  | { state: 'sent' }
  | { state: 'deferred'; error: string; seconds: number }
  | { state: 'failed'; error: string; cause: FailureCause };

const minute = 60;
const hour = 60 * minute;
const firstRetry = 20;
const longestRetry = 2 * hour;
const givenUpAfter = 5 * 24 * hour;
/** Bytes above which those of a sent mail are dropped; its text and subject stay. */
const keptBytes = 256 * 1024;
const due = sql<boolean>`(outbox.state in ('queued', 'deferred') and outbox.next_attempt_at <= now())`;
/** Which mails a login sends: those of some queues, or of all but some. */
export type Share = { queues: string[]; theirs: boolean };
export const allQueues: Share = { queues: [], theirs: false };

/** To a domain that is none of these. */
const open = (closed: string[]) =>
  sql<boolean>`lower(substring(outbox.recipient from '[^@]*$')) <> all(${closed}::text[])`;
const sharedBy = ({ queues, theirs }: Share) =>
  sql<boolean>`(outbox.from_address = any(${queues}::text[])) = ${theirs}`;

/**
 * Writes the bytes of due mails that have none yet, in one transaction; from then on nothing is folded into them. One
 * that cannot be composed fails.
 * @returns how many were composed, and those that failed
 */
export async function composeDue(
  db: Database,
  limit: number,
  onFailed: OnFailed,
  {
    closed = [],
    share = allQueues,
    senderOf = (_tx, queue) => Promise.resolve(queue),
  }: {
    closed?: string[];
    share?: Share;
    /** the From of a queue's mails */
    senderOf?: (tx: Database, queue: string) => Promise<string>;
  } = {},
): Promise<{ composed: number; failed: FailedDelivery[] }> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('outbox')
      .selectAll()
      .where(due)
      .where('mime', 'is', null)
      .where(open(closed))
      .where(sharedBy(share))
      .orderBy('next_attempt_at')
      .orderBy('id')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute();
    if (rows.length === 0) return { composed: 0, failed: [] };
    const senders = new Map<string, string>();
    for (const queue of new Set(rows.map((row) => row.from_address))) {
      senders.set(queue, await senderOf(tx, queue));
    }
    const composed = (row: OutboxRow, files: FileToPassOn[]): Promise<Composed> =>
      composeRow({ ...row, sent_as: senders.get(row.from_address) ?? row.from_address }, files);
    const elsewhere = await nowElsewhere(tx, rows);
    const files = await filesPassedOn(tx, rows);
    const filesOf = (row: OutboxRow): number[] =>
      row.files_left_out === null ? (files.get(row.attachments_of ?? 0) ?? []) : [];
    // all at once those without files; the others one by one, so that memory stays flat
    const sendable = rows.filter((row) => !elsewhere.has(row.id));
    const light = sendable.filter((row) => filesOf(row).length === 0);
    const heavy = sendable.filter((row) => filesOf(row).length > 0);
    const failed: FailedDelivery[] = rows.flatMap((row) => {
      const error = elsewhere.get(row.id);
      return error === undefined ? [] : [{ ...ofRow(row), error, cause: 'left' }];
    });
    failed.push(...(await writeBytes(tx, await Promise.all(light.map((row) => composed(row, []))))));
    for (const row of heavy) {
      failed.push(...(await writeBytes(tx, [await composed(row, await loadFiles(tx, filesOf(row)))])));
    }
    for (const mail of failed) await settle(tx, mail, { ...mail, state: 'failed' }, onFailed);
    return { composed: rows.length - failed.length, failed };
  });
}

type Composed = { row: OutboxRow } & ({ ok: true; bytes: Buffer } | { ok: false; why: string });

/** Writes the bytes of mails, from `sent_as`. @returns those that could not be composed */
async function writeBytes(tx: Database, mails: Composed[]): Promise<FailedDelivery[]> {
  const [first, ...more] = mails.filter((mail) => mail.ok);
  if (first !== undefined && more.length === 0) {
    // by itself: in an array its bytes would be text, twice as long
    await tx
      .updateTable('outbox')
      .set({ mime: first.bytes, sent_as: first.row.sent_as })
      .where('id', '=', first.row.id)
      .execute();
  } else if (first !== undefined) {
    const all = [first, ...more];
    await sql`
      update outbox set mime = composed.mime, sent_as = composed.sent_as
        from unnest(${all.map(({ row }) => row.id)}::bigint[], ${all.map(({ bytes }) => bytes)}::bytea[],
                    ${all.map(({ row }) => row.sent_as)}::text[]) as composed (id, mime, sent_as)
       where outbox.id = composed.id`.execute(tx);
  }
  return mails.flatMap((mail) =>
    mail.ok ? [] : [{ ...ofRow(mail.row), error: mail.why, cause: 'not_written' }],
  );
}

async function composeRow(row: OutboxRow, files: FileToPassOn[]): Promise<Composed> {
  try {
    const bytes = await compose(
      {
        messageId: row.message_id,
        createdAt: row.created_at,
        from: { name: row.from_name, email: row.sent_as ?? row.from_address },
        to: { name: row.recipient_name, email: row.recipient },
        replyTo: row.reply_to,
        inReplyTo: row.in_reply_to,
        references: row.reference_ids,
        subject: row.subject,
        text: row.text,
        html: row.html,
        postscript: row.files_left_out,
        toClient: row.staff_id === null,
      },
      files,
    );
    return { row, ok: true, bytes };
  } catch (error) {
    return { row, ok: false, why: `it could not be composed: ${messageOf(error)}` };
  }
}

/** Ids of the files that these mails pass on, in order, by the incoming message that brought them. */
async function filesPassedOn(tx: Database, mails: readonly OutboxRow[]): Promise<Map<number, number[]>> {
  const { rows } = await sql<{
    id: number;
    message: number;
    filename: string;
    contentType: string;
    size: number;
  }>`
    select id, message_id as message, filename, content_type as "contentType", size from attachment
     where message_id = any(${mails.map((mail) => mail.attachments_of)}::bigint[])
     order by message_id, position`.execute(tx);
  const passed = new Map<number, number[]>();
  for (const [message, files] of Map.groupBy(rows, (row) => row.message)) {
    const which = passedOn(files);
    passed.set(
      message,
      files.filter((_, i) => which[i]).map(({ id }) => id),
    );
  }
  return passed;
}

async function loadFiles(tx: Database, ids: number[]): Promise<FileToPassOn[]> {
  const files: FileToPassOn[] = [];
  for (const id of ids) {
    files.push(
      await tx
        .selectFrom('attachment')
        .innerJoin('blob', 'blob.sha256', 'attachment.sha256')
        .select(['filename', 'content_type as contentType', 'content', 'blob.sha256'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),
    );
  }
  return files;
}

function ofRow(row: OutboxRow): DueMail {
  return {
    id: row.id,
    messageId: row.message_id,
    ticketId: row.ticket_id,
    ticket: null,
    template: row.template,
    staffId: row.staff_id,
    recipient: row.recipient,
    recipientName: row.recipient_name,
    queue: row.from_address,
    sentAs: row.sent_as,
    attempts: row.attempts,
    passesFilesOn: row.attachments_of !== null && row.files_left_out === null,
  };
}

/**
 * The mail that has been due longest, nobody is sending and whose bytes are written; locked. Null: there is none.
 * @param closed domains, lower-case, whose mail waits
 */
export async function lockDue(
  tx: Database,
  closed: string[] = [],
  share: Share = allQueues,
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
     where ${due} and outbox.mime is not null and ${open(closed)} and ${sharedBy(share)}
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
 * The server refused the From of a locked mail: its bytes, which no server took, are given up, and it is composed anew. It
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
export async function deferDue(db: Database, error: string, share: Share = allQueues): Promise<number> {
  const { numAffectedRows } = await sql`
    update outbox
       set state = 'deferred', last_error = ${error}
     where id in (select id from outbox where ${due} and mime is not null and ${sharedBy(share)} for update skip locked)`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0n);
}

/**
 * Seconds until a mail is tried again: 20 at first, then three times as long each time up to two hours, a quarter more or
 * less by chance, so that mails that failed together do not come back together.
 * @param attempts tries counted so far, the one that failed included
 * @param chance from 0 to 1
 * @returns null: after five days of it, never (RFC 5321 §4.5.4.1)
 */
export function retryDelay(attempts: number, chance: number): number | null {
  let waited = 0;
  let next = firstRetry;
  for (let attempt = 1; attempt < attempts; attempt += 1) {
    waited += next;
    next = Math.min(next * 3, longestRetry);
  }
  return waited + next > givenUpAfter ? null : next * (0.75 + chance / 2);
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

/** When the next waiting mail is due, by the database's clock; null: none waits. */
export async function nextDueAt(db: Database): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(next_attempt_at) as at from outbox where state in ('queued', 'deferred')`.execute(db);
  return rows[0]?.at ?? null;
}
