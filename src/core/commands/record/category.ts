import { everyone, type TicketCommand } from '../command.ts';
import { categoryName } from '../../grammar/arguments.ts';
import { findByName } from '../../letters/find-by-name.ts';
import { type EventKind, given } from '../../ticket/event-kind.ts';
import { setRecord } from './set-record.ts';

/** Buttons for categories that fit, at most. */
const mostOffered = 6;

const categorised: EventKind = {
  type: 'categorised',
  words: { it: 'categoria cambiata', en: 'category changed' },
  log: (by) => `category set by ${by}`,
  readers: 'machine',
  audience: 'nobody',
  undoable: true,
  evolve: given,
};

/** `categoria X`: one of the admin's list. */
export const category: TicketCommand = {
  name: 'category',
  about: 'ticket',
  anywhere: true,
  opposites: ['undo'],
  phrases: { it: ['categoria'], en: ['category'] },
  argument: categoryName,
  roles: everyone,
  label: { it: 'Categoria', en: 'Category' },
  help: { it: 'cambia la categoria del ticket', en: 'changes the category of the ticket' },
  events: [categorised],
  act: (order) => {
    const { case: c, ticket, argument: said } = order;
    if (said === null) return { kind: 'refused', problem: { kind: 'argument_missing', command: 'category' } };
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
    return setRecord(
      order,
      categorised,
      { category: only },
      { field: 'category', before: ticket.category, after: only },
    );
  },
};
