import { loadConfig, needs } from '../../../config/config.ts';
import { connectDatabase } from '../../../store/db/database.ts';
import { migrate as bringUpToDate } from '../../../store/db/migrate.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { done, type Outcome } from '../../terminal/outcome.ts';
import { say } from '../../terminal/print.ts';

/** `migrate` */
export async function migrate(): Promise<Outcome> {
  const loaded = loadConfig(needs.database);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  const db = await connectDatabase(loaded.config);
  try {
    const applied = await bringUpToDate(db);
    say(applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}`);
    return done;
  } finally {
    await db.close();
  }
}
