/** A day at a desk on which much goes wrong, and what an administrator reads of it: the plain log, and `kticket log`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { startImapMailbox } from '../../src/demo/imap-mailbox.ts';
import { addCompany } from '../../src/store/directory/companies.ts';
import { addStaff } from '../../src/store/directory/staff.ts';
import { kticket, launcher } from '../cli/kticket.ts';
import { scratchDatabase } from '../harness/database.ts';
import { mailboxOn } from '../harness/imap-server.ts';
import { startSmtpServer } from '../harness/smtp-server.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';

const desk = 'assistenza@desk.example';
const password = 'hush-hush';

/** The worker as a process of its own; `day` collects what all of them log. */
function startWorker(env: Record<string, string>, day: string[]) {
  const child = spawn(process.execPath, [launcher, 'run'], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const own: string[] = [];
  const lines = createInterface(child.stderr);
  lines.on('line', (line) => {
    own.push(line);
    day.push(line);
  });
  return {
    async says(words: RegExp): Promise<void> {
      while (!own.some((line) => words.test(line))) await once(lines, 'line');
    },
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

const mail = (id: string, from: string, headers: string[] = []): string =>
  [
    ...headers,
    `From: ${from}`,
    `To: ${desk}`,
    `Subject: Segretissimo ${id.slice(0, 2)}`,
    `Message-ID: <${id}>`,
    '',
    `Il toner del piano ${id}.`,
    '',
  ].join('\r\n');

/** How many lines of a text say so. */
const times = (text: string, words: RegExp): number =>
  text.split('\n').filter((line) => words.test(line)).length;

test('reads as one page: each outage begins and ends once, what wants somebody is marked and says what to do', {
  timeout: 90_000,
}, async () => {
  const scratch = await scratchDatabase();
  onTestFinished(() => scratch.drop());
  await addCompany(scratch.db, { name: 'Rossi S.r.l.', domains: ['rossi.example'], contracts: null });
  for (const [email, name, role] of [
    ['luigi@desk.example', 'Luigi Verdi', 'technician'],
    ['ada@desk.example', 'Ada Neri', 'administrator'],
  ] as const)
    await addStaff(scratch.db, { email, name, role, aliases: null });
  const [server, smtp] = await Promise.all([startImapMailbox(desk, password), startSmtpServer()]);
  onTestFinished(() => Promise.all([server.close(), smtp.close()]).then(() => undefined));
  const postgres = Number(new URL(scratch.url).port);
  const [imap, out, database] = await Promise.all([
    startTcpProxy(server.port),
    startTcpProxy(smtp.settings.port),
    startTcpProxy(postgres),
  ]);
  onTestFinished(() => Promise.all([imap.close(), out.close(), database.close()]).then(() => undefined));
  const mailbox = mailboxOn(server.port, desk, password);
  const settings = (secret: string): Record<string, string> => ({
    DATABASE_URL: scratch.url.replace(`:${postgres}/`, `:${database.port}/`),
    MAILBOX_URL: `imap://${encodeURIComponent(desk)}:${secret}@127.0.0.1:${imap.port}/INBOX`,
    SMTP_URL: `smtp://127.0.0.1:${out.port}`,
    DESK_ADDRESS: `Assistenza <${desk}>`,
    TRUSTED_AUTHSERV_IDS: 'mx.desk.example',
    UNDO_MINUTES: '0',
    POLL_SECONDS: '1',
    MAX_HEADERS: '50',
    LOG_FORMAT: 'plain',
  });
  const day: string[] = [];
  const deliver = (...args: Parameters<typeof mail>) => mailbox.deliver([mail(...args)]);

  let worker = startWorker(settings(password), day);
  await worker.says(/desk is at work/u);
  await deliver('a1@rossi.example', 'Anna <anna@rossi.example>');
  await worker.says(/confirmation of opening.* sent/u);
  await deliver('b1@altrove.example', 'tizio@altrove.example');
  await worker.says(/is held/u);
  await deliver(
    'c1@rossi.example',
    'Anna <anna@rossi.example>',
    Array.from({ length: 60 }, (_, n) => `X-Of-Many: ${n}`),
  );
  await worker.says(/quarantine/u);
  smtp.replies.rcptTo = (to) =>
    to === 'bruno@rossi.example' ? { code: 550, text: '5.1.1 no such user here' } : null;
  await deliver('d1@rossi.example', 'bruno@rossi.example');
  await worker.says(/failed for good/u);
  // servers go away, each for itself
  await imap.refuse();
  await worker.says(/cannot be read/u);
  await imap.accept();
  await worker.says(/is read again/u);
  await out.refuse();
  await deliver('e1@rossi.example', 'Anna <anna@rossi.example>');
  await worker.says(/cannot be sent/u);
  await out.accept();
  await worker.says(/mail is sent again/u);
  await database.refuse();
  await worker.says(/the database cannot be used/u);
  await database.accept();
  await worker.says(/the database works again/u);
  await worker.stop();
  // the provider has a new password, and the desk the old one
  worker = startWorker(settings('of-yesterday'), day);
  await worker.says(/refuses the login/u);
  await worker.says(/told by mail/u);
  await worker.stop();
  worker = startWorker(settings(password), day);
  await worker.says(/desk is at work/u);
  const env = { ...settings(password), TZ: 'Europe/Rome' };
  await expect
    .poll(async () => (await kticket(['log'], { env })).stdout, { timeout: 60_000 })
    .toMatch(/is read again.*[^]*is read again/u);
  await worker.stop();
  const said = (await kticket(['log'], { env })).stdout;
  const problems = (await kticket(['log', '--problems'], { env })).stdout;
  if (process.env['KTICKET_DAY'] !== undefined)
    await writeFile(process.env['KTICKET_DAY'], `${day.join('\n')}\n\n${said}\n\n${problems}`);

  const log = day.join('\n');
  expect(day.length).toBeLessThan(60);
  for (const line of day)
    expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [ !] (?:#\d{4}| {5}) {3}\S.*\S$/u);
  for (const secret of [password, 'of-yesterday', 'Segretissimo', 'toner', '\\"', '[object'])
    expect(log + said + problems).not.toContain(secret);
  // each outage is one line at its beginning and one at its end
  for (const [begins, ends, count] of [
    [/mailbox \S+ cannot be read/u, /mailbox \S+ is read again after/u, 2],
    [/mail cannot be sent/u, /mail is sent again/u, 1],
    [/the database cannot be used/u, /the database works again after/u, 1],
  ] as const) {
    expect(times(log, begins)).toBe(count);
    expect(times(said, begins)).toBe(count);
    expect(times(said, ends)).toBe(count);
  }
  expect(times(said, /kTicket \S+ starts/u)).toBe(3);
  expect(times(said, /kTicket \S+ has stopped/u)).toBe(3);
  // only what wants somebody, who is told what to do
  expect(problems.split('\n').map((line) => line.slice(20, 22))).toEqual(['! ', '! ', '! ', '! ', '']);
  expect(problems).toContain('kticket message accept 2 --company NAME');
  expect(problems).toContain('kticket message retry 3');
  expect(problems).toContain('kticket outbox retry 6');
});
