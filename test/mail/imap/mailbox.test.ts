import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultTimeouts } from '../../../src/mail/imap/session.ts';
import { serverKinds, startImapHost } from '../../harness/imap-server.ts';
import type { ImapHost, TestMailbox } from '../../harness/imap-server.ts';
import {
  all,
  failure,
  mail,
  mails,
  never,
  rangesOf,
  readAll,
  reading,
  takeAll,
  texts,
} from '../../harness/reading.ts';
import type { Arriving } from '../../../src/mail/imap/fetched-message.ts';
import { portOf } from '../../../src/config/urls.ts';

const { cleanUp, logged, open, proxyTo } = reading();

const elsewhere = async (): Promise<boolean> => false;
const places = [
  { where: 'elsewhere', isNear: elsewhere },
  { where: 'on this machine', isNear: async () => true },
];

for (const { kind, missing } of serverKinds) {
  describe.skipIf(missing)(`a mailbox on ${kind}`, () => {
    let host: ImapHost;
    let server: TestMailbox;
    beforeAll(async () => {
      host = await startImapHost(kind);
    });
    afterAll(() => host.stop());
    beforeEach(async () => {
      server = await host.mailbox();
    });

    test('hands out everything in order of arrival, in ranges of at most 50, byte for byte', async () => {
      const sent = [...mails(120), mail('Latin-1', 'perch\xe9 no')];
      await server.deliver(sent);
      const ranges = await readAll(open(server.settings()));
      expect(ranges.map((range) => range.length)).toEqual([50, 50, 21]);
      expect(ranges.flat().map(({ raw }) => Buffer.from(raw).toString('latin1'))).toEqual(sent);
      expect(ranges.flat().every(({ truncated, raw, size }) => !truncated && size === raw.length)).toBe(true);
    });

    test('says when each message reached the server, by INTERNALDATE', async () => {
      const at = new Date('2024-03-01T08:30:00Z');
      await server.asOther((client) => client.append('INBOX', mail('Data'), [], at));
      const [[message] = []] = await readAll(open(server.settings()));
      expect(message?.receivedAt).toEqual(at);
    });

    test('moves what is filed to the folder kTicket, in order, and marks nothing as read', async () => {
      const sent = mails(60);
      await server.deliver(sent);
      expect(await takeAll(open(server.settings()))).toEqual(sent);
      const filed = await server.contents('kTicket');
      expect(texts(filed)).toEqual(sent);
      expect(filed.flatMap(({ flags }) => flags)).toEqual([]);
      expect(await server.contents('INBOX')).toEqual([]);
    });

    test('leaves alone what others have marked as deleted', async () => {
      await server.deliver(mails(3));
      const mailbox = open(server.settings());
      const { uidValidity, uids } = await mailbox.waiting();
      await server.asOther(async (client) => {
        await client.mailboxOpen('INBOX');
        await client.messageFlagsAdd('2', ['\\Deleted']);
      });
      expect(await mailbox.file(uidValidity, uids.slice(0, 1))).toEqual(uids.slice(0, 1));
      expect(texts(await server.contents('INBOX'))).toEqual(mails(3).slice(1));
    });

    test('a message that was handed out and not filed waits still', async () => {
      await server.deliver(mails(2));
      const before = open(server.settings());
      await readAll(before);
      await before.close();
      expect(await takeAll(open(server.settings()))).toEqual(mails(2));
    });

    for (const { where, isNear } of places) {
      test(`new mail of a server ${where} wakes a mailbox, however long it was going to sleep`, async () => {
        const mailbox = open(server.settings(), { isNear });
        await mailbox.waiting();
        const woken = mailbox.waitForMail(600_000, never);
        await server.deliver(mails(1));
        expect(await woken).toBe('mail');
        expect(await takeAll(mailbox)).toEqual(mails(1));
      });

      test(`mail that came to a server ${where} between the last look and the sleep ends the sleep`, async () => {
        const mailbox = open(server.settings(), { isNear });
        await mailbox.waiting();
        await server.deliver(mails(1));
        expect(await mailbox.waitForMail(600_000, never)).toBe('mail');
      });

      test(`of a server ${where} a mail wakes even where another one goes at the same time`, async () => {
        await server.deliver(mails(2));
        const mailbox = open(server.settings(), { isNear });
        await mailbox.waiting();
        const woken = mailbox.waitForMail(600_000, never);
        await server.asOther(async (client) => {
          await client.mailboxOpen('INBOX');
          await client.messageDelete('1');
          await client.append('INBOX', mail('Nuova'));
        });
        expect(await woken).toBe('mail');
        expect(await takeAll(mailbox)).toEqual([mails(2)[1], mail('Nuova')]);
      });

      test(`a connection to a server ${where} that is lost ends the sleep; the next look connects again`, async () => {
        const proxy = await proxyTo(server);
        const mailbox = open(server.settings({ port: proxy.port }), { isNear });
        await mailbox.waiting();
        const woken = mailbox.waitForMail(600_000, never);
        proxy.drop();
        expect(await woken).toBe('closed');
        await server.deliver(mails(2));
        expect(await takeAll(mailbox)).toEqual(mails(2));
      });

      test(`a server ${where} that falls silent while we sleep ends the sleep`, async () => {
        const proxy = await proxyTo(server);
        const mailbox = open(server.settings({ port: proxy.port }), {
          isNear,
          timeouts: { silence: 1_000, logout: 50 },
        });
        await mailbox.waiting();
        const woken = mailbox.waitForMail(600_000, never);
        proxy.hang();
        expect(await woken).toBe('closed');
      });
    }

    test('a server on this machine is asked several times a second, another one only listened to', async () => {
      const [near, far] = [await proxyTo(server), await proxyTo(server)];
      const mailbox = open(server.settings({ port: near.port }), { isNear: async () => true });
      await mailbox.waiting();
      void mailbox.waitForMail(600_000, never);
      for (let again = 0; again < 5; again += 1) await near.sent(/NOOP\r\n$/);
      const distant = open(server.settings({ port: far.port }), { isNear: elsewhere });
      await distant.waiting();
      const listens = far.sent(/IDLE\r\n$/);
      void distant.waitForMail(600_000, never);
      await listens;
      const asked = far.sent(/NOOP\r\n$/).then(() => 'asked');
      for (let again = 0; again < 5; again += 1) await near.sent(/NOOP\r\n$/);
      expect(await Promise.race([asked, Promise.resolve('not asked')])).toBe('not asked');
    });

    test('one that answers slowly, since what stands behind it is elsewhere, is asked a few times, then listened to', async () => {
      const proxy = await proxyTo(server);
      const mailbox = open(server.settings({ port: proxy.port }), { isNear: async () => true });
      await mailbox.waiting();
      const listens = proxy.sent(/IDLE\r\n$/);
      const woken = mailbox.waitForMail(600_000, never);
      proxy.delay(30);
      await listens;
      await server.deliver(mails(1));
      expect(await woken).toBe('mail');
    });

    test('issues IDLE again before the 29 minutes after which a server may hang up (RFC 2177)', () => {
      expect(defaultTimeouts.idle).toBeLessThan(29 * 60_000);
    });

    test('goes on hearing of new mail after IDLE was issued again', async () => {
      const proxy = await proxyTo(server);
      const mailbox = open(server.settings({ port: proxy.port }), {
        isNear: elsewhere,
        timeouts: { idle: 50 },
      });
      await mailbox.waiting();
      const woken = mailbox.waitForMail(600_000, never);
      for (let again = 0; again < 3; again += 1) await proxy.sent(/IDLE\r\n$/);
      await server.deliver(mails(1));
      expect(await woken).toBe('mail');
    });

    test('a sleep ends at its time, and at once with the signal', async () => {
      const mailbox = open(server.settings());
      await mailbox.waiting();
      expect(await mailbox.waitForMail(10, never)).toBe('timeout');
      const stop = new AbortController();
      const woken = mailbox.waitForMail(600_000, stop.signal);
      stop.abort();
      expect(await woken).toBe('aborted');
    });

    test('a refused password is said with host and user, never with the password', async () => {
      const error = await failure(open(server.settings({ password: 'sbagliata-123' })).waiting());
      expect(error.kind).toBe('auth_refused');
      expect(error.message).toContain(`127.0.0.1:${server.port}`);
      expect(error.message).toContain(server.user);
      expect(error.message).not.toContain('sbagliata-123');
    });

    test('nobody listening is said as unreachable', async () => {
      const proxy = await proxyTo(server);
      await proxy.refuse();
      const error = await failure(open(server.settings({ port: proxy.port })).waiting());
      expect(error.kind).toBe('unreachable');
      expect(error.message).toContain('ECONNREFUSED');
      await proxy.accept();
    });

    test('a folder that does not exist is said by name', async () => {
      const error = await failure(open(server.settings({ folder: 'Nessuna' })).waiting());
      expect(error.kind).toBe('protocol');
      expect(error.message).toContain('Nessuna');
    });

    test('the folder kTicket itself is refused as a mailbox to read', async () => {
      await server.asOther((client) => client.mailboxCreate('kTicket'));
      const error = await failure(open(server.settings({ folder: 'kTicket' })).waiting());
      expect(error.message).toContain('INBOX');
    });

    test('a connection lost in the middle of a range is taken up again, and nothing comes twice', async () => {
      await server.deliver(mails(70));
      const proxy = await proxyTo(server);
      const mailbox = open(server.settings({ port: proxy.port }));
      const { uidValidity, uids } = await mailbox.waiting();
      proxy.failAfter('Subject: Richiesta 60\r\n', 'cut');
      const ranges = await all(rangesOf(mailbox, uidValidity, uids));
      expect(ranges.flat().map(({ uid }) => uid)).toEqual(uids);
      expect(await takeAll(mailbox)).toEqual(mails(70));
    });

    test('a server that goes away in the middle of a range is said as unreachable, and nothing is lost', async () => {
      await server.deliver(mails(70));
      const proxy = await proxyTo(server);
      const mailbox = open(server.settings({ port: proxy.port }));
      const { uidValidity, uids } = await mailbox.waiting();
      const handedOut: Arriving[] = [];
      const error = await failure(
        (async () => {
          for await (const range of rangesOf(mailbox, uidValidity, uids)) {
            handedOut.push(...range);
            await proxy.refuse();
          }
        })(),
      );
      expect(error.kind).toBe('unreachable');
      expect(handedOut).toHaveLength(50);
      await proxy.accept();
      expect(await takeAll(mailbox)).toEqual(mails(70));
    });

    test('between two ranges the signal ends the reading', async () => {
      await server.deliver(mails(70));
      const mailbox = open(server.settings());
      const { uidValidity, uids } = await mailbox.waiting();
      const stop = new AbortController();
      let handedOut = 0;
      for await (const range of rangesOf(mailbox, uidValidity, uids, stop.signal)) {
        handedOut += range.length;
        stop.abort();
      }
      expect(handedOut).toBe(50);
    });

    test('a server that falls silent is given up after the timeout', async () => {
      const proxy = await proxyTo(server);
      const mailbox = open(server.settings({ port: proxy.port }), {
        timeouts: { silence: 1_000, logout: 50 },
      });
      await mailbox.waiting();
      proxy.hang();
      expect((await failure(mailbox.waiting())).kind).toBe('unreachable');
    });

    test('a probe of a silent connection does not end the IDLE for good', async () => {
      const proxy = await proxyTo(server);
      const mailbox = open(server.settings({ port: proxy.port }), {
        isNear: elsewhere,
        timeouts: { silence: 1_000 },
      });
      await mailbox.waiting();
      const woken = mailbox.waitForMail(600_000, never);
      await proxy.sent(/NOOP\r\n$/);
      await proxy.sent(/IDLE\r\n$/);
      await server.deliver(mails(1));
      expect(await woken).toBe('mail');
    });

    test('a message over the limit is handed out with its headers only and filed whole', async () => {
      const large = mail('Troppo grande', 'x'.repeat(5000));
      await server.deliver([mails(1).join(''), large, mail('Dopo')]);
      const mailbox = open(server.settings(), { maxMessageBytes: 2000 });
      const messages = (await readAll(mailbox)).flat();
      expect(messages.map(({ truncated }) => truncated)).toEqual([false, true, false]);
      expect(Buffer.from(messages[1]?.raw ?? []).toString('latin1')).toBe(
        large.slice(0, large.indexOf('xxxx')),
      );
      expect(messages[1]?.size).toBe(large.length);
      await takeAll(mailbox);
      expect(texts(await server.contents('kTicket'))).toContain(large);
    });

    test('a message removed under our feet is left out, the others come', async () => {
      await server.deliver(mails(3));
      const mailbox = open(server.settings());
      const { uidValidity, uids } = await mailbox.waiting();
      await server.asOther(async (client) => {
        await client.mailboxOpen('INBOX');
        await client.messageDelete('2');
      });
      const read = (await all(rangesOf(mailbox, uidValidity, uids))).flat();
      expect(read.map(({ uid }) => uid)).toEqual([uids[0], uids[2]]);
      expect(await mailbox.file(uidValidity, uids)).toEqual(uids);
    });

    test('a message removed between the list of sizes and its bytes is left out, the others come', async () => {
      await server.deliver(mails(3));
      const proxy = await proxyTo(server);
      const mailbox = open(server.settings({ port: proxy.port }));
      const { uidValidity, uids } = await mailbox.waiting();
      const held = proxy.holdAt(/BODY\.PEEK\[\]/);
      const read = all(rangesOf(mailbox, uidValidity, uids));
      const release = await held;
      await server.asOther(async (client) => {
        await client.mailboxOpen('INBOX');
        await client.messageDelete('2');
      });
      release();
      expect((await read).flat().map(({ uid }) => uid)).toEqual([uids[0], uids[2]]);
      expect(logged).toEqual([]);
    });

    test('messages removed after they were handed out count as filed, and hold up no other', async () => {
      await server.deliver(mails(3));
      const mailbox = open(server.settings());
      const { uidValidity, uids } = await mailbox.waiting();
      await all(rangesOf(mailbox, uidValidity, uids));
      await server.asOther(async (client) => {
        await client.mailboxOpen('INBOX');
        await client.messageDelete('1:2');
      });
      expect(await mailbox.file(uidValidity, uids)).toEqual(uids);
      expect(texts(await server.contents('kTicket'))).toEqual(mails(3).slice(2));
      expect(await server.contents('INBOX')).toEqual([]);
      expect(logged).toEqual([]);
    });

    test('the folder kTicket is made again when somebody deleted it', async () => {
      await server.deliver(mails(2));
      const mailbox = open(server.settings());
      const { uidValidity, uids } = await mailbox.waiting();
      await server.asOther((client) => client.mailboxDelete('kTicket'));
      await mailbox.file(uidValidity, uids);
      expect(texts(await server.contents('kTicket'))).toEqual(mails(2));
    });

    test('UIDs of a folder that was numbered anew are never filed', async () => {
      await server.asOther((client) => client.mailboxCreate('Entrata'));
      await server.deliver(mails(2), 'Entrata');
      const mailbox = open(server.settings({ folder: 'Entrata' }));
      const { uidValidity, uids } = await mailbox.waiting();
      expect((await failure(mailbox.file(uidValidity - 1, uids))).kind).toBe('protocol');
      expect(texts(await server.contents('Entrata'))).toEqual(mails(2));
    });

    test('close ends an idle connection, and a silent one in time', async () => {
      const proxy = await proxyTo(server);
      const mailbox = open(server.settings({ port: proxy.port }), { timeouts: { logout: 100 } });
      await mailbox.waiting();
      const woken = mailbox.waitForMail(600_000, never);
      proxy.hang();
      await mailbox.close();
      expect(await woken).toBe('closed');
    });
  });
}

/** A self-signed pair; `key` or `crt`. */
const ownCertificate = (part: string): Promise<Buffer> =>
  readFile(createRequire(import.meta.url).resolve(`hoodiecrow-imap/cert/server.${part}`));

describe('a mailbox over TLS', () => {
  test('is not opened on a certificate that nobody vouches for: no word of ours reaches that server', async () => {
    let heard = 0;
    const server = createServer(
      { key: await ownCertificate('key'), cert: await ownCertificate('crt') },
      (socket) => {
        socket.on('data', (chunk) => {
          heard += chunk.length;
        });
        socket.write('* OK ready\r\n');
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanUp.push(async () => void server.close());
    const error = await failure(
      open({
        host: 'localhost',
        port: portOf(server.address()),
        secure: true,
        user: 'desk',
        password: 'segreto',
        folder: 'INBOX',
        name: 'desk@localhost/INBOX',
      }).waiting(),
    );
    expect(error.kind).toBe('unreachable');
    expect(error.message).toContain('certificate');
    expect(heard).toBe(0);
  });
});
