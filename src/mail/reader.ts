/**
 * Mails are read in a process of their own, so that one that our code cannot cope with takes neither the worker nor
 * other mails along. It is given none of our settings, and may write no file and start no program. Bytes go there; what they
 * say comes back as a `Message`.
 *
 * The process does one job after the other and answers in order, so the first job without an answer is the one it is
 * at. Where that one passes a bound the process dies, the job fails with what happened, and those behind it are given
 * to the next process. Where the process is ended from outside (an administrator, the kernel short of memory) the job is
 * no more to blame than the others, and goes with them, until it was there at the third such end in a row.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DkimCheck } from '../core/authentication.ts';
import type { Message } from '../core/message.ts';
import { type ReadingFailure, readingFailure } from '../core/quarantine-words.ts';
import { type Resolver, unverifiable } from './dkim.ts';
import { lookUpKeys } from './known-keys.ts';
import type { ReadingBounds } from './limits.ts';
import type { Answer, Job, Outside } from './reading-jobs.ts';

export type Reader = {
  /**
   * What `parseMessage` makes of these bytes, or, without anything of the mail, why it cannot be read: the bound it
   * passed, or our own error. Rejects with ReaderDown.
   */
  read(raw: Uint8Array, outside: Outside): Promise<Read>;
  /** What `checkDkim` makes of them; `unverifiable` where that passes a bound. Rejects with ReaderDown. */
  checkDkim(raw: Uint8Array, keys: Resolver): Promise<DkimCheck>;
  /** Ends the process. What it still had to do rejects. */
  close(): Promise<void>;
};

export type Read = { ok: true; message: Message } | { ok: false; why: ReadingFailure };

/** There is no process to read in, because the machine has no room for one or the reader is closed: no mail's fault. */
export class ReaderDown extends Error {
  override readonly name = 'ReaderDown';
}

/** What came of a job: its answer, or how the process ended over it. */
type Result = Answer | { did: 'ended'; why: ReadingFailure };

type Waiting = {
  job: Job;
  done(result: Result): void;
  down(error: ReaderDown): void;
  /** processes that were ended from outside while they were at it */
  cutShort: number;
};

// .ts in a clone, .js in a package
const program = new URL(`./reading-process${extname(import.meta.url)}`, import.meta.url);

export type Start = {
  /** what a process runs */
  program: URL;
  /** it has until it is ready: loading takes some on a busy machine */
  seconds: number;
  /** told of each process that was ended from outside in the middle of a job, in one line of English */
  onEnded(why: string): void;
};
const usual: Start = { program, seconds: 60, onEnded() {} };

/** A reader whose process starts at once, to be warm for the first mail; idle, it keeps ours from nothing. */
export function openReader(bounds: ReadingBounds, given: Partial<Start> = {}): Reader {
  const start = { ...usual, ...given };
  const waiting: Waiting[] = [];
  let closed = false;
  let serving: Serving | null = serve(waiting, bounds, start, onEnd);

  function onEnd(): void {
    serving = closed || waiting.length === 0 ? null : serve(waiting, bounds, start, onEnd);
  }
  function ask(job: Job): Promise<Result> {
    return new Promise((done, down) => {
      if (closed) return down(new ReaderDown('the reader of mails is closed'));
      waiting.push({ job, done, down, cutShort: 0 });
      if (serving === null) serving = serve(waiting, bounds, start, onEnd);
      else serving.post(job);
    });
  }

  return {
    async read(raw, outside) {
      const answer = await ask({ do: 'read', raw, outside });
      if (answer.did === 'read') return { ok: true, message: answer.message };
      if (answer.did === 'ended') return { ok: false, why: answer.why };
      const words =
        answer.did === 'failed' ? answer.why : `the reader answered another question (${answer.did})`;
      return { ok: false, why: { kind: 'error', words } };
    },
    async checkDkim(raw, resolver) {
      const listed = await ask({ do: 'list_keys', raw });
      if (listed.did !== 'list_keys') return unverifiable;
      // the process waits for nobody
      const keys = await lookUpKeys(listed.names, resolver);
      const answer = await ask({ do: 'check_dkim', raw, keys });
      return answer.did === 'check_dkim' ? answer.check : unverifiable;
    },
    async close() {
      closed = true;
      for (const one of waiting.splice(0)) one.down(new ReaderDown('the reader of mails is closed'));
      await serving?.stop();
    },
  };
}

/** The process's own guard ends a job that hangs. Where the whole process is frozen, it is ended after so many times that. */
const mostWaits = 10;
/** A job during which so many processes in a row were ended from outside may well be why. */
const mostCutShort = 3;

/** A process at work. `post` gives it the last job of the queue. */
type Serving = { post(job: Job): void; stop(): Promise<void> };

/** Starts a process that does the jobs of this queue, until one of them ends it. */
function serve(waiting: Waiting[], bounds: ReadingBounds, start: Start, onEnd: () => void): Serving {
  const child = fork(start.program, {
    serialization: 'advanced',
    env: {},
    execArgv: [
      `--max-old-space-size=${bounds.megabytes}`,
      '--permission',
      '--allow-fs-read=*',
      '--allow-worker',
    ],
    // what it could say of its end might quote the mail
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = Promise.withResolvers<void>();
  let ready = false;
  let failure: string | null = null;
  let clock: NodeJS.Timeout | undefined;

  const stop = (): Promise<void> => {
    busy(child);
    child.kill('SIGKILL');
    return ended.promise;
  };
  const send = (job: Job): void => {
    // where it cannot be sent the process is dead, which its end tells
    child.send(job, () => {});
  };
  const giveUp = (why: string): void => {
    failure = why;
    void stop();
  };
  const tooLate = `it was not ready after ${start.seconds} s`;
  const starting = setTimeout(() => giveUp(tooLate), start.seconds * 1000).unref();

  /** The first of the queue has the whole time from now on. */
  const watch = (): void => {
    clearTimeout(clock);
    const [first] = waiting;
    if (first === undefined) idle(child);
    else if (ready) clock = setTimeout(() => void look(first), mostWaits * bounds.seconds * 1000);
  };
  const look = async (since: Waiting): Promise<void> => {
    // where we were kept busy ourselves its answer may have come long ago
    await nextTurn();
    if (waiting[0] !== since) return;
    void stop();
  };
  const post = (job: Job): void => {
    busy(child);
    send(job);
    if (waiting[0]?.job === job) watch();
  };
  const end = (why: ReadingFailure): void => {
    const fromOutside = why.kind === 'reader_ended' && why.how === 'SIGKILL';
    clearTimeout(clock);
    clearTimeout(starting);
    ended.resolve();
    const [first] = waiting;
    if (!ready) {
      const down = new ReaderDown(
        `the process that reads mails cannot be started: ${failure ?? readingFailure(why, 'en')}`,
      );
      for (const one of waiting.splice(0)) one.down(down);
    } else if (first !== undefined && fromOutside) {
      start.onEnded(readingFailure(why, 'en'));
      first.cutShort += 1;
      if (first.cutShort === mostCutShort)
        waiting.shift()?.done({ did: 'ended', why: { ...why, times: mostCutShort } });
    } else waiting.shift()?.done({ did: 'ended', why });
    onEnd();
  };

  child.on('message', (answer: Answer) => {
    if (ready) waiting.shift()?.done(answer);
    else if (answer.did === 'failed') return giveUp(answer.why);
    ready = true;
    clearTimeout(starting);
    watch();
  });
  // not `exit`: what it still answered comes first
  child.on('close', (code, signal) => {
    if (child.pid !== undefined) end(whyEnded(code, signal, bounds));
  });
  child.on('error', (error) => {
    // it has not even begun
    if (child.pid === undefined) end({ kind: 'error', words: error.message });
  });

  send({ do: 'begin', bounds });
  for (const { job } of waiting) send(job);
  if (waiting.length === 0) idle(child);
  return { post, stop };
}

/** What has something to do, its end for one, keeps our process from ending. */
function busy(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

/** What has nothing to do keeps our process from ending no more. */
function idle(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function whyEnded(code: number | null, signal: NodeJS.Signals | null, bounds: ReadingBounds): ReadingFailure {
  const { seconds, megabytes } = bounds;
  // so its guard ends it, and by the next
  if (signal === 'SIGXCPU') return { kind: 'too_slow', seconds };
  if (signal === 'SIGALRM') return { kind: 'stood_still', seconds };
  // so V8 ends where its heap is full
  if (signal === 'SIGABRT') return { kind: 'too_much_memory', megabytes };
  return { kind: 'reader_ended', how: signal ?? `exit code ${code}`, times: 1 };
}
