import { z } from 'zod';
import { cpuSecondsOf, peakBytesOf } from './processes.ts';
import { needs } from '../../src/config/config.ts';
import type { Config } from '../../src/config/settings.ts';
import { loadConfig } from '../../src/config/load.ts';

/** Resources of one worker in one round, with its reading process, without the servers. */
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
  const before = cpuSeconds();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const result: Measured = {
    seconds,
    cpuSeconds: cpuSeconds() - before,
    peakBytes: peakBytesOf(process.pid) ?? process.resourceUsage().maxRSS * 1024,
  };
  process.send?.(result);
}

/** CPU time; without /proc, without the reading process. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return cpuSecondsOf(process.pid) ?? (user + system) / 1_000_000;
}
