import type { TlsTrouble } from '../core/words/outages.ts';

/** By Node's code or OpenSSL's words; the first that fits counts. */
const troubles: [RegExp, TlsTrouble][] = [
  [/altname/i, 'other_name'],
  [/has[ _]expired/i, 'expired'],
  [/not[ _]yet[ _]valid/i, 'not_yet_valid'],
  [/unsupported[ _]protocol|protocol[ _]version/i, 'old_protocol'],
  [/cert|self[-_]signed|unable_to/i, 'not_trusted'],
];

/**
 * The problem, if TLS is what failed; otherwise null.
 * @param said the error's code and message
 */
export function tlsTrouble(said: string): TlsTrouble | null {
  return troubles.find(([words]) => words.test(said))?.[1] ?? null;
}
