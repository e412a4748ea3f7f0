import { needs } from '../../config/config.ts';
import { oauthUsers } from '../../config/oauth.ts';
import { createLog } from '../../log/log.ts';
import { MailboxError } from '../../mail/imap/mailbox-error.ts';
import { openMailbox } from '../../mail/imap/mailbox.ts';
import { createTokens, type Tokens, type TokenSource } from '../../mail/oauth/oauth.ts';
import { verifySmtp } from '../../mail/smtp/smtp.ts';
import { connectDatabase, nameOfDatabase, type OpenDatabase } from '../../store/db/database.ts';
import { listQueues } from '../../store/directory/queues.ts';
import { restoredAt } from '../../store/mails/restore.ts';
import { noStaffWords, restoredWords, strayWords, unreadWords } from './notices.ts';
import { applyMigrations } from '../../store/db/migrate.ts';
import { MigrationRefused, DatabaseUnavailable } from '../../store/unavailable.ts';
import { loadTemplates, ownTemplates } from '../../templates/render.ts';
import type { DatabaseConfig } from '../terminal/with-database.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { auditFindings } from './audit.ts';
import { probeDelivery } from './probe.ts';
import type { Config } from '../../config/settings.ts';
import type { ConfigProblem } from '../../config/load.ts';
import { linesNobodyReads, loadConfig, namesNobodyReads } from '../../config/load.ts';
import { TokenError } from '../../mail/oauth/token-error.ts';
import { TemplateError } from '../../templates/error.ts';
import { type StaffEntry, listStaff } from '../../store/directory/staff.ts';

/**
 * Tests everything the desk needs, with one finding each.
 * @param also `send`: mails are sent to the desk itself; `audit`: the servers' folders are compared with the database
 */
export async function* findings(also: { send: boolean; audit: boolean }): AsyncGenerator<Finding> {
  const loaded = loadConfig(needs.worker);
  if (loaded.ok) yield ok('configuration', `complete; the desk is ${loaded.config.desk.address}`);
  else yield* loaded.problems.map(problemFinding);
  yield* namesNobodyReads().map((name) => warn('configuration', unreadWords(name)));
  yield* linesNobodyReads().map((stray) => warn('configuration', strayWords(stray)));

  const database = loadConfig(needs.database);
  let isUsable = false;
  if (database.ok) {
    for await (const finding of checkDatabase(database.config)) {
      isUsable = finding.how !== 'FAIL';
      yield finding;
    }
  }
  if (!loaded.ok) return;
  const { config } = loaded;
  yield checkTemplates(config);
  const lost: string[] = [];
  const tokens = createTokens(config.oauth, { onReplaced: (why) => lost.push(why) });
  for (const user of oauthUsers(config.mailboxes, [config.smtp, ...config.queueSmtp]))
    yield await checkToken(tokens(user), user);
  for (const why of lost) yield warn('oauth', why);
  let areRead = config.mailboxes.length > 0;
  for (const mailbox of config.mailboxes) {
    const finding = await checkMailbox(config, mailbox, tokens);
    if (finding.how === 'FAIL') areRead = false;
    yield finding;
  }
  if (config.mailboxes.length === 0) {
    yield warn('mailbox', 'none is read (MAILBOX_URL=none): all mail comes by `kticket receive`');
  }
  const smtp = await checkSmtp(config.smtp, tokens);
  yield smtp;
  for (const one of config.queueSmtp) yield await checkSmtp(one, tokens);
  if (also.audit) {
    if (isUsable) yield* await withDatabaseOpen(config, (db) => auditFindings(db, config, tokens));
    else yield fail('ledger', 'not tried: it takes a database');
  }
  if (!also.send) return;
  if (smtp.how === 'FAIL' || !areRead) {
    yield fail('send', 'not tried: it takes a mailbox to read and a server that sends');
    return;
  }
  const queues = isUsable ? await withDatabaseOpen(config, listQueues) : [];
  const others = queues.map(({ address }) => address).filter((address) => address !== config.desk.address);
  yield* probeDelivery(config, tokens, others);
}

async function withDatabaseOpen<T>(config: Config, work: (db: OpenDatabase) => Promise<T>): Promise<T> {
  const db = await connectDatabase(config);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

function problemFinding({ variable, found, expected, example }: ConfigProblem): Finding {
  const what = found === null ? 'is not set' : `is ${found}`;
  return fail('configuration', `${variable} ${what}; expected ${expected}, such as ${example}`);
}

async function* checkDatabase(config: DatabaseConfig): AsyncGenerator<Finding> {
  let db: OpenDatabase;
  try {
    db = await connectDatabase(config);
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    yield fail('database', error.message);
    return;
  }
  try {
    const { databaseUrl, dataDirectory } = config;
    yield ok(
      'database',
      databaseUrl === null ? `the embedded one in ${dataDirectory}` : nameOfDatabase(databaseUrl),
    );
    const applied = await applyMigrations(db);
    yield ok('migrations', applied.length === 0 ? 'up to date' : `brought up to date: ${applied.join(', ')}`);
    const held = await restoredAt(db);
    if (held !== null) yield warn('restored', restoredWords(held));
    yield staffFinding(await listStaff(db));
  } catch (error) {
    if (!(error instanceof MigrationRefused)) throw error;
    yield fail('migrations', error.message);
  } finally {
    await db.close();
  }
}

function staffFinding(everyone: StaffEntry[]): Finding {
  const active = everyone.filter((one) => !one.disabled);
  if (active.length === 0) return warn('staff', noStaffWords);
  if (!active.some((one) => one.role !== 'clerk')) {
    return warn(
      'staff',
      'no technician or administrator is active, nobody can take or close a ticket: kticket staff add',
    );
  }
  if (!active.some((one) => one.role !== 'technician')) {
    return warn(
      'staff',
      'no clerk or administrator is active, nobody would be told of mail from strangers: kticket staff add',
    );
  }
  return ok('staff', `${active.length} active`);
}

function checkTemplates(config: Config): Finding {
  try {
    loadTemplates({ ...config, directory: ownTemplates });
    return ok('templates', `complete in ${config.locale}`);
  } catch (error) {
    if (error instanceof TemplateError) return fail('templates', error.message);
    throw error;
  }
}

/** Checks that the provider issues a token for a user, and how long it is valid. */
async function checkToken(source: TokenSource, user: string): Promise<Finding> {
  try {
    const { expiresAt } = await source.token();
    const until = new Date(expiresAt).toISOString().replace(/\.\d+/, '');
    return ok('oauth', `${user}: a token until ${until}, by the ${source.grant}`);
  } catch (error) {
    if (error instanceof TokenError) return fail('oauth', `${user}: ${error.message}`);
    throw error;
  }
}

async function checkMailbox(
  config: Config,
  settings: Config['mailboxes'][number],
  tokens: Tokens,
): Promise<Finding> {
  const mailbox = openMailbox(settings, {
    log: createLog('silent'),
    maxMessageBytes: config.maxMessageBytes,
    tokens,
  });
  try {
    const { uids } = await mailbox.waiting();
    return ok(
      'mailbox',
      `${settings.name}: ${uids.length} ${uids.length === 1 ? 'message waits' : 'messages wait'}`,
    );
  } catch (error) {
    if (error instanceof MailboxError) return fail('mailbox', error.message);
    throw error;
  } finally {
    await mailbox.close();
  }
}

async function checkSmtp(settings: Config['smtp'], tokens: Tokens): Promise<Finding> {
  const tried = await verifySmtp(settings, tokens);
  return tried.ok ? ok('smtp', `${settings.name} accepts us`) : fail('smtp', tried.why);
}
