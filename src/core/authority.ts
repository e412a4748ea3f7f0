import type { PresentedToken } from './snapshot.ts';
import { type Case, verdictOf } from './outcome.ts';
import type { QuarantineReason } from './quarantine-words.ts';
import type { Staff } from './ticket.ts';
import type { ConfirmReason, Problem } from './view.ts';

/**
 * Whether a staff member's mail may act. `token` is the one it was sent to; null where none is needed or it
 * was confirmed without one.
 */
export type Authority =
  | { kind: 'proven'; token: PresentedToken | null }
  | { kind: 'ask'; why: ConfirmReason; token: PresentedToken | null }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'quarantine'; why: QuarantineReason };

/**
 * Whether anything but From speaks for a staff mail's writer: a verdict, a token of their own that no DMARC failure
 * contradicts, or their own yes. It grants nothing; whoever forges a From without any of it is answered less often.
 */
export function isVouchedFor(c: Case): boolean {
  const { standing, tokens, confirmedBy } = c.snapshot;
  if (confirmedBy !== null || verdictOf(c).result === 'pass') return true;
  const staff = standing.kind === 'staff' ? standing.staff : null;
  return (
    verdictOf(c).result === 'none' &&
    staff !== null &&
    tokens.some((t) => t.state === 'valid' && t.owner?.id === staff.id)
  );
}

/**
 * The one place where a token and a verdict become a right to act (see "Authority" in the README).
 * From is already that of an active staff member; whether the role allows the command is asked by the command.
 * Fails closed: what is neither proven nor refused is asked at the enrolled address.
 * @param needsToken false for opening and reading, which need no ticket's token
 */
export function authorise(c: Case, staff: Staff, needsToken: boolean): Authority {
  const { tokens, confirmedBy } = c.snapshot;
  const own = tokens.filter((t) => t.owner?.id === staff.id);

  // Its writer already said yes at the enrolled address, so only what it concerns is still open.
  if (confirmedBy !== null) {
    const token = own.find((t) => t.state === 'valid') ?? own.at(-1) ?? tokens.at(-1) ?? null;
    return { kind: 'proven', token };
  }

  const valid = tokens.filter((t) => t.state === 'valid');
  if (valid.length > 1) return { kind: 'refused', problem: { kind: 'two_tokens' } };
  if (valid.some((t) => t.owner?.id !== staff.id))
    return { kind: 'refused', problem: { kind: 'token_of_other_staff' } };

  const token = valid[0];
  if (token === undefined) {
    if (verdictOf(c).result === 'fail') {
      return {
        kind: 'quarantine',
        why: { kind: 'staff_dmarc_fail', tokenMissing: true, verdict: verdictOf(c).why },
      };
    }
    if (own.some((t) => t.state === 'used')) return { kind: 'refused', problem: { kind: 'token_used' } };
    if (needsToken) {
      const ended = own.find((t) => t.state === 'revoked' || t.state === 'expired');
      if (ended === undefined) return { kind: 'ask', why: 'missing_token', token: null };
      const why = ended.state === 'revoked' ? 'revoked_token' : 'expired_token';
      return { kind: 'ask', why, token: ended };
    }
    if (c.policy.authenticity === 'token') return { kind: 'ask', why: 'no_verdicts_here', token: null };
    return verdictOf(c).result === 'pass'
      ? { kind: 'proven', token: null }
      : { kind: 'ask', why: 'no_verdict', token: null };
  }

  // The answer to a "conferma?" mail is itself the missing proof.
  if (token.subject.purpose === 'confirmation') return { kind: 'proven', token };
  if (verdictOf(c).result === 'fail') return { kind: 'ask', why: 'dmarc_fail', token };
  if (verdictOf(c).result === 'none' && c.policy.authenticity === 'verified')
    return { kind: 'ask', why: 'no_verdict', token };
  return { kind: 'proven', token };
}
