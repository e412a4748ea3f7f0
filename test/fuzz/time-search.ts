/**
 * Looks for mails that cost more processor than a mail may: plans at random, and small changes of those that cost most
 * for their size. `npm run test:fuzz -- --time SECONDS` runs it long; a few plans run in every test.
 */
import { parseMessage } from '../../src/mail/parse/parse.ts';
import { randomFrom } from '../simulation/random.ts';
import { changed, mailOf, type Plan, planOf } from './time-mails.ts';

/** `seconds`: of processor, of its mail at its largest; `growth`: of the mail at a quarter of that */
export type Cost = { plan: Plan; seconds: number; growth: number };

/** Plans are looked at small; those that cost so much there are tried at their largest. `kept` are changed again and again. */
const glance = 1 / 32;
const worthwhile = 0.03;
const kept = 40;

/** Processor seconds to read these bytes, all threads of ours counted. */
export async function secondsFor(raw: Buffer): Promise<number> {
  const before = process.cpuUsage();
  await parseMessage(raw);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

/** Tries plans until `isOver`, and returns those that cost most, the worst first. */
export async function search(seed: number, isOver: (tried: number) => boolean): Promise<Cost[]> {
  const random = randomFrom(seed);
  const best: { plan: Plan; small: number }[] = [];
  const costs: Cost[] = [];
  await secondsFor(mailOf(planOf(random), 0.01));
  for (let tried = 0; !isOver(tried); tried += 1) {
    const parent = best[random.below(best.length)];
    const plan =
      parent === undefined || random.below(3) === 0 ? planOf(random) : changed(parent.plan, random);
    const small = await secondsFor(mailOf(plan, glance));
    const worst = best.at(-1)?.small ?? 0;
    if (best.length < kept || small > worst) {
      best.push({ plan, small });
      best.sort((a, b) => b.small - a.small);
      best.splice(kept);
    }
    // in turn with what is quadratic and still cheap here
    if (small < worthwhile && random.below(20) > 0) continue;
    const seconds = await secondsFor(mailOf(plan, 1));
    const quarter = seconds > 0.5 ? await secondsFor(mailOf(plan, 1 / 4)) : Number.NaN;
    costs.push({ plan, seconds, growth: seconds / quarter });
    costs.sort((a, b) => b.seconds - a.seconds);
    costs.splice(100);
  }
  return costs;
}

/** A line that says what a plan costs, and how to make it again. */
export function costInWords({ plan, seconds, growth }: Cost): string {
  return `${seconds.toFixed(2)} s, ${growth.toFixed(1)} times a quarter of it: ${JSON.stringify(plan)}`;
}
