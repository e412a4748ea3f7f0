import { hasDate, readAttribution } from '../../lines/attribution.ts';
import {
  hasEmail,
  hasTime,
  isRule,
  readDivider,
  readField,
  readHeaderBlock,
} from '../../lines/header-block.ts';
import type { Line } from '../../lines/lines.ts';
import { wroteAtEnd } from '../../lines/vocabulary.ts';

/** Most lines below the start of a program's quote in which its opening is searched: people do not write more there by mistake. */
const longestHead = 60;

/**
 * Finds the end of the writer's words inside what their program marks as a quote: the cursor stood in its container, in the
 * line above the quote and below its divider. They precede the opening of the quote: an attribution, a header, marked lines.
 * @param from the first marked line
 * @param next from `nextFilled`
 * @returns the first line that is not the writer's; `from` if none is, or nothing tells. Examines a bounded number of lines.
 */
export function ownHeadEnd(lines: Line[], from: number, end: number, next: number[]): number {
  const to = openingBelow(lines, from, end, next);
  const hasWords = lines.slice(from, to).some(({ bare }) => /[\p{L}\p{N}]/u.test(bare));
  return hasWords ? to : from;
}

function openingBelow(lines: Line[], from: number, end: number, next: number[]): number {
  const limit = Math.min(end, from + longestHead);
  for (let i = from; i < limit; i++) {
    const line = lines[i];
    if (line === undefined) return from;
    // a line that is not marked ends what this one opened
    if (i > from && !line.blank && line.role === null && line.depth === 0)
      return withoutOpening(lines, from, i);
    if (line.depth > 0) return aboveMarked(lines, from, i);
    if (line.blank) continue;
    if (readHeaderBlock(lines, i, next) !== null || readAttribution(lines, i, next) !== null) return i;
    if (isSuspect(line)) return from;
  }
  return limit === end ? withoutOpening(lines, from, end) : from;
}

/** More lines than this, of which none opens a quote, are one all the same. */
const mostWithoutOpening = 20;

/**
 * End of a container's lines without an opening, which are the writer's: a container has its quote's opening inside or right
 * above.
 * @returns `from` if it has one, or is too long
 */
function withoutOpening(lines: Line[], from: number, end: number): number {
  let above = from - 1;
  while (above >= 0 && lines[above]?.blank === true) above--;
  const isOpened = lines[above]?.role === 'attribution' || lines[above]?.role === 'container';
  return lines[from]?.role !== 'container' || isOpened || end - from > mostWithoutOpening ? from : end;
}

/** Start of the text right above marked lines, which names their author in any language. */
function aboveMarked(lines: Line[], from: number, marked: number): number {
  let last = marked - 1;
  while (last >= from && lines[last]?.blank === true) last--;
  let first = last;
  while (first > from && lines[first - 1]?.blank === false) first--;
  const words = lines.slice(first, last + 1).map(({ bare }) => bare);
  return words.some((bare) => /[:：]$/u.test(bare) || hasEmail(bare) || (hasDate(bare) && hasTime(bare)))
    ? first
    : last + 1;
}

/** True if a line opens a quote in unknown words: nothing below it is the writer's. */
export function isSuspect({ bare }: Line): boolean {
  const field = readField(bare);
  if (field !== null && field.role !== null && field.role !== 'other') return true;
  if (isRule(bare) || readDivider(bare) !== null) return false;
  return (
    wroteAtEnd.test(bare) || (/[:：]$/u.test(bare) && (hasEmail(bare) || (hasDate(bare) && hasTime(bare))))
  );
}
