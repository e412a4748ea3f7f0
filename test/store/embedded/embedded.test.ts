import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { connectDatabase } from '../../../src/store/db/database.ts';
import { openEmbedded } from '../../../src/store/embedded/embedded.ts';
import { preparePlace } from '../../../src/store/embedded/place.ts';

const holder = fileURLToPath(new URL('../../harness/hold-database.ts', import.meta.url));

let pristine = '';

beforeAll(async () => {
  pristine = await mkdtemp(join(tmpdir(), 'kticket-embedded-'));
  await (await openEmbedded(pristine)).close();
});
afterAll(() => remove(pristine));

async function remove(directory: string): Promise<void> {
  const { folder } = await preparePlace(directory);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}

/** A directory that was never used. */
async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kticket-embedded-'));
  onTestFinished(() => remove(directory));
  return directory;
}

/** A directory whose database was made before, and has nothing in it. */
async function dataDirectory(): Promise<string> {
  const directory = await newDirectory();
  const [from, to] = await Promise.all([preparePlace(pristine), preparePlace(directory)]);
  // owners are kept: the server runs as another user where the tests run as root
  await promisify(execFile)('cp', ['-a', join(from.folder, 'postgres'), to.folder]);
  return directory;
}

type Holder = { child: ChildProcess; url: string; leave: () => Promise<void>; kill: () => Promise<void> };

/** A process of its own that holds the database. */
async function hold(directory: string, environment: NodeJS.ProcessEnv = process.env): Promise<Holder> {
  const child = spawn(process.execPath, [holder, directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: environment,
  });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const [line]: unknown[] = await once(lines, 'line');
  const url = /^open (.*)$/.exec(String(line))?.[1];
  if (url === undefined) throw new Error(`the holder said ${String(line)}`);
  return {
    child,
    url,
    async leave() {
      child.stdin.end();
      expect((await exited)[0]).toBe(0);
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}

/** Process id of the running server; null: none runs. */
async function serverOf(directory: string): Promise<number | null> {
  const { folder } = await preparePlace(directory);
  const lock = join(folder, 'postgres/postmaster.pid');
  return existsSync(lock) ? Number((await readFile(lock, 'utf8')).split('\n')[0]) : null;
}

/** True if a process runs; false for one that ended but was not waited for (a zombie). */
function lives(pid: number | null): boolean {
  try {
    if (pid === null || !process.kill(pid, 0)) return false;
    return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}

test('it is UTF-8 without any locale set, closed to whoever has no password, and listens on no socket file', async () => {
  const directory = await newDirectory();
  const { url, leave } = await hold(directory, { ...process.env, LC_ALL: undefined, LANG: undefined });
  const rows = await query(
    url,
    "select current_setting('server_encoding') encoding, lower('PERCHÉ Ñ') low, current_setting('fsync') fsync, current_setting('unix_socket_directories') sockets",
  );
  expect(rows).toEqual([{ encoding: 'UTF8', low: 'perché ñ', fsync: 'on', sockets: '' }]);
  await expect(query(url.replace(/:[^:@]+@/, ':guess@'), 'select 1')).rejects.toThrow('password');
  const { folder } = await preparePlace(directory);
  expect((await stat(join(folder, 'postgres/kticket-password'))).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'postgres'))).mode & 0o777).toBe(0o700);
  await leave();
});

test('processes that open it at once share one server, and the last to leave stops it', async () => {
  const directory = await newDirectory();
  const holders = await Promise.all([hold(directory), hold(directory), hold(directory)]);
  expect(new Set(holders.map(({ url }) => url)).size).toBe(1);
  const [first, second, third] = holders;
  await query(first.url, 'create table kept (n int)');
  const server = await serverOf(directory);
  await first.leave();
  await second.leave();
  expect(await query(third.url, 'select * from kept')).toEqual([]);
  expect(await serverOf(directory)).toBe(server);
  await third.leave();
  expect(lives(server)).toBe(false);
  expect(await serverOf(directory)).toBeNull();
});

test('Ctrl-C on the last process leaves no server behind', async () => {
  const directory = await dataDirectory();
  const { child } = await hold(directory);
  const server = await serverOf(directory);
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(lives(server)).toBe(false);
});

test('after a process was killed the next one finds the same server, its data, and stops it when it leaves', async () => {
  const directory = await dataDirectory();
  const killed = await hold(directory);
  await query(killed.url, 'create table kept as select 7 as n');
  const server = await serverOf(directory);
  await killed.kill();
  expect(lives(server)).toBe(true);
  const next = await hold(directory);
  expect(await serverOf(directory)).toBe(server);
  expect(await query(next.url, 'select n from kept')).toEqual([{ n: 7 }]);
  await next.leave();
  expect(lives(server)).toBe(false);
});

test('after the server itself was killed nothing is lost, and who still uses it gets it back', async () => {
  const directory = await dataDirectory();
  const db = await connectDatabase({ databaseUrl: null, dataDirectory: directory });
  onTestFinished(() => db.close());
  const embedded = await openEmbedded(directory);
  onTestFinished(() => embedded.close());
  await query(embedded.url, 'create table desk (only_row bool, next_ticket_number bigint)');
  await query(embedded.url, 'insert into desk values (true, 1042)');
  const server = await serverOf(directory);
  if (server === null) throw new Error('no server');
  const moved = new Promise<string>((resolve) => {
    embedded.onMoved(resolve);
  });
  process.kill(server, 'SIGKILL');
  const url = await moved;
  expect(await query(url, 'select next_ticket_number::int n from desk')).toEqual([{ n: 1042 }]);
  const read = () => db.selectFrom('desk').select('next_ticket_number').execute();
  await expect.poll(read, { timeout: 20_000 }).toEqual([{ next_ticket_number: 1042 }]);
});

test('an old lock file whose process number is another’s by now is no obstacle', async () => {
  const directory = await dataDirectory();
  await (await openEmbedded(directory)).close();
  const { folder, user } = await preparePlace(directory);
  const sleeper = spawn('sleep', ['60'], { ...user });
  onTestFinished(() => void sleeper.kill());
  const lock = join(folder, 'postgres/postmaster.pid');
  await writeFile(lock, `${sleeper.pid}\n${folder}/postgres\n1700000000\n1\n\n127.0.0.1\n 1 2\nready   \n`);
  const embedded = await openEmbedded(directory);
  expect(await query(embedded.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  await embedded.close();
  expect(lives(sleeper.pid ?? null)).toBe(true);
});

test('a port that is taken by now is left to whoever has it', async () => {
  const directory = await dataDirectory();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const address = taken.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await writeFile(join((await preparePlace(directory)).folder, 'port'), `${address.port}\n`);
  const embedded = await openEmbedded(directory);
  expect(new URL(embedded.url).port).not.toBe(String(address.port));
  await embedded.close();
});

test('who waited for its turn with a server that has begun to stop is given the next one', async () => {
  const directory = await dataDirectory();
  const first = await openEmbedded(directory);
  await query(first.url, 'create table kept (n int)');
  const leaving = new Client({ connectionString: first.url.replace('/kticket?', '/postgres?') });
  await leaving.connect();
  const { rows: locks } = await leaving.query<{ key: string }>(
    "select classid::bigint << 32 | objid::bigint as key from pg_locks where locktype = 'advisory'",
  );
  const presence = [locks[0]?.key];
  await leaving.query('select pg_advisory_lock_shared($1)', presence);
  await first.close();
  await leaving.query('select pg_advisory_unlock_shared($1)', presence);
  await leaving.query('select pg_advisory_lock($1)', presence);
  const coming = openEmbedded(directory);
  for (let waits = false; !waits; ) {
    const { rows } = await leaving.query<{ waits: boolean }>(
      "select exists (select from pg_locks where locktype = 'advisory' and not granted) as waits",
    );
    waits = rows[0]?.waits === true;
  }
  const server = await serverOf(directory);
  if (server === null) throw new Error('no server');
  // stops once nobody uses it any more, and until then lets nobody in
  process.kill(server, 'SIGTERM');
  await vi.waitFor(
    () => expect(query(first.url, 'select 1')).rejects.toMatchObject({ code: '57P03' }),
    20_000,
  );
  await leaving.end();
  const next = await coming;
  expect(await query(next.url, 'select * from kept')).toEqual([]);
  expect(await serverOf(directory)).not.toBe(server);
  await next.close();
});

test('coming and going at the same time, everyone has a server that works', async () => {
  const directory = await dataDirectory();
  const first = await openEmbedded(directory);
  await query(first.url, 'create table visits (n int)');
  await first.close();
  const visit = async (n: number): Promise<void> => {
    for (let round = 0; round < 6; round += 1) {
      const embedded = await openEmbedded(directory);
      await query(embedded.url, `insert into visits values (${n})`);
      await pause((n * 7 + round * 13) % 40);
      await embedded.close();
    }
  };
  await Promise.all([1, 2, 3, 4].map(visit));
  const last = await openEmbedded(directory);
  expect(await query(last.url, 'select count(*)::int n from visits')).toEqual([{ n: 24 }]);
  await last.close();
  expect(await serverOf(directory)).toBeNull();
});

test('a lock file that another has made and not yet written is waited for', async () => {
  const directory = await dataDirectory();
  const { folder } = await preparePlace(directory);
  const lock = join(folder, 'postgres/postmaster.pid');
  await writeFile(lock, '');
  const opening = openEmbedded(directory);
  const log = () => readFile(join(folder, 'postgres.log'), 'utf8').catch(() => '');
  await expect.poll(log, { timeout: 20_000, interval: 5 }).toMatch(/lock file .* is empty/);
  await rm(lock);
  const embedded = await opening;
  expect(await query(embedded.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  await embedded.close();
});

test('killed while it made its data, it makes them anew', async () => {
  const directory = await newDirectory();
  const child = spawn(process.execPath, [holder, directory], { stdio: 'ignore' });
  const half = async () => (await readdir(directory)).filter((name) => name.startsWith('postgres.new-'));
  await expect.poll(half, { timeout: 20_000, interval: 5 }).not.toEqual([]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const embedded = await openEmbedded(directory);
  expect(await query(embedded.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  await embedded.close();
});

test('two clones do not meet', async () => {
  const [one, other] = [await dataDirectory(), await dataDirectory()];
  const first = await openEmbedded(one);
  const second = await openEmbedded(other);
  expect(first.url).not.toBe(second.url);
  await first.close();
  expect(await query(second.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  await second.close();
});

test('data of another PostgreSQL are refused in words', async () => {
  const directory = await dataDirectory();
  await (await openEmbedded(directory)).close();
  const { folder } = await preparePlace(directory);
  await writeFile(join(folder, 'postgres/PG_VERSION'), '12\n');
  await expect(openEmbedded(directory)).rejects.toThrow(/written by PostgreSQL 12, this kTicket brings/);
});
