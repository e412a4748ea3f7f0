import { isVouchedFor } from '../case/authority.ts';
import { clientsOwn } from '../guard/client-guard.ts';
import {
  type Decision,
  type FoldItem,
  isToClient,
  type Outgoing,
  type ToClient,
} from '../ticket/decision.ts';
import { type Case, isProven } from '../case/case.ts';
import { oneLine } from '../letters/clean.ts';
import type { Staff } from '../ticket/ticket.ts';
import type { TemplateName } from '../ticket/template-views.ts';

/** The key of mails that fold: only one mail per key and reader waits. */
export const foldKeys = {
  /** staff notices of what one sender opens */
  opened: (sender: string): string => `opened:${sender}`,
  /** confirmations to one reader, from any writer */
  confirmed: (reader: string): string => `confirmed:${reader}`,
  /** notices to one staff member about one ticket */
  ticket: (number: number, staffId: number): string => `ticket:${number}:${staffId}`,
  /** answers to what one staff member wrote */
  answers: (staffId: number): string => `answers:${staffId}`,
};

const hour = 60;
/** Minutes for which the list of a client's further replies waits: somebody waits for an answer. */
const repliesAfter = 10;

/** The mailbox of an address: servers ignore the part after a plus (RFC 5233). */
export function mailboxOf(email: string): string {
  return email.replace(/\+[^@]*(?=@)/u, '');
}

/**
 * True if a company's unproven mail by senders who are no contacts exceeds its hourly limit: anybody can forge such addresses,
 * so the mail waits for a staff member's decision (BAD-MAIL 97).
 */
export function isFloodOfUnproven(c: Case): boolean {
  const { standing, accepted, recent } = c.snapshot;
  const isUnknown = standing.kind === 'client' && !standing.known;
  return isUnknown && !isProven(c) && !accepted && recent.unprovenOpened >= c.policy.limits.unprovenPerHour;
}

/**
 * Limits a decision's mails per reader, independent of the number of writers and addresses (BAD-MAIL 96): above the limits
 * they become one list, or leave later; none is dropped. Every decision that a mail causes passes here.
 */
export function withinBounds(c: Case, decision: Decision): Decision {
  const kept: Outgoing[] = [];
  for (const mail of decision.outgoing) {
    const bounded = isToClient(mail) ? outside(c, mail, kept) : toStaffBounded(c, mail, mail.to.staff);
    // what one decision tells one reader twice is one list too
    const same = bounded.fold === null ? -1 : kept.findIndex((other) => isSameList(other, bounded));
    const other = kept[same];
    if (other === undefined) kept.push(bounded);
    else kept[same] = listedTogether(other, bounded);
  }
  return { ...decision, outgoing: kept };
}

function isSameList(one: Outgoing, other: Outgoing): boolean {
  return one.fold?.key === other.fold?.key && readerOf(one) === readerOf(other);
}

function listedTogether(first: Outgoing, second: Outgoing): Outgoing {
  if (first.fold === null || second.fold === null) return second;
  const below = first.fold.items;
  return {
    ...second,
    fold: { key: second.fold.key, items: [...below, ...second.fold.items.slice(-1)], below },
  };
}

function readerOf({ to }: Outgoing): string {
  return to.kind === 'staff' ? to.staff.email : to.address.email;
}

/** A client's or a stranger's. A closing has a solution of its own and may still be taken back: it is not folded, it waits. */
function outside(c: Case, mail: ToClient, before: readonly Outgoing[]): Outgoing {
  const reader = readerOf(mail);
  const mailbox = mailboxOf(reader);
  const inThisDecision = before.filter((other) => mailboxOf(readerOf(other)) === mailbox).length;
  const count = (c.snapshot.recent.mailsTo[mailbox] ?? 0) + inThisDecision;
  const late = laterBy(count, c.policy.limits.mailsPerHour, c.policy.undoMinutes);
  if (late === 0 || mail.fold !== null) return mail;
  const delayMinutes = Math.max(mail.delayMinutes, late);
  return confirmedInList(c, mail, delayMinutes);
}

/** A confirmation that joins those which wait for its reader; any other mail only waits itself. */
export function confirmedInList(c: Case, mail: Outgoing, delayMinutes: number): Outgoing {
  if (!isToClient(mail) || mail.mail.template !== 'opened-client') return { ...mail, delayMinutes };
  const key = foldKeys.confirmed(readerOf(mail));
  const waiting = c.snapshot.folds[key] ?? [];
  const { ticket } = mail.mail.view;
  const item: FoldItem = { id: ticket.number, subject: ticket.subject, from: ticket.requester };
  const also = waiting.map(({ id, subject }) => ({ number: id, subject: clientsOwn(c, subject) }));
  return {
    ...mail,
    mail: { template: 'opened-client', view: { ...mail.mail.view, also } },
    delayMinutes,
    fold: { key, items: [...waiting, item] },
  };
}

/**
 * Delay in minutes before a mail may be sent, given a number allowed per hour; 0: none.
 * @param waits delays of counted mails that wait themselves, from which on their hour runs
 */
function laterBy(count: number, perHour: number, waits: number): number {
  return count < perHour ? 0 : (hour + waits) * Math.max(1, Math.floor(count / Math.max(1, perHour)));
}

/** Answers to what their reader wrote: a question has a token of its own, and is not folded. */
const answers: ReadonlySet<TemplateName> = new Set(['confirm-staff', 'receipt-staff', 'help-staff']);
const replies: ReadonlySet<TemplateName> = new Set(['follow-up-staff', 'reopened-staff']);

function toStaffBounded(c: Case, mail: Outgoing, staff: Staff): Outgoing {
  const { ticket } = mail;
  const { recent, folds } = c.snapshot;
  const { aboutTicketPerHour, repliesAtOnce } = c.policy.limits;
  const sent = recent.about.find((one) => one.ticket === ticket && one.staff === staff.id);
  if (ticket === null || sent === undefined || mail.fold !== null) return mail;
  const { template } = mail.mail;
  const late = laterBy(sent.mails, aboutTicketPerHour, repliesAfter);
  if (answers.has(template)) return late === 0 ? mail : { ...mail, delayMinutes: late };
  const delayMinutes = Math.max(
    late,
    replies.has(template) && sent.replies >= repliesAtOnce ? repliesAfter : 0,
  );
  if (delayMinutes === 0) return mail;

  const key = foldKeys.ticket(ticket, staff.id);
  const waiting = (folds[key] ?? []).filter(({ id }) => id !== c.snapshot.message);
  return {
    ...mail,
    delayMinutes,
    withAttachments: false,
    fold: { key, items: [...waiting, itemOf(c, textOf(mail))], below: waiting },
  };
}

function textOf({ mail: { view } }: Outgoing): string {
  return 'text' in view && view.text !== null ? view.text : '';
}

/** A line of a list: who wrote, and how it begins. @param said what; by default the mail's new text */
export function itemOf(c: Case, said = c.message.reply.text): FoldItem {
  const line = oneLine(said === '' ? c.message.subject : said);
  const { from } = c.message;
  return {
    id: c.snapshot.message,
    subject: line.length > 120 ? `${line.slice(0, 119).trimEnd()}…` : line,
    from: from.ok ? from.address : { name: '', email: '' },
  };
}

/**
 * Number of answers left this hour for mails like this one. There are two allowances, so that mails forged in somebody's name
 * neither flood that person nor use up the answers to their own mails.
 */
export function answersLeft(c: Case): number {
  const { recent } = c.snapshot;
  const { askedPerHour, askedUnvouchedPerHour } = c.policy.limits;
  return isVouchedFor(c) ? askedPerHour - recent.asked : askedUnvouchedPerHour - recent.askedUnvouched;
}
