import type { Address } from './address.ts';
import { decideClient, ownTicket, recordOnly } from './client.ts';
import type { Decision } from './decision.ts';
import { deliveryFailed } from './delivery-failed.ts';
import { type Case, outcome } from './outcome.ts';
import { quarantine } from './quarantine.ts';
import { queueAt } from './queue.ts';
import { decideStaff } from './staff.ts';
import { foreignToken, hold } from './stranger.ts';

/**
 * What becomes of one message. Pure: the same case gives the same decision.
 * The steps stand in the order in which they are asked; the first that has an answer decides.
 */
export function decide(c: Case): Decision {
  const { from } = c.message;
  if (c.message.defect !== null) return quarantine(c, c.message.defect);
  if (!from.ok) return quarantine(c, from.why);
  return (
    ownMail(c, from.address) ??
    bounceOrReceipt(c) ??
    duplicate(c, from.address) ??
    automatic(c, from.address) ??
    bySender(c, from.address)
  );
}

/** The desk never talks to itself (BAD-MAIL 28). */
function ownMail(c: Case, from: Address): Decision | null {
  return queueAt(from.email, c.policy.queues) === null ? null : outcome('ignored', 'our own mail');
}

/** Delivery failures end the outgoing mail they name; whatever names none of ours is nobody's (BAD-MAIL 81–83, 91). */
function bounceOrReceipt(c: Case): Decision | null {
  const { kind, bounce } = c.message;
  if (kind === 'read_receipt') return outcome('ignored', 'a read receipt');
  if (kind === 'pec_receipt') return outcome('ignored', 'a receipt of certified mail');
  if (kind !== 'bounce') return null;

  const { bounced } = c.snapshot;
  const failed = bounce?.recipients.find((r) => r.action === 'failed');
  if (bounced === null) return outcome('ignored', 'a delivery report that names no mail of ours');
  const ticket = bounced.ticket;
  if (failed === undefined) {
    return outcome('bounce', `a delivery report on outgoing mail ${bounced.id} that says nothing final`, {
      ticket: ticket?.number ?? null,
    });
  }
  if (failed.email !== bounced.to) {
    return outcome(
      'ignored',
      `a delivery failure of another recipient than that of outgoing mail ${bounced.id}: forged or misdirected`,
    );
  }
  const error = [failed.status, failed.diagnostic].filter((part) => part !== null).join(' ');
  const told = deliveryFailed(c.snapshot.staff, bounced, error);
  return outcome('bounce', `outgoing mail ${bounced.id} could not be delivered`, {
    ticket: ticket?.number ?? null,
    effects: [{ do: 'fail_outgoing', outbox: bounced.id, error }, ...told.effects],
    outgoing: told.outgoing,
  });
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
  const { kind, kindReason } = c.message;
  if (kind !== 'auto_reply' && kind !== 'auto_generated') return null;
  const why = `automatic: ${kindReason ?? kind}`;
  const { standing } = c.snapshot;
  if (standing.kind === 'client' && c.verdict.result !== 'fail') {
    const ticket = ownTicket(c, standing.company);
    if (ticket !== null) return recordOnly(c, ticket, from, `${why}; recorded on #${ticket.number}`);
    // A device that reports trouble opens a ticket; an absence note does not.
    return kind === 'auto_generated' ? null : outcome('ignored', why);
  }
  if (kind === 'auto_generated' && standing.kind !== 'staff') return null;
  return outcome('ignored', why);
}

/** Who wrote it decides what it can be. */
function bySender(c: Case, from: Address): Decision {
  const { standing, confirmedBy, tokens, accepted } = c.snapshot;
  if (confirmedBy !== null) return decideStaff(c, confirmedBy);

  switch (standing.kind) {
    case 'staff':
      return decideStaff(c, standing.staff);
    case 'former_staff':
      return tokens.length > 0
        ? quarantine(c, `a reply token used by ${standing.email}, who is no longer active staff`)
        : hold(c, from, 'unknown_sender');
    case 'blocked':
      return outcome('rejected', 'its sender was rejected for good');
    case 'client':
    case 'ended':
    case 'disabled':
    case 'stranger':
      break;
    default:
      throw standing satisfies never;
  }

  const token = tokens.find((t) => t.state === 'valid');
  if (token !== undefined) {
    // A notification forwarded to the ticket's own client, who answers it (BAD-MAIL 46).
    const own =
      standing.kind === 'client' && token.subject.purpose === 'ticket'
        ? ownTicket(c, standing.company)
        : null;
    if (own === null || token.subject.purpose !== 'ticket' || own.number !== token.subject.ticket)
      return foreignToken(c, from, token);
  }

  switch (standing.kind) {
    case 'client': {
      if (c.verdict.result === 'fail' && !accepted) return hold(c, from, 'dmarc_fail');
      const decision = decideClient(c, standing.company, from);
      return token === undefined
        ? decision
        : { ...decision, effects: [...decision.effects, { do: 'revoke_token', tokenId: token.id }] };
    }
    case 'ended':
      return hold(c, from, 'ended_company');
    case 'disabled':
      return hold(c, from, 'disabled_contact');
    case 'stranger':
      return hold(c, from, 'unknown_sender');
    default:
      throw standing satisfies never;
  }
}
