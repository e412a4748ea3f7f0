/**
 * Stands in for the process that reads mails, under the same guard: says of each mail no more than its subject, and
 * meets a fate in the middle of one whose subject names it.
 */
import { Worker } from 'node:worker_threads';
import type { Answer, Guarded, Job } from '../../src/mail/reading-jobs.ts';

const jobs = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
let guard: Worker | null = null;
const guarding = new URL('../../src/mail/reading-guard.ts', import.meta.url);

function answerTo(job: Job): Answer {
  if (job.do === 'begin') {
    const workerData: Guarded = { jobs, seconds: job.bounds.seconds, parent: process.ppid };
    guard ??= new Worker(guarding, { workerData });
    return { did: 'begin' };
  }
  const why =
    'raw' in job ? /^Subject: (.*)$/mu.exec(Buffer.from(job.raw).toString('latin1'))?.[1] : undefined;
  Atomics.add(jobs, 0, 1);
  if (why === 'killed') process.kill(process.pid, 'SIGKILL');
  if (why === 'stands still') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  Atomics.add(jobs, 0, 1);
  return { did: 'failed', why: why ?? '' };
}

process.on('message', (job: Job) => process.send?.(answerTo(job)));
