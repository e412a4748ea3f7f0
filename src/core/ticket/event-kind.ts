import type { EventType } from '../kinds.ts';
import type { Words } from '../words/words.ts';
import type { Ticket, TicketEvent } from './ticket.ts';

/** A kind of event. Those that commands cause are in the commands' files. */
export type EventKind = {
  type: EventType;
  /** its name in a ticket's history, by mail */
  words: Words;
  /** its line in the log, in English. `by`: the actor */
  log: (by: string, company: string) => string;
  /** `good`: something ended well; `bad`: somebody should look */
  tone?: 'good' | 'bad';
  /** for whose eyes its text is: what staff write among themselves, what clients write or are written, what a machine says */
  readers: 'staff' | 'client' | 'machine';
  /**
   * The people notified: the manual's table. An administrator counts as technician and clerk and gets one copy; the actor gets
   * theirs, as a receipt. `in_charge`: the technician in charge, else all technicians. `nobody`: it stands in the ticket's
   * record, and in the mails that come later.
   */
  audience: 'staff' | 'technicians' | 'in_charge' | 'nobody';
  /** its change to the ticket; absent: none */
  evolve?: (ticket: Ticket, event: TicketEvent, now: Date) => Ticket;
  /** its writer may take it back: the event keeps how the ticket was before */
  undoable?: true;
};

/** The ticket after an event: the only way in which what stands in `TicketFields` changes. */
export function evolve(kind: EventKind, ticket: Ticket, event: TicketEvent, now: Date): Ticket {
  return kind.evolve?.(ticket, event, now) ?? ticket;
}

/** An event that gives the ticket what it says, and nothing else. */
export function given(ticket: Ticket, event: TicketEvent): Ticket {
  return { ...ticket, ...event.gives };
}

/** A client asks for something, or staff do so for them. */
export const opened: EventKind = {
  type: 'opened',
  words: { it: 'apertura', en: 'opened' },
  log: (by, company) => `opened by ${by} (${company})`,
  readers: 'client',
  audience: 'staff',
};

/** The client writes again. */
export const clientReplied: EventKind = {
  type: 'client_replied',
  words: { it: 'risposta del cliente', en: 'client replied' },
  log: (by) => `${by} wrote again`,
  readers: 'client',
  audience: 'in_charge',
};

/** Staff write to the client themselves, with the desk in Cc. */
export const staffWroteClient: EventKind = {
  type: 'staff_wrote_client',
  words: { it: 'messaggio dello staff al cliente', en: 'staff wrote to the client' },
  log: (by) => `${by} wrote to the client`,
  readers: 'client',
  audience: 'nobody',
};

/** A mail of ours did not reach the client. */
export const deliveryFailure: EventKind = {
  type: 'delivery_failed',
  words: { it: 'mail non consegnata', en: 'mail not delivered' },
  log: () => 'a mail to the client could not be delivered',
  tone: 'bad',
  readers: 'machine',
  audience: 'in_charge',
};

/** A message that belongs to another ticket. Nothing causes it yet. */
export const moved: EventKind = {
  type: 'moved',
  words: { it: 'messaggio spostato', en: 'message moved' },
  log: (by) => `moved by ${by}`,
  readers: 'staff',
  audience: 'technicians',
};

/** A message that becomes a ticket of its own. Nothing causes it yet. */
export const split: EventKind = {
  type: 'split',
  words: { it: 'diviso', en: 'split' },
  log: (by) => `split by ${by}`,
  readers: 'staff',
  audience: 'technicians',
};
