import { Libmime } from 'libmime';
import { decodeText } from './decode-charset.ts';
import { oneLine } from './clean.ts';

/** Header text as it was read. */
export type HeaderText = {
  /** one clean line */
  text: string;
  /** an encoded word says a charset that its bytes contradict */
  mislabelled: boolean;
};

/** A header's free text, with its encoded words (RFC 2047) decoded, as one clean line. */
export function decodeHeaderText(value: string): string {
  return readHeaderText(value).text;
}

/** As `decodeHeaderText`, and whether an encoded word lies about its charset. */
export function readHeaderText(value: string): HeaderText {
  if (!value.includes('=?')) return { text: oneLine(value), mislabelled: false };
  const reader = new WordReader();
  const text = oneLine(reader.decodeWords(value.replaceAll('\0', '')));
  return { text, mislabelled: reader.mislabelled };
}

/** A structured header value: its first word, and its parameters (RFC 2231 decoded) by lower-case name. */
export function readParameters(value: string): {
  value: string;
  params: Record<string, string>;
  mislabelled: boolean;
} {
  const reader = new WordReader();
  const parsed = reader.parseHeaderValue(value.slice(0, 20_000), { stripComments: true });
  return { value: parsed.value.trim(), params: parsed.params, mislabelled: reader.mislabelled };
}

/** Finds encoded words and parameters as libmime does, and reads their letters as those of the text are read. */
class WordReader extends Libmime {
  mislabelled = false;

  override decodeWord(charset: string, encoding: string, word: string): string {
    const { text, problem } = decodeText(wordBytes(encoding, word), charset.replace(/\*.*$/u, ''));
    if (problem === 'charset_wrong') this.mislabelled = true;
    return text;
  }
}

/** The bytes of an encoded word's payload (RFC 2047 §4); blanks within `= E8` come from broken lines. */
function wordBytes(encoding: string, word: string): Buffer {
  if (encoding.toUpperCase() === 'B')
    return Buffer.concat(word.split(/=+/u).map((segment) => Buffer.from(segment, 'base64')));
  const text = word.replace(/=\s+(?=[\da-f])/giu, '=').replace(/[_\s]/gu, ' ');
  return Buffer.from(
    Buffer.from(text)
      .toString('latin1')
      .replace(/=([\da-f]{2})/giu, fromHex),
    'latin1',
  );
}

function fromHex(_: string, digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}
