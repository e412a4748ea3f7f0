import type { Address } from '../address/address.ts';
import { isFloodOfUnproven, withinBounds } from '../notices/bounds.ts';
import { decideClient, joinTicket, ownTicket, recordAndTell, recordOnly } from './client.ts';
import { blockedReason, isBlocked } from '../case/block.ts';
import type { Decision, Effect } from '../ticket/decision.ts';
import { decideReport } from './delivery-report.ts';
import { staffEcho } from '../notices/echo.ts';
import { type Case, outcome, verdictOf } from '../case/case.ts';
import { isOursBack } from '../case/own-address.ts';
import type { PresentedToken } from '../case/snapshot.ts';
import { quarantine } from './quarantine.ts';
import { queueAt } from '../case/queue.ts';
import { decideStaff } from './staff.ts';
import { foreignToken, hold, revoked } from './stranger.ts';
import type { Company, Staff } from '../ticket/ticket.ts';

/** The decision on one message, with its mails limited per reader. Pure: the same case gives the same decision. */
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
    ownMail(c) ??
    decideReport(c) ??
    duplicate(c, from.address) ??
    automatic(c, from.address) ??
    staffEcho(c, from.address) ??
    bySender(c, from.address)
  );
}

/** The desk never talks to itself (BAD-MAIL 28). */
function ownMail(c: Case): Decision | null {
  return isOursBack(c) ? outcome('ignored', 'our own mail') : null;
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
  if (standing.kind === 'client' && !isHeldFailure(c) && !isBlocked(c)) {
    const isPerhaps = c.message.perhapsAPersons;
    const { lastTicket } = c.snapshot;
    const isTheirs = isPerhaps && kind === 'auto_reply' && lastTicket?.company.id === standing.company.id;
    const ticket = ownTicket(c, standing.company) ?? (isTheirs ? lastTicket : null);
    const record = isPerhaps ? recordAndTell : recordOnly;
    if (ticket !== null) return record(c, ticket, from, `${why}; recorded on #${ticket.number}`);
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

/** The writer determines the possible meanings. */
function bySender(c: Case, from: Address): Decision {
  const { standing, formerStaff, confirmedBy, tokens } = c.snapshot;
  if (confirmedBy !== null) return decideStaff(c, confirmedBy);
  if (isNobodyOfTheDesk(c, from)) return ownAddress(c, from);

  if (standing.kind === 'staff') return ownRequest(c, standing.staff, from) ?? decideStaff(c, standing.staff);
  // Tokens from their time as staff no longer count, whatever their standing is now (BAD-MAIL 42).
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
      const decision = isHeldFailure(c) ? hold(c, from, 'dmarc_fail') : takeIn(c, standing.company, from);
      return { ...decision, effects: [...decision.effects, ...acceptedFailure(c, from), ...revoked(valid)] };
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

/**
 * True if a client's mail is held because its domain disowns it. Not if a clerk accepted this mail, or once accepted one of
 * this contact's and the domain's policy is `p=none`: forwarding and unconfigured servers break more genuine mail than forgers
 * write.
 */
function isHeldFailure(c: Case): boolean {
  const { standing, accepted } = c.snapshot;
  const isKnown = standing.kind === 'client' && standing.failsDmarc && failsForNothing(c);
  return verdictOf(c).result === 'fail' && !accepted && !isKnown;
}

/** The consequence of a clerk's decision about a failing mail for later ones. */
function acceptedFailure(c: Case, from: Address): Effect[] {
  return c.snapshot.accepted && failsForNothing(c) ? [{ do: 'accept_dmarc_failure', email: from.email }] : [];
}

/** The sender's own domain fails, and asks for nothing to be done about that. */
function failsForNothing(c: Case): boolean {
  const { result, policy } = verdictOf(c);
  return result === 'fail' && policy === 'none' && c.message.writtenAs === null;
}

/** From is an address of the desk, no header names who wrote it, and no clerk enrolled it as a client's (a scanner, say). */
function isNobodyOfTheDesk(c: Case, from: Address): boolean {
  const { standing } = c.snapshot;
  const isClient = standing.kind === 'client' && standing.known;
  return queueAt(from.email, c.policy.queues) !== null && !isClient;
}

/** A mail from an address of ours without a known writer (BAD-MAIL 28): a token says whom to ask; otherwise clerks are notified. */
function ownAddress(c: Case, from: Address): Decision {
  const valid = c.snapshot.tokens.find((t) => t.state === 'valid');
  if (valid !== undefined) return foreignToken(c, from, valid);
  return isBlocked(c) ? outcome('rejected', blockedReason) : hold(c, from, 'own_address');
}

/**
 * A staff member who asked the desk for something, and answers its mail as any client would: no reply address, no order. What
 * they write joins their request.
 */
function ownRequest(c: Case, staff: Staff, from: Address): Decision | null {
  const { tickets, tokens, unknownTokens } = c.snapshot;
  const {
    orders: { own: reading },
    reply,
  } = c.message;
  const isAnswer = tokens.length + unknownTokens === 0 && reading.kind === 'text' && reply.forwarded === null;
  if (!isAnswer || verdictOf(c).result === 'fail') return null;
  const ticket = [...tickets.byTag, ...tickets.byReference].find(({ requester }) =>
    [staff.email, ...staff.aliases].includes(requester.email),
  );
  return ticket === undefined ? null : joinTicket(c, ticket.company, from, ticket);
}
