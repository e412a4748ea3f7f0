import { needs } from '../../../config/config.ts';
import type { Sign } from '../../../health/state.ts';
import { databaseName, examine, isWell } from '../../../health/examine.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { usingDatabase } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { sayVerdict } from '../../terminal/output.ts';
import { sayJson } from '../../terminal/print.ts';
import { loadConfig } from '../../../config/load.ts';
import { DatabaseUnavailable } from '../../../store/unavailable.ts';

/** `health` */
export async function health(options: { json?: true }): Promise<Outcome> {
  const loaded = loadConfig(needs.worker);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  const { config } = loaded;
  try {
    return await usingDatabase(config, async (db) => {
      const signs = await examine(db, config);
      show(signs, options.json === true);
      return isWell(signs) ? succeeded : failed(null);
    });
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    const sign: Sign = { how: 'FAIL', what: databaseName(config), words: error.message };
    show([sign], options.json === true);
    return failed(null);
  }
}

/** Prints one sign a line, or all as JSON: `state` is `ok`, `warn` or `fail`. */
function show(signs: readonly Sign[], json: boolean): void {
  if (json) sayJson(signs.map(({ how, what, words }) => ({ state: how.toLowerCase(), what, words })));
  else for (const { how, what, words } of signs) sayVerdict(`${how.padEnd(4)}  `, `${what}: ${words}`);
}
