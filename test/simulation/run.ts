/** `npm run test:simulation -- [--seed S] [--schedules N]`: many schedules, or one again. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    schedules: { type: 'string', default: '1000' },
  },
});
process.stderr.write(`from seed ${values.seed}, ${values.schedules} schedules\n`);
const env = { ...process.env, KTICKET_SEED: values.seed, KTICKET_SCHEDULES: values.schedules };
spawn('vitest', ['run', 'test/simulation'], { stdio: 'inherit', env }).on('exit', (code) => {
  process.exitCode = code ?? 1;
});
