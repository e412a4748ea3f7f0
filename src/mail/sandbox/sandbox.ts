/**
 * Mails are read in a process of their own, so that one that our code cannot handle takes down neither the worker nor
 * other mails. The process has none of our settings, and may write no file and start no program. It gets bytes and
 * returns a `Message`.
 *
 * A process does one job at a time, the smallest waiting one first, since time grows with size. If a job
 * exceeds a limit the process dies, and the job fails with the cause. Once a job has used a second of CPU time
 * others do not wait for it: a second process does them, and exits when it has been idle for a while. Mails that wait
 * while two jobs are slow are put off, for their worker to retry later.
 *
 * If a process is killed from outside (by an administrator, or the kernel short of memory) its job is no more to blame
 * than any other, and is retried, until the third such kill.
 */
import { extname } from 'node:path';
import type { DkimCheck } from '../../core/message/authentication.ts';
import type { Message } from '../../core/message/message.ts';
import { type ReadingFailure, readingFailure } from '../../core/words/quarantine.ts';
import { type Resolver, unverifiable } from '../dkim/dkim.ts';
import { lookUpKeys } from '../dkim/dkim-keys.ts';
import type { ReadingBounds } from '../../config/limits.ts';
import { type ReadingChild, startReading, whyNotStarted } from './child.ts';
import type { Answer, Job, Outside } from './jobs.ts';

export type Sandbox = {
  /**
   * Result of `parseMessage` for these bytes, or the reason why they cannot be read, with nothing of the mail in it: the limit
   * exceeded, or our own error. Rejects with ReaderDown.
   */
  read(raw: Uint8Array, outside: Outside): Promise<ReadOutcome>;
  /**
   * The same, but `put_off` instead of waiting behind mails that take long: ask again later, nothing is wrong with it.
   * @param onSlow called at most once, where others should not wait for this one
   */
  readSoon(raw: Uint8Array, outside: Outside, onSlow: () => void): Promise<ReadOutcome | 'put_off'>;
  /** Result of `checkDkim`; `unverifiable` if it exceeds a limit. Rejects with ReaderDown. */
  checkDkim(raw: Uint8Array, keys: Resolver, onSlow?: () => void): Promise<DkimCheck>;
  /** Ends the processes. What they still had to do rejects. */
  close(): Promise<void>;
};

type ReadOutcome = { ok: true; message: Message } | { ok: false; why: ReadingFailure };

/** There is no process to read in, because the machine has no room for one or the reader is closed: no mail's fault. */
export class ReaderDown extends Error {
  override readonly name = 'ReaderDown';
}

/** The outcome of a job: its answer, the way the process ended, or a request to ask again later. */
type Result = Answer | { did: 'ended'; why: ReadingFailure } | { did: 'put_off' };

type Asked = Exclude<Job, { do: 'begin' }>;

type Waiting = {
  job: Asked;
  onSlow(): void;
  mayBePutOff: boolean;
  /** others that proved slow while it waited */
  slowOnes: number;
  done(result: Result): void;
  down(error: ReaderDown): void;
  /** processes that were ended from outside while they were at it */
  cutShort: number;
};

/** A process and its job; `ready`: it has been able to work. */
type Place = {
  reading: ReadingChild;
  at: Waiting | null;
  ready: boolean;
  slow: boolean;
  idle?: NodeJS.Timeout;
};

// .ts in a clone, .js in a package
const program = new URL(`./process${extname(import.meta.url)}`, import.meta.url);

export type Start = {
  /** module that a process runs */
  program: URL;
  /** it has until it is ready: loading takes some on a busy machine */
  seconds: number;
  /** the second process ends when it has had nothing to do for so long */
  idleSeconds: number;
  /** told of each process that was ended from outside in the middle of a job, in one line of English */
  onEnded(why: string): void;
};
const usual: Start = { program, seconds: 60, idleSeconds: 10, onEnded() {} };

const mostProcesses = 2;
/** Most slow processes that a waiting mail waits for. */
const mostSlow = 2;
/** Processes ended from outside during one job, after which the job itself is the suspect. */
const mostCutShort = 3;

/** A reader whose first process starts at once, to be warm for the first mail; idle, it keeps ours from nothing. */
export function openReader(bounds: ReadingBounds, given: Partial<Start> = {}): Sandbox {
  const pool = new Pool(bounds, { ...usual, ...given });
  return {
    async read(raw, outside) {
      return readOf(await pool.ask({ do: 'read', raw, outside }));
    },
    async readSoon(raw, outside, onSlow) {
      const answer = await pool.ask({ do: 'read', raw, outside }, onSlow, true);
      return answer.did === 'put_off' ? 'put_off' : readOf(answer);
    },
    async checkDkim(raw, resolver, onSlow) {
      const listed = await pool.ask({ do: 'list_keys', raw }, onSlow);
      if (listed.did !== 'list_keys') return unverifiable;
      // the process waits for nobody
      const keys = await lookUpKeys(listed.names, resolver);
      const answer = await pool.ask({ do: 'check_dkim', raw, keys }, onSlow);
      return answer.did === 'check_dkim' ? answer.check : unverifiable;
    },
    close: () => pool.close(),
  };
}

function readOf(answer: Result): ReadOutcome {
  if (answer.did === 'read') return { ok: true, message: answer.message };
  if (answer.did === 'ended') return { ok: false, why: answer.why };
  const words = answer.did === 'failed' ? answer.why : `the reader answered another question (${answer.did})`;
  return { ok: false, why: { kind: 'error', words } };
}

const waitedLong = (one: Waiting): boolean => one.mayBePutOff && one.slowOnes >= mostSlow;
const isFree = (one: Place): boolean => one.ready && one.at === null;

class Pool {
  private readonly bounds: ReadingBounds;
  private readonly start: Start;
  /** not begun, in the order in which they were asked for */
  private waiting: Waiting[] = [];
  private readonly places: Place[] = [];
  private closed = false;

  constructor(bounds: ReadingBounds, start: Start) {
    this.bounds = bounds;
    this.start = start;
    this.open();
  }

  ask(job: Asked, onSlow: () => void = () => {}, mayBePutOff = false): Promise<Result> {
    return new Promise((done, down) => {
      if (this.closed) return down(new ReaderDown('the reader of mails is closed'));
      this.waiting.push({ job, onSlow, mayBePutOff, slowOnes: 0, done, down, cutShort: 0 });
      this.goOn();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const error = new ReaderDown('the reader of mails is closed');
    for (const one of this.waiting.splice(0)) one.down(error);
    for (const { at } of this.places) at?.down(error);
    await Promise.all(this.places.map(({ reading }) => reading.stop()));
  }

  /** Gives out what waits, to processes that are free, or to another one where those that are there take long. */
  private goOn(): void {
    for (const place of this.places) {
      if (!isFree(place)) continue;
      const next = this.takeSmallest();
      if (next === null) return this.rest(place);
      clearTimeout(place.idle);
      place.at = next;
      place.reading.give(next.job);
    }
    if (this.waiting.length === 0) return;
    if (this.places.every(({ slow }) => slow) && this.places.length < mostProcesses) this.open();
    for (const { ready, reading } of this.places) if (!ready) reading.need();
  }

  private takeSmallest(): Waiting | null {
    const [first, ...others] = this.waiting;
    if (first === undefined) return null;
    const smallest = others.reduce(
      (least, one) => (one.job.raw.length < least.job.raw.length ? one : least),
      first,
    );
    this.waiting = this.waiting.filter((one) => one !== smallest);
    return smallest;
  }

  private putOff(): void {
    for (const one of this.waiting) one.slowOnes += 1;
    const all = this.waiting;
    this.waiting = all.filter((one) => !waitedLong(one));
    for (const one of all) if (waitedLong(one)) one.done({ did: 'put_off' });
  }

  /** Ends a second idle process: one stays, however long it has nothing to do. */
  private rest(place: Place): void {
    clearTimeout(place.idle);
    place.idle = setTimeout(() => {
      if (isFree(place) && this.places.some((one) => one !== place && isFree(one))) this.leave(place);
    }, this.start.idleSeconds * 1000).unref();
  }

  private leave(place: Place): void {
    this.places.splice(this.places.indexOf(place), 1);
    void place.reading.stop();
  }

  private open(): void {
    const place: Place = {
      at: null,
      ready: false,
      slow: false,
      reading: startReading({
        ...this.start,
        bounds: this.bounds,
        onFree: (answer) => {
          const { at } = place;
          Object.assign(place, { ready: true, at: null, slow: false });
          if (answer !== null) at?.done(answer);
          this.goOn();
        },
        onSlow: () => {
          place.slow = true;
          place.at?.onSlow();
          this.putOff();
          this.goOn();
        },
        onEnd: ({ failure, notReady, fromOutside }) => {
          if (!this.places.includes(place)) return;
          this.places.splice(this.places.indexOf(place), 1);
          clearTimeout(place.idle);
          if (this.closed) return;
          if (notReady) return this.fail(failure);
          if (place.at !== null) this.ended(place.at, failure, fromOutside);
          this.goOn();
        },
      }),
    };
    this.places.push(place);
  }

  /** Without a process nothing can be read; where there is another it goes on alone. */
  private fail(failure: ReadingFailure): void {
    if (this.places.length > 0) return;
    const down = new ReaderDown(whyNotStarted(failure));
    for (const one of this.waiting.splice(0)) one.down(down);
  }

  /** A process ended over a job, which is done again where it is not to blame. */
  private ended(one: Waiting, failure: ReadingFailure, fromOutside: boolean): void {
    if (!fromOutside || failure.kind !== 'reader_ended') return one.done({ did: 'ended', why: failure });
    this.start.onEnded(readingFailure(failure, 'en'));
    one.cutShort += 1;
    if (one.cutShort < mostCutShort) this.waiting.unshift(one);
    else one.done({ did: 'ended', why: { ...failure, times: mostCutShort } });
  }
}
