/**
 * A thread beside the one that reads mails, which may hang or be kept from hearing that nobody waits for it any more:
 * it ends the whole process then.
 */
import { workerData } from 'node:worker_threads';
import type { Guarded } from './reading-jobs.ts';

const { jobs, seconds, parent }: Guarded = workerData;

let job = 0;
let since = process.cpuUsage();

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  const now = Atomics.load(jobs, 0);
  if (now !== job) {
    job = now;
    since = process.cpuUsage();
  }
  // processor time: what other programs take from a slow machine is not the mail's doing
  const { user, system } = process.cpuUsage(since);
  const busy = job % 2 === 1;
  if (busy && user + system > seconds * 1_000_000) process.kill(process.pid, 'SIGXCPU');
}, 100);
