import { type RawBuilder, sql } from 'kysely';
import { onTestFinished } from 'vitest';
import type { OpenDatabase } from '../../src/store/db/database.ts';
import { type ScratchDatabase, scratchDatabase } from './database.ts';

/** A database that test after test of one file may have, and what makes it empty again. */
type Reused = ScratchDatabase & { empty: RawBuilder<unknown>; schema: string };

/** At most one: each keeps its connections. */
let free: Reused | null = null;

/**
 * An empty database like `scratchDatabase()`, which the next test of the file gets once this one has let it go: copying one costs a
 * test most of its time. Only for tests whose work has ended when they drop it. One whose schema was changed is not used again.
 * Called inside a test it is dropped when the test has finished.
 */
export async function reusedDatabase(): Promise<ScratchDatabase> {
  const database = free ?? (await firstUse(await scratchDatabase('for the file')));
  free = null;
  let dropped: Promise<void> | null = null;
  const drop = (): Promise<void> => {
    dropped ??= giveBack(database);
    return dropped;
  };
  try {
    onTestFinished(drop);
  } catch {
    // called in a hook, where there is no test to finish
  }
  return { db: database.db, url: database.url, drop };
}

async function giveBack(database: Reused): Promise<void> {
  if (free !== null || (await schemaOf(database.db)) !== database.schema) return database.drop();
  await database.empty.execute(database.db);
  free = database;
}

/** Notes what the migrations wrote, which an empty database holds. */
async function firstUse(scratch: ScratchDatabase): Promise<Reused> {
  const { db } = scratch;
  const tables = await tablesOf(db);
  const kept = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await sql<{ rows: string | null }>`
        select json_agg(held)::text as rows from ${sql.table(table)} held`.execute(db);
      return { table, rows: rows[0]?.rows ?? null };
    }),
  );
  const sequences = await sequencesOf(db);
  // one statement: tables in no order, since no foreign key is looked at in it
  const steps = [
    `perform set_config('session_replication_role', 'replica', true);`,
    ...tables.map((table) => `delete from "${table}";`),
    ...kept.flatMap(({ table, rows }) =>
      rows === null
        ? []
        : [
            `insert into "${table}" overriding system value select * from json_populate_recordset(null::"${table}", ${quoted(rows)});`,
          ],
    ),
    ...sequences.map(
      ({ name, at, called }) => `perform setval(${quoted(name)}::regclass, ${at}, ${called});`,
    ),
    'perform lo_unlink(oid) from pg_largeobject_metadata;',
  ];
  return {
    ...scratch,
    schema: await schemaOf(db),
    empty: sql.raw(`do $empty$ begin ${steps.join('\n')} end $empty$`),
  };
}

/** Tables of the schema, but for the list of migrations. */
async function tablesOf(db: OpenDatabase): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables
     where schemaname = 'public' and tablename not like 'kysely%' order by name`.execute(db);
  return rows.map(({ name }) => name);
}

async function sequencesOf(db: OpenDatabase): Promise<{ name: string; at: number; called: boolean }[]> {
  const { rows } = await sql<{ name: string; at: number; called: boolean }>`
    select format('%I', sequencename) as name, coalesce(last_value, start_value) as at, last_value is not null as called
      from pg_sequences where schemaname = 'public'`.execute(db);
  return rows;
}

/** What tells a changed schema: how many of each, and which transaction wrote the newest. */
async function schemaOf(db: OpenDatabase): Promise<string> {
  const { rows } = await sql<{ schema: string }>`
    select concat_ws(' ', (select count(*) from pg_trigger), (select max(oid) from pg_trigger),
                     (select count(*) from pg_proc), (select max(oid) from pg_proc),
                     (select count(*) from pg_attribute), (select count(*) from pg_constraint),
                     (select max(oid) from pg_constraint), (select max(oid) from pg_class)) as schema`.execute(
    db,
  );
  return rows[0]?.schema ?? '';
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
