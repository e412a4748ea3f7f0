import { expect, test } from 'vitest';
import { runSequence } from './sequence.ts';

/** `npm run test:isolation -- --seed S --sequences N` sets both. */
const first = Number(process.env['KTICKET_SEED'] ?? 1);
const sequences = Number(process.env['KTICKET_SEQUENCES'] ?? 1);
const mails = 200;

test('no mail to anyone outside holds a word of another company’s ticket', async () => {
  let outside = 0;
  for (let seed = first; seed < first + sequences; seed += 1) {
    outside += (await runSequence(seed, mails)).outside;
  }
  process.stderr.write(`${sequences * mails} mails in, ${outside} mails to people outside\n`);
  expect(outside).toBeGreaterThan(sequences * 10);
}, 3_600_000);
