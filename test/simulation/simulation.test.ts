import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { scratchDatabase } from '../harness/database.ts';
import type { Said } from './lane.ts';

/** `npm run test:simulation -- --seed S --schedules N` sets both. */
const first = Number(process.env['KTICKET_SEED'] ?? 1);
const schedules = Number(process.env['KTICKET_SCHEDULES'] ?? 240);
/** Side by side: while one waits for the database, another goes on. */
const lanes = Math.min(schedules, availableParallelism() + 1);

test('whatever fails and dies in whatever order, each mail becomes what it must, once', async () => {
  const began = performance.now();
  let [ran, steps, faults] = [0, 0, 0];
  const wrong: string[] = [];
  const processes = await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const { url } = await scratchDatabase();
      const seeds = Array.from({ length: schedules }, (_unused, n) => first + n);
      const mine = seeds.filter((_seed, n) => n % lanes === lane);
      // a schedule leaves much behind, and all of it at once
      const execArgv = ['--max-semi-space-size=64'];
      return fork(new URL('./lane.ts', import.meta.url), [url, ...mine.map(String)], { execArgv });
    }),
  );
  onTestFinished(() => {
    for (const child of processes) child.kill('SIGKILL');
  });
  await Promise.all(
    processes.map(async (child) => {
      child.on('message', (said: Said) => {
        switch (said.did) {
          case 'ran':
            ran += 1;
            steps += said.steps;
            faults += said.faults;
            return;
          case 'failed':
            wrong.push(said.why);
            return;
          default:
            throw said satisfies never;
        }
      });
      const [exit] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
      const [code]: unknown[] = exit;
      if (code !== 0) wrong.push(`a lane ended with ${String(code)}`);
    }),
  );
  const aMinute = Math.round((ran * 60_000) / (performance.now() - began));
  process.stderr.write(`${ran} schedules, ${aMinute} a minute; ${steps} steps, ${faults} faults\n`);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  expect(ran).toBe(schedules);
  expect(steps).toBeGreaterThan(schedules * 50);
}, 3_600_000);
