import type { AddressProblem } from '../words/quarantine.ts';
import { tokenLength } from './reply-token.ts';

/** A mailbox as RFC 5322 §3.4 names it. */
export type Address = {
  /** decoded display name, one line; '' if absent */
  name: string;
  /** lower-case, IDN domain in its ASCII form; the only part any decision reads */
  email: string;
};

export type Token =
  | { kind: 'atom' | 'quoted' | 'comment' | 'literal'; text: string }
  | { kind: 'special'; text: '<' | '>' | ',' | ';' | ':' | '@' };

/**
 * Encoded word (RFC 2047 §5). Text with a raw bracket, quote, backslash or @ is none, nor with a comment that does not end in it: no
 * address that others would read may hide in it, and what begins in it may not hide one behind it.
 */
const encodedWord = /=\?[\w.:*-]{1,60}\?[bq]\?(?:[^?\s<>@"()[\]\\]|\([^?\s<>@"()[\]\\]*\))*\?=/iy;
const atom = /[^\s()<>[\]:;@\\,"]+/y;

/**
 * Splits an address header into its tokens (RFC 5322 §3.2). An encoded word is one atom even where it holds
 * a raw comma, as programs write it. Throws nothing: what cannot be a token becomes null.
 */
export function tokenise(header: string): (Token | null)[] {
  const tokens: (Token | null)[] = [];
  let at = 0;
  while (at < header.length) {
    const char = header[at];
    if (char === undefined || /\s/u.test(char)) {
      at += 1;
      continue;
    }
    if (char === '<' || char === '>' || char === ',' || char === ';' || char === ':' || char === '@') {
      tokens.push({ kind: 'special', text: char });
      at += 1;
      continue;
    }
    if (char === '"' || char === '(' || char === '[') {
      const enclosed = readEnclosed(header, at);
      tokens.push(enclosed.token);
      at = enclosed.end;
      continue;
    }
    encodedWord.lastIndex = at;
    atom.lastIndex = at;
    const found = encodedWord.exec(header) ?? atom.exec(header);
    tokens.push(found === null ? null : { kind: 'atom', text: found[0] });
    at += found === null ? 1 : found[0].length;
  }
  return tokens;
}

/** A quoted string, a comment (they nest) or a domain literal that begins at `start`; null if it never ends. */
function readEnclosed(header: string, start: number): { token: Token | null; end: number } {
  const open = header[start];
  const close = open === '"' ? '"' : open === '(' ? ')' : ']';
  const kind = open === '"' ? 'quoted' : open === '(' ? 'comment' : 'literal';
  let depth = 1;
  let text = '';
  for (let at = start + 1; at < header.length; at += 1) {
    const char = header[at] ?? '';
    if (char === '\\' && at + 1 < header.length) {
      at += 1;
      text += header[at];
      continue;
    }
    if (char === close) depth -= 1;
    else if (char === open && kind === 'comment') depth += 1;
    if (depth === 0) return { token: { kind, text }, end: at + 1 };
    text += char;
  }
  return { token: null, end: header.length };
}

/** Octets of an address (RFC 5321 §4.5.3.1: 64 before the @, 255 behind it; octets for non-ASCII letters too, RFC 6531 §3.1). */
const mostOctets = 320;

type ReadEmail = { ok: true; email: string } | { ok: false; why: AddressProblem };

/** addr-spec (RFC 5322 §3.4.1) in its normal form: exactly local part, `@`, domain. */
export function readAddrSpec(tokens: Token[]): ReadEmail {
  const [local, at, domain] = tokens;
  if (tokens.some((token) => token.text.includes('=?'))) {
    return { ok: false, why: 'encoded_word' };
  }
  if (tokens.filter((token) => token.kind === 'special' && token.text === '@').length > 1) {
    return { ok: false, why: 'two_addresses' };
  }
  if (tokens.length !== 3 || local === undefined || at?.text !== '@' || domain === undefined) {
    return { ok: false, why: 'no_address' };
  }
  const localPart = normaliseLocal(local);
  if (localPart === null) return { ok: false, why: 'local_part' };
  const domainPart = domain.kind === 'literal' ? normaliseLiteral(domain.text) : normaliseDomain(domain.text);
  if (domainPart === null || domain.kind === 'quoted') {
    return { ok: false, why: 'domain' };
  }
  const email = `${localPart}@${domainPart}`;
  return octets(email) > mostOctets ? { ok: false, why: 'too_long' } : { ok: true, email };
}

const dotAtom = /^[^\s.()<>[\]:;@\\,"\p{Cc}]+(?:\.[^\s.()<>[\]:;@\\,"\p{Cc}]+)*$/u;

/** Quotes that need not be there are dropped: `"mario"@acme.it` is `mario@acme.it` (RFC 5321 §4.1.2). */
function normaliseLocal(token: Token): string | null {
  if (token.kind !== 'atom' && token.kind !== 'quoted') return null;
  const text = lowerAscii(token.text);
  if (looksLikeAnother(text)) return null;
  if (dotAtom.test(text)) return text;
  if (token.kind === 'atom' || text === '' || /\p{Cc}/u.test(text)) return null;
  return `"${text.replace(/["\\]/gu, String.raw`\$&`)}"`;
}

const otherScripts = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/**
 * True if people would read another address than programs compare: it contains invisible characters or ones that reverse the
 * direction of text, letters that some program normalises to others (RFC 6532 §3.1 asks for NFC at least), or letters of a
 * second alphabet among Latin ones.
 */
function looksLikeAnother(text: string): boolean {
  return (
    /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u.test(text) ||
    text !== text.normalize('NFKC') ||
    (/\p{Script=Latin}/u.test(text) && otherScripts.test(text))
  );
}

/** Only ASCII letters: the lower case of the Kelvin sign is `k`, and two addresses must not become one by it. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}

/**
 * A domain in lower case and ASCII (UTS 46, by the URL parser). Null if it is invalid, or if non-ASCII letters merely map onto
 * ASCII ones (full-width, Kelvin sign): nobody's domain is written that way.
 */
function normaliseDomain(text: string): string | null {
  if (!/^[\p{L}\p{N}\p{M}_.·-]{1,253}$/u.test(text)) return null;
  const given = text.split('.');
  const labels = (isAscii(text) ? text.toLowerCase() : (idnToAscii(text) ?? '')).split('.');
  const isWhole = labels.length === given.length && labels.every((label) => /^[\w-]{1,63}$/u.test(label));
  const isPlain = labels.every((label, i) => isAscii(given[i] ?? '') || label.startsWith('xn--'));
  return isWhole && isPlain ? labels.join('.') : null;
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/u.test(text);

/** `[192.0.2.1]`, `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3). */
function normaliseLiteral(text: string): string | null {
  const literal = lowerAscii(text.trim());
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}|ipv6:[0-9a-f:.]{2,45})$/u.test(literal) ? `[${literal}]` : null;
}

function idnToAscii(domain: string): string | null {
  const url = URL.parse(`http://${domain}/`);
  return url === null || url.hostname === '' ? null : url.hostname;
}

/**
 * A bare address in the one form everything compares: lower-case, IDN domain in ASCII.
 * @returns null where the text is not exactly one address (a display name is one thing too many)
 */
export function normaliseEmail(text: string): string | null {
  const tokens = tokenise(text.trim());
  const whole = tokens.filter((token) => token !== null);
  if (whole.length !== tokens.length) return null;
  const read = readAddrSpec(whole);
  return read.ok ? read.email : null;
}

/** The domain of a normalised address. */
export function emailDomain(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}

/** Text in a display name that looks like an address, as written; full-width letters and signs count as the ASCII ones. */
export function addressesIn(name: string): string[] {
  const written = /(?<![^\s@<>"'()[\],;:])[^\s@<>"'()[\],;:]+@[^\s@<>"'()[\],;:]+\.\p{L}{2,}/gu;
  return name.normalize('NFKC').match(written) ?? [];
}

/**
 * Splits `desk+detail@example.it` at its last plus, so that a desk whose own address contains one works too.
 * @returns `detail` null if there is no plus
 */
export function plusDetail(email: string): { base: string; detail: string | null } {
  const at = email.lastIndexOf('@');
  const plus = email.lastIndexOf('+', at);
  if (plus < 1 || email.startsWith('"')) return { base: email, detail: null };
  return { base: email.slice(0, plus) + email.slice(at), detail: email.slice(plus + 1, at) };
}

/**
 * Reason why an address has no room for a plus and a reply token, which servers may then refuse: 64 octets before the @, 254
 * in all (RFC 5321 §4.5.3.1; a path of 256 includes the brackets). Null if it has.
 */
export function plusAddressTooLong(email: string): string | null {
  const local = octets(email.slice(0, email.lastIndexOf('@'))) + 1 + tokenLength;
  const whole = octets(email) + 1 + tokenLength;
  if (local > 64)
    return `With a reply token (+ and ${tokenLength} letters) ${email} has ${local} octets before the @, of at most 64.`;
  if (whole > 254)
    return `With a reply token (+ and ${tokenLength} letters) ${email} has ${whole} octets, of at most 254.`;
  return null;
}

const encoder = new TextEncoder();
const octets = (text: string): number => encoder.encode(text).length;
