import { emailDomain } from '../core/address/address.ts';
import { createLanes, type Lanes } from './send-lanes.ts';
import type { OutageCause } from '../core/words/outages.ts';
import { filesLeftOut, type Locale } from '../core/words/words.ts';
import type { Log } from '../log/log.ts';
import { logDelivery } from '../log/log.ts';
import { type Bell, createBell } from './watch/loop.ts';
import { type Smtp, smtpConnections } from '../mail/smtp/smtp.ts';
import type { Database } from '../store/db/database.ts';
import {
  composeAnew,
  composeDue,
  deferDue,
  type DueMail,
  leaveFilesOut,
  lockDue,
  type OnFailed,
  retryDelay,
  type Settled,
  settle,
  type Share,
} from '../store/mails/outbox.ts';
import { candidates, type SendingLogin, noteRefused, senderOf } from '../store/mails/senders.ts';

/** A way out: a login at a server, and whose mails go by it. */
export type Route = SendingLogin & { smtp: Smtp };

export type Delivery = {
  db: Database;
  route: Route;
  /** the other ways out, each with its own deliveries: their mails are left to them, and their part of the places */
  others: readonly Route[];
  /** the desk's bare address: bounces come back to it */
  desk: string;
  /** of what is added to a mail */
  locale: Locale;
  log: Log;
  onFailed: OnFailed;
  /** Asked to stop: what is being sent is finished, nothing new is begun. */
  signal?: AbortSignal;
};

export type DeliveryPass = {
  sent: number;
  deferred: number;
  failed: number;
  /** the server could not be reached, or refuses to let us in; mails wait, no try was counted */
  unreachable: boolean;
  /** why, naming server and user; null where it was reached */
  trouble: Trouble | null;
};

export type Trouble = { kind: 'unreachable' | 'auth_refused'; text: string; outage: OutageCause };

const composedAtOnce = 50;
/** Milliseconds after which a send no longer keeps others waiting. */
const quickSend = 2_000;
/** Milliseconds after which it no longer keeps its own domain waiting. */
const stalledSend = 30_000;
/** Milliseconds after which new mail is looked for while slow sends go on. */
const lookAgain = 500;
/** Asked to stop, a server has this many milliseconds to finish what it was given; then we hang up. */
const stopGrace = 5_000;

/** A delivery with its part of the mails and of the places. */
type Work = Delivery & { share: Share; atOnce: { quick: number; all: number } };

/**
 * From the outbox to one server: all mail that is due now and goes by it. Bytes first, committed; then each mail in a
 * transaction of its own that holds its row while it is sent. Any number of workers may do this at once. Throws only what
 * the database throws.
 */
export async function deliverDue(delivery: Delivery): Promise<DeliveryPass> {
  const { route, others } = delivery;
  const elsewhere = others.flatMap(({ queues }) => queues ?? []);
  const all = Math.max(1, Math.floor(smtpConnections / (1 + others.length)));
  return deliverAll({
    ...delivery,
    share: { queues: route.queues ?? elsewhere, theirs: route.queues !== null },
    // a few for quick mails, the rest for those whose server takes its time
    atOnce: { quick: Math.min(4, Math.ceil(all / 2)), all },
  });
}

async function deliverAll(delivery: Work): Promise<DeliveryPass> {
  const pass: DeliveryPass = { sent: 0, deferred: 0, failed: 0, unreachable: false, trouble: null };
  for (;;) {
    const before = pass.sent + pass.deferred + pass.failed;
    const trouble = await sendRound(delivery, pass);
    if (trouble === null || delivery.signal?.aborted === true) return pass;
    if (pass.sent + pass.deferred + pass.failed === before) return wait(delivery, pass, trouble);
    // it was reached, and perhaps limits connections: what those left over goes through the others
  }
}

/** The server is away: whatever is ready to be sent waits for it. */
async function wait(delivery: Work, pass: DeliveryPass, trouble: Trouble): Promise<DeliveryPass> {
  // no time of its own: it is due as soon as the server is back, and the worker's pause spares the server
  const waiting = await deferDue(delivery.db, trouble.text, delivery.share);
  return { ...pass, deferred: pass.deferred + waiting, unreachable: true, trouble };
}

type Round = {
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
async function sendRound(delivery: Work, pass: DeliveryPass): Promise<Trouble | null> {
  const broken = new AbortController();
  const round: Round = {
    lanes: createLanes(delivery.atOnce),
    bell: createBell(),
    sessions: delivery.atOnce.quick,
    trouble: null,
    broken,
    ending: AbortSignal.any(
      delivery.signal === undefined ? [broken.signal] : [broken.signal, delivery.signal],
    ),
    hangUp: new AbortController(),
  };
  const unhurried = new AbortController().signal;
  const cancelHangUp = afterwards(round.ending, stopGrace, () => round.hangUp.abort());
  for (;;) {
    // a send that ends while more is looked for opens its domain: only what is found in peace is all there is
    const inPeace = round.lanes.underWay().all === 0;
    const begun = await fillLanes(delivery, pass, round);
    if (inPeace && begun === 0) break;
    if (round.lanes.underWay().all > 0) await round.bell.wait(lookAgain, unhurried);
  }
  cancelHangUp();
  broken.signal.throwIfAborted();
  return round.trouble;
}

/** Begins sends until the lanes are full or nothing is due that they allow; how many were begun. */
async function fillLanes(delivery: Work, pass: DeliveryPass, round: Round): Promise<number> {
  let begun = 0;
  while (mayBegin(round)) {
    if (await begin(delivery, pass, round)) begun += 1;
    else if (!mayBegin(round) || !(await composeMore(delivery, pass, round))) break;
  }
  return begun;
}

function mayBegin({ lanes, sessions, trouble, ending }: Round): boolean {
  return lanes.room() && lanes.underWay().quick < sessions && trouble === null && !ending.aborted;
}

/** Writes the bytes of more mails; false: there are none. */
async function composeMore(delivery: Work, pass: DeliveryPass, round: Round): Promise<boolean> {
  try {
    const { db, onFailed, share } = delivery;
    const { composed, failed } = await composeDue(db, composedAtOnce, onFailed, {
      closed: round.lanes.closed(),
      share,
      senderOf: async (tx, queue) => senderOf(tx, queue, await addressesFor(tx, queue, delivery)),
    });
    for (const mail of failed) report(delivery.log, mail, { ...mail, state: 'failed' });
    pass.failed += failed.length;
    return composed + failed.length > 0;
  } catch (error) {
    round.broken.abort(error);
    return false;
  }
}

/** Begins the next mail, which then goes on by itself; false: none is due that the lanes allow. */
async function begin(delivery: Work, pass: DeliveryPass, round: Round): Promise<boolean> {
  const { lanes, bell } = round;
  const begun = Promise.withResolvers<boolean>();
  const ended: (() => void)[] = [];
  const onLocked = (mail: DueMail): void => {
    const send = lanes.begin(emailDomain(mail.recipient).toLowerCase());
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
  sendNext(delivery, round, onLocked)
    .then((went) => note(went, delivery, pass, round))
    .catch((error: unknown) => round.broken.abort(error))
    .finally(() => {
      for (const end of ended) end();
      begun.resolve(false);
      bell.ring();
    });
  return begun.promise;
}

function note(went: SendResult, delivery: Work, pass: DeliveryPass, round: Round): void {
  switch (went.kind) {
    case 'nothing':
      return;
    case 'anew':
      round.trouble = null;
      return;
    case 'no_session':
      round.trouble = went.trouble;
      round.sessions = Math.max(1, round.sessions - 1);
      return;
    case 'settled':
      round.trouble = null;
      report(delivery.log, went.mail, went.settled);
      pass[went.settled.state] += 1;
      return;
    default:
      throw went satisfies never;
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

/** What a queue's mails may be from. */
const addressesFor = (tx: Database, queue: string, { route, desk }: Work): Promise<string[]> =>
  candidates(tx, queue, route, desk);

/**
 * The sender of the envelope, to whom a mail that cannot be delivered comes back: the desk, the queue where it has a
 * login of its own, or the login's user, where mails must be from that.
 */
function envelopeSender(mail: DueMail, { route, desk }: Work): string {
  if (mail.sentAs !== null && mail.sentAs === route.user) return mail.sentAs;
  return route.queues === null ? desk : mail.queue;
}

type SendResult =
  | { kind: 'nothing' }
  | { kind: 'anew' }
  | { kind: 'settled'; mail: DueMail; settled: Settled }
  | { kind: 'no_session'; trouble: Trouble };

/** One mail. Killed anywhere in here, it is still due, with the same bytes. */
async function sendNext(
  delivery: Work,
  round: Round,
  onLocked: (mail: DueMail) => void,
): Promise<SendResult> {
  return delivery.db.transaction().execute(async (tx) => {
    const locked = await lockDue(tx, round.lanes.closed(), delivery.share);
    if (locked === null) return { kind: 'nothing' };
    const { mail, bytes, notSent } = locked;
    onLocked(mail);
    if (notSent !== null) {
      const settled: Settled = { state: 'failed', error: notSent, cause: 'left' };
      await settle(tx, mail, settled, delivery.onFailed);
      return { kind: 'settled', mail, settled };
    }
    const envelope = { from: envelopeSender(mail, delivery), to: mail.recipient };
    const answer = await delivery.route.smtp.send(envelope, bytes, round.hangUp.signal);
    switch (answer.kind) {
      case 'cut_off':
        return { kind: 'nothing' };
      case 'unreachable':
      case 'auth_refused':
        return { kind: 'no_session', trouble: answer };
      case 'sender_refused':
        return anotherSender(tx, mail, answer.text, delivery);
      case 'accepted':
      case 'temporary':
      case 'permanent': {
        if (answer.kind === 'permanent' && answer.overFiles && mail.passesFilesOn) {
          await leaveFilesOut(tx, mail, filesLeftOut[delivery.locale], answer.text);
          return { kind: 'anew' };
        }
        const settled = settledBy(answer, mail);
        await settle(tx, mail, settled, delivery.onFailed);
        return { kind: 'settled', mail, settled };
      }
      default:
        throw answer satisfies never;
    }
  });
}

/** The server does not let us send this mail from whom it is: it is made anew, from the next that may be allowed. */
async function anotherSender(tx: Database, mail: DueMail, said: string, delivery: Work): Promise<SendResult> {
  const { route, log } = delivery;
  const refused = mail.sentAs ?? mail.queue;
  const addresses = await addressesFor(tx, mail.queue, delivery);
  const { next, news } = await noteRefused(tx, mail.queue, refused, addresses);
  await composeAnew(tx, mail, said);
  if (next === null) {
    const error =
      `${said} (${route.smtp.name} lets this login send as none of ${addresses.join(', ')}; let it send as one of ` +
      `them, or name one that it may: kticket queue add ${mail.queue} --name … --from ADDRESS)`;
    const settled = settledBy({ kind: 'temporary', text: error }, mail);
    await settle(tx, mail, settled, delivery.onFailed);
    return { kind: 'settled', mail, settled };
  }
  if (news) {
    log.warn(
      { queue: mail.queue, refused, from: next, error: said },
      `${route.smtp.name} does not let this login send as ${refused}: mails of ${mail.queue} are from ${next} instead. ` +
        'To change that, let the login send as it, then register the queue again: kticket queue add',
    );
  }
  return { kind: 'anew' };
}

function settledBy(
  answer: { kind: 'accepted' } | { kind: 'temporary' | 'permanent'; text: string },
  mail: DueMail,
): Settled {
  switch (answer.kind) {
    case 'accepted':
      return { state: 'sent' };
    case 'permanent':
      return { state: 'failed', error: answer.text, cause: 'server' };
    case 'temporary': {
      const seconds = retryDelay(mail.attempts + 1, Math.random());
      return seconds === null
        ? { state: 'failed', error: `given up after 5 days: ${answer.text}`, cause: 'server' }
        : { state: 'deferred', error: answer.text, seconds };
    }
    default:
      throw answer satisfies never;
  }
}

function report(log: Log, mail: DueMail, settled: Settled): void {
  logDelivery(log, {
    outbox: mail.id,
    messageId: mail.messageId,
    state: settled.state,
    ticket: mail.ticket,
    error: settled.state === 'sent' ? null : settled.error,
  });
}
