/**
 * Backups of the embedded PostgreSQL, whose package brings no pg_dump: a base backup that the running server itself
 * streams (BASE_BACKUP of the replication protocol), as a tar of its data folder with the log it needs to be consistent.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { chown, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { Client, type Connection, Query } from 'pg';
import { isServed, openEmbedded } from './embedded.ts';
import { ifMissing, preparePlace } from './place.ts';
import { messageOf } from '../../log/errors.ts';

/**
 * Writes a backup of the whole server to a new file, while others work with it. The file is there whole or not at all.
 * @param url of the embedded database
 * @returns its size in bytes
 */
export async function backUpEmbedded(url: string, file: string): Promise<number> {
  const half = `${file}.partial`;
  const client = new Client({ connectionString: `${url}&replication=true` });
  client.on('error', () => {
    // what is under way rejects with it
  });
  try {
    await client.connect();
    const tar = new PassThrough();
    const written = pipeline(tar, createGzip(), createWriteStream(half, { mode: 0o600, flush: true }));
    await Promise.all([written, baseBackup(client, tar)]);
    await rename(half, file);
    const folder = await open(dirname(file));
    await folder.sync();
    await folder.close();
    return (await stat(file)).size;
  } finally {
    await client.end();
    await rm(half, { force: true });
  }
}

/** Asks for a base backup and writes its one archive to `out`, which it ends. */
async function baseBackup(client: Client, out: Writable): Promise<void> {
  const query = new BaseBackup(out);
  const ended = new Promise<void>((resolve, reject) => {
    query.on('end', () => resolve());
    query.on('error', reject);
  });
  client.query(query);
  try {
    await ended;
    out.end();
  } catch (error) {
    out.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

class BaseBackup extends Query {
  readonly #out: Writable;
  #paused = false;

  constructor(out: Writable) {
    super("BASE_BACKUP (LABEL 'kticket', CHECKPOINT 'fast', WAL true, MANIFEST 'no')");
    this.#out = out;
  }

  /** Called by pg for each message of the stream: `n` begins an archive, `d` is its data, `p` how far it is. */
  handleCopyData({ chunk }: { chunk: Buffer }, { stream }: Connection): void {
    if (chunk[0] !== data) return;
    // a copy: pg writes the next messages over these bytes
    if (this.#out.write(Buffer.from(chunk.subarray(1))) || this.#paused) return;
    this.#paused = true;
    stream.pause();
    const resume = (): void => {
      this.#out.off('drain', resume).off('close', resume);
      this.#paused = false;
      stream.resume();
    };
    // closed early, it failed: the rest of the stream is thrown away
    this.#out.on('drain', resume).on('close', resume);
  }
}

const data = 'd'.charCodeAt(0);

/** The new place of the old data, or null if there was none. Or why nothing was done, in words. */
export type RestoredCluster = { ok: true; before: string | null } | { ok: false; why: string };

/**
 * Puts a backup in the place of the data folder's database, which is moved aside and kept. The next command starts it.
 * @param file as `backUpEmbedded` wrote it
 */
export async function restoreEmbedded(dataDirectory: string, file: string): Promise<RestoredCluster> {
  const place = await preparePlace(dataDirectory);
  if (await isServed(place)) {
    // a server that a killed worker left running stops with the last one to leave
    await (await openEmbedded(dataDirectory)).close();
    if (await isServed(place))
      return { ok: false, why: 'The desk is at work. Stop `kticket run` and try again.' };
  }
  const cluster = join(place.folder, 'postgres');
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/gu, '');
  const unpacked = join(place.folder, `postgres.unpacked-${stamp}`);
  try {
    await mkdir(unpacked, { mode: 0o700 });
    if (place.user !== null) await chown(unpacked, place.user.uid, place.user.gid);
    const why = await unpack(file, unpacked, place.user);
    if (why !== null) return { ok: false, why };
    const before = (await stat(cluster).catch(ifMissing)) === null ? null : `${cluster}.before-${stamp}`;
    if (before !== null) await rename(cluster, before);
    await rename(unpacked, cluster);
    return { ok: true, before };
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

/** Unpacks as the server's user, who must own the files. @returns null for a complete backup of ours; otherwise why it is not, in words */
async function unpack(
  file: string,
  into: string,
  user: { uid: number; gid: number } | null,
): Promise<string | null> {
  // -i: it reads to the end of the file; ending with the archive, sooner, it would break off who still writes to it
  const tar = spawn('tar', ['-xif', '-', '-C', into], { ...user, stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  tar.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = once(tar, 'close');
  try {
    await pipeline(createReadStream(file), createGunzip(), tar.stdin);
  } catch (error) {
    said += messageOf(error);
  }
  const [code] = await ended;
  const isWhole =
    code === 0 && said === '' && (await stat(join(into, 'backup_label')).catch(ifMissing)) !== null;
  return isWhole
    ? null
    : `${file} is no whole backup of an embedded database (${said.trim().replaceAll(/\s*\n\s*/g, '; ') || 'no backup_label in it'}). ` +
        'Expected the file that `kticket backup` wrote, as it was written. Nothing was changed.';
}
