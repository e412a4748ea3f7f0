import { findMarker } from '../letters/marker.ts';
import { hidden } from '../letters/clean.ts';
import { oneSpaced } from '../letters/text.ts';

/**
 * The HTML's marking of a line by the mail program. `container`: contains a quote and its opening; `indent`: indented, perhaps
 * a quote.
 */
export type HtmlRole = 'attribution' | 'quote' | 'container' | 'indent' | 'rest' | 'signature';

/** One line of a mail, read once so that no rule has to look at its raw form. */
export type Line = {
  /** as it stands, quote marks included */
  raw: string;
  /** number of quote marks */
  depth: number;
  /** without quote marks; spaces before it kept */
  body: string;
  /** the body's first characters, invisible characters gone, spaces as one, trimmed: what rules match against */
  bare: string;
  blank: boolean;
  /** null in plain text */
  role: HtmlRole | null;
};

/** No header, attribution or signature line is longer; prose may be, and is then only prose. */
export const longestMatched = 600;

/** Dashes that only programs write; en and em dashes are people's. */
const programDashes = /[\u2010-\u2012\u2212]/gu;
const invisible = new RegExp(
  `[${hidden.directions}${hidden.marks}${hidden.spaces}${hidden.joiners}${hidden.operators}${hidden.byteOrderMark}${hidden.softHyphen}]`,
  'gu',
);

/**
 * Text in which every line break is `\n`, NUL is gone and lone surrogates are U+FFFD (BAD-MAIL 1, 9, 10). Line
 * numbers in cuts count in this.
 */
export function safeLines(text: string): string[] {
  return text
    .replaceAll('\0', '')
    .toWellFormed()
    .split(/\r\n|[\r\n\u2028\u2029\u0085\v\f]/u);
}

/** Takes the quote marks off a line. A `>` in a run of `<`, or right before a word without any space, is no mark. */
function readMarks(raw: string): { depth: number; start: number } {
  let depth = 0;
  let start = 0;
  for (let i = 0; i < raw.length; i++) {
    const char = raw[i];
    if (char === '>') {
      depth++;
      start = i + 1;
      // one space after a mark belongs to it
      if (raw[start] === ' ') start++;
      continue;
    }
    if (char !== ' ' && char !== '\t' && char !== '\u00a0' && char !== '\ufeff' && char !== '\u200b') break;
    // four spaces and more before the first mark are an indented block, not a mail program's quote
    if (depth === 0 && i >= 4) return { depth: 0, start: 0 };
    if (depth > 0 && i > start + 3) break;
  }
  return { depth, start: depth === 0 ? 0 : start };
}

/** Shell prompts, comparisons and arrows: writers begin lines with them. */
const noMark =
  /^[ \t]{0,3}(?:>{1,3}\s?\d+[.,]?\d*\s?(?:%|€|euro|gb|mb|pagine|giorni|minuti|ore)\b|>+=|>->|>[> ]{2,80}[^<>]{1,150}<{2,10} {0,3}$)/iu;

/**
 * Reads a line of plain text.
 * @param raw without its break
 */
function readLine(raw: string): Line {
  const { depth, start } = noMark.test(raw.slice(0, 200)) ? { depth: 0, start: 0 } : readMarks(raw);
  return makeLine(raw, depth, raw.slice(start), null);
}

/** `AB> text`: the mark of old news readers, which begins with its writer's initials. */
const initials = /^ ?(\p{Lu}[\p{L}]{0,3})> ?/u;

/**
 * Reads the lines of a plain text. Between two lines of three backticks nothing is a mark; initials before a mark are
 * one where they come back.
 */
export function readLines(raws: string[]): Line[] {
  const seen = new Map<string, number>();
  let fences = 0;
  for (const raw of raws) {
    const name = initials.exec(raw.slice(0, 10))?.[1];
    if (name !== undefined) seen.set(name, (seen.get(name) ?? 0) + 1);
    if (isFence(raw)) fences++;
  }
  let open = false;
  return raws.map((raw) => {
    if (isFence(raw) && (open || fences > 1)) {
      fences--;
      open = !open;
    }
    if (open) return makeLine(raw, 0, raw, null);
    const found = initials.exec(raw.slice(0, 10));
    const quoted = found?.[1] !== undefined && (seen.get(found[1]) ?? 0) > 1;
    return quoted ? makeLine(raw, 1, raw.slice(found[0].length), null) : readLine(raw);
  });
}

function isFence(raw: string): boolean {
  return /^ {0,3}```[\w+-]{0,20}\s*$/u.test(raw.slice(0, 40));
}

const emptyLine: Line = { raw: '', depth: 0, body: '', bare: '', blank: true, role: null };

/** A line whose quote depth and role are already known. */
export function makeLine(raw: string, depth: number, body: string, role: HtmlRole | null): Line {
  if (raw === '' && role === null) return emptyLine;
  const bare = oneSpaced(
    body.slice(0, longestMatched).replace(invisible, '').replace(programDashes, '-'),
  ).trim();
  return { raw, depth, body, bare, blank: bare === '' && body.trim() === '', role };
}

/** True if a program marked the line as quoted. */
export function isInQuote({ depth, role }: Line): boolean {
  return depth > 0 || role === 'quote' || role === 'container';
}

/** Cuts the line short at a marker in its middle (a program that folds lines into one). */
export function beforeMarker(line: Line): string | null {
  const at = findMarker(line.body);
  return at === null || at === 0 ? null : line.body.slice(0, at).trimEnd();
}

/** Our marker line itself, from its sign on: between equals signs, or to the end where a template has another. */
const markerItself = /^.{0,40}?={2,3}[^=]{0,120}={2,3}\s?|^.*/su;

/** Text behind the marker in a marker line; '' if there is none. */
export function behindMarker({ body }: Line): string {
  const at = findMarker(body);
  return at === null ? '' : body.slice(at).replace(markerItself, '').trim();
}

/** Into how many lines a program breaks our marker line. */
const mostBroken = 3;

/** Index of the first line below a marker line. If a program broke the marker over several lines, they all belong to it. */
export function belowMarkerAt(lines: Line[], marker: number): number {
  if (/={2,3}[^=]+={2,3}/u.test(lines[marker]?.body ?? '')) return marker + 1;
  for (let i = marker + 1; i <= marker + mostBroken; i++)
    if (/^[^=]{0,80}={2,3}[\s*_]*$/u.test(lines[i]?.body ?? '')) return i + 1;
  return marker + 1;
}

/** For each line, the index of the first line at or after it that is not blank; `lines.length` if none follows. */
export function nextFilled(lines: Line[]): number[] {
  const next = Array.from({ length: lines.length + 1 }, () => lines.length);
  for (let i = lines.length - 1; i >= 0; i--) {
    next[i] = lines[i]?.blank === true ? (next[i + 1] ?? lines.length) : i;
  }
  return next;
}
