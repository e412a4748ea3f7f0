import type { Direction, Fate } from './wire.ts';

export type Service = 'imap' | 'postgres' | 'smtp';

/** An instant at which a worker dies, known from outside by what it says to a server or hears from it. */
export type Point = {
  name: string;
  service: Service;
  direction: Direction;
  pattern: RegExp;
  fate: Exclude<Fate, 'passes' | 'trickles'>;
};

const point = (
  name: string,
  service: Service,
  direction: Direction,
  pattern: RegExp,
  fate: Point['fate'],
): Point => ({ name, service, direction, pattern, fate });

/** In the order of a mail's way. Where bytes are lost the server never hears, or the worker never does. */
export const points: readonly Point[] = [
  point('fetched, not taken in', 'imap', 'in', /OK Fetch completed/u, 'is lost'),
  point('taking in', 'postgres', 'out', /insert into "message"/u, 'is the last'),
  point('taken in, not filed', 'imap', 'out', /UID MOVE/u, 'is lost'),
  point('filed, not told', 'imap', 'in', /\[COPYUID/u, 'is lost'),
  point('in the middle of a decision', 'postgres', 'out', /insert into "ticket_event"/u, 'is the last'),
  point('mails of a decision half written', 'postgres', 'out', /insert into "outbox"/u, 'is the last'),
  point('commit not heard', 'postgres', 'out', /commit\0/u, 'is lost'),
  point('committed, not told', 'postgres', 'in', /COMMIT\0/u, 'is lost'),
  point('mail handed over, no answer', 'smtp', 'out', /\r\n\.\r\n$/u, 'is the last'),
  point('mail accepted, not recorded', 'smtp', 'in', /^250 .*queued/mu, 'is the last'),
];
