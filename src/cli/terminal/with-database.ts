import { needs } from '../../config/config.ts';
import { type Database, type OpenDatabase, openDatabase } from '../../store/db/database.ts';
import { wrongConfiguration } from './with-configuration.ts';
import { succeeded, type Outcome } from './outcome.ts';
import { printText } from './print.ts';
import type { Config } from '../../config/settings.ts';
import { loadConfig } from '../../config/load.ts';
import { holdsDatabase } from '../../store/embedded/place.ts';

/** The settings a database is opened with. */
export type DatabaseConfig = Pick<Config, 'databaseUrl' | 'dataDirectory' | 'logLevel'>;

/** Runs a command that reads the database, with its configuration, schema and closing. */
export async function withDatabase(command: (db: Database) => Promise<Outcome>): Promise<Outcome> {
  const loaded = loadConfig(needs.database);
  return loaded.ok ? usingDatabase(loaded.config, command) : wrongConfiguration(loaded.problems);
}

/**
 * Runs a command that lists what the desk has done. If there is no embedded database yet, it says so and creates none.
 * @param none prints the list for a program to which that is an empty list; null: people read it
 */
export async function withDesk(
  none: (() => Promise<void>) | null,
  command: (db: Database) => Promise<Outcome>,
): Promise<Outcome> {
  const loaded = loadConfig(needs.database);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  const { databaseUrl, dataDirectory } = loaded.config;
  if (databaseUrl !== null || holdsDatabase(dataDirectory)) return usingDatabase(loaded.config, command);
  if (none !== null) await none();
  else
    printText(
      `There is no desk in ${dataDirectory} yet. To begin one: kticket setup; or by hand kticket company add, ` +
        'kticket staff add, kticket check, then kticket run.\nIf yours is elsewhere, KTICKET_DATA names its folder and DATABASE_URL its PostgreSQL; ' +
        'without them every user has a folder of their own.',
    );
  return succeeded;
}

/** Runs a command that writes, in one transaction: a refused command changes nothing. */
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
