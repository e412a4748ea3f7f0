import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './dovecot.ts';

const run = promisify(execFile);
const versions = '/usr/lib/postgresql';

/** Where the newest PostgreSQL of the system keeps its programs, client tools included; null: none is installed. */
const programs: string | null =
  (existsSync(versions) ? readdirSync(versions) : [])
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, 'bin'))
    .find((folder) =>
      ['initdb', 'postgres', 'pg_dump', 'pg_restore', 'psql'].every((name) => existsSync(join(folder, name))),
    ) ?? null;

/** Whether suites that need the system's PostgreSQL can run; an error where they must (KTICKET_REQUIRE_SERVERS=1). */
export function systemPostgresAvailable(): boolean {
  if (programs !== null) return true;
  const how = 'apt-get install postgresql';
  if (process.env['KTICKET_REQUIRE_SERVERS'] === '1') {
    throw new Error(`the tests against a PostgreSQL server must run here, but it is missing: ${how}`);
  }
  process.stderr.write(`left out: the tests against a PostgreSQL server of the system (${how})\n`);
  return false;
}

export type SystemPostgres = {
  /** of its empty database */
  url: string;
  /** folder of its programs, for PATH */
  programs: string;
  stop(): Promise<void>;
};

/** Starts the system's PostgreSQL on a free port with data of its own; as root it runs as `postgres`. */
export async function startSystemPostgres(): Promise<SystemPostgres> {
  if (programs === null) throw new Error('PostgreSQL is not installed');
  const data = await mkdtemp(join(tmpdir(), 'kticket-postgres-'));
  const user = userInfo().uid === 0 ? await postgresUser() : null;
  if (user !== null) await chown(data, user.uid, user.gid);
  await run(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'kticket', '--auth=trust', '-E', 'UTF8', '--no-sync'],
    {
      ...user,
      cwd: data,
    },
  );
  const port = await freePort();
  const settings = {
    port: `${port}`,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...options], {
    ...user,
    cwd: data,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(server, 'exit');
  let said = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-5_000);
      if (said.includes('ready to accept connections')) resolve();
    });
    void exited.then(() => reject(new Error(`PostgreSQL did not start: ${said}`)));
  });
  return {
    url: `postgres://kticket@127.0.0.1:${port}/postgres`,
    programs,
    async stop() {
      server.kill('SIGINT');
      await exited;
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
