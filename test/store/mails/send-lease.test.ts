import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { connectDatabase, type OpenDatabase, presenceName } from '../../../src/store/db/database.ts';
import { cancel, deferDue, failBounced } from '../../../src/store/mails/outbox.ts';
import { holdWaiting } from '../../../src/store/mails/restore.ts';
import {
  type ClaimedMail,
  claimDue,
  returnClaims,
  settleAll,
  whileHeld,
} from '../../../src/store/mails/send-lease.ts';
import { allDue, sender } from '../../builders/outbox.ts';
import { scratchDatabase } from '../../harness/database.ts';
import { queue, rowOf } from '../../harness/sending.ts';

/** Two workers on one database, and mails to these readers, due and composed. */
async function twoWorkers(...readers: string[]) {
  const { db: one, url } = await scratchDatabase();
  const two = await connectDatabase({ databaseUrl: url, dataDirectory: '' });
  onTestFinished(() => two.close());
  const ids: number[] = [];
  for (const recipient of readers) ids.push(await queue(one, { recipient }));
  return { one, two, ids };
}

const claim = (db: OpenDatabase, limit = 24, held: number[] = []): Promise<ClaimedMail[]> =>
  claimDue(db, allDue, { limit, held, sender });
const idsOf = (mails: ClaimedMail[]): number[] => mails.map(({ id }) => id);
/** What the death of its process does to its lasting connection, once the server has seen it. */
async function dies(worker: OpenDatabase, other: OpenDatabase): Promise<void> {
  await worker.close();
  const lives = async () => {
    const { rows } = await sql`
      select from pg_stat_activity where application_name = ${presenceName(worker.worker)}`.execute(other);
    return rows.length > 0;
  };
  await expect.poll(lives).toBe(false);
}
const expire = (db: OpenDatabase) =>
  sql`update outbox set sending_until = clock_timestamp() where sending_by is not null`.execute(db);

test('due mails are claimed in the order in which they fell due, each by one worker', async () => {
  const { one, two, ids } = await twoWorkers('a@x.test', 'b@x.test', 'c@x.test', 'd@x.test');
  expect(idsOf(await claim(one, 3))).toEqual(ids.slice(0, 3));
  expect(idsOf(await claim(two))).toEqual(ids.slice(3));
  expect(await claim(one, 3, ids.slice(0, 3))).toEqual([]);
});

test('a mail is not claimed while another worker sends an earlier one to its reader', async () => {
  const { one, two, ids } = await twoWorkers('a@x.test', 'a@x.test', 'b@x.test', 'a@x.test');
  const [first, second, other, last] = ids;
  const [mail] = await claim(one, 1);
  if (mail === undefined) throw new Error('nothing is due');
  expect(mail.id).toBe(first);
  expect(idsOf(await claim(two))).toEqual([other]);
  expect(idsOf(await claim(one, 1, [mail.id]))).toEqual([second]);
  await settleAll(one, [{ mail, settled: { state: 'deferred', error: '451 later', seconds: 60 } }]);
  await returnClaims(one, [mail, { ...mail, id: second ?? 0 }]);
  // what is put off goes first all the same
  expect(await claim(two, 24, [other ?? 0])).toEqual([]);
  await sql`update outbox set next_attempt_at = now() where id = ${first}`.execute(one);
  // due later than those that waited for it
  expect(idsOf(await claim(two, 24, [other ?? 0]))).toEqual([first, second, last]);
});

test('a mail that is put off holds up later ones to its reader for three tries, and no others', async () => {
  const { one, ids } = await twoWorkers('a@x.test', 'a@x.test', 'b@x.test');
  const [first, second, other] = ids;
  const putOff = (tries: number) =>
    sql`update outbox set state = 'deferred', attempts = ${tries}, next_attempt_at = now() + interval '1 hour'
         where id = ${first}`.execute(one);
  await putOff(3);
  const [claimed, ...none] = await claim(one);
  if (claimed === undefined) throw new Error('nothing is due');
  expect([claimed.id, none]).toEqual([other, []]);
  await putOff(4);
  expect(idsOf(await claim(one, 24, [claimed.id]))).toEqual([second]);
});

test('however many mails wait for one that is put off, they hide none to others', async () => {
  const { one, ids } = await twoWorkers(...Array.from({ length: 12 }, () => 'a@x.test'), 'b@x.test');
  await sql`update outbox set state = 'deferred', attempts = 1, next_attempt_at = now() + interval '1 hour'
             where id = ${ids[0]}`.execute(one);
  expect(idsOf(await claim(one, 1))).toEqual([ids[12]]);
});

test('readers whose mails wait for earlier ones hide no mail behind them', async () => {
  const { one, two, ids } = await twoWorkers('a@x.test', 'a@x.test', 'a@x.test', 'b@x.test');
  await claim(one, 1);
  expect(idsOf(await claim(two, 1))).toEqual([ids[3]]);
});

test('a mail whose row is locked holds up later ones to its reader, and no other', async () => {
  const { one, two, ids } = await twoWorkers('a@x.test', 'a@x.test', 'b@x.test');
  await one.transaction().execute(async (tx) => {
    await sql`select from outbox where id = ${ids[0]} for update`.execute(tx);
    expect(idsOf(await claim(two))).toEqual([ids[2]]);
  });
});

test('many mails that others are sending hide none that is free', async () => {
  const { one, two, ids } = await twoWorkers(...Array.from({ length: 12 }, (_, i) => `r${i}@x.test`));
  expect(await claim(one, 11)).toHaveLength(11);
  expect(idsOf(await claim(two, 1))).toEqual([ids[11]]);
});

test('what a worker does not know of, though it is its own, it claims again', async () => {
  const { one, ids } = await twoWorkers('a@x.test');
  await claim(one);
  expect(idsOf(await claim(one))).toEqual(ids);
});

test('the mails of a worker that died are free at once, those of one that froze when its leases have expired', async () => {
  const { one, two, ids } = await twoWorkers('a@x.test');
  await claim(one);
  expect(await claim(two)).toEqual([]);
  await expire(one);
  expect(idsOf(await claim(two))).toEqual(ids);
  expect(await claim(one)).toEqual([]);
  await dies(two, one);
  expect(idsOf(await claim(one))).toEqual(ids);
});

test('a worker records nothing of a mail that another has taken over, or tried since', async () => {
  const { one, two, ids } = await twoWorkers('a@x.test');
  const [id = 0] = ids;
  const [mail] = await claim(one);
  if (mail === undefined) throw new Error('nothing is due');
  await expire(one);
  const [taken] = await claim(two);
  if (taken === undefined) throw new Error('nothing is due');
  expect(await settleAll(one, [{ mail, settled: { state: 'sent' } }])).toEqual(new Set());
  expect(await whileHeld(one, mail, async () => 'ours')).toBeNull();
  await returnClaims(one, [mail]);
  await settleAll(two, [{ mail: taken, settled: { state: 'deferred', error: '451 later', seconds: 0 } }]);
  await claim(one);
  expect(await settleAll(one, [{ mail, settled: { state: 'sent' } }])).toEqual(new Set());
  expect(await rowOf(one, id)).toMatchObject({ state: 'deferred', attempts: 1 });
});

test('several are recorded together, each with its own outcome, and are nobody’s then', async () => {
  const { one, ids } = await twoWorkers('a@x.test', 'b@x.test', 'c@x.test');
  const [sent, deferred] = await claim(one, 2);
  if (sent === undefined || deferred === undefined) throw new Error('two are due');
  const answered = [
    { mail: sent, settled: { state: 'sent' as const } },
    { mail: deferred, settled: { state: 'deferred' as const, error: '451 later', seconds: 600 } },
  ];
  expect(await settleAll(one, answered)).toEqual(new Set(ids.slice(0, 2)));
  const rows = await Promise.all(ids.map((id) => rowOf(one, id)));
  expect(rows).toMatchObject([
    { state: 'sent', attempts: 1, last_error: null, sending_by: null },
    { state: 'deferred', attempts: 1, last_error: '451 later', sent_at: null, sending_by: null },
    { state: 'queued', attempts: 0 },
  ]);
  expect(rows[1]?.next_attempt_at.getTime()).toBeGreaterThan(Date.now() + 500_000);
});

test('what is being sent is neither taken back nor held, put off or failed; once its worker has died it is', async () => {
  const { one, two, ids } = await twoWorkers('a@x.test', 'b@x.test', 'c@x.test', 'd@x.test');
  const [cancelled = 0, bounced = 0] = ids;
  await claim(two);
  const change = async (): Promise<string[]> => {
    await cancel(one, [cancelled]);
    await failBounced(one, bounced, 'a bounce');
    await holdWaiting(one);
    return Promise.all(ids.map(async (id) => (await rowOf(one, id)).state));
  };
  expect(await deferDue(one, 'away', allDue.queues)).toBe(0);
  expect(await change()).toEqual(['queued', 'queued', 'queued', 'queued']);
  await dies(two, one);
  expect(await change()).toEqual(['cancelled', 'failed', 'awaiting_release', 'awaiting_release']);
  const still = await one.selectFrom('outbox').select('id').where('sending_by', 'is not', null).execute();
  expect(still).toEqual([]);
});

test('only what waits can be being sent', async () => {
  const { one } = await twoWorkers('a@x.test');
  await claim(one);
  const change = one.updateTable('outbox').set({ state: 'cancelled' }).execute();
  await expect(change).rejects.toThrow('outbox_sends_what_waits');
});
