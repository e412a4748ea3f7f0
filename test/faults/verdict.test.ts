import { expect, test } from 'vitest';
import { wrongRepeat } from './verdict.ts';
import type { Happening } from './worker.ts';

const handed = (process: string): Happening => ({ what: 'handed over', messageId: '<a@x>', process });
const killed = (process: string): Happening => ({ what: 'killed', process });
const unrecorded = (messageId: string | null): Happening => ({ what: 'unrecorded', messageId });

test('a repeat is right only where whoever handed the mail over had been killed before, or could not record it', () => {
  expect(wrongRepeat('<a@x>', 2, [handed('one'), killed('one'), handed('two')])).toBeNull();
  expect(wrongRepeat('<a@x>', 1, [handed('one'), killed('one'), handed('two')])).toBeNull();
  expect(wrongRepeat('<a@x>', 2, [handed('one'), handed('two'), killed('one')])).toContain('nobody had died');
  expect(wrongRepeat('<a@x>', 2, [handed('one'), killed('two'), handed('two')])).toContain('nobody had died');
  expect(wrongRepeat('<a@x>', 2, [handed('one'), handed('one')])).toContain('nobody had died');
  expect(wrongRepeat('<a@x>', 2, [handed('one')])).toContain('arrived 2 times');
  expect(wrongRepeat('<a@x>', 2, [killed('one'), handed('one'), handed('two')])).toBeNull();
  expect(wrongRepeat('<a@x>', 2, [handed('one'), unrecorded('<a@x>'), handed('one')])).toBeNull();
  expect(wrongRepeat('<a@x>', 2, [handed('one'), unrecorded(null), handed('two')])).toBeNull();
  expect(wrongRepeat('<a@x>', 2, [handed('one'), unrecorded('<b@x>'), handed('one')])).toContain('nobody');
  expect(wrongRepeat('<a@x>', 2, [unrecorded(null), handed('one'), handed('one')])).toContain('nobody');
});
