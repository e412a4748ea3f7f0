/**
 * How fast the package starts, and what it holds. `npm run bench:start -- [--rounds N] [--mails N] [--clone] [--node FLAGS]`.
 * Each round starts `--help`, `ticket list`, and `run` on a mailbox with one mail, until that is decided: milliseconds, and those of
 * CPU with the reading process. Then one `run` has nothing to do for a while, and works off N mails: memory of the worker
 * and of what it started. `--clone`: the sources as they stand, not the package; `--node`: flags for the worker's Node.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { buildProgram } from '../harness/built.ts';
import { dovecotAvailable } from '../harness/servers.ts';
import { clientsFor, deskSettings, mailsOut, requestMail } from './mails.ts';
import { cpuSecondsOf, type Held, heldBy, secondsOfEnded } from './processes.ts';
import { startServers } from './servers.ts';
import { startSink } from './sink.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    mails: { type: 'string', default: '1000' },
    clone: { type: 'boolean', default: false },
    node: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);
const mails = Number(values.mails);
if (![rounds, mails].every((number) => Number.isInteger(number) && number > 0)) {
  console.error('expected whole numbers: npm run bench:start -- [--rounds 5] [--mails 1000] [--clone]');
  process.exit(2);
}
if (!dovecotAvailable()) process.exit(1);

/** Milliseconds for which nothing happens before memory is looked at. */
const settling = 5_000;
/** Milliseconds between two looks at the memory of a desk at work. */
const lookEvery = 200;
const staff = 2;
const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);

const built = values.clone ? null : await buildProgram();
const main = built?.main ?? fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const clients = clientsFor(mails + rounds);
const servers = await startServers();
const sink = await startSink();
const left = new Set<ChildProcess>();
try {
  const databaseUrl = await servers.freshDatabase('bench_start', clients, staff);
  const db = new Client({ connectionString: databaseUrl });
  db.on('error', () => {});
  await db.connect();
  const decided = async (): Promise<number> => {
    const { rows } = await db.query<{ count: string }>(
      'select count(*) from message where disposition is not null',
    );
    return Number(rows[0]?.count);
  };
  const times: Record<string, Took[]> = {
    '--help': [],
    'ticket list': [],
    'run, until it has decided a mail': [],
  };
  for (let round = 0; round < rounds; round += 1) {
    times['--help']?.push(await toEnd(['--help'], {}));
    times['ticket list']?.push(await toEnd(['ticket', 'list'], { DATABASE_URL: databaseUrl }));
    const user = `first_${round}@kybernes.example`;
    await servers.deliver(user, [await requestMail(mails + round, clients)]);
    const before = await decided();
    times['run, until it has decided a mail']?.push(
      await whileRunning(start(['run'], settings(databaseUrl, user)), async () => {
        while ((await decided()) === before) await pause(5);
      }),
    );
  }
  console.table(
    Object.fromEntries(
      Object.entries(times).map(([name, took]) => [
        name,
        { ms: spread(took.map(({ ms }) => ms)), 'ms of CPU': spread(took.map(({ cpu }) => cpu)) },
      ]),
    ),
  );

  const user = 'backlog@kybernes.example';
  await db.end();
  // what the rounds have left is not sent here
  const worker = start(['run'], settings(await servers.freshDatabase('bench_memory', clients, staff), user));
  await pause(settling);
  const idle = heldBy(worker.pid ?? 0);
  const raws = await Promise.all(Array.from({ length: mails }, (_, i) => requestMail(i, clients)));
  await sink.expect(mails * mailsOut(staff));
  await servers.deliver(user, raws);
  const cpuBefore = cpuSecondsOf(worker.pid ?? 0) ?? NaN;
  let most = idle;
  const ended = new AbortController();
  const all = sink.all(60_000, ended.signal);
  const over = Promise.allSettled([all]).then(() => ended.abort());
  while (!ended.signal.aborted) {
    const now = heldBy(worker.pid ?? 0);
    if (now.together > most.together) most = now;
    await pause(lookEvery);
  }
  await over;
  await all;
  await pause(settling);
  console.table({
    'idle, before any mail': inMegabytes(idle),
    [`at the most, over ${mails} mails`]: inMegabytes(most),
    'idle, after them': inMegabytes(heldBy(worker.pid ?? 0)),
  });
  const cpu = (cpuSecondsOf(worker.pid ?? 0) ?? NaN) - cpuBefore;
  console.log(`CPU of both: ${((cpu * 1000) / mails).toFixed(1)} ms a mail`);
  await stop(worker);
} finally {
  for (const child of left) child.kill('SIGKILL');
  await sink.close();
  await servers.stop();
  await built?.remove();
}

type Took = { ms: number; cpu: number };

function settings(databaseUrl: string, user: string): Record<string, string> {
  return deskSettings({ databaseUrl, mailboxUrl: servers.mailboxUrl(user), smtpPort: sink.port });
}

function start(args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [...values.node.split(' ').filter(Boolean), main, ...args], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  left.add(child);
  child.once('exit', () => left.delete(child));
  return child;
}

/** What a command takes to its end. */
async function toEnd(args: string[], env: Record<string, string>): Promise<Took> {
  const from = performance.now();
  const before = secondsOfEnded();
  const child = start(args, env);
  const [code]: unknown[] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}`);
  return { ms: performance.now() - from, cpu: (secondsOfEnded() - before) * 1000 };
}

/** What a process takes until something has happened; it is stopped then. */
async function whileRunning(child: ChildProcess, happened: () => Promise<void>): Promise<Took> {
  const from = performance.now();
  await happened();
  const ms = performance.now() - from;
  const cpu = (cpuSecondsOf(child.pid ?? 0) ?? NaN) * 1000;
  await stop(child);
  return { ms, cpu };
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

function inMegabytes(held: Held): Record<string, string> {
  return {
    'worker, MB': megabytes(held.worker),
    'reading process, MB': megabytes(held.below),
    'together, MB': megabytes(held.together),
    'together, what they share counted once, MB': megabytes(held.shared),
  };
}

/** min / median / max */
function spread(figures: number[]): string {
  const sorted = figures.toSorted((a, b) => a - b);
  return [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
    .map((figure) => (figure ?? NaN).toFixed(0))
    .join(' / ');
}
