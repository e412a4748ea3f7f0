import { shorten } from '../letters/text.ts';

/** `(rif. TOKEN)` wherever it stands; a mail program may fold the line inside it (RFC 5322 §2.2.3). */
const reference = /\(\s*rif\.\s*([a-z2-7]{26})\s*\)/gi;

/** Longest subject line we write, in characters (a header line holds 998, RFC 5322 §2.1.1; encoding triples it). */
export const subjectLimit = 200;

/**
 * The subject with a reply token at its end, as `REPLY_ADDRESSING=subject` carries it. A subject that would grow
 * too long is shortened, never the token.
 * @param subject one line
 * @param token 26 letters of base32
 * @returns `[#1042] La stampante non stampa (rif. TOKEN)`, the same in every language
 */
export function subjectWithToken(subject: string, token: string): string {
  const ending = ` (rif. ${token})`;
  return `${shorten(subject, subjectLimit - ending.length)}${ending}`;
}

/**
 * The reply tokens a subject carries.
 * @param subject decoded
 * @returns distinct, lower-case, in the order they stand; whether they are anybody's is not asked here
 */
export function readSubjectToken(subject: string): string[] {
  const found = Array.from(subject.matchAll(reference), (match) => (match[1] ?? '').toLowerCase());
  return [...new Set(found)];
}
