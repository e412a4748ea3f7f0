import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { startImapHost } from '../../harness/imap-server.ts';
import { mail, mails, never, readAll, reading, takeAll, texts } from '../../harness/reading.ts';
import { dovecotAvailable } from '../../harness/servers.ts';

const { cleanUp, logged, open, startDovecot } = reading();

describe.skipIf(!dovecotAvailable())('a mailbox on a Dovecot that', () => {
  test('keeps all folders below INBOX, with dots: the folder is INBOX.kTicket', async () => {
    const server = await startDovecot({ separator: '.', prefix: 'INBOX.' });
    await server.deliver(mails(2));
    await takeAll(open(server.settings()));
    expect(texts(await server.contents('INBOX.kTicket'))).toEqual(mails(2));
  });

  test('has a folder with accents below another: MAILBOX_URL names it with a slash whatever the separator', async () => {
    const server = await startDovecot({ separator: '.', prefix: 'INBOX.' });
    await server.asOther((client) => client.mailboxCreate(['Più desk', 'Città']));
    await server.deliver(mails(2), 'INBOX.Più desk.Città');
    expect(await takeAll(open(server.settings({ folder: 'Più desk/Città' })))).toEqual(mails(2));
    expect(texts(await server.contents('INBOX.kTicket'))).toEqual(mails(2));
  });

  const capabilities = ['IDLE', 'MOVE', 'UIDPLUS', 'CONDSTORE'];
  test.each(capabilities)(
    'has everything but %s: what waits is taken, filed, and not found again',
    async (missing) => {
      const shown = ['IMAP4rev1', 'NAMESPACE', 'ENABLE', ...capabilities].filter((one) => one !== missing);
      const server = await startDovecot({ capability: shown.join(' ') });
      await server.deliver(mails(3));
      const mailbox = open(server.settings());
      expect(await takeAll(mailbox)).toEqual(mails(3));
      expect(texts(await server.contents('kTicket'))).toEqual(mails(3));
      await server.deliver([mail('Nuova')]);
      expect(await takeAll(mailbox)).toEqual([mail('Nuova')]);
      expect(logged).toEqual([]);
    },
  );

  test('has no MOVE: copied and expunged by UID, nothing else expunged', async () => {
    const server = await startDovecot({ capability: 'IMAP4rev1 UIDPLUS NAMESPACE' });
    await server.deliver(mails(3));
    const mailbox = open(server.settings());
    const { uidValidity, uids } = await mailbox.waiting();
    await server.asOther(async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageFlagsAdd('2', ['\\Deleted']);
    });
    await mailbox.file(uidValidity, uids.slice(0, 1));
    expect(texts(await server.contents('kTicket'))).toEqual(mails(1));
    expect(texts(await server.contents('INBOX'))).toEqual(mails(3).slice(1));
  });

  test('has no MOVE: where one was removed under our feet, the others are copied before anything is expunged', async () => {
    const server = await startDovecot({ capability: 'IMAP4rev1 UIDPLUS NAMESPACE' });
    await server.deliver(mails(3));
    const mailbox = open(server.settings());
    const { uidValidity, uids } = await mailbox.waiting();
    await readAll(mailbox);
    await server.asOther(async (client) => {
      await client.mailboxOpen('INBOX');
      await client.messageDelete('1', { uid: true });
    });
    expect(await mailbox.file(uidValidity, uids)).toEqual(uids);
    expect(texts(await server.contents('kTicket'))).toEqual(mails(3).slice(1));
    expect(await server.contents('INBOX')).toEqual([]);
  });

  test('has neither MOVE nor UIDPLUS nor IDLE: a keyword marks what is taken, and it is skipped', async () => {
    const server = await startDovecot({ capability: 'IMAP4rev1' });
    await server.deliver(mails(2));
    const mailbox = open(server.settings());
    expect(await takeAll(mailbox)).toEqual(mails(2));
    expect((await server.contents('INBOX')).map(({ flags }) => flags)).toEqual([
      ['$kTicketFiled'],
      ['$kTicketFiled'],
    ]);
    await server.deliver([mail('Nuova')]);
    expect(await takeAll(mailbox)).toEqual([mail('Nuova')]);
    expect(logged.filter((line) => line.includes('$kTicketFiled'))).toHaveLength(1);
  });

  test('has no IDLE: the next look after the sleep finds the mail', async () => {
    const server = await startDovecot({ capability: 'IMAP4rev1 MOVE UIDPLUS' });
    const mailbox = open(server.settings());
    await mailbox.waiting();
    await server.deliver(mails(1));
    expect(await mailbox.waitForMail(20, never)).toMatch(/mail|timeout/);
    expect(await takeAll(mailbox)).toEqual(mails(1));
  });

  test('cannot read one of its messages and hangs up over it: the others come, that one stays', async () => {
    const dovecot = await startImapHost('Dovecot');
    cleanUp.push(() => dovecot.stop());
    const server = await dovecot.mailbox();
    await server.deliver(mails(3));
    await writeFile(dovecot.messageFile(server.user, 2), 'spoilt');
    const mailbox = open(server.settings());
    expect(await takeAll(mailbox)).toEqual([mails(3)[0], mails(3)[2]]);
    expect((await mailbox.waiting()).uids).toEqual([2]);
    // set aside: not asked for again at once
    expect(await takeAll(mailbox)).toEqual([]);
    expect(logged.filter((line) => line.includes('UID 2'))).toHaveLength(1);
  });

  test('numbers a folder anew gives the same mails a new identity', async () => {
    const server = await startDovecot({});
    await server.asOther((client) => client.mailboxCreate('Entrata'));
    await server.deliver(mails(2), 'Entrata');
    const settings = server.settings({ folder: 'Entrata' });
    const before = open(settings);
    const first = (await readAll(before)).flat();
    await before.close();
    await server.asOther(async (client) => {
      await client.mailboxDelete('Entrata');
      await client.mailboxCreate('Entrata');
    });
    await server.deliver(mails(2), 'Entrata');
    const second = (await readAll(open(settings))).flat();
    expect(second.map(({ uid }) => uid)).toEqual(first.map(({ uid }) => uid));
    expect(second[0]?.uidValidity).not.toBe(first[0]?.uidValidity);
  });
});
