import { type Labelled, quoteLabels } from './labels.ts';
import { belowMarkerAt, isInQuote, tidy } from './mail-lines.ts';
import { findMarker } from './marker.ts';
import { answersBelow } from './quote-words.ts';

/** How many lines of a quote with unmarked answers in it are shown. */
export const longestMixed = 80;

/** What stands below our marker line, each piece with the quoted lines right above that it answers. */
export function belowText(labelled: Labelled, text: string): string {
  const { lines, labels } = labelled;
  const first = labels.indexOf('marker');
  const isWriters = (i: number): boolean => labels[i] === 'below_marker';
  if (labelled.isDraft) {
    const found = lines.map(({ raw }, i) => (isWriters(i) ? raw.trimEnd() : ''));
    return tidy([labelled.behindMarker, ...found]).trim();
  }
  if (!labels.includes('below_marker')) {
    const isUnmarked = lines.some((line, i) => labels[i] === 'marker' && !line.blank && !isInQuote(line));
    const mixed = isUnmarked && answersBelow.test(text) ? lines.slice(first) : [];
    return tidy(mixed.slice(0, longestMixed).map(({ raw }) => (raw.trim() === '' ? '' : `> ${raw.trim()}`)));
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

/** What stands below our marker line, in a mail in which nothing is marked as a quote. */
export function unmarkedText({ lines, labels, isDraft, behindMarker }: Labelled): string {
  const first = labels.indexOf('marker');
  const from = first < 0 ? lines.length : first;
  const start = belowMarkerAt(
    lines,
    lines.findIndex(({ body }) => findMarker(body) !== null),
  );
  if (isDraft || labels.slice(0, from).some((label) => quoteLabels.includes(label))) return '';
  const below = lines.slice(Math.max(from, start)).filter((line) => findMarker(line.body) === null);
  return below.some(isInQuote) ? '' : tidy([behindMarker, ...below.map(({ raw }) => raw.trimEnd())]);
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
