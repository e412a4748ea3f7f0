/**
 * Decides what happens next, and what goes wrong. Everything a worker asks of the world (a query, an IMAP command, a mail
 * to be sent) is a step that waits here until it is chosen, one at a time, in an order that depends on the seed. A step may be
 * refused, done with its answer lost, or be the last thing its worker did: it is killed before the step or after it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Random } from './random.ts';

/**
 * What a step meets. `lost_before`: it is not done; `lost_after`: it is done and nobody is told; `taken_for_dead`: it is done, and from
 * then on the others take its worker for dead, until it claims again.
 */
export type Fate =
  | 'done'
  | 'lost_before'
  | 'lost_after'
  | 'killed_before'
  | 'killed_after'
  | 'taken_for_dead';

/** A process of the desk, as far as the scheduler knows it. */
export type Killable = { readonly name: string; dead: boolean; kill(): void; loseSign(): void };

export type Step<T> = {
  worker: Killable;
  /** for the trace */
  what: string;
  act(): Promise<T>;
  /** the caller's error if the step, or its answer, was lost */
  lost(): T | Promise<T>;
  /** its worker holds leases on mails, and may be taken for dead */
  leased?: true;
  /** true if the step waits for another worker (a lock), and ends only once others have continued */
  blocked?: () => Promise<boolean>;
  /** true if it may have released others that wait for a lock */
  frees?: () => boolean;
};

type Waiting = { worker: Killable; what: string; leased?: true | undefined; choose(fate: Fate): void };
/** An operation running at a server. `waits`: it was seen blocked; `freed`: another may have unblocked it since. */
type Running = { worker: Killable | null; blocked: () => Promise<boolean>; waits: boolean; freed: boolean };

/** The live ones, in an order that does not depend on which came first. */
function inOrder(waiting: readonly Waiting[]): Waiting[] {
  const name = ({ worker, what }: Waiting): string => `${worker.name} ${what}`;
  return waiting
    .filter(({ worker }) => !worker.dead)
    .toSorted((one, other) => (name(one) < name(other) ? -1 : Number(name(one) > name(other))));
}

const never = new Promise<never>(() => {});
/** Milliseconds after which a step that has not ended may be waiting for a lock. */
const patience = 3;
/** The machine's own time, whatever becomes of the global one. */
const { setTimeout: afterwards, clearTimeout: cancel } = globalThis;

export class Scheduler {
  /** log of events, for the report of a failure */
  readonly trace: string[] = [];
  faults = 0;
  readonly #random: Random;
  readonly #mostFaults: number;
  readonly #faultEvery: number;
  #waiting: Waiting[] = [];
  #resting: Waiting[] = [];
  #running = new Set<Running>();
  /** called when something that runs has ended */
  #ended: () => void = () => {};

  /** @param faultEvery one step in so many goes wrong, until there were `mostFaults` */
  constructor(random: Random, given: { mostFaults: number; faultEvery: number }) {
    this.#random = random;
    this.#mostFaults = given.mostFaults;
    this.#faultEvery = given.faultEvery;
  }

  /** Does the step when it is chosen, with the fate it meets. A dead worker waits for ever. */
  async step<T>(step: Step<T>): Promise<T> {
    const { worker, what, leased } = step;
    if (worker.dead) return never;
    const fate = await new Promise<Fate>((choose) => this.#waiting.push({ worker, what, leased, choose }));
    if (worker.dead) return never;
    if (fate === 'killed_before') {
      worker.kill();
      return never;
    }
    if (fate === 'lost_before') return step.lost();
    if (fate === 'taken_for_dead') {
      worker.loseSign();
      this.#wakeOthers(worker);
    }
    const { blocked = async () => false } = step;
    const running: Running = { worker, blocked, waits: false, freed: false };
    this.#running.add(running);
    try {
      const answer = await step.act();
      if (step.frees?.() === true) this.#freed();
      if (worker.dead) return never;
      if (fate === 'killed_after') {
        worker.kill();
        return never;
      }
      return fate === 'lost_after' ? step.lost() : answer;
    } finally {
      this.#running.delete(running);
      this.#ended();
    }
  }

  /**
   * Runs what is no step but takes time, such as a connection that opens or breaks: no step is chosen until it is done, or
   * waits for another worker.
   */
  async meanwhile<T>(doing: Promise<T>, blocked = async (): Promise<boolean> => false): Promise<T> {
    const running: Running = { worker: null, blocked, waits: false, freed: false };
    this.#running.add(running);
    try {
      return await doing;
    } finally {
      this.#running.delete(running);
      this.#freed();
      this.#ended();
    }
  }

  /** A loop has nothing to do; it goes on when the scheduler wakes it. */
  async rest(worker: Killable, what: string): Promise<void> {
    if (worker.dead) return never;
    await new Promise<Fate>((choose) => this.#resting.push({ worker, what, choose }));
    return worker.dead ? never : undefined;
  }

  /**
   * Chooses steps until every worker rests.
   * @returns how many steps were taken
   */
  async untilAllRest(): Promise<number> {
    for (let steps = 0; ; steps += 1) {
      await this.#settled();
      this.#waiting = inOrder(this.#waiting);
      const next = this.#waiting.splice(this.#random.below(this.#waiting.length), 1)[0];
      if (next === undefined) return steps;
      const fate = this.#fate(next);
      this.trace.push(`${next.worker.name} ${next.what}${fate === 'done' ? '' : ` ${fate}`}`);
      next.choose(fate);
    }
  }

  /**
   * Wakes loops that rest: some of those that may have something to do, and now and then all there are.
   * @param mayDo whether there may be something to do for a loop that rests so
   */
  wakeSome(mayDo: (what: string) => boolean): void {
    const all = this.#random.below(8) === 0;
    const few = this.#resting.filter(({ what }) => mayDo(what)).length < 4;
    const [woken, asleep] = [[] as Waiting[], [] as Waiting[]];
    for (const one of inOrder(this.#resting)) {
      const wakes = all || (mayDo(one.what) && (few || this.#random.below(2) === 0));
      (wakes ? woken : asleep).push(one);
    }
    this.#resting = asleep;
    for (const one of woken) one.choose('done');
  }

  oneIn(count: number): boolean {
    return this.#random.below(count) === 0;
  }

  /** Whoever rests looks at once for what the worker left. */
  #wakeOthers(worker: Killable): void {
    const woken = inOrder(this.#resting).filter((one) => one.worker !== worker);
    this.#resting = this.#resting.filter((one) => !woken.includes(one));
    for (const one of woken) one.choose('done');
  }

  #freed(): void {
    for (const one of this.#running) one.freed = true;
  }

  #fate({ leased }: Waiting): Fate {
    if (this.faults >= this.#mostFaults || this.#random.below(this.#faultEvery) > 0) return 'done';
    this.faults += 1;
    if (leased === true && this.oneIn(2)) return 'taken_for_dead';
    return this.#random.pick(['lost_before', 'lost_after', 'killed_before', 'killed_after']);
  }

  /** Waits until nothing goes on by itself: what runs has ended, or waits for a lock that another worker holds. */
  async #settled(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      await nextTurn();
      const running = await this.#atWork();
      if (running.length > 0) {
        quiet = 0;
        if (!(await this.#oneEnds(running))) await look(running);
      } else {
        // mails are made in several turns
        quiet = process.getActiveResourcesInfo().includes('Immediate') ? 0 : quiet + 1;
      }
    }
  }

  /** Operations that run and do not wait for another worker. */
  async #atWork(): Promise<Running[]> {
    const running = [...this.#running].filter(({ worker }) => worker?.dead !== true);
    // a lock is handed on before the answer that freed it comes
    await look(running.filter(({ waits, freed }) => waits && freed));
    return running.filter(({ waits }) => !waits);
  }

  /** True if one of these ends in time. */
  #oneEnds(running: readonly Running[]): Promise<boolean> {
    if (running.some((one) => !this.#running.has(one))) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = afterwards(() => resolve(false), patience);
      this.#ended = () => {
        cancel(timer);
        resolve(true);
      };
    });
  }
}

/** Sees whether they wait. */
async function look(running: readonly Running[]): Promise<void> {
  for (const one of running) {
    one.freed = false;
    one.waits = await one.blocked();
  }
}
