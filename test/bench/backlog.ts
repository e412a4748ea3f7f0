/**
 * What a desk holds while it works off a backlog. `npm run bench:backlog -- [--mails N] [--seconds N] [--node FLAGS] [--log FILE]`.
 * All N mails lie in Dovecot's mailbox before the package's `run` starts; three mails leave for each. A line a minute tells how many
 * are decided and what worker and reading process hold, resident, in MB; the last ones the most, and what is held after a
 * while with nothing to do. `--seconds`: it is stopped then, done or not; `--log`: each second's figures, tab-separated.
 * The mails are copies of 40, each with its own sender, subject and Message-ID.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { appendFile, chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { buildProgram } from '../harness/built.ts';
import { dovecotAvailable } from '../harness/servers.ts';
import { clientsFor, companies, deskSettings, mailsOut, requestMail } from './mails.ts';
import { type Held, heldBy } from './processes.ts';
import { startServers } from './servers.ts';
import { startSink } from './sink.ts';

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '3600' },
    node: { type: 'string', default: '' },
    log: { type: 'string' },
  },
});
const mails = Number(values.mails);
const seconds = Number(values.seconds);
if (![mails, seconds].every((number) => Number.isInteger(number) && number > 0)) {
  console.error('expected whole numbers: npm run bench:backlog -- [--mails 5000] [--seconds 3600]');
  process.exit(2);
}
if (!dovecotAvailable()) process.exit(1);

const staff = 2;
const user = 'backlog@kybernes.example';
/** Seconds with nothing to do after the last mail. */
const settling = 30;
const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);

const built = await buildProgram();
// of 15 mails each, fewer than are confirmed one by one
const clients = clientsFor(Math.max(mails / 3, 5 * companies));
const servers = await startServers();
const sink = await startSink();
try {
  const databaseUrl = await servers.freshDatabase('bench_backlog', clients, staff);
  await fill();
  await sink.expect(mails * mailsOut(staff));
  const worker = spawn(process.execPath, [...values.node.split(' ').filter(Boolean), built.main, 'run'], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'] ?? '',
      ...deskSettings({ databaseUrl, mailboxUrl: servers.mailboxUrl(user), smtpPort: sink.port }),
    },
  });
  const exit = once(worker, 'exit');
  const started = performance.now();
  const look = (): Held => heldBy(worker.pid ?? 0);
  let most = look();
  let quiet = 0;
  for (let second = 1; second <= seconds && worker.exitCode === null && quiet < settling; second += 1) {
    await pause(Math.max(0, started + second * 1000 - performance.now()));
    const held = look();
    if (held.together > most.together) most = held;
    if (sink.taken().all) quiet += 1;
    const figures = [held.worker, held.below, held.together, held.shared].map(megabytes);
    const line = [second, sink.taken().mails, ...figures].join('\t');
    if (values.log !== undefined) await appendFile(values.log, `${line}\n`);
    if (second % 60 === 0) say(held, second);
  }
  say(look(), Math.round((performance.now() - started) / 1000));
  console.log(`at the most: ${words(most)}`);
  worker.kill('SIGTERM');
  await exit;
} finally {
  await sink.close();
  await servers.stop();
  await built.remove();
}

/** Puts the mails into the mailbox all at once: by LMTP a large backlog takes longer than the desk. */
async function fill(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kticket-backlog-'));
  const mbox = join(directory, 'mbox');
  await pipeline(Readable.from(copies()), createWriteStream(mbox));
  // as whoever owns the mailbox
  await chmod(directory, 0o777);
  await chmod(mbox, 0o666);
  const config = join(dirname(servers.mailDirectory), 'dovecot.conf');
  await promisify(execFile)('doveadm', [
    '-c',
    config,
    'import',
    '-u',
    user,
    `mbox:${directory}:INBOX=${mbox}`,
    '',
    'ALL',
  ]);
  await rm(directory, { recursive: true, force: true });
}

/** The mails, each as an mbox has it. */
async function* copies(): AsyncGenerator<Buffer> {
  const patterns = await Promise.all(Array.from({ length: companies }, (_, i) => requestMail(i, clients)));
  for (let number = 0; number < mails; number += 1) {
    const raw = patterns[number % companies]?.toString('latin1') ?? '';
    const sender = clients[number % clients.length]?.email ?? '';
    const own = clients[number % companies]?.email ?? '';
    const copy = raw
      .replace(own, sender)
      .replace('<richiesta-', `<richiesta-${number}-`)
      .replace(/^Subject: /mu, `Subject: ${number} `)
      .replaceAll('\r\n', '\n');
    yield Buffer.from(`From bench@kybernes.example Tue Mar  4 08:00:00 2025\n${copy}\n\n`, 'latin1');
  }
}

function say(held: Held, second: number): void {
  console.log(`${second} s, ${sink.taken().mails} mails sent: ${words(held)}`);
}

function words(held: Held): string {
  return `${megabytes(held.worker)} + ${megabytes(held.below)} = ${megabytes(held.together)} MB; what they share counted once ${megabytes(held.shared)}`;
}
