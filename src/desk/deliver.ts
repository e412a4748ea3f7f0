/**
 * The outgoing path of every due mail in the outbox:
 *
 *   compose → lock → send → settle
 *
 * A mail's bytes are committed before its first try and are the same at every try, and its row stays locked while it is sent. So
 * it goes out at least once, with one Message-ID, and twice only if a worker dies, or the database is lost, between the
 * server's answer and its record. "Killed here" says at each step what the next worker finds; `send-round.ts` bounds how many
 * are sent in parallel.
 */
import { emailDomain } from '../core/address/address.ts';
import { filesLeftOut, type Locale } from '../core/words/words.ts';
import type { Log } from '../log/log.ts';
import { type Smtp, smtpConnections } from '../mail/smtp/smtp.ts';
import type { Database } from '../store/db/database.ts';
import {
  deferDue,
  type DueMail,
  leaveFilesOut,
  lockDue,
  type OnFailed,
  type QueueShare,
  type Settled,
  settle,
} from '../store/mails/outbox.ts';
import { type SendingLogin, senderOf } from '../store/mails/senders.ts';
import { composeDue } from './compose-due.ts';
import { logSettled, settledBy } from './send-outcome.ts';
import { type NextSend, type SendResult, sendRound, type Trouble } from './send-round.ts';
import { addressesFor, composeFromAnother, envelopeSender } from './sender-address.ts';

/** An outgoing server: a login there, and the queues whose mails use it. */
export type Route = SendingLogin & { smtp: Smtp };

export type Delivery = {
  db: Database;
  route: Route;
  /** the other outgoing servers, which deliver their own mails and keep their own share of connections */
  others: readonly Route[];
  /** the desk's bare address, which receives bounces */
  desk: string;
  /** language of text added to a mail */
  locale: Locale;
  log: Log;
  onFailed: OnFailed;
  /** When aborted, sends in progress finish and no new ones begin. */
  signal?: AbortSignal;
};

export type DeliveryPass = {
  sent: number;
  deferred: number;
  failed: number;
  /** the server is unreachable or refuses the login; mails wait, and no try was counted */
  unreachable: boolean;
  /** why, naming server and user, or null if it was reached */
  trouble: Trouble | null;
};

const composedAtOnce = 50;

/** One delivery run with its share of the queues, and its results so far. */
type Work = Delivery & { queues: QueueShare; pass: DeliveryPass };

/**
 * Delivers all due mail of one outgoing server. Any number of workers may do this at once. Throws only what the database
 * throws.
 */
export async function deliverDue(delivery: Delivery): Promise<DeliveryPass> {
  const { db, route, others, signal } = delivery;
  const pass: DeliveryPass = { sent: 0, deferred: 0, failed: 0, unreachable: false, trouble: null };
  const queues: QueueShare =
    route.queues === null
      ? { except: others.flatMap((other) => other.queues ?? []) }
      : { only: route.queues };
  const work: Work = { ...delivery, queues, pass };
  const all = Math.max(1, Math.floor(smtpConnections / (1 + others.length)));
  for (;;) {
    const before = pass.sent + pass.deferred + pass.failed;
    const trouble = await sendRound({
      // a few for quick mails, the rest for those whose server takes its time
      atOnce: { quick: Math.min(4, Math.ceil(all / 2)), all },
      signal,
      composeMore: (closed) => composeMore(work, closed),
      sendNext: (next) => sendNext(work, next),
    });
    if (trouble === null || signal?.aborted === true) return pass;
    // where the server was reached, and perhaps limits connections, what those left over goes through the others
    if (pass.sent + pass.deferred + pass.failed > before) continue;
    // no time of their own: they are due as soon as the server is back, and the worker's pause spares the server
    const waiting = await deferDue(db, trouble.text, queues);
    return { ...pass, deferred: pass.deferred + waiting, unreachable: true, trouble };
  }
}

/** compose: writes the bytes of more mails, in one transaction. @returns false if there are none */
async function composeMore(work: Work, closed: string[]): Promise<boolean> {
  const { db, log, onFailed, pass, queues } = work;
  // killed in here: none of them has bytes, and another worker composes them
  const { composed, failed } = await composeDue({
    db,
    onFailed,
    limit: composedAtOnce,
    which: { queues, closed },
    senderOf: async (tx, queue) => senderOf(tx, queue, await addressesFor(tx, queue, work)),
  });
  // killed here: their bytes are what every try sends
  for (const mail of failed) logSettled(log, mail, { ...mail, state: 'failed' });
  pass.failed += failed.length;
  return composed + failed.length > 0;
}

/** The next mail, in a transaction of its own that holds its row while it is sent. */
async function sendNext(work: Work, next: NextSend): Promise<SendResult> {
  const done = await work.db.transaction().execute((tx) => lockSendSettle(tx, work, next));
  // killed here: it is sent, deferred or failed for all workers; only the log's line is missing
  if (done.kind !== 'settled') return done;
  logSettled(work.log, done.mail, done.settled);
  work.pass[done.settled.state] += 1;
  return { kind: 'went' };
}

/** lock → send → settle. If killed anywhere in here, the lock ends and the mail is still due, with the same bytes. */
async function lockSendSettle(
  tx: Database,
  work: Work,
  { closed, onLocked, hangUp }: NextSend,
): Promise<SendResult | { kind: 'settled'; mail: DueMail; settled: Settled }> {
  const { route, locale, onFailed, queues } = work;
  const locked = await lockDue(tx, { queues, closed });
  if (locked === null) return { kind: 'nothing' };
  const { mail, bytes, notSent } = locked;
  onLocked(emailDomain(mail.recipient).toLowerCase());
  const settledAs = async (settled: Settled) => {
    await settle(tx, mail, settled, onFailed);
    return { kind: 'settled' as const, mail, settled };
  };
  if (notSent !== null) return settledAs({ state: 'failed', error: notSent, cause: 'left' });

  const answer = await route.smtp.send(
    { from: envelopeSender(mail, work), to: mail.recipient },
    bytes,
    hangUp,
  );
  // killed here: the server has it, and gets the same bytes with the same Message-ID once more
  switch (answer.kind) {
    case 'cut_off':
      return { kind: 'nothing' };
    case 'unreachable':
    case 'auth_refused':
      return { kind: 'no_session', trouble: answer };
    case 'sender_refused': {
      const stuck = await composeFromAnother(tx, mail, answer.text, work);
      return stuck === null
        ? { kind: 'went' }
        : settledAs(settledBy({ kind: 'temporary', text: stuck }, mail));
    }
    case 'accepted':
    case 'temporary':
      return settledAs(settledBy(answer, mail));
    case 'permanent':
      if (!answer.overFiles || !mail.passesFilesOn) return settledAs(settledBy(answer, mail));
      await leaveFilesOut(tx, mail, filesLeftOut[locale], answer.text);
      return { kind: 'went' };
    default:
      throw answer satisfies never;
  }
}
