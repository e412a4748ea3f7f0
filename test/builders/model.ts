import { createHash } from 'node:crypto';
import { isVouchedFor } from '../../src/core/case/authority.ts';
import { blockedReason, isAsUnproven } from '../../src/core/case/block.ts';
import { asWriter } from '../../src/core/case/own-address.ts';
import { decide } from '../../src/core/decide/decide.ts';
import type { Decision, Effect, NewToken, Outgoing } from '../../src/core/ticket/decision.ts';
import { nameKey } from '../../src/core/letters/name-key.ts';
import { caseOf, verdictOf } from '../../src/core/case/case.ts';
import type { Mail } from '../../src/core/ticket/template-views.ts';
import { parseMessage } from '../../src/mail/parse/parse.ts';
import { snapshotOf } from './snapshot.ts';
import type { Incoming, Sent, State } from './state.ts';
import type { Disposition } from '../../src/core/kinds.ts';

/** Outcome of a message, with everything that followed from it. */
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
  /** outcomes of the messages it released or confirmed */
  after: Outcome[];
};

/** Takes one mail in and decides it, and everything that its decision sends back to be decided again. */
export async function receive(
  state: State,
  raw: Uint8Array,
  arrivedAt: string | null = null,
): Promise<Outcome> {
  const parsed = await parseMessage(raw, { deliveredTo: arrivedAt === null ? [] : [arrivedAt] });
  const message = asWriter(parsed, state.policy.queues);
  const incoming: Incoming = {
    id: state.inbox.length + 1,
    message,
    receivedAt: state.now,
    lastMail: null,
    arrivedAt,
    disposition: 'pending',
    ticket: null,
    confirmedBy: null,
    announced: null,
    accepted: false,
    isVouchedFor: false,
    reason: '',
    rejectedBy: null,
  };
  incoming.lastMail = lastMailTo(state, message.from.ok ? message.from.address.email : '');
  state.inbox.push(incoming);
  const outcome = settle(state, incoming);
  const after: Outcome[] = [];
  for (;;) {
    const pending = state.inbox.find((m) => m.disposition === 'pending');
    if (pending === undefined) return { ...outcome, after };
    after.push(settle(state, pending));
  }
}

/** The mail of ours that left last to an address, within ten minutes. */
function lastMailTo(state: State, email: string): number | null {
  const isRecent = ({ to, dueAt, cancelled }: Sent): boolean => {
    const age = state.now.getTime() - dueAt.getTime();
    return to === email && !cancelled && age >= 0 && age < 10 * 60_000;
  };
  const last = state.outbox.findLastIndex(isRecent);
  return last === -1 ? null : last;
}

function settle(state: State, incoming: Incoming): Outcome {
  const { message } = incoming;
  const one = caseOf({
    message,
    snapshot: snapshotOf(state, incoming),
    policy: state.policy,
    now: state.now,
    hash: (text: string) => createHash('sha256').update(text).digest('hex'),
  });
  const decision = decide(one);
  incoming.isVouchedFor = isVouchedFor(one);
  const before = state.events.length;
  for (const effect of decision.effects) apply(state, effect, incoming.id);
  const mails = decision.outgoing.map((outgoing) => queue(state, outgoing, incoming.id));
  incoming.disposition = decision.disposition;
  incoming.reason = decision.reason;
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

// ── what a decision changes ──────────────────────────────────────────────────

function apply(state: State, effect: Effect, message: number): void {
  switch (effect.do) {
    case 'open':
    case 'append':
      state.tickets.set(effect.ticket.number, effect.ticket);
      state.events.push({
        ticket: effect.ticket.number,
        at: state.now,
        event: effect.event,
        message,
        before: effect.do === 'append' ? (effect.before ?? null) : null,
      });
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
    case 'accept_dmarc_failure':
      state.failsDmarc.add(effect.email);
      return;
    case 'block_sender':
      if (
        !isAsUnproven(effect.proof, state.blocked.get(effect.email) ?? 'fail') ||
        !state.blocked.has(effect.email)
      )
        state.blocked.set(effect.email, effect.proof);
      return;
    case 'unblock_sender':
      state.blocked.delete(effect.email);
      return;
    case 'hold_again': {
      const about = state.inbox.find(({ id }) => id === effect.message);
      for (const m of state.inbox) {
        const own = m.message.from.ok && m.message.from.address.email === effect.email;
        const together = m.rejectedBy !== null && m.rejectedBy === about?.rejectedBy;
        if (own && m.disposition === 'rejected' && (together || m.reason === blockedReason))
          Object.assign(m, { disposition: 'held', reason: effect.reason });
      }
      return;
    }
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
      for (const m of heldOf(state, effect.email))
        if (isAsUnproven(verdictOf({ message: m.message, policy: state.policy }).result, effect.proof))
          Object.assign(m, { disposition: 'rejected', reason: effect.reason, rejectedBy: message });
      return;
    case 'confirm_message':
      for (const m of state.inbox.filter(({ id }) => id === effect.message))
        Object.assign(m, {
          disposition: 'pending',
          confirmedBy: effect.staffId,
          announced: announcedBy(state, effect.tokenId),
        });
      return;
    case 'retry_message':
    case 'discard_message':
      for (const m of state.inbox.filter(({ id }) => id === effect.message))
        m.disposition = effect.do === 'retry_message' ? 'pending' : 'rejected';
      return;
    case 'fail_outgoing': {
      const mail = state.outbox[effect.outbox];
      if (mail !== undefined) mail.hasFailed = true;
      return;
    }
    case 'cancel_outgoing':
      for (const id of effect.outbox) {
        const mail = state.outbox[id];
        if (mail === undefined || mail.dueAt <= state.now) throw new Error(`mail ${id} has left`);
        mail.cancelled = true;
      }
      return;
    case 'restore_outgoing':
      for (const id of effect.outbox) {
        const mail = state.outbox[id];
        if (mail?.cancelled !== true) throw new Error(`mail ${id} was not taken back`);
        mail.cancelled = false;
        mail.dueAt = new Date(state.now.getTime() + effect.delayMinutes * 60_000);
      }
      return;
    default:
      throw effect satisfies never;
  }
}

/** The decision announced by the question with this token. */
function announcedBy(state: State, token: number): string | null {
  return state.tokens.find(({ id }) => id === token)?.announced ?? null;
}

function heldOf(state: State, email: string): Incoming[] {
  return state.inbox.filter(
    ({ disposition, message: { from } }) => disposition === 'held' && from.ok && from.address.email === email,
  );
}

/** Queues a mail with fresh tokens; one that folds takes the place of its waiting predecessor. */
function queue(state: State, outgoing: Outgoing, message: number): Sent {
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
    cause: message,
    cancelled: false,
    hasFailed: false,
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
    const { mail: about } = outgoing;
    const purpose = about.template === 'quarantine-administrator' ? 'quarantine' : 'held';
    for (const id of entriesOf(about))
      row.entries[id] = mint(state, outgoing, owner, { purpose, message: id }, row);
  }
  return row;
}

/** Messages that a mail lists, each with buttons of its own. */
function entriesOf({ template, view }: Mail): number[] {
  if (template === 'held-staff')
    return view.also.length === 0 ? [] : [view.id, ...view.also.map(({ id }) => id)];
  if (template === 'quarantine-administrator') return view.also.map(({ id }) => id);
  if (template !== 'receipt-staff') return [];
  return view.held.filter(({ number, buttons }) => number !== null && buttons.length > 0).map(({ id }) => id);
}

/** A fresh token for this staff member and subject; its reply address. */
function mint(state: State, outgoing: Outgoing, owner: number, subject: NewToken, mail: Sent): string {
  const id = (state.tokens.at(-1)?.id ?? 0) + 1;
  const token = Array.from(String(id).padStart(26, 'k'), (d) =>
    /\d/.test(d) ? 'abcdefghij'[Number(d)] : d,
  ).join('');
  const expiresAt = new Date(state.now.getTime() + 90 * 24 * 60 * 60_000);
  const announced = subject.purpose === 'confirmation' ? subject.announced.hash : null;
  const { address } = outgoing.queue;
  state.tokens.push({
    id,
    token,
    subject:
      subject.purpose === 'confirmation'
        ? { purpose: subject.purpose, message: subject.message, alias: subject.announced.alias }
        : subject,
    announced,
    address,
    owner,
    expiresAt,
    used: false,
    revoked: false,
    mail,
  });
  return outgoing.queue.address.replace('@', `+${token}@`);
}
