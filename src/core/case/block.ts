import type { Proof } from '../message/authentication.ts';
import { type Case, verdictOf } from './case.ts';
/** Why a mail that a block binds is rejected, for the admin. */
export const blockedReason = 'its sender was rejected for good';

/** The less speaks for a mail, the higher. */
const doubt: Record<Proof, number> = { pass: 0, none: 1, fail: 2 };

/** True if a mail is at least as unproven as another. */
export function isAsUnproven(mail: Proof, other: Proof): boolean {
  return doubt[mail] >= doubt[other];
}

/**
 * True if `rifiuta sempre` applies to this mail. It applies to mails as unproven as the one it was ordered for, so that a
 * forged mail never shuts out the person it named; and of an enrolled client's mails only to those that fail DMARC, which
 * would be held.
 */
export function isBlocked(c: Case): boolean {
  const { block, standing } = c.snapshot;
  const verdict = verdictOf(c);
  if (block === null || !isAsUnproven(verdict.result, block)) return false;
  return !(standing.kind === 'client' && standing.known) || verdict.result === 'fail';
}
