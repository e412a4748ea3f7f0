import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './dovecot.ts';
import { postgresPrograms as programs } from './servers.ts';

const run = promisify(execFile);
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
