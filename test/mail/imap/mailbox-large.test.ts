import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchOnce } from '../../../src/desk/fetch.ts';
import type { Database } from '../../../src/store/db/database.ts';
import { scratchDatabase } from '../../harness/database.ts';
import { startImapHost } from '../../harness/imap-server.ts';
import type { ImapHost, TestMailbox } from '../../harness/imap-server.ts';
import { failure, mail, never, reading, texts } from '../../harness/reading.ts';
import { dovecotAvailable } from '../../harness/servers.ts';

const { open, proxyTo } = reading();
const maxMessageBytes = 50 * 1024 * 1024;

/** Above what is held at once, in lines of 76 that differ. */
const large = (subject: string, megabytes = 6): string => {
  const lines = Array.from({ length: Math.ceil((megabytes * 1024 * 1024) / 78) }, (_, n) =>
    `${n}`.padEnd(76, 'x'),
  );
  return mail(subject, lines.join('\r\n'));
};
const sha256 = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex');

type Row = { uid: number; sha256: string; inServer: string; size: number; filed: boolean; whole: boolean };
/** Rows taken in, with PostgreSQL's hash of the stored bytes. */
const inbox = async (db: Database): Promise<Row[]> => {
  const { rows } = await sql<Row>`
    select uid, sha256, encode(sha256(raw), 'hex') as "inServer", size, filed_at is not null as filed,
           not truncated as whole
      from message order by id`.execute(db);
  return rows;
};
const largeObjects = async (db: Database): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_largeobject_metadata`.execute(db);
  return rows[0]?.count ?? 0;
};
const taken = (sent: string, uid: number): Row => ({
  uid,
  sha256: sha256(sent),
  inServer: sha256(sent),
  size: sent.length,
  filed: true,
  whole: true,
});

describe.skipIf(!dovecotAvailable())('a message of some megabytes on Dovecot', () => {
  let host: ImapHost;
  let server: TestMailbox;
  beforeAll(async () => {
    host = await startImapHost('Dovecot');
  });
  afterAll(() => host.stop());
  beforeEach(async () => {
    server = await host.mailbox();
  });

  test('is taken in piece by piece, byte for byte, in its place among the others, and filed', async () => {
    const { db } = await scratchDatabase();
    const sent = [mail('Prima'), large('Grande'), mail('Dopo')];
    await server.deliver(sent);
    const mailbox = open(server.settings(), { maxMessageBytes });
    const { uids } = await mailbox.waiting();
    expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 3 });
    expect(await inbox(db)).toEqual(sent.map((one, n) => taken(one, uids[n] ?? 0)));
    expect(await largeObjects(db)).toBe(0);
    expect(texts(await server.contents('kTicket'))).toEqual(sent);
  });

  test('whose connection is lost between two pieces goes on where it was', async () => {
    const { db } = await scratchDatabase();
    const sent = large('Grande');
    await server.deliver([sent]);
    const proxy = await proxyTo(server);
    const mailbox = open(server.settings({ port: proxy.port }), { maxMessageBytes });
    await mailbox.waiting();
    proxy.failAt(/<3145728\./, 'cut');
    expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 1 });
    expect((await inbox(db)).map((row) => row.inServer)).toEqual([sha256(sent)]);
  });

  test('whose server goes away between two pieces leaves nothing behind, and is taken in whole later', async () => {
    const { db } = await scratchDatabase();
    const sent = large('Grande');
    await server.deliver([sent]);
    const proxy = await proxyTo(server);
    const mailbox = open(server.settings({ port: proxy.port }), { maxMessageBytes });
    await mailbox.waiting();
    const held = proxy.holdAt(/<3145728\./);
    const fetching = failure(fetchOnce(db, mailbox, never));
    await held;
    await proxy.refuse();
    expect((await fetching).kind).toBe('unreachable');
    expect(await inbox(db)).toEqual([]);
    expect(await largeObjects(db)).toBe(0);
    await proxy.accept();
    expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 1 });
    expect((await inbox(db)).map((row) => row.inServer)).toEqual([sha256(sent)]);
  });

  test('that is removed between two pieces is left out, and the next ones come', async () => {
    const { db } = await scratchDatabase();
    await server.deliver([large('Grande'), mail('Dopo')]);
    const proxy = await proxyTo(server);
    const mailbox = open(server.settings({ port: proxy.port }), { maxMessageBytes });
    const { uids } = await mailbox.waiting();
    const held = proxy.holdAt(/<3145728\./);
    const fetching = fetchOnce(db, mailbox, never);
    const release = await held;
    await server.asOther(async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageDelete('1');
    });
    release();
    const { taken: count } = await fetching;
    expect(count).toBe(1);
    expect((await inbox(db)).map(({ uid }) => uid)).toEqual(uids.slice(1));
    expect(await largeObjects(db)).toBe(0);
  });

  test('that is over the limit is known by its headers only', async () => {
    const { db } = await scratchDatabase();
    const sent = large('Troppo grande');
    await server.deliver([sent]);
    const mailbox = open(server.settings(), { maxMessageBytes: 5 * 1024 * 1024 });
    expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 1 });
    expect(await inbox(db)).toMatchObject([{ size: sent.length, whole: false, filed: true }]);
  });
});
