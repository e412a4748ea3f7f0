import type { Address } from '../address/address.ts';
import {
  type Contract,
  type Role,
  type TicketState,
  type EventType,
  type Priority,
  type Mode,
} from '../kinds.ts';
/** For whose eyes the text of an event is: what staff write among themselves, what clients write or are written, what a machine says. */
export const readersOf = {
  opened: 'client',
  client_replied: 'client',
  taken: 'staff',
  progress: 'staff',
  handed_over: 'staff',
  internal_note: 'staff',
  staff_wrote_client: 'client',
  staff_message: 'staff',
  closed: 'client',
  reopened: 'staff',
  undone: 'staff',
  delivery_failed: 'machine',
  categorised: 'machine',
  prioritised: 'machine',
  time_logged: 'machine',
  mode_set: 'machine',
  merged: 'staff',
  moved: 'staff',
  split: 'staff',
} as const satisfies Record<EventType, 'staff' | 'client' | 'machine'>;
export type Staff = { id: number; email: string; aliases: string[]; name: string; role: Role };
export type Company = { id: number; name: string; contracts: Contract[] };
export type Queue = { address: string; name: string };
/** What clients read of a queue besides its name: its telephones, and a sentence of its own. */
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
  /** null: nobody said */
  mode: Mode | null;
  queue: Queue;
  /** staff in charge */
  assignee: Assignee | null;
  openedAt: Date;
  takenAt: Date | null;
  closedAt: Date | null;
  linkedTo: number | null;
  /** Message-ID with which the References of every mail of this ticket begin */
  rootMessageId: string;
  /** Message-ID of the client's mail that opened it; null where staff opened it or the mail had none */
  clientMessageId: string | null;
};

/** What events change of a ticket; everything else stays as it was opened. */
export type TicketFields = Pick<
  Ticket,
  'state' | 'assignee' | 'takenAt' | 'closedAt' | 'category' | 'priority' | 'minutes' | 'mode'
>;

/** Something that happened to a ticket. `actor` is a bare address, `kticket` where nobody acted. */
export type TicketEvent = {
  type: EventType;
  actor: string;
  text: string | null;
  /** the staff member in charge after it, where it puts one in charge */
  staff: Assignee | null;
  /** what it gives the ticket beyond what its type always does: an attribute, or all that comes back by `undone` */
  gives?: Partial<TicketFields>;
};

/** What events may change of a ticket, as it stands: what taking a command back restores. */
export function fieldsOf(ticket: Ticket): TicketFields {
  const { state, assignee, takenAt, closedAt, category, priority, minutes, mode } = ticket;
  return { state, assignee, takenAt, closedAt, category, priority, minutes, mode };
}

/**
 * The ticket after an event: the only place where what stands in `TicketFields` changes.
 * @param now when it happened
 */
export function evolve(ticket: Ticket, event: TicketEvent, now: Date): Ticket {
  switch (event.type) {
    case 'taken':
    case 'handed_over':
      return { ...ticket, state: 'in_progress', assignee: event.staff, takenAt: now };
    case 'closed':
      return { ...ticket, state: 'closed', closedAt: now };
    case 'reopened':
      return { ...ticket, state: 'open', assignee: null, takenAt: null, closedAt: null };
    case 'undone':
    case 'categorised':
    case 'prioritised':
    case 'time_logged':
    case 'mode_set':
      return { ...ticket, ...event.gives };
    case 'opened':
    case 'client_replied':
    case 'progress':
    case 'internal_note':
    case 'staff_wrote_client':
    case 'staff_message':
    case 'delivery_failed':
    case 'merged':
    case 'moved':
    case 'split':
      return ticket;
    default:
      throw event.type satisfies never;
  }
}
