import { bytesKept } from '../builders/outbox.ts';
import type { ImapFlow } from 'imapflow';
import { sql } from 'kysely';
import type { Database } from '../../src/store/db/database.ts';
import type { Expected } from './traffic.ts';
import type { Happening } from './worker.ts';

/** A mail as the mail server took it over, as often as that happened. */
export type Received = { messageId: string; bytes: Buffer };

type Row = {
  /** null of one that was not read */
  id: string | null;
  disposition: string;
  reason: string;
  tries: string;
  tickets: number;
  events: string[];
};

/** Finds deviations from the expected end state; null if there are none. */
export async function findWrong(
  db: Database,
  boxes: readonly ImapFlow[],
  expected: readonly Expected[],
  received: readonly Received[],
  happenings: readonly Happening[],
  isRefused: (recipient: string) => boolean = () => false,
): Promise<string | null> {
  return (
    (await wrongDecision(db, expected)) ??
    (await wrongOrder(db)) ??
    (await wrongFolder(boxes, expected.length)) ??
    (await wrongDelivery(db, received, happenings, isRefused))
  );
}

/** Each mail has one row, one disposition, its events once, and opened at most one ticket. */
async function wrongDecision(db: Database, expected: readonly Expected[]): Promise<string | null> {
  const { rows } = await sql<Row>`
    select message_id as id, disposition, reason,
           format('%s attempts, %s failures, %s alone', attempts, failures, lone_attempts) as tries,
           (select count(*) from ticket where opened_by = message.id) as tickets,
           array(select type from ticket_event where ticket_event.message_id = message.id order by position) as events
      from message`.execute(db);
  const byId = Map.groupBy(rows, (row) => row.id);
  for (const { id, disposition, event } of expected) {
    const found = byId.get(id) ?? [];
    const [row] = found;
    if (row === undefined || found.length !== 1) {
      const unread = byId.get(null)?.map((one) => `${one.disposition}: ${one.reason}, ${one.tries}`) ?? [];
      return `${id} was taken in ${found.length} times; unread: ${unread.join('; ') || 'none'}`;
    }
    if (row.disposition !== disposition)
      return `${id} became ${row.disposition} instead of ${disposition}: ${row.reason}`;
    if (!event.test(row.events.join(', ')))
      return `${id} did ${row.events.join(', ') || 'nothing'} instead of ${event.source}`;
    if (row.tickets !== (disposition === 'opened' ? 1 : 0)) return `${id} opened ${row.tickets} tickets`;
  }
  return rows.length === expected.length ? null : `${rows.length} messages instead of ${expected.length}`;
}

/** Taken in as they arrived in their mailbox, and decided as they were taken in. */
async function wrongOrder(db: Database): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select message_id as id from (
      select message_id, uid < lag(uid) over (partition by mailbox order by id) as overtaken,
             decided_at < lag(decided_at) over (order by id) as hurried from message) as one
     where overtaken or hurried`.execute(db);
  const [first] = rows;
  return first === undefined ? null : `${first.id} came after a later one`;
}

/** All lie in the folder kTicket, none in the inbox, none is lost. */
async function wrongFolder(boxes: readonly ImapFlow[], mails: number): Promise<string | null> {
  let [waiting, filed] = [0, 0];
  for (const box of boxes) {
    const inbox = await box.status('INBOX', { messages: true });
    const folder = await box.status('kTicket', { messages: true });
    if (inbox === false || folder === false) return 'a folder is gone';
    waiting += inbox.messages ?? 0;
    filed += folder.messages ?? 0;
  }
  return waiting === 0 && filed === mails
    ? null
    : `${waiting} in the inbox and ${filed} filed instead of ${mails}`;
}

/**
 * Each mail that was due arrived, but for those that the server refused for good, and closing mails of a ticket that was open
 * again before they went out; one that came again is the same to the
 * byte, and whoever had handed it over could not record it.
 */
async function wrongDelivery(
  db: Database,
  received: readonly Received[],
  happenings: readonly Happening[],
  isRefused: (recipient: string) => boolean,
): Promise<string | null> {
  const { rows } = await sql<{
    id: string;
    state: string;
    mail: number;
    recipient: string;
    overtaken: boolean;
  }>`
    select message_id as id, outbox.id as mail, state, recipient,
           state = 'cancelled' and template = 'closed-client'
             and exists (select from ticket_event
                          where ticket_event.ticket_id = outbox.ticket_id and type = 'reopened') as overtaken
      from outbox`.execute(db);
  const arrived = Map.groupBy(received, (one) => one.messageId);
  for (const { id, mail, state, recipient, overtaken } of rows) {
    const [first, ...again] = arrived.get(id) ?? [];
    if (isRefused(recipient)) {
      if (state !== 'failed' || first !== undefined) return `mail ${id}, which is refused, is ${state}`;
      continue;
    }
    if (overtaken && first === undefined) continue;
    if (state !== 'sent' && !overtaken) return `mail ${id} is ${state}`;
    if (first === undefined) return `mail ${id} is sent and never arrived`;
    if (!first.bytes.equals(await bytesKept(db, mail)))
      return `mail ${id} arrived with other bytes than are kept`;
    for (const one of again) {
      if (!one.bytes.equals(first.bytes)) return `mail ${id} arrived again with other bytes`;
    }
    const wrong = wrongRepeat(id, 1 + again.length, happenings);
    if (wrong !== null) return wrong;
    arrived.delete(id);
  }
  const [unknown] = arrived.keys();
  return unknown === undefined ? null : `mail ${unknown} arrived and nobody knows it`;
}

/**
 * Checks the copies of a mail that arrived: a mail is handed over again only after the process that handed it over before was
 * killed or could not record it, and otherwise never twice by one process. Returns the problem, or null.
 */
export function wrongRepeat(id: string, copies: number, happenings: readonly Happening[]): string | null {
  const owing = new Set<string>();
  const dead = new Set<string>();
  let handedOver = 0;
  for (const one of happenings) {
    switch (one.what) {
      case 'killed':
        dead.add(one.process);
        owing.delete(one.process);
        break;
      case 'unrecorded':
        if (one.messageId === null || one.messageId === id) owing.clear();
        break;
      case 'handed over':
        if (one.messageId !== id) break;
        if (owing.size > 0) return `mail ${id} was handed over again though nobody had died over it`;
        // its last words may be heard after its death
        if (!dead.has(one.process)) owing.add(one.process);
        handedOver += 1;
        break;
      default:
        throw one satisfies never;
    }
  }
  return copies <= handedOver
    ? null
    : `mail ${id} arrived ${copies} times and was handed over ${handedOver} times`;
}
