import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { uidSet } from '../../src/mail/imap/uid-ranges.ts';
import { markFiled, unfiledUids } from '../../src/store/mails/inbox.ts';
import { bulkAppend } from '../harness/bulk-append.ts';
import { scratchDatabase } from '../harness/database.ts';
import type { ScratchDatabase } from '../harness/database.ts';
import { startImapHost } from '../harness/imap-server.ts';
import type { ImapHost, TestMailbox } from '../harness/imap-server.ts';
import { mail } from '../harness/reading.ts';
import { dovecotAvailable } from '../harness/servers.ts';

/** `KTICKET_BACKLOG=50000 npx vitest run test/desk/fetch-backlog.test.ts` is the whole of it, some minutes long. */
const backlog = Number(process.env['KTICKET_BACKLOG'] ?? 3_000);
const body = 'La stampante del piano terra non stampa.\r\n'.repeat(380);

const program = fileURLToPath(new URL('../harness/fetch-once.ts', import.meta.url));
const report = z.object({ taken: z.number(), milliseconds: z.number(), peak: z.number() });
/** Takes in what waits, in a process of its own. */
const fetchIn = async (scratch: ScratchDatabase, server: TestMailbox) => {
  const user = encodeURIComponent(server.user);
  const url = `imap://${user}:${server.password}@127.0.0.1:${server.port}/INBOX`;
  // garbage is collected early, so that what is held counts
  const early = '--max-semi-space-size=1';
  const { stdout } = await promisify(execFile)(process.execPath, [early, program, scratch.url, url, '50']);
  return report.parse(JSON.parse(stdout));
};
function* numbered(count: number): Generator<string> {
  for (let n = 1; n <= count; n += 1) yield mail(`Richiesta ${n}`, body);
}

describe.skipIf(!dovecotAvailable())('memory stays flat', { timeout: 900_000 }, () => {
  let host: ImapHost;
  beforeAll(async () => {
    host = await startImapHost('Dovecot');
  });
  afterAll(() => host.stop());

  test(`with a backlog of ${backlog} mails of 16 kB`, async () => {
    const scratch = await scratchDatabase();
    const [few, many] = [await host.mailbox(), await host.mailbox()];
    await bulkAppend(few, numbered(300));
    await bulkAppend(many, numbered(backlog));
    const small = await fetchIn(scratch, few);
    const large = await fetchIn(scratch, many);
    expect([small.taken, large.taken]).toEqual([300, backlog]);
    // the difference of what waits is 43 MB and more
    expect(large.peak - small.peak).toBeLessThan(40);
    expect(await many.asOther((client) => client.status('kTicket', { messages: true }))).toMatchObject({
      messages: backlog,
    });
  });

  test('with a mail of 40 MB, which is never held whole', async () => {
    const scratch = await scratchDatabase();
    const [none, one] = [await host.mailbox(), await host.mailbox()];
    await bulkAppend(none, numbered(1));
    await bulkAppend(one, [mail('Grande', body.repeat((40 * 1024 * 1024) / body.length))]);
    const small = await fetchIn(scratch, none);
    const large = await fetchIn(scratch, one);
    expect([small.taken, large.taken]).toEqual([1, 1]);
    // fetched and written at once it took 119 MB
    expect(large.peak - small.peak).toBeLessThan(60);
  });
});

describe('a backlog', () => {
  test('is named to the server in ranges, as short as it can be', () => {
    expect(uidSet(Array.from({ length: 50_000 }, (_, n) => n + 1))).toBe('1:50000');
    expect(uidSet([3, 7, 8, 9, 12])).toBe('3,7:9,12');
    expect(uidSet([])).toBe('');
  });

  test('that was filed costs the next start nothing: its rows are not looked through', async () => {
    const { db } = await scratchDatabase();
    const where = 'desk@mail.example/INBOX';
    await sql`
      insert into message (mailbox, uid_validity, uid, received_at, raw, size, sha256, filed_at)
      select ${where}, 1, n, now(), '', 0, '', case when n > 49990 then null else now() end
        from generate_series(1, 50000) n`.execute(db);
    await sql`analyze message`.execute(db);
    const scans = await db.transaction().execute(async (tx) => {
      const unfiled = await unfiledUids(tx, where, 1);
      expect(unfiled).toHaveLength(10);
      await markFiled(tx, where, 1, unfiled);
      const { rows } = await sql<{ whole: number; read: number }>`
        select seq_scan::int as whole, (seq_tup_read + idx_tup_fetch)::int as read
          from pg_stat_xact_user_tables where relname = 'message'`.execute(tx);
      return rows[0];
    });
    expect(scans?.whole).toBe(0);
    expect(scans?.read).toBeLessThan(100);
  });
});
