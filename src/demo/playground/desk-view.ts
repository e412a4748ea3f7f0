import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../store/db/database.ts';
import { messagePages } from '../../store/reports/message-reports.ts';
import { outgoingPages } from '../../store/reports/outgoing-reports.ts';
import { allOf } from '../../store/db/pages.ts';
import { showTicket, ticketPages } from '../../store/reports/ticket-reports.ts';
import type { DeskView } from './state.ts';

/** Interval of reading the database, in milliseconds. */
const interval = 300;

/** Reads the current content of the database. */
async function readDeskView(db: Database): Promise<DeskView> {
  const tickets = await allOf(ticketPages(db));
  const histories = await Promise.all(tickets.map(({ number }) => showTicket(db, number)));
  return {
    tickets: histories.filter((ticket) => ticket !== null),
    messages: await allOf(messagePages(db)),
    outbox: await allOf(outgoingPages(db)),
  };
}

/**
 * Polls the database until the signal and calls back with its content whenever that changes. Polling from outside leaves the
 * worker the same as everywhere else.
 */
export async function watchDesk(
  db: Database,
  changed: (desk: DeskView) => void,
  signal: AbortSignal,
): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    const desk = await readDeskView(db);
    const text = JSON.stringify(desk);
    if (text !== last) {
      last = text;
      changed(desk);
    }
    await pause(interval);
  }
}
