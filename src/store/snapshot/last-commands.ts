import { sql } from 'kysely';
import type { ClosingMails, LastCommand } from '../../core/case/snapshot.ts';
import type { Ticket, TicketFields } from '../../core/ticket/ticket.ts';
import type { Database } from '../db/database.ts';
import type { StoredFields } from '../db/schema.ts';
import { eventKinds } from '../../core/commands/events.ts';
import { isBeingSent } from '../mails/outbox.ts';
import { type SentRow, wordsOfRow } from './sent-words.ts';
import { ticketIdOf } from './tickets.ts';

/** Events that leave a ticket other than it was. */
const changing = [...eventKinds.values()].flatMap(({ type, evolve }) => (evolve === undefined ? [] : [type]));

/**
 * The writer's last command on each of these tickets, for `annulla ultimo`; a ticket where they gave none, or took it back, is
 * left out. Its mails to the client that wait and are not being sent are locked until the transaction ends: senders skip them.
 * @param writer enrolled address
 */
export async function lastCommands(
  db: Database,
  writer: string,
  tickets: readonly Ticket[],
): Promise<LastCommand[]> {
  const numbers = new Set(tickets.map((ticket) => ticket.number));
  const found: LastCommand[] = [];
  for (const number of numbers) {
    const last = await lastCommandOn(db, writer, number);
    if (last !== null) found.push(last);
  }
  return found;
}

type Row = { id: number; message: number; at: Date; before: StoredFields; undone: boolean; changed: boolean };

async function lastCommandOn(db: Database, writer: string, number: number): Promise<LastCommand | null> {
  const ticket = ticketIdOf(number);
  // all that one mail ordered is one command: its first event knows how the ticket was
  const { rows } = await sql<Row>`
    with last as (
      select message_id from ticket_event
       where ticket_id = ${ticket} and actor = ${writer} and before is not null and message_id is not null
       order by id desc limit 1
    )
    select first.id, first.message_id as message, first.at, first.before,
           exists (select from ticket_event
                    where ticket_id = ${ticket} and actor = ${writer} and type = 'undone' and id > first.id) as undone,
           exists (select from ticket_event
                    where ticket_id = ${ticket} and id > first.id and message_id is distinct from first.message_id
                      and type = any(${changing}::text[]))
           or exists (select from ticket_event closing join ticket merged on merged.merged_into = closing.ticket_id
                       where merged.id = ${ticket} and closing.id > first.id and closing.type = 'closed') as changed
      from ticket_event first join last using (message_id)
     where first.ticket_id = ${ticket} and first.before is not null
     order by first.id limit 1`.execute(db);
  const [row] = rows;
  if (row === undefined || row.undone) return null;

  const mails = await sql<{ id: number }>`
    select id from outbox
     where cause_id = ${row.message} and staff_id is null and state in ('queued', 'deferred')
       and not ${isBeingSent}
       for update skip locked`.execute(db);
  const { count } = await db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('cause_id', '=', row.message)
    .where('staff_id', 'is', null)
    .where('state', '!=', 'cancelled')
    .executeTakeFirstOrThrow();
  const waitingMails = mails.rows.map((mail) => mail.id);
  return {
    ticket: number,
    at: row.at,
    before: fieldsOf(row.before),
    changedSince: row.changed,
    waitingMails,
    mailsGone: waitingMails.length < count,
  };
}

type ClosingRow = SentRow & {
  id: number;
  state: string;
  recipient: string;
  name: string;
  subject: string;
  last: boolean;
};

/**
 * The closing mails that never reached the client, of each of these tickets that has any. Those that wait are locked until the
 * transaction ends, as in `lastCommands`.
 */
export async function closingMails(db: Database, tickets: readonly Ticket[]): Promise<ClosingMails[]> {
  const found: ClosingMails[] = [];
  for (const number of new Set(tickets.map((ticket) => ticket.number))) {
    const ticket = ticketIdOf(number);
    const { rows } = await sql<ClosingRow>`
      select outbox.id, state, recipient, recipient_name as name, coalesce(outbox.subject, mail_body.subject) as subject,
             outbox.text, html, slots, encoded as bytes, gaps, coalesce(cause_id = (select message_id from ticket_event
                                              where ticket_id in (${ticket}, (select merged_into from ticket where id = ${ticket}))
                                                and type = 'closed'
                                              order by id desc limit 1), false) as last
        from outbox left join mail_body on mail_body.id = body_id
       where ticket_id = ${ticket} and template = 'closed-client' and state in ('queued', 'deferred', 'cancelled')
         and not ${isBeingSent}
       order by outbox.id for update of outbox skip locked`.execute(db);
    if (rows.length === 0) continue;
    found.push({
      ticket: number,
      waiting: rows.filter(({ state }) => state !== 'cancelled').map(({ id }) => id),
      takenBack: rows
        .filter(({ state, last }) => state === 'cancelled' && last)
        .map((row) => ({
          id: row.id,
          to: { name: row.name, email: row.recipient },
          subject: row.subject,
          text: wordsOfRow(row).text,
        })),
    });
  }
  return found;
}

function moment(at: string | null): Date | null {
  return at === null ? null : new Date(at);
}

function fieldsOf(stored: StoredFields): TicketFields {
  return {
    ...stored,
    mergedInto: stored.mergedInto ?? null,
    takenAt: moment(stored.takenAt),
    closedAt: moment(stored.closedAt),
  };
}
