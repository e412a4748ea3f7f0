import { sql } from 'kysely';
import type { Disposition, FoldItem } from '../core/decision.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Database } from './database.ts';

/**
 * What was opened, asked and told within the last hour.
 * @param from bare; null: nobody
 * @param staffId of the sender; null: they are not staff
 */
export async function recentCounts(
  db: Database,
  from: string | null,
  staffId: number | null,
): Promise<Snapshot['recent']> {
  const { rows } = await sql<Snapshot['recent']>`
    select (select count(*) from ticket t join message m on m.id = t.opened_by
             where m.from_email = ${from} and t.opened_at > now() - interval '1 hour') as opened,
           asked.vouched as asked, asked.unvouched as "askedUnvouched",
           (select count(*) from outbox
             where template = 'held-staff' and created_at > now() - interval '1 hour') as "heldNotices",
           (select count(*) from outbox
             where template = 'quarantine-administrator'
               and created_at > now() - interval '1 hour') as "quarantineNotices"
      from (select count(*) filter (where m.vouched_for) as vouched,
                   count(*) filter (where not m.vouched_for) as unvouched
              from outbox o join message m on m.id = o.cause_id
             where o.staff_id = ${staffId} and o.template in ('confirm-staff', 'receipt-staff', 'help-staff')
               and o.created_at > now() - interval '1 hour') asked`.execute(db);
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
    .where('fold_key', 'in', ['held', 'quarantine', `opened:${from ?? ''}`])
    .where('next_attempt_at', '>', sql<Date>`now()`)
    .execute();
  // each reader's notice lists what concerns them: what waits is all of it together, in order
  const all = new Map<string, Map<number, FoldItem>>();
  for (const { fold_key: key, fold_items: items } of rows) {
    if (key === null || items === null) continue;
    const known = all.get(key) ?? new Map<number, FoldItem>();
    for (const item of items) known.set(item.id, item);
    all.set(key, known);
  }
  const folds: Record<string, FoldItem[]> = {};
  for (const [key, items] of all) {
    const inOrder = [...items.values()].toSorted((one, other) => one.id - other.id);
    folds[key] =
      key === 'held'
        ? await still(db, 'held', inOrder)
        : key === 'quarantine'
          ? await still(db, 'quarantined', inOrder)
          : inOrder;
  }
  return folds;
}

/** Of the messages that a waiting notice lists, those about which nobody has said anything since. */
async function still(
  db: Database,
  disposition: Disposition,
  items: readonly FoldItem[],
): Promise<FoldItem[]> {
  if (items.length === 0) return [];
  const rows = await db
    .selectFrom('message')
    .select('id')
    .where('disposition', '=', disposition)
    .where(
      'id',
      'in',
      items.map((item) => item.id),
    )
    .execute();
  const waiting = new Set(rows.map((row) => row.id));
  return items.filter((item) => waiting.has(item.id));
}
