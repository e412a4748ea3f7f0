import type { Address } from './address.ts';
import { isFloodOfUnproven, withinBounds } from './bounds.ts';
import { decideClient, ownTicket, recordOnly } from './client.ts';
import { blockedReason, isBlocked } from './block.ts';
import type { Decision } from './decision.ts';
import { decideReport } from './delivery-report.ts';
import { type Case, outcome, verdictOf } from './outcome.ts';
import type { PresentedToken } from './snapshot.ts';
import { quarantine } from './quarantine.ts';
import { queueAt } from './queue.ts';
import { decideStaff } from './staff.ts';
import { foreignToken, hold, revoked } from './stranger.ts';
import type { Company } from './ticket.ts';

/** What becomes of one message, its mails within every reader's bounds. Pure: the same case gives the same decision. */
export function decide(c: Case): Decision {
  return withinBounds(c, whatBecomesOf(c));
}

/** The steps stand in the order in which they are asked; the first that has an answer decides. */
function whatBecomesOf(c: Case): Decision {
  const { from } = c.message;
  if (c.message.defect !== null) return quarantine(c, c.message.defect);
  // Mail servers report failures from addresses that are none: `MAILER-DAEMON`, `<>`.
  if (!from.ok) return decideReport(c) ?? quarantine(c, from.why);
  return (
    ownMail(c, from.address) ??
    decideReport(c) ??
    duplicate(c, from.address) ??
    automatic(c, from.address) ??
    bySender(c, from.address)
  );
}

/** The desk never talks to itself (BAD-MAIL 28). */
function ownMail(c: Case, from: Address): Decision | null {
  return queueAt(from.email, c.policy.queues) === null ? null : outcome('ignored', 'our own mail');
}

/**
 * The same mail again (BAD-MAIL 38, 50), or another one under the same Message-ID (51): then a client's joins
 * what the first became, and a staff member's does nothing, so that no id acts twice.
 */
function duplicate(c: Case, from: Address): Decision | null {
  const same = c.snapshot.earlier.filter((e) => e.from === from.email);
  const first = same.find((e) => e.contentHash === c.message.contentHash) ?? same[0];
  if (first === undefined) return null;
  if (first.contentHash === c.message.contentHash) {
    return outcome('duplicate', `the same mail as message ${first.id}`, { ticket: first.ticket });
  }
  if (c.snapshot.standing.kind === 'staff') {
    return outcome(
      'duplicate',
      `the Message-ID of message ${first.id} again, with other content: a staff mail acts once`,
      { ticket: first.ticket },
    );
  }
  return null;
}

/** Answers that machines give (BAD-MAIL 59, 84, 89): never answered; a client's on their own ticket is kept there. */
function automatic(c: Case, from: Address): Decision | null {
  const { kind, kindReason, noAnswer } = c.message;
  const { standing } = c.snapshot;
  if (kind !== 'auto_reply' && kind !== 'auto_generated') {
    // A vacation program of a staff member's that marks its notices by nothing but a null Return-Path.
    return noAnswer && standing.kind === 'staff'
      ? outcome('ignored', 'automatic: its sender asks for no answer')
      : null;
  }
  const why = `automatic: ${kindReason ?? kind}`;
  if (standing.kind === 'client' && verdictOf(c).result !== 'fail' && !isBlocked(c)) {
    const ticket = ownTicket(c, standing.company);
    if (ticket !== null) return recordOnly(c, ticket, from, `${why}; recorded on #${ticket.number}`);
    // A device that reports trouble opens a ticket; an absence note does not.
    return kind === 'auto_generated' ? null : outcome('ignored', why);
  }
  if (kind === 'auto_generated' && standing.kind !== 'staff') return null;
  return outcome('ignored', why);
}

function takeIn(c: Case, company: Company, from: Address): Decision {
  const decision = decideClient(c, company, from);
  return decision.disposition === 'opened' && isFloodOfUnproven(c)
    ? hold(c, from, 'many_unproven')
    : decision;
}

/** Who wrote it decides what it can be. */
function bySender(c: Case, from: Address): Decision {
  const { standing, formerStaff, confirmedBy, tokens, accepted } = c.snapshot;
  if (confirmedBy !== null) return decideStaff(c, confirmedBy);

  if (standing.kind === 'staff') return decideStaff(c, standing.staff);
  // What they were sent as staff counts no more, whoever they are now (BAD-MAIL 42).
  const isTheirs = (token: PresentedToken): boolean => standing.kind !== 'client' || token.owner === null;
  if (formerStaff && tokens.some(isTheirs))
    return quarantine(c, { kind: 'token_of_former_staff', email: from.email });

  const valid = tokens.filter((t) => t.state === 'valid');
  if (isBlocked(c)) return outcome('rejected', blockedReason, { effects: revoked(valid) });

  // A notification forwarded to the ticket's own client, who answers it, is a follow-up (BAD-MAIL 46).
  const own = standing.kind === 'client' ? ownTicket(c, standing.company) : null;
  const foreign = valid.find(
    ({ subject }) => subject.purpose !== 'ticket' || own === null || own.number !== subject.ticket,
  );
  if (foreign !== undefined) return foreignToken(c, from, foreign);

  switch (standing.kind) {
    case 'client': {
      const decision =
        verdictOf(c).result === 'fail' && !accepted
          ? hold(c, from, 'dmarc_fail')
          : takeIn(c, standing.company, from);
      return { ...decision, effects: [...decision.effects, ...revoked(valid)] };
    }
    case 'ended':
      return hold(c, from, 'ended_company');
    case 'disabled':
      return hold(c, from, 'disabled_contact');
    case 'stranger':
      return hold(c, from, formerStaff ? 'former_staff' : 'unknown_sender');
    default:
      throw standing satisfies never;
  }
}
