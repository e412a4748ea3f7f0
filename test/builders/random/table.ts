import type { Desk, PlayedLetter } from '../pure-desk.ts';
import type { Sent } from '../state.ts';
import type { Step } from './steps.ts';

/** A staff member's order in one mail. */
export type Order = Extract<Step, { does: 'staff_orders' }>['order'];
/** Expected mails (`template > name`, sorted) and events of a ticket. */
export type Happens = { told: string[]; events: string[] };
/** A ticket as the manual knows it. */
export type Known = {
  company: string;
  requester: string;
  isClosed: boolean;
  inCharge: string | null;
  closedAt: number;
  /** the client's closing mail: when it leaves, and whether a reopening took it back before */
  closing: { dueAt: number; isStopped: boolean };
  internal: string[];
  /** number of changes by commands or the client */
  changes: number;
  /** each one's last command: how the ticket was before it, and what it was the change of */
  last: Map<string, { before: Fields; at: number; change: number }>;
};
/** Fields that undoing a command restores. */
export type Fields = Pick<Known, 'isClosed' | 'inCharge' | 'closedAt'>;
/** An order that waits for its writer's word; `held`: it came from an address that is nobody's. */
export type Ordered = {
  who: string;
  ticket: number;
  order: Order;
  text: string;
  held: boolean;
  /** text of its question; '' if none was asked */
  announced: string;
};

export const technicians = ['ada', 'luigi', 'marco'];
export const everyone = ['ada', 'carla', 'luigi', 'marco'];
export const clerks = ['ada', 'carla'];
export const nothing: Happens = { told: [], events: [] };
/** The clients' addresses by first name. */
export const addresses: Record<string, string> = {
  anna: 'anna@rossi.it',
  piero: 'piero@rossi.it',
  bruno: 'bruno@bianchi.it',
};
/** A company goes by its domain here. */
export const companyOf = (email: string): string => email.slice(email.indexOf('@') + 1);
export const nameOf = (email: string): string => email.slice(0, email.indexOf('@'));
export const strangers = 'altrove.example';
export const technical = (who: string): boolean => technicians.includes(who);

/** The sentence after the order. */
function sentenceOf(text: string): string {
  return text
    .replace(/^(?:chiudere|in lavorazione|riaprire|assegnare Marco|subentrare)\n(?:tempo 30m\n)?/u, '')
    .trim();
}

/** Mails of a template, one to each. */
export function tell(template: string, names: readonly string[], more: readonly string[] = []): string[] {
  return [...names.map((name) => `${template} > ${name}`), ...more].toSorted();
}

/** Several messages' consequences as one. */
export function together(all: readonly Happens[]): Happens {
  return { told: all.flatMap((h) => h.told).toSorted(), events: all.flatMap((h) => h.events) };
}

/** Text by which a staff member gives the order. `secret`: an internal sentence that no closing may carry outside. */
export function orderText(order: Order, sentence: string, secret: string): string {
  switch (order) {
    case 'take':
      return `in lavorazione\n${sentence}`;
    case 'close':
      return `chiudere\ntempo 30m\n${sentence}`;
    case 'leak':
      return `chiudere\n${secret}`;
    case 'quote':
      return `chiudere\n\nIl giorno mar 24 nov 2026 alle ore 10:00 KYBERNES <assistenza@kybernes.it> ha scritto:\n> ${sentence}`;
    case 'note':
      return sentence;
    case 'reopen':
      return `riaprire\n${sentence}`;
    case 'assign':
      return `assegnare Marco\n${sentence}`;
    case 'take_over':
      return `subentrare\n${sentence}`;
    case 'attributes':
      return 'priorità alta\ntempo 30m';
    case 'undo':
      return 'annulla ultimo';
    case 'typo':
      return 'chidere';
    default:
      throw order satisfies never;
  }
}

/** A mail that answers to a ticket's token. */
export function ticketMail({ state }: Desk, pick: number): Sent | null {
  const mails = state.outbox.filter((m) => m.outgoing.token?.purpose === 'ticket');
  return mails[pick % Math.max(mails.length, 1)] ?? null;
}

/** A mail of a template. */
export function mailOf({ state }: Desk, template: string, pick: number): Sent | null {
  const mails = state.outbox.filter((m) => m.template === template);
  return mails[pick % Math.max(mails.length, 1)] ?? null;
}

/** Tells whether the token that a mail answers to is still valid. */
export function tokenIs({ state }: Desk, mail: Sent): 'valid' | 'gone' {
  const token = state.tokens.find((t) => mail.replyTo.includes(`+${t.token}@`));
  const isValid = token !== undefined && !token.revoked && !token.used && token.expiresAt > state.now;
  return isValid ? 'valid' : 'gone';
}

/** An order as its letter gives it. */
export function orderOf(who: string, ticket: number | null, order: Order, letter: PlayedLetter): Ordered {
  return { who, ticket: ticket ?? 0, order, text: sentenceOf(letter.text ?? ''), held: false, announced: '' };
}
