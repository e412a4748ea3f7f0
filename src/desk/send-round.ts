import type { OutageCause } from '../core/words/outages.ts';
import { createLanes, type Lanes } from './send-lanes.ts';
import { type Bell, createBell } from './watch/loop.ts';

/** The steps of a round, supplied by deliver.ts. An exception in one ends the round. */
export type RoundWork = {
  /** parallel sends: quick ones, and all */
  atOnce: { quick: number; all: number };
  /** When aborted, sends in progress finish and no new ones begin. */
  signal: AbortSignal | undefined;
  /** Writes the bytes of more mails, to no closed domain. @returns false if there are none */
  composeMore(closed: string[]): Promise<boolean>;
  sendNext(next: NextSend): Promise<SendResult>;
};

/** The constraints on the next mail: to no closed domain. `hangUp` aborts it. */
export type NextSend = {
  closed: string[];
  /** to be called once it is found, with its domain, lower-case */
  onLocked: (domain: string) => void;
  hangUp: AbortSignal;
};

export type SendResult = { kind: 'nothing' } | { kind: 'went' } | { kind: 'no_session'; trouble: Trouble };

/** Why a server cannot be used, naming server and user. */
export type Trouble = { kind: 'unreachable' | 'auth_refused'; text: string; outage: OutageCause };

/** Milliseconds after which a send no longer keeps others waiting. */
const quickSend = 2_000;
/** Milliseconds after which it no longer keeps its own domain waiting. */
const stalledSend = 30_000;
/** Milliseconds after which new mail is looked for while slow sends go on. */
const lookAgain = 500;
/** Milliseconds that a server has to finish its current mail when we are asked to stop; then we hang up. */
const stopGrace = 5_000;

type Round = RoundWork & {
  lanes: Lanes;
  /** rings when a send ends or leaves its lane */
  bell: Bell;
  /** lanes still in use: one fewer for each session that was refused */
  sessions: number;
  /** why a session was refused; null again as soon as a mail goes out */
  trouble: Trouble | null;
  /** aborted with what was thrown, which ends the round */
  broken: AbortController;
  /** nothing new is begun */
  ending: AbortSignal;
  /** what still goes on is cut off, to be sent again */
  hangUp: AbortController;
};

/**
 * Sends side by side, as the lanes allow, until nothing is due, the server is away or we are asked to stop. All that was
 * begun has ended when this returns or throws.
 * @returns why a session was refused, where nothing has gone out since
 */
export async function sendRound(work: RoundWork): Promise<Trouble | null> {
  const broken = new AbortController();
  const round: Round = {
    ...work,
    lanes: createLanes(work.atOnce),
    bell: createBell(),
    sessions: work.atOnce.quick,
    trouble: null,
    broken,
    ending: AbortSignal.any(work.signal === undefined ? [broken.signal] : [broken.signal, work.signal]),
    hangUp: new AbortController(),
  };
  const unhurried = new AbortController().signal;
  const cancelHangUp = afterwards(round.ending, stopGrace, () => round.hangUp.abort());
  for (;;) {
    // a send that ends while more is looked for opens its domain: only what is found in peace is all there is
    const inPeace = round.lanes.underWay().all === 0;
    const begun = await fillLanes(round);
    if (inPeace && begun === 0) break;
    if (round.lanes.underWay().all > 0) await round.bell.wait(lookAgain, unhurried);
  }
  cancelHangUp();
  broken.signal.throwIfAborted();
  return round.trouble;
}

/** Begins sends until the lanes are full or nothing is due that they allow; how many were begun. */
async function fillLanes(round: Round): Promise<number> {
  let begun = 0;
  while (mayBegin(round)) {
    if (await begin(round)) begun += 1;
    else if (!mayBegin(round) || !(await composeMore(round))) break;
  }
  return begun;
}

function mayBegin({ lanes, sessions, trouble, ending }: Round): boolean {
  return lanes.room() && lanes.underWay().quick < sessions && trouble === null && !ending.aborted;
}

async function composeMore(round: Round): Promise<boolean> {
  try {
    return await round.composeMore(round.lanes.closed());
  } catch (error) {
    round.broken.abort(error);
    return false;
  }
}

/** Begins to send the next mail, without waiting for the end. @returns false if no due mail is allowed by the lanes */
async function begin(round: Round): Promise<boolean> {
  const { lanes, bell } = round;
  const begun = Promise.withResolvers<boolean>();
  const ended: (() => void)[] = [];
  const onLocked = (domain: string): void => {
    const send = lanes.begin(domain);
    const later = (after: number, what: 'lasts' | 'stalls'): NodeJS.Timeout =>
      setTimeout(() => {
        lanes[what](send);
        bell.ring();
      }, after);
    const timers = [later(quickSend, 'lasts'), later(stalledSend, 'stalls')];
    ended.push(() => {
      for (const timer of timers) clearTimeout(timer);
      lanes.end(send);
    });
    begun.resolve(true);
  };
  round
    .sendNext({ closed: lanes.closed(), onLocked, hangUp: round.hangUp.signal })
    .then((result) => note(result, round))
    .catch((error: unknown) => round.broken.abort(error))
    .finally(() => {
      for (const end of ended) end();
      begun.resolve(false);
      bell.ring();
    });
  return begun.promise;
}

function note(result: SendResult, round: Round): void {
  switch (result.kind) {
    case 'nothing':
      return;
    case 'went':
      round.trouble = null;
      return;
    case 'no_session':
      round.trouble = result.trouble;
      round.sessions = Math.max(1, round.sessions - 1);
      return;
    default:
      throw result satisfies never;
  }
}

/** Calls back so many milliseconds after the signal. @returns cancels it */
function afterwards(signal: AbortSignal, ms: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    timer = setTimeout(callback, ms);
  };
  if (signal.aborted) start();
  else signal.addEventListener('abort', start);
  return () => {
    signal.removeEventListener('abort', start);
    clearTimeout(timer);
  };
}
