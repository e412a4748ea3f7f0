import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { connectDatabase, type OpenDatabase } from '../../../src/store/db/database.ts';
import { holdMailbox, letGo, prolongHolds } from '../../../src/store/mails/mailbox-lease.ts';
import { scratchDatabase } from '../../harness/database.ts';

const mailbox = 'desk@mail.example/INBOX';

/** Two workers on one database. */
async function twoWorkers(): Promise<[OpenDatabase, OpenDatabase]> {
  const { db, url } = await scratchDatabase();
  const other = await connectDatabase({ databaseUrl: url, dataDirectory: '' });
  onTestFinished(() => other.close());
  return [db, other];
}

/** Answers to the workers that asked for the mailbox in this order: true for its holder. */
async function held(...workers: OpenDatabase[]): Promise<boolean[]> {
  const answers: boolean[] = [];
  for (const worker of workers) answers.push((await holdMailbox(worker, mailbox)).held);
  return answers;
}

test('a mailbox is held by one worker at a time, whoever asks how often', async () => {
  const [one, two] = await twoWorkers();
  expect(await held(one, two, one, two)).toEqual([true, false, true, false]);
  expect((await holdMailbox(two, 'other@mail.example/INBOX')).held).toBe(true);
});

test('a worker that ends lets go, and another takes over at once', async () => {
  const [one, two] = await twoWorkers();
  await held(one);
  await letGo(one);
  expect(await held(two, one)).toEqual([true, false]);
});

test('a worker that died is replaced at once, though its time has not run out', async () => {
  const [one, two] = await twoWorkers();
  await held(one);
  // what the death of its process does to its lasting connection
  await sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity
             where application_name = ${`kticket ${one.worker}`}`.execute(two);
  expect(await held(two)).toEqual([true]);
});

test('a worker that froze is replaced when its time has run out, and does not prolong it on waking', async () => {
  const [one, two] = await twoWorkers();
  await held(one);
  await sql`update mailbox_reader set held_until = clock_timestamp() - interval '1 second'`.execute(two);
  await prolongHolds(one);
  expect(await held(two, one)).toEqual([true, false]);
});

test('a worker that lives keeps its mailbox by prolonging', async () => {
  const [one, two] = await twoWorkers();
  await held(one);
  const before = await holdMailbox(two, mailbox);
  await prolongHolds(one);
  const after = await holdMailbox(two, mailbox);
  if (before.held || after.held) throw new Error('it was taken away');
  expect(after.until.getTime()).toBeGreaterThan(before.until.getTime());
});
