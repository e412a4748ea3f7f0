import { emailDomain, isFreeMailDomain, lookalikeOf, plusDetail } from '../../src/core/address.ts';
import { judge, type Verdict } from '../../src/core/authentication.ts';
import { readClientForm } from '../../src/core/client-form.ts';
import { readAcceptArgument } from '../../src/core/commands.ts';
import { decide } from '../../src/core/decide.ts';
import type {
  Decision,
  Disposition,
  Effect,
  FoldItem,
  Outgoing,
  Policy,
  TokenSubject,
} from '../../src/core/decision.ts';
import type { Message } from '../../src/core/message.ts';
import { nameKey } from '../../src/core/name-key.ts';
import type { HeldMessage, PresentedToken, Snapshot, Standing } from '../../src/core/snapshot.ts';
import { readTags } from '../../src/core/thread.ts';
import type { Company, Staff, Ticket, TicketEvent } from '../../src/core/ticket.ts';
import { parseMessage } from '../../src/mail/parse.ts';

/**
 * The desk in memory: what the database is to the product, in the simplest form that a decision can be played on.
 * Mails go in as bytes; snapshots are built from what is here, and what is decided is written back.
 */
export type State = {
  now: Date;
  policy: Policy;
  companies: (Company & { domains: string[]; ended: boolean })[];
  contacts: Map<string, { name: string; company: number; disabled: boolean }>;
  staff: (Staff & { disabled: boolean })[];
  blocked: Set<string>;
  tickets: Map<number, Ticket>;
  events: { ticket: number; at: Date; event: TicketEvent; message: number }[];
  tokens: Token[];
  inbox: Incoming[];
  outbox: Sent[];
};

export type Token = {
  id: number;
  token: string;
  subject: TokenSubject;
  owner: number;
  expiresAt: Date;
  used: boolean;
  revoked: boolean;
  mail: Sent;
};

export type Incoming = {
  id: number;
  message: Message;
  verdict: Verdict;
  receivedAt: Date;
  arrivedAt: string | null;
  disposition: Disposition;
  ticket: number | null;
  confirmedBy: number | null;
  accepted: boolean;
};

/** One mail that went out, or waits for its time. */
export type Sent = {
  to: string;
  toClient: boolean;
  template: string;
  outgoing: Outgoing;
  subject: string;
  replyTo: string;
  messageId: string;
  createdAt: Date;
  dueAt: Date;
  /** Reply-To of each further entry of a folded notice, by message */
  entries: Record<number, string>;
};

/** What became of one message, and all that happened because of it. */
export type Outcome = {
  id: number;
  disposition: Disposition;
  reason: string;
  ticket: number | null;
  /** `template > name before the @`, sorted */
  told: string[];
  /** types of the events, in order */
  events: string[];
  mails: Sent[];
  decision: Decision;
  /** what became of the messages it released or confirmed */
  after: Outcome[];
};

const hour = 60 * 60 * 1000;

/** Takes one mail in and decides it, and everything that its decision sends back to be decided again. */
export async function receive(
  state: State,
  raw: Uint8Array,
  arrivedAt: string | null = null,
): Promise<Outcome> {
  const message = await parseMessage(raw, { deliveredTo: arrivedAt === null ? [] : [arrivedAt] });
  const verdict: Verdict = message.from.ok
    ? judge(
        {
          fromDomain: emailDomain(message.from.address.email),
          authenticationResults: message.authenticationResults,
          ownDkim: null,
        },
        state.policy.trustedAuthservIds,
      )
    : { result: 'none', why: 'no single sender' };
  const incoming: Incoming = {
    id: state.inbox.length + 1,
    message,
    verdict,
    receivedAt: state.now,
    arrivedAt,
    disposition: 'pending',
    ticket: null,
    confirmedBy: null,
    accepted: false,
  };
  state.inbox.push(incoming);
  const outcome = settle(state, incoming);
  const after: Outcome[] = [];
  for (;;) {
    const pending = state.inbox.find((m) => m.disposition === 'pending');
    if (pending === undefined) return { ...outcome, after };
    after.push(settle(state, pending));
  }
}

function settle(state: State, incoming: Incoming): Outcome {
  const { message, verdict } = incoming;
  const decision = decide({
    message,
    snapshot: snapshotOf(state, incoming),
    policy: state.policy,
    now: state.now,
    verdict,
  });
  const before = state.events.length;
  for (const effect of decision.effects) apply(state, effect, incoming.id);
  const mails = decision.outgoing.map((outgoing) => queue(state, outgoing));
  incoming.disposition = decision.disposition;
  incoming.ticket = decision.ticket;
  return {
    id: incoming.id,
    disposition: decision.disposition,
    reason: decision.reason,
    ticket: decision.ticket,
    told: mails.map((m) => `${m.template} > ${m.to.split('@')[0]}`).toSorted(),
    events: state.events.slice(before).map(({ event }) => event.type),
    mails,
    decision,
    after: [],
  };
}

// ── what a decision reads ────────────────────────────────────────────────────

function snapshotOf(state: State, incoming: Incoming): Snapshot {
  const { message } = incoming;
  const from = message.from.ok ? message.from.address.email : '';
  const staff = state.staff.filter((s) => !s.disabled);
  const standing = standingOf(state, from);
  const strings = tokensIn(message);
  const presented = state.tokens.filter((t) => strings.includes(t.token));
  const own = message.messageId === null ? [] : [message.messageId];
  const ids = [...message.inReplyTo, ...message.references.toReversed(), ...own];
  const tickets = {
    byToken: presented.flatMap(({ subject }) =>
      subject.purpose === 'ticket' ? ticketsOf(state, [subject.ticket]) : [],
    ),
    byTag: ticketsOf(state, readTags(message.subject)),
    byReference: ticketsOf(
      state,
      ids.flatMap((id) => ticketsNamed(state, id, incoming.id)),
    ),
  };
  const concerned = [...tickets.byToken, ...tickets.byTag, ...tickets.byReference];
  const commands = message.reading.kind === 'commands' ? message.reading.commands : [];
  const ordered = new Map(commands.map((command) => [command.name, command.argument]));
  const number = Number(ordered.get('history') ?? concerned[0]?.number);
  const [asked] = ticketsOf(state, [number]);
  const about = message.bounce?.originalMessageId;
  const bounced = state.outbox.findIndex((m) => m.messageId === about);
  const failed = state.outbox[bounced];
  const lastHour = (at: Date): boolean => state.now.getTime() - at.getTime() < hour;

  return {
    message: incoming.id,
    receivedAt: incoming.receivedAt,
    arrivedAt: incoming.arrivedAt,
    standing,
    staff,
    confirmedBy: staff.find((s) => s.id === incoming.confirmedBy) ?? null,
    accepted: incoming.accepted,
    addressedCompanies: [...message.to, ...message.cc].flatMap(({ email }) => {
      const contact = state.contacts.get(email)?.company;
      const byDomain = state.companies.find((c) => c.domains.includes(emailDomain(email)))?.id;
      return [contact, byDomain].filter((id) => id !== undefined);
    }),
    tokens: presented.map((t) => presentedToken(state, t)),
    unknownTokens: strings.length - presented.length,
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
          },
    internalTexts: ordered.has('close') ? internalTexts(state, concerned) : [],
    subjectMessage: subjectMessage(state, presented),
    companies: ordered.has('accept')
      ? companiesLike(state, ordered.get('accept') ?? '')
      : { exact: null, near: [] },
    onBehalfOf: onBehalfOf(state, message, standing, ordered.get('open_for') ?? null),
    lastTicket: [...state.tickets.values()].findLast((t) => t.requester.email === from) ?? null,
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
      asked: state.outbox.filter(
        (m) =>
          standing.kind === 'staff' &&
          m.to === standing.staff.email &&
          ['confirm-staff', 'receipt-staff', 'help-staff'].includes(m.template) &&
          lastHour(m.createdAt),
      ).length,
      heldNotices: state.outbox.filter((m) => m.template === 'held-staff' && lastHour(m.createdAt)).length,
    },
    folds: waitingFolds(state),
    nextTicketNumber: 1001 + state.tickets.size,
    newRootMessageId: `<ticket.${1001 + state.tickets.size}@kybernes.it>`,
  };
}

function standingOf(state: State, email: string): Standing {
  const member = state.staff.find((s) => s.email === email || s.aliases.includes(email));
  if (member !== undefined)
    return member.disabled ? { kind: 'former_staff', email } : { kind: 'staff', staff: member };
  const contact = state.contacts.get(email);
  const domain = emailDomain(email);
  const company =
    contact === undefined
      ? state.companies.find((c) => c.domains.includes(domain) && !isFreeMailDomain(domain))
      : state.companies.find((c) => c.id === contact.company);
  if (contact === undefined && state.blocked.has(email)) return { kind: 'blocked' };
  if (company !== undefined) {
    if (contact?.disabled === true) return { kind: 'disabled', company };
    return company.ended
      ? { kind: 'ended', company }
      : { kind: 'client', company, known: contact !== undefined };
  }
  const like = lookalikeOf(
    domain,
    state.companies.flatMap((c) => c.domains),
  );
  const imitated = state.companies.find((c) => like !== null && c.domains.includes(like));
  return { kind: 'stranger', lookalike: imitated?.name ?? null };
}

/** Tokens stand in addresses, never in the body. */
function tokensIn(message: Message): string[] {
  const addresses = [...message.to, ...message.cc].map((a) => a.email);
  return [...addresses, ...message.deliveredTo].map(
    (email) => plusDetail(email).detail?.toLowerCase() ?? 'none',
  );
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

function internalTexts(state: State, tickets: readonly Ticket[]): string[] {
  return state.events.flatMap(({ ticket, event }) =>
    tickets.some((t) => t.number === ticket) &&
    ['internal_note', 'staff_message', 'taken', 'progress'].includes(event.type)
      ? (event.text ?? [])
      : [],
  );
}

function subjectMessage(state: State, presented: readonly Token[]): HeldMessage | null {
  const subject = presented.map((t) => t.subject).find((s) => 'message' in s);
  const found = state.inbox.find(
    (m) => subject !== undefined && 'message' in subject && m.id === subject.message,
  );
  if (found === undefined) return null;
  const { message, verdict } = found;
  return {
    id: found.id,
    answerable: verdict.result === 'pass' && message.kind === 'person' && !message.noAnswer,
    from: message.from.ok ? message.from.address : { name: '', email: '' },
    subject: message.subject,
    receivedAt: found.receivedAt,
    text: message.reply.text,
    messageId: message.messageId,
    disposition: found.disposition,
  };
}

function companiesLike(state: State, argument: string): Snapshot['companies'] {
  const key = nameKey(readAcceptArgument(argument).company);
  const active = state.companies.filter((c) => !c.ended);
  return {
    exact: active.find((c) => nameKey(c.name) === key) ?? null,
    near: active.filter((c) => nameKey(c.name).includes(key)).map((c) => c.name),
  };
}

function onBehalfOf(
  state: State,
  message: Message,
  standing: Standing,
  openFor: string | null,
): Snapshot['onBehalfOf'] {
  const forwarded = message.reply.forwarded?.from ?? null;
  const email =
    standing.kind === 'client'
      ? readClientForm(message.fullText).email
      : (openFor ?? forwarded?.email ?? null);
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

// ── what a decision changes ──────────────────────────────────────────────────

function apply(state: State, effect: Effect, message: number): void {
  switch (effect.do) {
    case 'open':
    case 'append':
      state.tickets.set(effect.ticket.number, effect.ticket);
      state.events.push({ ticket: effect.ticket.number, at: state.now, event: effect.event, message });
      return;
    case 'create_company':
      state.companies.push({
        id: state.companies.length + 1,
        name: effect.name,
        contracts: [],
        domains: [],
        ended: false,
      });
      return;
    case 'enrol_contact': {
      const company = state.companies.find((c) => nameKey(c.name) === nameKey(effect.company));
      if (company === undefined) throw new Error(`no company ${effect.company}`);
      const { email, name } = effect.address;
      state.contacts.set(email, { name, company: company.id, disabled: false });
      return;
    }
    case 'block_sender':
      state.blocked.add(effect.email);
      return;
    case 'add_alias':
      state.staff.find((s) => s.id === effect.staffId)?.aliases.push(effect.email);
      return;
    case 'use_token':
    case 'revoke_token':
      for (const t of state.tokens.filter(({ id }) => id === effect.tokenId)) {
        if (effect.do === 'use_token') t.used = true;
        else t.revoked = true;
      }
      return;
    case 'release_held':
      for (const m of heldOf(state, effect.email))
        Object.assign(m, { disposition: 'pending', accepted: true });
      return;
    case 'reject_held':
      for (const m of heldOf(state, effect.email)) m.disposition = 'rejected';
      return;
    case 'confirm_message':
      for (const m of state.inbox.filter(({ id }) => id === effect.message))
        Object.assign(m, { disposition: 'pending', confirmedBy: effect.staffId });
      return;
    case 'retry_message':
    case 'discard_message':
      for (const m of state.inbox.filter(({ id }) => id === effect.message))
        m.disposition = effect.do === 'retry_message' ? 'pending' : 'rejected';
      return;
    case 'attach':
    case 'fail_outgoing':
      return;
    default:
      throw effect satisfies never;
  }
}

function heldOf(state: State, email: string): Incoming[] {
  return state.inbox.filter(
    ({ disposition, message: { from } }) => disposition === 'held' && from.ok && from.address.email === email,
  );
}

/** Queues a mail with fresh tokens; one that folds takes the place of its waiting predecessor. */
function queue(state: State, outgoing: Outgoing): Sent {
  const to = outgoing.to.kind === 'staff' ? outgoing.to.staff.email : outgoing.to.address.email;
  const ticket = outgoing.ticket === null ? undefined : state.tickets.get(outgoing.ticket);
  const mail: Sent = {
    to,
    toClient: outgoing.to.kind === 'client',
    template: outgoing.mail.template,
    outgoing,
    subject: ticket === undefined ? 'Assistenza' : `[#${ticket.number}] ${ticket.subject}`,
    replyTo: outgoing.queue.address,
    messageId: `<out.${state.outbox.length + 1}.${state.inbox.length}@kybernes.it>`,
    createdAt: state.now,
    dueAt: new Date(state.now.getTime() + outgoing.delayMinutes * 60_000),
    entries: {},
  };
  const { fold } = outgoing;
  const waiting = state.outbox.findIndex(
    (m) => fold !== null && m.outgoing.fold?.key === fold.key && m.to === to && m.dueAt > state.now,
  );
  const predecessor = state.outbox[waiting];
  if (predecessor !== undefined) {
    state.tokens = state.tokens.filter((t) => t.mail !== predecessor);
    state.outbox[waiting] = { ...mail, dueAt: predecessor.dueAt, createdAt: predecessor.createdAt };
  } else {
    state.outbox.push(mail);
  }
  const row = predecessor === undefined ? mail : (state.outbox[waiting] ?? mail);
  if (outgoing.to.kind === 'staff') {
    const owner = outgoing.to.staff.id;
    if (outgoing.token !== null) row.replyTo = mint(state, outgoing, owner, outgoing.token, row);
    const also = outgoing.mail.template === 'held-staff' ? outgoing.mail.view.also : [];
    for (const { id } of also)
      row.entries[id] = mint(state, outgoing, owner, { purpose: 'held', message: id }, row);
  }
  return row;
}

/** A fresh token for this staff member and subject; its reply address. */
function mint(state: State, outgoing: Outgoing, owner: number, subject: TokenSubject, mail: Sent): string {
  const id = (state.tokens.at(-1)?.id ?? 0) + 1;
  const token = Array.from(String(id).padStart(26, 'k'), (d) =>
    /\d/.test(d) ? 'abcdefghij'[Number(d)] : d,
  ).join('');
  const expiresAt = new Date(state.now.getTime() + 90 * 24 * hour);
  state.tokens.push({ id, token, subject, owner, expiresAt, used: false, revoked: false, mail });
  return outgoing.queue.address.replace('@', `+${token}@`);
}
