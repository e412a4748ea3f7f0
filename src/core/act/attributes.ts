import { type TicketChange, changeTicket } from './ticket-change.ts';
import { mayCommand } from '../commands/commands.ts';
import { findByName } from '../letters/find-by-name.ts';
import type { Case } from '../case/case.ts';
import { type Staff, type Ticket, type TicketEvent, type TicketFields } from '../ticket/ticket.ts';
import { changeInWords } from '../words/words.ts';
import { type EventType, priorities, modes, type CommandName, type Change } from '../kinds.ts';

/** One entry of work is no longer than a day, in minutes. */
const longestWork = 24 * 60;
/** Buttons for categories that fit, at most. */
const mostOffered = 6;

const attributeNames = ['category', 'priority', 'time', 'mode'] as const;
/** No text that a client reads belongs to an attribute. */
type AttributeAct = Exclude<TicketChange, { kind: 'ask' }>;

type AttributeName = (typeof attributeNames)[number];

/** Whether a command says something of a ticket, and can so be given with its opening too. */
export function isAttribute(name: CommandName): name is AttributeName {
  return attributeNames.some((known) => known === name);
}

/**
 * An attribute line: changes the ticket's record.
 * @param argument as the command's reader gives it
 */
export function setAttribute(
  c: Case,
  staff: Staff,
  ticket: Ticket,
  name: AttributeName,
  argument: string | null,
): AttributeAct {
  if (!mayCommand(staff.role, name))
    return { kind: 'refused', problem: { kind: 'role', command: name, role: staff.role } };
  if (argument === null) return { kind: 'refused', problem: { kind: 'argument_missing', command: name } };
  switch (name) {
    case 'category':
      return categorise(c, staff, ticket, argument);
    case 'priority':
      return prioritise(c, staff, ticket, argument);
    case 'time':
      return logTime(c, staff, ticket, argument);
    case 'mode':
      return setMode(c, staff, ticket, argument);
    default:
      throw name satisfies never;
  }
}

/** `categoria X`: one of the admin's list. */
function categorise(c: Case, staff: Staff, ticket: Ticket, said: string): AttributeAct {
  const names = c.policy.categories.map((each) => each.name);
  const { certain, near } = findByName(said, names, (name) => name);
  const fits = certain.length > 0 ? certain : near;
  const [only] = fits;
  if (only === undefined) {
    return {
      kind: 'refused',
      problem: { kind: 'category_unsure', name: said, fits: names.slice(0, mostOffered), several: false },
    };
  }
  if (fits.length > 1) {
    return {
      kind: 'left_open',
      problem: { kind: 'category_unsure', name: said, fits: fits.slice(0, mostOffered), several: true },
    };
  }
  return set(c, staff, ticket, 'categorised', { category: only }, [
    { field: 'category', before: ticket.category, after: only },
  ]);
}

/** `priorità alta` */
function prioritise(c: Case, staff: Staff, ticket: Ticket, said: string): AttributeAct {
  const priority = priorities.find((known) => known === said);
  if (priority === undefined)
    return { kind: 'refused', problem: { kind: 'argument_missing', command: 'priority' } };
  return set(c, staff, ticket, 'prioritised', { priority }, [
    { field: 'priority', before: ticket.priority, after: priority },
  ]);
}

/**
 * `tempo 45m`: adds to the time logged.
 * @param said whole minutes
 */
function logTime(c: Case, staff: Staff, ticket: Ticket, said: string): AttributeAct {
  const minutes = Number(said);
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > longestWork)
    return { kind: 'left_open', problem: { kind: 'time_out_of_bounds', minutes, most: longestWork } };
  const total = ticket.minutes + minutes;
  return set(c, staff, ticket, 'time_logged', { minutes: total }, [
    { field: 'minutes', before: ticket.minutes, after: total },
  ]);
}

/** `modalità remota` */
function setMode(c: Case, staff: Staff, ticket: Ticket, said: string): AttributeAct {
  const mode = modes.find((known) => known === said);
  if (mode === undefined) return { kind: 'refused', problem: { kind: 'argument_missing', command: 'mode' } };
  return set(c, staff, ticket, 'mode_set', { mode }, [{ field: 'mode', before: ticket.mode, after: mode }]);
}

/** The record changes, and nobody is told. */
function set(
  c: Case,
  staff: Staff,
  ticket: Ticket,
  type: EventType,
  gives: Partial<TicketFields>,
  changes: readonly Change[],
): AttributeAct {
  const text = changes.map((change) => changeInWords(change, c.policy.locale)).join('\n');
  const event: TicketEvent = { type, actor: staff.email, text, staff: null, gives };
  return changeTicket(c, staff, ticket, event, { reason: type.replaceAll('_', ' '), mail: null });
}
