import { type Config, loadConfig, needs } from '../config.ts';
import { type Database, type OpenDatabase, openDatabase } from '../store/database.ts';
import { wrongConfiguration } from './configuration.ts';
import type { Outcome } from './outcome.ts';

/** The settings a database is opened with. */
export type DatabaseConfig = Pick<Config, 'databaseUrl' | 'dataDirectory' | 'logLevel'>;

/** Runs a command that reads the database: configuration, schema and closing are seen to. */
export async function withDatabase(command: (db: Database) => Promise<Outcome>): Promise<Outcome> {
  const loaded = loadConfig(needs.database);
  return loaded.ok ? usingDatabase(loaded.config, command) : wrongConfiguration(loaded.problems);
}

/** Runs a command that writes, in one transaction: what it refuses leaves nothing behind. */
export async function writing(command: (db: Database) => Promise<Outcome>): Promise<Outcome> {
  return withDatabase(async (db) => {
    const transaction = await db.startTransaction().execute();
    try {
      const outcome = await command(transaction);
      await (outcome.exit === 0 ? transaction.commit() : transaction.rollback()).execute();
      return outcome;
    } catch (error) {
      if (!transaction.isCommitted) await transaction.rollback().execute();
      throw error;
    }
  });
}

/** Opens the database with its schema up to date, runs a command with it, and closes it whatever happens. */
export async function usingDatabase(
  config: DatabaseConfig,
  command: (db: OpenDatabase) => Promise<Outcome>,
): Promise<Outcome> {
  const db = await openDatabase(config);
  try {
    return await command(db);
  } finally {
    await db.close();
  }
}
