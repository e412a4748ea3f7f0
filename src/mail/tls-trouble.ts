import type { TlsTrouble } from '../core/words/outages.ts';
import { tlsPort } from './tls-port.ts';

/** By Node's code or OpenSSL's words; the first that fits counts. */
const troubles: [RegExp, TlsTrouble][] = [
  [/altname/i, 'other_name'],
  [/has[ _]expired/i, 'expired'],
  [/not[ _]yet[ _]valid/i, 'not_yet_valid'],
  [/unsupported[ _]protocol|protocol[ _]version/i, 'old_protocol'],
  [/cert|self[-_]signed|unable_to/i, 'not_trusted'],
];

/** OpenSSL took plain text for TLS. */
const plainText = /wrong[ _]version[ _]number|packet[ _]length[ _]too[ _]long|record[ _]layer[ _]failure/i;

/** TLS and plain text, one where the other was expected; null for anything else. @param said the error's code and message */
export function mixUp(said: string, protocol: 'imap' | 'smtp'): TlsTrouble | null {
  if (said.includes(tlsPort)) return protocol === 'imap' ? 'tls_at_imap' : 'tls_at_smtp';
  if (plainText.test(said)) return protocol === 'imap' ? 'plain_at_imaps' : 'plain_at_smtps';
  return null;
}

/**
 * The problem, if TLS is what failed; otherwise null.
 * @param said the error's code and message
 */
export function tlsTrouble(said: string): TlsTrouble | null {
  return troubles.find(([words]) => words.test(said))?.[1] ?? null;
}
