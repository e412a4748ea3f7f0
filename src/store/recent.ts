import { sql } from 'kysely';
import type { FoldItem } from '../core/decision.ts';
import type { Snapshot, Standing } from '../core/snapshot.ts';
import type { Database } from './database.ts';

/** What was opened, asked and told within the last hour. `from` is bare; null: nobody. */
export async function recentCounts(
  db: Database,
  from: string | null,
  standing: Standing,
): Promise<Snapshot['recent']> {
  const staffId = standing.kind === 'staff' ? standing.staff.id : null;
  const { rows } = await sql<Snapshot['recent']>`
    select (select count(*) from ticket t join message m on m.id = t.opened_by
             where m.from_email = ${from} and t.opened_at > now() - interval '1 hour') as opened,
           (select count(*) from outbox
             where staff_id = ${staffId} and template in ('confirm-staff', 'receipt-staff', 'help-staff')
               and created_at > now() - interval '1 hour') as asked,
           (select count(*) from outbox
             where template = 'held-staff' and created_at > now() - interval '1 hour') as "heldNotices"`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the database counted nothing');
  return row;
}

/** What the folded notices hold that still wait and that a mail of this sender could join. */
export async function waitingFolds(db: Database, from: string | null): Promise<Record<string, FoldItem[]>> {
  const rows = await db
    .selectFrom('outbox')
    .select(['fold_key', 'fold_items'])
    .where('state', '=', 'queued')
    .where('mime', 'is', null)
    .where('fold_key', 'in', ['held', `opened:${from ?? ''}`])
    .where('next_attempt_at', '>', sql<Date>`now()`)
    .execute();
  const held = await stillHeld(
    db,
    rows.flatMap((row) => (row.fold_key === 'held' ? (row.fold_items ?? []) : [])),
  );
  return Object.fromEntries(
    rows.flatMap((row) => {
      if (row.fold_key === null || row.fold_items === null) return [];
      return [[row.fold_key, row.fold_key === 'held' ? held : row.fold_items]];
    }),
  );
}

/** Of the messages that a waiting notice lists, those about which nobody has said anything since. */
async function stillHeld(db: Database, items: readonly FoldItem[]): Promise<FoldItem[]> {
  if (items.length === 0) return [];
  const rows = await db
    .selectFrom('message')
    .select('id')
    .where('disposition', '=', 'held')
    .where(
      'id',
      'in',
      items.map((item) => item.id),
    )
    .execute();
  const waiting = new Set(rows.map((row) => row.id));
  const distinct = new Map(items.map((item) => [item.id, item]));
  return [...distinct.values()].filter((item) => waiting.has(item.id));
}
