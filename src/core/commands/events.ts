import type { EventType } from '../kinds.ts';
import {
  clientReplied,
  deliveryFailure,
  type EventKind,
  moved,
  opened,
  split,
  staffWroteClient,
} from '../ticket/event-kind.ts';
import { commandsByName } from './table.ts';

const caused = [...commandsByName.values()].flatMap((entry) =>
  entry.about === 'ticket' ? entry.events : [],
);

/** Every kind of event, by its name: those that commands cause and the others. */
export const eventKinds: ReadonlyMap<EventType, EventKind> = new Map(
  [opened, clientReplied, staffWroteClient, deliveryFailure, moved, split, ...caused].map((kind) => [
    kind.type,
    kind,
  ]),
);

/** @throws if no file has such an event: a bug, which the tests of the table find */
export function eventKindOf(type: EventType): EventKind {
  const kind = eventKinds.get(type);
  if (kind === undefined) throw new Error(`nothing is known of the event ${type}`);
  return kind;
}
