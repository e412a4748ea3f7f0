import { type Command, Option } from 'commander';
import { type Config, loadConfig, needs } from '../config.ts';
import type { Desk } from '../desk.ts';
import { createLog, type Log } from '../log.ts';
import { type HealthServer, serveHealth } from '../health/server.ts';
import { verifySmtp } from '../mail/smtp.ts';
import { connectDatabase, nameOfDatabase, type OpenDatabase } from '../store/database.ts';
import { restoredAt } from '../store/restore.ts';
import { migrate } from '../store/migrate.ts';
import { port } from './arguments.ts';
import { wrongConfiguration } from './configuration.ts';
import { usingDatabase } from './database.ts';
import { examples } from './examples.ts';
import { type Act, done, failed, type Outcome, tryAgain, wrongUse } from './outcome.ts';
import { say } from './output.ts';
import { restoredWords } from './restored.ts';
import { stopRequested } from './stop.ts';
import { version } from './version.ts';

/** `demo [--keep | --web [--port N]]` */
export function demoCommand(program: Command, act: Act): void {
  program
    .command('demo')
    .description('a day at the desk on this machine, over real IMAP, SMTP and PostgreSQL; needs no settings')
    .option('--keep', 'leave it running and print addresses and passwords for a mail program')
    .addOption(
      new Option('--web', "no story: a page with everybody's mailbox, to try it yourself").conflicts('keep'),
    )
    .option('--port <number>', 'with --web: the port of 127.0.0.1 (default: a free one)', port)
    .addHelpText(
      'after',
      examples(
        'kticket demo',
        'kticket demo --keep',
        'kticket demo --web',
        'LOCALE=en kticket demo --web --port 8080    # in English',
      ),
    )
    .action(
      act(async (options: { keep?: true; web?: true; port?: number }) => {
        if (options.web === true) return playground(options.port ?? 0);
        if (options.port !== undefined)
          return wrongUse('--port is the port of the page: give it with --web.');
        const { runDemo } = await import('../demo/demo.ts');
        const settings = loadConfig(needs.demo);
        const wantsEnglish = settings.ok && settings.config.locale === 'en';
        const code = await runDemo({ keep: options.keep === true, wantsEnglish }, stopRequested());
        return code === 0 ? done : failed(null);
      }),
    );
}

/** `demo --web`: LOCALE says the language of the page and of the mails. */
async function playground(wanted: number): Promise<Outcome> {
  const loaded = loadConfig(needs.demo);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  const { runPlayground } = await import('../demo/playground/run.ts');
  try {
    await runPlayground({ port: wanted, ...loaded.config }, stopRequested());
    return done;
  } catch (error) {
    if (!isTaken(error)) throw error;
    return failed(`--port: ${wanted} cannot be listened on (${error.message}). Name another, or none.`);
  }
}

function isTaken(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
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
        return usingDatabase(loaded.config, (db) => work(loaded.config, db, options.once === true));
      }),
    );
}

/** The desk at work until it is asked to stop, or once. */
async function work(config: Config, db: OpenDatabase, once: boolean): Promise<Outcome> {
  const [{ openDesk }, { TemplateError }, { runOnce, runWorker }] = await Promise.all([
    import('../desk.ts'),
    import('../templates.ts'),
    import('../worker.ts'),
  ]);
  const log = createLog(config.logLevel);
  let desk: Desk;
  try {
    desk = openDesk(config, db, log);
  } catch (error) {
    if (error instanceof TemplateError) return failed(error.message);
    throw error;
  }
  announce(config, log);
  const held = await restoredAt(db);
  if (held !== null) log.warn(restoredWords(held));
  const signal = stopRequested(() => desk.reloadTemplates());
  try {
    if (!once) return await atWork(config, db, log, () => runWorker(desk.deps, signal));
    if ((await runOnce(desk.deps, signal)) !== 'done') return tryAgain(unreachable);
    // where nothing was due nobody has asked the mail server yet
    for (const settings of [config.smtp, ...config.queueSmtp]) {
      const smtp = await verifySmtp(settings, desk.tokens);
      if (smtp.ok) continue;
      log.error({ loop: 'sending' }, smtp.why);
      return tryAgain(unreachable);
    }
    return done;
  } finally {
    await desk.close();
  }
}

/** The worker, with its health served beside it where HTTP_PORT asks for that. */
async function atWork(
  config: Config,
  db: OpenDatabase,
  log: Log,
  runUntilStopped: () => Promise<void>,
): Promise<Outcome> {
  if (config.httpPort === null) {
    await runUntilStopped();
    return done;
  }
  let health: HealthServer;
  try {
    health = await serveHealth(config.httpPort, db, config, log);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed(`HTTP_PORT: the health of the desk cannot be served: ${why}. Name another port.`);
  }
  try {
    log.info({ port: health.port }, 'health is served at /healthz and /metrics of 127.0.0.1');
    await runUntilStopped();
    return done;
  } finally {
    await health.close();
  }
}

const unreachable = 'Not everything could be reached; the log says what. Try again.';

/** The first line of the log: what runs here, and what an admin should know about whose word counts. */
function announce(config: Config, log: Log): void {
  const { databaseUrl, dataDirectory, desk, mailboxes, smtp, authenticity } = config;
  log.info(
    {
      version: version(),
      desk: desk.address,
      mailboxes: mailboxes.map(({ name }) => name),
      smtp: smtp.name,
      database: databaseUrl === null ? dataDirectory : nameOfDatabase(databaseUrl),
      authenticity,
    },
    `kTicket ${version()} starts`,
  );
  if (authenticity === 'token') {
    log.warn(
      'AUTHENTICITY=token: staff commands count by their reply address alone, no verdict is asked for',
    );
  }
}
