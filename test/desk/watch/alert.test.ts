import { sql } from 'kysely';
import pino from 'pino';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createAlerts, type Alerts } from '../../../src/desk/watch/alert.ts';
import { MailboxError } from '../../../src/mail/imap/mailbox-error.ts';
import { noTokens } from '../../../src/mail/oauth/oauth.ts';
import { ServerAway } from '../../../src/desk/watch/outage.ts';
import { connectDatabase } from '../../../src/store/db/database.ts';
import { loadTemplates } from '../../../src/templates/render.ts';
import { type ScratchDatabase, scratchDatabase } from '../../harness/database.ts';
import { startSmtpServer, type TestSmtpServer } from '../../harness/smtp-server.ts';
import { startTcpProxy } from '../../harness/tcp-proxy.ts';
import type { SmtpSettings } from '../../../src/config/settings.ts';
import { addStaff, disableStaff } from '../../../src/store/directory/staff.ts';

const mailbox = 'desk@mail.example/INBOX';
const reading = `reading ${mailbox}`;
const desk = { address: 'assistenza@example.it', name: 'Assistenza' };
const refused = new MailboxError('auth_refused', 'mail.example refuses the login of desk', undefined, {
  kind: 'login_refused',
  user: 'desk',
  said: 'Authentication failed.',
});
const away = new MailboxError('unreachable', 'mail.example does not answer');
const templates = loadTemplates({ locale: 'it', timeZone: 'Europe/Rome', companyName: 'Example' });

let scratch: ScratchDatabase;
let smtp: TestSmtpServer;
let other: TestSmtpServer;
let logged: string[];
beforeEach(async () => {
  [scratch, smtp, other] = await Promise.all([scratchDatabase(), startSmtpServer(), startSmtpServer()]);
  logged = [];
  await addStaff(scratch.db, {
    email: 'admin@example.it',
    name: 'Anna',
    role: 'administrator',
    aliases: null,
  });
  await addStaff(scratch.db, { email: 'tec@example.it', name: 'Marco', role: 'technician', aliases: null });
  return () => Promise.all([scratch.drop(), smtp.close(), other.close()]);
});

/** Alerts of one worker. */
const alerts = (alertSmtp: SmtpSettings | null = null, db = scratch.db): Alerts =>
  createAlerts({
    config: {
      mailboxes: [
        {
          host: 'mail.example',
          port: 993,
          secure: true,
          user: 'desk',
          password: 'x',
          folder: 'INBOX',
          name: mailbox,
        },
      ],
      smtp: smtp.settings,
      queueSmtp: [{ ...other.settings, queues: ['pda@example.it'] }],
      oauth: null,
      alertSmtp,
      alertFrom: desk,
      desk,
      locale: 'it',
    },
    tokens: noTokens,
    db,
    templates,
    log: pino({}, { write: (line: string) => void logged.push(JSON.parse(line).msg) }),
  });
/** As if so much time had passed since everything that the database has noted. */
const later = (interval: string) =>
  sql`update outage set since = since - ${interval}::interval, told_at = told_at - ${interval}::interval`.execute(
    scratch.db,
  );
const told = (server: TestSmtpServer): string[] => server.received.flatMap(({ to }) => to);

describe('a refused login', () => {
  test('is told at once, to active administrators, by the server that works', async () => {
    const one = alerts();
    one.failed(reading, refused);
    await one.pass();
    expect(told(smtp)).toEqual(['admin@example.it']);
    const [mail] = smtp.received;
    expect(mail?.from).toBe(desk.address);
    const text = mail?.bytes.toString().replaceAll('=\r\n', '');
    expect(text).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(text).toContain('il server rifiuta l=E2=80=99accesso di desk: =C2=ABAuthentication failed.=C2=BB');
    expect(text).not.toContain('refuses');
    expect(text).toContain('MAILBOX_URL');
  });

  test('goes to technicians where no administrator is active, and is said where nobody is', async () => {
    await disableStaff(scratch.db, 'admin@example.it');
    const one = alerts();
    one.failed(reading, refused);
    await one.pass();
    expect(told(smtp)).toEqual(['tec@example.it']);
    await disableStaff(scratch.db, 'tec@example.it');
    await later('25 hours');
    await one.pass();
    await one.pass();
    expect(told(smtp)).toHaveLength(1);
    expect(logged.filter((line) => line.includes('no administrator'))).toHaveLength(1);
  });

  test('is noted in the database as the log says it', async () => {
    const one = alerts();
    one.failed(reading, refused);
    await one.pass();
    const { said } = await scratch.db.selectFrom('outage').select('said').executeTakeFirstOrThrow();
    expect(said).toBe('mail.example refuses the login of desk');
  });

  test('is told once, however many workers see it and however often', async () => {
    const workers = [alerts(), alerts(), alerts()];
    for (const worker of workers) worker.failed(reading, refused);
    await Promise.all(workers.map((worker) => worker.pass()));
    await Promise.all(workers.map((worker) => worker.pass()));
    expect(told(smtp)).toEqual(['admin@example.it']);
  });

  test('that lasts is told again after a day', async () => {
    const one = alerts();
    one.failed(reading, refused);
    await one.pass();
    await later('23 hours');
    await one.pass();
    expect(told(smtp)).toHaveLength(1);
    await later('1 hour');
    await one.pass();
    expect(told(smtp)).toHaveLength(2);
  });

  test('that comes back soon after it ended is not told again, one that comes back later is', async () => {
    const one = alerts();
    for (const between of ['5 minutes', '31 minutes']) {
      one.failed(reading, refused);
      await one.pass();
      one.works(reading);
      await one.pass();
      await sql`update outage set ended_at = ended_at - ${between}::interval`.execute(scratch.db);
    }
    expect(told(smtp)).toHaveLength(1);
    one.failed(reading, refused);
    await one.pass();
    expect(told(smtp)).toHaveLength(2);
  });
});

describe('a server that is away', () => {
  test('is told after an hour, by the database’s clock', async () => {
    const one = alerts();
    one.failed(reading, away);
    await one.pass();
    await later('59 minutes');
    await one.pass();
    expect(told(smtp)).toEqual([]);
    await later('1 minute');
    await one.pass();
    await one.pass();
    expect(told(smtp)).toEqual(['admin@example.it']);
  });

  test('and works again within the hour, is told to nobody', async () => {
    const one = alerts();
    one.failed(reading, away);
    await one.pass();
    await later('59 minutes');
    one.works(reading);
    await one.pass();
    one.failed(reading, away);
    await one.pass();
    await later('59 minutes');
    await one.pass();
    expect(told(smtp)).toEqual([]);
  });
});

describe('the way an alert takes', () => {
  const smtpRefused = new ServerAway('auth_refused', 'smtp.example refuses user desk or the password', {
    kind: 'login_refused',
    user: 'desk',
    said: '535 no',
  });

  test('is ALERT_SMTP_URL where it is set', async () => {
    const one = alerts(other.settings);
    one.failed(reading, refused);
    one.failed('sending', smtpRefused);
    await one.pass();
    expect(told(other)).toEqual(['admin@example.it', 'admin@example.it']);
    expect(told(smtp)).toEqual([]);
  });

  test('is never the server that fails: without another, that is said once', async () => {
    const one = alerts();
    one.failed('sending', smtpRefused);
    await one.pass();
    await one.pass();
    expect(told(smtp)).toEqual([]);
    expect(logged).toEqual([expect.stringContaining('ALERT_SMTP_URL')]);
  });

  test('is the desk’s own server where one that only a queue sends by fails, which is named', async () => {
    const one = alerts();
    one.failed('sending for pda@example.it', smtpRefused);
    await one.pass();
    expect(told(smtp)).toEqual(['admin@example.it']);
    expect(smtp.received[0]?.bytes.toString()).toContain('pda@example.it');
  });

  test('that fails is left for the other, and tried again until one works', async () => {
    const one = alerts(other.settings);
    other.replies.mailFrom = () => ({ code: 550, text: 'no' });
    smtp.replies.mailFrom = () => ({ code: 451, text: 'later' });
    one.failed(reading, refused);
    await one.pass();
    expect(told(smtp)).toEqual([]);
    smtp.replies.mailFrom = () => null;
    await one.pass();
    expect(told(smtp)).toEqual(['admin@example.it']);
  });
});

test('nobody is told while the database is away, and of the database nobody ever is', async () => {
  const url = new URL(scratch.url);
  const wire = await startTcpProxy(Number(url.port));
  url.port = String(wire.port);
  const db = await connectDatabase({ databaseUrl: url.href, dataDirectory: '' });
  onTestFinished(async () => {
    await wire.close();
    await db.close();
  });
  const one = alerts(null, db);
  one.failed(reading, refused);
  one.failed('deciding', new Error('connection terminated'));
  await wire.refuse();
  await one.pass();
  expect(told(smtp)).toEqual([]);
  await wire.accept();
  await one.pass();
  expect(told(smtp)).toEqual(['admin@example.it']);
});
