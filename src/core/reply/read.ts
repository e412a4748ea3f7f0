import { belowText } from './cut/below-marker.ts';
import { labelLines } from './cut/label-lines.ts';
import type { About, Labelled } from './cut/line-labels.ts';
import type { Line } from '../lines/lines.ts';
import { readStrict } from './strict.ts';
import { answersStandBelow, textOf } from './text.ts';

/** Reading of one body of a mail. */
export type BodyReading = {
  labelled: Labelled;
  text: string;
  strict: string;
  below: string;
  doubts: string[];
};

/**
 * Finds the new text in the lines of one body. Linear in their number.
 * @param isColored true if the quote contains words of another colour
 */
export function read(lines: Line[], about: About, isColored = false): BodyReading {
  const labelled = { ...labelLines(lines, about), isColored };
  const { strict, doubts } = readStrict(labelled);
  const text = textOf(labelled, ['own']);
  const more = answersStandBelow(labelled, text) ? ['answers may stand within the quote'] : [];
  const below = belowText(labelled, text);
  return { labelled, text, strict, below, doubts: [...labelled.doubts, ...doubts, ...more] };
}

/** True if a body contains no word. */
export function isEmpty({ labelled }: BodyReading): boolean {
  return labelled.lines.every(({ blank, bare }) => blank || /^[\s\p{Cf}]*$/u.test(bare));
}
