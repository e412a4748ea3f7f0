import { z } from 'zod';
import { type Config, loadConfig, needs } from '../../src/config.ts';

/** What one process did in one round; `cpu` is its own, without the servers'. */
export const measured = z.object({ seconds: z.number(), cpuSeconds: z.number(), peakBytes: z.number() });
export type Measured = z.infer<typeof measured>;

/** The settings of both sides, as `kticket run` reads them. */
export function settings(): Config {
  const loaded = loadConfig(needs.worker);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

/** Does the work, and tells the process that started this one what it took: from now, with everything loaded. */
export async function measure(work: () => Promise<void>): Promise<void> {
  const before = process.resourceUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const after = process.resourceUsage();
  const cpuMicroseconds =
    after.userCPUTime - before.userCPUTime + (after.systemCPUTime - before.systemCPUTime);
  const result: Measured = { seconds, cpuSeconds: cpuMicroseconds / 1e6, peakBytes: after.maxRSS * 1024 };
  process.send?.(result);
}
