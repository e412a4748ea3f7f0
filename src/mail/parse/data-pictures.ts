import { pictureId, pictureType } from '../../core/message/attachments.ts';
import { sha256 } from './sha256.ts';

/** A picture that stood in the HTML itself, in a `data:` URL (RFC 2397). */
export type DataPicture = {
  contentType: string;
  content: Buffer;
  sha256: string;
  /** by which the HTML shows it now, without brackets */
  contentId: string;
  /** its `alt`, or null if it has none */
  name: string | null;
};

/** More of them in one mail are a program's ornaments. */
const mostPictures = 200;

/**
 * Takes the pictures out of HTML, so that they are kept like those that come as parts of their own (BAD-MAIL 73). What
 * is no picture that every mail program shows is left out: its URL is emptied. One pass over the bytes.
 * @param html encoded in any superset of ASCII
 * @param pictures to which they are added, each once
 * @returns the HTML, which shows each by its Content-ID
 */
export function takeDataPictures(html: Buffer, pictures: DataPicture[]): Buffer {
  const pieces: Buffer[] = [];
  let copied = 0;
  for (let at = html.indexOf('data:image/'); at >= 0; at = html.indexOf('data:image/', at + 1)) {
    const opening = /\bsrc\s{0,5}=\s{0,5}(["']?)$/iu.exec(html.toString('latin1', Math.max(0, at - 20), at));
    const comma = html.subarray(at, at + 200).indexOf(',');
    if (opening === null || comma < 0) continue;
    const start = at + comma + 1;
    const end = endOfValue(html, start, opening[1] ?? '');
    const picture = html.toString('latin1', at, start).includes(';base64')
      ? readPicture(html.toString('latin1', start, end), html.toString('latin1', end, end + 300))
      : null;
    const known = pictures.find(({ sha256: hash }) => hash === picture?.sha256);
    if (picture !== null && known === undefined && pictures.length < mostPictures) pictures.push(picture);
    const shown = picture !== null && (known !== undefined || pictures.includes(picture));
    pieces.push(html.subarray(copied, at), Buffer.from(shown ? `cid:${picture.contentId}` : ''));
    copied = end;
    at = end;
  }
  return pieces.length === 0 ? html : Buffer.concat([...pieces, html.subarray(copied)]);
}

/** End of an attribute's value: its quote or, without one, white space or the end of the tag. */
function endOfValue(html: Buffer, from: number, quote: string): number {
  const found = quote === '' ? -1 : html.indexOf(quote, from, 'latin1');
  if (found >= 0) return found;
  let end = from;
  while (end < html.length && !endsValue.has(html[end] ?? 0)) end += 1;
  return end;
}

/** White space, quotes and angle brackets. */
const endsValue = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x22, 0x27, 0x3c, 0x3e]);

function readPicture(encoded: string, behind: string): DataPicture | null {
  const content = Buffer.from(
    encoded.replace(/%([\da-f]{2})|&#(?:x([\da-f]{1,4})|(\d{1,5}));/giu, unescaped),
    'base64',
  );
  const contentType = pictureType(content);
  if (contentType === null) return null;
  const hash = sha256(content);
  const alt =
    /^[^<>]*?\balt\s*=\s*["']?([^"'<>=]{1,100}\.(?:png|jpe?g|gif|webp))\b/iu.exec(behind)?.[1] ?? null;
  return { contentType, content, sha256: hash, contentId: pictureId(hash), name: alt };
}

/** A sign of base64 that is written as in a URL or as in HTML. */
function unescaped(_: string, hex?: string, entityHex?: string, entity?: string): string {
  const code = entity === undefined ? Number.parseInt(hex ?? entityHex ?? '', 16) : Number(entity);
  return String.fromCharCode(code);
}
