import { sql } from 'kysely';
import type { Database } from './database.ts';

/**
 * Why a mail of the table `outbox` is not sent, whatever was true when it was queued: the address no longer belongs to
 * its ticket's company (the contact was moved or disabled, the domain is another company's or nobody's), or its
 * reader is no longer of the staff. Null: it is sent.
 */
export const whyNotSent = sql<string | null>`
  case when outbox.staff_id is not null then
         (select 'not sent: ' || staff.name || ' is no longer of the staff'
            from staff where staff.id = outbox.staff_id and staff.disabled_at is not null)
       else
         (select 'not sent: the address is no longer one of ' || company.name
            from ticket
            join company on company.id = ticket.company_id
            left join contact on contact.email = outbox.recipient
            left join company_domain on company_domain.domain = substring(outbox.recipient from '[^@]*$')
           where ticket.id = outbox.ticket_id
             and case when contact.id is null then company_domain.company_id is distinct from ticket.company_id
                      else contact.company_id <> ticket.company_id or contact.disabled_at is not null end)
  end`;

/** Those of these mails that are not sent, and why, by id. */
export async function nowElsewhere(
  tx: Database,
  mails: readonly { id: number }[],
): Promise<Map<number, string>> {
  const rows = await tx
    .selectFrom('outbox')
    .select(['id', whyNotSent.as('why')])
    .where('id', '=', sql<number>`any(${mails.map(({ id }) => id)}::bigint[])`)
    .execute();
  return new Map(rows.flatMap(({ id, why }) => (why === null ? [] : [[id, why] as const])));
}
