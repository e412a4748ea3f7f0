import type { Case } from '../../case/case.ts';
import { technicians, type TicketCommand } from '../command.ts';
import { colleagueName } from '../../grammar/arguments.ts';
import { findByName } from '../../letters/find-by-name.ts';
import { isTechnician } from '../../notices/notify.ts';
import type { Problem } from '../../ticket/reasons.ts';
import type { Staff } from '../../ticket/ticket.ts';
import { alreadyClosed, handedOver, putInCharge, taken } from './charge.ts';

/** `assegnare NOME`: assigns the ticket to a colleague. If the name is ambiguous, its writer gets a button for each. */
export const assign: TicketCommand = {
  name: 'assign',
  phrases: {
    it: [
      'assegnare',
      'assegna',
      'assegno',
      'assegnato',
      'assegnare a',
      'assegna a',
      'assegno a',
      'assegnato a',
      'assegnare il ticket a',
      'assegna il ticket a',
      'assegnata a',
      'assegnalo a',
      'assegnala a',
      'lo assegno a',
      'la assegno a',
    ],
    en: ['assign', 'assign to', 'assigned to', 'assign it to', 'assign the ticket to'],
  },
  argument: colleagueName,
  textFor: 'staff',
  canBeTakenBack: true,
  about: 'ticket',
  opposites: ['take', 'close', 'take_over', 'undo'],
  roles: technicians,
  label: { it: 'Assegnare a', en: 'Assign to' },
  help: {
    it: 'mette il ticket in carico a un collega tecnico; il testo che segue va ai tecnici',
    en: 'puts a colleague in charge of the ticket; the text that follows goes to the technicians',
  },
  events: [taken, handedOver],
  act: (order) => {
    const { case: c, staff, ticket, argument: name } = order;
    if (name === null) return { kind: 'refused', problem: { kind: 'argument_missing', command: 'assign' } };
    if (ticket.state === 'closed') return alreadyClosed(ticket);
    const to = colleague(c, staff, name);
    if ('problem' in to) return { kind: 'refused', problem: to.problem };
    return ticket.assignee?.id === to.found.id
      ? { kind: 'refused', problem: { kind: 'already_in_charge', by: to.found.name } }
      : putInCharge(order, to.found);
  },
};

/** The one colleague a name stands for. A name with a typing mistake is never acted on: Mario is not Marco. */
function colleague(c: Case, staff: Staff, name: string): { found: Staff } | { problem: Problem } {
  const colleagues = c.snapshot.staff.filter((s) => isTechnician(s.role));
  const said = name.toLowerCase();
  if (/^(?:me|me stesso|me stessa|myself)$/u.test(said)) return { found: staff };
  const byAddress = colleagues.find((s) => s.email === said || s.aliases.includes(said));
  if (byAddress !== undefined) return { found: byAddress };
  const { certain, near } = findByName(name, colleagues, (s) => s.name);
  const [only, ...others] = certain;
  if (only !== undefined && others.length === 0) return { found: only };
  // Where nobody's name is like it, everybody is offered.
  const offered = certain.length > 0 ? certain : near.length > 0 ? near : colleagues;
  const fits = offered.map((s) => {
    const isUnique = colleagues.filter((t) => t.name === s.name).length === 1;
    return isUnique ? s.name : s.email;
  });
  return { problem: { kind: 'name_unsure', name, fits, several: certain.length > 1 } };
}
