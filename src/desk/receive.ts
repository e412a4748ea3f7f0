import { createHash, randomUUID } from 'node:crypto';
import { emailDomain } from '../core/address/address.ts';
import { isVouchedFor } from '../core/case/authority.ts';
import { mayPassLater } from '../core/message/authentication.ts';
import { decide } from '../core/decide/decide.ts';
import type { Decision, Policy } from '../core/ticket/decision.ts';
import { deliveryFailed } from '../core/decide/delivery-failed.ts';
import type { Message } from '../core/message/message.ts';
import { caseOf, verdictOf } from '../core/case/case.ts';
import { asWriter } from '../core/case/own-address.ts';
import { quarantine } from '../core/decide/quarantine.ts';
import { type QuarantineReason, quarantineReason, readingFailure } from '../core/words/quarantine.ts';
import type { Snapshot } from '../core/case/snapshot.ts';
import { logOutcome, type Log } from '../log/log.ts';
import type { Resolver } from '../mail/dkim/dkim.ts';
import type { Sandbox } from '../mail/sandbox/sandbox.ts';
import type { Database, OpenDatabase } from '../store/db/database.ts';
import {
  type Claimed,
  claim,
  recordFailure,
  inTurn,
  lockTurn,
  giveBack,
  releaseAll,
  renewLeases,
  triesBeforeJudgement,
} from '../store/mails/inbox.ts';
import { loadPolicy, loadSnapshot } from '../store/snapshot/load.ts';
import type { OnFailed } from '../store/mails/outbox.ts';
import { mayWait, passOver, putOff, waitForKey } from '../store/save/wait-for-dkim-key.ts';
import { saveDecision, settleMessage } from '../store/save/save.ts';
import { activeStaff, staffMember } from '../store/snapshot/who-is-who.ts';
import { ticketsById } from '../store/snapshot/tickets.ts';
import { isOutage } from './watch/outage.ts';
import { sleep } from './watch/loop.ts';
import type { Templates } from '../templates/render.ts';
import type { Config } from '../config/settings.ts';

/** What the incoming path works with. */
export type Receiving = {
  config: Config;
  db: OpenDatabase;
  templates: Templates;
  log: Log;
  reader: Sandbox;
  /** where DKIM keys are looked up */
  keys: Resolver;
  /** how a message whose turn has not come waits; real time where nothing else is given */
  pause?: typeof sleep;
};

type Received = { claimed: Claimed; message: Message };
/** What could not be read, or an error that is thrown when its turn has come. */
type Unread = { claimed: Claimed; error: unknown };

const batch = 20;
/** A dead worker's messages are taken over after so long; a living one prolongs its lease in time. */
const leaseSeconds = 20;
const renewEvery = 5_000;
/** Milliseconds before a message whose turn has not come asks again. */
const turnPause = 50;
/** Milliseconds before new messages are looked for while one is read slowly. */
const asidePause = 200;

/**
 * The incoming path: claimed, read in a process of their own, then one by one in order of arrival: what it concerns is loaded,
 * what becomes of it decided, and all of that committed in one transaction.
 * @returns `receive` decides all that is due; `onFailed` tells staff of a client's mail that failed for good
 */
export function receiver(desk: Receiving): {
  receive: (signal: AbortSignal) => Promise<{ decided: number }>;
  onFailed: OnFailed;
} {
  const worker = randomUUID();
  return {
    async receive(signal) {
      await releaseAll(desk.db, worker);
      const renewing = keepLeases(desk, worker);
      let decided = 0;
      const count = (isSettled: boolean): void => {
        if (isSettled) decided += 1;
      };
      /** being read for so long that the others pass; an error is thrown where it is waited for */
      const aside = new Set<Promise<void>>();
      try {
        for (;;) {
          if (signal.aborted) await Promise.all(aside);
          const claims = signal.aborted ? [] : await claim(desk.db, worker, batch, leaseSeconds);
          if (claims.length === 0 && aside.size === 0) return { decided };
          // what comes meanwhile does not wait for those that are read slowly
          if (claims.length === 0) await Promise.race([...aside, (desk.pause ?? sleep)(asidePause, signal)]);
          for (const reading of claims.map((claimed) => beginReading(desk, claimed))) {
            const first = await Promise.race([reading.received, reading.slow]);
            if (first === 'slow') {
              await passOver(desk.db, reading.claimed);
              const settled = settleRead(desk, reading, signal).then(count);
              aside.add(settled);
              settled.then(
                () => aside.delete(settled),
                () => {},
              );
            } else count(await settleRead(desk, reading, signal));
          }
        }
      } finally {
        clearInterval(renewing);
      }
    },
    onFailed: (tx, mail) => tellOfFailure(desk, tx, mail),
  };
}

/** Prolongs the leases of a batch while it is worked on. A renewal that fails is no harm: the turn checks the lease. */
function keepLeases(desk: Receiving, worker: string): NodeJS.Timeout {
  return setInterval(() => {
    renewLeases(desk.db, worker, leaseSeconds).catch((error: unknown) => {
      desk.log.debug({ error: String(error) }, 'leases not prolonged');
    });
  }, renewEvery);
}

/** A message that is being read. `slow`: it takes so long that the others should not wait for it. */
type BeingRead = {
  claimed: Claimed;
  received: Promise<Received | Unread | 'put_off'>;
  slow: Promise<'slow'>;
};

function beginReading(desk: Receiving, claimed: Claimed): BeingRead {
  const slow = Promise.withResolvers<'slow'>();
  return { claimed, received: read(desk, claimed, () => slow.resolve('slow')), slow: slow.promise };
}

/** Settles a message once it is read. False where it is to be read again, or was not settled. */
async function settleRead(
  desk: Receiving,
  { claimed, received }: BeingRead,
  signal: AbortSignal,
): Promise<boolean> {
  const result = await received;
  if (signal.aborted) await giveBack(desk.db, claimed);
  else if (result === 'put_off') await putOff(desk.db, claimed);
  else return settle(desk, claimed, result, signal);
  return false;
}

/** Bytes to a message and who vouches for it. What goes wrong is kept as a value until its turn. */
async function read(
  desk: Receiving,
  claimed: Claimed,
  onSlow: () => void,
): Promise<Received | Unread | 'put_off'> {
  try {
    if (claimed.judged) return { claimed, error: new Unreadable(judgement(claimed)) };
    const { truncated } = claimed;
    const deliveredTo = claimed.envelopeRecipient === null ? [] : [claimed.envelopeRecipient.toLowerCase()];
    const nullSender = claimed.envelopeSender === '';
    const outside = { deliveredTo, nullSender, truncated };
    const parsed = await desk.reader.readSoon(claimed.raw, outside, onSlow);
    if (parsed === 'put_off') return parsed;
    if (!parsed.ok) return { claimed, error: new Unreadable({ kind: 'not_handled', failure: parsed.why }) };
    const message = await withOwnDkim(desk, claimed, parsed.message, onSlow);
    return { claimed, message };
  } catch (error) {
    return { claimed, error };
  }
}

/** One message in its turn. False where it is not settled: its lease was lost, or it failed and is tried again. */
async function settle(
  desk: Receiving,
  claimed: Claimed,
  received: Received | Unread,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    if ('error' in received) throw received.error;
    if (mayWait(claimed) && waitsForKey(received.message, desk.config)) {
      await waitForKey(desk.db, claimed);
      return false;
    }
    for (;;) {
      const turn = await inTurn(desk.db, claimed, (tx, { now }) => decideOne(desk, tx, received, now));
      if (turn.done) {
        logOutcome(desk.log, { message: claimed.id, messageId: received.message.messageId, ...turn.value });
        return true;
      }
      if (turn.why === 'lease_lost') return false;
      if (!signal.aborted) await (desk.pause ?? sleep)(turnPause, signal);
      if (signal.aborted || turn.why === 'older_is_free') {
        await giveBack(desk.db, claimed);
        return false;
      }
    }
  } catch (error) {
    if (isOutage(error)) throw error;
    return failed(desk, claimed, error);
  }
}

/** The decision of one message and all it brings with it, in the transaction of its turn. */
async function decideOne(
  desk: Receiving,
  tx: Database,
  { claimed, message: parsed }: Received,
  now: Date,
): Promise<Decision> {
  const { config, templates } = desk;
  const { message, policy, snapshot } = await load(tx, config, claimed, parsed);
  const one = caseOf({ message, snapshot, policy, now, hash });
  const decision = decide(one);
  const { knownTokens } = one.snapshot;
  await saveDecision(tx, decision, { templates, config, now, cause: claimed.id, knownTokens });
  const judged = { verdict: verdictOf(one), isVouchedFor: isVouchedFor(one) };
  const kept = decision.disposition === 'opened' ? message : one.message;
  await settleMessage(tx, claimed.id, kept, judged, decision, knownTokens);
  return decision;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a decision reads: of a mail that came under an address of ours, as its writer's (BAD-MAIL 28). */
async function load(
  tx: Database,
  config: Config,
  claimed: Claimed,
  parsed: Message,
): Promise<{ message: Message; policy: Policy; snapshot: Snapshot }> {
  const policy = await loadPolicy(tx, config);
  const message = asWriter(parsed, policy.queues);
  return { message, policy, snapshot: await loadSnapshot(tx, claimed, message, config) };
}

// ── what goes wrong ──────────────────────────────────────────────────────────

/** Our own failure: set aside for another try, and quarantined after the last, so that the next ones go on. */
async function failed(desk: Receiving, claimed: Claimed, error: unknown): Promise<boolean> {
  const why = error instanceof Unreadable ? error.why : ourError(error);
  const reason = quarantineReason(why, 'en');
  // what passed a bound once passes it again: it is judged at once, and in no order, so as not to be read a second time
  const isBeyond = error instanceof Unreadable && passedBound(error.why);
  const isFinal = claimed.judged || isBeyond;
  const failures = isFinal ? triesBeforeJudgement : await recordFailure(desk.db, claimed, reason);
  desk.log.error(
    { message: claimed.id, attempts: claimed.attempts, error: reason },
    'a message could not be handled',
  );
  if (failures === null || failures < triesBeforeJudgement) return false;

  const quarantined = async (tx: Database, { now }: { now: Date }): Promise<Decision> => {
    const { config, templates } = desk;
    const { message, policy, snapshot } = await load(tx, config, claimed, await unreadable(desk, claimed));
    const decision = quarantine(caseOf({ message, snapshot, policy, now, hash }), why);
    await saveDecision(tx, decision, { templates, config, now, cause: claimed.id });
    await settleMessage(tx, claimed.id, message, null, decision);
    return decision;
  };
  const turn = await inTurn(desk.db, claimed, quarantined, isBeyond ? 'any' : 'of arrival');
  if (turn.done) logOutcome(desk.log, { message: claimed.id, messageId: null, ...turn.value });
  return turn.done;
}

/** A mail that our code cannot read: it passed a bound, or failed before. */
class Unreadable extends Error {
  readonly why: QuarantineReason;

  constructor(why: QuarantineReason) {
    super(quarantineReason(why, 'en'));
    this.why = why;
  }
}

/** Whether a mail passed a bound of time or memory, and no chance of ours. */
function passedBound(why: QuarantineReason): boolean {
  if (why.kind !== 'not_handled') return false;
  return ['too_slow', 'stood_still', 'too_much_memory'].includes(why.failure.kind);
}

/** Why a message is quarantined unread. */
function judgement({ lastError }: Claimed): QuarantineReason {
  return lastError === null ? { kind: 'worker_died' } : { kind: 'not_handled_before', recorded: lastError };
}

function ourError(error: unknown): QuarantineReason {
  // the first line only: a database error's detail would quote the mail
  const words = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
  return { kind: 'not_handled', failure: { kind: 'error', words } };
}

/** A stand-in for a message that our code cannot read: nothing of it is known but that it came. */
async function unreadable(desk: Receiving, claimed: Claimed): Promise<Message> {
  const standIn = Buffer.from(`X-Unreadable: ${claimed.id}\r\n\r\n`);
  const outside = { deliveredTo: [], nullSender: false, truncated: false };
  const parsed = await desk.reader.read(standIn, outside);
  if (!parsed.ok) throw new Error(`not even a stand-in can be read: ${readingFailure(parsed.why, 'en')}`);
  return parsed.message;
}

/** A client's mail will not arrive: recorded on its ticket, and staff are told. */
async function tellOfFailure(desk: Receiving, tx: Database, mail: Parameters<OnFailed>[1]): Promise<void> {
  const [ticket] = mail.ticketId === null ? [] : await ticketsById(tx, [mail.ticketId]);
  if (ticket === undefined) return;
  const now = await lockTurn(tx);
  const told = deliveryFailed(
    await activeStaff(tx),
    { to: mail.recipient, template: mail.template, toClient: true, ticket },
    mail,
    desk.config.locale,
  );
  await saveDecision(tx, told, { templates: desk.templates, config: desk.config, now, cause: null });
}

// ── who vouches for it ───────────────────────────────────────────────────────

/** Our own DKIM check costs look-ups: only for staff whom no trusted server vouches for, and only where it can matter. */
async function withOwnDkim(
  desk: Receiving,
  claimed: Claimed,
  message: Message,
  onSlow: () => void,
): Promise<Message> {
  if (desk.config.authenticity === 'token' || !message.from.ok || message.defect !== null) return message;
  if (verdictOf({ message, policy: desk.config }).result !== 'none') return message;
  const staff = await activeStaff(desk.db);
  if (staffMember(staff, message.from.address.email) === null) return message;
  return { ...message, ownDkim: await desk.reader.checkDkim(claimed.raw, desk.keys, onSlow) };
}

/** Nobody vouches for it, and its own signature could not be checked for want of a key. */
function waitsForKey(message: Message, policy: Config): boolean {
  const { from, ownDkim } = message;
  return (
    verdictOf({ message, policy }).result === 'none' &&
    from.ok &&
    ownDkim !== null &&
    mayPassLater(ownDkim, emailDomain(from.address.email))
  );
}
