import { decode, normalizeCharset } from 'libmime/lib/charset';
import { safeText } from '../core/clean.ts';

/** Names that promise no more than ASCII: a byte above 127 then says that the label is wrong. */
const asciiOnly = /^(?:us-ascii|ascii|7bit|8bit|utf-?7|unicode-1-1-utf-7|unknown(?:-8bit)?|default|none|)$/u;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 that is valid, else null. A BOM is dropped. */
function validUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    // fatal decoders have no other way to say that bytes are not UTF-8
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * Bytes of a mail as text. What declares no charset is UTF-8 where that fits, else windows-1252, so that an
 * undeclared `perché` stays readable (BAD-MAIL 19). UTF-7 is read as ASCII (8), an unknown charset as UTF-8 with
 * U+FFFD (7).
 * @param charset as declared; null where nothing is
 * @returns clean text (see `safeText`), and how some of it was lost
 */
export function decodeText(
  bytes: Uint8Array,
  charset: string | null,
): { text: string; problem: 'utf7' | 'letters_replaced' | null } {
  const name = (charset ?? '').trim().toLowerCase();
  const marked = byteOrderMark(bytes);
  if (marked !== null) return { text: safeText(new TextDecoder(marked).decode(bytes)), problem: null };
  if (asciiOnly.test(name)) {
    const text = safeText(validUtf8(bytes) ?? decode(Buffer.from(bytes), 'windows-1252'));
    // every letter outside of ASCII begins with one (RFC 2152)
    const isShifted = name.includes('utf') && text.includes('+');
    return { text, problem: isShifted ? 'utf7' : null };
  }
  if (normalizeCharset(name) === 'UTF-8') {
    const text = validUtf8(bytes);
    if (text !== null) return { text: safeText(text), problem: null };
  }
  const text = safeText(decode(Buffer.from(bytes), name));
  return { text, problem: text.includes('\ufffd') ? 'letters_replaced' : null };
}

/** The UTF-16 that a byte order mark announces. */
function byteOrderMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
}

/** A header's bytes: raw UTF-8 (RFC 6532), else what old programs send, windows-1252. NUL and C1 are left for `oneLine`. */
export function decodeHeaderBytes(bytes: Uint8Array): string {
  return validUtf8(bytes) ?? decode(Buffer.from(bytes), 'windows-1252');
}
