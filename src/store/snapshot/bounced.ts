import type { Message } from '../../core/message/message.ts';
import type { Snapshot } from '../../core/case/snapshot.ts';
import type { Database } from '../db/database.ts';
import { ticketsById } from './tickets.ts';

/** The outgoing mail that a delivery report names, or null if it names none of ours. */
export async function bouncedBy(db: Database, message: Message): Promise<Snapshot['bounced']> {
  const about = message.bounce?.originalMessageId ?? null;
  if (about === null) return null;
  const row = await db
    .selectFrom('outbox')
    .select(['id', 'recipient', 'template', 'staff_id', 'ticket_id', 'state', 'sent_at', 'created_at'])
    .where('message_id', '=', about)
    .executeTakeFirst();
  if (row === undefined) return null;
  const [ticket] = row.ticket_id === null ? [] : await ticketsById(db, [row.ticket_id]);
  return {
    id: row.id,
    to: row.recipient,
    template: row.template,
    toClient: row.staff_id === null,
    ticket: ticket ?? null,
    sentAt: row.sent_at ?? row.created_at,
    hasFailed: row.state === 'failed',
  };
}
