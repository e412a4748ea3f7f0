/**
 * The process in which mails are read: `child.ts` starts it, and a new one if it dies. It answers jobs in order,
 * so that its parent knows from the answers which job is running.
 */
import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { checkDkim } from '../dkim/dkim.ts';
import { listKeys, resolverOf } from '../dkim/dkim-keys.ts';
import { defaultBounds, processorMs, type ReadingBounds } from '../../config/limits.ts';
import { parseMessage } from '../parse/parse.ts';
import type { Answer, GuardedProcess, Job } from './jobs.ts';
import { messageLineOf } from '../../log/errors.ts';
import { collectAtRest } from '../../memory.ts';

let { limits, seconds } = defaultBounds;
/** The state watched by the guard, even while this thread hangs. */
const jobs = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));

/** Ready once the guard looks: the first mail may be one that hangs. */
async function begin(bounds: ReadingBounds): Promise<Answer> {
  ({ limits, seconds } = bounds);
  const workerData: GuardedProcess = { jobs, seconds: bounds.seconds, parent: process.ppid };
  const program = new URL(`./guard${extname(import.meta.url)}`, import.meta.url);
  await once(new Worker(program, { workerData }), 'online');
  collectAtRest();
  return { did: 'begin' };
}

async function work(job: Job): Promise<Answer> {
  switch (job.do) {
    case 'begin':
      return begin(job.bounds);
    case 'read':
      return { did: 'read', message: await parseMessage(job.raw, { ...job.outside, limits }) };
    case 'list_keys':
      return { did: 'list_keys', names: await listKeys(job.raw) };
    case 'check_dkim':
      return { did: 'check_dkim', check: await checkDkim(job.raw, resolverOf(job.keys)) };
    default:
      throw new Error(`no such job: ${JSON.stringify(job satisfies never)}`);
  }
}

async function workGuarded(job: Job): Promise<Answer> {
  Atomics.store(jobs, 1, processorMs(seconds, 'raw' in job ? job.raw.length : 0));
  Atomics.add(jobs, 0, 1);
  try {
    return await work(job);
  } catch (error) {
    return { did: 'failed', why: messageLineOf(error) };
  } finally {
    Atomics.add(jobs, 0, 1);
  }
}

/** An answer is on its way before the next job can hang, or its mail would be blamed for the next one. */
const say = (answer: Answer): Promise<void> => new Promise((said) => process.send?.(answer, () => said()));

// a signal to the whole group (Ctrl-C, the service manager's stop) is for the worker, which lets us finish its mails
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit());

let last: Promise<void> = Promise.resolve();
process.on('message', (job: Job) => {
  last = last.then(async () => say(await workGuarded(job)));
});
