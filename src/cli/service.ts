import type { Command } from 'commander';
import { loadConfig, needs } from '../config.ts';
import { createLog } from '../log.ts';
import { connectDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { wrongConfiguration } from './configuration.ts';
import { examples } from './examples.ts';
import { type Act, done, failed } from './outcome.ts';
import { say } from './output.ts';
import { stopRequested } from './stop.ts';
import { version } from './version.ts';

/** `demo [--keep]` */
export function demoCommand(program: Command, act: Act): void {
  program
    .command('demo')
    .description('a day at the desk on this machine, over real IMAP, SMTP and PostgreSQL; needs no settings')
    .option('--keep', 'leave it running and print addresses and passwords for a mail program')
    .addHelpText('after', examples('kticket demo', 'kticket demo --keep'))
    .action(
      act(async (options: { keep?: true }) => {
        const { runDemo } = await import('../demo/demo.ts');
        const code = await runDemo({ keep: options.keep === true }, stopRequested());
        return code === 0 ? done : failed(null);
      }),
    );
}

/** `migrate` */
export function migrateCommand(program: Command, act: Act): void {
  program
    .command('migrate')
    .description('bring the database schema up to date; every command that needs the database does it first')
    .addHelpText('after', examples('kticket migrate'))
    .action(
      act(async () => {
        const loaded = loadConfig(needs.database);
        if (!loaded.ok) return wrongConfiguration(loaded.problems);
        const db = await connectDatabase(loaded.config);
        try {
          const applied = await migrate(db);
          say(applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}`);
          return done;
        } finally {
          await db.close();
        }
      }),
    );
}

/** `run [--once]` */
export function runCommand(program: Command, act: Act): void {
  program
    .command('run')
    .description('the desk itself: read the mailboxes, decide, send, until SIGTERM or Ctrl-C')
    .option('--once', 'take in all that waits, send all that is due, and end')
    .addHelpText(
      'after',
      examples('kticket run', 'kticket run --once    # from cron; 75: something was away'),
    )
    .action(
      act(async (options: { once?: true }) => {
        const loaded = loadConfig(needs.worker);
        if (!loaded.ok) return wrongConfiguration(loaded.problems);
        const { config } = loaded;
        createLog(config.logLevel).info(version());
        return options.once === true ? done : failed(null);
      }),
    );
}
