import { expect, test } from 'vitest';
import { loadTemplates } from '../../src/templates.ts';
import { testConfig } from '../harness/config.ts';
import { scratchDatabase } from '../harness/database.ts';
import { openSimulator } from './simulate.ts';

/** A client's closing mail leaves at once. */
const config = { ...testConfig('assistenza@kybernes.example', 'mx.kybernes.example'), undoMinutes: 0 };
/** `npm run test:simulation -- --seed S --schedules N` sets both. */
const first = Number(process.env['KTICKET_SEED'] ?? 1);
const schedules = Number(process.env['KTICKET_SCHEDULES'] ?? 40);

test('whatever fails and dies in whatever order, each mail becomes what it must, once', async () => {
  const { url } = await scratchDatabase();
  const simulator = await openSimulator(url, config, loadTemplates(config));
  const began = performance.now();
  let [steps, faults] = [0, 0];
  try {
    for (let seed = first; seed < first + schedules; seed += 1) {
      const ran = await simulator.run(seed);
      steps += ran.steps;
      faults += ran.faults;
    }
  } finally {
    await simulator.close();
  }
  const aMinute = Math.round((schedules * 60_000) / (performance.now() - began));
  process.stderr.write(`${schedules} schedules, ${aMinute} a minute; ${steps} steps, ${faults} faults\n`);
  expect(steps).toBeGreaterThan(schedules * 50);
}, 3_600_000);
