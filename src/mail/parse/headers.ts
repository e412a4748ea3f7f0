import type { Excess } from '../../core/words/quarantine.ts';
import { decodeHeaderBytes } from '../../core/letters/decode-charset.ts';
import type { ParseLimits } from '../../config/limits.ts';

/** The header fields of a message or part, unfolded, in order, by lower-case name; encoded words still encoded. */
export type Headers = Map<string, string[]>;

export type HeaderSection = {
  headers: Headers;
  /** start of the body */
  end: number;
  /** number of fields */
  fields: number;
  /** a line is no field and continues none: other programs may see the body begin there, or go on above it */
  strays: boolean;
  /** why the block was not read whole, or null if it was */
  defect: Excess | null;
};

const newline = 0x0a;
const carriageReturn = 0x0d;
const fieldName = /^([!-9;-~]{1,100})[ \t]*:/u;
/** Headers so common that a line of this form is one, even below a line that is none. */
const wellKnown =
  /^(?:from|to|cc|subject|date|message-id|in-reply-to|references|reply-to|sender|return-path|received|delivered-to|mime-version|content-[a-z-]+|dkim-signature|authentication-results|auto-submitted|list-[a-z]+|x-[a-z-]+)[ \t]*:/iu;
/** Headers whose length their senders decide. */
const listFields = new Set(['to', 'cc', 'bcc', 'references', 'in-reply-to', 'resent-to', 'resent-cc']);

/** The end of the line that begins at `start`, without its line end, and the start of the next one. */
export function lineAt(bytes: Buffer, start: number): { end: number; next: number } {
  const found = bytes.indexOf(newline, start);
  if (found < 0) return { end: bytes.length, next: bytes.length };
  return { end: found > start && bytes[found - 1] === carriageReturn ? found - 1 : found, next: found + 1 };
}

/** If the first line of a file ends in a bare CR, all its lines do: they become LF (BAD-MAIL 10). */
export function withLineFeeds(raw: Uint8Array): Buffer {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const first = bytes.indexOf(carriageReturn);
  const firstLineFeed = bytes.indexOf(newline);
  if (first < 0 || bytes[first + 1] === newline || (firstLineFeed >= 0 && firstLineFeed < first))
    return bytes;
  const copy = Buffer.from(bytes);
  for (let at = first; at < copy.length; at += 1) {
    if (copy[at] === carriageReturn && copy[at + 1] !== newline) copy[at] = newline;
  }
  return copy;
}

type Line = { start: number; end: number; next: number };

/**
 * Reads the header block that begins at `start`, in time linear in its length. A line that is no header and no
 * continuation is passed over where well-known headers still follow it; else the body begins there, so that no
 * text is lost.
 * @param isBoundary whether a line belongs to the structure around this part and ends the block
 */
export function readHeaders(
  bytes: Buffer,
  start: number,
  limits: ParseLimits,
  isBoundary: (line: { start: number; end: number }) => boolean = () => false,
): HeaderSection {
  const fields: Line[] = [];
  let firstStray = -1;
  let strays = false;
  let strayEnd = 0;
  let defect: Excess | null = null;
  let at = start;
  let bodyStart = bytes.length;
  let size = 0;
  while (at < bytes.length) {
    const line: Line = { start: at, ...lineAt(bytes, at) };
    const first = bytes[at];
    if (line.end === at || isBoundary(line)) {
      // the empty line belongs to the block, a boundary does not
      bodyStart = line.end === at ? line.next : at;
      break;
    }
    const previous = fields.at(-1);
    if ((first === 0x20 || first === 0x09) && previous !== undefined) {
      previous.end = line.end;
      previous.next = line.next;
    } else {
      const head = bytes.toString('latin1', at, Math.min(line.end, at + 120));
      if (fieldName.test(head)) {
        if (firstStray >= 0 && wellKnown.test(head)) firstStray = -1;
        if (fields.length < limits.headerFields) fields.push(line);
        else defect ??= { of: 'fields', most: limits.headerFields };
      } else if (!/^>?From /u.test(head)) {
        strays = true;
        if (firstStray < 0) {
          firstStray = at;
          strayEnd = fields.length;
        }
      }
    }
    at = line.next;
    size = at - start;
  }
  if (size > limits.headerBytes) defect ??= { of: 'header_block', size, most: limits.headerBytes };
  if (firstStray >= 0) {
    bodyStart = firstStray;
    fields.length = strayEnd;
  }
  return { ...collect(bytes, fields, limits, defect), end: bodyStart, strays };
}

/** The length of an oversized field's beginning that is kept, for people to recognise the mail. */
const excerptBytes = 1_000;

function collect(
  bytes: Buffer,
  fields: Line[],
  limits: ParseLimits,
  blockDefect: Excess | null,
): Pick<HeaderSection, 'headers' | 'fields' | 'defect'> {
  const headers: Headers = new Map();
  let defect = blockDefect;
  for (const field of fields) {
    const head = bytes.toString('latin1', field.start, Math.min(field.end, field.start + 120));
    const match = fieldName.exec(head);
    if (match === null) continue;
    const name = (match[1] ?? '').toLowerCase();
    const valueStart = field.start + match[0].length;
    const size = field.end - valueStart;
    const limit = listFields.has(name) ? limits.headerBytes : limits.headerBytes / 4;
    const tooLong = size > limit;
    if (tooLong) defect ??= { of: 'header', name, size, most: limit };
    const valueEnd = tooLong ? valueStart + excerptBytes : field.end;
    const value = decodeHeaderBytes(bytes.subarray(valueStart, valueEnd)).replace(/\r?\n/gu, '').trim();
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [value]);
    else values.push(value);
  }
  return { headers, fields: fields.length, defect };
}
