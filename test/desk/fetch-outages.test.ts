import { sql } from 'kysely';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { fetchOnce } from '../../src/desk/fetch.ts';
import type { MailboxOptions } from '../../src/mail/imap/mailbox.ts';
import type { OpenDatabase } from '../../src/store/db/database.ts';
import { noteReached } from '../../src/store/reports/health.ts';
import { runWorker } from '../../src/desk/worker.ts';
import { scratchDatabase } from '../harness/database.ts';
import { startImapHost } from '../harness/imap-server.ts';
import type { TestMailbox } from '../harness/imap-server.ts';
import { mail, never, reading, texts } from '../harness/reading.ts';
import { dovecotAvailable } from '../harness/servers.ts';
import type { Failing, TcpProxy } from '../harness/tcp-proxy.ts';

const { cleanUp, open, proxyTo } = reading();

const elsewhere = async (): Promise<boolean> => false;

/** The worker's loops with nothing behind them: deciding a message ignores it, nothing is sent. */
const work = (db: OpenDatabase, mailboxes: ReturnType<typeof open>[], count: number) => {
  const controller = new AbortController();
  const subjects: string[] = [];
  const { promise: allDecided, resolve } = Promise.withResolvers<string[]>();
  const ended = runWorker(
    {
      db,
      mailboxes,
      // a day: only what the server announces, or a lost connection, wakes it
      pollSeconds: 86_400,
      timeZone: 'Europe/Rome',
      reached: noteReached(db),
      alerts: { failed() {}, works() {}, databaseWasAway() {}, pass: async () => {} },
      log: pino({ level: 'silent' }),
      ways: [],
      async receive() {
        const { rows } = await sql<{ raw: Buffer }>`
          update message set disposition = 'ignored', reason = 'for the test', decided_at = now()
           where disposition = 'pending' returning raw`.execute(db);
        subjects.push(...rows.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString('latin1'))?.[1] ?? ''));
        if (subjects.length >= count) resolve(subjects);
        return { decided: rows.length };
      },
    },
    controller.signal,
  );
  const stop = async (): Promise<void> => {
    controller.abort();
    await ended;
  };
  cleanUp.push(stop);
  return { allDecided, stop };
};

/** Stages of a connection that can fail, once: in what is sent, or after what comes back. */
const stages: Record<string, (proxy: TcpProxy, how: Failing) => void> = {
  greeting: (proxy, how) => proxy.failAfter('', how),
  login: (proxy, how) => proxy.failAt(/AUTHENTICATE|LOGIN/, how),
  select: (proxy, how) => proxy.failAt(/ SELECT /, how),
  folder: (proxy, how) => proxy.failAt(/ STATUS /, how),
  search: (proxy, how) => proxy.failAt(/ SEARCH /, how),
  list: (proxy, how) => proxy.failAt(/RFC822\.SIZE/, how),
  fetch: (proxy, how) => proxy.failAt(/BODY\.PEEK/, how),
  literal: (proxy, how) => proxy.failAfter('Subject: literal 2\r\n', how),
  move: (proxy, how) => proxy.failAt(/ MOVE /, how),
  idle: (proxy, how) => proxy.failAt(/IDLE\r\n$/, how),
  // while nothing has come: it begins a look with the same question
  asked: (proxy, how) => void proxy.sent(/ SEARCH /).then(() => proxy.failAt(/NOOP\r\n$/, how)),
};

/** A mailbox for each name. */
const mailboxes = async (names: string[]): Promise<Map<string, TestMailbox>> => {
  const host = await startImapHost('Dovecot');
  cleanUp.push(() => host.stop());
  return new Map(await Promise.all(names.map(async (name) => [name, await host.mailbox()] as const)));
};

/** Mails waiting in the mailbox of a stage. */
const sent = (stage: string): string[] => [1, 2, 3].map((n) => mail(`${stage} ${n}`));

describe.skipIf(!dovecotAvailable())('a worker that reads from Dovecot', { timeout: 120_000 }, () => {
  test('hears of new mail by IDLE, even where it would look again in a day only', async () => {
    const { db } = await scratchDatabase();
    const [server] = (await mailboxes(['desk'])).values();
    if (server === undefined) throw new Error('there is no mailbox');
    const proxy = await proxyTo(server);
    const idling = proxy.sent(/IDLE\r\n$/);
    const { allDecided } = work(db, [open(server.settings({ port: proxy.port }), { isNear: elsewhere })], 1);
    await idling;
    await server.deliver([mail('Nuova')]);
    expect(await allDecided).toEqual(['Nuova']);
  });

  for (const how of ['cut', 'silent'] as const) {
    test(`whose connection is ${how} at any stage, once, goes on by itself: nothing lost, nothing twice`, async () => {
      const { db } = await scratchDatabase();
      const servers = await mailboxes(Object.keys(stages));
      const timeouts: MailboxOptions['timeouts'] = { greeting: 1_500, silence: 1_500, logout: 500 };
      const names = new Map([...servers].map(([stage, { user }]) => [stage, `${user}/INBOX`]));
      const opened = await Promise.all(
        [...servers].map(async ([stage, server]) => {
          const proxy = await proxyTo(server);
          stages[stage]?.(proxy, how);
          const deliver = (): Promise<void> => server.deliver(sent(stage));
          if (stage === 'idle') void proxy.sent(/IDLE\r\n$/).then(deliver);
          else if (stage === 'asked')
            void proxy
              .sent(/ SEARCH /)
              .then(() => proxy.sent(/NOOP\r\n$/))
              .then(deliver);
          else await deliver();
          const settings = server.settings({ port: proxy.port, name: names.get(stage) ?? '' });
          return open(settings, { timeouts, ...(stage === 'idle' ? { isNear: elsewhere } : {}) });
        }),
      );
      const { allDecided, stop } = work(db, opened, 3 * servers.size);
      const all = [...servers.keys()].flatMap(sent);
      expect((await allDecided).map((subject) => mail(subject)).toSorted()).toEqual(all.toSorted());
      await stop();
      for (const [stage, server] of servers) {
        // what was moved without a word of it is noted now
        const settings = server.settings({ name: names.get(stage) ?? '' });
        expect(await fetchOnce(db, open(settings), never)).toEqual({ taken: 0 });
        expect({ [stage]: texts(await server.contents('kTicket')) }).toEqual({ [stage]: sent(stage) });
        expect(await server.contents('INBOX')).toEqual([]);
      }
      const { rows } = await sql<{ count: number; filed: number }>`
        select count(*)::int as count, count(filed_at)::int as filed from message`.execute(db);
      expect(rows).toEqual([{ count: all.length, filed: all.length }]);
    });
  }
});
