/** The embedded PostgreSQL's data: made once, whole or not at all. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ifMissing, ifThere, type ServerPlace } from './place.ts';
import { DatabaseUnavailable } from '../unavailable.ts';

export const superuser = 'kticket';
/** Lies inside the cluster, so that both are there or neither. */
export const passwordFile = 'kticket-password';

const run = promisify(execFile);
const environment = { LC_ALL: 'C', TZ: 'UTC' };
const staleAfter = 60 * 60_000;

/**
 * Makes the cluster `postgres` in the place's folder where there is none: UTF-8 whatever the system's locale, closed
 * to everyone but its user and by password, with the empty database `kticket`. It is made beside and renamed, so that a
 * kill in the middle leaves nothing half done; of two who make it at once, one is kept.
 * @throws DatabaseUnavailable, in words
 */
export async function ensureCluster(place: ServerPlace): Promise<void> {
  const version = await readFile(join(place.folder, 'postgres/PG_VERSION'), 'utf8').catch(ifMissing);
  if (version === null) {
    await removeAbandoned(place);
    await makeCluster(place);
    return;
  }
  const { stdout } = await run(join(place.binaries, 'postgres'), ['--version'], {
    ...place.user,
    cwd: '/',
    env: environment,
  });
  const program = /(\d+)/.exec(stdout)?.[1];
  if (program !== version.trim()) {
    throw new DatabaseUnavailable(
      `The data in ${place.folder} was written by PostgreSQL ${version.trim()}, this kTicket brings PostgreSQL ${program}. ` +
        'Copy it over with pg_dump of the older kTicket, or set DATABASE_URL to a server that holds it.',
    );
  }
}

async function makeCluster(place: ServerPlace): Promise<void> {
  const half = join(place.folder, `postgres.new-${randomUUID()}`);
  const passwordPath = `${half}.password`;
  try {
    await mkdir(half, { mode: 0o700 });
    await writeFile(passwordPath, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flush: true });
    if (place.user !== null) {
      await chown(half, place.user.uid, place.user.gid);
      await chown(passwordPath, place.user.uid, place.user.gid);
    }
    await runAsServer(place, 'initdb', [
      `--pgdata=${half}`,
      `--username=${superuser}`,
      `--pwfile=${passwordPath}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ]);
    const settings = ['-c', 'unix_socket_directories=', '-c', 'log_checkpoints=off'];
    await runAsServer(
      place,
      'postgres',
      ['--single', '-D', half, ...settings, 'postgres'],
      `create database kticket owner ${superuser}\n`,
    );
    await rename(passwordPath, join(half, passwordFile));
    // another command may have been quicker
    await rename(half, join(place.folder, 'postgres')).catch(ifThere);
    const folder = await open(place.folder);
    await folder.sync();
    await folder.close();
  } finally {
    await rm(half, { recursive: true, force: true });
    await rm(passwordPath, { force: true });
  }
}

/** Removes clusters left unfinished by commands killed long ago. */
async function removeAbandoned(place: ServerPlace): Promise<void> {
  for (const name of await readdir(place.folder)) {
    if (!name.startsWith('postgres.new-')) continue;
    const path = join(place.folder, name);
    const found = await stat(path).catch(ifMissing);
    if (found !== null && Date.now() - found.mtimeMs > staleAfter) {
      await rm(path, { recursive: true, force: true });
    }
  }
}

function runAsServer(place: ServerPlace, program: string, given: string[], input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(place.binaries, program), given, {
      ...place.user,
      cwd: '/',
      env: environment,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdin.on('error', (error) => {
      said += error.message;
    });
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0 && !/\b(?:ERROR|FATAL):/.test(said)) resolve();
      else reject(failure(place, program, said.trim() || `it ended with ${signal ?? code}`));
    });
  });
}

function failure(place: ServerPlace, program: string, said: string): DatabaseUnavailable {
  if (/No space left on device|Disk quota exceeded/i.test(said)) {
    return new DatabaseUnavailable(
      `There is no room for a database in ${place.folder}: the disk is full (about 60 MB are needed). ` +
        'Free some space, or name another folder with KTICKET_DATA.',
    );
  }
  return new DatabaseUnavailable(
    `The embedded PostgreSQL could not be set up in ${place.folder}: ${program} said "${said.split('\n').slice(-3).join(' ')}". ` +
      'KTICKET_DATA can name another folder, DATABASE_URL a PostgreSQL server of yours.',
  );
}
