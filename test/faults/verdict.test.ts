import { expect, test } from 'vitest';
import { wrongRepeat } from './verdict.ts';
import type { Happening } from './worker.ts';

const handed = (process: string): Happening => ({ what: 'handed over', messageId: '<a@x>', process });
const killed = (process: string): Happening => ({ what: 'killed', process });

test('a repeat is right only where the very process that handed the mail over had been killed before', () => {
  expect(wrongRepeat('<a@x>', 2, [handed('one'), killed('one'), handed('two')])).toBeNull();
  expect(wrongRepeat('<a@x>', 1, [handed('one'), killed('one'), handed('two')])).toBeNull();
  expect(wrongRepeat('<a@x>', 2, [handed('one'), handed('two'), killed('one')])).toContain('nobody had died');
  expect(wrongRepeat('<a@x>', 2, [handed('one'), killed('two'), handed('two')])).toContain('nobody had died');
  expect(wrongRepeat('<a@x>', 2, [handed('one'), handed('one')])).toContain('nobody had died');
  expect(wrongRepeat('<a@x>', 2, [handed('one')])).toContain('arrived 2 times');
});
