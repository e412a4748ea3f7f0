import { technicians, type TicketCommand } from '../command.ts';
import { duration } from '../../grammar/duration.ts';
import { type EventKind, given } from '../../ticket/event-kind.ts';
import { setRecord } from './set-record.ts';

/** Longest entry of work, in minutes: a day. */
const longestWork = 24 * 60;

const timeLogged: EventKind = {
  type: 'time_logged',
  words: { it: 'tempo registrato', en: 'time logged' },
  log: (by) => `time noted by ${by}`,
  readers: 'machine',
  audience: 'nobody',
  undoable: true,
  evolve: given,
};

/** `tempo 45m`: adds to the time logged. The argument is whole minutes. */
export const time: TicketCommand = {
  name: 'time',
  about: 'ticket',
  anywhere: true,
  opposites: ['undo'],
  phrases: { it: ['tempo', 'tempo impiegato'], en: ['time', 'time spent'] },
  argument: duration,
  roles: technicians,
  label: { it: 'Tempo', en: 'Time' },
  help: {
    it: 'aggiunge il tempo impiegato (45m, 1h30, mezz’ora, 1,5 ore)',
    en: 'adds time spent (45m, 1h30, half an hour, 1.5 hours)',
  },
  events: [timeLogged],
  act: (order) => {
    const { ticket, argument } = order;
    if (argument === null) return { kind: 'refused', problem: { kind: 'argument_missing', command: 'time' } };
    const minutes = Number(argument);
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > longestWork)
      return { kind: 'left_open', problem: { kind: 'time_out_of_bounds', minutes, most: longestWork } };
    const total = ticket.minutes + minutes;
    return setRecord(
      order,
      timeLogged,
      { minutes: total },
      { field: 'minutes', before: ticket.minutes, after: total },
    );
  },
};
