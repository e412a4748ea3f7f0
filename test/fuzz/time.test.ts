import { expect, test } from 'vitest';
import { defaultBounds } from '../../src/config/limits.ts';
import { randomFrom } from '../simulation/random.ts';
import { mailOf, type Plan, planOf } from './time-mails.ts';
import { costInWords, search, secondsFor } from './time-search.ts';

/** `npm run test:fuzz -- --time SECONDS --seed N` sets both. */
const first = Number(process.env['KTICKET_SEED'] ?? 1);
const seconds = Number(process.env['KTICKET_TIME'] ?? 0);
const most = defaultBounds.seconds;

test.skipIf(seconds === 0)(
  'no mail that a search for slow ones finds costs more than a mail may',
  {
    timeout: (seconds + 600) * 1_000,
  },
  async () => {
    const until = performance.now() + seconds * 1_000;
    const costs = await search(first, () => performance.now() > until);
    process.stderr.write(`${costs.slice(0, 20).map(costInWords).join('\n')}\n`);
    expect(costs.filter((cost) => cost.seconds > most).map(costInWords)).toEqual([]);
  },
);

/** Found by such searches and by people, before reading them was bounded; each was several times over. */
const known: [string, Plan][] = [
  ['short lines between blank ones', { kind: 'text', place: 0, frame: 0, pieces: ['a'], separator: '\n\n' }],
  ['short lines in both bodies', { kind: 'both', place: 720, frame: 865, pieces: ['a'], separator: '\n\n' }],
  ['fences of code', { kind: 'text', place: 0, frame: 0, pieces: ['```\n'], separator: '' }],
  [
    'form fields',
    { kind: 'text', place: 3, frame: 0, pieces: ['a =', 'è', 'E-mail: ', '\n\n'], separator: '\n\n' },
  ],
  [
    'rules that may hold for every element',
    {
      kind: 'styles',
      place: 0,
      frame: 1,
      pieces: ['b:nth-child(2){color:red;opacity:.5;left:0;position:absolute}', 'b:not(.x){top:0;opacity:0}'],
      separator: '',
    },
  ],
  ['results of a verdict', { kind: 'header', place: 13, frame: 6, pieces: ['dkim = '], separator: '' }],
];

test.each(known)('%s cost less than a mail may', { timeout: 120_000 }, async (_what, plan) => {
  await secondsFor(mailOf(plan, 0.02));
  // of two tries the better: what a busy machine adds is not the mail's doing
  const tries = [await secondsFor(mailOf(plan, 1)), await secondsFor(mailOf(plan, 1))];
  expect(Math.min(...tries)).toBeLessThan(most);
});

test('a few mails at random cost less than a mail may', { timeout: 300_000 }, async () => {
  const random = randomFrom(first);
  const slow: string[] = [];
  for (const plan of Array.from({ length: 30 }, () => planOf(random))) {
    const mail = mailOf(plan, 1 / 2);
    if ((await secondsFor(mail)) >= most && (await secondsFor(mail)) >= most) slow.push(JSON.stringify(plan));
  }
  expect(slow).toEqual([]);
});
