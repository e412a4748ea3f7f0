import { z } from 'zod';
import { cpuSecondsOf, memoryOf } from './processes.ts';
import { needs } from '../../src/config/config.ts';
import type { Config } from '../../src/config/settings.ts';
import { loadConfig } from '../../src/config/load.ts';

/** Of a side's own process, and of those that it started: for the desk, the process that reads its mails. */
const both = z.object({ own: z.number(), below: z.number() });

/** Resources of one side's processes in one round, without the servers. */
export const measured = z.object({ seconds: z.number(), cpuSeconds: both, peakBytes: both });
export type Measured = z.infer<typeof measured>;

/** The settings of both sides, as `kticket run` reads them. */
export function settings(): Config {
  const loaded = loadConfig(needs.worker);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

/** Does the work, and tells the process that started this one what it took: from now, with everything loaded. */
export async function measure(work: () => Promise<void>): Promise<void> {
  const before = cpuSeconds();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const after = cpuSeconds();
  const memory = memoryOf(process.pid);
  const result: Measured = {
    seconds,
    cpuSeconds: { own: after.own - before.own, below: after.below - before.below },
    peakBytes: {
      own: memory?.own.peak ?? process.resourceUsage().maxRSS * 1024,
      below: memory?.below.peak ?? 0,
    },
  };
  process.send?.(result);
}

/** CPU time; without /proc, without the reading process. */
function cpuSeconds(): { own: number; below: number } {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1_000_000;
  return { own, below: Math.max(0, (cpuSecondsOf(process.pid) ?? own) - own) };
}
