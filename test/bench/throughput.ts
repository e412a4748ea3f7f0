/**
 * How fast the desk is, beside the bare pipeline of its parts. `npm run bench -- [--mails N] [--rounds N] [--staff 2|4]
 * [--latencies N] [--workers N] [--json] [--profile FOLDER]`. `--staff`: two technicians, or two more (both, one after the
 * other, unless one is named); each opening is told to all of them and its client. `--workers`: so many desks on one
 * database and one mailbox.
 *
 * A round puts N requests of clients (`mails.ts`) into a fresh Dovecot mailbox, makes a fresh database of 40 companies,
 * their clients and the staff, and lets one side (`desk.ts`: what `kticket run` runs; `bare.ts`: no logic) work until
 * all mail has left to a local SMTP server (`sink-server.ts`); then the other. Who goes first changes from round to round.
 * Each side is a process of its own, bundled as the package is, started and loaded before its time runs. The servers are the same ones throughout;
 * their CPU is shown beside. What left is counted, and what the database holds at the end is checked. At last a desk
 * without any mail is given some one by one (`latency.ts`). `--profile` leaves a `.cpuprofile` of each side and round,
 * which Chrome's developer tools open.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildProgram } from '../harness/built.ts';
import { dovecotAvailable } from '../harness/servers.ts';
import { type Idle, measureIdle } from './latency.ts';
import { clientsFor, deskSettings, mailsOut, requestMail, type StaffSize, staffSizes } from './mails.ts';
import { printReport, type Result, type Run, type Side, sides } from './report.ts';
import { startServers } from './servers.ts';
import { measured, type Measured } from './side.ts';
import { startSink } from './sink.ts';

/** A side from which no mail has come for so long hangs. */
const patience = 60_000;
/** Letters of a side's log that are shown where it fails. */
const lastWords = 4_000;

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '5' },
    staff: { type: 'string' },
    latencies: { type: 'string', default: '20' },
    workers: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const mails = Number(values.mails);
const rounds = Number(values.rounds);
const latencies = Number(values.latencies);
const workers = Number(values.workers);
const staffs = staffSizes.filter((size) => values.staff === undefined || size === Number(values.staff));
if (
  ![mails, rounds, latencies + 1, workers].every((number) => Number.isInteger(number) && number > 0) ||
  staffs.length === 0
) {
  console.error(
    'expected whole numbers: npm run bench -- [--mails 2000] [--rounds 5] [--staff 2|4] [--latencies 20] [--workers 1] [--json] [--profile FOLDER]',
  );
  process.exit(2);
}
if (!dovecotAvailable()) process.exit(1);

const clients = clientsFor(Math.max(mails, latencies + 1));
const raws = await Promise.all(
  Array.from({ length: Math.max(mails, latencies + 1) }, (_, i) => requestMail(i, clients)),
);
// both sides as a package has them, loaded from a few files
const built = await buildProgram({ desk: 'test/bench/desk.ts', bare: 'test/bench/bare.ts' });
const servers = await startServers();
const sink = await startSink();
// PostgreSQL would outlive this process
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void servers.stop().finally(() => process.exit(1)));
}
const runs: Run[] = [];
try {
  for (const staff of staffs) {
    const results: Result[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      for (const side of round % 2 === 1 ? sides : sides.toReversed()) {
        const result = await runSide(side, `${staff}_${round}`, staff);
        results.push(result);
        progress(
          `${staff} staff, round ${round} of ${rounds}: ${side} ${(mails / result.seconds).toFixed(1)} mails/s`,
        );
      }
    }
    const idle = latencies === 0 ? null : await runIdle(staff);
    runs.push({ staff, mailsOut: mailsOut(staff), results, idle });
  }
} finally {
  await sink.close();
  await servers.stop();
  await built.remove();
}
const machine = { cpus: cpus().length, node: process.version, postgres: servers.postgresVersion };
printReport({ mails, rounds, workers, machine, runs }, values.json);

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs one side once, on a mailbox and a database of its own. */
async function runSide(side: Side, round: string, staff: StaffSize): Promise<Result> {
  const name = `bench_${side}_${round}`;
  const user = `${name}@kybernes.example`;
  const databaseUrl = await servers.freshDatabase(name, clients, staff);
  await servers.deliver(user, raws.slice(0, mails));
  const expected = mails * mailsOut(staff);
  await sink.expect(expected);
  const before = cpuOfServers();
  const took = await work(side, staff, environment(databaseUrl, user));
  const after = cpuOfServers();
  const left = await servers.count(databaseUrl, `select count(*) from outbox where state = 'sent'`);
  const opened = await servers.count(databaseUrl, 'select count(*) from ticket');
  await servers.dropDatabase(name);
  const arrived = sink.taken();
  if (left !== expected || arrived.mails !== left || opened !== mails) {
    throw new Error(
      `${side}: expected ${mails} tickets and ${expected} mails; the database holds ${opened} and ${left}, ${arrived.mails} arrived`,
    );
  }
  const used = (key: keyof typeof before): number | null =>
    before[key] === null || after[key] === null ? null : after[key] - before[key];
  return {
    ...took,
    side,
    postgres: used('postgres'),
    dovecot: used('dovecot'),
    sink: used('sink'),
    bytesOut: arrived.bytes,
  };
}

function cpuOfServers(): { postgres: number | null; dovecot: number | null; sink: number | null } {
  return { ...servers.cpuSeconds(), sink: sink.taken().cpuSeconds };
}

/** A desk with an empty mailbox, which gets mail now and then. */
async function runIdle(staff: StaffSize): Promise<Idle> {
  const name = `bench_idle_${staff}`;
  const user = `${name}@kybernes.example`;
  const databaseUrl = await servers.freshDatabase(name, clients, staff);
  const child = start('desk', staff, environment(databaseUrl, user));
  const ended = aborted(child);
  try {
    return await measureIdle({
      pid: child.pid ?? 0,
      mails: latencies,
      mailsOut: mailsOut(staff),
      deliver: (number) => servers.deliver(user, raws.slice(number, number + 1)),
      sink,
      servers: () => servers.cpuSeconds(),
      ended,
    });
  } finally {
    const exit = once(child, 'exit');
    if (!ended.aborted) {
      child.send('stop');
      await exit;
    }
    await servers.dropDatabase(name);
  }
}

function environment(databaseUrl: string, user: string): Record<string, string> {
  return deskSettings({ databaseUrl, mailboxUrl: servers.mailboxUrl(user), smtpPort: sink.port });
}

/** A side's process. */
function start(side: Side, staff: StaffSize, env: Record<string, string>): ChildProcess {
  const child = fork(join(built.folder, 'dist', `${side}.js`), [String(staff)], {
    // the log is written, as it always is, but nobody reads it unless the side fails
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let log = '';
  child.stderr?.on('data', (said: Buffer) => {
    log = (log + said.toString()).slice(-lastWords);
  });
  child.once('exit', (code) => {
    if (code !== 0) progress(log);
  });
  return child;
}

/** Aborted when a process has ended. */
function aborted(child: ChildProcess): AbortSignal {
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  return ended.signal;
}

/** Starts a side's processes, tells them when all mail has arrived, and gets what they measured, together. */
async function work(side: Side, staff: StaffSize, env: Record<string, string>): Promise<Measured> {
  const children = Array.from({ length: side === 'desk' ? workers : 1 }, () => start(side, staff, env));
  const took = Promise.all(
    children.map(async (child) => {
      const exit = once(child, 'exit');
      const [said]: unknown[] = await Promise.race([once(child, 'message'), exit]);
      await exit;
      return measured.safeParse(said);
    }),
  );
  try {
    await sink.all(patience, AbortSignal.any(children.map(aborted)));
  } catch (error) {
    // what has sent all there was may have ended before its sink says so
    if (side === 'desk' || sink.taken().mails < mails * mailsOut(staff)) {
      for (const child of children) child.kill('SIGKILL');
      throw error;
    }
  }
  for (const child of children) if (child.connected) child.send('all has arrived');
  const all = (await took).flatMap(({ data }) => data ?? []);
  if (all.length < children.length) throw new Error(`${side} ended before it had said what it took`);
  const sum = (figure: (one: Measured) => number): number =>
    all.reduce((whole, one) => whole + figure(one), 0);
  return {
    seconds: Math.max(...all.map(({ seconds }) => seconds)),
    cpuSeconds: { own: sum((one) => one.cpuSeconds.own), below: sum((one) => one.cpuSeconds.below) },
    peakBytes: { own: sum((one) => one.peakBytes.own), below: sum((one) => one.peakBytes.below) },
  };
}
