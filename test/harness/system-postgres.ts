import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
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
  /** as whom it runs; null: as ourselves */
  user: { uid: number; gid: number } | null;
  /** Ends the server process, in the mode of `pg_ctl stop`; the data stay. */
  halt(mode: 'fast' | 'immediate'): Promise<void>;
  /** Starts it again on the same port; resolves when it accepts connections. */
  resume(): Promise<void>;
  /** SIGSTOP to all its processes: it answers nothing and closes nothing, until it goes on. */
  freeze(): void;
  goOn(): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
};

/** A server process. `end` resolves when it has ended. */
type Server = { pid: number; end(signal: 'SIGINT' | 'SIGQUIT'): Promise<unknown> };

/** Starts the system's PostgreSQL on a free port with data of its own; as root it runs as `postgres`. */
export async function startSystemPostgres(): Promise<SystemPostgres> {
  const folder = programs;
  if (folder === null) throw new Error('PostgreSQL is not installed');
  const data = await mkdtemp(join(tmpdir(), 'kticket-postgres-'));
  const user = userInfo().uid === 0 ? await postgresUser() : null;
  if (user !== null) await chown(data, user.uid, user.gid);
  await run(
    join(folder, 'initdb'),
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
  const startServer = async (): Promise<Server> => {
    const server = spawn(join(folder, 'postgres'), ['-D', data, ...options], {
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
      pid: server.pid ?? 0,
      end: (signal) => {
        server.kill(signal);
        return exited;
      },
    };
  };
  let server = await startServer();
  let frozen: number[] = [];
  const goOn = (): void => {
    for (const pid of frozen) process.kill(pid, 'SIGCONT');
    frozen = [];
  };
  return {
    url: `postgres://kticket@127.0.0.1:${port}/postgres`,
    programs: folder,
    user,
    async halt(mode) {
      await server.end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    },
    async resume() {
      server = await startServer();
    },
    freeze() {
      // itself first, so that it starts no more
      process.kill(server.pid, 'SIGSTOP');
      frozen = [server.pid];
      for (const pid of childrenOf(server.pid)) {
        process.kill(pid, 'SIGSTOP');
        frozen.push(pid);
      }
    },
    goOn,
    async stop() {
      goOn();
      await server.end('SIGINT');
      await rm(data, { recursive: true, force: true });
    },
  };
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
  return children.trim().split(/\s+/u).filter(Boolean).map(Number);
}

async function postgresUser(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
