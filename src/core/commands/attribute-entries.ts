import { categoryName, choice } from '../grammar/arguments.ts';
import { type CommandEntry, everyone, none, technicians } from './entry.ts';
import { duration } from '../grammar/duration.ts';
import { modeWords, priorityWords } from '../words/words.ts';
import type { CommandName } from '../kinds.ts';

/** What all attribute lines have in common: read wherever they stand, and never part of the text. */
const attribute = {
  standsAlone: none,
  hints: none,
  keywords: none,
  textFor: 'nobody',
  canBeTakenBack: false,
  about: 'ticket',
  anywhere: true,
  opposites: ['undo'],
} as const;

/** Commands that say something of a ticket: its record changes, and nobody is told. */
export const attributeEntries = {
  category: {
    ...attribute,
    phrases: { it: ['categoria'], en: ['category'] },
    argument: categoryName,
    roles: everyone,
    label: { it: 'Categoria', en: 'Category' },
    help: { it: 'cambia la categoria del ticket', en: 'changes the category of the ticket' },
  },
  priority: {
    ...attribute,
    phrases: { it: ['priorità'], en: ['priority'] },
    argument: choice(priorityWords, {
      high: ['urgente', 'massima', 'urgent'],
      normal: ['media', 'medium'],
      low: ['minima'],
    }),
    roles: everyone,
    label: { it: 'Priorità', en: 'Priority' },
    help: { it: 'cambia la priorità del ticket', en: 'changes the priority of the ticket' },
  },
  time: {
    ...attribute,
    phrases: { it: ['tempo', 'tempo impiegato'], en: ['time', 'time spent'] },
    argument: duration,
    roles: technicians,
    label: { it: 'Tempo', en: 'Time' },
    help: {
      it: 'aggiunge il tempo impiegato (45m, 1h30, mezz’ora, 1,5 ore)',
      en: 'adds time spent (45m, 1h30, half an hour, 1.5 hours)',
    },
  },
  mode: {
    ...attribute,
    phrases: { it: ['modalità'], en: ['mode'] },
    argument: choice(modeWords, {
      remote: ['remoto', 'da remoto', 'in remoto', 'assistenza remota', 'remotely', 'teleassistenza'],
      'on-site': [
        'onsite',
        'on-site',
        'in sede',
        'sul posto',
        'in loco',
        'presso cliente',
        'presso il cliente',
        'dal cliente',
        'intervento on site',
        'at the client',
      ],
      phone: ['telefonica', 'telefonico', 'al telefono', 'per telefono', 'telephone', 'by phone'],
      outsourcing: ['in outsourcing'],
    }),
    roles: technicians,
    label: { it: 'Modalità', en: 'Mode' },
    help: { it: 'dice come si è intervenuti', en: 'says how the work was done' },
  },
} as const satisfies Partial<Record<CommandName, CommandEntry>>;
