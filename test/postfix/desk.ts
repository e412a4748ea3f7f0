import { wordsKept } from '../builders/outbox.ts';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { createTransport } from 'nodemailer';
import { expect, onTestFinished, vi } from 'vitest';
import { needs } from '../../src/config/config.ts';
import { openDesk } from '../../src/desk/desk.ts';
import { createLog } from '../../src/log/log.ts';
import { runWorker } from '../../src/desk/worker.ts';
import { scratchDatabase } from '../harness/database.ts';
import { mailboxesOf } from '../harness/dovecot-mail-server.ts';
import type { Dovecot } from '../harness/dovecot.ts';
import type { Postfix } from '../harness/postfix.ts';
import { loadConfig } from '../../src/config/load.ts';
import { addCompany } from '../../src/store/directory/companies.ts';
import { addStaff } from '../../src/store/directory/staff.ts';

/** The domain whose mailboxes are Dovecot's. */
export const localDomain = 'kybernes.example';

export type Row = { recipient: string; template: string; state: string; error: string | null; text: string };

/**
 * A desk at work for one test: its mail comes from a mailbox of its own in Dovecot and goes out through Postfix. The
 * company of `clientDomains` is known; Luigi, its technician, has a mailbox there too, or the address given.
 */
export async function startDesk(
  { dovecot, postfix }: { dovecot: Dovecot; postfix: Postfix },
  { clientDomains = ['rossi.example'], staff = `luigi@${localDomain}` } = {},
) {
  const address = `assistenza-${randomBytes(4).toString('hex')}@${localDomain}`;
  const { db, url } = await scratchDatabase();
  const loaded = loadConfig(needs.worker, {
    environment: {
      DATABASE_URL: url,
      MAILBOX_URL: mailboxesOf(dovecot).imapUrl(address),
      SMTP_URL: `smtp://127.0.0.1:${postfix.smtpPort}`,
      DESK_ADDRESS: `Assistenza KYBERNES <${address}>`,
      LOG_LEVEL: 'silent',
    },
    directory: tmpdir(),
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  await db.transaction().execute(async (tx) => {
    await addCompany(tx, { name: 'Rossi S.r.l.', domains: clientDomains, contracts: ['remote'] });
    await addStaff(tx, { email: staff, name: 'Luigi Verdi', role: 'technician', aliases: null });
  });
  const work = openDesk(loaded.config, db, createLog('silent'));
  const stop = new AbortController();
  const working = runWorker(work.deps, stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await working;
    await work.close();
  });

  const outbox = async (): Promise<Row[]> => {
    const rows = await db
      .selectFrom('outbox')
      .select(['id', 'recipient', 'template', 'state', 'last_error as error'])
      .orderBy('id')
      .execute();
    return Promise.all(
      rows.map(async ({ id, ...row }) => ({ ...row, text: (await wordsKept(db, id)).text })),
    );
  };

  return {
    address,
    db,
    outbox,
    /** Sends a mail to the desk through its Postfix or another, as a client's server would. */
    send: ({ envelope, ...mail }: Omit<Mail, 'envelope'> & { envelope?: string }, through = postfix) =>
      sendThrough(through, { to: address, ...mail, envelope: { from: envelope ?? mail.from, to: address } }),
    /** The outgoing mail that fits, once it is in that state. */
    async outgoing(template: string, state: string): Promise<Row> {
      return eventually(async () => {
        const rows = await outbox();
        const found = rows.find((row) => row.template === template && row.state === state);
        if (found === undefined) throw new Error(`no ${template} is ${state}: ${JSON.stringify(rows)}`);
        return found;
      });
    },
    /** Every message the desk has decided, once there are so many. */
    async decided(count: number) {
      return eventually(async () => {
        const rows = await db
          .selectFrom('message')
          .select(['disposition', 'reason', 'envelope_sender as sender', 'from_email as from', 'raw'])
          .where('disposition', '!=', 'pending')
          .orderBy('id')
          .execute();
        expect(rows).toHaveLength(count);
        return rows;
      });
    },
    /** Types and texts of what happened to tickets. */
    events: () => db.selectFrom('ticket_event').select(['type', 'text']).orderBy('id').execute(),
  };
}

/** Waits until a look no longer throws. */
export function eventually<T>(look: () => Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: 25_000, interval: 50 });
}

/** The first mail in a mailbox that holds these words. */
export async function mailIn(dovecot: Dovecot, address: string, words: string): Promise<string> {
  return eventually(async () => {
    const found = (await mailboxesOf(dovecot).folder(address, 'INBOX'))
      .map((raw) => raw.toString('latin1'))
      .find((raw) => raw.includes(words));
    if (found === undefined) throw new Error(`${address} has no mail that holds ${words}`);
    return found;
  });
}

type Mail = {
  from: string;
  to?: string;
  subject?: string;
  text?: string;
  attachments?: { filename: string; content: Buffer }[];
  envelope?: { from: string; to: string | string[] };
  raw?: string;
};

/** Hands a mail to Postfix without a login. */
export async function sendThrough(postfix: Postfix, mail: Mail): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: postfix.smtpPort, ignoreTLS: true });
  try {
    await transport.sendMail({
      subject: 'La stampante non stampa',
      text: 'La spia del toner lampeggia.',
      ...mail,
    });
  } finally {
    transport.close();
  }
}
