import { type RawBuilder, sql } from 'kysely';
import type { Ticket } from '../../core/ticket/ticket.ts';
import type { Database } from '../db/database.ts';

/** Whether an address is no longer one of a company's: the contact was moved or disabled, the domain is another's or nobody's. */
const hasLeft = (address: RawBuilder<string>, company: RawBuilder<number>) => sql<boolean>`
  coalesce((select contact.company_id <> ${company} or contact.disabled_at is not null
              from contact where contact.email = ${address}),
           not exists (select from company_domain
                        where domain = substring(${address} from '[^@]*$') and company_id = ${company}))`;

/**
 * Why a mail of the table `outbox` is not sent, whatever was true when it was queued: the address no longer belongs to
 * its ticket's company, or its reader is no longer of the staff. Null if it may be sent.
 */
export const whyNotSent = sql<string | null>`
  case when outbox.staff_id is not null then
         (select 'not sent: ' || staff.name || ' is no longer of the staff'
            from staff where staff.id = outbox.staff_id and staff.disabled_at is not null)
       else
         (select 'not sent: the address is no longer one of ' || company.name
            from ticket
            join company on company.id = ticket.company_id
           where ticket.id = outbox.ticket_id
             and ${hasLeft(sql`outbox.recipient`, sql`ticket.company_id`)})
  end`;

/** Numbers of those of these tickets whose client is no longer of the company: nothing is sent to them. */
export async function ticketsWithoutClient(db: Database, tickets: readonly Ticket[]): Promise<number[]> {
  if (tickets.length === 0) return [];
  const rows = await db
    .selectFrom('ticket')
    .select('number')
    .where(
      'number',
      'in',
      tickets.map(({ number }) => number),
    )
    .where(hasLeft(sql`ticket.requester_email`, sql`ticket.company_id`))
    .execute();
  return rows.map(({ number }) => number);
}
