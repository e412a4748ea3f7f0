import { emailDomain } from '../address/address.ts';
import { isFreeMailDomain } from '../address/public-mail-domains.ts';
import { mailboxOf } from '../notices/bounds.ts';
import type { Case } from '../case/case.ts';
import type { Message } from '../message/message.ts';
import { readTags } from '../message/thread.ts';
import { readTypedNumbers } from '../message/typed-numbers.ts';
import { type Decision, isToClient } from '../ticket/decision.ts';
import type { TemplateName } from '../ticket/template-views.ts';
import type { Ticket } from '../ticket/ticket.ts';

/** All by which a later decision could tell that one was made; null where that may be anything. */
export type Trace = {
  /** ticket numbers */
  tickets: readonly number[];
  /** ids of their companies */
  companies: readonly number[];
  /** of the writer, the requesters and whoever outside the desk is written to */
  mailboxes: readonly string[];
  message: Pick<Message, 'messageId' | 'identity'>;
} | null;

/** Mails that no count of another client's mail includes. */
const plain: readonly TemplateName[] = ['opened-client', 'opened-staff', 'follow-up-staff'];

/** The trace of a decision: plain ones, on what clients ask and add, leave one that ends at their company. */
export function traceOf({ message, snapshot }: Case, { effects, outgoing }: Decision): Trace {
  const { from } = message;
  const { standing } = snapshot;
  if (!from.ok || standing.kind !== 'client') return null;
  if (!outgoing.every(({ fold, mail }) => fold === null && plain.includes(mail.template))) return null;
  const tickets: Ticket[] = [];
  for (const effect of effects) {
    if (effect.do !== 'open' && effect.do !== 'append') return null;
    tickets.push(effect.ticket);
  }
  const written = outgoing.flatMap((mail) => (isToClient(mail) ? [mail.to.address.email] : []));
  return {
    tickets: tickets.map(({ number }) => number),
    companies: [standing.company.id, ...tickets.map(({ company }) => company.id)],
    mailboxes: [from.address.email, ...tickets.map(({ requester }) => requester.email), ...written].map(
      mailboxOf,
    ),
    message,
  };
}

/**
 * Whether a case that was loaded before these decisions were made, and saved, is the same after them, but for the number of the
 * next ticket: what a known client writes, where neither its company nor anything it names is theirs. Doubt says no.
 */
export function isApart({ message, snapshot }: Case, made: readonly Trace[]): boolean {
  if (made.length === 0) return true;
  const { standing, tickets, lastTicket, survivors, merged, companyTickets } = snapshot;
  const { from } = message;
  const isPlain =
    from.ok &&
    standing.kind === 'client' &&
    snapshot.onBehalfOf === null &&
    snapshot.confirmedBy === null &&
    snapshot.tokens.length === 0 &&
    snapshot.bounced === null &&
    message.orders.own.kind !== 'commands';
  if (!isPlain) return false;
  const { byToken, byTag, byReference, byNumber } = tickets;
  const loaded = [
    ...byToken,
    ...byTag,
    ...byReference,
    ...byNumber,
    ...survivors,
    ...merged,
    ...companyTickets,
  ];
  if (lastTicket !== null) loaded.push(lastTicket);
  const numbers = [
    ...loaded.map(({ number }) => number),
    ...readTags(message.subject),
    ...readTypedNumbers(message.subject, message.reply.text),
  ];
  const companies = [standing.company.id, ...loaded.map(({ company }) => company.id)];
  const mailboxes = [from.address.email, ...loaded.map(({ requester }) => requester.email)].map(mailboxOf);
  const ids = [message.messageId, ...message.inReplyTo, ...message.references];
  return made.every(
    (trace) =>
      trace !== null &&
      !trace.tickets.some((one) => numbers.includes(one)) &&
      !trace.companies.some((one) => companies.includes(one)) &&
      !trace.mailboxes.some((one) => mailboxes.includes(one)) &&
      (trace.message.messageId === null || !ids.includes(trace.message.messageId)) &&
      trace.message.identity !== message.identity,
  );
}

/**
 * How many of these messages are worth loading together: known clients of several companies are, as far as the messages
 * themselves tell.
 */
export function mayBeApart(messages: readonly Message[]): number {
  const domains = new Set<string>();
  for (const [i, { from, orders, bounce }] of messages.entries()) {
    const domain = from.ok ? emailDomain(from.address.email) : '';
    const isOdd = domain === '' || domains.has(domain) || orders.own.kind === 'commands' || bounce !== null;
    if (isOdd) return Math.max(1, i);
    if (!isFreeMailDomain(domain)) domains.add(domain);
  }
  return messages.length;
}
