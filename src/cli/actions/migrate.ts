import { loadConfig, needs } from '../../config.ts';
import { connectDatabase } from '../../store/database.ts';
import { migrate as bringUpToDate } from '../../store/migrate.ts';
import { wrongConfiguration } from '../configuration.ts';
import { done, type Outcome } from '../outcome.ts';
import { say } from '../say.ts';

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
