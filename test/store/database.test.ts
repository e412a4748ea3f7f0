import { expect, test } from 'vitest';
import { scratchDatabase } from '../harness/database.ts';

test('a scratch database has the schema and its one category', async () => {
  const started = performance.now();
  const { db } = await scratchDatabase();
  console.log('scratch', performance.now() - started);
  expect(await db.selectFrom('category').select('name').execute()).toEqual([{ name: 'Altro' }]);
});
test('and again', async () => {
  const started = performance.now();
  const { db } = await scratchDatabase();
  console.log('scratch', performance.now() - started);
  expect(await db.selectFrom('message').select(db.fn.countAll<number>().as('n')).executeTakeFirst()).toEqual({
    n: 0,
  });
});
