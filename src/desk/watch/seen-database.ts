/**
 * How far the desk's database had come when a worker of this machine last saw it, kept in a file beside it: a database that
 * is behind that is an older backup that came back.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Database, nameOfDatabase } from '../../store/db/database.ts';
import { type HowFar, progressOf } from '../../store/mails/restore.ts';

/** Where a database and its file are. */
export type Place = { databaseUrl: string | null; dataDirectory: string };

const progress = z.object({ first: z.string(), runs: z.number(), messages: z.number(), mails: z.number() });
/** `restored`: put there by `kticket restore`, and nobody has been told yet */
const entry = z.union([progress, z.literal('restored')]);
type Entry = z.output<typeof entry>;
const entries = z.array(z.tuple([z.string(), entry]));

/** Most databases that are remembered, those seen last. */
const mostDatabases = 20;

const fileOf = ({ dataDirectory }: Place): string => join(dataDirectory, 'seen.json');
const nameOf = ({ databaseUrl }: Place): string =>
  databaseUrl === null ? 'embedded' : nameOfDatabase(databaseUrl);

/**
 * Whether the database is older than when it was last seen. Another database in the same place is not: it has other first
 * runs. Nothing is known where the file is missing, as on a new machine.
 */
export async function isOlderThanSeen(db: Database, place: Place): Promise<boolean> {
  const [, seen] = read(place).find(([name]) => name === nameOf(place)) ?? [];
  if (seen === undefined) return false;
  if (seen === 'restored') return true;
  const now = await progressOf(db);
  if (now === null || now.first !== seen.first) return false;
  return now.runs < seen.runs || now.messages < seen.messages || now.mails < seen.mails;
}

/** Notes how far the database is. A folder that cannot be written is no error: then it is not noticed. */
export async function noteSeen(db: Database, place: Place): Promise<void> {
  const now: HowFar | null = await progressOf(db);
  if (now !== null) write(place, now);
}

/** Notes that an administrator told of the backup that came back: from here on it is the desk's database. */
export async function noteTold(db: Database, place: Place): Promise<void> {
  write(place, await progressOf(db));
}

/** Notes that a backup has just been put in the place of the embedded database. */
export function noteRestore(dataDirectory: string): void {
  write({ databaseUrl: null, dataDirectory }, 'restored');
}

function read(place: Place): z.output<typeof entries> {
  try {
    return entries.parse(JSON.parse(readFileSync(fileOf(place), 'utf8')));
  } catch {
    // missing or damaged: nothing is known
    return [];
  }
}

/** @param seen null: nothing is known of it */
function write(place: Place, seen: Entry | null): void {
  const name = nameOf(place);
  const others = read(place).filter(([other]) => other !== name);
  const file = fileOf(place);
  const fresh = `${file}.${process.pid}`;
  try {
    mkdirSync(place.dataDirectory, { recursive: true, mode: 0o700 });
    writeFileSync(
      fresh,
      JSON.stringify(seen === null ? others : [...others.slice(1 - mostDatabases), [name, seen]]),
    );
    renameSync(fresh, file);
  } catch {
    // not noticed, then
  }
}
