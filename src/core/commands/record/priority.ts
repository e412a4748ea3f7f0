import { everyone, type TicketCommand } from '../command.ts';
import { choice } from '../../grammar/arguments.ts';
import { priorities } from '../../kinds.ts';
import { priorityWords } from '../../words/words.ts';
import { type EventKind, given } from '../../ticket/event-kind.ts';
import { setRecord } from './set-record.ts';

const prioritised: EventKind = {
  type: 'prioritised',
  words: { it: 'priorità cambiata', en: 'priority changed' },
  log: (by) => `priority set by ${by}`,
  readers: 'machine',
  audience: 'nobody',
  undoable: true,
  evolve: given,
};

/** `priorità alta` */
export const priority: TicketCommand = {
  name: 'priority',
  about: 'ticket',
  anywhere: true,
  opposites: ['undo'],
  phrases: { it: ['priorità'], en: ['priority'] },
  argument: choice(priorityWords, {
    high: ['urgente', 'massima', 'urgent'],
    normal: ['media', 'medium'],
    low: ['minima'],
  }),
  roles: everyone,
  label: { it: 'Priorità', en: 'Priority' },
  help: { it: 'cambia la priorità del ticket', en: 'changes the priority of the ticket' },
  events: [prioritised],
  act: (order) => {
    const value = priorities.find((known) => known === order.argument);
    return value === undefined
      ? { kind: 'refused', problem: { kind: 'argument_missing', command: 'priority' } }
      : setRecord(
          order,
          prioritised,
          { priority: value },
          { field: 'priority', before: order.ticket.priority, after: value },
        );
  },
};
