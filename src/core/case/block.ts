import type { Proof } from '../message/authentication.ts';
import { type Case, verdictOf } from './case.ts';
/** Why a mail that a block binds is rejected, for the admin. */
export const blockedReason = 'its sender was rejected for good';

/** The less speaks for a mail, the higher. */
const doubt: Record<Proof, number> = { pass: 0, none: 1, fail: 2 };

/** Whether a mail is at least as unproven as another one. */
export function isAsUnproven(mail: Proof, other: Proof): boolean {
  return doubt[mail] >= doubt[other];
}

/**
 * Whether `rifiuta sempre` binds this mail. It binds mail as unproven as the one it was said about, so that a forged mail
 * never shuts out the person whose name it bore; and of an enrolled client's only what DMARC fails, which would be held.
 */
export function isBlocked(c: Case): boolean {
  const { block, standing } = c.snapshot;
  const verdict = verdictOf(c);
  if (block === null || !isAsUnproven(verdict.result, block)) return false;
  return !(standing.kind === 'client' && standing.known) || verdict.result === 'fail';
}
