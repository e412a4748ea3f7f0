/** `npm run test:isolation -- [--seed S] [--sequences N]`: many sequences of 200 mails, or one again. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    sequences: { type: 'string', default: '20' },
  },
});
process.stderr.write(`from seed ${values.seed}, ${values.sequences} sequences\n`);
const env = { ...process.env, KTICKET_SEED: values.seed, KTICKET_SEQUENCES: values.sequences };
spawn('vitest', ['run', 'test/isolation'], { stdio: 'inherit', env }).on('exit', (code) => {
  process.exitCode = code ?? 1;
});
