import { hasDate } from './attribution.ts';
import { type HeaderField, hasEmail, hasTime, isRule, readDivider, readField } from './header-block.ts';
import { type Forwarded, readForwarded } from './forwarded.ts';
import { labelLines } from './cut-lines.ts';
import { belowText, longestMixed, unmarkedText } from './below-marker.ts';
import { type About, type Label, type Labelled, ownStretches, quoteLabels } from './labels.ts';
import { type Line, readLines, safeLines, tidy } from './mail-lines.ts';
import { answersBelow, namesDay, saidAnywhere, wroteAtEnd } from './quote-words.ts';
import { type RenderedHtml, renderHtml } from './reply-html.ts';
import { findContactBlock } from './signature.ts';

export type { Forwarded } from './forwarded.ts';

/** A stretch of text that was cut away, and why. Line numbers count from 1 in the text before the cut. */
export type Cut = {
  reason: Exclude<Label, 'own'>;
  fromLine: number;
  toLine: number;
};

/** The new text of a mail: what its writer wrote, without what others had written before. */
export type Reply = {
  /** quotes, signature and taglines gone; command lines still in; '' where nothing is left. For staff */
  text: string;
  /** the new text with the quoted lines it answers between them kept (interleaved answers): for staff only */
  textWithContext: string;
  /**
   * The text up to the first sign of a quote, of a signature or of our marker line, and nothing after it. The only
   * text that may reach a client, and only where `sure`
   */
  strict: string;
  cuts: Cut[];
  /**
   * Whether `strict` is certainly the writer's own and certainly all of it. False as soon as anything hints that a
   * quote may be left in or an answer left out: such text never reaches a client before its writer has confirmed it.
   */
  sure: boolean;
  /** why not, in English; '' where sure */
  doubt: string;
  /** the HTML hides text from its reader (BAD-MAIL 61) outside of what it quotes; such text commands nothing */
  hiddenText: boolean;
  /**
   * What it quotes, as it stands, with what names its writer; '' where a mail of ours is quoted. Where the mail answers nothing
   * of ours, staff have never seen this
   */
  quoted: string;
  /**
   * What its writer wrote below our marker line and not within the quote that holds it, between its lines with the lines it
   * answers; '' for nothing. It is shown, and never read as a command
   */
  below: string;
  /** it stands in the draft of a button, below whose marker line nothing is quoted: where nothing stands above, it is the answer */
  belowDraft: boolean;
  /** what stands below our marker line where nothing marks it as a quote, nor as its writer's; '' for nothing */
  unmarked: string;
  /** such text is left out of all fields, and nothing else in the mail says it */
  leavesOut: boolean;
  /** which of the two bodies the fields were read from */
  source: 'text' | 'html';
  /** the whole text of that body before any cut; lines in `cuts` count in it */
  whole: string;
  forwarded: Forwarded | null;
};

/** What is asked about: the decoded bodies of one mail and what its headers say of it. */
export type ReplyInput = {
  /** decoded text/plain; null where there is none */
  text: string | null;
  /** the HTML as it came; null where there is none */
  html: string | null;
  subject: string;
  /** its headers or its subject say that it answers another mail */
  isReply: boolean;
  /** its headers name that mail; left out: as `isReply` */
  namesAnother?: boolean;
};

/**
 * Plain text from HTML: paragraphs, list items and quotes (`> `) as lines, links with their address. Scripts, styles and
 * hidden text are gone. Linear in the size of the HTML, whatever its nesting.
 */
export function htmlToText(html: string): string {
  return renderHtml(html)
    .lines.map(({ raw }) => raw)
    .join('\n');
}

/**
 * Finds what is new in a mail. Never throws, linear in the size of the mail. Where both bodies are there the plain text is
 * read, unless the structure of the HTML shows more; where the two disagree the answer is not sure. A mail that hides all
 * of its text is read as if it hid none.
 */
export function extractReply(input: ReplyInput): Reply {
  const { subject, isReply, namesAnother = isReply } = input;
  const about: About = { subject, isReply, namesAnother };
  const plain = input.text === null ? null : read(readLines(safeLines(input.text)), about);
  const rendered = input.html === null ? null : renderSeen(input.html, plain === null || isEmpty(plain));
  const rich = rendered === null ? null : read(rendered.lines, about);
  const hiddenText = rendered !== null && rich !== null && hidesOwnText(rendered, rich.labelled);
  const seen = (rendered?.lines ?? []).map(({ raw }) => raw).join('\n');
  const leavesOut = hiddenText && leftUnsaid(rendered.leftOut, [seen, input.text ?? '']);
  const finish = (found: Read, source: 'text' | 'html', more: string[]): Reply => {
    // programs break no lines of a quote in HTML
    const { below } = rich?.labelled.marksOurs === true ? rich : found;
    const doubts = [
      ...more,
      ...(hiddenText ? ['the HTML hides text from its reader'] : []),
      ...(below === '' ? [] : ['text stands below our marker line']),
    ];
    return {
      ...readOut(found, about, doubts),
      below,
      belowDraft: found.labelled.isDraft && below !== '',
      unmarked: below === '' ? unmarkedText(found.labelled) : '',
      hiddenText,
      leavesOut,
      source,
      whole: source === 'html' ? seen : (input.text ?? ''),
    };
  };
  if (rich === null || rendered === null) return finish(plain ?? read([], about), 'text', []);
  if (plain === null || isEmpty(plain)) return finish(rich, 'html', []);
  if (isEmpty(rich)) return finish(plain, 'text', []);
  if (sameWords(plain.strict, rich.strict) && sameWords(plain.text, rich.text)) {
    return finish(plain, 'text', plain.labelled.doubts.length === 0 ? rich.labelled.doubts : []);
  }
  const differ = ['the plain text and the HTML say different things'];
  // where the HTML marks a quote or a signature that the plain text has lost, it only knows better
  const less = lettersOf(rich.strict) !== '' && lettersOf(plain.text).startsWith(lettersOf(rich.text));
  if (rendered.structured && less) return finish(rich, 'html', []);
  // what its reader sees is the HTML; some programs write `this mail is HTML` as its text
  if (saysMore(rich.text, input.text ?? '')) return finish(rich, 'html', differ);
  return rendered.structured || (plain.text === '' && rich.text !== '')
    ? finish(rich, 'html', differ)
    : finish(plain, 'text', differ);
}

/** @param isAll nothing else of the mail can be read */
function renderSeen(html: string, isAll: boolean): RenderedHtml {
  const seen = renderHtml(html);
  const hidesAll = seen.hiddenAt.length > 0 && seen.lines.every(({ blank }) => blank);
  return isAll && hidesAll ? renderHtml(html, true) : seen;
}

/** Whether a text has a word that another one, all of it, has not. */
function saysMore(text: string, other: string): boolean {
  const known = lettersOf(other);
  const words = text.normalize('NFKC').match(/[\p{L}\p{N}]{3,40}/gu) ?? [];
  return words.slice(0, mostWords).some((word) => !known.includes(lettersOf(word)));
}

/** Whether one of these pieces says what none of the texts does. */
function leftUnsaid(pieces: string[], texts: string[]): boolean {
  const said = texts.map(lettersOf);
  return pieces.some((piece) => !said.some((text) => text.includes(lettersOf(piece))));
}

/** Each is looked for in all of the other body. */
const mostWords = 200;

type Read = { labelled: Labelled; text: string; strict: string; below: string; doubts: string[] };

function read(lines: Line[], about: About): Read {
  const labelled = labelLines(lines, about);
  const { strict, doubts } = readStrict(labelled);
  const text = textOf(labelled, ['own']);
  const more = answersStandBelow(labelled, text) ? ['its writer speaks of answers within the quote'] : [];
  const below = belowText(labelled, text);
  return { labelled, text, strict, below, doubts: [...labelled.doubts, ...doubts, ...more] };
}

function isEmpty({ labelled }: Read): boolean {
  return labelled.lines.every(({ blank, bare }) => blank || /^[\s\p{Cf}]*$/u.test(bare));
}

type ReadOut = Omit<
  Reply,
  'below' | 'belowDraft' | 'unmarked' | 'hiddenText' | 'leavesOut' | 'source' | 'whole'
>;

/** @param more doubts of its own text, beside those that its reading found */
function readOut({ labelled, text, strict, doubts: found }: Read, about: About, more: string[]): ReadOut {
  const doubts = [...new Set([...found, ...more])];
  return {
    text,
    textWithContext: withContext(labelled, text),
    quoted: labelled.labels.includes('marker') ? '' : textOf(labelled, quoteLabels),
    strict,
    cuts: cutsOf(labelled.labels),
    sure: doubts.length === 0,
    doubt: doubts.join('; '),
    forwarded:
      labelled.forwarded === null
        ? null
        : readForwarded(labelled.lines, labelled.labels, labelled.forwarded, about.subject),
  };
}

/** The lines of some labels as text: single blank lines where others stood between them. */
function textOf({ lines, labels }: Labelled, kept: readonly Label[]): string {
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

/** How many of the lines right above an answer are shown as what it answers. */
const longestContext = 12;

/** Its writer says that answers stand in the quote, in red or below each question, and nothing marks them there. */
function answersStandBelow({ lines, labels }: Labelled, text: string): boolean {
  return (
    answersBelow.test(text) &&
    lines.some(
      ({ depth, blank }, i) => !blank && depth === 0 && (isQuoted(labels[i]) || labels[i] === 'marker'),
    )
  );
}

/** With the quoted lines right above each answer that stands below some. */
function withContext(labelled: Labelled, text: string): string {
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

function isFilled(lines: Line[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (lines[i]?.blank === false) return true;
  return false;
}

/** Cuts without mercy (promise 2 of the design), and says what then still hints at a quote. */
function readStrict(labelled: Labelled): { strict: string; doubts: string[] } {
  const { lines, labels } = labelled;
  const doubts: string[] = [];
  const firstCut = labels.findIndex((label) => label !== 'own');
  const end = firstCut < 0 ? labels.length : firstCut;
  if (
    firstCut >= 0 &&
    ownStretches(labels).some(([from, to]) => from > firstCut && isFilled(lines, from, to))
  ) {
    doubts.push('text of the writer stands below a quote or a signature');
  }
  let stop = findContactBlock(lines, 0, end);
  if (/^[-–—_*]{1,3}$/u.test(lines[stop]?.bare ?? '') && isFilled(lines, stop + 1, end)) {
    doubts.push('text stands below a line of dashes');
  }
  for (let i = 0; i < stop; i++) {
    const found = suspicion(lines[i], lines[i + 1]);
    if (found === null) continue;
    doubts.push(found);
    stop = i;
  }
  return {
    strict: textOf({ ...labelled, lines: lines.slice(0, stop), labels: labels.slice(0, stop) }, ['own']),
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

function cutsOf(labels: Label[]): Cut[] {
  const cuts: Cut[] = [];
  for (const [i, label] of labels.entries()) {
    if (label === 'own') continue;
    const last = cuts.at(-1);
    if (last?.reason === label && last.toLine === i) last.toLine = i + 1;
    else cuts.push({ reason: label, fromLine: i + 1, toLine: i + 1 });
  }
  return cuts;
}

/** Hidden text counts where it stands among the writer's own lines. */
function hidesOwnText({ hiddenAt }: RenderedHtml, { labels }: Labelled): boolean {
  const firstCut = labels.findIndex((label) => label !== 'own');
  // it stands above the line of its index
  return hiddenAt.some((at) => firstCut < 0 || at <= firstCut || labels[at] === 'own');
}

/** Whether two texts hold the same letters and digits: links, emphasis and line breaks differ between the two bodies. */
function sameWords(a: string, b: string): boolean {
  return lettersOf(a) === lettersOf(b);
}

function lettersOf(text: string): string {
  return text
    .replace(
      /<[^<>\s]{1,2000}>|\[(?:cid|image|https?):?[^[\]]{0,2000}\]|https?:\/\/\S{1,2000}|\[\d{1,3}\]/giu,
      '',
    )
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
