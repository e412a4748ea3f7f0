import { setFlagsFromString } from 'node:v8';
import { needs } from '../../../config/config.ts';
import { type Desk, openDesk } from '../../../desk/desk.ts';
import { type HealthServer, serveHealth } from '../../../health/server.ts';
import { createLog, type Log } from '../../../log/log.ts';
import { styleOfLog } from '../../../log/plain.ts';
import { verifySmtp } from '../../../mail/smtp/smtp.ts';
import { nameOfDatabase, type OpenDatabase } from '../../../store/db/database.ts';
import { noteStart, noteStop } from '../../../store/mails/outages.ts';
import { isUnavailable } from '../../../store/unavailable.ts';
import { restoredAt } from '../../../store/mails/restore.ts';
import { isOlderThanSeen, noteSeen } from '../../../desk/watch/seen-database.ts';
import { runOnce, runWorker } from '../../../desk/worker.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { usingDatabase } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome, tryAgain } from '../../terminal/outcome.ts';
import {
  noStaffWords,
  restoredWords,
  strayWords,
  unreadWords,
  untoldRestoreWords,
} from '../../check/notices.ts';
import { stopRequested } from '../../terminal/stop.ts';
import { version } from '../../terminal/version.ts';
import type { Config } from '../../../config/settings.ts';
import { linesNobodyReads, loadConfig, namesNobodyReads } from '../../../config/load.ts';
import { TemplateError } from '../../../templates/error.ts';
import { messageOf } from '../../../log/errors.ts';
import { listStaff } from '../../../store/directory/staff.ts';
import { collectAtRest } from '../../../memory.ts';

/** `run [--once]` */
export async function run(options: { once?: true }): Promise<Outcome> {
  const loaded = loadConfig(needs.worker);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  return usingDatabase(loaded.config, (db) => work(loaded.config, db, options.once === true));
}

/** The desk at work until it is asked to stop, or once. */
async function work(config: Config, db: OpenDatabase, once: boolean): Promise<Outcome> {
  const log = createLog(config.logLevel, styleOfLog(config.logFormat, config.timeZone));
  const held = await restoredAt(db);
  if (held === null && (await isOlderThanSeen(db, config))) return failed(untoldRestoreWords);
  let desk: Desk;
  try {
    desk = openDesk(config, db, log);
  } catch (error) {
    if (error instanceof TemplateError) return failed(error.message);
    throw error;
  }
  keepHeapSmall();
  announce(config, log);
  if (held !== null) log.warn(restoredWords(held));
  for (const name of namesNobodyReads()) log.warn(unreadWords(name));
  for (const stray of linesNobodyReads()) log.warn(strayWords(stray));
  if ((await listStaff(db)).every((one) => one.disabled)) log.warn(noStaffWords);
  await unlessAway(noteSeen(db, config));
  const seen = setInterval(() => void unlessAway(noteSeen(db, config)), seenEvery);
  const signal = stopRequested(() => desk.reloadTemplates());
  try {
    if (!once) return await atWork(config, db, log, () => noting(db, () => runWorker(desk.deps, signal)));
    if ((await runOnce(desk.deps, signal)) !== 'done') return tryAgain(unreachable);
    // where nothing was due nobody has asked the mail server yet
    for (const settings of [config.smtp, ...config.queueSmtp]) {
      const smtp = await verifySmtp(settings, desk.tokens);
      if (smtp.ok) continue;
      log.error({ loop: 'sending' }, smtp.why);
      return tryAgain(unreachable);
    }
    return succeeded;
  } finally {
    clearInterval(seen);
    await unlessAway(noteSeen(db, config));
    await desk.close();
  }
}

/** Milliseconds between notes of how far the database is. */
const seenEvery = 60_000;

/**
 * From now on the heap grows in small steps, the space for what is new no more, and at rest all garbage is collected: what a
 * mail leaves is garbage soon, of which V8, left alone, keeps hundreds of megabytes. By these flags, since they count in a
 * process that runs already, however it was started.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=40');
  setFlagsFromString('--semi-space-growth-factor=1');
  collectAtRest();
}

/** Notes when the worker starts and that it has stopped, for `kticket log`; a database that is away just then takes no note. */
async function noting(db: OpenDatabase, runUntilStopped: () => Promise<void>): Promise<void> {
  const id = await unlessAway(noteStart(db, version()));
  await runUntilStopped();
  if (id !== null) await unlessAway(noteStop(db, id));
}

async function unlessAway<T>(note: Promise<T>): Promise<T | null> {
  return note.catch((error: unknown) => {
    if (!isUnavailable(error)) throw error;
    return null;
  });
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
    return succeeded;
  }
  let health: HealthServer;
  try {
    health = await serveHealth(config.httpPort, db, config, log);
  } catch (error) {
    const why = messageOf(error);
    return failed(`HTTP_PORT: cannot serve the desk's health: ${why}. Use another port.`);
  }
  try {
    log.info({ port: health.port }, 'health is served at /healthz and /metrics of 127.0.0.1');
    await runUntilStopped();
    return succeeded;
  } finally {
    await health.close();
  }
}

const unreachable = 'Not everything could be reached; the log says what. Try again.';

/** First line of the log: version and settings, and what an admin should know about who may command. */
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
