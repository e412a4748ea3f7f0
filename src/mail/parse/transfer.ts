import { isUtf8 } from 'node:buffer';
import { decode as decodeBase64 } from 'libbase64';
import { decode as decodeQuotedPrintable } from 'libqp';
import type { EncodingProblem } from '../../core/words/warnings.ts';
import type { MimePart } from './mime.ts';

export type Decoded = {
  bytes: Buffer;
  /** its defect, or null if there is none */
  problem: EncodingProblem | null;
};

/** The first word of the Content-Transfer-Encoding, whatever sign stands around it. */
export function encodingOf(part: Pick<MimePart, 'headers'>): string {
  const declared = (part.headers.get('content-transfer-encoding')?.[0] ?? '').slice(0, 200);
  const value = declared.replace(/\([^()]*\)/gu, '').toLowerCase();
  return /^[\s"']*([^\s"',;:]*)/u.exec(value)?.[1] ?? '';
}

/** Base64 with lines of plain text around it; null if it is only one or the other. */
function decodeAround(body: Buffer): Decoded | null {
  const text = body.toString('latin1');
  if (/^[A-Za-z0-9+/]+(?:\r?\n[A-Za-z0-9+/]+)*=*\s*$/u.test(text)) return null;
  const pieces: Buffer[] = [];
  let problem: Decoded['problem'] = null;
  let isPlain = false;
  for (const { start, end, isBase64 } of runsOf(text) ?? []) {
    const run = text.slice(start, end);
    const decoded = isBase64 ? readRun(run.replace(/\s+/gu, '')) : null;
    if (decoded === null) isPlain ||= run.trim() !== '';
    else problem = decoded.problem;
    if (pieces.length > 0 && pieces.at(-1)?.at(-1) !== lineFeed) pieces.push(Buffer.from('\n'));
    pieces.push(decoded?.bytes ?? Buffer.from(run, 'latin1'));
  }
  return isPlain && pieces.length > 1 ? { bytes: Buffer.concat(pieces), problem } : null;
}

const lineFeed = 0x0a;

type Run = { start: number; end: number; isBase64: boolean };
/** A text has one piece in base64, a banner and a footer; thousands of lines are noise. */
const mostRuns = 100;
const mostLines = 500_000;

/** Consecutive lines that could be base64, up to its padding or an empty line, and the lines in between; null if there are too many. */
function runsOf(text: string): Run[] | null {
  const runs: Run[] = [];
  let isOpen = false;
  let lines = 0;
  for (let at = 0; at < text.length; lines += 1) {
    const found = text.indexOf('\n', at);
    const next = found < 0 ? text.length : found + 1;
    const line = text.slice(at, next).trim();
    const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/u.test(line);
    const run = runs.at(-1);
    if (run !== undefined && run.isBase64 === isBase64 && (isOpen || !isBase64)) run.end = next;
    else runs.push({ start: at, end: next, isBase64 });
    if (runs.length > mostRuns || lines > mostLines) return null;
    isOpen = isBase64 && !line.endsWith('=');
    at = next;
  }
  return runs;
}

/** Shorter ones may be words. */
const certainRun = 40;

/** Decodes base64 that is too long to be anything else, or that decodes to text; null for words that merely look like it. */
function readRun(run: string): Decoded | null {
  const bytes = Buffer.from(run, 'base64');
  if (run.length >= certainRun) return { bytes, problem: run.length % 4 === 0 ? null : 'base64_cut' };
  const isText = run.length % 4 === 0 && isUtf8(bytes) && !/[^\t\n\r -\uffff]/u.test(bytes.toString());
  return isText ? { bytes, problem: null } : null;
}

/**
 * The bytes of a part, its transfer encoding taken off; with truncated base64 reported, and text that is mostly no base64 at
 * all taken as it stands because the label was wrong.
 */
export function decodePart(part: Pick<MimePart, 'headers' | 'encoded'>): Decoded {
  const encoding = encodingOf(part);
  if (encoding !== 'base64') return { bytes: bytesOf(part), problem: isKnown(encoding) ? null : 'unknown' };
  const counts = part.encoded.map(countBase64);
  const sum = (of: keyof Counts): number => counts.reduce((all, piece) => all + piece[of], 0);
  if (sum('strange') > (sum('letters') + sum('strange')) / 20)
    return { bytes: Buffer.concat(part.encoded), problem: 'no_base64' };
  return { bytes: bytesOf(part), problem: (sum('letters') + sum('padding')) % 4 === 0 ? null : 'base64_cut' };
}

function isKnown(encoding: string): boolean {
  return /^(?:|[78]-?bit|binary|quoted-printable)$/u.test(encoding);
}

/**
 * The bytes of a text: what a gateway or a list put before or behind a text in base64, in plain, is read as it stands.
 * @param most of a longer one the beginning is enough
 */
export function textBytes(
  part: Pick<MimePart, 'headers' | 'encoded' | 'bytes' | 'problem'>,
  most: number = Infinity,
): Decoded {
  const { bytes, problem, encoded } = part;
  const whole = { bytes: bytes.subarray(0, most), problem };
  if (encodingOf(part) !== 'base64') return whole;
  return decodeAround(Buffer.concat(encoded).subarray(0, most)) ?? whole;
}

/** The bytes of a part, its transfer encoding taken off a piece at a time: a large file takes little more than its size. */
function bytesOf(part: Pick<MimePart, 'headers' | 'encoded'>): Buffer {
  switch (encodingOf(part)) {
    case 'base64':
      return Buffer.concat([...base64Of(part.encoded)]);
    case 'quoted-printable':
      return Buffer.concat([...quotedPrintableOf(part.encoded)]);
    default:
      return Buffer.concat(part.encoded);
  }
}

/** Whole lines by libqp: of all lines at once it takes eight times their size. */
export function* quotedPrintableOf(pieces: readonly Buffer[]): Generator<Buffer> {
  let line: Buffer[] = [];
  for (const piece of pieces) {
    const end = piece.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      yield decodeQuotedPrintable(Buffer.concat([...line, piece.subarray(0, end)]));
      line = [];
    }
    line.push(piece.subarray(end));
  }
  yield decodeQuotedPrintable(Buffer.concat(line));
}

/** Whole groups of four letters by libbase64, which reads on behind padding. */
function* base64Of(pieces: readonly Buffer[]): Generator<Buffer> {
  let rest = '';
  for (const piece of pieces) {
    const letters = rest + piece.toString('latin1').replace(/[^a-zA-Z0-9+/=]+/g, '');
    const padded = letters.lastIndexOf('=') + 1;
    const end = letters.length - ((letters.length - padded) % 4);
    yield decodeBase64(letters.slice(0, end));
    rest = letters.slice(end);
  }
  yield decodeBase64(rest);
}

type Counts = { letters: number; padding: number; strange: number };

/** Bytes of the base64 alphabet, `=`, and those that are neither nor white space. One pass, no copy. */
function countBase64(body: Buffer): Counts {
  let [letters, padding, strange] = [0, 0, 0];
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    const isLetter =
      (byte >= 0x61 && byte <= 0x7a) ||
      (byte >= 0x41 && byte <= 0x5a) ||
      (byte >= 0x2f && byte <= 0x39) ||
      byte === 0x2b;
    if (isLetter) letters += 1;
    else if (byte === 0x3d) padding += 1;
    else if (byte > 0x20) strange += 1;
  }
  return { letters, padding, strange };
}
