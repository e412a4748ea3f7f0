import { type DeskCommand, everyone } from '../command.ts';
import { answerWith } from './answer.ts';
import { ticketNumber } from '../../grammar/arguments.ts';
import { viewOf } from '../../notices/notify.ts';

/** `storico #N`: everything that happened to a ticket. */
export const history: DeskCommand = {
  name: 'history',
  phrases: { it: ['storico'], en: ['history'] },
  argument: ticketNumber,
  about: 'desk',
  roles: everyone,
  label: { it: 'Storico', en: 'History' },
  help: {
    it: 'invia tutto ciò che è avvenuto sul ticket',
    en: 'sends everything that happened to the ticket',
  },
  act: ({ case: c, staff, argument }) => {
    const { history: found } = c.snapshot;
    if (found === null) {
      return {
        kind: 'refused',
        problem: { kind: argument === null ? 'argument_missing' : 'no_ticket', command: 'history' },
      };
    }
    return answerWith(c, staff, `history of #${found.ticket.number} sent`, {
      kind: 'history',
      ticket: viewOf(found.ticket),
      events: found.events.map(({ at, type, actor, text }) => ({ at, type, actor, text })),
    });
  },
};
