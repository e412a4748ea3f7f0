/**
 * The embedded PostgreSQL: a real server on loopback, shared by all commands that use the same data directory.
 *
 * Every command holds a shared advisory lock, its *presence*, on a connection of its own for as long as it runs. A command
 * that exits releases it and tries the exclusive lock: the one that gets it was the last, and stops the server while
 * holding it. A command that starts meanwhile waits for the shared lock, is disconnected by the shutdown, and starts the
 * server again. A killed command's lock ends with its connection; the next command uses a server that nobody stopped.
 * If two commands start a server at once, PostgreSQL's own lock file decides: the second server exits, and its command
 * connects to the first.
 */
import { spawn } from 'node:child_process';
import { open, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { ensureCluster, passwordFile, superuser } from './cluster.ts';
import { ifMissing, type ServerPlace, preparePlace } from './place.ts';
import { DatabaseUnavailable, isUnavailable } from '../unavailable.ts';
import { codeOf } from '../../log/errors.ts';
export type Embedded = {
  /** of the database `kticket`, password included */
  url: string;
  /** Called with the new URL when the server died and was started again, perhaps on another port. */
  onMoved(listener: (url: string) => void): void;
  /** Leaves; the last one to leave stops the server and returns when it has ended. May be called twice. */
  close(): Promise<void>;
};

const presenceLock = '7743018252013';
/** Milliseconds to wait for a server that starts, recovers after a crash, or stops. */
const patience = 120_000;
const logLimit = 1024 * 1024;

/**
 * Connects to the data directory's PostgreSQL, creating and starting it if needed.
 * @throws DatabaseUnavailable, with the reason, if that fails
 */
export async function openEmbedded(dataDirectory: string): Promise<Embedded> {
  const place = await preparePlace(dataDirectory);
  await ensureCluster(place);
  const closing = new AbortController();
  const listeners: ((url: string) => void)[] = [];

  let presence = await attach(place, closing.signal);
  let comingBack: Promise<void> = Promise.resolve();
  const watch = ({ client }: Presence): void => {
    client.once('end', () => {
      if (!closing.signal.aborted) comingBack = comeBack();
    });
  };
  const comeBack = async (): Promise<void> => {
    const found = await attachAgain(place, closing.signal);
    if (found === null) return;
    presence = found;
    watch(presence);
    for (const listener of listeners) listener(presence.url);
  };
  watch(presence);

  let closed: Promise<void> | null = null;
  return {
    get url() {
      return presence.url;
    },
    onMoved(listener) {
      listeners.push(listener);
    },
    close() {
      closing.abort();
      closed ??= comingBack.then(() => leave(place, presence));
      return closed;
    },
  };
}

type Presence = { client: Client; url: string };

const clusterOf = (place: ServerPlace): string => join(place.folder, 'postgres');
const lockOf = (cluster: string): string => join(cluster, 'postmaster.pid');

/** Whether a server works on this place's data. */
export async function isServed(place: ServerPlace): Promise<boolean> {
  const lock = await readLockFile(clusterOf(place));
  return lock !== null && (await isPostmaster(lock.pid, clusterOf(place)));
}

/** After the server died: until it is there again, or null where this command leaves first. */
async function attachAgain(place: ServerPlace, signal: AbortSignal): Promise<Presence | null> {
  for (;;) {
    try {
      return await attach(place, signal);
    } catch (error) {
      if (signal.aborted) return null;
      if (!isUnavailable(error)) throw error;
      await pause(1_000, undefined, { signal }).catch(() => {
        // only the signal ends a pause early
      });
    }
  }
}

/** Connects and marks this command as present; starts the server where none runs. */
async function attach(place: ServerPlace, signal: AbortSignal): Promise<Presence> {
  const cluster = clusterOf(place);
  const password = await readPassword(cluster);
  const until = performance.now() + patience;
  let tried: unknown = null;
  while (performance.now() < until && !signal.aborted) {
    const lock = await readLockFile(cluster);
    if (lock !== null && (await isPostmaster(lock.pid, cluster))) {
      try {
        return await enter(lock.port, password, cluster);
      } catch (error) {
        // it starts, it stops, or it stopped while we waited to enter
        if (!isUnavailable(error)) throw error;
        tried = error;
      }
      await pause(20);
    } else if ((await startServer(place, lock?.pid ?? null, until)) === 'lock_empty') {
      tried = new Error(
        `${lockOf(cluster)} is empty; if no PostgreSQL of this folder runs, remove that file and try again`,
      );
      await pause(20);
    }
  }
  throw new DatabaseUnavailable(
    `The embedded PostgreSQL in ${place.folder} could not be reached for ${patience / 1000} s ` +
      `(${tried instanceof Error ? tried.message : 'it did not start'}). Its log is ${logOf(place)}.`,
    { cause: tried },
  );
}

async function readPassword(cluster: string): Promise<string> {
  const path = join(cluster, passwordFile);
  const text = await readFile(path, 'utf8').catch(ifMissing);
  if (text !== null) return text.trim();
  throw new DatabaseUnavailable(
    `${cluster} holds a PostgreSQL that kTicket did not make: there is no ${path}. ` +
      'Name another folder with KTICKET_DATA, or set DATABASE_URL.',
  );
}

async function enter(port: number, password: string, cluster: string): Promise<Presence> {
  const connection = (): Client => {
    const client = new Client({
      host: '127.0.0.1',
      port,
      user: superuser,
      password,
      ssl: false,
      database: 'postgres',
      connectionTimeoutMillis: 5_000,
      application_name: 'kticket presence',
    });
    client.on('error', () => {
      // that the server went away is seen by the end of the connection
    });
    return client;
  };
  const client = connection();
  try {
    await client.connect();
    await client.query("set lock_timeout = '30s'");
    await client.query(`select pg_advisory_lock_shared(${presenceLock})`);
    // who stopped it may have been hung up on before us, which handed the lock to us: but it lets nobody new in
    const another = connection();
    await another.connect();
    await another.end();
    return { client, url: `postgres://${superuser}:${password}@127.0.0.1:${port}/kticket?sslmode=disable` };
  } catch (error) {
    await hangUp(client);
    const code = codeOf(error);
    if (code === '28P01' || code === '28000') {
      throw new DatabaseUnavailable(
        `The embedded PostgreSQL does not accept the password in ${join(cluster, passwordFile)}. ` +
          'Put that file back from your backup, or move the data directory away to begin anew.',
        { cause: error },
      );
    }
    // 55P03: the exiting command holds the lock longer than a shutdown takes
    if (code === '55P03') throw new DatabaseUnavailable('it is being stopped', { cause: error });
    throw error;
  }
}

async function hangUp(client: Client): Promise<void> {
  try {
    await client.end();
  } catch (error) {
    // a connection that is gone needs no goodbye
    if (!isUnavailable(error)) throw error;
  }
}

/** Gives the presence up; stops the server where it was the last. */
async function leave(place: ServerPlace, { client }: Presence): Promise<void> {
  const cluster = clusterOf(place);
  try {
    await client.query(`select pg_advisory_unlock_shared(${presenceLock})`);
    const { rows } = await client.query<{ last: boolean }>(
      `select pg_try_advisory_lock(${presenceLock}) as last`,
    );
    if (rows[0]?.last === true) await stopServer(cluster);
  } catch (error) {
    // the server is gone already
    if (!isUnavailable(error)) throw error;
  } finally {
    await hangUp(client);
  }
}

/** A fast shutdown: it hangs up on everybody, writes all to disk, ends. */
async function stopServer(cluster: string): Promise<void> {
  const lock = await readLockFile(cluster);
  if (lock === null) return;
  process.kill(lock.pid, 'SIGINT');
  const until = performance.now() + patience;
  while (await isPostmaster(lock.pid, cluster)) {
    if (performance.now() > until) {
      throw new DatabaseUnavailable(
        `The embedded PostgreSQL (process ${lock.pid}) does not stop. It may be left running: the next command uses it.`,
      );
    }
    await pause(10);
  }
}

// ── starting ─────────────────────────────────────────────────────────────────

const logOf = (place: ServerPlace): string => join(place.folder, 'postgres.log');

/** `lock_empty`: another server has made its lock file and not yet written it, or died just then. */
type Start = 'started' | 'another_runs' | 'lock_empty';

/**
 * Starts a server in a session of its own, so that Ctrl-C on a command does not reach it, and returns when it is
 * ready, or has given way to another one.
 * @param stale the process that an old lock file names and that is no server of ours, or null if there is none
 */
async function startServer(place: ServerPlace, stale: number | null, until: number): Promise<Start> {
  for (const port of [await lastPort(place), await freePort(), await freePort(), await freePort()]) {
    if (port === null) continue;
    const started = await tryStart(place, port, stale, until);
    if (started === 'port_taken') continue;
    if (started === 'started') await writeFile(portFile(place), `${port}\n`, { mode: 0o600 });
    return started;
  }
  throw new DatabaseUnavailable(
    `The embedded PostgreSQL found no port on 127.0.0.1 that it may listen on. Its log is ${logOf(place)}.`,
  );
}

async function tryStart(
  place: ServerPlace,
  port: number,
  stale: number | null,
  until: number,
): Promise<Start | 'port_taken'> {
  const log = await openLog(place);
  try {
    const from = (await log.stat()).size;
    const child = spawn(join(place.binaries, 'postgres'), serverArguments(clusterOf(place), port), {
      ...place.user,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: {
        LC_ALL: 'C',
        TZ: 'UTC',
        // PostgreSQL takes a lock file for stale if its process is this one: after a reboot the number may be another's
        ...(stale === null ? {} : { PG_GRANDPARENT_PID: String(stale) }),
      },
    });
    child.unref();
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? code}`));
    });
    for (;;) {
      const reason = await Promise.race([ended, pause(10, null)]);
      if (reason !== null) return ofFailedStart(place, reason, await readFrom(place, from));
      const lock = await readLockFile(clusterOf(place));
      if (lock !== null && lock.pid === child.pid && lock.ready) return 'started';
      if (performance.now() > until) {
        throw new DatabaseUnavailable(
          `The embedded PostgreSQL is still starting after ${patience / 1000} s. Its log is ${logOf(place)}.`,
        );
      }
    }
  } finally {
    await log.close();
  }
}

function serverArguments(cluster: string, port: number): string[] {
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    // socket paths have a length limit, which data directories do not
    unix_socket_directories: '',
    jit: 'off',
    log_timezone: 'UTC',
    // rows and statements hold mail, and no log does
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
  };
  return ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

function ofFailedStart(
  place: ServerPlace,
  reason: string,
  log: string,
): Exclude<Start, 'started'> | 'port_taken' {
  if (/lock file ".*" is empty/i.test(log)) return 'lock_empty';
  if (/lock file ".*" already exists|pre-existing shared memory block|is being used by another/i.test(log)) {
    return 'another_runs';
  }
  if (/could not bind|could not create any TCP\/IP sockets/i.test(log)) return 'port_taken';
  const full = /No space left on device|Disk quota exceeded/i.test(log);
  const said = log.match(/^.*(?:FATAL|PANIC):\s*(.*)$/m)?.[1] ?? reason;
  throw new DatabaseUnavailable(
    full
      ? `The embedded PostgreSQL cannot start: the disk of ${place.folder} is full. Free some space and try again.`
      : `The embedded PostgreSQL in ${place.folder} does not start: ${said}. Its log is ${logOf(place)}. ` +
          'DATABASE_URL can name a PostgreSQL server of yours instead.',
  );
}

async function openLog(place: ServerPlace): ReturnType<typeof open> {
  const { size } = (await stat(logOf(place)).catch(ifMissing)) ?? { size: 0 };
  return open(logOf(place), size > logLimit ? 'w' : 'a', 0o600);
}

async function readFrom(place: ServerPlace, start: number): Promise<string> {
  return (await readFile(logOf(place))).subarray(start).toString();
}

const portFile = (place: ServerPlace): string => join(place.folder, 'port');

/** The port of the last time: commands that lost a server that was killed find the next one there. */
async function lastPort(place: ServerPlace): Promise<number | null> {
  const text = await readFile(portFile(place), 'utf8').catch(ifMissing);
  const port = Number(text?.trim());
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}

function freePort(): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

// ── whether one runs ─────────────────────────────────────────────────────────

/** The first, fourth and eighth line of `postmaster.pid`, or null if there is none or it is being written. */
async function readLockFile(cluster: string): Promise<{ pid: number; port: number; ready: boolean } | null> {
  const text = await readFile(lockOf(cluster), 'utf8').catch(ifMissing);
  if (text === null) return null;
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3]), ready: lines[7] === 'ready' };
}

/** Whether this process lives and is the server of this cluster: a server works inside its data folder. */
async function isPostmaster(pid: number, cluster: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform === 'linux') {
    return (await readlink(`/proc/${pid}/cwd`).catch(() => null)) === cluster;
  }
  return new Promise((resolve) => {
    let printed = '';
    const ps = spawn('ps', ['-o', 'command=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
    ps.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    ps.once('close', () => resolve(printed.includes(cluster)));
    ps.once('error', () => resolve(false));
  });
}
