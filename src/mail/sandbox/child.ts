/** A reading process, seen from outside: it gets one job at a time, and is killed if it exceeds a limit. */
import { type ChildProcess, fork } from 'node:child_process';
import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ReadingFailure, readingFailure } from '../../core/words/quarantine.ts';
import type { ReadingBounds } from '../../config/limits.ts';
import { type Answer, type Job, slowJobs } from './jobs.ts';

/** Ways of starting a process and of reporting its events. */
export type Child = {
  /** module it runs */
  program: URL;
  bounds: ReadingBounds;
  /** it has until it is ready: loading takes some on a busy machine */
  seconds: number;
  /** it can take a job, for the first time (`answer` is null) or after an answer */
  onFree(answer: Answer | null): void;
  /** its present job has used so much time that others should not wait for it */
  onSlow(): void;
  /**
   * It has ended. `failure`: reason why its job, if any, failed; `notReady`: it never got to one; `fromOutside`: somebody else
   * killed it.
   */
  onEnd(end: { failure: ReadingFailure; notReady: boolean; fromOutside: boolean }): void;
};

export type ReadingChild = {
  /** Somebody waits for it to be ready: it keeps our process from ending. */
  need(): void;
  /** The next job; only for one that is free. */
  give(job: Job): void;
  /** Ends it, whatever it is at. */
  stop(): Promise<void>;
};

/**
 * A frozen process has no guard that runs. It is ended after this multiple of a job's time, since a starved machine may give
 * it only a small share of CPU.
 */
const frozenAfter = 50;
/** A job without an answer counts as slow after this multiple of its time, even if its guard says nothing. */
const silentAfter = 5;

/** Starts one. Idle, it keeps our own process from nothing. */
export function startReading(its: Child): ReadingChild {
  const { bounds } = its;
  const child = fork(its.program, {
    serialization: 'advanced',
    env: {},
    execArgv: [
      `--max-old-space-size=${bounds.megabytes}`,
      // it keeps nothing from mail to mail: left alone, V8 would let the garbage grow
      '--max-semi-space-size=4',
      '--heap-growing-percent=40',
      // hundreds of patterns, most of which are used in every mail: compiling each twice costs more than it spares
      '--no-regexp-tier-up',
      '--permission',
      '--allow-fs-read=*',
      '--allow-worker',
    ],
    // what it could say of its end might quote the mail; by the last its guard says which job is slow
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
  });
  const ended = Promise.withResolvers<void>();
  let ready = false;
  let failure: string | null = null;
  /** jobs that were given so far, and whether the last is being done */
  let given = 0;
  let atWork = false;
  let slow = false;
  let clocks: NodeJS.Timeout[] = [];

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
  const stopClocks = (): void => {
    for (const clock of clocks.splice(0)) clearTimeout(clock);
  };
  const tellSlow = (): void => {
    if (!atWork || slow) return;
    slow = true;
    its.onSlow();
  };
  /** Runs `then` unless the answer has arrived meanwhile: it may have while we were busy ourselves. */
  const unlessAnswered = async (job: number, then: () => void): Promise<void> => {
    await nextTurn();
    if (atWork && given === job) then();
  };
  const free = (answer: Answer | null): void => {
    atWork = false;
    slow = false;
    stopClocks();
    idle(child);
    its.onFree(answer);
  };

  child.on('message', (answer: Answer) => {
    if (ready) return free(answer);
    if (answer.did === 'failed') return giveUp(answer.why);
    ready = true;
    free(null);
  });
  const guard = child.stdio[slowJobs];
  if (guard instanceof Socket) {
    guard.on('data', (said: Buffer) => {
      if (said.toString().split('\n').includes(String(given))) tellSlow();
    });
    guard.on('error', () => {});
    guard.unref();
  }
  // not `exit`: what it still answered comes first
  const end = (why: ReadingFailure): void => {
    stopClocks();
    ended.resolve();
    const notReady = !ready;
    const fromOutside = why.kind === 'reader_ended' && why.how === 'SIGKILL';
    its.onEnd({ failure: failure === null ? why : { kind: 'error', words: failure }, notReady, fromOutside });
  };
  child.on('close', (code, signal) => {
    if (child.pid !== undefined) end(whyEnded(code, signal, bounds));
  });
  child.on('error', (error) => {
    // it has not even begun
    if (child.pid === undefined) end({ kind: 'error', words: error.message });
  });

  send({ do: 'begin', bounds });
  idle(child);
  clocks = [setTimeout(() => giveUp(`it was not ready after ${its.seconds} s`), its.seconds * 1000).unref()];
  return {
    need: () => busy(child),
    give(job) {
      given += 1;
      atWork = true;
      const current = given;
      const after = (times: number, then: () => void): NodeJS.Timeout =>
        setTimeout(() => void unlessAnswered(current, then), times * bounds.seconds * 1000);
      clocks = [after(silentAfter, tellSlow), after(frozenAfter, () => void stop())];
      busy(child);
      send(job);
    },
    stop,
  };
}

/** In words, of a process that never got ready. */
export function whyNotStarted(failure: ReadingFailure): string {
  return `the process that reads mails cannot be started: ${readingFailure(failure, 'en')}`;
}

/** Keeps our process from exiting while the child has work, or is ending. */
function busy(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

/** Lets our process exit while the child is idle. */
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
