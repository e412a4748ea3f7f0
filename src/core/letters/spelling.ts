/** Text as it reads once every encoding is taken off: code points, each with the stretch of the text it stands for. */
export type DecodedText = { codes: number[]; from: number[]; to: number[] };

/**
 * Extent of decoding. `links`: percent signs, HTML entities and the escapes of JSON and of our own lists, nested to any depth.
 * `all`: also quoted-printable and the `*2B` of link rewriters, which may misread a plain `=`.
 */
export type Decoding = 'none' | 'links' | 'all';

/** A byte that no encoding explains; above every code point. */
export const strayByte = 0x110000;

/** Entities of HTML that can stand within an address, or between its letters. */
const entities: Readonly<Record<string, number>> = {
  plus: 0x2b,
  commat: 0x40,
  amp: 0x26,
  percnt: 0x25,
  equals: 0x3d,
  ast: 0x2a,
  lowbar: 0x5f,
  bsol: 0x5c,
  num: 0x23,
  semi: 0x3b,
  colon: 0x3a,
  period: 0x2e,
  lpar: 0x28,
  rpar: 0x29,
  lt: 0x3c,
  gt: 0x3e,
  quot: 0x22,
  nbsp: 0xa0,
  shy: 0xad,
  ensp: 0x2002,
  emsp: 0x2003,
  thinsp: 0x2009,
  zerowidthspace: 0x200b,
  zwnj: 0x200c,
  zwj: 0x200d,
  lrm: 0x200e,
  rlm: 0x200f,
  nobreak: 0x2060,
  newline: 0x0a,
  tab: 0x09,
};
/** No entity's name is longer. */
const longestEntity = 16;

const percent = 0x25;
const equals = 0x3d;
const asterisk = 0x2a;
const backslash = 0x5c;
const ampersand = 0x26;
const semicolon = 0x3b;

/** A text as far as it is decoded, and what is decoded in it. */
type Reading = DecodedText & { decoding: Decoding };

/** Reads a text. Linear in its size: what was decoded is looked at again only where it shrank. */
export function readSpelling(text: string, decoding: Decoding): DecodedText {
  const reading: Reading = { codes: [], from: [], to: [], decoding };
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) ?? 0;
    const size = code > 0xffff ? 2 : 1;
    push(reading, code, i, i + size);
    i += size;
  }
  return reading;
}

/** Compatibility forms become what they stand for: full-width letters, ligatures, letters with their accents apart. */
function push(reading: Reading, code: number, from: number, to: number): void {
  if (code < 0x80 || code >= strayByte) return append(reading, code, from, to);
  for (const part of plainOf(code)) append(reading, part, from, to);
}

/** Most characters that a single one decomposes into: longer ones are ligatures of whole Arabic words, up to eighteen letters. */
const mostParts = 8;
const plainForms = new Map<number, number[]>();

function plainOf(code: number): number[] {
  const known = plainForms.get(code);
  if (known !== undefined) return known;
  const parts = Array.from(String.fromCodePoint(code).normalize('NFKD'), (part) => part.codePointAt(0) ?? 0);
  const plain = parts.length > mostParts ? [code] : parts;
  plainForms.set(code, plain);
  return plain;
}

function append(reading: Reading, code: number, from: number, to: number): void {
  reading.codes.push(code);
  reading.from.push(from);
  reading.to.push(to);
  if (reading.decoding === 'none') return;
  const found = encodedAtEnd(reading.codes, reading.decoding);
  if (found === null) return;
  const start = reading.from.at(-found.length) ?? from;
  const rest = reading.codes.length - found.length;
  reading.codes.length = rest;
  reading.from.length = rest;
  reading.to.length = rest;
  push(reading, found.code, start, to);
}

/** Character encoded by the last codes together, and their number. */
function encodedAtEnd(codes: readonly number[], decoding: Decoding): { code: number; length: number } | null {
  const end = codes.length;
  const last = codes[end - 1] ?? 0;
  if (last >= strayByte) return characterAtEnd(codes);
  if (last === semicolon) return entityAtEnd(codes);
  const before = codes[end - 2] ?? 0;
  if (before === backslash) {
    if (last === 0x6e || last === 0x72) return { code: 0x0a, length: 2 };
    if (last === 0x74) return { code: 0x09, length: 2 };
  }
  if (hex(last) < 0) return null;
  const pair = hex(before) * 16 + hex(last);
  const isPair = hex(before) >= 0;
  const sign = codes[end - 3];
  if (isPair && (sign === percent || (decoding === 'all' && (sign === equals || sign === asterisk))))
    return { code: pair < 0x80 ? pair : strayByte + pair, length: 3 };
  if (isPair && sign === 0x78 && codes[end - 4] === backslash) return { code: pair, length: 4 };
  if (codes[end - 5] !== 0x75 || codes[end - 6] !== backslash) return null;
  const digits = codes.slice(-4).map(hex);
  return digits.includes(-1) ? null : { code: digits.reduce((sum, digit) => sum * 16 + digit, 0), length: 6 };
}

/** The value of a hexadecimal digit; -1 where it is none. */
function hex(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Bytes that together are one character in UTF-8 (RFC 3629 §3). */
function characterAtEnd(codes: readonly number[]): { code: number; length: number } | null {
  let code = 0;
  for (let length = 1; length <= 4; length++) {
    const byte = (codes.at(-length) ?? 0) - strayByte;
    if (byte < 0x80) return null;
    if (byte < 0xc0) {
      code |= (byte & 0x3f) << (6 * (length - 1));
      continue;
    }
    const size = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (size !== length) return null;
    const whole = code | ((byte & (0xff >> (size + 1))) << (6 * (length - 1)));
    return whole > 0x10ffff || (whole >= 0xd800 && whole < 0xe000) ? null : { code: whole, length };
  }
  return null;
}

function entityAtEnd(codes: readonly number[]): { code: number; length: number } | null {
  // no further back: a text may be all semicolons
  const nearest = codes.slice(-longestEntity - 2, -1).lastIndexOf(ampersand);
  if (nearest < 0) return null;
  const length = Math.min(codes.length, longestEntity + 2) - nearest;
  const from = codes.length - length;
  const name = String.fromCodePoint(...codes.slice(from + 1, -1).map((c) => Math.min(c, 0xffff)));
  const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/iu.exec(name);
  if (number === null) {
    const code = entities[name.toLowerCase()];
    return code === undefined ? null : { code, length };
  }
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
  return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? null : { code, length };
}
