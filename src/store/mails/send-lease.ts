/**
 * The leases under which due mails are sent. A worker claims several mails in one statement, sends them outside of any
 * transaction, and settles them together as the answers come. Its leases are free as soon as its process has died (its
 * lasting connection ends), or when they expire, if it froze; the database's clock decides. What it records
 * afterwards of a mail that another has taken over counts for nothing.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Database, OpenDatabase } from '../db/database.ts';
import { DatabaseUnavailable } from '../unavailable.ts';
import {
  type Deferred,
  type DueFilter,
  type DueMail,
  type Failed,
  isBeingSent,
  isDue,
  isFrom,
  type OnFailed,
  type Settled,
  unclaimed,
} from './outbox.ts';
import { type KeptBody, loadBodies } from './mail-bodies.ts';
import { whyNotSent } from './why-not-sent.ts';

/** Minutes that a lease lasts: longer than one try to send a mail may take (`smtp.ts`), and its wait to be begun. */
const leaseMinutes = 11;
/** Bytes above which those of a sent mail are dropped (its text and subject stay), and those of a claimed one loaded by themselves. */
const keptBytes = 256 * 1024;

/** Where nothing can be claimed, more are looked at up to some such number: others are sending to the same readers, before them. */
const farthest = 1_000;

/** As long as a mail was put off no more often, for some four minutes, later ones to its reader wait for it. */
const triesInOrder = 3;

/** A mail that this process may send. */
export type ClaimedMail = DueMail & {
  /** null where an earlier version queued it */
  body: KeptBody | null;
  /** what fills the gaps of its body: the To header, then each reply token */
  slots: string[] | null;
  /** an earlier version wrote its bytes */
  isWritten: boolean;
  /** those, or null where they are many: `loadBytes` */
  bytes: Buffer | null;
  /** why it must not be sent, or null if it may be */
  notSent: string | null;
};

/** What is claimed. */
export type ClaimLimits = {
  limit: number;
  /** ids that this worker holds; any other lease of its own is one whose end it did not hear of */
  held: number[];
  /** the From of a row that has none yet */
  sender: RawBuilder<string>;
};

/**
 * Claims the mails that have been due longest and are not being sent, in that order, and fixes whom each is from. A mail is not claimed
 * while an earlier one to the same reader is another's, or waits for its second, third or fourth try; those of one reader thus leave in
 * the order in which they fell due, unless one is refused again and again.
 */
export async function claimDue(
  db: OpenDatabase,
  which: DueFilter,
  wanted: ClaimLimits,
): Promise<ClaimedMail[]> {
  // without a sign of life others would take it for dead, and send the same
  if (!(await db.present()))
    throw new DatabaseUnavailable(
      'it grants no lasting connection, by which other workers see that this one lives',
    );
  for (let reach = 4 * wanted.limit + wanted.held.length; ; reach *= 8) {
    const { claimed, seen } = await claimWithin(db, which, { ...wanted, reach });
    // what others are sending, or what waits behind that, may fill all that it looked at
    if (claimed.length === 0 && seen >= reach && reach < farthest) continue;
    const bodies = await loadBodies(
      db,
      claimed.flatMap(({ bodyId }) => (bodyId === null ? [] : [bodyId])),
    );
    return claimed.map(({ bodyId, ...mail }) => ({ ...mail, body: bodies.get(bodyId ?? 0) ?? null }));
  }
}

/** @param wanted.reach how many due mails to look at, those included that are being sent */
async function claimWithin(
  db: OpenDatabase,
  which: DueFilter,
  { limit, held, sender, reach }: ClaimLimits & { reach: number },
): Promise<{ claimed: ClaimedRow[]; seen: number }> {
  const isFree = sql<boolean>`(
    outbox.id <> all(${held}::bigint[])
    and (outbox.sending_by = ${db.worker} or not ${isBeingSent}))`;
  // of the row's reader, before it
  const isPutOff = sql<boolean>`(
    earlier.recipient = outbox.recipient and earlier.id < outbox.id and earlier.state = 'deferred'
    and earlier.attempts <= ${triesInOrder} and ${isFrom(which.queues, 'earlier')})`;
  const { rows } = await sql<(ClaimedRow & { place: number; seen: number }) | { id: null; seen: number }>`
    with dues as materialized (
           select id, recipient, next_attempt_at, state = 'deferred' and attempts <= ${triesInOrder} as again, ${isFree} as free
             from outbox
            where ${isDue(which)}
              and not exists (select from outbox earlier where ${isPutOff} and earlier.next_attempt_at > now())
            order by next_attempt_at, id limit ${reach}),
         due as materialized (
           select id, recipient, free,
                  row_number() over (order by case when again then overtaken else next_attempt_at end, id)::integer as place
             from (select dues.*, min(next_attempt_at) over (partition by recipient order by id desc) as overtaken
                     from dues) as timed),
         taken as (
           select recipient, min(place) as place from due
            where not free and id <> all(${held}::bigint[]) group by recipient),
         open as materialized (
           select outbox.* from due outbox left join taken using (recipient)
            where free and (taken.place is null or outbox.place < taken.place)
              and not exists (select from outbox earlier
                               where ${isPutOff} and earlier.id not in (select id from due))
            order by outbox.place limit ${limit}),
         locked as materialized (
           select id from outbox
            where id in (select id from open) and ${isDue(which)} and ${isFree}
              for update skip locked),
         chosen as (
           select id, recipient, place from open
            where id in (select id from locked)
              and not exists (select from open earlier
                               where earlier.recipient = open.recipient and earlier.place < open.place
                                 and earlier.id not in (select id from locked))),
         claimed as (
           update outbox
              set sending_by = ${db.worker}, sending_until = clock_timestamp() + make_interval(mins => ${leaseMinutes}),
                  sent_as = coalesce(outbox.sent_as, ${sender})
             from chosen where outbox.id = chosen.id
        returning outbox.id, outbox.message_id as "messageId", outbox.ticket_id as "ticketId", outbox.template,
                  (select number from ticket where ticket.id = outbox.ticket_id) as ticket,
                  outbox.staff_id as "staffId", outbox.recipient, outbox.recipient_name as "recipientName",
                  outbox.from_address as queue, outbox.sent_as as "sentAs", outbox.attempts,
                  case when octet_length(outbox.mime) <= ${keptBytes} then outbox.mime end as bytes,
                  outbox.mime is not null as "isWritten", outbox.body_id as "bodyId", outbox.slots,
                  outbox.files_left_out is null and case when outbox.body_id is null
                    then exists (select from attachment where attachment.message_id = outbox.attachments_of)
                    else exists (select from mail_body_file file where file.body_id = outbox.body_id) end as "passesFilesOn",
                  ${whyNotSent} as "notSent", chosen.place)
    select claimed.*, seen.seen from (select count(*)::integer as seen from dues) seen left join claimed on true
     order by place`.execute(db);
  const claimed = rows.flatMap((row) => (row.id === null ? [] : [without(row)]));
  return { claimed, seen: rows[0]?.seen ?? 0 };
}

type ClaimedRow = Omit<ClaimedMail, 'body'> & { bodyId: number | null };

function without({
  place: _place,
  seen: _seen,
  ...claimed
}: ClaimedRow & { place: number; seen: number }): ClaimedRow {
  return claimed;
}

/** The bytes that an earlier version wrote of a claimed mail, however many. */
export async function loadBytes(db: Database, { id }: DueMail): Promise<Buffer> {
  const { mime } = await db
    .selectFrom('outbox')
    .select('mime')
    .where('id', '=', id)
    .where('mime', 'is not', null)
    .$narrowType<{ mime: Buffer }>()
    .executeTakeFirstOrThrow();
  return mime;
}

/** Gives back claimed mails that were not begun, or of which no answer is to come. They are as due as before. */
export async function returnClaims(db: OpenDatabase, mails: readonly DueMail[]): Promise<void> {
  if (mails.length === 0) return;
  await sql`
    update outbox set ${unclaimed}
     where id = any(${mails.map(({ id }) => id)}::bigint[]) and sending_by = ${db.worker}`.execute(db);
}

/** What became of a mail: it went, or is to be tried again. A failure is recorded by itself (`whileHeld`, `settleFailed`). */
export type Answered = { mail: DueMail; settled: Exclude<Settled, Failed> };

/**
 * Records what became of claimed mails, and ends their leases, all in one statement.
 * @returns ids of those recorded; the others are no longer this worker's
 */
export async function settleAll(db: OpenDatabase, answered: readonly Answered[]): Promise<Set<number>> {
  const deferred = answered.map(({ settled }) => (settled.state === 'deferred' ? settled : null));
  const { rows } = await sql<{ id: number; large: boolean }>`
    update outbox
       set state = answer.state, attempts = outbox.attempts + 1, last_error = answer.error,
           sent_at = case when answer.state = 'sent' then clock_timestamp() end,
           next_attempt_at = case when answer.state = 'sent' then outbox.next_attempt_at
                                  else clock_timestamp() + make_interval(secs => answer.seconds) end,
           ${unclaimed}
      from unnest(${answered.map(({ mail }) => mail.id)}::bigint[], ${answered.map(({ mail }) => mail.attempts)}::integer[],
                  ${answered.map(({ settled }) => settled.state)}::text[],
                  ${deferred.map((one) => one?.error ?? null)}::text[],
                  ${deferred.map((one) => one?.seconds ?? 0)}::float8[])
           as answer (id, attempts, state, error, seconds)
     where outbox.id = answer.id and outbox.sending_by = ${db.worker} and outbox.attempts = answer.attempts
 returning outbox.id, outbox.state = 'sent' and octet_length(outbox.mime) > ${keptBytes} as large`.execute(
    db,
  );
  const large = rows.filter((row) => row.large).map(({ id }) => id);
  if (large.length > 0)
    await sql`update outbox set mime = null where id = any(${large}::bigint[])`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Runs in a transaction that locks a claimed mail, where it is still this worker's.
 * @returns null if it is not
 */
export function whileHeld<T>(
  db: OpenDatabase,
  mail: DueMail,
  work: (tx: Database) => Promise<T>,
): Promise<{ value: T } | null> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql`
      select from outbox
       where id = ${mail.id} and sending_by = ${db.worker} and attempts = ${mail.attempts} for update`.execute(
      tx,
    );
    return rows.length === 0 ? null : { value: await work(tx) };
  });
}

/** Records that a locked mail failed for good. Of one to a client or a stranger staff are told in the same transaction. */
export async function settleFailed(
  tx: Database,
  mail: DueMail,
  failed: Failed,
  onFailed: OnFailed,
): Promise<void> {
  const { error, cause } = failed;
  await sql`
    update outbox set state = 'failed', attempts = attempts + 1, last_error = ${error}, ${unclaimed}
     where id = ${mail.id}`.execute(tx);
  if (mail.staffId === null) await onFailed(tx, { ...mail, attempts: mail.attempts + 1, error, cause });
}

/**
 * The server refused the From of a locked mail: its bytes, which no server took, are given up, and the next claim chooses another.
 * It stays due, and no try is counted.
 */
export async function composeAnew(tx: Database, mail: DueMail, error: string): Promise<void> {
  await sql`
    update outbox
       set mime = null, sent_as = null, sender_refused_at = clock_timestamp(), state = 'deferred', last_error = ${error},
           ${unclaimed}
     where id = ${mail.id}`.execute(tx);
}

/** A locked mail is to be tried again after some time. */
export async function deferLocked(tx: Database, mail: DueMail, { error, seconds }: Deferred): Promise<void> {
  await sql`
    update outbox
       set state = 'deferred', attempts = attempts + 1, last_error = ${error},
           next_attempt_at = clock_timestamp() + make_interval(secs => ${seconds})
     where id = ${mail.id}`.execute(tx);
}

/**
 * The server does not take a locked mail with its files, for its size or what they are: it goes without them, stays due, and no
 * try is counted.
 * @param left.words tells its reader so; `left.without`: id of its body from now on, null where an earlier version queued it
 */
export async function leaveFilesOut(
  tx: Database,
  mail: DueMail,
  left: { words: string; error: string; without: number | null },
): Promise<void> {
  await sql`
    update outbox set mime = null, body_id = ${left.without}, files_left_out = ${left.words}, state = 'deferred',
                      last_error = ${left.error}, ${unclaimed}
     where id = ${mail.id}`.execute(tx);
}
