import type { AuditTotals } from '../../store/reports/audit.ts';

/** The pairs, and the rest on each side, in the given order. */
export type Paired<K, L> = { pairs: [K, L][]; kept: K[]; lying: L[] };

/**
 * Pairs what the database keeps with what lies on a server, one to one: two copies of one message need two rows.
 * @param keyOfKept the key to compare, or null for a message that cannot be paired by it
 */
export function pairUp<K, L>(
  kept: readonly K[],
  lying: readonly L[],
  keyOfKept: (one: K) => string | null,
  keyOfLying: (one: L) => string | null,
): Paired<K, L> {
  const byKey = new Map<string, K[]>();
  // from the last one, so that `pop` hands out the first
  for (const one of kept.toReversed()) {
    const key = keyOfKept(one);
    if (key === null) continue;
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [one]);
    else same.push(one);
  }
  const pairs: [K, L][] = [];
  const left: L[] = [];
  for (const one of lying) {
    const key = keyOfLying(one);
    const match = key === null ? undefined : byKey.get(key)?.pop();
    if (match === undefined) left.push(one);
    else pairs.push([match, one]);
  }
  const gone = new Set(pairs.map(([one]) => one));
  return { pairs, kept: kept.filter((one) => !gone.has(one)), lying: left };
}

/** Ranges of whole numbers in words, `3, 5-9`: names each number and stays short. */
export function inRanges(ranges: readonly { from: number; to: number }[]): string {
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

/** `5 came in = 4 opened + 1 held; outgoing: 12 sent`: what there is none of is left out. */
export function totalsInWords({ cameIn, incoming, outgoing }: AuditTotals): string {
  return `${cameIn} came in = ${sum(incoming)}; outgoing: ${sum(outgoing)}`;
}

function sum(counts: Record<string, number>): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`);
  return parts.join(' + ') || '0';
}

/** The furthest a `[#N]` may be beyond the next number to be believed: a stranger may write any. */
const believable = 10_000;
/** Numbers left free for tickets that nothing on the server tells of any more. */
const margin = 100;

/**
 * The number of the next ticket after an older backup came back, so that none is given out twice: beyond every number that
 * mail on the server names, and beyond as many as the messages that were lost can have opened.
 * @param due the number the backup would go on with
 * @param lost messages on the server that the backup does not know
 * @param named numbers of tags in subjects of mail on the server
 */
export function numberAfterBackup(due: number, lost: number, named: readonly number[]): number {
  const highest = Math.max(due - 1, ...named.filter((number) => number < due + believable));
  return Math.max(due + lost, highest + 1) + margin;
}
