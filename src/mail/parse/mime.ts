import { readParameters } from '../../core/letters/header-text.ts';
import type { EncodingProblem } from '../../core/words/warnings.ts';
import type { Headers } from './headers.ts';

/** A part of a message: its headers and its content. */
export type MimePart = {
  headers: Headers;
  /** lower-case media type; `text/plain` if undeclared or unreadable (RFC 2045 §5.2) */
  contentType: string;
  parameters: Record<string, string>;
  disposition: string;
  dispositionParameters: Record<string, string>;
  /** its file name says a charset that its bytes contradict */
  mislabelled: boolean;
  children: MimePart[];
  /** it stands alone: the message has no other part */
  alone: boolean;
  /** the body's bytes in pieces, transfer encoding still on */
  encoded: Buffer[];
  /** the body's bytes, transfer encoding taken off */
  bytes: Buffer;
  /** the defect of its transfer encoding, or null if there is none */
  problem: EncodingProblem | null;
};

/** RFC 2046 §5.1.1 allows 70 characters; some programs take more. */
export const longestBoundary = 250;

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
    encoded: [],
    bytes: Buffer.alloc(0),
    problem: null,
  };
}

/** The boundary of a multipart, or null for a leaf. A boundary is ASCII and ends in no blank (RFC 2046 §5.1.1). */
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

/** Subtypes that some programs write alone, with their media types. */
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
 * The media type at the start of a value, lower-case; null if none is declared. An unreadable one is plain text (RFC 2045
 * §5.2), or a multipart if it has a boundary.
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

/** The parts with content, in order: no multiparts, except one in which nothing was found. */
export function leavesOf(part: MimePart): MimePart[] {
  return part.children.length === 0 ? [part] : part.children.flatMap(leavesOf);
}
