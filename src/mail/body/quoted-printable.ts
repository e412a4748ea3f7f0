/**
 * Quoted-printable (RFC 2045 §6.7) of a text with gaps. A gap is filled later with letters that need no encoding, and stands whole
 * on its line.
 */
import { tokenLength } from '../../core/address/reply-token.ts';

/** Octets of a line before its soft break; with it 76 (RFC 2045 §6.7). */
const longestLine = 75;
const [tab, lineFeed, carriageReturn, space, equals] = [9, 10, 13, 32, 61];
const hex = Buffer.from('0123456789ABCDEF');

/** @param text strings, and the number of each gap between them; a line may end in any way */
export function quotedPrintable(text: readonly (string | number)[]): (Buffer | number)[] {
  let column = 0;
  return text.flatMap((piece, i): (Buffer | number)[] => {
    if (typeof piece === 'string') {
      const done = encode(piece, { column, isLast: i === text.length - 1 });
      column = done.column;
      return [done.bytes];
    }
    const breaks = column + tokenLength > longestLine;
    column = (breaks ? 0 : column) + tokenLength;
    return breaks ? [Buffer.from('=\r\n'), piece] : [piece];
  });
}

/** What becomes of a byte: it stands for itself wherever it is, or unless its line ends behind it; it ends a line; or it is written in hexadecimal. */
const kind = { plain: 0, blank: 1, lineEnd: 2, other: 3 } as const;
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === space || byte === tab) return kind.blank;
  if (byte === lineFeed || byte === carriageReturn) return kind.lineEnd;
  return byte > space && byte < 127 && byte !== equals ? kind.plain : kind.other;
});

/** Rooms for a text and for what is made of it, used again and again. */
let given = Buffer.allocUnsafeSlow(64 * 1024);
let made = Buffer.allocUnsafeSlow(128 * 1024);

/** @param at the column it begins in, and whether nothing comes after it */
function encode(written: string, at: { column: number; isLast: boolean }): { bytes: Buffer; column: number } {
  let { column } = at;
  // of UTF-8 a UTF-16 unit takes three bytes at most
  if (given.length < written.length * 3) given = Buffer.allocUnsafeSlow(written.length * 3);
  const length = given.write(written);
  const most = length * 3;
  const needed = most + 3 * (Math.ceil(most / (longestLine - 2)) + 1);
  if (made.length < needed) made = Buffer.allocUnsafeSlow(needed);
  const [text, bytes] = [given, made];
  let end = 0;
  for (let i = 0; i < length; ) {
    const from = i;
    const stop = Math.min(length, from + longestLine - column);
    while (i < stop) {
      const byte = text[i] ?? 0;
      if (kinds[byte] !== kind.plain) break;
      bytes[end++] = byte;
      i += 1;
    }
    column += i - from;
    if (i === length) break;
    const byte = text[i] ?? 0;
    const next = i + 1 < length ? kinds[text[i + 1] ?? 0] : at.isLast ? kind.lineEnd : kind.plain;
    const is = kinds[byte];
    i += 1;
    if (is === kind.lineEnd) {
      if (byte === carriageReturn && i < length && text[i] === lineFeed) continue;
      bytes[end++] = carriageReturn;
      bytes[end++] = lineFeed;
      column = 0;
      continue;
    }
    const standsForItself = is === kind.plain || (is === kind.blank && next !== kind.lineEnd);
    if (column + (standsForItself ? 1 : 3) > longestLine) {
      bytes[end++] = equals;
      bytes[end++] = carriageReturn;
      bytes[end++] = lineFeed;
      column = 0;
    }
    if (standsForItself) {
      bytes[end++] = byte;
      column += 1;
    } else {
      bytes[end++] = equals;
      bytes[end++] = hex[byte >> 4] ?? 0;
      bytes[end++] = hex[byte & 15] ?? 0;
      column += 3;
    }
  }
  // a copy: the rooms are used again
  return { bytes: Buffer.from(bytes.subarray(0, end)), column };
}

/** The text that was encoded, its lines ended by LF. */
export function readQuotedPrintable(encoded: Buffer): string {
  const text = encoded
    .toString('latin1')
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/gu, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(text, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
}
