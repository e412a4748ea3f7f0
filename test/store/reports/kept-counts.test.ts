import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { auditTotals } from '../../../src/store/reports/audit.ts';
import { countKept } from '../../../src/store/reports/kept-counts.ts';
import type { OpenDatabase } from '../../../src/store/db/database.ts';
import { ticketStates } from '../../../src/core/kinds.ts';
import { scratchDatabase } from '../../harness/database.ts';
import { fillDesk } from '../big-desk.ts';

/** All of it, counted one by one. */
async function counted(db: OpenDatabase) {
  const { rows } = await sql<{ state: string; count: number }>`
    select state, count(*) from ticket group by state`.execute(db);
  const tickets = ticketStates.map(
    (name) => [name, rows.find(({ state }) => state === name)?.count ?? 0] as const,
  );
  return { ...(await auditTotals(db)), tickets: Object.fromEntries(tickets) };
}

const arrive = (db: OpenDatabase, disposition: string, decided: string | null) =>
  sql`insert into message (received_at, raw, size, sha256, disposition, reason, decided_at)
      select now(), '', 0, '', ${disposition}, case when ${disposition} <> 'pending' then 'why' end,
             now() - ${decided}::interval from generate_series(1, 3)`.execute(db);

test.each(['10 minutes', '0 s'])(
  'counts stay exact whatever comes, is decided, taken up again, sent, reopened or fails between two (settled after %s)',
  async (settledAfter) => {
    const { db } = await scratchDatabase();
    await fillDesk(db, 40);
    const count = countKept(db, settledAfter);
    const steps = [
      () => arrive(db, 'pending', null),
      () => arrive(db, 'held', '1 day'),
      () => arrive(db, 'ignored', '0 s'),
      () => arrive(db, 'quarantined', '1 hour'),
      () =>
        sql`update message set disposition = 'pending', reason = null, decided_at = null
               where disposition in ('held', 'quarantined')`.execute(db),
      () =>
        sql`update message set disposition = 'ignored', reason = 'why', decided_at = now()
               where disposition = 'pending'`.execute(db),
      () => sql`update ticket set state = 'in_progress', closed_at = null where id % 5 = 1`.execute(db),
      () =>
        sql`update outbox set state = 'failed', sent_at = null, last_error = 'no' where id % 9 = 1`.execute(
          db,
        ),
      () =>
        sql`insert into outbox (cause_id, position, template, staff_id, recipient, from_name, from_address, message_id,
                                  subject, text, html, next_attempt_at)
              select cause_id, 7 + position, template, staff_id, recipient, from_name, from_address, 'new' || message_id, 'x', 'x', 'x', now()
                from outbox where staff_id is not null`.execute(db),
      () => sql`update outbox set state = 'queued' where state = 'failed' and id % 2 = 1`.execute(db),
      () =>
        sql`update outbox set state = 'sent', attempts = 1, sent_at = now() where state = 'queued'`.execute(
          db,
        ),
      () =>
        sql`update ticket set state = 'closed', closed_at = now() where state = 'in_progress'`.execute(db),
    ];
    expect(await count()).toEqual(await counted(db));
    for (const step of steps) {
      await step();
      expect(await count()).toEqual(await counted(db));
      expect(await count()).toEqual(await counted(db));
    }
  },
);

test('a count looks no more at what was settled at the one before', async () => {
  const { db } = await scratchDatabase();
  await fillDesk(db, 40);
  const count = countKept(db);
  const before = await count();
  expect(before).toMatchObject({ cameIn: 40, outgoing: { sent: 120 }, tickets: { closed: 40 } });
  // what no desk ever does, and what only another look would find
  await db.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    for (const table of ['outbox', 'ticket', 'message'])
      await sql`delete from ${sql.table(table)}`.execute(tx);
  });
  expect(await count()).toEqual(before);
});
