import type { Labelled } from './line-labels.ts';
import { belowMarkerAt, isInQuote, type Line } from '../../lines/lines.ts';
import { findMarker } from '../../letters/marker.ts';
import { answersBelow } from '../../lines/vocabulary.ts';
import type { Label } from '../../message/reply.ts';
import { tidy } from '../../letters/text.ts';

/** Most lines shown of a quote with unmarked answers in it. */
export const longestMixed = 80;

/** Text below our marker line, each piece with the quoted lines right above that it answers. */
export function belowText(labelled: Labelled, text: string): string {
  const { lines, labels } = labelled;
  const first = labels.indexOf('marker');
  const isWriters = (i: number): boolean => labels[i] === 'below_marker';
  if (labelled.isDraft) {
    const found = lines.map(({ raw }, i) => (isWriters(i) ? raw.trimEnd() : ''));
    return tidy([labelled.behindMarker, ...found]).trim();
  }
  if (!labels.includes('below_marker')) {
    const isMixed = first >= 0 && (labelled.isColored || answersBelow.test(text));
    const mixed = isMixed ? lines.slice(first).filter(({ body }) => findMarker(body) === null) : [];
    return tidy(
      mixed
        .slice(0, longestMixed)
        .map(({ raw, depth }) => (raw.trim() === '' || depth > 0 ? raw.trimEnd() : `> ${raw.trim()}`)),
    );
  }
  const lastQuoted = lines.findLastIndex((line, i) => !isWriters(i) && isInQuote(line) && !line.blank);
  const found: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (!isWriters(i)) continue;
    if (!isWriters(i - 1)) {
      if (found.length > 0) found.push('');
      const above = questionAbove(labelled, i);
      // what stands last answers the whole mail, unless it is a question that the writer left standing
      if (i < lastQuoted || /[?:]$/u.test(above.at(-1) ?? '')) found.push(...above);
    }
    found.push(line.raw.trimEnd());
  }
  return tidy(found);
}

/**
 * Text in quotes without a visible end: below a header, an attribution or our marker line, in what a program takes for the
 * rest of the mail.
 */
export function unmarkedText({ lines, labels, isDraft, behindMarker }: Labelled): string {
  const from = openAt(lines, labels);
  if (isDraft || from === lines.length) return '';
  const marker = lines.findIndex(({ body }) => findMarker(body) !== null);
  const ends = lines.slice(from).some((line) => isInQuote(line) && !line.blank);
  if (ends) return '';
  const start = marker < from ? from : belowMarkerAt(lines, marker);
  const found = lines.map((line, i) => {
    const isPart = i >= from && isUnmarkedPart(labels[i]) && !(marker >= 0 && i >= marker && i < start);
    return isPart && findMarker(line.body) === null ? line.raw.trimEnd() : '';
  });
  return tidy([marker < 0 ? '' : behindMarker, ...found]).trim();
}

function isUnmarkedPart(label: Label | undefined): boolean {
  return label === 'quote' || label === 'html_quote' || label === 'marker';
}

/** Index of the first quote without an end; the number of lines if there is none. */
function openAt(lines: readonly Line[], labels: readonly Label[]): number {
  let above: Line | null = null;
  for (const [i, line] of lines.entries()) {
    if (line.blank) continue;
    const isOpen = !isInQuote(line) && isUnmarkedPart(labels[i]);
    // the rest of a marked line that a program broke
    if (isOpen && (above === null || !isInQuote(above))) return i;
    above = line;
  }
  return lines.length;
}

const longestQuestion = 4;

/** The end of the paragraph of the quote right above a line, without our marker line. */
function questionAbove({ lines, labels }: Labelled, at: number): string[] {
  const found: string[] = [];
  for (let i = at - 1; i >= 0 && found.length < longestQuestion; i--) {
    const line = lines[i];
    if (line === undefined || labels[i] !== 'marker' || findMarker(line.body) !== null) break;
    if (line.blank && (found.length > 0 || isInQuote(line))) break;
    if (!line.blank) found.unshift(line.raw.trimEnd());
  }
  return found;
}
