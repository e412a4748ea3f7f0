import { type DeskCommand, everyone } from '../command.ts';
import { answerWith } from './answer.ts';

/** `aiuto`: what can be written to the desk. */
export const help: DeskCommand = {
  name: 'help',
  phrases: { it: ['aiuto', 'comandi', 'guida'], en: ['help', '?', 'commands'] },
  about: 'desk',
  roles: everyone,
  label: { it: 'Aiuto', en: 'Help' },
  help: { it: 'invia questo promemoria', en: 'sends this summary' },
  act: ({ case: c, staff }) => answerWith(c, staff, 'help sent', { kind: 'help' }),
};
