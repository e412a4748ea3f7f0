/** Stands in for the process that reads mails, and says of each of them only what a process in its place could do. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Job } from '../../src/mail/sandbox/jobs.ts';

function tried(act: () => unknown): string {
  try {
    act();
    return 'allowed';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

process.on('message', (job: Job) => {
  const could = {
    environment: Object.keys(process.env),
    write: tried(() => writeFileSync(join(tmpdir(), 'kticket-pried'), '')),
    spawn: tried(() => spawnSync('true')),
  };
  const answer: Answer =
    job.do === 'begin' ? { did: 'begin' } : { did: 'failed', why: JSON.stringify(could) };
  process.send?.(answer);
});
