import type { Address } from './address.ts';

export const contracts = ['on-site', 'remote', 'outsourcing', 'pay-per-use'] as const;
export type Contract = (typeof contracts)[number];

export const roles = ['technician', 'clerk', 'administrator'] as const;
export type Role = (typeof roles)[number];

export const ticketStates = ['open', 'in_progress', 'closed'] as const;
export type TicketState = (typeof ticketStates)[number];

export const eventTypes = [
  'opened',
  'client_replied',
  'taken',
  'progress',
  'handed_over',
  'internal_note',
  'staff_wrote_client',
  'staff_message',
  'closed',
  'reopened',
  'undone',
  'delivery_failed',
  'categorised',
  'prioritised',
  'time_logged',
  'mode_set',
  'merged',
  'moved',
  'split',
] as const;
export type EventType = (typeof eventTypes)[number];

export type Staff = { id: number; email: string; aliases: string[]; name: string; role: Role };
export type Company = { id: number; name: string; contracts: Contract[] };
export type Queue = { address: string; name: string };
export type Category = { name: string; keywords: string[] };

export type Ticket = {
  id: number;
  number: number;
  state: TicketState;
  subject: string;
  description: string;
  company: Company;
  /** the contracts the company had when the ticket was opened */
  contracts: Contract[];
  requester: Address;
  category: string;
  queue: Queue;
  /** staff in charge */
  assignee: { id: number; name: string; email: string } | null;
  openedAt: Date;
  takenAt: Date | null;
  closedAt: Date | null;
  linkedTo: number | null;
  /** Message-ID with which the References of every mail of this ticket begin */
  rootMessageId: string;
};

/** Something that happened to a ticket. `actor` is a bare address, `kticket` where nobody acted. */
export type TicketEvent = {
  type: EventType;
  actor: string;
  text: string | null;
  /** the staff member an event is about, where it is not the actor's own doing (assignment) */
  staff: { id: number; name: string; email: string } | null;
};
