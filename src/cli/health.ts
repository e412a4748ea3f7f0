import type { Command } from 'commander';
import { loadConfig, needs } from '../config.ts';
import type { Sign } from '../core/health.ts';
import { databaseName, examine, isWell } from '../health/examine.ts';
import { DatabaseUnavailable } from '../store/database.ts';
import { wrongConfiguration } from './configuration.ts';
import { usingDatabase } from './database.ts';
import { examples } from './examples.ts';
import { type Act, done, failed } from './outcome.ts';
import { sayJson, sayVerdict } from './output.ts';

/** `health`: whether the desk is well, for people and watchdogs. */
export function healthCommand(program: Command, act: Act): void {
  program
    .command('health')
    .description(
      'whether the desk is well: each mailbox, the oldest mail that waits; exit 1 if anything is not',
    )
    .option('--json', 'as a JSON array')
    .addHelpText(
      'after',
      `
Wrong is a mailbox not read for 10 minutes (or three times POLL_SECONDS), a message undecided for 5 minutes, a mail
due for 10. With HTTP_PORT set the worker serves the same at http://127.0.0.1:HTTP_PORT/healthz, and /metrics.
${examples('kticket health', 'kticket health --json', 'kticket health || systemctl restart kticket')}`,
    )
    .action(
      act(async (options: { json?: true }) => {
        const loaded = loadConfig(needs.worker);
        if (!loaded.ok) return wrongConfiguration(loaded.problems);
        const { config } = loaded;
        try {
          return await usingDatabase(config, async (db) => {
            const signs = await examine(db, config);
            show(signs, options.json === true);
            return isWell(signs) ? done : failed(null);
          });
        } catch (error) {
          if (!(error instanceof DatabaseUnavailable)) throw error;
          const sign: Sign = { how: 'FAIL', what: databaseName(config), words: error.message };
          show([sign], options.json === true);
          return failed(null);
        }
      }),
    );
}

/** One thing a line, or all as JSON: `state` is `ok`, `warn` or `fail`. */
function show(signs: readonly Sign[], json: boolean): void {
  if (json) sayJson(signs.map(({ how, what, words }) => ({ state: how.toLowerCase(), what, words })));
  else for (const { how, what, words } of signs) sayVerdict(`${how.padEnd(4)}  `, `${what}: ${words}`);
}
