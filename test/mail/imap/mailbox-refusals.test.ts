import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { fetchOnce } from '../../../src/desk/fetch.ts';
import type { OpenDatabase } from '../../../src/store/db/database.ts';
import { scratchDatabase } from '../../harness/database.ts';
import type { DovecotOptions } from '../../harness/dovecot.ts';
import { startImapHost } from '../../harness/imap-server.ts';
import { mail, mails, never, reading, texts } from '../../harness/reading.ts';
import { dovecotAvailable } from '../../harness/servers.ts';

const { cleanUp, logged, open, proxyTo } = reading();

const start = async (options: DovecotOptions = {}) => {
  const host = await startImapHost('Dovecot', options);
  cleanUp.push(() => host.stop());
  const server = await host.mailbox();
  return { server, inbox: dirname(host.messageFile(server.user, 1)) };
};
const takenIn = async (db: OpenDatabase): Promise<string[]> => {
  const { rows } = await sql<{ raw: Buffer }>`select raw from message order by id`.execute(db);
  return rows.map(({ raw }) => raw.toString('latin1'));
};
const marked = ['$kTicketFiled'];

describe.skipIf(!dovecotAvailable())('where Dovecot does not let messages be moved', () => {
  test('out of a folder that may only be read, they are taken in once and stay, which is said once', async () => {
    const { db } = await scratchDatabase();
    const { server, inbox } = await start({ extra: 'mail_plugins = acl\nplugin {\n  acl = vfile\n}' });
    await server.deliver(mails(3));
    await writeFile(join(inbox, 'dovecot-acl'), 'owner lr\n');
    const mailbox = open(server.settings());
    expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 3 });
    expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 0 });
    expect(await fetchOnce(db, open(server.settings()), never)).toEqual({ taken: 0 });
    expect(await takenIn(db)).toEqual(mails(3));
    expect(texts(await server.contents('INBOX'))).toEqual(mails(3));
    // once a mailbox that is opened
    expect(logged.filter((line) => line.includes('is read-only for'))).toHaveLength(2);
  });

  test('into a folder that cannot be made, they are marked and taken in once, which is said with the server’s words', async () => {
    const { db } = await scratchDatabase();
    const { server, inbox } = await start();
    await server.deliver(mails(2));
    await chmod(join(inbox, '../..'), 0o555);
    const mailbox = open(server.settings());
    expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 2 });
    expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 0 });
    expect((await server.contents('INBOX')).map(({ flags }) => flags)).toEqual([marked, marked]);
    const said = logged.filter((line) => line.includes('create the folder kTicket'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('the server says');
    await chmod(join(inbox, '../..'), 0o755);
  });

  test('into a folder over quota, they are marked and taken in once; later ones go on', async () => {
    const { db } = await scratchDatabase();
    const { server } = await start({
      capability: 'IMAP4rev1 UIDPLUS',
      extra: `
mail_plugins = quota
plugin {
  quota = count:Desk
  quota_vsizes = yes
  quota_rule = *:storage=64K
}`,
    });
    const sent = [1, 2, 3].map((n) => mail(`Grande ${n}`, 'x'.repeat(14_000)));
    await server.deliver(sent);
    const mailbox = open(server.settings());
    expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 3 });
    expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 0 });
    expect((await server.contents('INBOX')).map(({ flags }) => flags)).toEqual([marked, marked, marked]);
    expect(await server.contents('kTicket')).toEqual([]);
    expect(logged.filter((line) => line.includes('refuses to move'))).toHaveLength(1);
    await server.deliver([mail('Piccola')]);
    expect(await fetchOnce(db, mailbox, never)).toEqual({ taken: 1 });
    expect(texts(await server.contents('kTicket'))).toEqual([mail('Piccola')]);
    expect(await takenIn(db)).toEqual([...sent, mail('Piccola')]);
  });

  test('a death between COPY and EXPUNGE leaves a second copy in the folder kTicket, and none in the database', async () => {
    const { db } = await scratchDatabase();
    const { server } = await start({ capability: 'IMAP4rev1 UIDPLUS' });
    await server.deliver(mails(2));
    const proxy = await proxyTo(server);
    const { name } = server.settings();
    proxy.failAt(/ COPY /, 'cut');
    await expect(fetchOnce(db, open(server.settings({ port: proxy.port, name })), never)).rejects.toThrow(
      'file messages',
    );
    expect(texts(await server.contents('INBOX'))).toEqual(mails(2));
    expect(await fetchOnce(db, open(server.settings()), never)).toEqual({ taken: 0 });
    expect(await server.contents('INBOX')).toEqual([]);
    expect(await takenIn(db)).toEqual(mails(2));
    expect(new Set(texts(await server.contents('kTicket')))).toEqual(new Set(mails(2)));
  });
});
