import type { Part } from './mime.ts';

export type Decoded = {
  bytes: Buffer;
  /** what is wrong with it, in English; null: nothing */
  problem: string | null;
};

/** A part's body with its Content-Transfer-Encoding taken off (RFC 2045 §6). Broken encodings yield what they can. */
export function decodeBody(part: Part): Decoded {
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
  const text = body.toString('latin1').replace(/\s+/gu, '');
  const clean = text.replace(/[^A-Za-z0-9+/=]+/gu, '');
  if (text.length - clean.length > text.length / 20) {
    return { bytes: body, problem: 'it is labelled base64 but is none' };
  }
  const segments = clean.split(/=+/u);
  const bytes = Buffer.concat(segments.map((segment) => Buffer.from(segment, 'base64')));
  const cutOff = clean.length % 4 !== 0;
  return { bytes, problem: cutOff ? 'its base64 is cut off' : null };
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
