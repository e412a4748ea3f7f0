import { tmpdir } from 'node:os';
import { needs } from '../../src/config/config.ts';
import { openDesk } from '../../src/desk/desk.ts';
import { createLog } from '../../src/log/log.ts';
import { openDatabase } from '../../src/store/db/database.ts';
import { runOnce } from '../../src/desk/worker.ts';
import { scratchDatabase, type ScratchDatabase } from '../harness/database.ts';
import { serverKinds, startImapHost, type TestMailbox } from '../harness/imap-server.ts';
import { startSmtpServer, type TestSmtpServer } from '../harness/smtp-server.ts';
import { onDatabase } from './kticket.ts';
import type { Config } from '../../src/config/settings.ts';
import { loadConfig } from '../../src/config/load.ts';
import { addCompany } from '../../src/store/directory/companies.ts';
import { addStaff } from '../../src/store/directory/staff.ts';

const deskAddress = 'assistenza@desk.example';

/** A desk that the command line works on: a database, a mailbox and a server that takes what it sends. */
export type CliDesk = {
  scratch: ScratchDatabase;
  mailbox: TestMailbox;
  smtp: TestSmtpServer;
  /** the settings, as environment variables */
  env: Record<string, string>;
  cli: ReturnType<typeof onDatabase>;
  stop(): Promise<void>;
};

/** A desk with a company, `rossi.example`, a technician and an administrator; on Dovecot where it is installed. */
export async function startCliDesk(): Promise<CliDesk> {
  const kind = serverKinds.findLast(({ missing }) => !missing)?.kind ?? 'embedded';
  const [scratch, host, smtp] = await Promise.all([
    scratchDatabase(),
    startImapHost(kind),
    startSmtpServer(),
  ]);
  const mailbox = await host.mailbox();
  const user = encodeURIComponent(mailbox.user);
  const cli = onDatabase(scratch.url);
  await addCompany(scratch.db, { name: 'Rossi S.r.l.', domains: ['rossi.example'], contracts: null });
  await addStaff(scratch.db, {
    email: 'luigi@desk.example',
    name: 'Luigi Verdi',
    role: 'technician',
    aliases: null,
  });
  await addStaff(scratch.db, {
    email: 'ada@desk.example',
    name: 'Ada Neri',
    role: 'administrator',
    aliases: null,
  });
  return {
    scratch,
    mailbox,
    smtp,
    env: {
      DATABASE_URL: scratch.url,
      MAILBOX_URL: `imap://${user}:${mailbox.password}@127.0.0.1:${mailbox.port}/INBOX`,
      SMTP_URL: `smtp://127.0.0.1:${smtp.settings.port}`,
      DESK_ADDRESS: `Assistenza <${deskAddress}>`,
      UNDO_MINUTES: '0',
    },
    cli,
    async stop() {
      await Promise.all([host.stop(), smtp.close(), scratch.drop()]);
    },
  };
}

/** A client's mail to the desk. */
export function clientMail(subject: string, change: { id?: string; headers?: string[] } = {}): string {
  return [
    'From: Anna Rossi <anna@rossi.example>',
    `To: ${deskAddress}`,
    `Subject: ${subject}`,
    `Message-ID: ${change.id ?? `<${subject.replaceAll(/\W/gu, '')}@rossi.example>`}`,
    ...(change.headers ?? []),
    '',
    'La stampante del piano terra non stampa.',
    '',
  ].join('\r\n');
}

/** Runs one pass of `run --once` in this process: a process of its own takes a second or more. */
export async function workOnce(env: Record<string, string>): Promise<void> {
  const config = configOf(env);
  const db = await openDatabase(config);
  const desk = openDesk(config, db, createLog('silent'));
  try {
    const ended = await runOnce(desk.deps, new AbortController().signal);
    if (ended !== 'done') throw new Error('the desk could not reach everything');
  } finally {
    await desk.close();
    await db.close();
  }
}

function configOf(env: Record<string, string>): Config {
  const loaded = loadConfig(needs.worker, { environment: env, directory: tmpdir() });
  if (!loaded.ok)
    throw new Error(loaded.problems.map(({ variable, expected }) => `${variable}: ${expected}`).join());
  return loaded.config;
}
