import { technicians, type TicketCommand } from '../command.ts';
import { choice } from '../../grammar/arguments.ts';
import { modes } from '../../kinds.ts';
import { modeWords } from '../../words/words.ts';
import { type EventKind, given } from '../../ticket/event-kind.ts';
import { setRecord } from './set-record.ts';

const modeSet: EventKind = {
  type: 'mode_set',
  words: { it: 'modalità impostata', en: 'mode set' },
  log: (by) => `way of working noted by ${by}`,
  readers: 'machine',
  audience: 'nobody',
  undoable: true,
  evolve: given,
};

/** `modalità remota` */
export const mode: TicketCommand = {
  name: 'mode',
  about: 'ticket',
  anywhere: true,
  opposites: ['undo'],
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
  events: [modeSet],
  act: (order) => {
    const value = modes.find((known) => known === order.argument);
    return value === undefined
      ? { kind: 'refused', problem: { kind: 'argument_missing', command: 'mode' } }
      : setRecord(
          order,
          modeSet,
          { mode: value },
          { field: 'mode', before: order.ticket.mode, after: value },
        );
  },
};
