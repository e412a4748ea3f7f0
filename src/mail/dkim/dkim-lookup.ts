import { Resolver as DnsResolver } from 'node:dns/promises';
import type { Resolver } from './dkim.ts';
import { codeOf } from '../../log/errors.ts';

/** Milliseconds a key that was found, and the answer that there is none, are kept; failures are not. */
const keptFound = 10 * 60_000;
const keptMissing = 60_000;
/** Mails choose the names that are looked up: more are not kept. */
const mostKept = 1_000;

type Answer = string[][] | string[];
type Kept = { until: number; answer: Promise<Answer> };

/** The DNS servers of the system, which get two tries of two seconds. */
export function systemDns(): Resolver {
  const dns = new DnsResolver({ timeout: 2_000, tries: 2 });
  return async (name, type) => {
    if (type !== 'TXT') throw new Error(`only TXT records are looked up here, not ${type}`);
    return dns.resolveTxt(name);
  };
}

/**
 * Looks up DKIM keys and keeps the answers for a while: a name asked for twice at once, or again within minutes, is
 * looked up once. What failed for the moment is asked again.
 * @param look where names are looked up
 * @param clock milliseconds, running
 */
export function keyResolver(
  look: Resolver = systemDns(),
  clock: () => number = () => performance.now(),
): Resolver {
  const kept = new Map<string, Kept>();
  return (name, type) => {
    const key = `${type} ${name.toLowerCase()}`;
    const known = kept.get(key);
    if (known !== undefined && known.until > clock()) return known.answer;
    const entry: Kept = { until: clock() + keptFound, answer: look(name, type) };
    kept.delete(key);
    kept.set(key, entry);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    entry.answer.catch((error: unknown) => {
      if (isNoRecord(error)) entry.until = Math.min(entry.until, clock() + keptMissing);
      else if (kept.get(key) === entry) kept.delete(key);
    });
    return entry.answer;
  };
}

/** The server answered, and there is no such name or no such record. */
function isNoRecord(error: unknown): boolean {
  return ['ENOTFOUND', 'ENODATA'].includes(codeOf(error) ?? '');
}
