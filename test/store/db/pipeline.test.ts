import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { scratchDatabase } from '../../harness/database.ts';

test('a transaction throws what it failed of, also where its work hears of another failure first', async () => {
  const { db } = await scratchDatabase();
  const work = db.transaction().execute(async (tx) => {
    const cause = sql`select 1 / 0`.execute(tx);
    const after = sql`select 1`.execute(tx);
    const late = Promise.allSettled([cause, after]).then(() => cause);
    await Promise.all([late, after]);
  });
  await expect(work).rejects.toThrow('division by zero');
});

test('what the work itself throws is thrown', async () => {
  const { db } = await scratchDatabase();
  const work = db.transaction().execute(async (tx) => {
    await sql`select 1 / 0`.execute(tx).catch(() => {});
    throw new Error('a bug');
  });
  await expect(work).rejects.toThrow('a bug');
});

test('queries of one moment run in the order in which they were asked for, and see one another', async () => {
  const { db } = await scratchDatabase();
  const seen = await db.transaction().execute(async (tx) => {
    const [, { rows }] = await Promise.all([
      sql`create temporary table note (text text) on commit drop`.execute(tx),
      sql<{ text: string }>`insert into pg_temp.note values ('one') returning text`.execute(tx),
    ]);
    return rows;
  });
  expect(seen).toEqual([{ text: 'one' }]);
});
