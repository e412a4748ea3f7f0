import libmime from 'libmime';
import { oneLine } from './clean.ts';

/** A header's free text, with its encoded words (RFC 2047) decoded, as one clean line. */
export function decodeHeaderText(value: string): string {
  return oneLine(libmime.decodeWords(value.replaceAll('\0', '')));
}
