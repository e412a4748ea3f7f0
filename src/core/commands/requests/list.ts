import { type DeskCommand, everyone } from '../command.ts';
import { answerWith } from './answer.ts';
import { viewOf } from '../../notices/notify.ts';

/** `elenco`: the tickets that are not closed. */
export const list: DeskCommand = {
  name: 'list',
  phrases: { it: ['elenco', 'lista', 'elenco ticket', 'ticket aperti'], en: ['list', 'open tickets'] },
  about: 'desk',
  roles: everyone,
  label: { it: 'Elenco', en: 'List' },
  help: { it: 'invia l’elenco dei ticket non chiusi', en: 'sends the list of tickets that are not closed' },
  act: ({ case: c, staff }) =>
    answerWith(c, staff, 'list of open tickets sent', {
      kind: 'list',
      tickets: c.snapshot.openTickets.map(viewOf),
    }),
};
