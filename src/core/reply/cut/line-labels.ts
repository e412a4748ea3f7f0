import type { HeaderBlock } from '../../lines/header-block.ts';
import type { Line } from '../../lines/lines.ts';
import type { Label } from '../../message/reply.ts';

/** Position of a forwarded mail's original. */
export type ForwardedAt = {
  /** first line of its text */
  from: number;
  /** its quoted header, or the attribution in its place */
  header: HeaderBlock | { words: string };
};

/** Lines, each with its label. */
export type LabelledLines = { lines: Line[]; labels: Label[] };

/** The lines of a mail as they are labelled, and what that says of the mail. */
export type Labelled = LabelledLines & {
  forwarded: ForwardedAt | null;
  /** our marker line is inside a quote's marks, which show where the quote ends */
  marksOurs: boolean;
  /** our marker line is that of a button's draft: nothing is quoted, and the text below it is the writer's */
  isDraft: boolean;
  /** text in the marker line itself, behind its sign */
  behindMarker: string;
  /** text that its writer indented as programs indent quotes, but nothing marks as a quote; '' for none */
  indented: string;
  /** the quote contains words of another colour */
  isColored: boolean;
  /** reasons for doubt, in English, each once */
  doubts: string[];
};

export type About = {
  subject: string;
  isReply: boolean;
  /** its headers name the mail that it answers; the draft of a button, a new mail, names none */
  namesAnother: boolean;
};

/** Runs of the writer's own lines, as [first, after the last]. */
export function ownStretches(labels: Label[]): [number, number][] {
  const stretches: [number, number][] = [];
  let from = -1;
  for (let i = 0; i <= labels.length; i++) {
    if (labels[i] === 'own') {
      if (from < 0) from = i;
    } else if (from >= 0) {
      stretches.push([from, i]);
      from = -1;
    }
  }
  return stretches;
}

/** Labels of other people's text. */
export const quoteLabels: readonly Label[] = ['attribution', 'header_block', 'quote', 'html_quote'];

/** The first line that was cut; what a server put on top of the mail counts for nothing. -1: there is none. */
export function firstCutOf(labels: Label[]): number {
  return labels.findIndex((label) => label !== 'own' && label !== 'banner');
}
