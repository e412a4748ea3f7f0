/**
 * The outgoing path of every due mail in the outbox:
 *
 *   claim → send → settle
 *
 * A mail's bytes are made of its body and its slots, which are committed before its first try and the same at every try, and a
 * lease keeps it for one worker while it is sent. So it goes out at least once, with one Message-ID, and twice only if a worker dies, or the database is lost,
 * between the server's answer and its record. "Killed here" says at each step what the next worker finds; `send-round.ts`
 * says what is sent in parallel and what one after the other.
 */
import { filesLeftOut, type Locale } from '../core/words/words.ts';
import type { Log } from '../log/log.ts';
import { type Smtp, smtpConnections } from '../mail/smtp/smtp.ts';
import type { OpenDatabase } from '../store/db/database.ts';
import {
  deferDue,
  type DueMail,
  type Failed,
  type OnFailed,
  type QueueShare,
  type Settled,
} from '../store/mails/outbox.ts';
import {
  type Answered,
  type ClaimedMail,
  claimDue,
  returnClaims,
  deferLocked,
  settleAll,
  settleFailed,
  whileHeld,
} from '../store/mails/send-lease.ts';
import { type SendingLogin, senderOfRow } from '../store/mails/senders.ts';
import { bytesToSend, sendWithoutFiles } from './bytes-to-send.ts';
import { logSettled, settledBy, deferOrGiveUp } from './send-outcome.ts';
import { type ClaimWanted, type SendResult, sendRound, type Trouble } from './send-round.ts';
import { composeFromAnother, envelopeSender } from './sender-address.ts';
import { isOutage } from './watch/outage.ts';

/** An outgoing server: a login there, and the queues whose mails use it. */
export type Route = SendingLogin & { smtp: Smtp };

export type Delivery = {
  db: OpenDatabase;
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

const claimedAtOnce = 24;

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
      claim: (wanted) => claimMore(work, wanted),
      send: (mail, hangUp) => sendOne(work, mail, hangUp),
      record: (answers) => recordAll(work, answers),
      giveBack: (mails) => returnClaims(db, mails),
    });
    if (trouble === null || signal?.aborted === true) return pass;
    // where the server was reached, and perhaps limits connections, what those left over goes through the others
    if (pass.sent + pass.deferred + pass.failed > before) continue;
    // no time of their own: they are due as soon as the server is back, and the worker's pause spares the server
    const waiting = await deferDue(db, trouble.text, queues);
    return { ...pass, deferred: pass.deferred + waiting, unreachable: true, trouble };
  }
}

/** claim: several mails, in one statement that also fixes whom each is from. */
async function claimMore(
  { db, route, desk, queues }: Work,
  { closed, held }: ClaimWanted,
): Promise<{ claimed: ClaimedMail[]; isAll: boolean }> {
  const limits = { limit: claimedAtOnce, held, sender: senderOfRow(route, desk) };
  const claimed = await claimDue(db, { queues, closed }, limits);
  // killed here, or before they are recorded: their leases end with the process, and they are still due, with the same bytes
  return { claimed, isAll: claimed.length < claimedAtOnce && closed.length === 0 };
}

/** send: one mail, outside of any transaction. */
async function sendOne(work: Work, mail: ClaimedMail, hangUp: AbortSignal): Promise<SendResult> {
  const { db, route, locale } = work;
  if (mail.notSent !== null) return fail(work, mail, { state: 'failed', error: mail.notSent, cause: 'left' });

  const envelope = { from: envelopeSender(mail, work), to: mail.recipient };
  const bytes = await bytesToSend(db, mail);
  if (bytes === null) return { kind: 'due_again' };
  const answer = await route.smtp.send(envelope, bytes, hangUp);
  // killed here: the server has it, and gets the same bytes with the same Message-ID once more
  switch (answer.kind) {
    case 'cut_off':
      return answer;
    case 'unreachable':
    case 'auth_refused':
      return { kind: 'no_session', trouble: answer };
    case 'sender_refused':
      return sendFromAnother(work, mail, answer.text);
    case 'permanent':
      if (answer.overFiles && mail.passesFilesOn) {
        await sendWithoutFiles(db, mail, { words: filesLeftOut[locale], error: answer.text });
        return { kind: 'due_again' };
      }
      return settledAs(work, mail, settledBy(answer, mail));
    case 'accepted':
    case 'temporary':
      return settledAs(work, mail, settledBy(answer, mail));
    default:
      throw answer satisfies never;
  }
}

/** settle: what went, or is tried again, together with others; a failure by itself, with what staff are told of it. */
function settledAs(work: Work, mail: ClaimedMail, settled: Settled): SendResult | Promise<SendResult> {
  return settled.state === 'failed' ? fail(work, mail, settled) : { kind: 'answered', mail, settled };
}

async function recordAll(work: Work, answers: Answered[]): Promise<void> {
  // its connection may have ended in the meantime, and others can be had
  const recorded = await settleAll(work.db, answers).catch((error: unknown) => {
    if (!isOutage(error)) throw error;
    return settleAll(work.db, answers);
  });
  // killed here: they are sent or deferred for all workers; only the log's lines are missing
  for (const { mail, settled } of answers) if (recorded.has(mail.id)) count(work, mail, settled);
}

async function fail(work: Work, mail: ClaimedMail, failed: Failed): Promise<SendResult> {
  const done = await whileHeld(work.db, mail, (tx) => settleFailed(tx, mail, failed, work.onFailed));
  if (done !== null) count(work, mail, failed);
  return { kind: 'settled' };
}

/** The server refused the From: the mail is composed with another, or put off where there is none. */
async function sendFromAnother(work: Work, mail: ClaimedMail, said: string): Promise<SendResult> {
  const done = await whileHeld(work.db, mail, async (tx) => {
    const stuck = await composeFromAnother(tx, mail, said, work);
    if (stuck === null) return null;
    const settled = deferOrGiveUp(stuck, mail);
    if (settled.state === 'failed') await settleFailed(tx, mail, settled, work.onFailed);
    else await deferLocked(tx, mail, settled);
    return settled;
  });
  const settled = done?.value ?? null;
  if (settled !== null) count(work, mail, settled);
  return { kind: 'due_again' };
}

function count({ log, pass }: Work, mail: DueMail, settled: Settled): void {
  logSettled(log, mail, settled);
  pass[settled.state] += 1;
}
