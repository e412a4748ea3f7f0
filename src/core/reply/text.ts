import { longestMixed } from './cut/below-marker.ts';
import { readHeaderBlock } from '../lines/header-block.ts';
import { type Labelled, ownStretches } from './cut/line-labels.ts';
import { type Line, nextFilled } from '../lines/lines.ts';
import { answersBelow } from '../lines/vocabulary.ts';
import type { Label } from '../message/reply.ts';
import { tidy } from '../letters/text.ts';

/** The lines of some labels as text: single blank lines where others stood between them. */
export function textOf({ lines, labels }: Labelled, kept: readonly Label[]): string {
  const found: string[] = [];
  let afterCut = false;
  for (const [i, line] of lines.entries()) {
    const label = labels[i];
    if (label === undefined) continue;
    if (!kept.includes(label)) {
      if (found.at(-1) !== '') found.push('');
      afterCut = true;
    } else if (!(afterCut && line.blank)) {
      found.push(line.raw.trimEnd());
      afterCut = false;
    }
  }
  return tidy(found);
}

/** Most lines right above an answer that are shown as the ones it answers. */
const longestContext = 12;

/** Its writer says that answers stand in the quote, in red or below each question, and nothing marks them there; or another colour there does. */
export function answersStandBelow({ lines, labels, isColored }: Labelled, text: string): boolean {
  return (
    lines.some(({ blank }, i) => !blank && (isQuoted(labels[i]) || labels[i] === 'marker')) &&
    (isColored || answersBelow.test(text))
  );
}

/** The text with the quoted lines right above each answer that has some. */
export function withContext(labelled: Labelled, text: string): string {
  const { lines, labels } = labelled;
  const kept = new Set<number>();
  for (const [from, to] of ownStretches(labels)) {
    if (!isFilled(lines, from, to)) continue;
    for (let i = from - 1, count = 0; i >= 0 && count < longestContext && isQuoted(labels[i]); i--) {
      if (lines[i]?.blank === true) continue;
      kept.add(i);
      count++;
    }
  }
  if (answersStandBelow(labelled, text)) {
    const mixed = Array.from(lines.keys()).filter((i) => isQuoted(labels[i]) && lines[i]?.blank === false);
    for (const i of mixed.slice(0, longestMixed)) kept.add(i);
  }
  if (kept.size === 0) return text;
  const found: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (labels[i] === 'own') found.push(line.raw.trimEnd());
    else if (kept.has(i)) found.push(line.depth > 0 ? line.raw.trimEnd() : `> ${line.raw.trim()}`);
    else if (found.at(-1) !== '') found.push('');
  }
  return tidy(found);
}

function isQuoted(label: Label | undefined): boolean {
  return label === 'quote' || label === 'html_quote';
}

export function isFilled(lines: Line[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (lines[i]?.blank === false) return true;
  return false;
}

/** Marked lines without an attribution above: their writer may have written inside the marks. */
export function unintroducedText({ lines, labels }: Labelled): string {
  const introduced = labels.findIndex(
    (label) => label === 'attribution' || label === 'header_block' || label === 'html_quote',
  );
  const end = introduced < 0 ? labels.length : introduced;
  const isBare = (i: number): boolean => i < end && labels[i] === 'quote' && (lines[i]?.depth ?? 0) > 0;
  const first = lines.findIndex(({ blank }, i) => isBare(i) && !blank);
  if (first < 0 || readHeaderBlock(lines, first, nextFilled(lines)) !== null) return '';
  return tidy(lines.slice(0, end).map(({ body }, i) => (isBare(i) ? body.trim() : ''))).trim();
}
