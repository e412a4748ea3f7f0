import libmime from 'libmime';
import { decodeText } from '../../core/letters/decode-charset.ts';
import type { Warning } from '../../core/words/warnings.ts';
import { type DataPicture, takeDataPictures } from './data-pictures.ts';
import { leavesOf, type MimePart } from './mime.ts';
import { textBytes } from './transfer.ts';
import { escapeHtml } from '../../core/html/elements.ts';

/** The text to read: plain and HTML if a mail has both, the HTML alone if the plain text is only a part of it. */
export type Body = { text: string | null; html: string | null };

/** Types that are text for eyes, as opposed to text for programs (calendars, tables, cards). */
const htmlTypes = new Set(['text/html', 'application/xhtml+xml', 'text/enriched', 'text/richtext']);
const plainTypes = new Set(['text/plain', 'text/markdown', 'text/x-markdown']);
/** Alternatives that repeat the text for one program; showing them as attachments would only puzzle. */
const silentTypes = new Set(['text/x-amp-html', 'text/watch-html', 'text/vnd.google.email-reaction+json']);

/** True if a part is marked as the text people read rather than an attachment. */
function isBodyText(part: MimePart): boolean {
  if (part.children.length > 0 || part.disposition === 'attachment') return false;
  const named = part.dispositionParameters['filename'] ?? part.parameters['name'] ?? '';
  if (part.contentType === 'text/plain' || part.contentType.startsWith('multipart/'))
    return named === '' || part.alone;
  return htmlTypes.has(part.contentType) && (named === '' || part.disposition !== 'inline');
}

/** True if a part is neither read nor shown as an attachment. */
export function isSilent(part: MimePart): boolean {
  return silentTypes.has(part.contentType) && part.disposition !== 'attachment';
}

function isText(part: MimePart): boolean {
  return part.children.length === 0 && (plainTypes.has(part.contentType) || htmlTypes.has(part.contentType));
}

/**
 * The parts that are what people read. Where none of them says a word, the first text is one, whatever it is called,
 * with its alternatives; but a file attached to an empty text stays a file.
 */
export function bodyParts(root: MimePart): ReadonlySet<MimePart> {
  const leaves = leavesOf(root);
  const own = leaves.filter(isBodyText);
  const called = leaves.filter((leaf) => isText(leaf) && !own.includes(leaf));
  if (called.length === 0 || own.some(hasWords)) return new Set(own);
  const first = called.find(
    (leaf) => hasWords(leaf) && (own.length === 0 || leaf.disposition !== 'attachment'),
  );
  if (first === undefined) return new Set(own);
  const beside = alternativesOf(root, first).filter((leaf) => called.includes(leaf));
  return new Set([...own, first, ...beside]);
}

/** The leaves of the outermost alternative that holds a part. */
function alternativesOf(root: MimePart, sought: MimePart): MimePart[] {
  const leaves = leavesOf(root);
  if (!leaves.includes(sought)) return [];
  if (root.contentType === 'multipart/alternative') return leaves;
  return root.children.flatMap((child) => alternativesOf(child, sought));
}

/** The length of a part's beginning that is searched for words. */
const sample = 100_000;

function hasWords(part: MimePart): boolean {
  const text = textBytes(part, sample).bytes.toString('latin1');
  const shown = htmlTypes.has(part.contentType)
    ? text.replace(/<(style|title|script)\b[^<>]*>[^<]*<\/\1>/giu, '').replace(/<[^<>]*>|&nbsp;|&#160;/gu, '')
    : text;
  return /[^\s\xa0]/u.test(shown);
}

/** A report of something odd about the part it is called with. */
export type Report = (warning: Warning) => void;

/** One reading of a message's parts. */
export type PartsReading = {
  /** the parts that are read */
  parts: ReadonlySet<MimePart>;
  /** bytes of text that may still be read; counted down over all parts */
  bytesLeft: number;
  /** pictures that stood in the HTML itself, each once */
  pictures: DataPicture[];
  report: Report;
};

/**
 * The text and HTML of a message (RFC 2046 §5.1). Pieces of a mixed or related multipart follow one another; of an
 * alternative one text and one HTML are taken. HTML with no text beside it, wherever it sits, is kept (BAD-MAIL 20).
 */
export function readBody(part: MimePart, reading: PartsReading): Body {
  if (part.children.length === 0)
    return reading.parts.has(part) ? readLeaf(part, reading) : { text: null, html: null };
  const bodies = part.children.map((child) => readBody(child, reading));
  return part.contentType === 'multipart/alternative' ? choose(bodies) : concatenate(bodies);
}

function readLeaf(part: MimePart, reading: PartsReading): Body {
  const { report } = reading;
  const { bytes: whole, problem } = textBytes(part);
  if (problem !== null) report({ kind: 'encoding', attachment: null, problem });
  const isHtml = htmlTypes.has(part.contentType);
  const taken = isHtml ? takeDataPictures(whole, reading.pictures) : whole;
  const bytes = taken.subarray(0, reading.bytesLeft);
  reading.bytesLeft -= bytes.length;
  if (bytes.length < taken.length) report({ kind: 'text_cut' });
  const { text, problem: odd } = decodeText(
    bytes,
    part.parameters['charset'] ?? null,
    isHtml ? metaCharset(bytes) : null,
  );
  if (odd !== null) report({ kind: odd });
  if (isHtml || isHtmlDocument(text)) return { text: null, html: text };
  const flowed = part.parameters['format']?.toLowerCase() === 'flowed';
  const joined = flowed
    ? libmime.decodeFlowed(text, part.parameters['delsp']?.toLowerCase() === 'yes')
    : text;
  return { text: joined, html: null };
}

/** A whole document of HTML that is called plain text: nobody is meant to read its source. */
function isHtmlDocument(text: string): boolean {
  return (
    /^\s*(?:<!doctype\s+html\b|<html[\s>])/iu.test(text) && /<\/(?:html|body)>\s*$/iu.test(text.slice(-200))
  );
}

/** The charset that HTML declares of itself, in its first kilobyte. */
function metaCharset(bytes: Buffer): string | null {
  return (
    /<meta[^>]{1,200}?charset\s*=\s*["']?([\w-]{1,40})/iu.exec(bytes.toString('latin1', 0, 1_024))?.[1] ??
    null
  );
}

function isBlank(text: string | null): boolean {
  return text === null || text.trim() === '';
}

/** The first text that stands alone, else the first at all; the last HTML, which is the richest (RFC 2046 §5.1.4). */
function choose(bodies: Body[]): Body {
  const readable = bodies.filter(({ text, html }) => !isBlank(text) || !isBlank(html));
  const text =
    readable.find((body) => body.html === null)?.text ?? readable.find((body) => body.text !== null)?.text;
  return { text: text ?? null, html: readable.findLast((body) => body.html !== null)?.html ?? null };
}

/** Concatenates bodies. If one of them is HTML only, the text would be incomplete and the HTML is used for all. */
export function concatenate(bodies: Body[]): Body {
  const readable = bodies.filter(({ text, html }) => !isBlank(text) || !isBlank(html));
  const [first] = readable;
  if (first === undefined)
    return bodies.find(({ text, html }) => text !== null || html !== null) ?? { text: null, html: null };
  if (readable.length === 1) return first;
  const incomplete = readable.some(({ text }) => isBlank(text));
  const anyHtml = readable.some(({ html }) => html !== null);
  return {
    text: incomplete
      ? null
      : readable.map(({ text }) => (text ?? '').replace(/(?<!\n)\n+$/u, '')).join('\n\n'),
    html: anyHtml ? readable.map(({ text, html }) => html ?? textAsHtml(text ?? '')).join('\n') : null,
  };
}

function textAsHtml(text: string): string {
  return `<div>${escapeHtml(text).replaceAll('\n', '<br>\n')}</div>`;
}
