import libmime from 'libmime';
import type { Warning } from '../core/warning-words.ts';
import { decodeText } from './charset.ts';
import type { Part } from './mime.ts';
import { decodeBody } from './transfer.ts';

/** What is there to read: both where a mail brings both, the HTML alone where text would be only a part of it. */
export type Body = { text: string | null; html: string | null };

/** Types that are text for eyes, as opposed to text for programs (calendars, tables, cards). */
const htmlTypes = new Set(['text/html', 'application/xhtml+xml', 'text/enriched', 'text/richtext']);
/** Alternatives that repeat the text for one program; showing them as attachments would only puzzle. */
const silentTypes = new Set(['text/x-amp-html', 'text/watch-html', 'text/vnd.google.email-reaction+json']);

/** Whether a part is what people read, not something attached. */
export function isBodyText(part: Part): boolean {
  if (part.children.length > 0 || part.disposition === 'attachment') return false;
  const named = part.dispositionParameters['filename'] ?? part.parameters['name'] ?? '';
  if (part.contentType === 'text/plain' || part.contentType.startsWith('multipart/'))
    return named === '' || part.alone;
  return htmlTypes.has(part.contentType) && (named === '' || part.disposition !== 'inline');
}

/** Whether a part is neither read nor shown as an attachment. */
export function isSilent(part: Part): boolean {
  return silentTypes.has(part.contentType) && part.disposition !== 'attachment';
}

/** A report of something odd about the part it is called with. */
export type Report = (warning: Warning) => void;

/** Encoded bytes of text that may still be read; counted down over all parts. */
export type Budget = { bytes: number };

/**
 * The text and HTML of a message (RFC 2046 §5.1). Pieces of a mixed or related multipart follow one another; of an
 * alternative one text and one HTML are taken. HTML with no text beside it, wherever it sits, is kept (BAD-MAIL 20).
 */
export function readBody(part: Part, budget: Budget, report: Report): Body {
  if (part.children.length === 0)
    return isBodyText(part) ? readLeaf(part, budget, report) : { text: null, html: null };
  const bodies = part.children.map((child) => readBody(child, budget, report));
  return part.contentType === 'multipart/alternative' ? choose(bodies) : concatenate(bodies);
}

function readLeaf(part: Part, budget: Budget, report: Report): Body {
  const within = part.body.subarray(0, budget.bytes);
  budget.bytes -= within.length;
  if (within.length < part.body.length) report({ kind: 'text_cut' });
  const { bytes, problem } = decodeBody({ headers: part.headers, body: within });
  if (problem !== null) report({ kind: 'encoding', attachment: null, problem });
  const isHtml = htmlTypes.has(part.contentType);
  const charset = part.parameters['charset'] ?? (isHtml ? metaCharset(bytes) : null);
  const { text, problem: lost } = decodeText(bytes, charset);
  if (lost !== null) report({ kind: lost });
  if (isHtml) return { text: null, html: text };
  const flowed = part.parameters['format']?.toLowerCase() === 'flowed';
  const joined = flowed
    ? libmime.decodeFlowed(text, part.parameters['delsp']?.toLowerCase() === 'yes')
    : text;
  return { text: joined, html: null };
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

/** One after the other. Where one of them is HTML alone, text would be incomplete and the HTML speaks for all. */
function concatenate(bodies: Body[]): Body {
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
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<div>${escaped.replaceAll('\n', '<br>\n')}</div>`;
}
