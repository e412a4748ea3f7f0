import { sql } from 'kysely';
import { keysOf, quotedKeys } from '../../core/guard/quotes.ts';
import type { Ticket, TicketEvent } from '../../core/ticket/ticket.ts';
import type { Database } from '../db/database.ts';
import { ticketIdOf } from './tickets.ts';
import { eventKindOf, eventKinds } from '../../core/commands/events.ts';
import type { EventType } from '../../core/kinds.ts';

const internalTypes = [...eventKinds.values()].flatMap(({ type, readers }) =>
  readers === 'staff' ? [type] : [],
);
/** Texts that have keys: internal ones, and those that closings sent to clients, which are no longer secret. */
const keptTypes: readonly EventType[] = [...internalTypes, 'closed'];

/** A closing whose mail was taken back before it left: no client has read it. */
const takenBack = sql<boolean>`(ticket_event.type = 'closed' and exists (
  select from outbox
   where outbox.ticket_id = ticket_event.ticket_id and outbox.template = 'closed-client'
     and outbox.cause_id = ticket_event.message_id and outbox.state = 'cancelled'))`;

/** Files an event's words under their keys, in the transaction that writes the event. */
export async function keepKeys(tx: Database, event: number, { type, text }: TicketEvent): Promise<void> {
  if (text === null || !keptTypes.includes(type)) return;
  const keys = keysOf(text);
  if (keys.length === 0) return;
  await sql`insert into said_key (key, event_id) select unnest(${keys}::bigint[]), ${event}`.execute(tx);
}

/**
 * Which words of a text stand in internal communications of the last twelve months, of these companies or tickets, and in no
 * solution that a client has read. Events that an older kTicket wrote have no keys: their texts are read.
 * @returns keys as `quotedKeys` makes them
 */
export async function internalKeysIn(
  db: Database,
  text: string,
  companies: readonly number[],
  tickets: readonly Ticket[],
): Promise<Set<number>> {
  const keys = quotedKeys(text);
  if (keys.length === 0) return new Set();
  const about = sql`(ticket.company_id = any(${[...companies]}::bigint[])
    or ticket.number = any(${tickets.map((ticket) => ticket.number)}::bigint[]))`;
  const lately = sql`ticket_event.at > now() - interval '12 months'`;
  const [kept, unkept] = await Promise.all([
    sql<{ key: number; told: boolean }>`
      select distinct said_key.key, ticket_event.type = 'closed' as told
        from said_key
        join ticket_event on ticket_event.id = said_key.event_id
        join ticket on ticket.id = ticket_event.ticket_id
       where said_key.key = any(${keys}::bigint[])
         and (ticket_event.type = 'closed' or (${about} and ${lately})) and not ${takenBack}`.execute(db),
    sql<{ type: EventType; text: string }>`
      select ticket_event.type, ticket_event.text
        from ticket_event
        join ticket on ticket.id = ticket_event.ticket_id
       where ${about} and ${lately} and not ${takenBack}
         and ticket_event.type = any(${[...keptTypes]}::text[])
         and ticket_event.text is not null
         and not exists (select from said_key where said_key.event_id = ticket_event.id)`.execute(db),
  ]);
  const asked = new Set(keys);
  const found = [
    ...kept.rows,
    ...unkept.rows.flatMap((row) =>
      keysOf(row.text)
        .filter((key) => asked.has(key))
        .map((key) => ({ key, told: row.type === 'closed' })),
    ),
  ];
  const told = new Set(found.filter((each) => each.told).map(({ key }) => key));
  return new Set(found.flatMap(({ key }) => (told.has(key) ? [] : [key])));
}

/** More than this nobody reads of tickets that a mail names. */
const mostEvents = 2_000;

/** The texts written on these tickets, oldest first. */
export async function writtenOn(
  db: Database,
  tickets: readonly Ticket[],
): Promise<{ ticket: Ticket; events: { text: string; forClient: boolean }[] }[]> {
  const distinct = tickets.filter((ticket, i) => tickets.findIndex((t) => t.number === ticket.number) === i);
  return Promise.all(
    distinct.map(async (ticket) => {
      const rows = await db
        .selectFrom('ticket_event')
        .select(['type', 'text', takenBack.as('taken_back')])
        .where('ticket_id', '=', ticketIdOf(ticket.number))
        .where('text', 'is not', null)
        .orderBy('id', 'desc')
        .limit(mostEvents)
        .execute();
      const events = rows.map(({ type, text, taken_back: isTakenBack }) => ({
        text: text ?? '',
        forClient: eventKindOf(type).readers === 'client' && !isTakenBack,
      }));
      return { ticket, events };
    }),
  );
}
