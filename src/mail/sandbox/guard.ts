/**
 * A thread beside the one that reads mails, which may hang or be kept from hearing that nobody waits for it any more:
 * it ends the whole process then.
 */
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { type GuardedProcess, slowJobs } from './jobs.ts';

const { jobs, seconds, parent }: GuardedProcess = workerData;

const everyMs = 100;
/** A stalled job uses less than this share of a processor; the guard itself uses some. */
const stillShare = 0.02;

/** Seconds of processor time after which others should not wait for a job. */
const slowSeconds = Math.min(1, seconds / 2);

let job = 0;
let told = 0;
let since = process.cpuUsage();
/** The time when the job was last seen using the processor, and the number of checks since. */
let moved = since;
let looks = 0;

const usedSince = (then: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(then);
  return (user + system) / 1_000_000;
};

/** By its number; the first, which begins, is 0. Where nobody listens there is nobody to tell. */
function tell(slow: number): void {
  try {
    writeSync(slowJobs, `${slow}\n`);
  } catch {}
}

/**
 * Whether another thread would go on if it had a processor, or the disk's answer: threads that others starve still let this
 * one look, which needs next to nothing. Where /proc does not tell (Linux has it), nobody is.
 */
function isKeptWaiting(): boolean {
  try {
    const threads = readdirSync('/proc/self/task').map((id) =>
      readFileSync(`/proc/self/task/${id}/stat`, 'latin1'),
    );
    // the state stands behind the name, in brackets; this thread runs itself (man 5 proc)
    return threads.filter((stat) => /^[RD]$/u.test(stat[stat.lastIndexOf(')') + 2] ?? '')).length > 1;
  } catch {
    return false;
  }
}

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  const now = Atomics.load(jobs, 0);
  const isNew = now !== job;
  if (isNew) {
    job = now;
    since = process.cpuUsage();
  }
  if (isNew || usedSince(moved) > stillShare * seconds) {
    moved = process.cpuUsage();
    looks = 0;
  }
  if (job % 2 === 0) return;
  if (!isKeptWaiting()) looks += 1;
  if (usedSince(since) > slowSeconds && told !== job) {
    told = job;
    tell((job - 1) / 2);
  }
  // processor time: what other programs take from a slow machine is not the mail's doing
  if (usedSince(since) * 1000 > Atomics.load(jobs, 1)) process.kill(process.pid, 'SIGXCPU');
  // looks, not the clock: on a machine that sleeps, the guard does not look either
  if (looks * everyMs > seconds * 1000) process.kill(process.pid, 'SIGALRM');
}, everyMs);
