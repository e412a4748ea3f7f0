import { emailDomain } from '../core/address/address.ts';
import type { OutageCause } from '../core/words/outages.ts';
import type { Answered, ClaimedMail } from '../store/mails/send-lease.ts';
import { createLanes, type Lanes } from './send-lanes.ts';
import { type Bell, createBell } from './watch/loop.ts';

/** The steps of a round, supplied by deliver.ts. An exception in one ends the round. */
export type RoundWork = {
  /** parallel sends: quick ones, and all */
  atOnce: { quick: number; all: number };
  /** When aborted, sends in progress finish and no new ones begin. */
  signal: AbortSignal | undefined;
  claim: (wanted: ClaimWanted) => Promise<{ claimed: ClaimedMail[]; isAll: boolean }>;
  /** `hangUp` cuts it off. */
  send: (mail: ClaimedMail, hangUp: AbortSignal) => Promise<SendResult>;
  record: (answers: Answered[]) => Promise<void>;
  giveBack: (mails: ClaimedMail[]) => Promise<void>;
};

/** The constraints on the next mails: to no closed domain; `held` are claimed already. `isAll`: nothing else is due. */
export type ClaimWanted = { closed: string[]; held: number[] };

/** `settled`: recorded by itself; `due_again`: the same, and to be claimed again. */
export type SendResult =
  | ({ kind: 'answered' } & Answered)
  | { kind: 'settled' }
  | { kind: 'due_again' }
  | { kind: 'cut_off' }
  | { kind: 'no_session'; trouble: Trouble };

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
/** Milliseconds after which a claimed mail is no longer begun: a process that froze may have lost it. */
const freshClaim = 60_000;
/** ClaimedMail mails beyond which no more are claimed: those of one reader, or of domains that are tried first, fill them. */
const mostWaiting = 96;

/** Milliseconds that an answer waits for others to be recorded with. */
const recordPatience = 10;
/** So many are recorded at once, whatever else is to come. */
const recordEnough = 12;

type Round = RoundWork & {
  lanes: Lanes;
  recorder: Recorder<Answered>;
  /** claimed, not begun, in the order in which they fell due */
  waiting: Waiting[];
  /** ids of those claimed and not recorded */
  held: Set<number>;
  /** readers who are being sent a mail */
  readers: Set<string>;
  /** readers of whom a mail is to be put off, which is not recorded yet */
  puttingOff: Set<string>;
  /** readers whose mails that wait are given back: an earlier one goes first */
  outOfTurn: Set<string>;
  /** there may be more that is due, and not claimed */
  more: boolean;
  /** what waits is given back: it may have to wait for long, or is another's by now */
  handBack: boolean;
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

type Waiting = { mail: ClaimedMail; claimedAt: number };

/**
 * Sends side by side, as the lanes allow, until nothing is due, the server is away or we are asked to stop. One reader's mails
 * go one after the other. All that was begun has ended, and all that was claimed is recorded or given back, when this
 * returns; when it throws, what could not be recorded is claimed anew by the next round.
 * @returns why a session was refused, where nothing has gone out since
 */
export async function sendRound(work: RoundWork): Promise<Trouble | null> {
  const broken = new AbortController();
  const round: Round = {
    ...work,
    lanes: createLanes(work.atOnce),
    recorder: createRecorder(
      async (answers) => {
        await work.record(answers);
        for (const { mail, settled } of answers) {
          round.held.delete(mail.id);
          if (settled.state !== 'deferred') continue;
          round.puttingOff.delete(mail.recipient);
          round.outOfTurn.add(mail.recipient);
          round.bell.ring();
        }
      },
      (error) => broken.abort(error),
    ),
    waiting: [],
    held: new Set(),
    readers: new Set(),
    puttingOff: new Set(),
    outOfTurn: new Set(),
    more: true,
    handBack: false,
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
    await unlessBroken(round, () => fillLanes(round));
    const unrecorded = round.puttingOff.size > 0 && !broken.signal.aborted;
    if (round.lanes.underWay().all === 0) {
      // what waits may be of a reader of whom a mail is put off
      if (unrecorded) await round.recorder.done();
      else if (!mayBegin(round) || (round.waiting.length === 0 && !round.more)) break;
    } else if (!(await round.bell.wait(lookAgain, unhurried))) round.more = true;
  }
  cancelHangUp();
  await round.recorder.done();
  await unlessBroken(round, () => handBack(round));
  broken.signal.throwIfAborted();
  return round.trouble;
}

async function unlessBroken({ broken }: Round, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    broken.abort(error);
  }
}

/** Begins sends until the lanes are full or nothing is due that they allow. */
async function fillLanes(round: Round): Promise<void> {
  while (mayBegin(round)) {
    if (round.handBack || areStale(round.waiting)) await handBack(round);
    else if (round.outOfTurn.size > 0) await handBack(round, [...round.outOfTurn]);
    const next = takeNext(round);
    if (next !== null) begin(round, next);
    else if (!round.more || round.waiting.length > mostWaiting || !(await claimMore(round))) return;
  }
}

/** @returns false if nothing is due that the lanes allow now */
async function claimMore(round: Round): Promise<boolean> {
  const claimedAt = performance.now();
  // while it looks, a mail may become due again
  round.more = false;
  const { claimed, isAll } = await round.claim({ closed: round.lanes.closed(), held: [...round.held] });
  if (!isAll) round.more = true;
  for (const mail of claimed) round.held.add(mail.id);
  round.waiting.push(...claimed.map((mail) => ({ mail, claimedAt })));
  return claimed.length > 0;
}

/** The next mail that may be begun. */
function takeNext(round: Round): Waiting | null {
  const { lanes, waiting, readers, puttingOff } = round;
  const closed = lanes.closed();
  const at = waiting.findIndex(
    ({ mail }) =>
      !readers.has(mail.recipient) && !puttingOff.has(mail.recipient) && !closed.includes(domainOf(mail)),
  );
  const [next] = at < 0 ? [] : waiting.splice(at, 1);
  return next ?? null;
}

function areStale(waiting: readonly Waiting[]): boolean {
  return waiting.some(({ claimedAt }) => performance.now() - claimedAt > freshClaim);
}

const domainOf = ({ recipient }: ClaimedMail): string => emailDomain(recipient).toLowerCase();

/**
 * Gives back what waits, so that it can be taken back meanwhile, or be sent by another.
 * @param readers those whose mails; all where none are named
 */
async function handBack(round: Round, readers?: readonly string[]): Promise<void> {
  const isOne = ({ mail }: Waiting): boolean => readers?.includes(mail.recipient) ?? true;
  const mails = round.waiting.filter(isOne).map(({ mail }) => mail);
  round.waiting = round.waiting.filter((one) => !isOne(one));
  if (readers === undefined) round.handBack = false;
  for (const reader of readers ?? [...round.outOfTurn]) round.outOfTurn.delete(reader);
  if (mails.length === 0) return;
  await round.giveBack(mails);
  for (const { id } of mails) round.held.delete(id);
  round.more = true;
}

function mayBegin({ lanes, sessions, trouble, ending }: Round): boolean {
  return lanes.room() && lanes.underWay().quick < sessions && trouble === null && !ending.aborted;
}

/** Begins to send a mail, without waiting for the end. */
function begin(round: Round, { mail, claimedAt }: Waiting): void {
  const { lanes, bell, readers } = round;
  const send = lanes.begin(domainOf(mail));
  readers.add(mail.recipient);
  const lasts = setTimeout(() => {
    lanes.lasts(send);
    round.handBack = true;
    bell.ring();
  }, quickSend);
  const stalls = setTimeout(() => {
    lanes.stalls(send);
    bell.ring();
  }, stalledSend);
  round
    .send(mail, round.hangUp.signal)
    .then((result) => note(round, { mail, claimedAt }, result))
    .catch((error: unknown) => round.broken.abort(error))
    .finally(() => {
      clearTimeout(lasts);
      clearTimeout(stalls);
      lanes.end(send);
      readers.delete(mail.recipient);
      bell.ring();
    });
}

function note(round: Round, begun: Waiting, result: SendResult): void {
  const { mail } = begun;
  switch (result.kind) {
    case 'answered':
      if (result.settled.state === 'deferred') round.puttingOff.add(mail.recipient);
      round.recorder.push(result);
      break;
    case 'due_again':
      round.more = true;
      round.held.delete(mail.id);
      round.outOfTurn.add(mail.recipient);
      break;
    case 'settled':
      round.held.delete(mail.id);
      break;
    case 'no_session':
      round.trouble = result.trouble;
      round.sessions = Math.max(1, round.sessions - 1);
      // not begun after all; its lease runs on
      round.waiting.unshift(begun);
      return;
    case 'cut_off':
      round.waiting.unshift(begun);
      return;
    default:
      throw result satisfies never;
  }
  round.trouble = null;
}

/** Records what became of several mails together, without one waiting for another's answer. */
type Recorder<T> = {
  push(answer: T): void;
  /** Records what waits. Resolves once all is recorded, or one recording has failed. */
  done(): Promise<void>;
};

/**
 * @param record never called while it is at work; what comes meanwhile is recorded together next
 * @param onBroken told what it threw; nothing is recorded after that
 */
function createRecorder<T>(
  record: (answers: T[]) => Promise<void>,
  onBroken: (error: unknown) => void,
): Recorder<T> {
  let waiting: T[] = [];
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  const recordAll = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const answers = waiting;
        waiting = [];
        clearTimeout(timer);
        timer = undefined;
        await record(answers);
      }
    } catch (error) {
      waiting = [];
      onBroken(error);
    }
    running = null;
  };
  const flush = (): void => {
    if (waiting.length > 0) running ??= recordAll();
  };
  return {
    push(answer) {
      waiting.push(answer);
      if (waiting.length >= recordEnough) flush();
      else timer ??= setTimeout(flush, recordPatience);
    },
    async done() {
      flush();
      await running;
      clearTimeout(timer);
    },
  };
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
