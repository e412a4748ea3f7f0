import { sql } from 'kysely';
import { foldKeys, mailboxOf } from '../../core/notices/bounds.ts';
import type { FoldItem } from '../../core/ticket/decision.ts';
import type { Snapshot } from '../../core/case/snapshot.ts';
import type { Staff, Ticket } from '../../core/ticket/ticket.ts';
import { askedTogether } from '../db/asked-together.ts';
import type { Database } from '../db/database.ts';
import type { Disposition } from '../../core/kinds.ts';

/** The people that a decision's counts are about. */
export type Concerned = {
  /** bare, or null for nobody */
  from: string | null;
  /** the sender's, or null if they are not staff */
  staffId: number | null;
  /** the sender's company, or null if they have none */
  company: number | null;
  /** addresses outside the desk that may be written to */
  readers: string[];
  /** tickets that staff may be told of */
  tickets: readonly Ticket[];
};

/** Counts of openings, questions and notices of the last hour, and of waiting notices. */
export async function recentCounts(
  db: Database,
  { from, staffId, company, readers, tickets }: Concerned,
): Promise<Snapshot['recent']> {
  const [{ heldNotice, ...counts }, mailsTo, about] = await Promise.all([
    countsOf(db, { from, staffId, company }),
    mailsOutside(db, readers),
    mailsAbout(
      db,
      tickets.map(({ number }) => number),
    ),
  ]);
  return {
    ...counts,
    heldNotice: heldNotice === null ? null : { ...heldNotice, at: new Date(heldNotice.at) },
    mailsTo,
    about,
  };
}

type Counts = Omit<Snapshot['recent'], 'mailsTo' | 'about' | 'heldNotice'> & {
  heldNotice: HeldNotice | null;
};

const countsOf = askedTogether(
  async (db, asked: readonly Pick<Concerned, 'from' | 'staffId' | 'company'>[]): Promise<Counts[]> => {
    const { rows } = await sql<Counts & { place: number }>`
    select place,
           (select count(*) from message m join ticket t on t.opened_by = m.id
             where m.from_email = sender and t.opened_at > now() - interval '1 hour'
               -- a decision ends after it opened its ticket
               and m.decided_at > now() - interval '1 hour') as opened,
           (select count(*) from ticket t join message m on m.id = t.opened_by
             where t.company_id = company and t.opened_at > now() - interval '1 hour' and not m.vouched_for
               and m.accepted_at is null
               and not exists (select from contact where email = m.from_email)) as "unprovenOpened",
           asked.vouched as asked, asked.unvouched as "askedUnvouched",
           (select json_build_object('at', due, 'isList', fold_key is not null)
              from (select fold_key, greatest(created_at, coalesce(sent_at, next_attempt_at)) as due
                      from outbox where template = 'held-staff' and state <> 'cancelled') notice
             where due > now() - interval '1 hour' order by due desc, fold_key limit 1) as "heldNotice",
           (select count(*) from outbox
             where template = 'quarantine-administrator'
               and created_at > now() - interval '1 hour') as "quarantineNotices"
      from unnest(${asked.map(({ from }) => from)}::text[], ${asked.map(({ staffId }) => staffId)}::bigint[],
                  ${asked.map(({ company }) => company)}::bigint[])
           with ordinality as of (sender, staff, company, place)
           cross join lateral (
             select count(*) filter (where m.vouched_for) as vouched,
                    count(*) filter (where not m.vouched_for) as unvouched
               from outbox o join message m on m.id = o.cause_id
              where o.staff_id = staff and o.template in ('confirm-staff', 'receipt-staff', 'help-staff')
                and o.created_at > now() - interval '1 hour') asked
     order by place`.execute(db);
    return rows.map(({ place: _place, ...counts }) => counts);
  },
);

/** As JSON holds it. */
type HeldNotice = { at: string; isList: boolean };

/** One that waits for over a day (no server takes it) no longer counts: the index of a reader's mails is read no further. */
const lately = sql<boolean>`outbox.created_at > now() - interval '1 day'`;

/** It left within the hour, or still waits. */
const countsNow = sql<boolean>`
  (outbox.state in ('queued', 'deferred', 'awaiting_release') or outbox.sent_at > now() - interval '1 hour')`;

/** A mail that was taken back keeps its place within the hour: those behind it were timed after it. */
const keepsPlace = sql<boolean>`
  (outbox.state = 'cancelled' and outbox.next_attempt_at > now() - interval '1 hour')`;

async function mailsOutside(db: Database, readers: readonly string[]): Promise<Record<string, number>> {
  return readers.length === 0 ? {} : mailsTo(db, readers.map(mailboxOf));
}

const mailsTo = askedTogether(async (db, asked: readonly (readonly string[])[]) => {
  const mailbox = sql<string>`regexp_replace(recipient, '[+][^@]*@', '@')`;
  const { rows } = await sql<{ mailbox: string; count: number }>`
    select ${mailbox} as mailbox, count(*) from outbox
     where staff_id is null and ${mailbox} = any(${[...new Set(asked.flat())]}::text[])
       and ${lately} and (${countsNow} or ${keepsPlace})
     group by 1`.execute(db);
  return asked.map((mailboxes) =>
    Object.fromEntries(
      rows.filter((row) => mailboxes.includes(row.mailbox)).map((row) => [row.mailbox, row.count]),
    ),
  );
});

async function mailsAbout(db: Database, tickets: readonly number[]): Promise<Snapshot['recent']['about']> {
  return tickets.length === 0 ? [] : mailsAboutThese(db, tickets);
}

const mailsAboutThese = askedTogether(async (db, asked: readonly (readonly number[])[]) => {
  const { rows } = await sql<Snapshot['recent']['about'][number]>`
    select ticket.number as ticket, outbox.staff_id as staff, count(*) as mails,
           count(*) filter (where outbox.template in ('follow-up-staff', 'reopened-staff')) as replies
      from outbox join ticket on ticket.id = outbox.ticket_id
     where ticket.number = any(${[...new Set(asked.flat())]}::bigint[]) and outbox.staff_id is not null
       and ${lately} and ${countsNow}
     group by 1, 2`.execute(db);
  return asked.map((tickets) => rows.filter(({ ticket }) => tickets.includes(ticket)));
});

/**
 * What the sender wrote within the day, and which of our mails each came moments after, by the database's clock alone. An answer
 * to a mail that another worker is only now recording as sent is one to the mail before it.
 */
export async function echoOf(db: Database, id: number, from: string | null): Promise<Snapshot['echo']> {
  if (from === null) return { lastMail: null, writtenToday: false, earlier: [] };
  const rows = await writtenLately(db, { id, from });
  const own = rows.find((row) => row.id === id);
  return {
    lastMail: own?.lastMail ?? null,
    writtenToday: own?.writtenToday ?? false,
    earlier: rows
      .filter((row) => row.id !== id)
      .toSorted((one, other) => other.id - one.id)
      .map(({ text, subject, at, ticket, lastMail: mail }) => ({
        text,
        subject,
        at,
        ticket,
        lastMail: mail,
      })),
  };
}

type Lately = {
  asked: number;
  id: number;
  text: string;
  subject: string;
  at: Date;
  ticket: number | null;
  lastMail: number | null;
  writtenToday: boolean;
};

/** A message, and those of its sender's day before it. */
const writtenLately = askedTogether(async (db, questions: readonly { id: number; from: string }[]) => {
  const asked = sql`unnest(${questions.map(({ id }) => id)}::bigint[], ${questions.map(({ from }) => from)}::text[])
                    as asked (id, sender)`;
  const lastMail = sql<number | null>`
    (select o.id from outbox o
      where o.recipient = sender and o.sent_at <= m.taken_in_at
        and o.sent_at > m.taken_in_at - interval '10 minutes'
      order by o.sent_at desc, o.id desc limit 1)`;
  // `materialized`: all messages read backwards, from the newest on, look cheaper to the planner than a sender's of a day
  const { rows } = await sql<Lately>`
    select asked.id as asked, m.id, left(coalesce(m.text, ''), 4000) as text, coalesce(m.subject, '') as subject,
           m.received_at as at, ticket.number as ticket, ${lastMail} as "lastMail",
           exists (select from outbox o where o.recipient = sender and o.sent_at <= m.taken_in_at
                      and o.sent_at > m.taken_in_at - interval '1 day') as "writtenToday"
      from ${asked} join message m on m.id = asked.id left join ticket on ticket.id = m.ticket_id
    union all
    select asked.id, m.id, left(coalesce(m.text, ''), 4000), coalesce(m.subject, ''), m.received_at, ticket.number,
           ${lastMail}, false
      from ${asked}
           cross join lateral (
             with lately as materialized (
               select id from message
                where from_email = sender and id < asked.id and received_at > now() - interval '1 day'
                  and disposition not in ('pending', 'duplicate'))
             select id from lately order by id desc limit 20) as last
           join message m on m.id = last.id left join ticket on ticket.id = m.ticket_id`.execute(db);
  return questions.map(({ id }) => rows.filter((row) => row.asked === id));
});

/** The entries of waiting folded notices that a mail of this decision could join. */
export async function waitingFolds(
  db: Database,
  { from, staffId, readers, tickets }: Concerned,
  staff: readonly Staff[],
): Promise<Record<string, FoldItem[]>> {
  const keys = [
    'held',
    'quarantine',
    ...(from === null ? [] : [foldKeys.opened(from)]),
    ...(staffId === null ? [] : [foldKeys.answers(staffId)]),
    ...readers.map(foldKeys.confirmed),
    ...tickets.flatMap(({ number }) => staff.map(({ id }) => foldKeys.ticket(number, id))),
  ];
  const rows = await waitingUnder(db, keys);
  // each reader's notice lists what concerns them: what waits is all of it together, in order
  const all = new Map<string, Map<number, FoldItem>>();
  for (const { fold_key: key, fold_items: items } of rows) {
    if (key === null || items === null) continue;
    const known = all.get(key) ?? new Map<number, FoldItem>();
    for (const item of items) known.set(item.id, item);
    all.set(key, known);
  }
  const folds: Record<string, FoldItem[]> = {};
  for (const [key, items] of all) {
    const inOrder = [...items.values()].toSorted((one, other) => one.id - other.id);
    folds[key] =
      key === 'held'
        ? await still(db, 'held', inOrder)
        : key === 'quarantine'
          ? await still(db, 'quarantined', inOrder)
          : inOrder;
  }
  return folds;
}

const waitingUnder = askedTogether(async (db, asked: readonly (readonly string[])[]) => {
  const rows = await db
    .selectFrom('outbox')
    .select(['fold_key', 'fold_items'])
    // written out: a kept plan could not tell that the index of those holds all of them
    .where('state', '=', sql.lit('queued'))
    .where('sent_as', 'is', null)
    .where('fold_key', '=', sql<string>`any(${[...new Set(asked.flat())]}::text[])`)
    .execute();
  return asked.map((keys) => rows.filter(({ fold_key: key }) => key !== null && keys.includes(key)));
});

/** The messages in a waiting notice that nobody has decided about since. */
async function still(
  db: Database,
  disposition: Disposition,
  items: readonly FoldItem[],
): Promise<FoldItem[]> {
  if (items.length === 0) return [];
  const rows = await db
    .selectFrom('message')
    .select('id')
    .where('disposition', '=', disposition)
    .where(
      'id',
      'in',
      items.map((item) => item.id),
    )
    .execute();
  const waiting = new Set(rows.map((row) => row.id));
  return items.filter((item) => waiting.has(item.id));
}
