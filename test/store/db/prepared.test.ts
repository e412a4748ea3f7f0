import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Database } from '../../../src/store/db/database.ts';
import { isUnavailable } from '../../../src/store/unavailable.ts';
import { scratchDatabase } from '../../harness/database.ts';

/** Texts of the plans that this connection keeps under a name. */
async function keptPlans(tx: Database): Promise<string[]> {
  const { rows } = await sql<{ statement: string }>`
    select statement from pg_prepared_statements where statement not like '%pg_prepared%'`.execute(tx);
  return rows.map(({ statement }) => statement.trim());
}

test('a query with parameters is parsed once a connection: its plan is kept from the second time on', async () => {
  const { db } = await scratchDatabase();
  await db.transaction().execute(async (tx) => {
    const double = (n: number) => sql<{ n: number }>`select 2 * ${n}::integer as n`.execute(tx);
    await double(1);
    expect(await keptPlans(tx)).toEqual([]);
    for (const n of [2, 3]) expect((await double(n)).rows).toEqual([{ n: 2 * n }]);
    expect(await keptPlans(tx)).toEqual(['select 2 * $1::integer as n']);
    // and when asked for at the same time, on a connection that does not know it yet
    const other = (n: number) => sql<{ n: number }>`select 3 * ${n}::integer as n`.execute(tx);
    const answers = await Promise.all([1, 2, 3, 4].map(other));
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual([3, 6, 9, 12]);
    expect(await keptPlans(tx)).toHaveLength(2);
  });
});

test('lists of every length neither fill a connection with plans nor keep others from having theirs', async () => {
  const { db } = await scratchDatabase();
  await db.transaction().execute(async (tx) => {
    for (let length = 1; length <= 300; length += 1) {
      const list = sql.join(Array.from({ length }, (_, i) => i));
      for (let times = 0; times < 2; times += 1) await sql`select 1 where -1 in (${list})`.execute(tx);
    }
    expect((await keptPlans(tx)).length).toBeLessThanOrEqual(250);
    const negated = (n: number) => sql<{ n: number }>`select - ${n}::integer as n`.execute(tx);
    for (const n of [1, 2, 3]) expect((await negated(n)).rows).toEqual([{ n: -n }]);
    expect(await keptPlans(tx)).toContain('select - $1::integer as n');
  });
});

const divide = (tx: Database, by: number) => sql<{ n: number }>`select 6 / ${by}::integer as n`.execute(tx);

test('a query that failed is planned anew, with those sent along with it', async () => {
  const { db } = await scratchDatabase();
  await divide(db, 1);
  const failing = db
    .transaction()
    .execute((tx) => Promise.all([divide(tx, 0), divide(tx, 2), divide(tx, 3)]));
  await expect(failing).rejects.toThrow('division by zero');
  expect((await divide(db, 3)).rows).toEqual([{ n: 2 }]);
});

test('a migration in between is an outage for the query that it overtakes, and nothing for the next', async () => {
  const { db } = await scratchDatabase();
  await sql`create table thing (a integer)`.execute(db);
  await sql`insert into thing values (1)`.execute(db);
  const read = () => sql`select * from thing where a = ${1}`.execute(db);
  for (let times = 0; times < 3; times += 1) expect((await read()).rows).toEqual([{ a: 1 }]);
  await sql`alter table thing add column b integer not null default 2`.execute(db);
  const error: unknown = await read().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(isUnavailable(error)).toBe(true);
  for (let times = 0; times < 3; times += 1) expect((await read()).rows).toEqual([{ a: 1, b: 2 }]);
});

test('what the server cannot do at all is a bug', () => {
  expect(isUnavailable(Object.assign(new Error('not supported'), { code: '0A000' }))).toBe(false);
});
