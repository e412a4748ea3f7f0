import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import { pendingAgain } from '../mails/inbox.ts';

export type Retried = { ok: true } | { ok: false; why: string };

/** Lets a quarantined message be tried again from the start, as if it had just arrived. */
export async function retryMessage(db: Database, id: number): Promise<Retried> {
  const row = await db
    .selectFrom('message')
    .select('disposition')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) {
    return {
      ok: false,
      why: `There is no message ${id}. \`kticket message list --disposition quarantined\` shows those set aside.`,
    };
  }
  if (row.disposition !== 'quarantined') {
    return {
      ok: false,
      why: `Message ${id} is ${row.disposition}; only quarantined messages are tried again.`,
    };
  }
  await db.updateTable('message').set(pendingAgain).where('id', '=', id).execute();
  return { ok: true };
}

/** Lets a mail that failed be sent again: the same bytes, the same Message-ID, due now. */
export async function retryOutgoing(db: Database, id: number): Promise<Retried> {
  const row = await db
    .selectFrom('outbox')
    .select('state')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) {
    return {
      ok: false,
      why: `There is no outgoing mail ${id}. \`kticket outbox list --state failed\` shows those that failed.`,
    };
  }
  if (row.state !== 'failed') {
    return { ok: false, why: `Outgoing mail ${id} is ${row.state}; only failed ones are tried again.` };
  }
  await db
    .updateTable('outbox')
    .set({ state: 'queued', attempts: 0, next_attempt_at: sql`now()` })
    .where('id', '=', id)
    .execute();
  return { ok: true };
}
