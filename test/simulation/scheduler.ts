/**
 * Decides what happens next, and what goes wrong. Everything a worker asks of the world (a query, an IMAP command, a mail
 * to be sent) is a step that waits here until it is chosen, one at a time, in an order that depends on the seed. A step may be
 * refused, done with its answer lost, or be the last thing its worker did: it is killed before the step or after it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Random } from './random.ts';

/** What a step meets. `lost_before`: it is not done; `lost_after`: it is done and nobody is told. */
export type Fate = 'done' | 'lost_before' | 'lost_after' | 'killed_before' | 'killed_after';

/** A process of the desk, as far as the scheduler knows it. */
export type Killable = { readonly name: string; dead: boolean; kill(): void };

export type Step<T> = {
  worker: Killable;
  /** for the trace */
  what: string;
  act(): Promise<T>;
  /** what its caller is told where the step, or its answer, was lost */
  lost(): T | Promise<T>;
  /** whether the step waits for another worker (a lock), so that it ends only once others have gone on */
  blocked?: () => Promise<boolean>;
};

type Waiting = { worker: Killable; what: string; choose(fate: Fate): void };
type Running = { worker: Killable; blocked: (() => Promise<boolean>) | undefined; done: boolean };

const never = new Promise<never>(() => {});
/** Milliseconds after which a step that has not ended may be waiting for a lock. */
const patience = 4;

export class Scheduler {
  /** what happened, for the report of a failure */
  readonly trace: string[] = [];
  faults = 0;
  readonly #random: Random;
  readonly #mostFaults: number;
  readonly #faultEvery: number;
  #waiting: Waiting[] = [];
  #resting: Waiting[] = [];
  #running = new Set<Running>();

  /** @param faultEvery one step in so many goes wrong, until there were `mostFaults` */
  constructor(random: Random, given: { mostFaults: number; faultEvery: number }) {
    this.#random = random;
    this.#mostFaults = given.mostFaults;
    this.#faultEvery = given.faultEvery;
  }

  /** Does the step when it is chosen, with the fate it meets. A dead worker waits for ever. */
  async step<T>(step: Step<T>): Promise<T> {
    const { worker, what } = step;
    if (worker.dead) return never;
    const fate = await new Promise<Fate>((choose) => this.#waiting.push({ worker, what, choose }));
    if (worker.dead) return never;
    if (fate === 'killed_before') {
      worker.kill();
      return never;
    }
    if (fate === 'lost_before') return step.lost();
    const running: Running = { worker, blocked: step.blocked, done: false };
    this.#running.add(running);
    try {
      const answer = await step.act();
      if (worker.dead) return never;
      if (fate === 'killed_after') {
        worker.kill();
        return never;
      }
      return fate === 'lost_after' ? step.lost() : answer;
    } finally {
      running.done = true;
      this.#running.delete(running);
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
      this.#waiting = this.#waiting.filter(({ worker }) => !worker.dead);
      const next = this.#waiting.splice(this.#random.below(this.#waiting.length), 1)[0];
      if (next === undefined) return steps;
      const fate = this.#fate();
      this.trace.push(`${next.worker.name} ${next.what}${fate === 'done' ? '' : ` ${fate}`}`);
      next.choose(fate);
    }
  }

  /** Wakes every loop that rests. */
  wakeAll(): void {
    for (const one of this.#resting.splice(0)) one.choose('done');
  }

  #fate(): Fate {
    if (this.faults >= this.#mostFaults || this.#random.below(this.#faultEvery) > 0) return 'done';
    this.faults += 1;
    return this.#random.pick(['lost_before', 'lost_after', 'killed_before', 'killed_after']);
  }

  /** Waits until nothing goes on by itself: what runs has ended, or waits for a lock that another worker holds. */
  async #settled(): Promise<void> {
    let began = performance.now();
    for (let quiet = 0; quiet < 3; ) {
      await nextTurn();
      const running = [...this.#running].filter(({ worker }) => !worker.dead);
      if (running.length === 0) {
        quiet += 1;
        continue;
      }
      quiet = 0;
      if (performance.now() - began < patience) continue;
      const states = await Promise.all(
        running.map(async (one) => one.done || ((await one.blocked?.()) ?? false)),
      );
      // all of them wait for somebody, who can only be among those that wait to be chosen
      if (states.every(Boolean) && running.every((one) => !one.done)) return;
      began = performance.now();
    }
  }
}
