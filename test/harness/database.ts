import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject, onTestFinished } from 'vitest';
import { connectDatabase, type OpenDatabase } from '../../src/store/db/database.ts';
import { onDatabase, template } from './postgres.ts';

export type ScratchDatabase = {
  db: OpenDatabase;
  /** for a process of its own, as DATABASE_URL */
  url: string;
  /** Closes and drops it, whoever else is still connected. May be called twice. */
  drop(): Promise<void>;
};

/**
 * A database of its own with the schema up to date and nothing in it, copied from the run's template. Called inside a
 * test it is dropped when the test has finished; called in a hook, the caller drops it. One for the file ends with the run.
 */
export async function scratchDatabase(
  lives: 'for the test' | 'for the file' = 'for the test',
): Promise<ScratchDatabase> {
  const server = inject('postgresUrl');
  const name = `scratch_${randomBytes(8).toString('hex')}`;
  await command(server, `create database ${name} template ${template} strategy file_copy`);
  const url = onDatabase(server, name);
  const db = await connectDatabase({ databaseUrl: url, dataDirectory: '' });
  let dropped: Promise<void> | null = null;
  const drop = (): Promise<void> => {
    dropped ??= db.close().then(() => command(server, `drop database ${name} with (force)`));
    return dropped;
  };
  if (lives === 'for the test') dropAfterTest(drop);
  return { db, url, drop };
}

function dropAfterTest(drop: () => Promise<void>): void {
  try {
    onTestFinished(drop);
  } catch {
    // called in a hook, where there is no test to finish
  }
}

async function command(server: string, text: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
