/**
 * How fast the desk is, beside the bare pipeline of its parts. `npm run bench -- [--mails N] [--rounds N] [--workers N]
 * [--json] [--profile FOLDER]`. `--workers`: so many desks on one database and one mailbox.
 *
 * A round puts N requests of clients (`mails.ts`) into a fresh Dovecot mailbox, makes a fresh database of 40 companies,
 * their clients and four staff, and lets one side (`desk.ts`: what `kticket run` runs; `bare.ts`: no logic) work until
 * all mail has left to a local SMTP server; then the other. Who goes first changes from round to round. Each side is a
 * process of its own, started and loaded before its time runs. The servers are the same ones throughout; their CPU is
 * shown beside. What left is counted, and what the database holds at the end is checked. `--profile` leaves a
 * `.cpuprofile` of each side and round, which Chrome's developer tools open.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { dovecotAvailable } from '../harness/servers.ts';
import { authservId, clientsFor, desk, mailsOut, requestMail } from './mails.ts';
import { type Servers, startServers } from './servers.ts';
import { measured, type Measured } from './side.ts';
import { type Sink, startSink } from './sink.ts';

const sides = ['desk', 'bare'] as const;
type Side = (typeof sides)[number];
type Result = Measured & { side: Side; postgres: number | null; dovecot: number | null; bytesOut: number };

/** A side from which no mail has come for so long hangs. */
const patience = 60_000;

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '5' },
    workers: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const mails = Number(values.mails);
const rounds = Number(values.rounds);
const workers = Number(values.workers);
if (![mails, rounds, workers].every((number) => Number.isInteger(number) && number > 0)) {
  console.error(
    'expected whole numbers: npm run bench -- [--mails 2000] [--rounds 5] [--workers 1] [--json] [--profile FOLDER]',
  );
  process.exit(2);
}
if (!dovecotAvailable()) process.exit(1);

const clients = clientsFor(mails);
const raws = await Promise.all(Array.from({ length: mails }, (_, i) => requestMail(i, clients)));
const servers = await startServers();
const sink = await startSink();
// PostgreSQL would outlive this process
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void servers.stop().finally(() => process.exit(1)));
}
const results: Result[] = [];
try {
  for (let round = 1; round <= rounds; round += 1) {
    for (const side of round % 2 === 1 ? sides : sides.toReversed()) {
      const result = await runSide(side, round, servers, sink);
      results.push(result);
      progress(`round ${round} of ${rounds}: ${side} ${(mails / result.seconds).toFixed(1)} mails/s`);
    }
  }
} finally {
  await sink.close();
  await servers.stop();
}
report();

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs one side once, on a mailbox and a database of its own. */
async function runSide(side: Side, round: number, on: Servers, to: Sink): Promise<Result> {
  const name = `bench_${side}_${round}`;
  const databaseUrl = await on.freshDatabase(name, clients);
  progress(`round ${round} of ${rounds}: ${mails} mails into the mailbox of ${side}`);
  const mailboxUrl = await on.deliver(`${name}@kybernes.example`, raws);
  to.reset();
  const before = on.cpuSeconds();
  const took = await work(side, to, {
    DATABASE_URL: databaseUrl,
    MAILBOX_URL: mailboxUrl,
    SMTP_URL: `smtp://127.0.0.1:${to.port}`,
    DESK_ADDRESS: `${desk.name} <${desk.email}>`,
    TRUSTED_AUTHSERV_IDS: authservId,
  });
  const after = on.cpuSeconds();
  const left = await on.count(databaseUrl, `select count(*) from outbox where state = 'sent'`);
  const opened = await on.count(databaseUrl, 'select count(*) from ticket');
  await on.dropDatabase(name);
  if (left !== mails * mailsOut || to.mails() !== left || opened !== mails) {
    throw new Error(
      `${side}: expected ${mails} tickets and ${mails * mailsOut} mails; the database holds ${opened} and ${left}, ${to.mails()} arrived`,
    );
  }
  const used = (key: 'postgres' | 'dovecot'): number | null =>
    before[key] === null || after[key] === null ? null : after[key] - before[key];
  return { ...took, side, postgres: used('postgres'), dovecot: used('dovecot'), bytesOut: to.bytes() };
}

/** Starts a side's processes, tells them when all mail has arrived, and gets what they measured, together. */
async function work(side: Side, to: Sink, environment: Record<string, string>): Promise<Measured> {
  const children = Array.from({ length: side === 'desk' ? workers : 1 }, () =>
    fork(new URL(`${side}.ts`, import.meta.url), {
      // the log is written, as it always is, but nobody reads it
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`],
      env: { PATH: process.env['PATH'] ?? '', ...environment },
    }),
  );
  const hangs = setTimeout(() => {
    for (const child of children) child.kill('SIGKILL');
  }, patience);
  to.onMail(() => {
    hangs.refresh();
    if (to.mails() === mails * mailsOut) for (const child of children) child.send('all has arrived');
  });
  const took = await Promise.all(
    children.map(async (child) => {
      const ended = once(child, 'exit');
      const [said]: unknown[] = await Promise.race([once(child, 'message'), ended]);
      await ended;
      return measured.safeParse(said);
    }),
  );
  clearTimeout(hangs);
  const all = took.flatMap(({ data }) => data ?? []);
  if (all.length < children.length)
    throw new Error(
      `${side} ended, or stood still for ${patience / 1000} s; ${to.mails()} mails had arrived`,
    );
  const each = (figure: keyof Measured): number[] => all.map((one) => one[figure]);
  return {
    seconds: Math.max(...each('seconds')),
    cpuSeconds: each('cpuSeconds').reduce((sum, one) => sum + one, 0),
    peakBytes: each('peakBytes').reduce((sum, one) => sum + one, 0),
  };
}

function report(): void {
  const ratios = of('desk').map((result, i) => (of('bare')[i]?.seconds ?? 0) / result.seconds);
  if (values.json) {
    const machine = { cpus: cpus().length, node: process.version, postgres: servers.postgresVersion };
    console.log(JSON.stringify({ mails, mailsOut, rounds, workers, machine, results, ratios }, null, 2));
    return;
  }
  console.log(`${mails} mails in, ${mails * mailsOut} out, ${rounds} rounds: min / median / max`);
  console.table(sides.map(row));
  console.log(`desk/bare, in mails/s: ${spread(ratios, 2)}`);
}

function of(side: Side): Result[] {
  return results.filter((result) => result.side === side);
}

/** A row of the table. The servers' CPU is shown only if /proc tells it. */
function row(side: Side) {
  const each = (figure: (result: Result) => number, digits: number): string =>
    spread(of(side).map(figure), digits);
  return {
    side,
    'mails/s': each(({ seconds }) => mails / seconds, 1),
    'CPU ms/mail': each(({ cpuSeconds }) => (cpuSeconds * 1000) / mails, 1),
    'peak MB': each(({ peakBytes }) => peakBytes / 2 ** 20, 0),
    'PostgreSQL CPU ms/mail': each(({ postgres }) => ((postgres ?? NaN) * 1000) / mails, 1),
    'Dovecot CPU ms/mail': each(({ dovecot }) => ((dovecot ?? NaN) * 1000) / mails, 1),
    'KB per mail out': each(({ bytesOut }) => bytesOut / mails / mailsOut / 1024, 1),
  };
}

/** `min / median / max` */
function spread(numbers: number[], digits: number): string {
  const sorted = numbers.toSorted((a, b) => a - b);
  return [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
    .map((number) => (number ?? NaN).toFixed(digits))
    .join(' / ');
}
