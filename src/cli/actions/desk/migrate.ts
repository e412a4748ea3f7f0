import { needs } from '../../../config/config.ts';
import { connectDatabase } from '../../../store/db/database.ts';
import { applyMigrations as bringUpToDate } from '../../../store/db/migrate.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { succeeded, type Outcome } from '../../terminal/outcome.ts';
import { printText } from '../../terminal/print.ts';
import { loadConfig } from '../../../config/load.ts';

/** `migrate` */
export async function migrate(): Promise<Outcome> {
  const loaded = loadConfig(needs.database);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  const db = await connectDatabase(loaded.config);
  try {
    const applied = await bringUpToDate(db);
    printText(applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}`);
    return succeeded;
  } finally {
    await db.close();
  }
}
