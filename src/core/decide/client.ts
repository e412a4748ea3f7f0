import { reopened } from '../commands/ticket/reopen.ts';
import { clientReplied, evolve } from '../ticket/event-kind.ts';
import { stopClosingMail } from '../commands/ticket-change.ts';
import {
  withoutDecoration,
  withoutText,
  withPicturesNamed,
  withPicturesPlaced,
} from '../message/attachments.ts';
import type { Decision, Effect, Outgoing } from '../ticket/decision.ts';
import { echoOfClosings, tellOfEcho } from '../notices/echo.ts';
import {
  attachmentViews,
  clientViewOf,
  recipientsOf,
  ticketButtons,
  toStaff,
  viewOf,
} from '../notices/notify.ts';
import { changedSubject, followUpText } from './follow-up-text.ts';
import { openingMails } from '../notices/opening-mails.ts';
import { type Case, isProven, outcome, unproven, withAllFiles } from '../case/case.ts';
import { nameKey } from '../letters/name-key.ts';
import { counted, normalise } from '../letters/text.ts';
import { cleanSubject, hasReplyPrefix } from '../message/thread.ts';
import { warningsOf } from '../notices/staff-warnings.ts';
import type { Gist } from '../message/client-words.ts';
import { type Company, type Staff, type Ticket, type TicketEvent } from '../ticket/ticket.ts';
import type { Address } from '../address/address.ts';
import type { Views } from '../ticket/template-views.ts';
import { newTicket, opening } from '../case/new-ticket.ts';

const day = 24 * 60 * 60 * 1000;

/** A mail of a known client: it joins its ticket, or opens one. */
export function decideClient(c: Case, company: Company, sender: Address): Decision {
  const ticket = ownTicket(c, company);
  const receipt = receiptOfOurs(c, sender, company, ticket);
  if (receipt !== null) return receipt;
  if (ticket === null)
    return (
      courtesyAlone(c, sender, company) ??
      saidAgain(c, company, sender) ??
      openFromClient(c, company, sender, null)
    );
  return joinTicket(c, company, sender, ticket);
}

/**
 * The ticket a client's mail names; a tag, a reference or a number counts only for the ticket's own company (BAD-MAIL 44, 48).
 */
export function ownTicket(c: Case, company: Company): Ticket | null {
  const { byToken, byTag, byReference } = c.snapshot.tickets;
  const isOwn = (t: Ticket): boolean => t.company.id === company.id;
  return (
    [...byTag, ...byToken, ...byReference].find(isOwn) ??
    c.snapshot.tickets.byNumber.find((t) => isOwn(t) && isRecent(c, t)) ??
    null
  );
}

/** Open, or closed so lately that an answer reopens it: what a number that somebody typed may mean. */
function isRecent(c: Case, { state, closedAt }: Ticket): boolean {
  return state !== 'closed' || c.now.getTime() - (closedAt?.getTime() ?? 0) <= c.policy.reopenDays * day;
}

const again = 10 * 60 * 1000;

/** A mail sent twice, by a hand or a program that doubted: the second belongs to what the first became. */
function saidAgain(c: Case, company: Company, sender: Address): Decision | null {
  const { lastTicket, echo, receivedAt } = c.snapshot;
  if (lastTicket === null || lastTicket.company.id !== company.id) return null;
  const { subject, reply, attachments } = c.message;
  const isSame = echo.earlier.some(
    (one) =>
      one.ticket === lastTicket.number &&
      Math.abs(receivedAt.getTime() - one.at.getTime()) <= again &&
      cleanSubject(one.subject) === cleanSubject(subject) &&
      normalise(one.text.slice(0, longestCompared)) === normalise(reply.text.slice(0, longestCompared)),
  );
  if (!isSame) return null;
  return attachments.length > 0
    ? joinTicket(c, company, sender, lastTicket)
    : recordOnly(c, lastTicket, sender, 'the same again within ten minutes: recorded, nobody is told');
}

/** So much of an earlier text is loaded. */
const longestCompared = 4_000;

/** The ticket that mail about a ticket goes to: the other one if it was merged. */
function survivorOf({ snapshot }: Case, ticket: Ticket): Ticket {
  return snapshot.survivors.find(({ number }) => number === ticket.mergedInto) ?? ticket;
}

/** An automatic answer of a client's on their own ticket: recorded, and nobody is notified. */
export function recordOnly(c: Case, named: Ticket, sender: Address, reason: string): Decision {
  const ticket = survivorOf(c, named);
  return outcome('follow_up', reason, {
    ticket: ticket.number,
    effects: [{ do: 'append', ticket, event: replied(c, sender, ticket) }],
  });
}

/** The same, shown to the assignee if its words may be a person's: it reopens nothing, and its sender gets no answer. */
export function recordAndTell(c: Case, ticket: Ticket, sender: Address, reason: string): Decision {
  return {
    ...recordOnly(c, ticket, sender, reason),
    outgoing: tellStaffOfReply(c, ticket, sender),
  };
}

/** Another desk's receipt for a mail of ours, marked by no header: it opens and reopens nothing, and is not answered (BAD-MAIL 87). */
function receiptOfOurs(c: Case, sender: Address, company: Company, ticket: Ticket | null): Decision | null {
  const { lastTicket, echo } = c.snapshot;
  if (c.message.attachments.length > 0 || c.snapshot.newWords.gist?.receipt !== true) return null;
  const isPlain = c.snapshot.newWords.gist.wholly;
  if (ticket === null && !echo.writtenToday) return null;
  const on = ticket ?? (lastTicket?.company.id === company.id ? lastTicket : null);
  if (on === null) return isPlain ? outcome('ignored', 'a receipt for a mail of ours') : null;
  const why = `a receipt for a mail of ours, recorded on #${on.number}`;
  return isPlain
    ? recordOnly(c, on, sender, `${why}: nobody is told`)
    : recordAndTell(c, on, sender, `${why}; whoever has it reads it`);
}

/** The effect of a client's mail on their ticket: a courtesy is recorded, a request follows up, reopens, or opens a linked one. */
export function joinTicket(c: Case, company: Company, sender: Address, named: Ticket): Decision {
  const ticket = survivorOf(c, named);
  const { subjectGist } = c.message;
  const { gist } = c.snapshot.newWords;
  const bringsFiles = withoutDecoration(c.message).attachments.length > 0;
  // who changes it leaves no `R:` before it, other than a program whose ticket was merged
  const isAsBefore = hasReplyPrefix(c.message.subject) || changedSubject(c.message.subject, ticket) === null;
  const isThankful = isAsBefore || subjectGist?.thanks === true;
  if (!bringsFiles && isThankful && (gist ?? subjectGist)?.thanks === true) {
    return recordOnly(c, ticket, sender, 'courtesy: recorded, nobody is told');
  }
  if (ticket.state !== 'closed') {
    return outcome('follow_up', `from the client of #${ticket.number}`, {
      ticket: ticket.number,
      effects: [...enrol(c, company, sender), { do: 'append', ticket, event: replied(c, sender, ticket) }],
      outgoing: tellStaffOfReply(c, ticket, sender),
    });
  }
  if (!bringsFiles && isThankful && gist?.works === true)
    return recordOnly(c, ticket, sender, 'says that it works now: reopens nothing, nobody is told');
  const closedFor = c.now.getTime() - (ticket.closedAt?.getTime() ?? 0);
  if (closedFor > c.policy.reopenDays * day) return openFromClient(c, company, sender, ticket);

  const echo = echoOfClosings(c, ticket.number);
  if (echo !== 'none') {
    const recorded = recordOnly(
      c,
      ticket,
      sender,
      'the same again, moments after our mails: a program answers them; reopens nothing',
    );
    return echo === 'first' ? { ...recorded, outgoing: tellOfEcho(c, ticket, sender) } : recorded;
  }

  // It answers no closing that its writer has read. A forged one would keep the closing mail from the client.
  const stopped = stopClosingMail(c, ticket);
  if (stopped.length > 0 && !isProven(c) && !c.snapshot.accepted)
    return outcome(
      'follow_up',
      `on #${ticket.number}, whose closing mail still waits: nothing proves it, so it does not reopen`,
      {
        ticket: ticket.number,
        effects: [{ do: 'append', ticket, event: replied(c, sender, ticket) }],
        outgoing: tellStaffOfReply(c, ticket, sender),
      },
    );

  const reopening: TicketEvent = { type: 'reopened', actor: sender.email, text: null, staff: null };
  const open = evolve(reopened, ticket, reopening, c.now);
  return outcome(
    'follow_up',
    `reopens #${ticket.number}: the client answered within ${counted(c.policy.reopenDays, 'day')} of closing`,
    {
      ticket: ticket.number,
      effects: [
        ...enrol(c, company, sender),
        { do: 'append', ticket, event: replied(c, sender, ticket) },
        { do: 'append', ticket: open, event: reopening },
        ...stopped,
      ],
      outgoing: tellStaffOfReopening(c, open, sender, stopped.length > 0),
    },
  );
}

/** "Grazie!" in a new mail about nothing: it belongs to the sender's last ticket and opens none. */
function courtesyAlone(c: Case, sender: Address, company: Company): Decision | null {
  const last = c.snapshot.lastTicket;
  if (last === null || last.company.id !== company.id) return null;
  if (withoutDecoration(c.message).attachments.length > 0) return null;
  const all = [c.message.subjectGist, c.snapshot.newWords.gist].filter((gist) => gist !== null);
  const isCourteous = ({ thanks, works }: Gist): boolean => thanks || (works && last.state === 'closed');
  if (all.length === 0 || !all.every(isCourteous)) return null;
  return recordOnly(
    c,
    last,
    sender,
    `courtesy on the sender's last ticket #${last.number}: recorded, nobody is told`,
  );
}

function openFromClient(came: Case, company: Company, sender: Address, earlier: Ticket | null): Decision {
  const c = withAllFiles(came);
  const { opening: form, attachments } = c.message;
  const named = c.snapshot.onBehalfOf;
  // The form's E-mail line may name a colleague, never anyone outside the sender's company, and only in proven mail.
  const requester: Address =
    isProven(c) &&
    named !== null &&
    named.address.email === form.email &&
    named.standing.kind === 'client' &&
    named.standing.company.id === company.id
      ? { name: form.name ?? named.address.name, email: named.address.email }
      : { name: form.name ?? sender.name, email: sender.email };
  // A problem that is on no list is still what the client said it is.
  const isListed = c.policy.categories.some((each) => nameKey(each.name) === nameKey(form.category ?? ''));
  const said = [
    ...(form.category === null || isListed ? [] : [`Problematica: ${form.category}`]),
    // an address that the mail may not speak for is still what it said
    ...(form.email === null || [requester.email, sender.email].includes(form.email)
      ? []
      : [`E-mail: ${form.email}`]),
    withPicturesPlaced(form.description, form.pictures, c.policy.locale),
  ].join('\n');
  const described = [withPicturesNamed(said, attachments, c.policy.locale), ...othersWords(c)]
    .join('\n')
    .trim();
  const description = described === '' ? withoutText(attachments, c.policy.locale) : described;
  const ticket = newTicket(c, {
    company,
    requester,
    subject: c.message.subject,
    description,
    namedCategory: form.category,
    linkedTo: earlier?.number ?? null,
    clientMessageId: c.message.messageId,
  });
  const silent = silence(c);
  return outcome(
    'opened',
    silent === null
      ? `from a client of ${company.name}`
      : `from a client of ${company.name}; not confirmed: ${silent}`,
    {
      ticket: ticket.number,
      effects: [...enrol(c, company, sender), ...opening(ticket, sender.email)],
      outgoing: openingMails(c, ticket, {
        actor: null,
        note: null,
        confirm: silent === null,
        floodSender: sender,
        shown: clientViewOf(c, ticket),
      }),
    },
  );
}

/** Why this mail's sender gets no confirmation (RFC 3834 §2, BAD-MAIL 84–86), or null if they get one. */
function silence(c: Case): string | null {
  // a list of the desk's own passes on what people write to us
  const isForeignList = c.message.kind === 'list' && c.message.writtenAs === null;
  if (isForeignList && !c.message.unsubscribable) return 'list mail';
  if (c.message.kind === 'auto_generated') return 'automatic mail';
  if (c.message.noAnswer) return 'its sender asks for no answer';
  if (c.snapshot.earlier.some((e) => c.message.from.ok && e.from === c.message.from.address.email))
    return 'its Message-ID was used before';
  return null;
}

/**
 * Quotes in a client's mail from a thread that is not ours, such as a supplier's whom they answer with the desk in copy; and
 * the text they wrote below a mail of ours.
 */
function othersWords(c: Case): string[] {
  const { byToken, byTag, byReference } = c.snapshot.tickets;
  const { reply } = c.message;
  const isOurs = byToken.length + byTag.length + byReference.length + c.snapshot.tokens.length > 0;
  // where nothing new stands above it, or it is passed on, the whole text is there already
  if (reply.forwarded !== null || reply.textWithContext === '') return [];
  return [isOurs ? '' : reply.quoted, reply.below].flatMap((text) => (text === '' ? [] : ['', text]));
}

function tellStaffOfReply(c: Case, ticket: Ticket, sender: Address): Outgoing[] {
  return recipientsOf(clientReplied, c.snapshot.staff, ticket, null).map((staff) => {
    const view = replyView(c, ticket, sender, staff);
    return toStaff(staff, ticket, { template: 'follow-up-staff', view }, true);
  });
}

/** @param closingStopped whether the client will not get the mail about its closing */
function tellStaffOfReopening(c: Case, ticket: Ticket, sender: Address, closingStopped: boolean): Outgoing[] {
  return recipientsOf(reopened, c.snapshot.staff, ticket, null).map((staff) => {
    const view = { ...replyView(c, ticket, sender, staff), byStaff: false, closingStopped };
    return toStaff(staff, ticket, { template: 'reopened-staff', view }, true);
  });
}

function replyView(c: Case, ticket: Ticket, sender: Address, reader: Staff): Views['follow-up-staff'] {
  return {
    ticket: viewOf(ticket),
    role: reader.role,
    buttons: ticketButtons(reader, ticket),
    from: sender,
    text: followUpText(c, ticket),
    attachments: attachmentViews(c.message),
    warnings: warningsOf(c),
    unproven: unproven(c),
  };
}

function replied(c: Case, sender: Address, ticket: Ticket): TicketEvent {
  return { type: 'client_replied', actor: sender.email, text: followUpText(c, ticket), staff: null };
}

/** A known company's new sender, proven, becomes a contact. */
function enrol(c: Case, company: Company, sender: Address): Effect[] {
  const { standing } = c.snapshot;
  return standing.kind === 'client' && !standing.known && isProven(c)
    ? [{ do: 'enrol_contact', address: sender, company: company.name }]
    : [];
}
