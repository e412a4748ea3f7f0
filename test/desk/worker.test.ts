import { EventEmitter, once } from 'node:events';
import { sql } from 'kysely';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeliveryPass } from '../../src/desk/deliver.ts';
import type { Mailbox } from '../../src/mail/imap/mailbox.ts';
import { openMailbox } from '../../src/mail/imap/mailbox.ts';
import { connectDatabase } from '../../src/store/db/database.ts';
import { noteReached } from '../../src/store/reports/health.ts';
import { takeIn, waitingCount } from '../../src/store/mails/inbox.ts';
import { runOnce, runWorker } from '../../src/desk/worker.ts';
import type { WorkerDeps } from '../../src/desk/worker.ts';
import { scratchDatabase } from '../harness/database.ts';
import type { ScratchDatabase } from '../harness/database.ts';
import { startImapHost } from '../harness/imap-server.ts';
import type { ImapHost, TestMailbox } from '../harness/imap-server.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import type { TcpProxy } from '../harness/tcp-proxy.ts';

const mail = (subject: string): string =>
  `From: anna@rossi.example\r\nTo: assistenza@desk.example\r\nSubject: ${subject}\r\n\r\nNon stampa.\r\n`;
const nothingSent: DeliveryPass = { sent: 0, deferred: 0, failed: 0, unreachable: false, trouble: null };

/** Events as they occur: decided subjects, passes of sending, lines of the log. */
type Happened = { decided: [string]; sending: []; logged: [{ loop?: string; level: string; msg: string }] };

let scratch: ScratchDatabase;
let host: ImapHost;
let happened: EventEmitter<Happened>;
let cleanUp: (() => Promise<void>)[];
beforeEach(async () => {
  [scratch, host] = await Promise.all([scratchDatabase(), startImapHost('embedded')]);
  happened = new EventEmitter();
  cleanUp = [];
});
afterEach(async () => {
  for (const end of cleanUp.toReversed()) await end();
  await Promise.all([scratch.drop(), host.stop()]);
});

const log = (): pino.Logger =>
  pino(
    { formatters: { level: (level) => ({ level }) } },
    { write: (line: string) => void happened.emit('logged', JSON.parse(line)) },
  );
const read = (server: TestMailbox, port = server.port): Mailbox =>
  openMailbox(server.settings({ port, name: `${server.user}@127.0.0.1:${server.port}/INBOX` }), {
    log: log(),
    maxMessageBytes: 1024 * 1024,
  });
const proxyTo = async (server: TestMailbox): Promise<TcpProxy> => {
  const proxy = await startTcpProxy(server.port);
  cleanUp.push(() => proxy.close());
  return proxy;
};

/** The loops with nothing behind them: deciding a message ignores it, sending finds nothing. */
const depsWith = (mailboxes: Mailbox[], change: Partial<WorkerDeps> = {}): WorkerDeps => ({
  db: scratch.db,
  mailboxes,
  // so long that only an announcement can explain what happens
  pollSeconds: 600,
  alerts: { failed() {}, works() {}, databaseWasAway() {}, pass: async () => {} },
  timeZone: 'Europe/Rome',
  reached: noteReached(scratch.db),
  log: log(),
  async receive() {
    const { rows } = await sql<{ raw: Buffer }>`
      update message set disposition = 'ignored', reason = 'for the test', decided_at = now()
       where disposition = 'pending' returning raw`.execute(scratch.db);
    for (const { raw } of rows) {
      happened.emit('decided', /^Subject: (.*)\r$/m.exec(raw.toString('latin1'))?.[1] ?? '');
    }
    return { decided: rows.length };
  },
  ways: [
    {
      loop: 'sending',
      async deliver() {
        happened.emit('sending');
        return nothingSent;
      },
    },
  ],
  ...change,
});

/** Starts the worker; the test's end stops it. */
const start = (deps: WorkerDeps): { stop(): Promise<void> } => {
  const controller = new AbortController();
  const ended = runWorker(deps, controller.signal);
  const stop = async (): Promise<void> => {
    controller.abort();
    await ended;
  };
  cleanUp.push(stop);
  return { stop };
};
const logLine = async (fits: (line: Happened['logged'][0]) => boolean): Promise<string> => {
  for (;;) {
    const [line] = await once(happened, 'logged');
    if (fits(line)) return line.msg;
  }
};
const decided = async (): Promise<string> => (await once(happened, 'decided'))[0];

describe('the worker', () => {
  test('decides a mail soon after it reaches the mailbox, and files it', async () => {
    const server = await host.mailbox();
    start(depsWith([read(server)]));
    await once(happened, 'sending');
    const first = decided();
    await server.deliver([mail('Prima')]);
    expect(await first).toBe('Prima');
    const second = decided();
    await server.deliver([mail('Seconda')]);
    expect(await second).toBe('Seconda');
  });

  // less than the time after which what nobody announced is looked for
  test('decides at once a message that could not be claimed while it was filed', {
    timeout: 4_500,
  }, async () => {
    const server = await host.mailbox();
    // the second pass follows the database's first sign: from then on only what is announced wakes anything
    const listening = new Promise<void>((resolve) => {
      let passes = 0;
      happened.on('sending', () => {
        passes += 1;
        if (passes === 2) resolve();
      });
    });
    start(depsWith([read(server)], { receive: receiveFiled }));
    await listening;
    const told = decided();
    await server.deliver([mail('Prima')]);
    expect(await told).toBe('once it is filed');
  });

  test('reads several mailboxes side by side', async () => {
    const servers = [await host.mailbox(), await host.mailbox()];
    const subjects: string[] = [];
    const both = new Promise<void>((resolve) => {
      happened.on('decided', (subject) => {
        if (subjects.push(subject) === 2) resolve();
      });
    });
    start(depsWith(servers.map((server) => read(server))));
    await Promise.all(servers.map((server, n) => server.deliver([mail(`Desk ${n}`)])));
    await both;
    expect(subjects.toSorted()).toEqual(['Desk 0', 'Desk 1']);
  });

  test('decides at once what another process took in, and sends at once what one wrote', async () => {
    start(depsWith([]));
    await once(happened, 'sending');
    const subject = decided();
    const raw = Buffer.from(mail('Da fuori'));
    const where = {
      mailbox: null,
      uidValidity: null,
      uid: null,
      envelopeRecipient: null,
      envelopeSender: null,
    };
    await takeIn(scratch.db, [{ ...where, receivedAt: new Date(), raw, size: raw.length, truncated: false }]);
    expect(await subject).toBe('Da fuori');
    const sending = once(happened, 'sending');
    await sql`select pg_notify('kticket', 'outbox')`.execute(scratch.db);
    expect(await sending).toEqual([]);
  });

  test('a mailbox that is away is said once and holds up nobody; back, it catches up by itself', async () => {
    const [away, there] = [await host.mailbox(), await host.mailbox()];
    const proxy = await proxyTo(away);
    await proxy.refuse();
    await away.deliver([mail('Tardi')]);
    const said = logLine(({ level }) => level === 'error');
    const first = decided();
    await there.deliver([mail('Subito')]);
    start(depsWith([read(away, proxy.port), read(there)]));
    expect(await said).toContain('ECONNREFUSED');
    expect(await first).toBe('Subito');
    const caughtUp = decided();
    const over = logLine(({ msg }) => msg.startsWith('works again'));
    await proxy.accept();
    expect(await caughtUp).toBe('Tardi');
    expect(await over).toMatch(/^works again after \d+ s; 1 waited$/);
  });

  test('a mail server that is away is said once, however often it is tried', async () => {
    const lines: string[] = [];
    happened.on('logged', ({ level, msg }) => lines.push(`${level}: ${msg}`));
    const trouble: DeliveryPass['trouble'] = {
      kind: 'unreachable',
      text: 'smtp.example: nothing listens there',
      outage: { kind: 'no_connection', trouble: 'ECONNREFUSED', said: '' },
    };
    const passes = [trouble, null, trouble, null];
    const tried = new Promise<void>((resolve) => {
      const deliver = async (): Promise<DeliveryPass> => {
        if (passes.length === 0) resolve();
        const next = passes.shift() ?? null;
        return {
          ...nothingSent,
          unreachable: next !== null,
          trouble: next,
          sent: passes.length === 0 ? 1 : 0,
        };
      };
      start(depsWith([], { ways: [{ loop: 'sending', deliver }] }));
      happened.on('logged', () => void sql`select pg_notify('kticket', 'outbox')`.execute(scratch.db));
    });
    await tried;
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([
      'error: smtp.example: nothing listens there',
    ]);
  });

  test('stopped, it finishes the range it is at and says goodbye', async () => {
    const server = await host.mailbox();
    await server.deliver(Array.from({ length: 120 }, (_, n) => mail(`Richiesta ${n}`)));
    const worker = start(depsWith([read(server)]));
    await once(happened, 'decided');
    await worker.stop();
    const { rows } = await sql<{ taken: number; filed: number }>`
      select count(*)::int as taken, count(filed_at)::int as filed from message`.execute(scratch.db);
    expect(rows[0]?.taken).toBe(rows[0]?.filed);
    expect((await server.contents('INBOX')).length + (rows[0]?.taken ?? 0)).toBe(120);
  });
});

test('a way out whose server takes its time, or is away, holds up no other', { timeout: 4_500 }, async () => {
  const trouble: DeliveryPass['trouble'] = {
    kind: 'unreachable',
    text: 'smtp.away cannot be reached',
    outage: { kind: 'no_connection', trouble: null, said: '' },
  };
  const first = once(happened, 'sending');
  start(
    depsWith([], {
      ways: [
        ...depsWith([]).ways,
        {
          loop: 'sending for slow@desk.example',
          async deliver(signal) {
            await once(signal, 'abort');
            return nothingSent;
          },
        },
        {
          loop: 'sending for away@desk.example',
          deliver: async () => ({ ...nothingSent, unreachable: true, trouble }),
        },
      ],
    }),
  );
  const said = logLine(({ level }) => level === 'error');
  await first;
  expect(await said).toBe(trouble.text);
  // the second pass follows the database's first sign; from then on only what is announced wakes anything in time
  for (let mails = 0; mails < 3; mails += 1) {
    const next = once(happened, 'sending');
    await sql`select pg_notify('kticket', 'outbox')`.execute(scratch.db);
    await next;
  }
});

describe('once', () => {
  const never = new AbortController().signal;

  test('goes on until nothing more comes of what it did', async () => {
    const server = await host.mailbox();
    await server.deliver([mail('Prima')]);
    let answers = 2;
    const deliver = async (): Promise<DeliveryPass> => {
      if (answers === 0) return nothingSent;
      answers -= 1;
      await server.deliver([mail(`Risposta ${answers}`)]);
      return { ...nothingSent, sent: 1 };
    };
    const subjects: string[] = [];
    happened.on('decided', (subject) => subjects.push(subject));
    expect(await runOnce(depsWith([read(server)], { ways: [{ loop: 'sending', deliver }] }), never)).toBe(
      'done',
    );
    expect(subjects).toEqual(['Prima', 'Risposta 1', 'Risposta 0']);
  });

  test('with a mailbox or the mail server away, does the rest and says so', async () => {
    const [away, there] = [await host.mailbox(), await host.mailbox()];
    const proxy = await proxyTo(away);
    await proxy.refuse();
    await there.deliver([mail('Qui')]);
    const said: string[] = [];
    happened.on('logged', ({ msg }) => said.push(msg));
    const subject = decided();
    expect(await runOnce(depsWith([read(away, proxy.port), read(there)]), never)).toBe('unreachable');
    expect(await subject).toBe('Qui');
    expect(said).toHaveLength(1);
    const trouble: DeliveryPass['trouble'] = {
      kind: 'auth_refused',
      text: 'smtp.example refuses the login of desk',
      outage: { kind: 'login_refused', user: 'desk', said: '' },
    };
    const deliver = async (): Promise<DeliveryPass> => ({ ...nothingSent, unreachable: true, trouble });
    expect(await runOnce(depsWith([], { ways: [{ loop: 'sending', deliver }] }), never)).toBe('unreachable');
    await proxy.accept();
  });

  test('with the database away, says so and leaves the mail where it is', async () => {
    const server = await host.mailbox();
    await server.deliver([mail('Resta')]);
    const url = new URL(scratch.url);
    const wire = await startTcpProxy(Number(url.port));
    url.port = String(wire.port);
    const db = await connectDatabase({ databaseUrl: url.href, dataDirectory: '' });
    cleanUp.push(
      () => wire.close(),
      () => db.close(),
    );
    await wire.refuse();
    const receive = async (): Promise<{ decided: number }> => ({ decided: await waitingCount(db) });
    expect(await runOnce(depsWith([read(server)], { db, receive }), never)).toBe('unreachable');
    expect(await server.contents('INBOX')).toHaveLength(1);
    await wire.accept();
    expect(await runOnce(depsWith([read(server)], { db }), never)).toBe('done');
  });

  test('a bug of ours is no outage', async () => {
    const bug = new TypeError('undefined is not a function');
    const receive = (): Promise<never> => Promise.reject(bug);
    await expect(runOnce(depsWith([], { receive }), never)).rejects.toThrow(bug);
  });
});

/** Decides only what is filed already. */
async function receiveFiled(): Promise<{ decided: number }> {
  const { rows } = await sql`
    update message set disposition = 'ignored', reason = 'for the test', decided_at = now()
     where disposition = 'pending' and filed_at is not null returning id`.execute(scratch.db);
  if (rows.length > 0) happened.emit('decided', 'once it is filed');
  return { decided: rows.length };
}
