/** `npm run test:fuzz -- [--seed N] [--mails N]`: many broken mails, or one again. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    mails: { type: 'string', default: '5000' },
  },
});
process.stderr.write(`from seed ${values.seed}, ${values.mails} mails\n`);
const env = { ...process.env, KTICKET_SEED: values.seed, KTICKET_MAILS: values.mails };
spawn('vitest', ['run', 'test/fuzz'], { stdio: 'inherit', env }).on('exit', (code) => {
  process.exitCode = code ?? 1;
});
