import type { Attachment, Message } from '../message/message.ts';
import { withoutQuoted } from '../message/attachments.ts';
import type { Decision, Effect, Outgoing, Policy } from '../ticket/decision.ts';
import type { Snapshot } from './snapshot.ts';
import { emailDomain } from '../address/address.ts';
import { judge, type Verdict } from '../message/authentication.ts';

/** One message with everything its decision reads; `caseOf` makes it. Every step of `decide` takes this and nothing else. */
export type Case = {
  /** without the pictures that it only quotes */
  message: Message;
  /** all files that came with it: a ticket that it opens keeps them */
  allFiles: Attachment[];
  snapshot: Snapshot;
  policy: Policy;
  /** the database's clock */
  now: Date;
  /** SHA-256 of a text, hex; the shell's */
  hash: (text: string) => string;
};

/** The case of a message as it was read. */
export function caseOf({ message, ...known }: Omit<Case, 'allFiles'>): Case {
  return {
    ...known,
    message: withoutQuoted(message, known.snapshot.quotedFiles),
    allFiles: message.attachments,
  };
}

/** The case of a message that opens a ticket: there, quoted files are new. */
export function withAllFiles(c: Case): Case {
  return { ...c, message: { ...c.message, attachments: c.allFiles } };
}

/**
 * Verdict on whether the mail is authentic for the very address that speaks in it; `none` if there is no single one. It is
 * derived from the message at each call and stored nowhere beside it, because a verdict belongs to the address it was given
 * for: nothing can combine one mail's, or one address's, verdict with another.
 */
export function verdictOf({ message, policy }: JudgedBy): Verdict {
  const { from, writtenAs, authenticationResults, ownDkim } = message;
  if (!from.ok) return { domain: null, result: 'none', policy: null, why: 'no single sender' };
  const fromDomain = emailDomain((writtenAs ?? from.address).email);
  const verdict = judge({ fromDomain, authenticationResults, ownDkim }, policy.trustedAuthservIds);
  if (writtenAs !== null && verdict.result !== 'fail') {
    const why = `its From is ${writtenAs.email}, and nothing proves whom it names as its writer`;
    return { domain: emailDomain(from.address.email), result: 'none', policy: null, why };
  }
  return message.twoReadings && verdict.result === 'pass'
    ? { ...verdict, result: 'none', why: `its headers can be read in two ways; ${verdict.why}` }
    : verdict;
}

/** The inputs of a verdict. */
export type JudgedBy = {
  message: Pick<Message, 'from' | 'writtenAs' | 'authenticationResults' | 'ownDkim' | 'twoReadings'>;
  policy: Pick<Policy, 'trustedAuthservIds'>;
};

/** A decision that changes nothing and tells nobody, unless said otherwise. */
export function outcome(
  disposition: Decision['disposition'],
  reason: string,
  rest: { ticket?: number | null; effects?: Effect[]; outgoing?: Outgoing[] } = {},
): Decision {
  return {
    disposition,
    reason,
    ticket: rest.ticket ?? null,
    effects: rest.effects ?? [],
    outgoing: rest.outgoing ?? [],
  };
}

/** True if staff are shown that nobody vouches for a mail. Never where the server gives no verdicts: it would say nothing. */
export function unproven(c: Case): boolean {
  return c.policy.authenticity === 'verified' && verdictOf(c).result !== 'pass';
}

/**
 * True if a mail is proven to be its sender's. Whatever the settings, only such a mail enrols its sender or speaks for a
 * colleague (BAD-MAIL 97).
 */
export function isProven(c: Case): boolean {
  return verdictOf(c).result === 'pass';
}
