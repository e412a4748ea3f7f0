import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { fetchOnce } from '../../src/desk/fetch.ts';
import type { Mailbox } from '../../src/mail/imap/mailbox.ts';
import { unfiledUids } from '../../src/store/mails/inbox.ts';
import { startDovecot } from '../harness/dovecot.ts';
import { mailboxOn } from '../harness/imap-server.ts';
import { never, reading, texts } from '../harness/reading.ts';
import { dovecotAvailable } from '../harness/servers.ts';
import { openDesk } from '../builders/desk.ts';

const { cleanUp, open } = reading();

const mail = (subject: string, headers: string[] = []): string =>
  [
    'From: Anna Rossi <anna@rossi.it>',
    'To: assistenza@kybernes.it',
    `Subject: ${subject}`,
    'Date: Tue, 24 Nov 2026 10:00:00 +0100',
    ...headers,
    '',
    `${subject}: non stampa.`,
    '',
  ].join('\r\n');
const sent = [
  mail('Prima', ['Message-ID: <prima@rossi.it>']),
  mail('Seconda', ['Message-ID: <seconda@rossi.it>']),
  // known by its bytes
  mail('Terza'),
];

/** Commits what it reads, and dies before it could be filed. */
class Killed extends Error {}
const dying = (mailbox: Mailbox): Mailbox => ({
  ...mailbox,
  async file(_, uids) {
    if (uids.length > 0) throw new Killed();
    return [];
  },
});

describe.skipIf(!dovecotAvailable())('a folder that Dovecot numbers anew', () => {
  test('brings what is still there a second time: duplicates, no second ticket, no second answer', async () => {
    const desk = await openDesk();
    const dovecot = await startDovecot({ extra: 'mail_location = maildir:~/Maildir' });
    cleanUp.push(() => dovecot.stop());
    const user = 'desk@desk.example';
    const server = mailboxOn(dovecot.imapPort, user, dovecot.password);
    await server.deliver(sent);
    const before = open(server.settings());
    const { uidValidity } = await before.waiting();
    await expect(fetchOnce(desk.db, dying(before), never)).rejects.toThrow(Killed);
    await desk.receive();
    const told = await desk.outgoingSince(0);
    await before.close();

    // its numbers are lost: the mails are given new ones under a new UIDVALIDITY, which is the time in seconds, or one
    // more than the last that dovecot-uidvalidity knows
    const maildir = join(dovecot.mailDirectory, user, 'Maildir');
    const lost = (await readdir(maildir)).filter((file) => /^dovecot(?!-uidvalidity)/u.test(file));
    expect(lost).toContain('dovecot-uidlist');
    for (const file of lost) await rm(join(maildir, file));

    const after = open(server.settings());
    expect((await after.waiting()).uidValidity).not.toBe(uidValidity);
    expect(await fetchOnce(desk.db, after, never)).toEqual({ taken: 3 });
    await desk.receive();
    const { rows } = await sql<{ disposition: string }>`
      select disposition from message order by id`.execute(desk.db);
    expect(rows.map(({ disposition }) => disposition)).toEqual([
      'opened',
      'opened',
      'opened',
      'duplicate',
      'duplicate',
      'duplicate',
    ]);
    expect(await desk.outgoingSince(0)).toEqual(told);
    expect(texts(await server.contents('kTicket'))).toEqual(sent);
    expect(await server.contents('INBOX')).toEqual([]);

    // rows of the old numbers stay unfiled, and stand in nobody's way
    expect(await unfiledUids(desk.db, after.name, uidValidity)).toHaveLength(3);
    await server.deliver([mail('Nuova')]);
    expect(await fetchOnce(desk.db, after, never)).toEqual({ taken: 1 });
    expect(await fetchOnce(desk.db, after, never)).toEqual({ taken: 0 });
    expect(texts(await server.contents('kTicket'))).toEqual([...sent, mail('Nuova')]);
  });
});
