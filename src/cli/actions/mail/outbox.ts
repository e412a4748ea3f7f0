import { counted } from '../../../core/letters/text.ts';
import { type OutgoingReport, outgoingPages, showOutgoing } from '../../../store/reports/outgoing-reports.ts';
import { releaseMails } from '../../../store/mails/restore.ts';
import { retryOutgoing } from '../../../store/save/retry.ts';
import { listing, ticketFilter } from '../../terminal/lists/listing.ts';
import { withDatabase, writing } from '../../terminal/with-database.ts';
import type { TicketFilterOptions } from '../../terminal/lists/list-options.ts';
import { succeeded, failed, type Outcome, wrongUse } from '../../terminal/outcome.ts';
import { fields, type Listed, person } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';
import type { OutboxState } from '../../../core/kinds.ts';

const outgoing: Listed<OutgoingReport> = {
  columns: ['id', 'to', 'template', 'state', 'ticket', 'attempts', 'next attempt', 'last error'],
  row: (one) => [
    one.id,
    one.to,
    one.template,
    one.state,
    one.ticket === null ? null : `#${one.ticket}`,
    one.attempts,
    one.nextAttemptAt !== null && one.nextAttemptAt.getTime() <= Date.now() ? 'now' : one.nextAttemptAt,
    one.lastError,
  ],
  fields: ['id', 'to', 'template', 'state', 'messageId', 'ticket', 'attempts', 'nextAttemptAt', 'lastError'],
  empty: 'No outgoing mail.',
};

/** `outbox list` */
export async function list(options: TicketFilterOptions & { state?: OutboxState }): Promise<Outcome> {
  return listing(outgoing, options, async (db) => {
    const named = await ticketFilter(db, options);
    if (!named.ok) return named;
    return { ok: true, pages: outgoingPages(db, { ...options, company: named.company }) };
  });
}

/** `outbox show` */
export async function show(id: number, options: { json?: true }): Promise<Outcome> {
  return withDatabase(async (db) => {
    const found = await showOutgoing(db, id);
    if (found === null) {
      return failed(`There is no outgoing mail ${id}. \`kticket outbox list\` shows all.`);
    }
    if (options.json === true) sayJson(found);
    else {
      const ticket = found.ticket === null ? null : `#${found.ticket}`;
      printText(fields({ ...found, ticket, from: person(found.from) }));
    }
    return succeeded;
  });
}

/** `outbox retry` */
export async function retry(id: number): Promise<Outcome> {
  return writing(async (db) => {
    const retried = await retryOutgoing(db, id);
    if (!retried.ok) return failed(retried.why);
    printText(`outgoing mail ${id}: queued`);
    return succeeded;
  });
}

type Chosen = { all?: true };

/** `outbox release` */
export async function release(ids: number[], options: Chosen): Promise<Outcome> {
  return settle(ids, options, { verb: 'release', to: 'queued' });
}

/** `outbox discard` */
export async function discard(ids: number[], options: Chosen): Promise<Outcome> {
  return settle(ids, options, { verb: 'discard', to: 'cancelled' });
}

async function settle(
  ids: number[],
  options: Chosen,
  about: { verb: string; to: 'queued' | 'cancelled' },
): Promise<Outcome> {
  if ((options.all === true) === ids.length > 0)
    return wrongUse(`kticket outbox ${about.verb}: name mails by their ids, or give --all.`);
  return writing(async (db) => {
    const released = await releaseMails(db, options.all === true ? 'all' : ids, about.to);
    if (!released.ok) return failed(released.why);
    printText(`${counted(released.ids.length, 'outgoing mail')}: ${about.to}`);
    if (released.resumed) printText('the desk sends by itself again');
    return succeeded;
  });
}
