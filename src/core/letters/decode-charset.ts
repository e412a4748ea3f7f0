import { createDecodeStream, decode, normalizeCharset } from 'libmime/lib/charset';
import { charsetName, isMac, isUnsaid } from './charset-name.ts';
import { safeText } from './clean.ts';

/** A defect of a text's encoding. */
type CharsetProblem = 'utf7' | 'letters_replaced' | 'charset_wrong';
export type Letters = { text: string; problem: CharsetProblem | null };

/** Charsets that take two bytes above 127, or one and a letter of ASCII, for a character. */
const doubleByte = /^(?:gb|big5|euc|shift|sjis|ks_c|ms_kanji|x-gbk|(?:cp|windows-?)9(?:32|36|49|50))/u;
const wide = /^(?:utf-?(?:16|32)|ucs-?[24]|iso-10646-ucs|unicode$)/u;

/**
 * Bytes of a mail as text. A label that the bytes contradict does not count: what is UTF-8 is read as UTF-8 whatever
 * it is called, what is called UTF-8 and is none as windows-1252. What declares no charset is read in the same way, so
 * that an undeclared `perché` stays readable (BAD-MAIL 19). UTF-7 is read as ASCII (8), an unknown charset as UTF-8
 * with U+FFFD (7).
 * @param charset as declared; null where nothing is
 * @param own what the text says of its own charset (`<meta charset>`), asked where the declared one does not fit
 * @returns clean text (see `safeText`), and what is odd about it
 */
export function decodeText(bytes: Uint8Array, charset: string | null, own: string | null = null): Letters {
  const { text, problem } = decodeLetters(bytes, charset, own);
  return { text: safeText(text), problem };
}

/** A header's bytes as they stand, which declare nothing (RFC 6532). NUL and C1 are left for `oneLine`. */
export function decodeHeaderBytes(bytes: Uint8Array): string {
  return decodeLetters(bytes, null, null).text;
}

function decodeLetters(bytes: Uint8Array, charset: string | null, own: string | null): Letters {
  const label = charsetName(charset);
  const marked = byteOrderMark(bytes);
  if (marked !== null) return { text: new TextDecoder(marked).decode(bytes), problem: null };
  return hasEightBit(bytes) ? decodeEightBit(bytes, label, charsetName(own)) : decodeSevenBit(bytes, label);
}

function hasEightBit(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] ?? 0) > 0x7f) return true;
  return false;
}

/** The UTF-16 that a byte order mark announces. */
function byteOrderMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
}

/** Text in which no byte is above 127: ASCII, or one of the charsets that shift with escape sequences. */
function decodeSevenBit(bytes: Uint8Array, label: string): Letters {
  const shifted = decodeShifted(bytes, label);
  if (shifted !== null) return shifted;
  if (wide.test(label) && bytes.includes(0)) return decodeAsLabelled(bytes, label);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (isUnsaid(label)) {
    // every letter outside of ASCII begins with one (RFC 2152)
    const isUtf7 = label.includes('utf') && text.includes('+');
    return { text, problem: isUtf7 ? 'utf7' : null };
  }
  if (wide.test(label)) return { text, problem: 'charset_wrong' };
  return decodeAsLabelled(bytes, label);
}

/**
 * ISO-2022-JP (RFC 1468) and ISO-2022-KR (RFC 1557), whose escape sequences tell them, declared or not; null where
 * there are none. What is left of a sequence that announces something else is taken out: nobody can read it.
 */
function decodeShifted(bytes: Uint8Array, label: string): Letters | null {
  if (!bytes.includes(0x1b) || wide.test(label)) return null;
  const raw = Buffer.from(bytes).toString('latin1');
  if (raw.includes('\u001b$)C') && raw.includes('\u000e'))
    return {
      text: decodeKorean(raw),
      problem: /^iso-?2022-?kr/u.test(label) ? null : 'charset_wrong',
    };
  if (!japanese.some((sequence) => raw.includes(sequence))) return null;
  const text = new TextDecoder('iso-2022-jp').decode(bytes).replaceAll('\u001b', '');
  const isDeclared = /^(?:iso-?2022-?jp|jis|csiso2022jp)/u.test(label);
  if (text.includes('\ufffd')) return { text, problem: 'letters_replaced' };
  return {
    text,
    problem: isDeclared || isUnsaid(label) ? null : 'charset_wrong',
  };
}

/** Escape sequences of JIS X 0208, first and second edition, and JIS X 0212. */
const japanese = ['\u001b$@', '\u001b$B', '\u001b$(D'];

/** Between SO and SI each pair of bytes is one of EUC-KR without its highest bits. */
function decodeKorean(raw: string): string {
  const [before = '', ...shifted] = raw.replaceAll('\u001b$)C', '').split('\u000e');
  const euc = shifted.map((piece) => {
    const [pairs = '', ...after] = piece.split('\u000f');
    return (
      pairs.replace(/[!-~]/gu, (char) => String.fromCharCode(char.charCodeAt(0) | 0x80)) + after.join('')
    );
  });
  return new TextDecoder('euc-kr').decode(Buffer.from(before + euc.join(''), 'latin1'));
}

function decodeEightBit(bytes: Uint8Array, label: string, own: string): Letters {
  if (isUnsaid(label) && own !== '' && !isUnsaid(own)) return decodeEightBit(bytes, own, '');
  const utf8 = validUtf8(bytes);
  if (isUnsaid(label)) return { text: utf8 ?? decodeMixed(bytes).text, problem: null };
  if (normalizeCharset(label) === 'UTF-8') {
    if (utf8 !== null) return { text: utf8, problem: null };
    const mixed = decodeMixed(bytes);
    const fits = !mixed.isUtf8 && own !== '' && normalizeCharset(own) !== 'UTF-8' && isKnown(own);
    const text = fits ? decodeEightBit(bytes, own, '').text : mixed.text;
    return { text, problem: mixed.isUtf8 ? null : 'charset_wrong' };
  }
  const isLabelled =
    (wide.test(label) && bytes.includes(0)) ||
    ((doubleByte.test(label) || isMac(label) || /^cp[478]/u.test(label)) && isByChance(utf8 ?? ''));
  if (utf8 !== null && !isLabelled) return { text: utf8, problem: 'charset_wrong' };
  const labelled = decodeAsLabelled(bytes, label);
  if (labelled.problem !== null && doubleByte.test(label) && isMostlyLost(labelled.text, bytes))
    return { text: decodeMixed(bytes).text, problem: 'charset_wrong' };
  return labelled;
}

function decodeAsLabelled(bytes: Uint8Array, label: string): Letters {
  const read = decode(Buffer.from(bytes), label);
  const text = isMac(label) ? read.replaceAll('¤', '€') : read;
  return { text, problem: text.includes('\ufffd') ? 'letters_replaced' : null };
}

function isKnown(label: string): boolean {
  return createDecodeStream(label).supported;
}

/**
 * True if the few bytes of an Asian charset, or one of Apple's or DOS's (`€è`), may be valid UTF-8 by chance: then they are a
 * handful of two-byte letters, in no script that an accent turns Latin letters into.
 */
function isByChance(utf8: string): boolean {
  const letters = utf8.match(/[^\0-\x7f]/gu) ?? [];
  return (
    letters.length < 6 &&
    letters.every((letter) => /[\u00a0-\u07ff]/u.test(letter)) &&
    letters.some((letter) => !/[\u00a0-\u00bf\u00c0-\u017f]/u.test(letter))
  );
}

/** True if at least one in three of the bytes above 127 decodes to nothing. */
function isMostlyLost(text: string, bytes: Uint8Array): boolean {
  const lost = text.split('\ufffd').length - 1;
  return lost * 3 >= bytes.reduce((count, byte) => (byte > 0x7f ? count + 1 : count), 0);
}

/** UTF-8 that is valid, else null. A BOM is dropped. */
function validUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    // fatal decoders have no other way to say that bytes are not UTF-8
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const windows1252 = new TextDecoder('windows-1252');

/**
 * Text that is no valid UTF-8: windows-1252, but for letters of UTF-8 where most are, since a gateway's line in the one
 * may stand below a text in the other.
 * @returns the text, and whether it is UTF-8 but for a letter that was cut at its very end
 */
function decodeMixed(bytes: Uint8Array): { text: string; isUtf8: boolean } {
  let [letters, strays, last] = [0, 0, -1];
  for (let at = 0; at < bytes.length; ) {
    const length = letterLength(bytes, at);
    if (length > 1) letters += 1;
    else if (length === 0) strays += 1;
    if (length === 0 && last < 0) last = at;
    at += Math.max(length, 1);
  }
  if (letters >= strays && isCutLetter(bytes.subarray(last)))
    return {
      text: new TextDecoder().decode(bytes.subarray(0, last)),
      isUtf8: true,
    };
  if (letters <= strays) return { text: windows1252.decode(bytes), isUtf8: false };
  const utf8 = Buffer.allocUnsafe(bytes.length + 2 * strays);
  let end = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = letterLength(bytes, at);
    if (length === 0) end += utf8.write(windows1252.decode(bytes.subarray(at, at + 1)), end);
    for (let copied = 0; copied < length; copied += 1) utf8[end++] = bytes[at + copied] ?? 0;
    at += Math.max(length, 1);
  }
  return { text: utf8.toString('utf8', 0, end), isUtf8: false };
}

/** True if these are the first bytes of a UTF-8 letter, and nothing else. */
function isCutLetter(bytes: Uint8Array): boolean {
  const [first = 0, ...rest] = bytes.subarray(0, 4);
  return first >= 0xc2 && bytes.length < 4 && rest.every((byte) => byte >= 0x80 && byte <= 0xbf);
}

/** The number of bytes of the UTF-8 letter at `at` (RFC 3629 §4), or 0 if there is none. */
function letterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  const second = bytes[at + 1] ?? 0;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (length === 0 || second < least || second > most) return 0;
  for (let next = at + 2; next < at + length; next += 1) {
    const byte = bytes[next] ?? 0;
    if (byte < 0x80 || byte > 0xbf) return 0;
  }
  return length;
}
