import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { connectDatabase } from '../../src/store/db/database.ts';
import { openEmbedded } from '../../src/store/embedded/embedded.ts';
import { preparePlace } from '../../src/store/embedded/place.ts';
import { applyMigrations } from '../../src/store/db/migrate.ts';
import { openCompileCache } from '../faults/compile-cache.ts';
import { buildProgram } from './built.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** of the run's PostgreSQL; scratchDatabase() makes databases on it */
    postgresUrl: string;
    /** of the program, built for the run as it is for its package */
    launcher: string;
  }
}

/** Its schema is up to date; every scratch database is a copy of it. */
export const template = 'kticket_template';

/**
 * One embedded PostgreSQL for the whole run, with data of its own: parallel runs do not interfere. Compiled files of the
 * command line are kept for the run, too, because it is started hundreds of times.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'kticket-test-'));
  const embedded = await openEmbedded(directory);
  const admin = new Client({ connectionString: embedded.url });
  await admin.connect();
  // the run's data ends with the run: no test pulls the plug of the machine
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    await admin.query(`alter system set ${setting} = off`);
  }
  await admin.query('select pg_reload_conf()');
  await admin.query(`create database ${template}`);
  await admin.end();
  const databaseUrl = onDatabase(embedded.url, template);
  const db = await connectDatabase({ databaseUrl, dataDirectory: directory });
  await applyMigrations(db);
  await db.close();
  project.provide('postgresUrl', embedded.url);
  const compiled = await openCompileCache();
  Object.assign(process.env, compiled.env);
  const built = await buildProgram();
  project.provide('launcher', built.launcher);
  return async () => {
    await Promise.all([compiled.remove(), built.remove()]);
    const { folder } = await preparePlace(directory);
    await embedded.close();
    await rm(folder, { recursive: true, force: true });
    await rm(directory, { recursive: true, force: true });
  };
}

/** The URL of another database of the same server. */
export function onDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
