import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dovecotAvailable } from '../harness/servers.ts';

const program = fileURLToPath(new URL('throughput.ts', import.meta.url));
const result = z.object({
  side: z.enum(['desk', 'bare']),
  cpuSeconds: z.object({ own: z.number(), below: z.number() }),
  postgres: z.number().nullable(),
});
const printed = z.object({
  runs: z.array(
    z.object({
      staff: z.number(),
      results: z.array(result),
      ratios: z.array(z.number()),
      idle: z.object({ latencies: z.array(z.number()) }),
    }),
  ),
});

describe.skipIf(!dovecotAvailable())('the benchmark', () => {
  test('plays both sides with either size of staff, on the schema as it is', {
    timeout: 240_000,
  }, async () => {
    const args = [program, '--mails', '5', '--rounds', '1', '--latencies', '1', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { runs } = printed.parse(JSON.parse(stdout));
    expect(
      runs.map(({ staff, results, ratios, idle }) => [
        staff,
        results.map(({ side }) => side).toSorted(),
        ratios.length,
        idle.latencies.length,
      ]),
    ).toEqual([2, 4].map((staff) => [staff, ['bare', 'desk'], 1, 1]));
  });
});
