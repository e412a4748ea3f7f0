import { technicians, type TicketCommand } from '../command.ts';
import { alreadyClosed, handedOver, putInCharge, taken } from './charge.ts';

/** `subentrare`: takes over from the assignee, who is notified. */
export const takeOver: TicketCommand = {
  name: 'take_over',
  phrases: {
    it: ['subentrare', 'subentro', 'subentro io', 'subentrare nel ticket', 'subentro nel ticket'],
    en: ['take over', 'taking over', "i'll take over", 'i will take over', 'i take over', 'take it over'],
  },
  hints: { it: ['subentra', 'subentriamo', 'subentrerei', 'subentrato'], en: ['taken over'] },
  textFor: 'staff',
  canBeTakenBack: true,
  about: 'ticket',
  opposites: ['take', 'close', 'assign', 'undo'],
  roles: technicians,
  label: { it: 'Subentrare', en: 'Take over' },
  help: {
    it: 'prende il ticket dal collega che lo ha in carico; il testo che segue va ai tecnici',
    en: 'takes the ticket from the colleague in charge; the text that follows goes to the technicians',
  },
  events: [taken, handedOver],
  act: (order) => {
    const { staff, ticket } = order;
    if (ticket.state === 'closed') return alreadyClosed(ticket);
    return ticket.assignee?.id === staff.id
      ? { kind: 'refused', problem: { kind: 'already_in_charge', by: staff.name } }
      : putInCharge(order, staff);
  },
};
