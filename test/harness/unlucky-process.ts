/**
 * Stands in for the process that reads mails, under the same guard: says of each mail no more than its subject, and
 * meets a fate in the middle of one whose subject names it.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Answer, GuardedProcess, Job } from '../../src/mail/sandbox/jobs.ts';

const jobs = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
const guarding = new URL('../../src/mail/sandbox/guard.ts', import.meta.url);

async function answerTo(job: Job): Promise<Answer> {
  if (job.do === 'begin') {
    const workerData: GuardedProcess = { jobs, seconds: job.bounds.seconds, parent: process.ppid };
    await once(new Worker(guarding, { workerData }), 'online');
    // as the real one counts its first job
    Atomics.add(jobs, 0, 2);
    Atomics.store(jobs, 1, 1000 * job.bounds.seconds);
    return { did: 'begin' };
  }
  const why =
    'raw' in job ? /^Subject: (.*)$/mu.exec(Buffer.from(job.raw).toString('latin1'))?.[1] : undefined;
  Atomics.add(jobs, 0, 1);
  if (why === 'killed') process.kill(process.pid, 'SIGKILL');
  if (why === 'stands still') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (why === 'takes long') spin(1.5);
  Atomics.add(jobs, 0, 1);
  return { did: 'failed', why: why ?? '' };
}

/** Uses the processor for so many seconds of its time. */
function spin(seconds: number): void {
  const before = process.cpuUsage();
  for (let used = 0; used < seconds * 1_000_000; ) {
    const { user, system } = process.cpuUsage(before);
    used = user + system;
  }
}

process.on('message', (job: Job) => {
  void answerTo(job).then((answer) => process.send?.(answer));
});
