import type { Idle } from './latency.ts';
import type { StaffSize } from './mails.ts';
import type { Measured } from './side.ts';

export const sides = ['desk', 'bare'] as const;
export type Side = (typeof sides)[number];

/** Resources of one side in one round; CPU in seconds, null where it is unknown. */
export type Result = Measured & {
  side: Side;
  postgres: number | null;
  dovecot: number | null;
  sink: number | null;
  bytesOut: number;
};

/** All rounds with so many staff. */
export type Run = { staff: StaffSize; mailsOut: number; results: Result[]; idle: Idle | null };

export type Report = {
  mails: number;
  rounds: number;
  workers: number;
  machine: { cpus: number; node: string; postgres: string };
  runs: Run[];
};

/** Prints all figures: as JSON, or as tables of `min / median / max`. */
export function printReport(report: Report, json: boolean): void {
  const { mails, rounds, runs } = report;
  if (json) {
    const all = runs.map((run) => ({ ...run, ratios: ratiosOf(run) }));
    console.log(JSON.stringify({ ...report, runs: all }, null, 2));
    return;
  }
  for (const run of runs) {
    const out = mails * run.mailsOut;
    console.log(
      `\n${run.staff} staff: ${mails} mails in, ${out} out, rounds: ${rounds}; min / median / max, CPU in ms for a mail that came in`,
    );
    console.table(Object.fromEntries(sides.map((side) => [side, speed(mails, of(run, side))])));
    console.table(Object.fromEntries(sides.map((side) => [side, rest(mails, run, side)])));
    console.log(`desk/bare, in mails/s: ${spread(ratiosOf(run), 2)}`);
    if (run.idle !== null) {
      const { latencies, memory, cpu } = run.idle;
      console.log(
        `an idle desk: ${spread(latencies, 0)} ms from a mail in the mailbox to its last notification (${latencies.length} mails); ${megabytes(memory?.own ?? NaN)} MB worker, ${megabytes(memory?.below ?? NaN)} MB reading process; CPU in ms a second: ${(['desk', 'postgres', 'dovecot'] as const).map((part) => `${part} ${(cpu[part] ?? NaN).toFixed(1)}`).join(', ')}`,
      );
    }
  }
}

/** A row of the first table. The servers' CPU is shown only if /proc tells it. */
function speed(mails: number, results: Result[]): Record<string, string> {
  const each = (figure: (result: Result) => number, digits = 1): string =>
    spread(results.map(figure), digits);
  const cpu = (figure: (result: Result) => number | null): string =>
    each((result) => ((figure(result) ?? NaN) * 1000) / mails);
  return {
    'mails/s': each(({ seconds }) => mails / seconds),
    'CPU worker': cpu(({ cpuSeconds }) => cpuSeconds.own),
    'CPU reading process': cpu(({ cpuSeconds }) => cpuSeconds.below),
    'CPU PostgreSQL': cpu(({ postgres }) => postgres),
    'CPU of these': cpu(
      ({ cpuSeconds, postgres }) => cpuSeconds.own + cpuSeconds.below + (postgres ?? Number.NaN),
    ),
  };
}

function rest(mails: number, run: Run, side: Side): Record<string, string> {
  const each = (figure: (result: Result) => number, digits = 1): string =>
    spread(of(run, side).map(figure), digits);
  const cpu = (figure: (result: Result) => number | null): string =>
    each((result) => ((figure(result) ?? NaN) * 1000) / mails);
  return {
    'CPU Dovecot': cpu(({ dovecot }) => dovecot),
    'CPU SMTP sink': cpu(({ sink }) => sink),
    'peak MB worker': each(({ peakBytes }) => peakBytes.own / 2 ** 20, 0),
    'reading process': each(({ peakBytes }) => peakBytes.below / 2 ** 20, 0),
    'KB per mail out': each(({ bytesOut }) => bytesOut / mails / run.mailsOut / 1024),
  };
}

const of = (run: Run, side: Side): Result[] => run.results.filter((result) => result.side === side);

/** The desk's mails/s as a multiple of the bare pipeline's, for each round. */
function ratiosOf(run: Run): number[] {
  const bare = of(run, 'bare');
  return of(run, 'desk').map((result, i) => (bare[i]?.seconds ?? Number.NaN) / result.seconds);
}

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

/** `min / median / max` */
function spread(numbers: number[], digits: number): string {
  const sorted = numbers.toSorted((a, b) => a - b);
  return [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
    .map((number) => (number ?? Number.NaN).toFixed(digits))
    .join(' / ');
}
