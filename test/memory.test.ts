import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { restWatch, thoroughCollection } from '../src/memory.ts';

/** The looks, by what was used until then, at which a process collects. */
function collectedAt(looks: number[]): number[] {
  const at: number[] = [];
  let used = 0;
  const look = restWatch(() => at.push(used));
  for (used of looks) look(used);
  return at;
}

test('a process that rests collects once, and again only when it has worked in between', () => {
  expect(collectedAt([400, 420, 440, 460])).toEqual([420]);
  expect(collectedAt([400, 420, 2_900, 5_400, 5_420, 5_440])).toEqual([420, 5_420]);
});

test('a process at work collects as V8 sees fit', () => {
  expect(collectedAt([400, 2_900, 5_000, 7_500])).toEqual([]);
});

test('a mail now and then is not worth a collection', () => {
  expect(collectedAt([400, 420, 440, 470, 490, 520, 540])).toEqual([420]);
});

test('many mails now and then are, in the end', () => {
  expect(collectedAt([400, 420, 500, 580, 660, 740, 820, 900, 980])).toEqual([420, 980]);
});

test('what nobody holds any more is gone after a collection', async () => {
  const collect = thoroughCollection();
  const held = new WeakRef({ mail: 'x'.repeat(1000) });
  await nextTurn();
  collect();
  expect(held.deref()).toBeUndefined();
});
