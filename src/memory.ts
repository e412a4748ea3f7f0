/** Memory given back by a process that rests: V8, left alone, keeps what its last mails needed for as long as nothing comes. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds between two looks at what was used. */
const lookEvery = 3_000;
/** Milliseconds of processor time between two looks, at the most, of a process that rests: asking a server for new mail takes some. */
const resting = 90;
/** Milliseconds of processor time after which there is something to collect again: those of some fifty mails. */
const worthCollecting = 500;

/** Node's own, as `--expose-gc` shows it. */
type Gc = (how: { type: 'major'; flavor: 'last-resort' }) => void;

/**
 * Collects all garbage and gives its room back to the system, whenever this process has worked and then rests. What comes in
 * that moment waits for some hundredths of a second, as it would for any collection. It keeps the process from ending as little
 * as anything else.
 */
export function collectAtRest(): void {
  const look = restWatch(thoroughCollection());
  setInterval(() => {
    const { user, system } = process.cpuUsage();
    look((user + system) / 1000);
  }, lookEvery).unref();
}

/**
 * When a process is to collect: at its first rest, and at the first after each stretch of work.
 * @returns told at every look how many milliseconds of processor time the process has used so far
 */
export function restWatch(collect: () => void): (used: number) => void {
  let looked = 0;
  let collected = -worthCollecting;
  return (used) => {
    const rests = used - looked <= resting;
    looked = used;
    if (!rests || used - collected < worthCollecting) return;
    collect();
    collected = used;
  };
}

/** A collection that also lets go of the room that V8 keeps for what may come, and of code that has not run for long. */
export function thoroughCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: Gc = runInNewContext('gc');
  return () => gc({ type: 'major', flavor: 'last-resort' });
}
