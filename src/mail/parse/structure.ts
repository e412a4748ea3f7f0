import type { ParseLimits } from '../../config/limits.ts';
import type { Excess } from '../../core/words/quarantine.ts';
import { type Headers, lineAt } from './headers.ts';
import { nextDashes, PartReader } from './part-reader.ts';
import { boundaryOf, makePart, type MimePart } from './mime.ts';

export type Structure = {
  root: MimePart;
  /** why reading stopped before the end, or null if it did not */
  defect: Excess | null;
  /** a multipart's closing boundary is missing */
  unclosed: boolean;
};

/**
 * The parts of a message, their transfer encodings taken off.
 * @param headers of the message, which are read already
 * @param start where its body begins
 */
export async function readStructure(
  bytes: Buffer,
  headers: Headers,
  start: number,
  limits: ParseLimits,
): Promise<Structure> {
  const root = { ...makePart(headers, 'text/plain'), alone: true };
  const reader = new PartReader(root, limits);
  const defect = await reader.readBody(bytes.subarray(start));
  const open = defect === null ? reader.openMultiparts() : [];
  const last = open[0];
  const isEmpty = last !== undefined && last.children.length === 0;
  // one that is closed before a part was opened is still open to mailsplit
  const closed = isEmpty && closingLine(boundariesOf([last]), Buffer.concat(last.encoded)) >= 0 ? 1 : 0;
  if (defect === null) await readChildless(root, limits);
  return { root, defect, unclosed: open.length > closed };
}

/**
 * Turns a multipart whose boundary never occurs into plain text.
 * @param around the multiparts around it
 */
async function readChildless(part: MimePart, limits: ParseLimits, around: MimePart[] = []): Promise<void> {
  if (boundaryOf(part) === null) return;
  for (const child of part.children) await readChildless(child, limits, [...around, part]);
  if (part.children.length > 0) return;
  const preamble = Buffer.concat(part.encoded);
  const end = closingLine(boundariesOf([...around, part]), preamble);
  const text = { ...part, contentType: 'text/plain', encoded: [] };
  await new PartReader(text, limits).readBody(end < 0 ? preamble : preamble.subarray(0, end));
  Object.assign(part, { encoded: text.encoded, bytes: text.bytes, problem: text.problem });
}

function boundariesOf(parts: MimePart[]): Set<string> {
  return new Set(parts.map((part) => `--${boundaryOf(part)}--`));
}

/** The start of the first line that closes a multipart, including the line end above it, or -1 if there is none. */
function closingLine(closing: Set<string>, preamble: Buffer): number {
  for (let at = nextDashes(preamble, 0); at < preamble.length; at = nextDashes(preamble, at + 1)) {
    const line = preamble.toString('latin1', at, lineAt(preamble, at).end);
    if (closing.has(line.trimEnd())) return lineAt(preamble, Math.max(0, at - 2)).end;
  }
  return -1;
}
