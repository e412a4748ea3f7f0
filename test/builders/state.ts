import type { Outgoing, Policy, TokenSubject } from '../../src/core/ticket/decision.ts';
import type { Message } from '../../src/core/message/message.ts';
import type { Company, Staff, Ticket, TicketEvent, TicketFields } from '../../src/core/ticket/ticket.ts';
import type { Disposition } from '../../src/core/kinds.ts';
import type { Proof } from '../../src/core/message/authentication.ts';

/**
 * The desk in memory: what the database is to the product, in the simplest form that a decision can be played on.
 * Mails go in as bytes; snapshots are built from what is here, and what is decided is written back.
 */
export type State = {
  now: Date;
  policy: Policy;
  companies: (Company & { domains: string[]; ended: boolean })[];
  contacts: Map<string, { name: string; company: number; disabled: boolean }>;
  /** contacts of whom a mail that failed DMARC was accepted */
  failsDmarc: Set<string>;
  staff: (Staff & { disabled: boolean })[];
  blocked: Map<string, Proof>;
  tickets: Map<number, Ticket>;
  events: { ticket: number; at: Date; event: TicketEvent; message: number; before: TicketFields | null }[];
  tokens: Token[];
  inbox: Incoming[];
  outbox: Sent[];
};

export type Token = {
  id: number;
  token: string;
  subject: TokenSubject;
  /** of a question: what it announced */
  announced: string | null;
  /** owner of the reply address */
  address: string;
  owner: number;
  expiresAt: Date;
  used: boolean;
  revoked: boolean;
  mail: Sent;
};

export type Incoming = {
  id: number;
  message: Message;
  receivedAt: Date;
  /** our last mail to its sender, where it left moments before */
  lastMail: number | null;
  arrivedAt: string | null;
  disposition: Disposition;
  ticket: number | null;
  confirmedBy: number | null;
  announced: string | null;
  accepted: boolean;
  isVouchedFor: boolean;
  reason: string;
  /** the message whose decision rejected it */
  rejectedBy: number | null;
};

/** A mail that was sent, or is waiting. */
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
  /** the message that caused it */
  cause: number;
  cancelled: boolean;
  hasFailed: boolean;
  /** Reply-To of each further entry of a folded notice, by message */
  entries: Record<number, string>;
};
