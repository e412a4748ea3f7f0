/**
 * Runs schedules one after the other in a process of its own, since nothing else may go on beside one: `node lane.ts
 * DATABASE_URL SEED…`. Tells the process that started it of each, or what is wrong.
 */
import { mock } from 'node:test';
import { loadTemplates } from '../../src/templates/render.ts';
import { testConfig } from '../harness/config.ts';
import { openSimulator } from './simulate.ts';

/** Result of a lane. */
export type Said = { did: 'ran'; steps: number; faults: number } | { did: 'failed'; why: string };

const say = (said: Said): void => void process.send?.(said);
const [, , url = '', ...seeds] = process.argv;
/** A client's closing mail leaves at once. */
const config = { ...testConfig('assistenza@kybernes.example', 'mx.kybernes.example'), undoMinutes: 0 };

// what the machine's own time would do now and then
mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
const simulator = await openSimulator(url, config, loadTemplates(config));
try {
  for (const seed of seeds) say({ did: 'ran', ...(await simulator.run(Number(seed))) });
} catch (error) {
  say({ did: 'failed', why: error instanceof Error ? error.message : String(error) });
} finally {
  await simulator.close();
  process.disconnect();
}
