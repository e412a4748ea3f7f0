import { sql } from 'kysely';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Audit, audit } from '../../../src/desk/watch/audit.ts';
import { fetchOnce } from '../../../src/desk/fetch.ts';
import { openMailbox } from '../../../src/mail/imap/mailbox.ts';
import { noTokens } from '../../../src/mail/oauth/oauth.ts';
import { filingName } from '../../../src/mail/imap/server-listing.ts';
import { scratchDatabase, type ScratchDatabase } from '../../harness/database.ts';
import { serverKinds, startImapHost } from '../../harness/imap-server.ts';
import type { ImapHost, TestMailbox } from '../../harness/imap-server.ts';

const mail = (subject: string, id: string | null = `<${subject}@rossi.example>`): string =>
  `From: anna@rossi.example\r\nSubject: ${subject}\r\n${id === null ? '' : `Message-ID: ${id}\r\n`}\r\nNon stampa.\r\n`;

/** Findings of an audit, as subjects or UIDs. */
type Found = { filed: number; lacking: (string | null)[]; gone: number[]; waiting: (string | null)[] };
const summary = (found: Audit): Promise<Found> =>
  Promise.resolve({
    filed: found.filed,
    lacking: found.lacking.map(({ lying }) => lying.messageId),
    gone: (found.gone?.ranges ?? []).flatMap(({ from, to }) =>
      Array.from({ length: to - from + 1 }, (_, i) => from + i),
    ),
    waiting: found.waiting.map(({ messageId }) => messageId),
  });

describe.each(serverKinds)('the audit against $kind', ({ kind, missing }) => {
  let host: ImapHost;
  let scratch: ScratchDatabase;
  let server: TestMailbox;
  beforeAll(async () => {
    if (!missing) host = await startImapHost(kind);
  });
  afterAll(() => host?.stop());
  beforeEach(async () => {
    if (missing) return;
    [scratch, server] = [await scratchDatabase(), await host.mailbox()];
  });
  afterEach(() => scratch?.drop());

  const found = (): Promise<Found> =>
    audit(scratch.db, { mailboxes: [server.settings()], maxMessageBytes: 1024 * 1024 }, noTokens, summary);
  /** Takes in and files all that waits; Message-IDs are read as a parse would. */
  const takeInAll = async (): Promise<void> => {
    const mailbox = openMailbox(server.settings(), {
      log: pino({ level: 'silent' }),
      maxMessageBytes: 1024 * 1024,
    });
    await fetchOnce(scratch.db, mailbox, new AbortController().signal);
    await mailbox.close();
    await sql`
      update message set message_id = substring(convert_from(raw, 'UTF8') from 'Message-ID: (<[^>]*>)'),
             filed_at = filed_at - interval '1 minute'`.execute(scratch.db);
  };

  test.skipIf(missing)('finds nothing where all that was filed was taken in, ids or none', async () => {
    await server.deliver([mail('Una'), mail('Due', null), mail('Una'), mail('Tre', '<une@rossi.example>')]);
    await takeInAll();
    // a row that no parse has read yet is told by its bytes
    await sql`update message set message_id = null where id = 4`.execute(scratch.db);
    expect(await found()).toEqual({ filed: 4, lacking: [], gone: [], waiting: [] });
  });

  test.skipIf(missing)('names what waits, what the database lacks, and what the server lacks', async () => {
    await server.deliver([mail('Una'), mail('Due'), mail('Tre')]);
    await takeInAll();
    await server.deliver([mail('Persa'), mail('Una')], 'kTicket');
    await server.deliver([mail('Nuova')]);
    await server.asOther(async (client) => {
      await client.mailboxOpen('kTicket');
      await client.messageDelete('2');
    });
    expect(await found()).toEqual({
      filed: 4,
      lacking: ['<Persa@rossi.example>', '<Una@rossi.example>'],
      gone: [2],
      waiting: ['<Nuova@rossi.example>'],
    });
  });

  test.skipIf(missing)('what was filed after it began counts as there', async () => {
    await server.deliver([mail('Una')]);
    await takeInAll();
    await sql`update message set filed_at = now() + interval '1 minute', size = 1`.execute(scratch.db);
    await server.asOther(async (client) => {
      await client.mailboxOpen('kTicket');
      await client.messageDelete('1:*');
    });
    expect(await found()).toMatchObject({ gone: [] });
  });

  test.skipIf(missing)('messages of another mailbox are nothing it asks about', async () => {
    await server.deliver([mail('Una')]);
    await takeInAll();
    await sql`update message set mailbox = 'altro@mail.example/INBOX', size = 1, sha256 = ''`.execute(
      scratch.db,
    );
    expect(await found()).toMatchObject({ lacking: ['<Una@rossi.example>'], gone: [] });
  });
});

test('the folder kTicket is named after its mailbox', () => {
  const settings = {
    host: 'mail.example.it',
    port: 993,
    secure: true,
    user: 'desk',
    password: '',
    folder: 'Posta/Arrivo',
    name: 'desk@mail.example.it/Posta/Arrivo',
  };
  expect(filingName(settings)).toBe('desk@mail.example.it/kTicket');
});
