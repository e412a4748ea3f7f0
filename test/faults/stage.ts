/** A desk at work for a test: Dovecot, PostgreSQL, an SMTP server, people who write to it, and workers as processes. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ImapFlow } from 'imapflow';
import { sql } from 'kysely';
import { type Database } from '../../src/store/db/database.ts';
import { scratchDatabase } from '../harness/database.ts';
import { type Dovecot, type DovecotOptions, startDovecot } from '../harness/dovecot.ts';
import { clientFor } from '../harness/dovecot-mail-server.ts';
import { startSmtpServer, type TestSmtpServer } from '../harness/smtp-server.ts';
import { headerOf } from '../simulation/world.ts';
import { createTraffic, deskAddress, technician, type Traffic } from './traffic.ts';
import { findWrong, type Received } from './verdict.ts';
import { type Happening, startWorker, type Worker, type WorkerSetup } from './worker.ts';
import { isUnavailable } from '../../src/store/unavailable.ts';
import { addCompany } from '../../src/store/directory/companies.ts';
import { addStaff } from '../../src/store/directory/staff.ts';

/** Milliseconds without anything new after which the desk counts as stuck. */
const stuckAfter = 120_000;
/** Milliseconds between looks at the database, and between looks whether anything goes on at all. */
const look = 50;
const lookForProgress = 2_000;

export type Stage = {
  db: Database;
  dovecot: Dovecot;
  smtp: TestSmtpServer;
  traffic: Traffic;
  /** mails as the mail server took them over */
  received: readonly Received[];
  happenings: Happening[];
  /** Starts one more worker; resolves when it is at work, where it says so. */
  start(given?: Partial<WorkerSetup> & { env?: Record<string, string> }): Promise<Worker>;
  /** Waits until this is so; throws where the desk gets stuck, or people cannot write. */
  until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void>;
  /** Waits until all that was written is decided, sent and answered, and throws what is not as it must be then. */
  rest(): Promise<void>;
  close(): Promise<void>;
};

export type StageOptions = {
  /** a database of its own, with the schema up to date; one of the run's by default */
  database?: { db: Database; url: string };
  dovecot?: DovecotOptions;
  /** the port at which the workers reach the mailboxes, given Dovecot's */
  imapPort?: (dovecot: number) => Promise<number>;
  /** the same of the mail server */
  smtpPort?: (server: number) => Promise<number>;
  /** addresses of mailboxes that are read beside the desk's own */
  besides?: readonly string[];
  /** recipients that the mail server rejects */
  isRefused?: (recipient: string) => boolean;
};

/** Opens a desk at which nobody works yet. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const [scratch, dovecot, smtp] = await Promise.all([
    options.database === undefined ? scratchDatabase() : { ...options.database, drop: async () => {} },
    startDovecot(options.dovecot),
    startSmtpServer(),
  ]);
  const { db, url } = scratch;
  await addCompany(db, { name: 'Rossi S.r.l.', domains: ['rossi.example'], contracts: null });
  await addStaff(db, { email: technician, name: 'Luigi Verdi', role: 'technician', aliases: null });
  const imapPort = (await options.imapPort?.(dovecot.imapPort)) ?? dovecot.imapPort;
  const smtpPort = (await options.smtpPort?.(smtp.settings.port)) ?? smtp.settings.port;
  const addresses = [deskAddress, ...(options.besides ?? [])];
  /** as another program sees the mailboxes */
  const boxes = new Map<string, ImapFlow>();
  const boxOf = async (address: string): Promise<ImapFlow> => {
    const known = boxes.get(address);
    if (known?.usable === true) return known;
    const box = clientFor(dovecot, address);
    await box.connect();
    boxes.set(address, box);
    return box;
  };

  const received: Received[] = [];
  const happenings: Happening[] = [];
  const workers: Worker[] = [];
  let failure: unknown = null;
  const traffic = createTraffic(
    async (bytes, address) => {
      const box = await boxOf(address);
      if ((await box.append('INBOX', Buffer.from(bytes))) === false) throw new Error('INBOX took no mail');
    },
    async (messageId) => {
      const query = db.selectFrom('outbox').select('template').where('message_id', '=', messageId);
      for (;;) {
        try {
          return (await query.executeTakeFirstOrThrow()).template;
        } catch (error) {
          // the database is away just now
          if (!isUnavailable(error)) throw error;
          await pause(look);
        }
      }
    },
    addresses,
  );
  smtp.replies.data = (bytes) => {
    const to = headerOf(bytes, 'To').replace(/^.*<|>$/gu, '');
    received.push({ messageId: headerOf(bytes, 'Message-ID'), bytes });
    // people answer in their own time
    traffic.answer(to, bytes).catch((error: unknown) => {
      failure ??= error;
    });
    return null;
  };

  const { port } = new URL(url);
  const stage: Stage = {
    db,
    dovecot,
    smtp,
    traffic,
    received,
    happenings,
    async start({ env = {}, ...given } = {}) {
      const worker = await startWorker({
        targets: { postgres: Number(port), smtp: smtpPort },
        environment: (ports) => ({
          DATABASE_URL: url.replace(`:${port}/`, `:${ports.postgres}/`),
          MAILBOX_URL: addresses
            .map((one) => `imap://${encodeURIComponent(one)}:${dovecot.password}@127.0.0.1:${imapPort}/INBOX`)
            .join(' '),
          SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
          DESK_ADDRESS: `Assistenza <${deskAddress}>`,
          TRUSTED_AUTHSERV_IDS: 'mx.desk.example',
          UNDO_MINUTES: '0',
          ...env,
        }),
        fateOf: () => 'passes',
        note: (happening) => happenings.push(happening),
        ...given,
      });
      workers.push(worker);
      if (env['LOG_LEVEL'] === undefined) await worker.heard(({ msg }) => msg === 'the desk is at work');
      return worker;
    },
    async until(what, isSo) {
      let last = '';
      let since = performance.now();
      let looked = since;
      while (!(await isSo())) {
        if (failure !== null) throw failure;
        await pause(look);
        if (performance.now() - looked < lookForProgress) continue;
        looked = performance.now();
        const now = `${await progressOf(db)}; ${received.length} received`;
        if (now !== last) [last, since] = [now, looked];
        if (looked - since > stuckAfter) throw new Error(`${what} never came: ${now}\n${logsOf(workers)}`);
      }
    },
    async rest() {
      await stage.until('rest', () => isSettled(db, traffic, received));
      for (const address of addresses) await boxOf(address);
      const wrong = await findWrong(
        db,
        [...boxes.values()],
        traffic.expected,
        received,
        happenings,
        options.isRefused,
      );
      if (wrong !== null) throw new Error(`${wrong}\n${logsOf(workers)}`);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all([...boxes.values()].map((box) => box.logout()));
      await Promise.all([smtp.close(), dovecot.stop()]);
      await scratch.drop();
    },
  };
  return stage;
}

/** The last of what those say that still run. */
function logsOf(workers: readonly Worker[]): string {
  return workers
    .filter((worker) => worker.runs())
    .map((worker) =>
      worker
        .lines()
        .slice(-10)
        .map(({ msg }) => msg)
        .join('\n'),
    )
    .join('\n---\n');
}

/** State that changes while the desk is at work, and reasons why it may have stopped. */
async function progressOf(db: Database): Promise<string> {
  const { rows } = await sql<{ what: string; count: number }>`
    select disposition || coalesce(': ' || reason, '') as what, count(*) from message group by 1
    union all select 'mail ' || state, count(*) from outbox group by 1 order by 1`.execute(db);
  return rows.map(({ what, count }) => `${count} ${what}`).join('\n');
}

/** True if every mail written is decided, every mail that follows is sent, and every mail sent is answered. */
async function isSettled(db: Database, traffic: Traffic, received: readonly Received[]): Promise<boolean> {
  const arrived = new Set(received.map(({ messageId }) => messageId)).size;
  const written = traffic.expected.length;
  const { rows } = await sql<{ decided: number; open: number; sent: number }>`
    select (select count(*) from message where disposition <> 'pending' and filed_at is not null) as decided,
           (select count(*) from message where disposition = 'pending')
           + (select count(*) from outbox where state in ('queued', 'deferred')) as open,
           (select count(*) from outbox where state = 'sent') as sent`.execute(db);
  const [row] = rows;
  return (
    row !== undefined &&
    row.decided === written &&
    row.open === 0 &&
    written === traffic.expected.length &&
    // one that was taken back may have arrived, where nobody could record it
    arrived >= row.sent &&
    traffic.answered() === arrived
  );
}
