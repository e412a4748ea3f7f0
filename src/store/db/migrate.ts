import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Tables } from './schema.ts';
import { packageRoot } from '../../package-root.ts';
import { isUnavailable, MigrationRefused } from '../unavailable.ts';
import { codeOf, messageOf } from '../../log/errors.ts';

const packagedFolder = join(packageRoot, 'migrations');

/**
 * Brings the schema up to date: every `NNNN-name.sql` of the folder that the database has not had, in order of name, all
 * in one transaction. Any number may start at once. A schema that is up to date is only looked at, so that a
 * role without the right to create tables can work with it.
 * @returns names of the migrations applied now, by this or by another process that was quicker
 * @throws MigrationRefused, in words
 */
export async function applyMigrations(
  db: Kysely<Tables>,
  folder: string = packagedFolder,
): Promise<string[]> {
  const known = await readMigrations(folder);
  const missing = missingOf(Object.keys(known), await appliedTo(db));
  if (missing.length === 0) return [];
  const migrator = new Migrator({ db, provider: { getMigrations: async () => known } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return missing;
  // another process may have done it while we were not allowed to, or be a newer program
  if (missingOf(Object.keys(known), await appliedTo(db)).length === 0) return missing;
  if (isUnavailable(error)) throw error;
  const said = messageOf(error);
  if (codeOf(error) === '42501') {
    throw new MigrationRefused(
      `The database's schema lacks ${missing.join(', ')}, and this role may not change it (${said}). ` +
        'Run `kticket migrate` once with a DATABASE_URL whose role owns the tables.',
      { cause: error },
    );
  }
  // invalid_schema_name: of the schemas to look in there is none, or none that the role may use
  if (codeOf(error) === '3F000') {
    throw new MigrationRefused(
      `The role of DATABASE_URL may use no schema of the database (${said}). ` +
        'As the owner of the tables: grant usage on schema public to public.',
      { cause: error },
    );
  }
  throw new MigrationRefused(
    `The database's schema could not be brought up to date (${missing.join(', ')}): ${said}. ` +
      'Nothing of it was changed. DATABASE_URL should name a database that holds nothing but kTicket.',
    { cause: error },
  );
}

/** Names of the migrations this database has had, in order. */
async function appliedTo(db: Kysely<Tables>): Promise<string[]> {
  const table = await sql<{ there: boolean }>`
    select to_regclass('kysely_migration') is not null as there`.execute(db);
  if (table.rows[0]?.there !== true) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map((row) => row.name);
}

function missingOf(known: string[], applied: string[]): string[] {
  const newer = applied.filter((name) => !known.includes(name));
  if (newer.length > 0) {
    throw new MigrationRefused(
      `The database was brought up to date by a newer kTicket (it has ${newer.join(', ')}; this one knows up to ` +
        `${known.at(-1) ?? 'nothing'}). Nothing was changed. Update this kTicket, or use the database's backup from before.`,
    );
  }
  return known.filter((name) => !applied.includes(name));
}

/** By name; the text of one is read when it is applied, since nearly every start finds nothing to apply. */
async function readMigrations(folder: string): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((file) => /^\d{4}-.+\.sql$/.test(file)).toSorted();
  return Object.fromEntries(
    files.map((file) => {
      const migration: Migration = {
        async up(db) {
          const text = await readFile(join(folder, file), 'utf8');
          // a large table may take longer to change than any statement of daily work
          await sql`set local statement_timeout = 0`.execute(db);
          await sql.raw(text).execute(db);
        },
      };
      return [file.slice(0, -'.sql'.length), migration];
    }),
  );
}
