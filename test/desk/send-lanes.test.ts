import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLanes, type Send } from '../../src/desk/send-lanes.ts';

const bounds = { quick: 4, all: 12 };

test('a domain nothing is known of gets one mail, and several once that went quickly', () => {
  const lanes = createLanes(bounds);
  const first = lanes.begin('rossi.test');
  expect(lanes.closed()).toEqual(['rossi.test']);
  lanes.end(first);
  lanes.begin('rossi.test');
  expect(lanes.closed()).toEqual([]);
});

test('a send that lasts leaves its lane, and its domain gets nothing until it has ended', () => {
  const lanes = createLanes({ quick: 1, all: 3 });
  const slow = lanes.begin('slow.test');
  expect(lanes.room()).toBe(false);
  lanes.lasts(slow);
  expect(lanes.room()).toBe(true);
  expect(lanes.closed()).toEqual(['slow.test']);
  lanes.end(slow);
  expect(lanes.closed()).toEqual([]);
});

test('a slow domain gets one mail at a time off the lanes, until one goes quickly', () => {
  const lanes = createLanes({ quick: 1, all: 3 });
  const slow = lanes.begin('slow.test');
  lanes.lasts(slow);
  lanes.end(slow);
  const second = lanes.begin('slow.test');
  expect(lanes.room()).toBe(true);
  expect(lanes.closed()).toEqual(['slow.test']);
  lanes.end(second);
  lanes.begin('slow.test');
  expect(lanes.room()).toBe(false);
  expect(lanes.closed()).toEqual([]);
});

test('a send that stands still keeps nothing from its domain, which is slow until a mail goes quickly', () => {
  const lanes = createLanes(bounds);
  const still = lanes.begin('rossi.test');
  lanes.lasts(still);
  expect(lanes.closed()).toEqual(['rossi.test']);
  lanes.stalls(still);
  expect(lanes.closed()).toEqual([]);
  const second = lanes.begin('rossi.test');
  expect(lanes.closed()).toEqual(['rossi.test']);
  expect(lanes.underWay()).toEqual({ all: 2, quick: 0 });
  lanes.end(second);
  expect(lanes.closed()).toEqual([]);
  lanes.end(still);
  expect(lanes.underWay()).toEqual({ all: 0, quick: 0 });
});

test('sends that stand still take no more places than slow ones may', () => {
  const lanes = createLanes({ quick: 1, all: 3 });
  for (let i = 0; i < 2; i += 1) {
    const still = lanes.begin('slow.test');
    lanes.lasts(still);
    lanes.stalls(still);
  }
  expect(lanes.closed()).toEqual(['slow.test']);
  expect(lanes.room()).toBe(true);
});

test('one quick mail among slow ones of its domain does not make it quick', () => {
  const lanes = createLanes(bounds);
  lanes.end(lanes.begin('rossi.test'));
  const [slow, quick] = [lanes.begin('rossi.test'), lanes.begin('rossi.test')];
  lanes.lasts(slow);
  lanes.end(quick);
  expect(lanes.closed()).toEqual(['rossi.test']);
});

test('slow domains never take the places of those nothing bad is known of', () => {
  const lanes = createLanes({ quick: 1, all: 2 });
  const known = lanes.begin('a.test');
  lanes.lasts(known);
  lanes.end(known);
  lanes.lasts(lanes.begin('b.test'));
  expect(lanes.room()).toBe(true);
  expect(lanes.closed().toSorted()).toEqual(['a.test', 'b.test']);
});

const step = fc.record({
  act: fc.constantFrom('begin', 'begin', 'lasts', 'end'),
  domain: fc.integer({ min: 0, max: 15 }),
  which: fc.nat(),
});

test('whatever happens: within bounds, slow domains one at a time, and room again once all has ended', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const lanes = createLanes(bounds);
      const sends: Send[] = [];
      const lasting = new Set<Send>();
      const besideLasting: string[] = [];
      for (const { act, domain, which } of steps) {
        const send = sends[which % Math.max(1, sends.length)];
        const name = `d${domain}.test`;
        if (act === 'begin' && lanes.room() && !lanes.closed().includes(name)) {
          if ([...lasting].some((one) => one.domain === name)) besideLasting.push(name);
          sends.push(lanes.begin(name));
        } else if (act === 'lasts' && send !== undefined) {
          lanes.lasts(send);
          lasting.add(send);
        } else if (act === 'end' && send !== undefined) {
          lanes.end(send);
          sends.splice(sends.indexOf(send), 1);
          lasting.delete(send);
        }
        const { all, quick } = lanes.underWay();
        expect(all).toBe(sends.length);
        expect(all).toBeLessThanOrEqual(bounds.all);
        expect(quick).toBeLessThanOrEqual(bounds.quick);
        // whoever nothing is known of finds a lane wherever quick ones and places are left
        expect(lanes.closed()).not.toContain('new.test');
      }
      expect(besideLasting).toEqual([]);
      for (const send of sends) lanes.end(send);
      expect(lanes.room()).toBe(true);
      expect(lanes.closed()).toEqual([]);
    }),
  );
});
