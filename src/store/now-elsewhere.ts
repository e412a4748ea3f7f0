import { sql } from 'kysely';
import type { Database } from './database.ts';

/**
 * Mails about a ticket to an address that no longer belongs to its company (the contact was moved or disabled, the
 * domain is another company's): they are not sent, whatever was true when they were queued.
 * @returns why not, by the mail's id
 */
export async function nowElsewhere(
  tx: Database,
  mails: readonly { id: number }[],
): Promise<Map<number, string>> {
  const { rows } = await sql<{ id: number; company: string }>`
    select outbox.id, company.name as company
      from outbox
      join ticket on ticket.id = outbox.ticket_id
      join company on company.id = ticket.company_id
      left join contact on contact.email = outbox.recipient
      left join company_domain on company_domain.domain = substring(outbox.recipient from '[^@]*$')
     where outbox.id = any(${mails.map(({ id }) => id)}::bigint[]) and outbox.staff_id is null
       and case when contact.id is null then company_domain.company_id <> ticket.company_id
                else contact.company_id <> ticket.company_id or contact.disabled_at is not null end`.execute(
    tx,
  );
  return new Map(rows.map(({ id, company }) => [id, `not sent: the address is no longer one of ${company}`]));
}
