import { readParameters } from '../../core/letters/header-text.ts';
import type { Excess } from '../../core/words/quarantine.ts';
import type { EncodingProblem } from '../../core/words/warnings.ts';
import { lineAt, readHeaders, type Headers } from './headers.ts';
import type { ParseLimits } from '../../config/limits.ts';

/**
 * The structure of a message, read in one pass over its lines.
 *
 * Why not by a library: the bounds of what may be read (depth, parts) need the structure before anything else
 * looks at it, and two readers of one structure are two opinions of what a mail says. So this walk is the only
 * one; what a part holds is decoded by libmime, as the libraries do. A boundary line of an outer multipart ends
 * everything inside it, so a boundary that never closes costs nothing (BAD-MAIL 11).
 */
export type MimePart = {
  headers: Headers;
  /** lower-case media type; `text/plain` where none is declared or it cannot be read (RFC 2045 §5.2) */
  contentType: string;
  parameters: Record<string, string>;
  disposition: string;
  dispositionParameters: Record<string, string>;
  /** its file name says a charset that its bytes contradict */
  mislabelled: boolean;
  children: MimePart[];
  /** it stands alone: the message has no other part */
  alone: boolean;
  /** the body's bytes, transfer encoding still on */
  body: Buffer;
  /** the same in pieces, as `structure.ts` reads them */
  encoded: Buffer[];
  /** the body's bytes, transfer encoding taken off */
  bytes: Buffer;
  /** what is wrong with its transfer encoding; null: nothing */
  problem: EncodingProblem | null;
};

export type StructureByHand = {
  root: MimePart;
  /** why the walk stopped before the end; null: it did not */
  defect: Excess | null;
  /** a multipart's closing boundary is missing */
  unclosed: boolean;
};

/** One multipart that is still open, and the boundary it waits for. */
type Open = { part: MimePart; boundary: string };

/** RFC 2046 §5.1.1 allows 70 characters; some programs take more. */
export const longestBoundary = 250;

/** Reads the structure of the message in `bytes`, whose own headers are already read. */
export function readByHand(
  bytes: Buffer,
  headers: Headers,
  start: number,
  limits: ParseLimits,
): StructureByHand {
  const root: MimePart = { ...makePart(headers, 'text/plain'), alone: true };
  const open: Open[] = [];
  /** boundary → how many open multiparts wait for it, so that a line is looked up and not compared with each */
  const waiting = new Map<string, number>();
  let count = 1;
  let fields = 0;
  let defect: Excess | null = null;
  let leaf: { part: MimePart; start: number } | null = { part: root, start };

  const enter = (part: MimePart) => {
    const boundary = part.contentType.startsWith('multipart/') ? (part.parameters['boundary'] ?? '') : '';
    if (boundary === '' || boundary.length > longestBoundary) return;
    open.push({ part, boundary });
    waiting.set(boundary, (waiting.get(boundary) ?? 0) + 1);
  };
  const leave = () => {
    const left = open.pop();
    if (left !== undefined) waiting.set(left.boundary, (waiting.get(left.boundary) ?? 1) - 1);
  };
  const lineOf = (line: { start: number; end: number }) => readBoundary(bytes, line, waiting);

  enter(root);
  let at = start;
  while (open.length > 0) {
    at = nextDashes(bytes, at);
    if (at < 0) break;
    const line = { start: at, ...lineAt(bytes, at) };
    at = line.next;
    const found = lineOf(line);
    if (found === null) continue;
    if (leaf !== null)
      leaf.part.body = bytes.subarray(leaf.start, beforeLineEnd(bytes, leaf.start, line.start));
    leaf = null;
    while (open.at(-1)?.boundary !== found.boundary) leave();
    if (found.closes) {
      leave();
      continue;
    }
    const parent = open.at(-1)?.part;
    if (count >= limits.parts) defect = { of: 'parts', most: limits.parts };
    else if (open.length > limits.depth) defect = { of: 'depth', most: limits.depth };
    if (defect !== null || parent === undefined) break;
    const block = readHeaders(bytes, at, limits, (inner) => lineOf(inner) !== null);
    fields += block.fields;
    if (block.defect !== null) defect = { of: 'header_of_part', excess: block.defect };
    else if (fields > limits.headerFields) defect = { of: 'fields_of_parts', most: limits.headerFields };
    if (defect !== null) break;
    const part = makePart(
      block.headers,
      parent.contentType === 'multipart/digest' ? 'message/rfc822' : 'text/plain',
    );
    parent.children.push(part);
    count += 1;
    at = block.end;
    leaf = { part, start: at };
    enter(part);
  }
  if (leaf !== null) leaf.part.body = bytes.subarray(leaf.start);
  return { root, defect, unclosed: open.length > 0 };
}

/** Where the next line begins that could be a boundary, at `from` (the beginning of a line) or behind it; -1: nowhere. */
function nextDashes(bytes: Buffer, from: number): number {
  if (bytes[from] === 0x2d && bytes[from + 1] === 0x2d) return from;
  const found = bytes.indexOf('\n--', from, 'latin1');
  return found < 0 ? -1 : found + 1;
}

/** The line break before a boundary line belongs to the boundary (RFC 2046 §5.1.1). */
function beforeLineEnd(bytes: Buffer, start: number, end: number): number {
  if (end <= start || bytes[end - 1] !== 0x0a) return Math.max(start, end);
  return end - 1 > start && bytes[end - 2] === 0x0d ? end - 2 : end - 1;
}

/** What a line `--boundary` or `--boundary--` opens or closes; null for any other line. */
function readBoundary(
  bytes: Buffer,
  line: { start: number; end: number },
  waiting: Map<string, number>,
): { boundary: string; closes: boolean } | null {
  if (bytes[line.start] !== 0x2d || bytes[line.start + 1] !== 0x2d) return null;
  if (line.end - line.start > longestBoundary + 50) return null;
  const text = bytes.toString('latin1', line.start + 2, line.end).trimEnd();
  if ((waiting.get(text) ?? 0) > 0) return { boundary: text, closes: false };
  if (!text.endsWith('--')) return null;
  const boundary = text.slice(0, -2);
  return (waiting.get(boundary) ?? 0) > 0 ? { boundary, closes: true } : null;
}

/** A part as its headers declare it, with nothing in it yet. */
export function makePart(headers: Headers, defaultType: string): MimePart {
  const type = readParameters(repairedType(headers.get('content-type')?.[0] ?? ''));
  const disposition = readParameters(headers.get('content-disposition')?.[0] ?? '');
  return {
    headers,
    contentType: mediaType(type.value, 'boundary' in type.params) ?? defaultType,
    parameters: type.params,
    disposition: (/^[\w-]+/u.exec(disposition.value)?.[0] ?? '').toLowerCase(),
    dispositionParameters: disposition.params,
    mislabelled: type.mislabelled || disposition.mislabelled,
    children: [],
    alone: false,
    body: Buffer.alloc(0),
    encoded: [],
    bytes: Buffer.alloc(0),
    problem: null,
  };
}

/** By which a multipart is divided; null: by nothing, it is a leaf. A boundary is ASCII and ends in no blank (RFC 2046 §5.1.1). */
export function boundaryOf({ contentType, parameters }: MimePart): string | null {
  const boundary = contentType.startsWith('multipart/') ? (parameters['boundary'] ?? '').trimEnd() : '';
  const isOne = boundary !== '' && boundary.length <= longestBoundary && !/[^ -~]/u.test(boundary);
  return isOne ? boundary : null;
}

/** Some programs forget the semicolon before the first parameter, or write another sign in its place. */
function repairedType(declared: string): string {
  return declared.replace(
    /^\s*"?([\w.+-]{1,80})(?:\s*\/\s*([\w.+-]{1,120}))?"?[\s,:]+(?=[\w*-]{1,80}\s*=)/u,
    (_, type: string, subtype?: string) => `${subtype === undefined ? type : `${type}/${subtype}`}; `,
  );
}

/** Subtypes that some programs name alone, each with what is meant. */
const bareTypes = new Map([
  ['text', 'text/plain'],
  ['plain', 'text/plain'],
  ['html', 'text/html'],
  ['mixed', 'multipart/mixed'],
  ['alternative', 'multipart/alternative'],
  ['related', 'multipart/related'],
  ['multipart', 'multipart/mixed'],
]);

/**
 * The media type that a value begins with, lower-case; null where none is declared. What cannot be read is plain text
 * (RFC 2045 §5.2), or a multipart if it names a boundary.
 */
function mediaType(value: string, hasBoundary: boolean): string | null {
  if (value === '') return null;
  const declared = value.toLowerCase();
  const type = /^"?([\w.+-]{1,80})\s*\/\s*([\w.+-]{1,120})/u.exec(declared);
  const [, main = '', subtype = ''] = type ?? [];
  if (type !== null) return `${main}/${subtype}`;
  return (
    bareTypes.get(/^[\w-]*/u.exec(declared)?.[0] ?? '') ?? (hasBoundary ? 'multipart/mixed' : 'text/plain')
  );
}

/** The parts that hold something, in order: no multipart but one in which nothing was found. */
export function leavesOf(part: MimePart): MimePart[] {
  return part.children.length === 0 ? [part] : part.children.flatMap(leavesOf);
}
