import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Database } from '../../../src/store/db/database.ts';
import {
  type Claimed,
  claim,
  recordFailure,
  markFiled,
  giveBack,
  renewLeases,
  takeIn,
  unfiledUids,
  waitingCount,
} from '../../../src/store/mails/inbox.ts';
import { inTurn } from '../../../src/store/mails/turn.ts';
import { scratchDatabase } from '../../harness/database.ts';
import type { Arriving } from '../../../src/mail/imap/fetched-message.ts';

const worker = randomUUID();
const other = randomUUID();

function arriving(uid: number | null, more: Partial<Arriving> = {}): Arriving {
  const raw = Buffer.from(`Subject: ${uid}\r\n\r\nciao\r\n`);
  return {
    mailbox: uid === null ? null : 'desk@mail.example.it/INBOX',
    uidValidity: uid === null ? null : 7,
    uid,
    receivedAt: new Date('2026-03-02T09:00:00Z'),
    envelopeRecipient: null,
    envelopeSender: null,
    raw,
    size: raw.length,
    truncated: false,
    ...more,
  };
}

/** A database in which messages 1 to `count` wait. */
async function withWaiting(count: number) {
  const { db, url } = await scratchDatabase();
  const ids = await takeIn(
    db,
    Array.from({ length: count }, (_, i) => arriving(i + 1)),
  );
  return { db, url, ids };
}

async function decide(tx: Database, id: number): Promise<void> {
  await tx
    .updateTable('message')
    .set({
      disposition: 'ignored',
      reason: 'a test',
      decided_at: sql`now()`,
      leased_by: null,
      leased_until: null,
    })
    .where('id', '=', id)
    .execute();
}

async function decideInTurn(db: Database, claimed: Claimed) {
  const [turn] = await inTurn(db, [{ claimed }], (tx) => decide(tx, claimed.id));
  return turn;
}

/** Simulates a killed worker: its leases run out. */
async function killed(db: Database): Promise<void> {
  await db
    .updateTable('message')
    .set({ leased_until: sql`now() - interval '1 second'` })
    .where('leased_by', 'is not', null)
    .execute();
}

/** The time that failed messages are set aside for passes. */
async function momentsLater(db: Database): Promise<void> {
  await db
    .updateTable('message')
    .set({ not_before: sql`now() - interval '1 second'` })
    .where('not_before', 'is not', null)
    .execute();
}

const one = async (db: Database, workerId = worker): Promise<Claimed> => {
  const [claimed] = await claim(db, workerId, 1, 60);
  if (claimed === undefined) throw new Error('nothing was claimed');
  return claimed;
};

test('a message that is fetched again is taken in once, however the second range is cut', async () => {
  const { db } = await scratchDatabase();
  const first = await takeIn(db, [arriving(1), arriving(2)]);
  const second = await takeIn(db, [arriving(2), arriving(3)]);
  expect(first).toHaveLength(2);
  expect(second).toHaveLength(1);
  expect(await waitingCount(db)).toBe(3);
});

test('two workers that fetch the same range at once take each message in once', async () => {
  const { db } = await scratchDatabase();
  const range = Array.from({ length: 40 }, (_, i) => arriving(i + 1));
  const taken = await Promise.all([takeIn(db, range), takeIn(db, range), takeIn(db, range.toReversed())]);
  expect(taken.flat()).toHaveLength(40);
  expect(await waitingCount(db)).toBe(40);
});

test('the same UID after a new UIDVALIDITY, or in another mailbox, is another message', async () => {
  const { db } = await scratchDatabase();
  const ids = await takeIn(db, [
    arriving(1),
    arriving(1, { uidValidity: 8 }),
    arriving(1, { mailbox: 'pda@mail.example.it/INBOX' }),
  ]);
  expect(ids).toHaveLength(3);
});

test('what came without IMAP is never taken for another', async () => {
  const { db } = await scratchDatabase();
  expect(await takeIn(db, [arriving(null), arriving(null)])).toHaveLength(2);
});

test('the bytes come back as they were, with size and envelope', async () => {
  const { db } = await scratchDatabase();
  const raw = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
  await takeIn(db, [
    arriving(null, {
      raw,
      size: 99_999_999_999,
      truncated: true,
      envelopeRecipient: 'desk+x@example.it',
      envelopeSender: '',
    }),
  ]);
  expect(await one(db)).toMatchObject({
    raw,
    size: 99_999_999_999,
    truncated: true,
    envelopeRecipient: 'desk+x@example.it',
    envelopeSender: '',
    receivedAt: new Date('2026-03-02T09:00:00Z'),
    attempts: 1,
    failures: 0,
    givenUp: false,
  });
});

test('committed messages are unfiled until they left the server', async () => {
  const { db } = await withWaiting(3);
  const mailbox = 'desk@mail.example.it/INBOX';
  await markFiled(db, mailbox, 7, [2]);
  expect(await unfiledUids(db, mailbox, 7)).toEqual([1, 3]);
  expect(await unfiledUids(db, mailbox, 8)).toEqual([]);
});

test('messages are claimed oldest first, each by one worker', async () => {
  const { db, ids } = await withWaiting(6);
  const first = await claim(db, worker, 2, 60);
  const second = await claim(db, other, 10, 60);
  expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect(second.map(({ id }) => id)).toEqual(ids.slice(2));
  expect(await claim(db, worker, 10, 60)).toEqual([]);
});

test('large messages are claimed a few at a time', async () => {
  const { db } = await scratchDatabase();
  const raw = Buffer.alloc(20 * 1024 * 1024, 'a');
  await takeIn(db, [arriving(1, { raw }), arriving(2, { raw }), arriving(3)]);
  expect(await claim(db, worker, 10, 60)).toHaveLength(1);
});

test('the lease of a worker that died is taken over, and its attempt stays counted', async () => {
  const { db } = await withWaiting(1);
  const lost = await one(db);
  await killed(db);
  const taken = await one(db, other);
  expect(taken).toMatchObject({ id: lost.id, attempts: 2, failures: 0 });
  expect(await decideInTurn(db, lost)).toEqual({ done: false, why: 'lease_lost' });
  expect(await decideInTurn(db, taken)).toMatchObject({ done: true });
});

test('a worker that lost a message and claimed it again cannot finish the first attempt', async () => {
  const { db } = await withWaiting(1);
  const first = await one(db);
  await killed(db);
  const second = await one(db);
  expect(await decideInTurn(db, first)).toEqual({ done: false, why: 'lease_lost' });
  expect(await decideInTurn(db, second)).toMatchObject({ done: true });
});

test('a lease that is renewed is not taken over', async () => {
  const { db } = await withWaiting(1);
  await one(db);
  await killed(db);
  await renewLeases(db, worker, 60);
  expect(await claim(db, other, 1, 60)).toEqual([]);
});

test('a decision waits for older messages, whoever has them', async () => {
  const { db } = await withWaiting(2);
  const older = await one(db);
  const younger = await one(db, other);
  expect(await decideInTurn(db, younger)).toEqual({ done: false, why: 'too_early' });
  await decideInTurn(db, older);
  expect(await decideInTurn(db, younger)).toMatchObject({ done: true });
});

test('where the worker that has an older message died, whoever waits for it is told to claim it', async () => {
  const { db } = await withWaiting(2);
  await one(db);
  const younger = await one(db, other);
  await killed(db);
  await renewLeases(db, other, 60);
  expect(await decideInTurn(db, younger)).toEqual({ done: false, why: 'older_is_free' });
});

test('two workers that race decide in order of arrival, one at a time', async () => {
  const { db, ids } = await withWaiting(30);
  const decided: number[] = [];
  let inside = 0;
  const work = async (workerId: string): Promise<void> => {
    for (;;) {
      const claims = await claim(db, workerId, 3, 60);
      if (claims.length === 0) return;
      for (const claimed of claims) {
        for (;;) {
          const [turn] = await inTurn(db, [{ claimed }], async (tx) => {
            inside += 1;
            expect(inside).toBe(1);
            await decide(tx, claimed.id);
            decided.push(claimed.id);
            inside -= 1;
          });
          if (turn?.done === true) break;
          // the other's claim of an older one may not be committed yet
          expect(['too_early', 'older_is_free']).toContain(turn?.why);
        }
      }
    }
  };
  await Promise.all([work(worker), work(other)]);
  expect(decided).toEqual(ids);
});

test('the time told to decisions never runs backwards', async () => {
  const { db } = await withWaiting(8);
  const claims = await claim(db, worker, 8, 60);
  const times: number[] = [];
  for (const claimed of claims) {
    await inTurn(db, [{ claimed }], async (tx, { now }) => {
      times.push(now.getTime());
      await decide(tx, claimed.id);
    });
  }
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('what the work throws leaves nothing behind, and the message keeps waiting', async () => {
  const { db } = await withWaiting(1);
  const claimed = await one(db);
  const broken = inTurn(db, [{ claimed }], async (tx) => {
    await decide(tx, claimed.id);
    throw new Error('a bug');
  });
  await expect(broken).rejects.toThrow('a bug');
  expect(await waitingCount(db)).toBe(1);
});

test('a failed message is set aside and lets the others pass', async () => {
  const { db } = await withWaiting(2);
  const [first, second] = await claim(db, worker, 2, 60);
  if (first === undefined || second === undefined) throw new Error('two were expected');
  expect(await recordFailure(db, first, 'it has no end')).toBe(1);
  expect(await claim(db, worker, 1, 60)).toEqual([]);
  expect(await decideInTurn(db, second)).toMatchObject({ done: true });
  await momentsLater(db);
  expect(await one(db)).toMatchObject({
    id: first.id,
    attempts: 2,
    failures: 1,
    lastError: 'it has no end',
  });
});

test('after the third failure its worker keeps it, to quarantine it in its turn', async () => {
  const { db } = await withWaiting(1);
  for (const failures of [1, 2]) {
    expect(await recordFailure(db, await one(db), 'no')).toBe(failures);
    await momentsLater(db);
  }
  const third = await one(db);
  expect(await recordFailure(db, third, 'no')).toBe(3);
  expect(await decideInTurn(db, third)).toMatchObject({ done: true });
});

test('a message that failed three times and was not quarantined is handed out as given up', async () => {
  const { db } = await withWaiting(1);
  for (const _ of [1, 2, 3]) {
    await recordFailure(db, await one(db), 'no');
    await momentsLater(db);
    await killed(db);
  }
  expect(await one(db)).toMatchObject({ failures: 3, givenUp: true });
});

test('a failure of an attempt that was lost is not counted', async () => {
  const { db } = await withWaiting(1);
  const lost = await one(db);
  await killed(db);
  await one(db, other);
  expect(await recordFailure(db, lost, 'no')).toBeNull();
});

test('a message that is given back counts as never claimed', async () => {
  const { db } = await withWaiting(1);
  await giveBack(db, await one(db));
  expect(await one(db)).toMatchObject({ attempts: 1 });
});

test('messages whose attempts never ended are tried alone, one by one, and then go their way', async () => {
  const { db, ids } = await withWaiting(3);
  for (const _ of [1, 2, 3]) {
    expect(await claim(db, worker, 10, 60)).toHaveLength(3);
    await killed(db);
  }
  for (const id of ids) {
    const claims = await claim(db, worker, 10, 60);
    expect(claims).toMatchObject([{ id, readAlone: true, givenUp: false }]);
    expect(await claim(db, worker, 10, 60)).toEqual([]);
    for (const claimed of claims) await decideInTurn(db, claimed);
  }
});

test('what must be tried alone is not handed to a worker that holds something', async () => {
  const { db } = await withWaiting(2);
  const [, second] = await claim(db, worker, 2, 60);
  if (second === undefined) throw new Error('two were expected');
  await db
    .updateTable('message')
    .set({ attempts: 4, leased_until: null, leased_by: null })
    .where('id', '<', second.id)
    .execute();
  expect(await claim(db, worker, 10, 60)).toEqual([]);
  await giveBack(db, second);
  expect(await claim(db, worker, 10, 60)).toMatchObject([{ readAlone: true }]);
});

test('messages before the one that must be tried alone are claimed without it', async () => {
  const { db, ids } = await withWaiting(3);
  await db
    .updateTable('message')
    .set({ attempts: 3 })
    .where('id', '=', ids[1] ?? 0)
    .execute();
  expect((await claim(db, worker, 10, 60)).map(({ id }) => id)).toEqual(ids.slice(0, 1));
});

test('a message that kills its worker alone twice is given up, and its neighbours are not', async () => {
  const { db, ids } = await withWaiting(2);
  for (const _ of [1, 2, 3]) {
    await claim(db, worker, 10, 60);
    await killed(db);
  }
  for (const _ of [1, 2]) {
    expect(await claim(db, worker, 10, 60)).toMatchObject([{ id: ids[0], readAlone: true, givenUp: false }]);
    await killed(db);
  }
  const givenUp = await one(db);
  expect(givenUp).toMatchObject({ id: ids[0], givenUp: true });
  await decideInTurn(db, givenUp);
  expect(await one(db)).toMatchObject({ id: ids[1], givenUp: false });
});

test('lone attempts that ended, in an error or a clean stop, condemn nobody', async () => {
  const { db } = await withWaiting(1);
  for (const _ of [1, 2, 3]) {
    await one(db);
    await killed(db);
  }
  for (const _ of [1, 2, 3]) await giveBack(db, await one(db));
  await recordFailure(db, await one(db), 'no');
  await momentsLater(db);
  expect(await one(db)).toMatchObject({ readAlone: true, givenUp: false, failures: 1 });
});
