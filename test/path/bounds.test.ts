import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultLimits } from '../../src/config/limits.ts';
import { takeIn } from '../../src/store/mails/inbox.ts';
import { clientMail } from '../builders/bytes.ts';
import { openDesk, type PathDesk } from '../builders/desk.ts';

let here: PathDesk;
beforeAll(async () => {
  // room for a text that takes far longer than the time there is
  const limits = {
    ...defaultLimits,
    textBytes: 1_000_000_000,
    textLength: 1_000_000_000,
    textLines: 1_000_000_000,
  };
  here = await openDesk({ reading: { limits, seconds: 2, megabytes: 4_000 } });
});
afterAll(() => here.drop());

async function arrive(mails: Buffer[]): Promise<number[]> {
  return takeIn(
    here.db,
    mails.map((raw) => ({
      mailbox: null,
      uidValidity: null,
      uid: null,
      receivedAt: new Date(),
      envelopeRecipient: null,
      envelopeSender: null,
      raw,
      size: raw.length,
      truncated: false,
    })),
  );
}

const dispositionsOf = async (ids: number[]): Promise<string[]> =>
  (await Promise.all(ids.map((id) => here.outcomeOf(id)))).map(({ disposition }) => disposition);
/** Small enough for several to be claimed together. */
const endless = (): Buffer => clientMail({ body: 'no\n\n'.repeat(1_250_000) });

/** Ids in the order in which they were decided. */
async function decidedInOrder(ids: number[]): Promise<number[]> {
  const rows = await here.db
    .selectFrom('message')
    .select('id')
    .where('id', 'in', ids)
    .where('decided_at', 'is not', null)
    .orderBy('decided_at')
    .execute();
  return rows.map(({ id }) => id);
}

test('a mail that takes too long to read is quarantined for it at its first try, and those behind it pass', {
  timeout: 180_000,
}, async () => {
  const ids = await arrive([clientMail(), endless(), clientMail(), clientMail()]);
  const [first = 0, slow = 0, third = 0, fourth = 0] = ids;
  await here.receive();
  expect(await dispositionsOf(ids)).toEqual(['opened', 'quarantined', 'opened', 'opened']);
  expect(await decidedInOrder(ids)).toEqual([first, third, fourth, slow]);
  expect(await here.outcomeOf(slow)).toMatchObject({
    reason: expect.stringContaining('reading it took longer than 2 s (MAX_READ_SECONDS)'),
    ticket: null,
  });
  const { attempts } = await here.db
    .selectFrom('message')
    .select('attempts')
    .where('id', '=', slow)
    .executeTakeFirstOrThrow();
  expect(attempts).toBe(1);
});

test('many that take too long hold up nobody: those that cannot be begun come back when the others are decided', {
  timeout: 300_000,
}, async () => {
  const ids = await arrive([...Array.from({ length: 5 }, endless), clientMail()]);
  const client = ids.at(-1) ?? 0;
  await here.receive();
  // two of them show what they are before the others are given up
  expect((await decidedInOrder(ids)).slice(0, 3)).toContain(client);
  for (let pass = 0; (await dispositionsOf(ids)).includes('pending'); pass += 1) {
    expect(pass).toBeLessThan(5);
    // nobody waits here for the time of the next try
    await here.db
      .updateTable('message')
      .set({ not_before: null })
      .where('disposition', '=', 'pending')
      .execute();
    await here.receive();
  }
  expect(await dispositionsOf(ids)).toEqual([...Array.from({ length: 5 }, () => 'quarantined'), 'opened']);
  const { rows } = await sql<{ most: number }>`
    select max(attempts) as most from message where id = any(${ids}::bigint[])`.execute(here.db);
  expect(rows).toEqual([{ most: 1 }]);
});

test('a mail that comes while a slow one is read is decided before it', { timeout: 180_000 }, async () => {
  const [slow = 0] = await arrive([endless()]);
  const receiving = here.receive();
  const [late = 0] = await arrive([clientMail()]);
  await receiving;
  expect(await decidedInOrder([slow, late])).toEqual([late, slow]);
});
