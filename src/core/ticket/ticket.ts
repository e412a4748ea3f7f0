import type { Address } from '../address/address.ts';
import {
  type Contract,
  type Role,
  type TicketState,
  type EventType,
  type Priority,
  type Mode,
} from '../kinds.ts';
export type Staff = { id: number; email: string; aliases: string[]; name: string; role: Role };
export type Company = { id: number; name: string; contracts: Contract[] };
export type Queue = { address: string; name: string };
/** The data of a queue that clients read besides its name: its telephones, and a sentence of its own. */
export type QueueWords = { phones: string[]; words: string | null };
export type Category = { name: string; keywords: string[] };

export type Assignee = { id: number; name: string; email: string };

export type Ticket = {
  number: number;
  state: TicketState;
  subject: string;
  description: string;
  company: Company;
  /** the contracts the company had when the ticket was opened */
  contracts: Contract[];
  requester: Address;
  category: string;
  priority: Priority;
  /** minutes of work logged so far */
  minutes: number;
  /** null if nobody said */
  mode: Mode | null;
  queue: Queue;
  /** staff in charge */
  assignee: Assignee | null;
  openedAt: Date;
  takenAt: Date | null;
  closedAt: Date | null;
  linkedTo: number | null;
  /** the ticket of the same company that it was merged into, where its later mail goes, or null if none */
  mergedInto: number | null;
  /** Message-ID with which the References of every mail of this ticket begin */
  rootMessageId: string;
  /** Message-ID of the client's mail that opened it; null where staff opened it or the mail had none */
  clientMessageId: string | null;
};

/** The fields of a ticket that events change; all others stay as opened. */
export type TicketFields = Pick<
  Ticket,
  'state' | 'assignee' | 'takenAt' | 'closedAt' | 'category' | 'priority' | 'minutes' | 'mode' | 'mergedInto'
>;

/** Something that happened to a ticket. `actor` is a bare address, `kticket` where nobody acted. */
export type TicketEvent = {
  type: EventType;
  actor: string;
  text: string | null;
  /** the staff member in charge after it, where it puts one in charge */
  staff: Assignee | null;
  /** changes to the ticket beyond those of its type: an attribute, or all that `undone` restores */
  gives?: Partial<TicketFields>;
};

/** The present values of the fields that events may change, which undoing a command restores. */
export function fieldsOf(ticket: Ticket): TicketFields {
  const { state, assignee, takenAt, closedAt, category, priority, minutes, mode, mergedInto } = ticket;
  return { state, assignee, takenAt, closedAt, category, priority, minutes, mode, mergedInto };
}
