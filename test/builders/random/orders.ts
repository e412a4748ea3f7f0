import {
  everyone,
  type Fields,
  type Happens,
  type Known,
  nameOf,
  nothing,
  type Ordered,
  technical,
  technicians,
  tell,
} from './table.ts';

/** State of the desk in the book, as far as orders change it. */
export type Kept = {
  tickets: ReadonlyMap<number, Known>;
  /** numbers of the closing mails that clients get */
  closed: number[];
  /** word → the company that may read it; null: staff alone */
  words: Map<string, string | null>;
  /** texts that clients have been written in closings */
  told: Set<string>;
  /** the company an address is of by now */
  companyOf: (email: string) => string;
  now: number;
};

/** True if a closing is shown to its writer first: it contains internal text that no client has read. */
export function isDoubted({ who, ticket: number, order, text }: Ordered, kept: Kept): boolean {
  const ticket = kept.tickets.get(number);
  if (ticket === undefined || order !== 'leak' || !technical(who) || ticket.isClosed) return false;
  return ticket.internal.some((secret) => text.includes(secret)) && !kept.told.has(text);
}

/** Expected outcome of a proven order, and its effect on the ticket. */
export function carryOut({ who, ticket: number, order, text }: Ordered, kept: Kept): Happens {
  const { now } = kept;
  const ticket = kept.tickets.get(number);
  if (ticket === undefined) return nothing;
  const refused: Happens = { told: [`receipt-staff > ${who}`], events: [] };
  switch (order) {
    case 'take': {
      if (!technical(who) || ticket.isClosed || (ticket.inCharge ?? who) !== who) return refused;
      ticket.internal.push(text);
      const told = tell('in-progress-staff', technicians);
      if (ticket.inCharge === who) return { told, events: ['progress'] };
      change(who, ticket, { inCharge: who }, now);
      return { told, events: ['taken'] };
    }
    case 'assign':
      return technical(who) ? putInCharge(who, 'marco', ticket, text, now) : refused;
    case 'take_over':
      return technical(who) ? putInCharge(who, who, ticket, text, now) : refused;
    case 'reopen':
      if (!technical(who) || !ticket.isClosed) return refused;
      ticket.internal.push(text);
      change(who, ticket, { isClosed: false, inCharge: null }, now);
      stopClosing(number, ticket, kept);
      return { told: tell('reopened-staff', technicians), events: ['reopened'] };
    case 'attributes':
      if (!technical(who)) return refused;
      change(who, ticket, {}, now);
      return { told: [], events: ['prioritised', 'time_logged'] };
    case 'undo':
      return technical(who) ? undo(who, number, ticket, kept) : refused;
    case 'close':
    case 'quote':
    case 'leak': {
      if (!technical(who) || ticket.isClosed) return refused;
      kept.told.add(text);
      for (const word of text.split('Il giorno')[0]?.match(/parola\d+/gu) ?? [])
        kept.words.set(word, ticket.company);
      change(who, ticket, { isClosed: true, closedAt: now }, now);
      const hasLeft = kept.companyOf(ticket.requester) !== ticket.company;
      if (hasLeft) ticket.closing = { dueAt: 0, isStopped: false };
      else tellClosing(number, ticket, kept);
      const client = hasLeft ? [] : [`closed-client > ${nameOf(ticket.requester)}`];
      return {
        told: tell('closed-staff', everyone, client),
        events: order === 'close' ? ['time_logged', 'closed'] : ['closed'],
      };
    }
    case 'typo':
      if (technical(who)) return refused;
      return { told: tell('internal-note-staff', everyone), events: ['staff_message'] };
    case 'note':
      ticket.internal.push(text);
      return {
        told: tell('internal-note-staff', everyone),
        events: [technical(who) ? 'internal_note' : 'staff_message'],
      };
    default:
      throw order satisfies never;
  }
}

function putInCharge(who: string, to: string, ticket: Known, text: string, now: number): Happens {
  if (ticket.isClosed || ticket.inCharge === to) return { told: [`receipt-staff > ${who}`], events: [] };
  const events = [ticket.inCharge === null && who === to ? 'taken' : 'handed_over'];
  ticket.internal.push(text);
  change(who, ticket, { inCharge: to }, now);
  return { told: tell('in-progress-staff', technicians), events };
}

/** Their last command, within two minutes, where nothing changed the ticket since. */
function undo(who: string, number: number, ticket: Known, kept: Kept): Happens {
  const last = ticket.last.get(who);
  const isLate = last !== undefined && kept.now - last.at >= 2 * 60_000;
  if (last === undefined || isLate || last.change !== ticket.changes)
    return { told: [`receipt-staff > ${who}`], events: [] };
  if (ticket.isClosed && !last.before.isClosed && kept.now < ticket.closing.dueAt)
    kept.closed.splice(kept.closed.lastIndexOf(number), 1);
  if (!ticket.isClosed && last.before.isClosed && ticket.closing.isStopped) tellClosing(number, ticket, kept);
  Object.assign(ticket, last.before);
  ticket.changes += 1;
  ticket.last.delete(who);
  return { told: tell('in-progress-staff', technicians), events: ['undone'] };
}

const undoTime = 2 * 60_000;

/** The client will read of the closing, once the undo time has passed. */
function tellClosing(number: number, ticket: Known, kept: Kept): void {
  ticket.closing = { dueAt: kept.now + undoTime, isStopped: false };
  kept.closed.push(number);
}

/** Open again before the client has read that it is closed: nothing is read. */
export function stopClosing(number: number, ticket: Known, kept: Pick<Kept, 'closed' | 'now'>): void {
  if (kept.now >= ticket.closing.dueAt) return;
  ticket.closing.isStopped = true;
  kept.closed.splice(kept.closed.lastIndexOf(number), 1);
}

/** A command's change of a ticket, which can be taken back. */
function change(who: string, ticket: Known, to: Partial<Fields>, at: number): void {
  const { isClosed, inCharge, closedAt } = ticket;
  ticket.changes += 1;
  ticket.last.set(who, { before: { isClosed, inCharge, closedAt }, at, change: ticket.changes });
  Object.assign(ticket, to);
}
