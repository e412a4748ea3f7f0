import { hasDate } from '../lines/attribution.ts';
import { findFarewell, withoutLastFarewell } from './cut/farewell.ts';
import {
  type HeaderField,
  hasEmail,
  hasTime,
  isRule,
  readDivider,
  readField,
} from '../lines/header-block.ts';
import { firstCutOf, type Labelled, ownStretches } from './cut/line-labels.ts';
import type { Line } from '../lines/lines.ts';
import { namesDay, saidAnywhere, wroteAtEnd } from '../lines/vocabulary.ts';
import { isFilled, textOf } from './text.ts';

/** Cuts without mercy (promise 2 of the design), and says what then still hints at a quote. */
export function readStrict(labelled: Labelled): { strict: string; doubts: string[] } {
  const { lines, labels } = labelled;
  const doubts: string[] = [];
  const firstCut = firstCutOf(labels);
  const end = firstCut < 0 ? labels.length : firstCut;
  if (
    firstCut >= 0 &&
    ownStretches(labels).some(([from, to]) => from > firstCut && isFilled(lines, from, to))
  ) {
    doubts.push('text of the writer stands below a quote or a signature');
  }
  const from = Math.max(0, labels.indexOf('own'));
  const ending = findFarewell(lines, from, end);
  let stop = ending.at;
  if (ending.saysMore) doubts.push('text stands below a farewell');
  if (/^[-–—_*]{1,3}$/u.test(lines[stop]?.bare ?? '') && isFilled(lines, stop + 1, end)) {
    doubts.push('text stands below a line of dashes');
  }
  for (let i = from; i < stop; i++) {
    const found = suspicion(lines[i], lines[i + 1]);
    if (found === null) continue;
    doubts.push(found);
    stop = i;
  }
  return {
    strict: withoutLastFarewell(
      textOf({ ...labelled, lines: lines.slice(0, stop), labels: labels.slice(0, stop) }, ['own']),
    ),
    doubts,
  };
}

/** What in a line that was left in looks like the beginning of a quote. */
function suspicion(line: Line | undefined, below: Line | undefined): string | null {
  if (line === undefined || line.blank) return null;
  const { bare } = line;
  if (/^\s{0,8}[>|»]/u.test(line.raw.slice(0, 20))) return 'a line that was left in begins like a quote';
  if (looksLikeHeader(line, below)) return 'a line that was left in looks like the header of a quoted mail';
  if (bare.includes('~~')) return 'a part of the text is struck through';
  const dated = hasDate(bare) && hasTime(bare);
  const names = wroteAtEnd.test(bare) || saidAnywhere.test(bare) || namesDay.test(bare);
  const opens = /[:：]$/u.test(bare) && (names || dated || hasEmail(bare));
  if (opens || (dated && (hasEmail(bare) || wroteAtEnd.test(bare)))) {
    return 'a line that was left in looks like the opening of a quote';
  }
  if (readDivider(bare) !== null || (isRule(bare) && bare.length >= 10)) {
    return 'a line that was left in looks like the divider above a quote';
  }
  return null;
}

function looksLikeHeader({ bare }: Line, below: Line | undefined): boolean {
  const field = readField(bare);
  if (field === null) return false;
  if (field.role !== null && field.role !== 'other' && (field.role === 'subject' || says(field))) return true;
  const next = below === undefined ? null : readField(below.bare);
  return next !== null && (says(field) || says(next));
}

/** Whether a header's value is an address or a moment. */
function says({ value }: HeaderField): boolean {
  return hasEmail(value) || (hasDate(value) && hasTime(value));
}
