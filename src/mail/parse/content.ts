import type { Attachment } from '../../core/message/message.ts';
import type { ReportPart } from '../../core/classify/bounce.ts';
import { decodeHeaderText } from '../../core/letters/header-text.ts';
import type { Excess } from '../../core/words/quarantine.ts';
import { cleanFilename } from '../../core/message/filename.ts';
import type { Warning } from '../../core/words/warnings.ts';
import { readAttachment } from './attachment.ts';
import { bodyParts, isSilent, type PartsReading, readBody } from './body.ts';
import { cmsKind } from './containers/cms-kind.ts';
import type { DataPicture } from './data-pictures.ts';
import { decodeText } from '../../core/letters/decode-charset.ts';
import { readHeaders, withLineFeeds, type Headers } from './headers.ts';
import type { ParseLimits } from '../../config/limits.ts';
import { leavesOf, type MimePart } from './mime.ts';
import { shortenHtml, shortenText } from './shorten.ts';
import { readStructure } from './structure.ts';

/** A message taken apart: headers, bodies, attachments. Knows nothing of authority. */
export type Content = {
  headers: Headers;
  contentType: string;
  parameters: Record<string, string>;
  text: string | null;
  html: string | null;
  attachments: Attachment[];
  /** all parts with content, in order */
  leaves: MimePart[];
  warnings: Warning[];
  /** other programs, those that verify signatures among them, may read other headers, or another body */
  twoReadings: boolean;
  /** why it was not read whole; its text and attachments are then empty */
  defect: Excess | null;
};

/** People outside read this in place of a text that only its addressee can decrypt (BAD-MAIL 78). */
export const encryptedPlaceholder = '(messaggio cifrato: il testo non può essere letto)';

/** Takes a message apart within the limits. Any bytes will do. */
export async function readContent(raw: Uint8Array, limits: ParseLimits): Promise<Content> {
  const bytes = withLineFeeds(raw);
  const block = readHeaders(bytes, firstLine(bytes), limits);
  if (block.defect !== null) return headersOnly(block.headers, block.defect);
  const twoReadings = block.strays || hasBareReturn(raw, block.end);
  const { root, defect, unclosed } = await readStructure(bytes, block.headers, block.end, limits);
  if (defect !== null) return headersOnly(block.headers, defect);

  const warnings: Warning[] = [];
  const report = (warning: Warning) => {
    warnings.push(warning);
  };
  if (unclosed) report({ kind: 'unclosed' });
  const reading: PartsReading = { parts: bodyParts(root), bytesLeft: limits.textBytes, pictures: [], report };
  const body = readBody(root, reading);
  const leaves = leavesOf(root);
  const attachments = leaves
    .filter((leaf) => isFile(leaf, reading.parts))
    .map((leaf) => named(readAttachment(leaf, report), leaf, limits))
    .concat(reading.pictures.map(asAttachment));
  const encrypted =
    /^-----BEGIN PGP MESSAGE-----/mu.test(body.text ?? '') ||
    root.contentType === 'multipart/encrypted' ||
    leaves.some(isEnciphered);
  if (encrypted) report({ kind: 'encrypted' });
  const { text: armoured, html } =
    encrypted && body.html === null && blank(body.text) ? { text: encryptedPlaceholder, html: null } : body;
  const text = armoured === null ? null : withoutClearSignature(armoured);
  return {
    headers: block.headers,
    contentType: root.contentType,
    parameters: root.parameters,
    text: text === null ? null : shortenText(text, limits, report),
    html: html === null ? null : shortenHtml(html, limits, report),
    attachments,
    leaves,
    warnings,
    twoReadings,
    defect: null,
  };
}

/** A file attachment stays one, even if it is the only text in the mail. */
function isFile(leaf: MimePart, read: ReadonlySet<MimePart>): boolean {
  return !isSilent(leaf) && (!read.has(leaf) || leaf.disposition === 'attachment');
}

function asAttachment(picture: DataPicture): Attachment {
  const { name, content, contentType, sha256, contentId } = picture;
  const filename = cleanFilename(name, contentType);
  return { filename, contentType, size: content.length, sha256, content, contentId };
}

function headersOnly(headers: Headers, defect: Excess): Content {
  const nothing = { text: null, html: null, attachments: [], leaves: [], warnings: [], twoReadings: true };
  return { headers, contentType: 'text/plain', parameters: {}, ...nothing, defect };
}

/** A CR that some programs treat as a line end and others as part of the line: whole headers hide in what these take for one field. */
function hasBareReturn(raw: Uint8Array, headersEnd: number): boolean {
  for (let at = raw.indexOf(0x0d); at >= 0 && at < headersEnd; at = raw.indexOf(0x0d, at + 1)) {
    if (raw[at + 1] !== 0x0a) return true;
  }
  return false;
}

/** Skips a byte order mark and the empty lines that some gateways put before the headers. */
function firstLine(bytes: Buffer): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (bytes[at] === 0x0d || bytes[at] === 0x0a) at += 1;
  return at;
}

function blank(text: string | null): boolean {
  return text === null || text.trim() === '';
}

/** Kind of S/MIME (RFC 8551 §3.3), by its content; a signature alone leaves the text readable. */
function isEnciphered(part: MimePart): boolean {
  if (!/^application\/(?:x-)?pkcs7-mime$/u.test(part.contentType)) return false;
  const kind = cmsKind(part.bytes);
  if (kind !== null) return kind === 'enciphered';
  return !/^(?:signed-data|certs-only|signed-receipt)$/iu.test(part.parameters['smime-type'] ?? '');
}

/** Text inside OpenPGP's cleartext framework (RFC 9580 §7); unchanged if it cannot be found. */
function withoutClearSignature(text: string): string {
  const opening = /^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z]{1,20}: .*\n)*\n?/mu.exec(text);
  if (opening === null) return text;
  const start = opening.index + opening[0].length;
  const end = text.indexOf('\n-----BEGIN PGP SIGNATURE-----', start);
  if (end < 0) return text;
  const closing = '-----END PGP SIGNATURE-----';
  const after = text.indexOf(closing, end);
  const rest = after < 0 ? '' : text.slice(after + closing.length);
  return text.slice(0, opening.index) + text.slice(start, end).replace(/^- /gmu, '') + rest;
}

/** Names a forwarded message by its subject if it has no name of its own. */
function named(attachment: Attachment, part: MimePart, limits: ParseLimits): Attachment {
  const hasName = (part.dispositionParameters['filename'] ?? part.parameters['name'] ?? '') !== '';
  if (part.contentType !== 'message/rfc822' || hasName) return attachment;
  const inner = withLineFeeds(attachment.content);
  const subject = readHeaders(inner, firstLine(inner), limits).headers.get('subject')?.[0] ?? '';
  if (subject === '') return attachment;
  const title = decodeHeaderText(subject.slice(0, 2_000)).replace(/[/\\]/gu, '_');
  return { ...attachment, filename: cleanFilename(`${title.slice(0, 100)}.eml`, part.contentType) };
}

/** The parts of a report as text, for the reading of reports. */
export function reportParts(leaves: MimePart[]): ReportPart[] {
  return leaves
    .slice(0, 50)
    .filter(({ contentType }) => contentType.startsWith('message/') || contentType.startsWith('text/'))
    .map((leaf) => ({
      contentType: leaf.contentType,
      text: decodeText(leaf.bytes.subarray(0, 500_000), leaf.parameters['charset'] ?? null).text,
    }));
}
