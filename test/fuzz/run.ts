/**
 * `npm run test:fuzz -- [--seed N] [--mails N]`: many broken mails, or one again. With `--time SECONDS`: a search of that length for
 * mails that take long to read.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    mails: { type: 'string', default: '5000' },
    time: { type: 'string' },
  },
});
const { seed, mails, time } = values;
process.stderr.write(`from seed ${seed}, ${time === undefined ? `${mails} mails` : `for ${time} s`}\n`);
const env = { ...process.env, KTICKET_SEED: seed, KTICKET_MAILS: mails, KTICKET_TIME: time ?? '0' };
const suites = time === undefined ? 'test/fuzz' : 'test/fuzz/time.test.ts';
spawn('vitest', ['run', suites], { stdio: 'inherit', env }).on('exit', (code) => {
  process.exitCode = code ?? 1;
});
