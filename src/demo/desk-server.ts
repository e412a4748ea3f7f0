import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openDesk } from '../desk/desk.ts';
import { styleOfLog } from '../log/plain.ts';
import { createLog } from '../log/log.ts';
import { defaultBounds } from '../config/limits.ts';
import { openDatabase, type OpenDatabase } from '../store/db/database.ts';
import { ifMissing } from '../store/embedded/place.ts';
import { runWorker } from '../desk/worker.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { company, desk, deskPassword, names, pda, people } from './people.ts';
import type { MailboxSettings, SmtpSettings, Config } from '../config/settings.ts';
import { addCompany } from '../store/directory/companies.ts';
import { addStaff } from '../store/directory/staff.ts';
import { addQueue } from '../store/directory/queues.ts';
import { addCategory } from '../store/directory/categories.ts';

/** The demo's interface to a mail server. */
export type DemoMailServer = Omit<MailServer, 'messages' | 'append' | 'waitForMessage'>;

/** What may differ from one demo to another. */
export type DemoOptions = Pick<Config, 'locale' | 'undoMinutes'>;

/** A desk at work on this machine: mail server, database and worker, all real. */
export type DemoDesk = {
  server: DemoMailServer;
  db: OpenDatabase;
  dataDirectory: string;
  mailboxUrls: string[];
  config: Config;
  close(): Promise<void>;
};

/**
 * Starts a mail server, a database in a folder of its own and the worker, with a sample company and staff. `close`
 * stops all of them and removes the folder; where starting fails, so does what was started.
 * @param startServer starts an empty mail server that stamps its verdicts; the embedded one by default
 * @param options what its mails are written in, and how long a client's closing mail waits
 */
export async function startDesk(
  startServer: () => Promise<DemoMailServer> = embeddedServer,
  options: DemoOptions = { locale: 'it', undoMinutes: 2 },
): Promise<DemoDesk> {
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'kticket-demo-'));
    undo.push(() => removeData(dataDirectory));
    // the database's own user must get in where root starts the demo
    await chmod(dataDirectory, 0o755);

    const server = await startServer();
    undo.push(() => server.close());
    await server.addMailbox(desk.address, deskPassword);
    await server.addMailbox(pda.address, deskPassword);
    server.addAlias(pda.address, pda.address);
    for (const name of names) await server.addMailbox(people[name].email, people[name].password);

    const db = await openDatabase({ databaseUrl: null, dataDirectory });
    undo.push(() => db.close());
    await db.transaction().execute(async (tx) => {
      await addCompany(tx, {
        name: company.name,
        domains: [company.domain],
        contracts: ['on-site', 'remote'],
      });
      for (const { name, email, role } of names.map((n) => people[n])) {
        if (role !== null) await addStaff(tx, { email, name, role, aliases: null });
      }
      await addQueue(tx, pda, { phones: ['06 555 0112', '346 555 0160'] });
      await addCategory(tx, { name: 'Stampa', keywords: ['stampante', 'toner'] });
      await addCategory(tx, { name: 'Accessi', keywords: ['password', 'accedere'] });
    });

    const mailboxUrls = [desk.address, pda.address].map((address) => server.imapUrl(address));
    const config = settings({ server, mailboxUrls, dataDirectory }, options);
    const work = openDesk(config, db, createLog('warn', styleOfLog(null, config.timeZone)));
    undo.push(() => work.close());
    const stop = new AbortController();
    const working = runWorker(work.deps, stop.signal);
    undo.push(async () => {
      stop.abort();
      await working;
    });
    return { server, db, dataDirectory, mailboxUrls, config, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const embeddedServer = (): Promise<DemoMailServer> =>
  startMailServer({ authservId: 'mail.kybernes.example' });

/** As root the database may lie elsewhere, where its own user gets in, with a link to it in the folder. */
async function removeData(dataDirectory: string): Promise<void> {
  const cluster = await realpath(join(dataDirectory, 'postgres')).catch(ifMissing);
  for (const folder of [dataDirectory, ...(cluster === null ? [] : [dirname(cluster)])]) {
    await rm(folder, { recursive: true, force: true });
  }
}

function settings(
  { server, mailboxUrls, dataDirectory }: Pick<DemoDesk, 'server' | 'mailboxUrls' | 'dataDirectory'>,
  { locale, undoMinutes }: DemoOptions,
): Config {
  return {
    databaseUrl: null,
    dataDirectory,
    mailboxes: mailboxUrls.map(mailboxAt),
    smtp: smtpAt(server.smtpUrl(desk.address)),
    queueSmtp: [],
    oauth: null,
    alertSmtp: null,
    alertFrom: desk,
    desk,
    companyName: desk.name,
    companyColor: '#1f4e79',
    commercialContact: 'commerciale@kybernes.example, tel. 06 5550100',
    accessContact: 'segreteria@kybernes.example, tel. 06 5550101',
    remoteAssistanceUrl: 'https://www.kybernes.example/assistenza-remota',
    templatesDirectory: null,
    trustedAuthservIds: [server.authservId],
    authenticity: 'verified',
    replyAddressing: 'plus',
    tokenDays: 90,
    reopenDays: 7,
    undoMinutes,
    pollSeconds: 60,
    httpPort: null,
    logFormat: null,
    reading: defaultBounds,
    maxMessageBytes: 50 * 1024 * 1024,
    locale,
    timeZone: 'Europe/Rome',
    logLevel: 'warn',
  };
}

function mailboxAt(url: string): MailboxSettings {
  const { hostname, port, username, password } = new URL(url);
  const user = decodeURIComponent(username);
  return {
    host: hostname,
    port: Number(port),
    secure: false,
    user,
    password: decodeURIComponent(password),
    folder: 'INBOX',
    name: `${user}@${hostname}:${port}/INBOX`,
  };
}

function smtpAt(url: string): SmtpSettings {
  const { hostname, port, username, password } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    secure: false,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    name: `${hostname}:${port}`,
  };
}
