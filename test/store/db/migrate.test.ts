import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import {
  connectDatabase,
  type Database,
  type OpenDatabase,
  openDatabase,
} from '../../../src/store/db/database.ts';
import { applyMigrations } from '../../../src/store/db/migrate.ts';
import { scratchDatabase } from '../../harness/database.ts';

const migrations = fileURLToPath(new URL('../../../migrations/', import.meta.url));

async function known(): Promise<string[]> {
  return (await readdir(migrations)).map((file) => file.replace(/\.sql$/, '')).toSorted();
}

/** A second connection pool on a database, as another process has it. */
async function another(url: string): Promise<OpenDatabase> {
  const db = await connectDatabase({ databaseUrl: url, dataDirectory: '' });
  onTestFinished(() => db.close());
  return db;
}

/** A database without any schema. */
async function emptyDatabase() {
  const scratch = await scratchDatabase();
  await sql`drop schema public cascade`.execute(scratch.db);
  await sql`create schema public`.execute(scratch.db);
  return scratch;
}

/** The program's migrations and one more. */
async function folderWith(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kticket-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(migrations, folder, { recursive: true });
  await writeFile(join(folder, name), text);
  return folder;
}

test('a new database gets every migration, and the second time nothing is done', async () => {
  const { db } = await emptyDatabase();
  expect(await applyMigrations(db)).toEqual(await known());
  expect(await applyMigrations(db)).toEqual([]);
});

test('any number that start at once migrate once', async () => {
  const { url } = await emptyDatabase();
  const all = await Promise.all([another(url), another(url), another(url), another(url)]);
  await Promise.all(all.map((db) => applyMigrations(db)));
  const [first] = all;
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    first,
  );
  expect(rows.map(({ name }) => name)).toEqual(await known());
  expect(await first.selectFrom('category').select('name').execute()).toEqual([{ name: 'Altro' }]);
});

test('a database newer than the program is refused, and not touched', async () => {
  const { db, url } = await scratchDatabase();
  const folder = await folderWith('9999-later.sql', 'create table later (n int);');
  expect(await applyMigrations(db, folder)).toEqual(['9999-later']);
  await expect(applyMigrations(db)).rejects.toThrow(
    /newer kTicket \(it has 9999-later; .*Update this kTicket/,
  );
  await expect(openDatabase({ databaseUrl: url, dataDirectory: '' })).rejects.toThrow('newer kTicket');
});

test('a migration that fails leaves the schema as it was, and is named', async () => {
  const { db } = await scratchDatabase();
  const folder = await folderWith('9999-bad.sql', 'create table half (n int); select nonsense;');
  await expect(applyMigrations(db, folder)).rejects.toThrow(/9999-bad.*nonsense.*Nothing of it was changed/s);
  const { rows } = await sql`select to_regclass('half') as half`.execute(db);
  expect(rows).toEqual([{ half: null }]);
});

/** The URL of this database for a role of its own, which is granted its tables' rows and nothing else. */
async function asRestricted({ db, url }: { db: Database; url: string }): Promise<string> {
  const role = `restricted_${randomUUID().replaceAll('-', '')}`;
  await sql.raw(`create role ${role} login password 'pw'`).execute(db);
  await sql.raw(`grant select, insert, update, delete on all tables in schema public to ${role}`).execute(db);
  onTestFinished(async () => {
    await sql.raw(`drop owned by ${role}; drop role ${role}`).execute(db);
  });
  const restricted = new URL(url);
  restricted.username = role;
  restricted.password = 'pw';
  return restricted.href;
}

test('a role that may not create works with a schema that is up to date, and is told what to do with another', async () => {
  const scratch = await scratchDatabase();
  const worker = await openDatabase({ databaseUrl: await asRestricted(scratch), dataDirectory: '' });
  onTestFinished(() => worker.close());
  expect(await worker.selectFrom('category').select('name').execute()).toEqual([{ name: 'Altro' }]);
  const folder = await folderWith('9999-later.sql', 'create table later (n int);');
  await expect(applyMigrations(worker, folder)).rejects.toThrow(/lacks 9999-later.*kticket migrate/);
});

test('a role that may not look into the schema is told to ask for that, not that the schema is old', async () => {
  const empty = await emptyDatabase();
  await applyMigrations(empty.db);
  await expect(applyMigrations(await another(await asRestricted(empty)))).rejects.toThrow(
    'The role of DATABASE_URL may use no schema of the database',
  );
});
