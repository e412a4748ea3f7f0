import { emailDomain, plusDetail } from '../../src/core/address/address.ts';
import { mailboxOf } from '../../src/core/notices/bounds.ts';
import { lookalikeOf } from '../../src/core/letters/lookalike.ts';
import { isFreeMailDomain } from '../../src/core/address/public-mail-domains.ts';
import type { FoldItem } from '../../src/core/ticket/decision.ts';
import type { Message } from '../../src/core/message/message.ts';
import {
  type HeldMessage,
  type ClosingMails,
  companyOf,
  type LastCommand,
  type PresentedToken,
  type Snapshot,
  type Standing,
} from '../../src/core/case/snapshot.ts';
import { verdictOf } from '../../src/core/case/case.ts';
import { keysOf, quotedKeys } from '../../src/core/guard/quotes.ts';
import { tokenCandidates } from '../../src/core/address/reply-token.ts';
import { readNumbers, readTags } from '../../src/core/message/thread.ts';
import { readTypedNumbers } from '../../src/core/message/typed-numbers.ts';
import { type Ticket } from '../../src/core/ticket/ticket.ts';
import { eventKindOf } from '../../src/core/commands/events.ts';
import type { Incoming, Sent, State, Token } from './state.ts';

const hour = 60 * 60 * 1000;

/** Everything outside a message that its decision reads, as it stands. */
export function snapshotOf(state: State, incoming: Incoming): Snapshot {
  const { message } = incoming;
  const from = message.from.ok ? message.from.address.email : '';
  const staff = state.staff.filter((s) => !s.disabled);
  const standing = standingOf(state, from);
  const confirmedBy = staff.find((s) => s.id === incoming.confirmedBy) ?? null;
  const { presented, unknown } = tokensIn(state, message);
  const own = message.messageId === null ? [] : [message.messageId];
  const ids = [...message.inReplyTo, ...message.references.toReversed(), ...own];
  const tickets = {
    byToken: presented.flatMap(({ subject }) =>
      subject.purpose === 'ticket' ? ticketsOf(state, [subject.ticket]) : [],
    ),
    byTag: ticketsOf(state, readTags(message.subject)),
    byNumber: ticketsOf(state, readTypedNumbers(message.subject, message.reply.text)),
    byReference: ticketsOf(
      state,
      ids.flatMap((id) => ticketsNamed(state, id, incoming.id)),
    ),
  };
  const concerned = [...tickets.byToken, ...tickets.byTag, ...tickets.byReference];
  const commands = message.orders.own.kind === 'commands' ? message.orders.own.commands : [];
  const ordered = new Map(commands.map((command) => [command.name, command.argument]));
  const spokenFor = onBehalfOf(state, message, standing, ordered.get('open_for') ?? null);
  const company = [standing, spokenFor?.standing].find((one) => one?.kind === 'client')?.company;
  const { text, strict, below, forwarded } = message.reply;
  const passedOn = [forwarded?.from?.name, forwarded?.subject, forwarded?.text].map((each) => each ?? '');
  const words = [message.subject, text, strict, below, ...passedOn].join('\n\n');
  const lastTicket = [...state.tickets.values()].findLast((t) => t.requester.email === from) ?? null;
  const survivors = ticketsOf(
    state,
    [...concerned, ...tickets.byNumber, lastTicket].flatMap((t) => t?.mergedInto ?? []),
  );
  const family = [...concerned, ...survivors].map((t) => t.number);
  const merged = [...state.tickets.values()].filter(
    ({ mergedInto }) => mergedInto !== null && family.includes(mergedInto),
  );
  const named = [...concerned, ...merged, ...ticketsOf(state, readNumbers(words))];
  const number = Number(ordered.get('history') ?? concerned[0]?.number);
  const [asked] = ticketsOf(state, [number]);
  const about = message.bounce?.originalMessageId;
  const bounced = state.outbox.findIndex((m) => m.messageId === about);
  const failed = state.outbox[bounced];
  const lastHour = (at: Date): boolean => state.now.getTime() - at.getTime() < hour;
  /** answers of the last hour to this staff member's mails that were, or were not, vouched for */
  const answered = (vouchedFor: boolean): number =>
    state.outbox.filter(
      (m) =>
        standing.kind === 'staff' &&
        m.to === standing.staff.email &&
        ['confirm-staff', 'receipt-staff', 'help-staff'].includes(m.template) &&
        state.inbox.find(({ id }) => id === m.cause)?.isVouchedFor === vouchedFor &&
        lastHour(m.createdAt),
    ).length;

  return {
    message: incoming.id,
    receivedAt: incoming.receivedAt,
    arrivedAt: incoming.arrivedAt,
    standing,
    formerStaff: isFormerStaff(state, from),
    block: state.blocked.get(from) ?? null,
    staff,
    confirmedBy,
    announced: incoming.announced,
    accepted: incoming.accepted,
    addressedCompanies: [...message.to, ...message.cc].flatMap(({ email }) => {
      const contact = state.contacts.get(email)?.company;
      const byDomain = state.companies.find((c) => c.domains.includes(emailDomain(email)))?.id;
      return [contact, byDomain].filter((id) => id !== undefined);
    }),
    tokens: presented.map((t) => presentedToken(state, t)),
    unknownTokens: unknown,
    quotedFiles: new Set(),
    tickets,
    earlier: state.inbox
      .filter((m) => m.message.identity === message.identity && m.id !== incoming.id)
      .filter((m) => m.disposition !== 'pending' && m.disposition !== 'duplicate')
      .map((m) => ({
        id: m.id,
        from: m.message.from.ok ? m.message.from.address.email : '',
        contentHash: m.message.contentHash,
        ticket: m.ticket,
        disposition: m.disposition,
      })),
    bounced:
      failed === undefined
        ? null
        : {
            id: bounced,
            to: failed.to,
            template: failed.template,
            toClient: failed.toClient,
            ticket: ticketsOf(state, [failed.outgoing.ticket ?? 0])[0] ?? null,
            sentAt: failed.dueAt,
            hasFailed: failed.hasFailed,
          },
    isOurs: state.outbox.some((m) => m.messageId === message.messageId),
    repliesGoTo: message.replyTo
      .filter(({ email }) => email !== from)
      .map((address) => ({ address, company: companyOf(standingOf(state, address.email))?.name ?? null })),
    knownTokens: new Set(
      tokenCandidates(words).filter((letters) => state.tokens.some(({ token }) => token === letters)),
    ),
    internalKeys: internalKeys(
      state,
      words,
      [...concerned.map((t) => t.company.id), company?.id ?? 0],
      named,
    ),
    named: writtenOn(state, named),
    newWords: message.newWords,
    subjectMessage: subjectMessage(state, presented),
    listed: listed(state, presented),
    companies: state.companies.filter((c) => !c.ended).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    onBehalfOf: spokenFor,
    companyTickets: [...state.tickets.values()]
      .filter((t) => t.company.id === company?.id)
      .slice(-3)
      .toReversed(),
    lastTicket,
    lastCommands: ordered.has('undo')
      ? lastCommands(
          state,
          confirmedBy?.email ??
            (standing.kind === 'staff' ? standing.staff.email : ownerOf(state, presented[0])),
          concerned,
        )
      : [],
    closingMails: [...new Set([...concerned, ...survivors, ...merged])].map(({ number: n }) =>
      closingMails(state, n),
    ),
    mergeTarget: state.tickets.get(Number(ordered.get('merge') ?? 0)) ?? null,
    merged,
    survivors,
    withoutClient: ordered.has('close')
      ? [...concerned, ...merged].filter((ticket) => hasLeft(state, ticket)).map((ticket) => ticket.number)
      : [],
    openTickets: ordered.has('list') ? [...state.tickets.values()].filter((t) => t.state !== 'closed') : [],
    history:
      ordered.has('history') && asked !== undefined
        ? {
            ticket: asked,
            events: state.events
              .filter((e) => e.ticket === number)
              .map(({ event, at }) => ({ ...event, at })),
          }
        : null,
    recent: {
      opened: state.events.filter(
        (e) => e.event.type === 'opened' && lastHour(e.at) && e.event.actor === from,
      ).length,
      unprovenOpened: state.inbox.filter(
        (m) =>
          m.disposition === 'opened' &&
          lastHour(m.receivedAt) &&
          verdictOf({ message: m.message, policy: state.policy }).result !== 'pass' &&
          m.message.from.ok &&
          !state.contacts.has(m.message.from.address.email) &&
          standing.kind === 'client' &&
          state.tickets.get(m.ticket ?? 0)?.company.id === standing.company.id,
      ).length,
      mailsTo: countsOf(state, (m) => (m.toClient ? mailboxOf(m.to) : null)),
      about: aboutTickets(state),
      asked: answered(true),
      askedUnvouched: answered(false),
      heldNotice: lastHeldNotice(state),
      quarantineNotices: state.outbox.filter(
        (m) => m.template === 'quarantine-administrator' && lastHour(m.createdAt),
      ).length,
    },
    echo: {
      lastMail: incoming.lastMail,
      writtenToday: state.outbox.some((m) => m.to === from && !m.cancelled && m.dueAt <= state.now),
      earlier: state.inbox
        .filter((m) => m.id < incoming.id && m.message.from.ok && m.message.from.address.email === from)
        .filter((m) => m.disposition !== 'pending' && m.disposition !== 'duplicate')
        .toReversed()
        .slice(0, 20)
        .map((m) => ({
          text: m.message.reply.text,
          subject: m.message.subject,
          at: m.receivedAt,
          ticket: m.ticket,
          lastMail: m.lastMail,
        })),
    },
    folds: waitingFolds(state),
    nextTicketNumber: 1001 + state.tickets.size,
    newRootMessageId: `<ticket.${1001 + state.tickets.size}@kybernes.it>`,
  };
}

/** The address of a token's owner. */
function ownerOf(state: State, token: Token | undefined): string {
  return state.staff.find((s) => s.id === token?.owner)?.email ?? '';
}

/** Number of mails sent within the hour or still waiting, by key; null excludes a mail. */
function countsOf(state: State, counted: (mail: Sent) => string | null): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const mail of state.outbox) {
    const as = counted(mail);
    if (as === null || mail.hasFailed) continue;
    if (state.now.getTime() - mail.dueAt.getTime() < hour) counts[as] = (counts[as] ?? 0) + 1;
  }
  return counts;
}

const keyOf = ({ to, outgoing }: Sent): string | null =>
  outgoing.ticket === null ? null : `${to} ${outgoing.ticket}`;

/** The same of each staff member, about each ticket. */
function aboutTickets(state: State): Snapshot['recent']['about'] {
  const mails = countsOf(state, keyOf);
  const replies = countsOf(state, (m) =>
    ['follow-up-staff', 'reopened-staff'].includes(m.template) ? keyOf(m) : null,
  );
  return Object.entries(mails).flatMap(([key, count]) => {
    const [to, number] = key.split(' ');
    const member = state.staff.find(({ email }) => email === to);
    return member === undefined
      ? []
      : [{ ticket: Number(number), staff: member.id, mails: count, replies: replies[key] ?? 0 }];
  });
}

/** True if the client of a ticket has left its company. */
function hasLeft(state: State, { requester, company }: Ticket): boolean {
  const contact = state.contacts.get(requester.email);
  if (contact !== undefined) return contact.disabled || contact.company !== company.id;
  const domain = emailDomain(requester.email);
  return !state.companies.some(({ id, domains }) => id === company.id && domains.includes(domain));
}

/** The closing mails of a ticket that its client has not got. */
function closingMails(state: State, number: number): ClosingMails {
  const closings = [number, state.tickets.get(number)?.mergedInto];
  const cause = state.events.findLast(
    (e) => closings.includes(e.ticket) && e.event.type === 'closed',
  )?.message;
  const mails = state.outbox.flatMap((mail, id) =>
    mail.template === 'closed-client' && mail.outgoing.ticket === number ? [{ mail, id }] : [],
  );
  return {
    ticket: number,
    waiting: mails.filter(({ mail }) => !mail.cancelled && mail.dueAt > state.now).map(({ id }) => id),
    takenBack: mails
      .filter(({ mail }) => mail.cancelled && mail.cause === cause)
      .map(({ mail, id }) => ({
        id,
        to: { name: '', email: mail.to },
        subject: mail.subject,
        text: JSON.stringify(mail.outgoing.mail.view),
      })),
  };
}

/** The writer's last command on each ticket, as the database would give it. */
function lastCommands(state: State, writer: string, tickets: readonly Ticket[]): LastCommand[] {
  return tickets.flatMap(({ number, mergedInto }) => {
    const events = state.events.filter((e) => e.ticket === number);
    const message = events.findLast((e) => e.before !== null && e.event.actor === writer)?.message;
    const first = events.findIndex((e) => e.message === message && e.before !== null);
    const command = events[first];
    if (command === undefined || command.before === null) return [];
    const later = events.slice(first + 1);
    if (later.some((e) => e.event.type === 'undone' && e.event.actor === writer)) return [];
    const mails = state.outbox.flatMap((m, id) =>
      m.cause === message && m.toClient && !m.cancelled ? [{ id, waits: m.dueAt > state.now }] : [],
    );
    return [
      {
        ticket: number,
        at: command.at,
        before: command.before,
        changedSince:
          later.some(
            (e) =>
              e.message !== message &&
              (e.before !== null || ['undone', 'reopened', 'merged'].includes(e.event.type)),
          ) ||
          state.events.some(
            (e) =>
              e.ticket === mergedInto &&
              e.event.type === 'closed' &&
              state.events.indexOf(e) > state.events.indexOf(command),
          ),
        waitingMails: mails.filter((m) => m.waits).map((m) => m.id),
        mailsGone: mails.some((m) => !m.waits),
      },
    ];
  });
}

function standingOf(state: State, email: string): Standing {
  const member = state.staff.find((s) => s.email === email || s.aliases.includes(email));
  if (member?.disabled === false) return { kind: 'staff', staff: member };
  const contact = state.contacts.get(email);
  const domain = emailDomain(email);
  const company =
    contact === undefined
      ? state.companies.find((c) => c.domains.includes(domain) && !isFreeMailDomain(domain))
      : state.companies.find((c) => c.id === contact.company);
  if (company !== undefined) {
    if (contact?.disabled === true) return { kind: 'disabled', company };
    return company.ended
      ? { kind: 'ended', company }
      : { kind: 'client', company, known: contact !== undefined, failsDmarc: state.failsDmarc.has(email) };
  }
  const like = lookalikeOf(
    domain,
    state.companies.flatMap((c) => c.domains),
  );
  const imitated = state.companies.find((c) => like !== null && c.domains.includes(like));
  return { kind: 'stranger', lookalike: imitated?.name ?? null };
}

/** Tokens stand in addresses of ours, now or formerly, never in the body; and how many strings of their form there are none. */
function tokensIn(state: State, message: Message): { presented: Token[]; unknown: number } {
  const addresses = [...message.to, ...message.cc].map((a) => a.email);
  const written = [...addresses, ...message.deliveredTo].map((email) => {
    const { base, detail } = plusDetail(email);
    return { base, detail: detail?.toLowerCase() ?? '' };
  });
  const ours = state.policy.queues.map(({ address }) => address);
  const presented = state.tokens.filter((t) =>
    written.some(({ base, detail }) => detail === t.token && [...ours, t.address].includes(base)),
  );
  const others = written.filter(
    ({ base, detail }) =>
      /^[a-z2-7]{26}$/u.test(detail) &&
      ours.includes(base) &&
      !presented.some(({ token }) => token === detail),
  );
  return { presented, unknown: new Set(others.map(({ detail }) => detail)).size };
}

function presentedToken(state: State, t: Token): PresentedToken {
  const { id, subject } = t;
  const owner = state.staff.find((s) => s.id === t.owner && !s.disabled) ?? null;
  if (t.revoked) return { id, subject, owner, state: 'revoked' };
  if (t.used) return { id, subject, owner, state: 'used' };
  return { id, subject, owner, state: t.expiresAt <= state.now ? 'expired' : 'valid' };
}

function ticketsOf(state: State, numbers: readonly number[]): Ticket[] {
  return [...new Set(numbers)].flatMap((n) => state.tickets.get(n) ?? []);
}

function ticketsNamed(state: State, id: string, besides: number): number[] {
  return [
    ...state.outbox.filter((m) => m.messageId === id).map((m) => m.outgoing.ticket),
    ...[...state.tickets.values()].filter((t) => t.rootMessageId === id).map((t) => t.number),
    ...state.inbox.filter((m) => m.message.messageId === id && m.id !== besides).map((m) => m.ticket),
  ].filter((n) => n !== null);
}

/** Words of the mail that stand in internal communications of a year, and in no solution. */
function internalKeys(
  state: State,
  words: string,
  companies: readonly number[],
  tickets: readonly Ticket[],
): Set<number> {
  const year = 365 * 24 * hour;
  const texts = (isTold: boolean): string[] =>
    state.events.flatMap(({ ticket, event, at }) => {
      const about = state.tickets.get(ticket);
      const counts = isTold
        ? event.type === 'closed'
        : eventKindOf(event.type).readers === 'staff' &&
          state.now.getTime() - at.getTime() < year &&
          (tickets.some((t) => t.number === ticket) || companies.includes(about?.company.id ?? 0));
      return counts ? (event.text ?? []) : [];
    });
  const told = new Set(texts(true).flatMap(keysOf));
  const inside = new Set(texts(false).flatMap(keysOf));
  return new Set(quotedKeys(words).filter((key) => inside.has(key) && !told.has(key)));
}

function writtenOn(state: State, tickets: readonly Ticket[]): Snapshot['named'] {
  const distinct = tickets.filter((ticket, i) => tickets.findIndex((t) => t.number === ticket.number) === i);
  return distinct.map((ticket) => ({
    ticket,
    events: state.events.flatMap((e) =>
      e.ticket === ticket.number && e.event.text !== null
        ? [{ text: e.event.text, forClient: eventKindOf(e.event.type).readers === 'client' }]
        : [],
    ),
  }));
}

function subjectMessage(state: State, presented: readonly Token[]): HeldMessage | null {
  const subject = presented.map((t) => t.subject).find((s) => 'message' in s);
  const found = state.inbox.find(
    (m) => subject !== undefined && 'message' in subject && m.id === subject.message,
  );
  if (found === undefined) return null;
  return heldMessage(state, found);
}

function heldMessage(state: State, found: Incoming): HeldMessage {
  const { message } = found;
  const verdict = verdictOf({ message, policy: state.policy });
  const from = message.from.ok ? message.from.address : { name: '', email: '' };
  return {
    id: found.id,
    answerable: verdict.result === 'pass' && message.kind === 'person' && !message.noAnswer,
    from,
    subject: message.subject,
    receivedAt: found.receivedAt,
    text: message.reply.text,
    messageId: message.messageId,
    disposition: found.disposition,
    reason: found.reason,
    proof: verdict.result,
    standing: standingOf(state, from.email),
    isBlocked: state.blocked.has(from.email),
  };
}

/** The held messages that a presented list showed, in its order. */
function listed(state: State, presented: readonly Token[]): HeldMessage[] {
  const subject = presented.map((t) => t.subject).find((s) => s.purpose === 'list');
  if (subject?.purpose !== 'list') return [];
  return subject.held
    .flatMap((id) => state.inbox.find((m) => m.id === id) ?? [])
    .map((m) => heldMessage(state, m));
}

function lastHeldNotice(state: State): Snapshot['recent']['heldNotice'] {
  const due = state.outbox
    .filter((m) => m.template === 'held-staff' && state.now.getTime() - m.dueAt.getTime() < hour)
    .toSorted((a, b) => b.dueAt.getTime() - a.dueAt.getTime())[0];
  return due === undefined ? null : { at: due.dueAt, isList: due.outgoing.fold !== null };
}

function isFormerStaff(state: State, email: string): boolean {
  return state.staff.some((s) => s.disabled && (s.email === email || s.aliases.includes(email)));
}

function onBehalfOf(
  state: State,
  message: Message,
  standing: Standing,
  openFor: string | null,
): Snapshot['onBehalfOf'] {
  const forwarded = message.reply.forwarded?.from ?? null;
  const email = standing.kind === 'client' ? message.opening.email : (openFor ?? forwarded?.email ?? null);
  if (email === null) return null;
  const name = state.contacts.get(email)?.name ?? (openFor === null ? (forwarded?.name ?? '') : '');
  return { address: { name, email }, standing: standingOf(state, email) };
}

function waitingFolds(state: State): Record<string, FoldItem[]> {
  const folds: Record<string, FoldItem[]> = {};
  for (const { outgoing, dueAt } of state.outbox) {
    const { fold } = outgoing;
    if (fold !== null && dueAt > state.now && fold.items.length > (folds[fold.key]?.length ?? 0))
      folds[fold.key] = fold.items;
  }
  return folds;
}
