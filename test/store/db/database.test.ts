import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:net';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { connectDatabase, openDatabase } from '../../../src/store/db/database.ts';
import { scratchDatabase } from '../../harness/database.ts';
import { isUnavailable } from '../../../src/store/unavailable.ts';

async function caught(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

test('numbers are numbers, times are Dates, bytes are Buffers', async () => {
  const { db } = await scratchDatabase();
  const { rows } = await sql`
    select 9007199254740991::bigint as n, array[1, 2]::bigint[] as ns, count(*) as count,
           '2026-03-02T10:00:00+01'::timestamptz as at, '\\x00ff'::bytea as bytes`.execute(db);
  expect(rows).toEqual([
    {
      n: 9_007_199_254_740_991,
      ns: [1, 2],
      count: 1,
      at: new Date('2026-03-02T09:00:00Z'),
      bytes: Buffer.from([0, 255]),
    },
  ]);
});

test('a number that would be rounded throws', async () => {
  const { db } = await scratchDatabase();
  await expect(sql`select 9007199254740993::bigint as n`.execute(db)).rejects.toThrow('9007199254740993');
});

test('a database that is away is named with its host, never with its password', async () => {
  const port = await closedPort();
  const url = `postgres://desk:s3cret@127.0.0.1:${port}/kticket`;
  const error = await caught(openDatabase({ databaseUrl: url, dataDirectory: '' }));
  expect(isUnavailable(error)).toBe(true);
  expect(String(error)).toContain(`127.0.0.1:${port}/kticket cannot be reached`);
  expect(String(error)).not.toContain('s3cret');
});

test.each([
  ['a wrong password', (url: URL) => (url.password = 'wr0ng'), /refused us.*DATABASE_URL/],
  ['a database that is not there', (url: URL) => (url.pathname = '/nowhere'), /no such database.*nowhere/],
])('%s is said in words', async (_, change, words) => {
  const { url } = await scratchDatabase();
  const changed = new URL(url);
  change(changed);
  const error = await caught(connectDatabase({ databaseUrl: changed.href, dataDirectory: '' }));
  expect(isUnavailable(error)).toBe(true);
  expect(String(error)).toMatch(words);
  expect(String(error)).not.toContain('wr0ng');
});

test('a lost connection is an outage, a wrong query is a bug', async () => {
  const { db, url } = await scratchDatabase();
  const other = await connectDatabase({ databaseUrl: url, dataDirectory: '' });
  onTestFinished(() => other.close());
  const cut = other.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(db);
    await sql`select 1`.execute(tx);
  });
  expect(isUnavailable(await caught(cut))).toBe(true);
  expect(isUnavailable(await caught(sql`select nonsense`.execute(db)))).toBe(false);
  expect(isUnavailable(new TypeError('x is not a function'))).toBe(false);
  expect(isUnavailable(Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' }))).toBe(
    false,
  );
  // and it works again
  expect((await sql`select 1 as one`.execute(other)).rows).toEqual([{ one: 1 }]);
});

/** Counts calls; `next` ends with the next one. */
function counter() {
  const calls = new EventEmitter();
  let count = 0;
  return {
    callback: () => {
      count += 1;
      calls.emit('call');
    },
    count: () => count,
    next: () => once(calls, 'call'),
  };
}

test('new mail wakes whoever waits for it, in another process too, and only for its subject', async () => {
  const { db, url } = await scratchDatabase();
  const worker = await connectDatabase({ databaseUrl: url, dataDirectory: '' });
  onTestFinished(() => worker.close());
  const messages = counter();
  const outbox = counter();
  const ready = messages.next();
  worker.onWake('message', messages.callback);
  worker.onWake('outbox', outbox.callback);
  await ready;
  const before = outbox.count();
  const woken = messages.next();
  await sql`select pg_notify('kticket', 'message')`.execute(db);
  await woken;
  expect(outbox.count()).toBe(before);
});

test('a listener whose connection was lost listens again, and is called for what it missed', async () => {
  const { db, url } = await scratchDatabase();
  const worker = await connectDatabase({ databaseUrl: url, dataDirectory: '' });
  onTestFinished(() => worker.close());
  const messages = counter();
  const ready = messages.next();
  worker.onWake('message', messages.callback);
  await ready;
  const again = messages.next();
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'kticket ____%'`.execute(db);
  await again;
  const before = messages.count();
  const woken = messages.next();
  await sql`select pg_notify('kticket', 'message')`.execute(db);
  await woken;
  expect(messages.count()).toBe(before + 1);
});

test.skipIf(process.platform !== 'linux')(
  'a machine that is gone is given up by the server within a minute, whether it was quiet or owed it an answer',
  async () => {
    const { db } = await scratchDatabase();
    // what the socket itself says
    const { rows } = await sql<{ quiet: number; owing: number }>`
      select current_setting('tcp_keepalives_idle')::int
               + current_setting('tcp_keepalives_interval')::int * current_setting('tcp_keepalives_count')::int as quiet,
             current_setting('tcp_user_timeout')::int / 1000 as owing`.execute(db);
    expect(rows).toEqual([{ quiet: 60, owing: 60 }]);
  },
);

test('closing twice, and while it listens, is fine', async () => {
  const { url } = await scratchDatabase();
  const db = await connectDatabase({ databaseUrl: url, dataDirectory: '' });
  db.onWake('outbox', () => {});
  await Promise.all([db.close(), db.destroy()]);
  expect(isUnavailable(await caught(sql`select 1`.execute(db)))).toBe(false);
});
