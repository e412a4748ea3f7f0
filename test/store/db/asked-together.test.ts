import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { askedTogether } from '../../../src/store/db/asked-together.ts';
import { scratchDatabase } from '../../harness/database.ts';

test('what is asked at the same time is one query, and each gets its own answer; a failure is everybody’s', async () => {
  const { db } = await scratchDatabase();
  const queries: (readonly number[])[] = [];
  const half = askedTogether(async (on, numbers: readonly number[]) => {
    queries.push(numbers);
    const { rows } = await sql<{ half: number }>`
        select 10 / number as half from unnest(${numbers}::integer[]) as asked (number)`.execute(on);
    return rows.map((row) => row.half);
  });
  await db.transaction().execute(async (tx) => {
    expect(await Promise.all([half(tx, 1), half(tx, 5), half(db, 2)])).toEqual([10, 2, 5]);
    expect(await half(tx, 10)).toBe(1);
  });
  // another connection’s are its own
  expect(queries).toEqual([[1, 5], [2], [10]]);
  const failed = await Promise.allSettled([half(db, 1), half(db, 0)]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
