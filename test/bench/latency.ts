import { setTimeout as pause } from 'node:timers/promises';
import { cpuSecondsOf, memoryOf } from './processes.ts';
import type { Sink } from './sink.ts';

/** A desk with nothing to do: how long a mail takes it, and what it holds. */
export type Idle = {
  /** milliseconds from a mail's lying in the mailbox to the last of its notifications being taken by the server */
  latencies: number[];
  /** bytes of the worker, and of what it started */
  memory: { own: number; below: number } | null;
  /** milliseconds of CPU a second while nothing comes; null where that cannot be known */
  cpu: { desk: number | null; postgres: number | null; dovecot: number | null };
};

/** Milliseconds for which nothing happens before memory is looked at, and CPU is measured, and for how long it is. */
const settling = 3_000;
const quiet = 10_000;
/** A desk from which no mail has come for so long hangs. */
const patience = 60_000;
/** Milliseconds between two mails: long enough to be at rest, and at another instant of whatever comes round each time. */
const rest = (number: number): number => 700 + ((number * 137) % 400);

/**
 * Puts mails one by one into the mailbox of a desk that runs, each when the notifications of the one before have left.
 * The first finds the desk starting, and is not counted.
 * @param deliver puts mail N into the mailbox
 */
export async function measureIdle(of: {
  pid: number;
  mails: number;
  mailsOut: number;
  deliver: (number: number) => Promise<void>;
  sink: Sink;
  /** CPU seconds of the servers so far */
  servers: () => { postgres: number | null; dovecot: number | null };
  ended: AbortSignal;
}): Promise<Idle> {
  const latencies: number[] = [];
  for (let number = 0; number <= of.mails; number += 1) {
    await pause(number === 0 ? 0 : rest(number));
    await of.sink.expect(of.mailsOut);
    await of.deliver(number);
    const lies = performance.timeOrigin + performance.now();
    const { lastAt } = await of.sink.all(patience, of.ended);
    if (number > 0) latencies.push(lastAt - lies);
  }
  await pause(settling);
  const memory = memoryOf(of.pid);
  const cpuNow = () => ({ desk: cpuSecondsOf(of.pid), ...of.servers() });
  const before = cpuNow();
  await pause(quiet);
  const after = cpuNow();
  const used = (key: keyof typeof before): number | null =>
    before[key] === null || after[key] === null
      ? null
      : (after[key] - before[key]) * (1_000 / (quiet / 1_000));
  return {
    latencies,
    memory: memory && { own: memory.own.now, below: memory.below.now },
    cpu: { desk: used('desk'), postgres: used('postgres'), dovecot: used('dovecot') },
  };
}
