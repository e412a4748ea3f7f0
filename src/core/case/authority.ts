import { plusDetail } from '../address/address.ts';
import { type Case, verdictOf } from './case.ts';
import { queueAt } from './queue.ts';
import type { PresentedToken } from './snapshot.ts';
import type { QuarantineReason } from '../words/quarantine.ts';
import type { Staff } from '../ticket/ticket.ts';
import type { ConfirmReason, Problem } from '../ticket/reasons.ts';

/**
 * Authority of a staff member's mail to act. `token` is the reply token it was sent to; null if none is needed or the mail was
 * confirmed without one.
 */
export type Authority =
  | { kind: 'proven'; token: PresentedToken | null }
  | { kind: 'ask'; why: ConfirmReason; token: PresentedToken | null }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'quarantine'; why: QuarantineReason };

/**
 * True if anything besides From vouches for the writer of a staff mail: a verdict, a token of their own that no DMARC failure
 * contradicts, or their own yes. It grants nothing; a forged From without any of these is answered less often.
 */
export function isVouchedFor(c: Case): boolean {
  const { standing, tokens, announced } = c.snapshot;
  // a yes that is only supposed, to see what it would do, vouches for nothing
  if (announced !== null || verdictOf(c).result === 'pass') return true;
  const staff = standing.kind === 'staff' ? standing.staff : null;
  return (
    verdictOf(c).result === 'none' &&
    staff !== null &&
    tokens.some((t) => t.state === 'valid' && t.owner?.id === staff.id)
  );
}

/** Subject of a mail's orders: a ticket or something held for a decision, a ticket to open, or a query that only reads. */
export type Wanted = 'ticket' | 'opening' | 'reading';

/**
 * The one place where a token and a verdict become a right to act (see "Authority" in the README).
 * From is already that of an active staff member; whether the role allows the command is asked by the command.
 * Fails closed: what is neither proven nor refused is asked at the enrolled address.
 * @param what opening and reading need no ticket's token
 */
export function authorise(c: Case, staff: Staff, what: Wanted): Authority {
  const { tokens, unknownTokens, confirmedBy } = c.snapshot;
  // whatever became of them: with two, nobody knows which was meant
  if (tokens.length + unknownTokens > 1) return { kind: 'refused', problem: { kind: 'two_tokens' } };
  const token = tokens[0] ?? null;
  if (token !== null && token.owner?.id !== staff.id)
    return { kind: 'refused', problem: { kind: 'token_of_other_staff' } };

  // Its writer already said yes at the enrolled address, so only what it concerns is still open.
  if (confirmedBy !== null) return { kind: 'proven', token };
  return token?.state === 'valid' ? withToken(c, token) : withoutValidToken(c, token, what);
}

/** Sent to the writer's own address: the mail must be authentic too. */
function withToken(c: Case, token: PresentedToken): Authority {
  // The answer to a "conferma?" mail is itself the missing proof.
  const isFrom = c.message.writtenAs === null;
  if (token.subject.purpose === 'confirmation' && isFrom) return { kind: 'proven', token };
  if (verdictOf(c).result === 'fail') return { kind: 'ask', why: 'dmarc_fail', token };
  if (verdictOf(c).result === 'none' && !(c.policy.authenticity === 'token' && isFrom))
    return { kind: 'ask', why: 'no_verdict', token };
  return isAddedLater(c) ? { kind: 'ask', why: 'missing_token', token } : { kind: 'proven', token };
}

/**
 * Delivered-To and X-Original-To are never signed: an attacker with a token and a genuine mail to somebody else could combine
 * them. A token found only there counts in a recent mail.
 */
function isAddedLater(c: Case): boolean {
  const { to, cc, deliveredTo } = c.message;
  const hasDetail = (email: string): boolean =>
    queueAt(email, c.policy.queues) !== null && plusDetail(email).detail !== null;
  const isWritten = [...to, ...cc].some(({ email }) => hasDetail(email));
  return !isWritten && deliveredTo.some(hasDetail) && !isOfTheseDays(c);
}

/** Sent to no reply address, or to one that has ended. */
function withoutValidToken(c: Case, ended: PresentedToken | null, what: Wanted): Authority {
  if (verdictOf(c).result === 'fail') {
    return {
      kind: 'quarantine',
      why: { kind: 'staff_dmarc_fail', tokenMissing: true, verdict: verdictOf(c).why },
    };
  }
  if (ended?.state === 'used') return { kind: 'refused', problem: { kind: 'token_used' } };
  if (what === 'ticket') {
    if (ended === null) return { kind: 'ask', why: 'missing_token', token: null };
    return { kind: 'ask', why: ended.state === 'revoked' ? 'revoked_token' : 'expired_token', token: ended };
  }
  if (c.policy.authenticity === 'token') {
    // The answer goes to the enrolled address alone, and changes nothing: a forger learns nothing by it.
    const isAnswered = what === 'reading' && c.message.writtenAs === null;
    if (!isAnswered) return { kind: 'ask', why: 'no_verdicts_here', token: null };
  } else if (verdictOf(c).result !== 'pass') return { kind: 'ask', why: 'no_verdict', token: null };
  const stray = strayed(c);
  return stray === null ? { kind: 'proven', token: null } : { kind: 'ask', why: stray, token: null };
}

const hour = 60 * 60 * 1000;

/**
 * Reason why a genuine mail may not have been meant for us, or not now: any of its recipients can send it on (BAD-MAIL 100).
 * Null if it was recently written to us.
 */
function strayed({ message, snapshot, policy }: Case): ConfirmReason | null {
  const recipients = [...message.to, ...message.cc].map(({ email }) => email);
  if (![...recipients, ...message.deliveredTo].some((email) => queueAt(email, policy.queues) !== null))
    return 'not_to_us';
  return isOfTheseDays({ message, snapshot }) ? null : 'not_lately';
}

/** Its Date is that of its arrival, give or take. */
function isOfTheseDays({ message, snapshot }: Pick<Case, 'message' | 'snapshot'>): boolean {
  const age = message.date === null ? null : snapshot.receivedAt.getTime() - message.date.getTime();
  return age !== null && age <= 24 * hour && age >= -hour;
}
