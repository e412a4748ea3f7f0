import type { ImapFlow } from 'imapflow';
import { sql } from 'kysely';
import type { Database } from '../../src/store/database.ts';
import type { Expected } from './traffic.ts';
import type { Happening } from './worker.ts';

/** A mail as the mail server took it over, as often as that happened. */
export type Received = { messageId: string; bytes: Buffer };

type Row = { id: string; disposition: string; reason: string; tickets: number; events: string[] };

/** What is not as it must be after all has come to rest; null: everything is. */
export async function findWrong(
  db: Database,
  box: ImapFlow,
  expected: readonly Expected[],
  received: readonly Received[],
  happenings: readonly Happening[],
): Promise<string | null> {
  return (
    (await wrongDecision(db, expected)) ??
    (await wrongFolder(box, expected.length)) ??
    (await wrongDelivery(db, received, happenings))
  );
}

/** Each mail has one row, one disposition, one event, and opened at most one ticket. */
async function wrongDecision(db: Database, expected: readonly Expected[]): Promise<string | null> {
  const { rows } = await sql<Row>`
    select message_id as id, disposition, reason,
           (select count(*) from ticket where opened_by = message.id) as tickets,
           array(select type from ticket_event where ticket_event.message_id = message.id order by position) as events
      from message`.execute(db);
  const byId = Map.groupBy(rows, (row) => row.id);
  for (const { id, disposition, event } of expected) {
    const found = byId.get(id) ?? [];
    const [row] = found;
    if (row === undefined || found.length !== 1) return `${id} was taken in ${found.length} times`;
    if (row.disposition !== disposition)
      return `${id} became ${row.disposition} instead of ${disposition}: ${row.reason}`;
    if (row.events.length !== 1 || !event.test(row.events[0] ?? ''))
      return `${id} did ${row.events.join(', ') || 'nothing'} instead of ${event.source}`;
    if (row.tickets !== (disposition === 'opened' ? 1 : 0)) return `${id} opened ${row.tickets} tickets`;
  }
  return rows.length === expected.length ? null : `${rows.length} messages instead of ${expected.length}`;
}

/** All lie in the folder kTicket, none in the inbox, none is lost. */
async function wrongFolder(box: ImapFlow, mails: number): Promise<string | null> {
  const inbox = await box.status('INBOX', { messages: true });
  const filed = await box.status('kTicket', { messages: true });
  if (inbox === false || filed === false) return 'a folder is gone';
  return inbox.messages === 0 && filed.messages === mails
    ? null
    : `${inbox.messages} in the inbox and ${filed.messages} filed instead of ${mails}`;
}

/** Each mail that was due arrived; one that came again is the same to the byte, and whoever had handed it over had died. */
async function wrongDelivery(
  db: Database,
  received: readonly Received[],
  happenings: readonly Happening[],
): Promise<string | null> {
  const { rows } = await sql<{ id: string; state: string; mime: Buffer }>`
    select message_id as id, state, mime from outbox`.execute(db);
  const arrived = Map.groupBy(received, (one) => one.messageId);
  for (const { id, state, mime } of rows) {
    const [first, ...again] = arrived.get(id) ?? [];
    if (state !== 'sent') return `mail ${id} is ${state}`;
    if (first === undefined) return `mail ${id} is sent and never arrived`;
    if (!first.bytes.equals(mime)) return `mail ${id} arrived with other bytes than are kept`;
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
 * What is wrong with the copies of a mail that arrived: it is handed over again only after the process that did so before
 * was killed, and never twice by one process. Null: nothing.
 */
export function wrongRepeat(id: string, copies: number, happenings: readonly Happening[]): string | null {
  const alive = new Set<string>();
  let handedOver = 0;
  for (const one of happenings) {
    if (one.what === 'killed') {
      alive.delete(one.process);
    } else if (one.messageId === id) {
      if (alive.size > 0) return `mail ${id} was handed over again though nobody had died over it`;
      alive.add(one.process);
      handedOver += 1;
    }
  }
  return copies <= handedOver
    ? null
    : `mail ${id} arrived ${copies} times and was handed over ${handedOver} times`;
}
