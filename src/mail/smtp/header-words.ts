/**
 * The headers of an outgoing mail that hold what people wrote. They are written here, not by nodemailer, which passes on what
 * looks like an encoded word as it stands (readers would decode it into other letters than the desk showed), and lets a
 * line grow with its longest word.
 */
import libmime from 'libmime';
import type { Address } from '../../core/address/address.ts';
import { oneLine } from '../../core/letters/clean.ts';

/** Preferred line length without the line end (RFC 5322 §2.1.1); no word of ours needs the limit of 998. */
const bestLine = 76;
/** A text with a longer word is encoded, since encoded words can be split. */
const longestWord = 60;

/**
 * A header that holds text, with its line end; lines are folded (RFC 5322 §2.2.3).
 * @param tokens words of base32 that stand in it whole, encoded or not
 */
export function textHeader(name: string, text: string, tokens: readonly string[] = []): string {
  const plain = oneLine(text);
  if (isPlain(plain)) return wordsHeader(name, plain.split(' '));
  const pieces = tokens.length === 0 ? [plain] : plain.split(new RegExp(`(${tokens.join('|')})`, 'u'));
  // between encoded words nothing is read (RFC 2047 §6.2)
  const words = pieces.flatMap((piece) => {
    if (tokens.includes(piece)) return [`=?UTF-8?Q?${piece}?=`];
    return piece === '' ? [] : encoded(piece).split(' ');
  });
  return wordsHeader(name, words);
}

/** A header that holds one mailbox, with its line end. */
export function mailboxHeader(name: string, { name: display, email }: Address): string {
  // a bracket in a quoted local part is one too many for some readers
  const address = oneLine(email).replace(/[<>\s]/gu, '');
  const shown = oneLine(display);
  if (shown === '') return wordsHeader(name, [address]);
  return wordsHeader(name, [...phrase(shown).split(' '), `<${address}>`]);
}

/** The To of a mail, as one of its slots. */
export function toHeader(to: Address): string {
  return mailboxHeader('To', to).trimEnd();
}

/** A header that begins with a display name, as far as before its address. */
export function nameHeader(name: string, display: string): string {
  const shown = oneLine(display);
  return shown === '' ? `${name}:` : wordsHeader(name, phrase(shown).split(' ')).trimEnd();
}

/** A display name (RFC 5322 §3.2.5): words, a quoted string or, where that does not do, encoded words. */
function phrase(name: string): string {
  if (!isPlain(name)) return encoded(name);
  return /^[\w ]*$/u.test(name) ? name : `"${name.replace(/["\\]/gu, String.raw`\$&`)}"`;
}

/** Whether a text may stand in a header as it is: printable ASCII, nothing that looks like an encoded word, no long word. */
function isPlain(text: string): boolean {
  return (
    /^[\x20-\x7e]*$/u.test(text) &&
    !text.includes('=?') &&
    text.split(' ').every((word) => word.length <= longestWord)
  );
}

/** A text as encoded words of at most 75 characters (RFC 2047 §2), in the shorter of its two ways. */
function encoded(text: string): string {
  const others = text.replace(/[\x20-\x7e]+/gu, '').length;
  return libmime.encodeWord(text, others * 3 > text.length ? 'B' : 'Q', 52);
}

/** A header of these words, with its line end. */
export function wordsHeader(name: string, words: readonly string[]): string {
  const lines = [`${name}:`];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (last.length + 1 + word.length <= bestLine || last === `${name}:`)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(` ${word}`);
  }
  return `${lines.join('\r\n')}\r\n`;
}
