import { expect, it } from 'vitest';
import { eventKinds } from '../../../src/core/commands/events.ts';
import { eventTypes } from '../../../src/core/kinds.ts';

it('every type of event has one entry', () => {
  expect([...eventKinds.keys()].toSorted()).toEqual([...eventTypes].toSorted());
});

it('what can be taken back changes the ticket', () => {
  const undoable = [...eventKinds.values()].filter((kind) => kind.undoable === true);
  expect(undoable.filter(({ evolve }) => evolve === undefined)).toEqual([]);
});
