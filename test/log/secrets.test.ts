/**
 * No password, OAuth token or client secret leaves the settings, and no reply token the mails it was made for: a whole day
 * of the desk with the log at its loudest, and then a search in all that it wrote, printed and was called with.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startImapMailbox } from '../../src/demo/imap-mailbox.ts';
import type { Database } from '../../src/store/db/database.ts';
import { kticket, launcher } from '../cli/kticket.ts';
import { type ScratchDatabase, scratchDatabase } from '../harness/database.ts';
import { freePort, startDovecot } from '../harness/dovecot.ts';
import { mailboxOn } from '../harness/imap-server.ts';
import { dovecotAvailable } from '../harness/servers.ts';
import { startSmtpServer, type TestSmtpServer } from '../harness/smtp-server.ts';
import { clientId, clientSecret, startTokenEndpoint } from '../harness/token-endpoint.ts';
import { headerOf } from '../simulation/world.ts';
import { plainLine } from '../../src/log/plain.ts';
import { addCompany } from '../../src/store/directory/companies.ts';
import { addStaff } from '../../src/store/directory/staff.ts';

const desk = 'desk@desk.example';
const [luigi, ada, anna] = ['luigi@desk.example', 'ada@desk.example', 'anna@rossi.example'];
const minutes = 60_000;

/** A reply token wherever it stands, and as a link writes it. */
const replyToken = /(?:(?<=\+|%2b|2B)|(?<=rif\. ))[a-z2-7]{26}(?![a-z0-9])/giu;
/** Columns that are stored mails, or the envelope that one came in. */
const storedMail = new Set([
  'outbox.slots',
  'mail_body.encoded',
  'message.raw',
  'message.envelope_recipient',
]);

/** A secret in every form in which it could be written down. */
const formsOf = (secret: string, user = desk): string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
  Buffer.from(`\0${user}\0${secret}`).toString('base64'),
];

type Found = { where: string; what: string };

/** The worker as a process of its own, and all that it prints. */
async function startWorker(env: Record<string, string>) {
  const child = spawn(process.execPath, [launcher, 'run'], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], ...env },
  });
  const exited = once(child, 'exit');
  const worker = { printed: '' };
  const news = new EventEmitter<{ printed: [] }>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      worker.printed += text;
      news.emit('printed');
    });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await exited;
  };
  onTestFinished(stop);
  return {
    worker,
    stop,
    says: async (words: string): Promise<void> => {
      while (!worker.printed.includes(words)) await once(news, 'printed');
    },
    commandLines: () => commandLines(child.pid ?? 0),
  };
}

/** Command lines of a process and its descendants. */
async function commandLines(pid: number): Promise<string[]> {
  const [line, below] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, 'utf8'),
    readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'),
  ]);
  const children = below.trim().split(/\s+/u).filter(Boolean).map(Number);
  return [line, ...(await Promise.all(children.map(commandLines))).flat()];
}

/** The people of the desk: what reaches them through the mail server, and what they write. */
function people(
  smtp: TestSmtpServer,
  deliver: (raw: string) => Promise<void>,
  says: (words: string) => Promise<void>,
) {
  const post = new EventEmitter<{ mail: [] }>();
  smtp.replies.data = () => {
    post.emit('mail');
    return null;
  };
  const seen = new Map<string, number>();
  /** The next mail to this person. */
  const mailTo = async (address: string): Promise<Buffer> => {
    const before = seen.get(address) ?? 0;
    seen.set(address, before + 1);
    for (;;) {
      const mail = smtp.received.filter(({ to }) => to.includes(address))[before];
      if (mail !== undefined) return mail.bytes;
      await once(post, 'mail');
    }
  };
  /** Delivers a mail and waits until it is decided. */
  const write = async (
    from: string,
    to: string,
    text: string,
    change: { subject?: string; headers?: string[] } = {},
  ): Promise<void> => {
    const { subject = 'La stampante non stampa', headers = [] } = change;
    const id = `${randomUUID()}@people.example`;
    await deliver(
      [
        ...headers,
        `From: <${from}>`,
        `To: ${to}`,
        `Subject: ${subject}`,
        `Message-ID: <${id}>`,
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        '',
        text,
        '',
      ].join('\r\n'),
    );
    await says(id);
  };
  return { mailTo, write };
}

const addressOf = (bytes: Buffer): string =>
  /[^\s<>]+@[^\s<>]+/u.exec(headerOf(bytes, 'Reply-To'))?.[0] ?? '';
const subjectOf = (bytes: Buffer): string => headerOf(bytes, 'Subject').replaceAll(/\s+/gu, ' ');

const vouched = ['Authentication-Results: mx.desk.example; dmarc=pass header.from=desk.example'];

async function register(db: Database): Promise<void> {
  await addCompany(db, { name: 'Rossi S.r.l.', domains: ['rossi.example'], contracts: null });
  await addStaff(db, { email: luigi, name: 'Luigi Verdi', role: 'technician', aliases: null });
  await addStaff(db, { email: ada, name: 'Ada Neri', role: 'administrator', aliases: null });
}

/** What a worker logged, as JSON and as the plain lines of the same events. */
function loggedBy({ printed }: { printed: string }): { where: string; text: string }[] {
  const plain = printed
    .trimEnd()
    .split('\n')
    .map((line) => plainLine(JSON.parse(line), { timeZone: 'Europe/Rome', journald: false }));
  return [
    { where: 'log', text: printed },
    { where: 'log, plain', text: plain.join('') },
  ];
}

/** Every value of every column, as text. */
async function everythingIn(db: Database): Promise<{ column: string; value: string }[]> {
  const columns = await sql<{ table: string; column: string; type: string }>`
    select table_name as table, column_name as column, data_type as type
      from information_schema.columns where table_schema = 'public'`.execute(db);
  const all: { column: string; value: string }[] = [];
  for (const { table, column, type } of columns.rows) {
    const value =
      type === 'bytea' ? sql`encode(${sql.ref(column)}, 'escape')` : sql`${sql.ref(column)}::text`;
    const { rows } = await sql<{
      value: string | null;
    }>`select ${value} as value from ${sql.table(table)}`.execute(db);
    for (const row of rows)
      if (row.value !== null) all.push({ column: `${table}.${column}`, value: row.value });
  }
  return all;
}

/** Output of every command that reads, as text and as JSON. */
async function everythingSaid(env: Record<string, string>): Promise<{ where: string; text: string }[]> {
  const ids = async (kind: string): Promise<string[]> => {
    const { stdout } = await kticket([kind, 'list', '--json'], { env });
    const rows: { id?: number; number?: number }[] = JSON.parse(stdout);
    return rows.map((row) => String(row.id ?? row.number));
  };
  const kinds = ['company', 'contact', 'staff', 'queue', 'category', 'ticket', 'message', 'outbox'];
  const lists = kinds.flatMap((kind) => [
    [kind, 'list'],
    [kind, 'list', '--json'],
  ]);
  const shows: string[][] = [];
  for (const kind of ['ticket', 'message', 'outbox'])
    for (const id of await ids(kind)) shows.push([kind, 'show', id, '--json']);
  const others = [
    ['message', 'show', '1'],
    ['ticket', 'show', '1001'],
    ['outbox', 'show', '1'],
    ['log'],
    ['check'],
    ['check', '--ledger'],
    ['health'],
    ['company', 'show', 'Rossi S.r.l.'],
  ];
  const left = [...lists, ...shows, ...others];
  const said: { where: string; text: string }[] = [];
  const one = async (): Promise<void> => {
    for (let args = left.pop(); args !== undefined; args = left.pop()) {
      const { stdout, stderr } = await kticket(args, { env });
      said.push({ where: args.join(' '), text: stdout + stderr });
    }
  };
  await Promise.all([one(), one(), one()]);
  return said;
}

/** The database's own password is a secret as well. */
const databasePassword = ({ url }: ScratchDatabase): string => decodeURIComponent(new URL(url).password);

/** All places where a secret, or a reply token that was ever mailed, stands and may not. */
async function search(
  places: { where: string; text: string }[],
  db: Database,
  secrets: string[],
  mailed: Buffer[],
): Promise<Found[]> {
  const tokens = new Set(
    mailed.flatMap((bytes) =>
      [...bytes.toString('latin1').replaceAll('=\r\n', '').matchAll(replyToken)].map(String),
    ),
  );
  expect(tokens.size).toBeGreaterThan(3);
  const found: Found[] = [];
  const look = (where: string, text: string, forms: Iterable<string>): void => {
    for (const form of forms)
      if (form !== '' && text.toLowerCase().includes(form.toLowerCase())) {
        const at = text.toLowerCase().indexOf(form.toLowerCase());
        found.push({ where, what: text.slice(Math.max(0, at - 60), at + 40) });
      }
  };
  for (const { where, text } of places) look(where, text, [...secrets, ...tokens]);
  for (const { column, value } of await everythingIn(db)) {
    look(column, value, secrets);
    if (!storedMail.has(column)) look(column, value, tokens);
  }
  return found;
}

test('passwords stay in the settings and reply tokens in their mails, whatever people, servers and forgers do', {
  timeout: 5 * minutes,
}, async () => {
  const scratch = await scratchDatabase();
  await register(scratch.db);
  const [imapPassword, smtpPassword] = [`imap/${randomUUID()}+%40`, `smtp/${randomUUID()}+%40`];
  const server = await startImapMailbox(desk, imapPassword);
  onTestFinished(() => server.close());
  const smtp = await startSmtpServer({ user: desk, password: smtpPassword });
  onTestFinished(() => smtp.close());
  const mailbox = mailboxOn(server.port, desk, imapPassword);
  const httpPort = await freePort();
  const user = encodeURIComponent(desk);
  const settings = (imap: string, forSmtp: string) => ({
    DATABASE_URL: scratch.url,
    MAILBOX_URL: `imap://${user}:${encodeURIComponent(imap)}@127.0.0.1:${server.port}/INBOX`,
    SMTP_URL: `smtp://${user}:${encodeURIComponent(forSmtp)}@127.0.0.1:${smtp.settings.port}`,
    DESK_ADDRESS: `Assistenza <${desk}>`,
    TRUSTED_AUTHSERV_IDS: 'mx.desk.example',
    UNDO_MINUTES: '0',
    LOG_LEVEL: 'trace',
  });
  const env = { ...settings(imapPassword, smtpPassword), HTTP_PORT: String(httpPort) };
  const work = await startWorker(env);
  const { mailTo, write } = people(smtp, (raw) => mailbox.deliver([raw]), work.says);

  // a request, a command that is asked about, its confirmation
  await write(anna, desk, 'Non stampa.', { subject: 'Non stampa' });
  const first = addressOf(await mailTo(luigi));
  expect(first).toMatch(/^desk\+[a-z2-7]{26}@desk\.example$/u);
  await write(luigi, first, 'in lavorazione');
  await write(luigi, addressOf(await mailTo(luigi)), 'conferma', { headers: vouched });
  const second = addressOf(await mailTo(luigi));
  // people write tokens into their texts, and programs quote them
  await write(
    luigi,
    second,
    `comunicazione interna\nScrivi a ${first} oppure\nmailto:${first.replace('+', '%2B')}`,
    {
      headers: vouched,
    },
  );
  await mailTo(luigi);
  await write(luigi, second, `chiudere\nFatto. Rispondete a ${first}`, { headers: vouched });
  await mailTo(luigi);
  await write(luigi, second, 'chidere', { headers: vouched, subject: `Re: [#1001] ${first}` });
  await mailTo(luigi);
  await write(anna, first, `Inoltrato da Luigi, che scrive da ${first}:\nancora ferma`, {
    subject: `Re: [#1001] ${first}`,
  });
  await mailTo(luigi);
  await write('ladro@evil.example', second, `prova da ${second}`, { subject: `offerta ${second}` });
  await mailTo(luigi);
  await write('altro@evil.example', desk, `prova da ${second}`, { subject: `offerta ${second}` });
  await write(`${luigi}>, <${anna}`, second, 'chiudere', { subject: second });
  // a server that repeats what it was given, in its reply and in a report of its own
  smtp.replies.mailFrom = () => ({ code: 451, text: `4.7.1 reply to ${second} later, ${smtpPassword}` });
  await write(anna, desk, 'La rete è lenta.', { subject: 'Rete lenta' });
  await work.says('4.7.1');
  smtp.replies.mailFrom = () => null;
  smtp.replies.rcptTo = (to) =>
    to === anna ? { code: 550, text: `5.1.1 no such reader of ${second}` } : null;
  await write(anna, desk, 'La rete è ferma.', { subject: 'Rete ferma' });
  await work.says('5.1.1');

  await write('MAILER-DAEMON@mx.desk.example', desk, `Undelivered: ${second}`, {
    headers: ['Return-Path: <>'],
  });
  const health = await Promise.all(
    ['metrics', 'healthz'].map(async (path) => ({
      where: path,
      text: await (await fetch(`http://127.0.0.1:${httpPort}/${path}`)).text(),
    })),
  );
  const called = (await work.commandLines()).map((text) => ({ where: 'command line', text }));
  expect(called.length).toBeGreaterThan(0);
  await work.stop();

  // the same with passwords that are refused
  const wrong = { imap: `imap-wrong/${randomUUID()}`, smtp: `smtp-wrong/${randomUUID()}` };
  const refused = await Promise.all(
    [['run', '--once'], ['check'], ['check', '--send']].map(async (args) => {
      const { stdout, stderr } = await kticket(args, { env: settings(wrong.imap, wrong.smtp) });
      return { where: `refused: ${args.join(' ')}`, text: stdout + stderr };
    }),
  );
  const said = await everythingSaid(settings(imapPassword, smtpPassword));

  const secrets = [
    ...[imapPassword, smtpPassword, wrong.imap, wrong.smtp].flatMap((secret) => formsOf(secret)),
    databasePassword(scratch),
  ];
  const places = [...loggedBy(work.worker), ...health, ...called, ...refused, ...said];
  expect(
    await search(
      places,
      scratch.db,
      secrets,
      smtp.received.map(({ bytes }) => bytes),
    ),
  ).toEqual([]);
});

describe.skipIf(!dovecotAvailable())('OAuth2, with the reply token in the subject', () => {
  test('access tokens, refresh tokens and the client secret stay where they are, also where the grant ends', {
    timeout: 5 * minutes,
  }, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kticket-secrets-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const endpoint = await startTokenEndpoint();
    onTestFinished(() => endpoint.close());
    const oauth = endpoint.dovecot(join(directory, 'oauth2.conf'), 'plain oauthbearer xoauth2');
    await writeFile(join(directory, 'oauth2.conf'), oauth.file);
    const dovecot = await startDovecot({ extra: oauth.extra });
    onTestFinished(() => dovecot.stop());
    const smtp = await startSmtpServer(null, 'none', (token) => endpoint.ownerOf(token));
    onTestFinished(() => smtp.close());
    const scratch = await scratchDatabase();
    await register(scratch.db);
    const refreshTokenFile = join(directory, 'refresh-token');
    await writeFile(refreshTokenFile, endpoint.consent(desk));
    const user = encodeURIComponent(desk);
    const env = {
      DATABASE_URL: scratch.url,
      MAILBOX_URL: `imap://${user}@127.0.0.1:${dovecot.imapPort}`,
      SMTP_URL: `smtp://${user}@127.0.0.1:${smtp.settings.port}`,
      DESK_ADDRESS: `Assistenza <${desk}>`,
      UNDO_MINUTES: '0',
      LOG_LEVEL: 'trace',
      REPLY_ADDRESSING: 'subject',
      TRUSTED_AUTHSERV_IDS: 'mx.desk.example',
      OAUTH_PROVIDER: 'custom',
      OAUTH_TOKEN_URL: endpoint.tokenUrl,
      OAUTH_CLIENT_ID: clientId,
      OAUTH_CLIENT_SECRET: clientSecret,
      OAUTH_REFRESH_TOKEN_FILE: refreshTokenFile,
    };
    const work = await startWorker(env);
    const { mailTo, write } = people(
      smtp,
      async (raw) => {
        const ended = await kticket(['receive', '-'], { env, input: raw });
        expect(ended).toMatchObject({ code: 0 });
      },
      work.says,
    );

    await write(anna, desk, 'Non stampa.', { subject: 'Ferma' });
    const first = subjectOf(await mailTo(luigi));
    expect(first).toMatch(/\(rif\. [a-z2-7]{26}\)/u);
    await write(luigi, desk, 'in lavorazione\nVado io.', { subject: `Re: ${first}`, headers: vouched });
    const second = subjectOf(await mailTo(luigi));
    await write(luigi, desk, `chidere\n${second}`, { subject: `R: ${second}`, headers: vouched });
    await mailTo(luigi);
    await write(anna, desk, `Che cosa vuol dire ${second}?`, { subject: `Inoltrato: ${second}` });
    await mailTo(luigi);
    await write('ladro@evil.example', desk, 'Offerta', { subject: `offerta ${second}` });
    const called = (await work.commandLines()).map((text) => ({ where: 'command line', text }));

    endpoint.withdraw();
    endpoint.endTokens();
    const refused = await kticket(['check'], { env });
    expect(refused.stdout).toContain('invalid_grant');
    await work.stop();
    await writeFile(refreshTokenFile, endpoint.consent(desk));
    const said = await everythingSaid(env);

    const places = [
      ...loggedBy(work.worker),
      { where: 'check', text: refused.stdout + refused.stderr },
      ...called,
      ...said,
    ];
    expect(
      await search(
        places,
        scratch.db,
        ['-hush', databasePassword(scratch)],
        smtp.received.map(({ bytes }) => bytes),
      ),
    ).toEqual([]);
  });
});
