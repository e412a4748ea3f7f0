import { expect, test } from 'vitest';
import { dovecotAvailable } from '../harness/servers.ts';
import { runCampaign } from './campaign.ts';

/** `npm run test:faults -- --seed S --kills N` sets both. */
const seed = Number(process.env['KTICKET_SEED'] ?? 1);
const kills = Number(process.env['KTICKET_KILLS'] ?? 15);

test.skipIf(!dovecotAvailable())(
  'killed at whatever instant, nothing is lost, nothing is done twice, nobody innocent is quarantined',
  { timeout: 600_000 + kills * 30_000 },
  async () => {
    const began = performance.now();
    const campaign = await runCampaign(seed, kills);
    const seconds = Math.round((performance.now() - began) / 1000);
    process.stderr.write(`seed ${seed}: ${JSON.stringify({ ...campaign, seconds })}\n`);
    expect(Object.values(campaign.kills).reduce((sum, one) => sum + one)).toBeGreaterThanOrEqual(kills);
    expect(campaign.mails).toBeGreaterThan(kills);
  },
);
