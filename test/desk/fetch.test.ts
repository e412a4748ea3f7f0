import pino from 'pino';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchOnce } from '../../src/desk/fetch.ts';
import { openMailbox } from '../../src/mail/imap/mailbox.ts';
import type { Mailbox } from '../../src/mail/imap/mailbox.ts';
import type { Database } from '../../src/store/db/database.ts';
import { takeIn, unfiledUids } from '../../src/store/mails/inbox.ts';
import { scratchDatabase } from '../harness/database.ts';
import { serverKinds, startImapHost } from '../harness/imap-server.ts';
import type { ImapHost, TestMailbox } from '../harness/imap-server.ts';
import type { MailboxSettings } from '../../src/config/settings.ts';

const never = new AbortController().signal;
const mail = (subject: string): string =>
  `From: anna@rossi.example\r\nTo: assistenza@desk.example\r\nSubject: ${subject}\r\n\r\nNon stampa.\r\n`;
const mails = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => mail(`Richiesta ${n + 1}`));

type Row = { raw: string; uid: number; filed: boolean };
const inbox = async (db: Database): Promise<Row[]> => {
  const { rows } = await sql<{ raw: Buffer; uid: number; filed: boolean }>`
    select raw, uid, filed_at is not null as filed from message order by id`.execute(db);
  return rows.map((row) => ({ ...row, raw: row.raw.toString('latin1') }));
};
const texts = (contents: { raw: string }[]): string[] => contents.map(({ raw }) => raw);

const opened: Mailbox[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((mailbox) => mailbox.close()));
});
const open = (settings: MailboxSettings): Mailbox => {
  const mailbox = openMailbox(settings, { log: pino({ level: 'silent' }), maxMessageBytes: 1024 * 1024 });
  opened.push(mailbox);
  return mailbox;
};

/** The worker dies at this point: whatever it had left to do is not done. */
class Killed extends Error {}
const dyingWhen = (mailbox: Mailbox, when: 'before filing' | 'after filing'): Mailbox => ({
  ...mailbox,
  async file(uidValidity, uids) {
    if (uids.length === 0) return [];
    if (when === 'after filing') await mailbox.file(uidValidity, uids);
    throw new Killed();
  },
});

for (const { kind, missing } of serverKinds) {
  describe.skipIf(missing)(`from a mailbox on ${kind} to the inbox`, () => {
    let host: ImapHost;
    let server: TestMailbox;
    beforeAll(async () => {
      host = await startImapHost(kind);
    });
    afterAll(() => host.stop());
    beforeEach(async () => {
      server = await host.mailbox();
    });

    test('all that waits is committed in order of arrival and has left for the folder kTicket', async () => {
      const { db } = await scratchDatabase();
      await server.deliver(mails(60));
      const mailbox = open(server.settings());
      expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 60 });
      const rows = await inbox(db);
      expect(texts(rows)).toEqual(mails(60));
      expect(rows.every(({ filed }) => filed)).toBe(true);
      expect(texts(await server.contents('kTicket'))).toEqual(mails(60));
      expect(await server.contents('INBOX')).toEqual([]);
      expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 0 });
    });

    test('what was committed before a crash is filed then, and not taken twice', async () => {
      const { db } = await scratchDatabase();
      await server.deliver(mails(3));
      const dying = dyingWhen(open(server.settings()), 'before filing');
      await expect(fetchOnce(db, dying, never)).rejects.toThrow(Killed);
      expect(texts(await server.contents('INBOX'))).toEqual(mails(3));
      await server.deliver([mail('Nuova')]);
      expect(await fetchOnce(db, open(server.settings()), never)).toEqual({ taken: 1 });
      expect(texts(await inbox(db))).toEqual([...mails(3), mail('Nuova')]);
      expect(texts(await server.contents('kTicket'))).toEqual([...mails(3), mail('Nuova')]);
    });

    test('what was filed before a crash could note it counts as filed', async () => {
      const { db } = await scratchDatabase();
      await server.deliver(mails(3));
      const dying = dyingWhen(open(server.settings()), 'after filing');
      await expect(fetchOnce(db, dying, never)).rejects.toThrow(Killed);
      expect((await inbox(db)).map(({ filed }) => filed)).toEqual([false, false, false]);
      expect(await fetchOnce(db, open(server.settings()), never)).toEqual({ taken: 0 });
      expect((await inbox(db)).map(({ filed }) => filed)).toEqual([true, true, true]);
    });

    test('while the database is away nothing leaves the mailbox', async () => {
      const scratch = await scratchDatabase();
      await server.deliver(mails(2));
      const mailbox = open(server.settings());
      await mailbox.waiting();
      await scratch.drop();
      await expect(fetchOnce(scratch.db, mailbox, never)).rejects.toThrow(/destroyed|pool/);
      expect(texts(await server.contents('INBOX'))).toEqual(mails(2));
    });

    test('two workers that read one mailbox take each message once', async () => {
      const { db } = await scratchDatabase();
      await server.deliver(mails(120));
      const workers = [open(server.settings()), open(server.settings())];
      const results = await Promise.all(workers.map((mailbox) => fetchOnce(db, mailbox, never)));
      expect(results.reduce((sum, { taken }) => sum + taken, 0)).toBe(120);
      expect(texts(await inbox(db)).toSorted()).toEqual(mails(120).toSorted());
      // both may move the same message at the same time, which leaves two copies on some servers
      expect(new Set(texts(await server.contents('kTicket')))).toEqual(new Set(mails(120)));
      expect(await server.contents('INBOX')).toEqual([]);
    });

    test('after a folder was numbered anew, old UIDs mean nothing: its mails are taken in again, none is lost', async () => {
      const { db } = await scratchDatabase();
      await server.deliver(mails(2));
      const mailbox = open(server.settings());
      const { uidValidity } = await mailbox.waiting();
      // as if the same numbers had meant other mails before
      const [before] = mails(1);
      const other = {
        receivedAt: new Date(),
        envelopeRecipient: null,
        envelopeSender: null,
        truncated: false,
      };
      const raw = Buffer.from(before ?? '');
      const identity = { mailbox: mailbox.name, uidValidity: uidValidity - 1, uid: 1 };
      await takeIn(db, [{ ...other, ...identity, raw, size: raw.length }]);
      expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 2 });
      expect(await unfiledUids(db, mailbox.name, uidValidity)).toEqual([]);
    });

    test('stopped between two ranges, it leaves the rest for the next time', async () => {
      const { db } = await scratchDatabase();
      await server.deliver(mails(70));
      const stop = new AbortController();
      const mailbox = open(server.settings());
      const stopping: Mailbox = {
        ...mailbox,
        file(uidValidity, uids) {
          if (uids.length > 0) stop.abort();
          return mailbox.file(uidValidity, uids);
        },
      };
      expect(await fetchOnce(db, stopping, stop.signal)).toEqual({ taken: 50 });
      expect((await inbox(db)).every(({ filed }) => filed)).toBe(true);
      expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 20 });
    });
  });
}
