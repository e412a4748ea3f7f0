/**
 * Mails are read in a thread of their own, so that one that our code cannot cope with takes neither the worker nor
 * other mails along. Bytes go there as a copy; what they say comes back as a `Message`, its attachments handed over.
 *
 * The thread does one job after the other and answers in order, so the first job without an answer is the one it is
 * at. Where that one passes a bound the thread is ended, the job fails with what happened, and those behind it are
 * given to the next thread.
 */
import { extname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { DkimCheck } from '../core/authentication.ts';
import type { Message } from '../core/message.ts';
import { type Resolver, unverifiable } from './dkim.ts';
import { lookUpKeys } from './known-keys.ts';
import type { ReadingBounds } from './limits.ts';
import type { Answer, Job, Outside } from './reading-jobs.ts';

export type Reader = {
  /**
   * What `parseMessage` makes of these bytes, or in one line of English, without anything of the mail, why it cannot
   * be read: the bound it passed, or our own error. Rejects with ReaderDown.
   */
  read(raw: Uint8Array, outside: Outside): Promise<Read>;
  /** What `checkDkim` makes of them; `unverifiable` where that passes a bound. Rejects with ReaderDown. */
  checkDkim(raw: Uint8Array, keys: Resolver): Promise<DkimCheck>;
  /** Ends the thread. What it still had to do rejects. */
  close(): Promise<void>;
};

export type Read = { ok: true; message: Message } | { ok: false; why: string };

/** There is no thread to read in, because the machine has no room for one or the reader is closed: no mail's fault. */
export class ReaderDown extends Error {
  override readonly name = 'ReaderDown';
}

type Done = Exclude<Answer, { did: 'ready' }> | { did: 'nothing'; why: string };
type Waiting = { job: Job; done(answer: Done): void; down(error: ReaderDown): void };

// .ts in a clone, .js in a package
const program = new URL(`./reading-thread${extname(import.meta.url)}`, import.meta.url);

/** What a thread runs, and how many seconds it has until it is ready: loading takes some on a busy machine. */
export type Start = { program: URL; seconds: number };

/** A reader whose thread starts at once, to be warm for the first mail; idle, it keeps no process alive. */
export function openReader(bounds: ReadingBounds, start: Start = { program, seconds: 60 }): Reader {
  const waiting: Waiting[] = [];
  let closed = false;
  let thread: Thread | null = serve(waiting, bounds, start, onEnd);

  function onEnd(): void {
    thread = closed || waiting.length === 0 ? null : serve(waiting, bounds, start, onEnd);
  }
  function ask(job: Job): Promise<Done> {
    return new Promise((done, down) => {
      if (closed) return down(new ReaderDown('the reader of mails is closed'));
      waiting.push({ job, done, down });
      if (thread === null) thread = serve(waiting, bounds, start, onEnd);
      else thread.post(job);
    });
  }

  return {
    async read(raw, outside) {
      const answer = await ask({ do: 'read', raw, outside });
      return answer.did === 'read'
        ? { ok: true, message: answer.message }
        : { ok: false, why: whyNot(answer) };
    },
    async checkDkim(raw, resolver) {
      const listed = await ask({ do: 'list_keys', raw });
      if (listed.did !== 'list_keys') return unverifiable;
      // the thread waits for nobody
      const keys = await lookUpKeys(listed.names, resolver);
      const answer = await ask({ do: 'check_dkim', raw, keys });
      return answer.did === 'check_dkim' ? answer.check : unverifiable;
    },
    async close() {
      closed = true;
      for (const one of waiting.splice(0)) one.down(new ReaderDown('the reader of mails is closed'));
      await thread?.stop();
    },
  };
}

function whyNot(answer: Exclude<Done, { did: 'read' }>): string {
  if (answer.did === 'nothing') return answer.why;
  // the first line only: more could quote the mail
  if (answer.did === 'failed') return answer.error.message.split('\n', 1)[0] ?? '';
  return `the reader answered another question (${answer.did})`;
}

/** When a job was begun: milliseconds, and the processor time that we had used by then. */
type Begun = { job: Waiting; began: number; used: NodeJS.CpuUsage };
/** So many times its time a job may wait for the processor. */
const mostWaits = 10;

/** A thread at work. `post` gives it the last job of the queue. */
type Thread = { post(job: Job): void; stop(): Promise<unknown> };

/** Starts a thread that does the jobs of this queue, until one of them ends it. */
function serve(waiting: Waiting[], bounds: ReadingBounds, start: Start, onEnd: () => void): Thread {
  const thread = new Worker(start.program, {
    workerData: bounds.limits,
    resourceLimits: { maxOldGenerationSizeMb: bounds.megabytes },
    // nothing of the settings is its business
    env: {},
  });
  let ready = false;
  let overdue: Waiting | null = null;
  let died = 'it ended by itself';
  let clock: NodeJS.Timeout | undefined;
  const starting = setTimeout(() => {
    died = `it was not ready after ${start.seconds} s`;
    void thread.terminate();
  }, start.seconds * 1000).unref();

  /** The first of the queue has the whole time from now on. */
  const watch = (): void => {
    clearTimeout(clock);
    const [first] = waiting;
    if (first === undefined) thread.unref();
    else if (ready)
      lookAfter(bounds.seconds, { job: first, began: performance.now(), used: process.cpuUsage() });
  };
  const lookAfter = (seconds: number, since: Begun): void => {
    clock = setTimeout(() => void look(since), seconds * 1000);
  };
  const look = async (since: Begun): Promise<void> => {
    // where we were kept busy ourselves its answer may have come long ago
    await nextTurn();
    if (waiting[0] !== since.job) return;
    // what other programs take from a slow machine is not the mail's doing; a thread that stands still is ended too
    const { user, system } = process.cpuUsage(since.used);
    const left = bounds.seconds - (user + system) / 1_000_000;
    const slow = performance.now() - since.began < mostWaits * bounds.seconds * 1000;
    if (left > 0 && slow) return lookAfter(Math.max(left, 0.1), since);
    overdue = since.job;
    await thread.terminate();
  };
  const end = (): void => {
    clearTimeout(clock);
    clearTimeout(starting);
    const [first] = waiting;
    if (!ready) {
      const why = `the thread that reads mails cannot be started: ${died}`;
      for (const one of waiting.splice(0)) one.down(new ReaderDown(why));
    } else if (first !== undefined && (overdue === null || overdue === first)) {
      waiting.shift();
      const why =
        overdue === null ? died : `reading it took longer than ${bounds.seconds} s (MAX_READ_SECONDS)`;
      first.done({ did: 'nothing', why });
    }
    onEnd();
  };

  thread.on('message', (answer: Answer) => {
    if (answer.did === 'ready') {
      ready = true;
      clearTimeout(starting);
    } else waiting.shift()?.done(answer);
    watch();
  });
  thread.on('error', (error: Error & { code?: string }) => {
    died =
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? `reading it needed more than ${bounds.megabytes} MB of memory (MAX_READ_MB)`
        : `the thread that read it died: ${error.message.split('\n', 1)[0]}`;
  });
  thread.on('exit', end);
  const post = (job: Job): void => {
    // a copy: should the thread die, the next one is asked the same
    const raw = new Uint8Array(job.raw);
    thread.ref();
    thread.postMessage({ ...job, raw }, [raw.buffer]);
    if (waiting[0]?.job === job) watch();
  };
  for (const { job } of waiting) post(job);
  if (waiting.length === 0) thread.unref();
  return { post, stop: () => thread.terminate() };
}
