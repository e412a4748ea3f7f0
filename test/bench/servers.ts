import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { Client } from 'pg';
import { type Added } from '../../src/store/directory/directory.ts';
import { openDatabase } from '../../src/store/db/database.ts';
import { openEmbedded } from '../../src/store/embedded/embedded.ts';
import { preparePlace } from '../../src/store/embedded/place.ts';
import { type DovecotOptions, startDovecot } from '../harness/dovecot.ts';
import { onDatabase } from '../harness/postgres.ts';
import { type Client as DeskClient, companyDomain, companyName, staffOf, type StaffSize } from './mails.ts';
import { cpuSecondsOf, parentOf } from './processes.ts';
import { addCompany } from '../../src/store/directory/companies.ts';
import { addContact } from '../../src/store/directory/contacts.ts';
import { addStaff } from '../../src/store/directory/staff.ts';

/** PostgreSQL and Dovecot, started once for all rounds. */
export type Servers = {
  /** `postgres 18.4`, … */
  postgresVersion: string;
  /** A database with the schema and the people of the desk in it, and nothing else. */
  freshDatabase(name: string, clients: readonly DeskClient[], staff: StaffSize): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** A row of one number from a database. */
  count(url: string, query: string): Promise<number>;
  /** A user's mailbox. */
  mailboxUrl(user: string): string;
  /** Puts mails into a user's mailbox, in order. */
  deliver(user: string, mails: readonly Buffer[]): Promise<void>;
  /** holds a folder for each user */
  mailDirectory: string;
  /** CPU seconds so far; null where that cannot be known */
  cpuSeconds(): { postgres: number | null; dovecot: number | null };
  stop(): Promise<void>;
};

/** PostgreSQL as it comes with kTicket and as it is set there, durable: every commit waits for the disk. */
export async function startServers(mail: DovecotOptions = {}): Promise<Servers> {
  const directory = await mkdtemp(join(tmpdir(), 'kticket-bench-'));
  const embedded = await openEmbedded(directory);
  const admin = new Client({ connectionString: embedded.url });
  await admin.connect();
  const { rows } = await admin.query<{ version: string; pid: number }>(
    `select current_setting('server_version') as version, pg_backend_pid() as pid`,
  );
  const postmaster = parentOf(rows[0]?.pid ?? 0);
  const dovecot = await startDovecot(mail);
  const lmtp = createTransport({
    host: '127.0.0.1',
    port: dovecot.lmtpPort,
    lmtp: true,
    ignoreTLS: true,
    pool: true,
    maxConnections: 1,
  });
  return {
    postgresVersion: rows[0]?.version ?? '',
    async freshDatabase(name, clients, staff) {
      await admin.query(`create database ${name}`);
      const url = onDatabase(embedded.url, name);
      const db = await openDatabase({ databaseUrl: url, dataDirectory: directory });
      for (const one of staffOf(staff)) mustBeOk(await addStaff(db, { ...one, aliases: null }));
      for (const company of new Set(clients.map((client) => client.company))) {
        const entry = { name: companyName(company), domains: [companyDomain(company)] };
        mustBeOk(await addCompany(db, { ...entry, contracts: ['remote'] }));
      }
      for (const { name: clientName, email, company } of clients) {
        mustBeOk(await addContact(db, { email, name: clientName, company: companyName(company) }));
      }
      await db.close();
      // what was written so far is not the round's to write out
      await admin.query('checkpoint');
      return url;
    },
    async dropDatabase(name) {
      await admin.query(`drop database ${name} with (force)`);
    },
    async count(url, query) {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        const { rows: found } = await client.query<{ count: string }>(query);
        return Number(found[0]?.count);
      } finally {
        await client.end();
      }
    },
    mailboxUrl: (user) =>
      `imap://${encodeURIComponent(user)}:${dovecot.password}@127.0.0.1:${dovecot.imapPort}/INBOX`,
    async deliver(user, mails) {
      for (const raw of mails) {
        await lmtp.sendMail({ envelope: { from: 'bench@kybernes.example', to: user }, raw });
      }
    },
    mailDirectory: dovecot.mailDirectory,
    cpuSeconds: () => ({
      postgres: postmaster === null ? null : cpuSecondsOf(postmaster),
      dovecot: cpuSecondsOf(dovecot.pid),
    }),
    async stop() {
      lmtp.close();
      await dovecot.stop();
      await admin.end();
      const { folder } = await preparePlace(directory);
      await embedded.close();
      await rm(folder, { recursive: true, force: true });
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function mustBeOk(added: Added): void {
  if (!added.ok) throw new Error(added.why);
}
