import type { Log } from './log.ts';
import { logDelivery } from './log.ts';
import { type Smtp, smtpConnections } from './mail/smtp.ts';
import type { Database } from './store/database.ts';
import {
  composeDue,
  deferDue,
  type DueMail,
  lockDue,
  type OnFailed,
  retryDelay,
  type Settled,
  settle,
} from './store/outbox.ts';

export type Delivery = {
  db: Database;
  smtp: Smtp;
  /** the desk's bare address: bounces come back to it */
  sender: string;
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

export type Trouble = { kind: 'unreachable' | 'auth_refused'; text: string };

const composedAtOnce = 50;

/**
 * From the outbox to the server: all mail that is due now. Bytes first, committed; then each mail in a transaction of
 * its own that holds its row while it is sent. Any number of workers may do this at once. Throws only what the
 * database throws.
 */
export async function deliverDue(delivery: Delivery): Promise<DeliveryPass> {
  const pass: DeliveryPass = { sent: 0, deferred: 0, failed: 0, unreachable: false, trouble: null };
  for (;;) {
    const before = pass.sent + pass.deferred + pass.failed;
    await allEnded(Array.from({ length: smtpConnections }, () => sendAll(delivery, pass)));
    if (pass.trouble !== null) {
      if (pass.sent + pass.deferred + pass.failed === before) return wait(delivery, pass, pass.trouble);
      // it was reached, and perhaps limits connections: what those left over goes through the others
      pass.trouble = null;
      continue;
    }
    if (delivery.signal?.aborted === true) return pass;
    const { composed, failed } = await composeDue(delivery.db, composedAtOnce, delivery.onFailed);
    for (const mail of failed) report(delivery.log, mail, { state: 'failed', error: mail.error });
    pass.failed += failed.length;
    if (composed + failed.length === 0) return pass;
  }
}

/** The server is away: whatever is ready to be sent waits for it. */
async function wait(delivery: Delivery, pass: DeliveryPass, trouble: Trouble): Promise<DeliveryPass> {
  // no time of its own: it is due as soon as the server is back, and the worker's pause spares the server
  const waiting = await deferDue(delivery.db, trouble.text);
  return { ...pass, deferred: pass.deferred + waiting, unreachable: true };
}

/** One after the other until there are no more, or the server is away. */
async function sendAll(delivery: Delivery, pass: DeliveryPass): Promise<void> {
  while (delivery.signal?.aborted !== true) {
    const went = await sendNext(delivery);
    switch (went.kind) {
      case 'nothing':
        return;
      case 'no_session':
        pass.trouble = went.trouble;
        return;
      case 'settled':
        report(delivery.log, went.mail, went.settled);
        pass[went.settled.state] += 1;
        break;
      default:
        throw went satisfies never;
    }
  }
}

/** Waits for all, even where one throws: nothing goes on behind the caller's back. */
async function allEnded(work: Promise<void>[]): Promise<void> {
  const broken = (await Promise.allSettled(work)).find((one) => one.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}

type Went =
  | { kind: 'nothing' }
  | { kind: 'settled'; mail: DueMail; settled: Settled }
  | { kind: 'no_session'; trouble: Trouble };

/** One mail. Killed anywhere in here, it is still due, with the same bytes. */
async function sendNext(delivery: Delivery): Promise<Went> {
  return delivery.db.transaction().execute(async (tx) => {
    const locked = await lockDue(tx);
    if (locked === null) return { kind: 'nothing' };
    const { mail, bytes } = locked;
    const answer = await delivery.smtp.send({ from: delivery.sender, to: mail.recipient }, bytes);
    if (answer.kind === 'unreachable' || answer.kind === 'auth_refused') {
      return { kind: 'no_session', trouble: answer };
    }
    const settled = settledBy(answer, mail);
    await settle(tx, mail, settled, delivery.onFailed);
    return { kind: 'settled', mail, settled };
  });
}

function settledBy(
  answer: { kind: 'accepted' } | { kind: 'temporary' | 'permanent'; text: string },
  mail: DueMail,
): Settled {
  switch (answer.kind) {
    case 'accepted':
      return { state: 'sent' };
    case 'permanent':
      return { state: 'failed', error: answer.text };
    case 'temporary': {
      const seconds = retryDelay(mail.attempts + 1, Math.random());
      return seconds === null
        ? { state: 'failed', error: `given up after 5 days: ${answer.text}` }
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
