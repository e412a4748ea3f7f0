import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dovecotAvailable } from '../harness/servers.ts';

const program = fileURLToPath(new URL('throughput.ts', import.meta.url));
const printed = z.object({ results: z.array(z.object({ side: z.enum(['desk', 'bare']) })) });

describe.skipIf(!dovecotAvailable())('the benchmark', () => {
  test('plays both sides, on the schema as it is', { timeout: 240_000 }, async () => {
    const args = [program, '--mails', '5', '--rounds', '1', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { results } = printed.parse(JSON.parse(stdout));
    expect(results.map(({ side }) => side).toSorted()).toEqual(['bare', 'desk']);
  });
});
