import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { holding } from '../../../src/desk/watch/keep-leases.ts';
import { kindOf } from '../../../src/desk/watch/outage.ts';
import { holdMailbox } from '../../../src/store/mails/mailbox-lease.ts';
import { scratchDatabase } from '../../harness/database.ts';

test('a database that does not answer and hangs up on nobody is an outage, until it answers again', async () => {
  const { db } = await scratchDatabase();
  await holdMailbox(db, 'desk');
  const loop = holding(db, new AbortController().signal, 100);
  expect(await loop.pass()).toBe('idle');
  await db.transaction().execute(async (tx) => {
    await sql`select from mailbox_reader for update`.execute(tx);
    const error: unknown = await loop.pass().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'it has not answered for 0.1 s' });
    expect(kindOf(error)).toBe('database_away');
  });
  expect(await holding(db, new AbortController().signal).pass()).toBe('idle');
});
