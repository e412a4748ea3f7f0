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
      const done = encode(Buffer.from(piece), { column, isLast: i === text.length - 1 });
      column = done.column;
      return [done.bytes];
    }
    const breaks = column + tokenLength > longestLine;
    column = (breaks ? 0 : column) + tokenLength;
    return breaks ? [Buffer.from('=\r\n'), piece] : [piece];
  });
}

/** Bytes that stand for themselves wherever they are. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > space && byte < 127 && byte !== equals ? 1 : 0,
);

/** Whether a line ends before this byte. */
function endsLine(next: number | undefined, isLast: boolean): boolean {
  return next === undefined ? isLast : next === lineFeed || next === carriageReturn;
}

/** @param at the column it begins in, and whether nothing comes after it */
function encode(text: Buffer, at: { column: number; isLast: boolean }): { bytes: Buffer; column: number } {
  let { column } = at;
  const most = text.length * 3;
  const bytes = Buffer.allocUnsafe(most + 3 * (Math.ceil(most / (longestLine - 2)) + 1));
  let end = 0;
  for (let i = 0; i < text.length; i += 1) {
    const byte = text[i] ?? 0;
    const next = text[i + 1];
    if (byte === lineFeed || byte === carriageReturn) {
      if (byte === carriageReturn && next === lineFeed) continue;
      bytes[end++] = carriageReturn;
      bytes[end++] = lineFeed;
      column = 0;
      continue;
    }
    const isPlain = plain[byte] === 1 || ((byte === space || byte === tab) && !endsLine(next, at.isLast));
    const width = isPlain ? 1 : 3;
    if (column + width > longestLine) {
      bytes[end++] = equals;
      bytes[end++] = carriageReturn;
      bytes[end++] = lineFeed;
      column = 0;
    }
    column += width;
    if (isPlain) bytes[end++] = byte;
    else {
      bytes[end++] = equals;
      bytes[end++] = hex[byte >> 4] ?? 0;
      bytes[end++] = hex[byte & 15] ?? 0;
    }
  }
  // a copy: what is not used of the room is not kept
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
