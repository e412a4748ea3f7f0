/** `npm run test:faults -- [--seed S] [--kills N]`: many kills, or those of one seed again. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    kills: { type: 'string', default: '200' },
  },
});
process.stderr.write(`seed ${values.seed}, ${values.kills} kills\n`);
const env = { ...process.env, KTICKET_LONG: '1', KTICKET_SEED: values.seed, KTICKET_KILLS: values.kills };
spawn('vitest', ['run', 'test/faults'], { stdio: 'inherit', env }).on('exit', (code) => {
  process.exitCode = code ?? 1;
});
