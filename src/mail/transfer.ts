import type { Part } from './mime.ts';

export type Decoded = {
  bytes: Buffer;
  /** what is wrong with it, in English; null: nothing */
  problem: string | null;
};

/** A part's body with its Content-Transfer-Encoding taken off (RFC 2045 §6). Broken encodings yield what they can. */
export function decodeBody(part: Pick<Part, 'headers' | 'body'>): Decoded {
  const encoding = (part.headers.get('content-transfer-encoding')?.[0] ?? '')
    .slice(0, 200)
    .replace(/\([^()]*\)/gu, '')
    .trim()
    .toLowerCase();
  switch (encoding) {
    case 'base64':
      return decodeBase64(part.body);
    case 'quoted-printable':
      return { bytes: decodeQuotedPrintable(part.body), problem: null };
    case '':
    case '7bit':
    case '8bit':
    case 'binary':
      return { bytes: part.body, problem: null };
    default:
      return { bytes: part.body, problem: 'its transfer encoding is unknown' };
  }
}

/**
 * Segments that each end in `=` are read one after the other. What is mostly no base64 at all is taken as
 * it stands: the label was wrong.
 */
function decodeBase64(body: Buffer): Decoded {
  const { letters, padding, strange } = countBase64(body);
  if (strange > (letters + strange) / 20) return notBase64(body);
  const problem = (letters + padding) % 4 === 0 ? null : 'its base64 is cut off';
  const text = body.toString('latin1');
  if (strange === 0 && isOnlyPadding(text, text.indexOf('=')))
    return { bytes: Buffer.from(text, 'base64'), problem };
  const segments = text.replace(/[^A-Za-z0-9+/=]+/gu, '').split(/=+/u, mostSegments + 1);
  if (segments.length > mostSegments) return notBase64(body);
  return { bytes: Buffer.concat(segments.map((segment) => Buffer.from(segment, 'base64'))), problem };
}

/** Whether nothing but `=` and white space stands from there to the end; -1: there is no `=`. */
function isOnlyPadding(text: string, from: number): boolean {
  return from < 0 || /^[=\s]*$/u.test(text.slice(from));
}

/** Programs that encode piece by piece write a few segments; thousands are noise. */
const mostSegments = 1_000;

function notBase64(body: Buffer): Decoded {
  return { bytes: body, problem: 'it is labelled base64 but is none' };
}

/** Bytes of the base64 alphabet, `=`, and those that are neither nor white space. One pass, no copy. */
function countBase64(body: Buffer): { letters: number; padding: number; strange: number } {
  const counts = { letters: 0, padding: 0, strange: 0 };
  for (const byte of body) {
    const isLetter =
      (byte >= 0x61 && byte <= 0x7a) ||
      (byte >= 0x41 && byte <= 0x5a) ||
      (byte >= 0x2f && byte <= 0x39) ||
      byte === 0x2b;
    if (isLetter) counts.letters += 1;
    else if (byte === 0x3d) counts.padding += 1;
    else if (byte > 0x20) counts.strange += 1;
  }
  return counts;
}

const softBreakOrByte = /=(?:[ \t]*\r?\n|([0-9A-Fa-f]{2}))/gu;

/** RFC 2045 §6.7; white space at line ends is padding, an `=` that encodes nothing stands for itself. */
function decodeQuotedPrintable(body: Buffer): Buffer {
  const text = body.toString('latin1').replace(/(?<![ \t])[ \t]+(?=\r?\n|$)/gu, '');
  const decoded = text.replace(softBreakOrByte, (_, hex: string | undefined) =>
    hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded.replace(/=$/u, ''), 'latin1');
}
