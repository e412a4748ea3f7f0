import { unmarkedText } from './cut/below-marker.ts';
import { readForwarded } from './forwarded.ts';
import { type About, firstCutOf, type Labelled, quoteLabels } from './cut/line-labels.ts';
import { readLines, safeLines } from '../lines/lines.ts';
import { type RenderedHtml, renderHtml } from '../html/render.ts';
import { isEmpty, type BodyReading, read } from './read.ts';
import { textOf, unintroducedText, withContext } from './text.ts';
import { readWider } from './wider.ts';
import type { Label, Cut, Reply } from '../message/reply.ts';
import { lettersAndDigitsOf } from '../letters/text.ts';
/** The input: the decoded bodies of one mail, and the relevant data of its headers. */
export type ReplyInput = {
  /** decoded text/plain; null if absent */
  text: string | null;
  /** the HTML as received; null if absent */
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
 * Finds the new text of a mail. Never throws; linear in the size of the mail. If both bodies are present the plain text is
 * read, unless the structure of the HTML shows more; if the two disagree the reading is doubtful. A mail that hides all of its
 * text is read as if it hid none.
 */
export function extractReply(input: ReplyInput): Reply {
  const { subject, isReply, namesAnother = isReply } = input;
  const about: About = { subject, isReply, namesAnother };
  const plain = input.text === null ? null : read(readLines(safeLines(input.text)), about);
  const rendered = input.html === null ? null : renderSeen(input.html, plain === null || isEmpty(plain));
  const rich = rendered === null ? null : read(rendered.lines, about, rendered.colored);
  const hiddenText = rendered !== null && rich !== null && hidesOwnText(rendered, rich.labelled);
  const seen = (rendered?.lines ?? []).map(({ raw }) => raw).join('\n');
  const leavesOut = hiddenText && leftUnsaid(rendered.leftOut, [seen, input.text ?? '']);
  const finish = (first: BodyReading, firstSource: 'text' | 'html', firstDoubts: string[]): Reply => {
    const wider = readWider(first, firstSource, { plain, rich, about });
    const { found, source } = wider ?? { found: first, source: firstSource };
    const more = wider === null ? firstDoubts : [wider.doubt, ...firstDoubts];
    const colored = rich?.labelled.isColored === true && !found.labelled.isColored ? rich : null;
    // programs break no lines of a quote in HTML
    const { below } = rich?.labelled.marksOurs === true ? rich : (colored ?? found);
    const doubts = [
      ...more,
      ...(colored?.doubts ?? []),
      ...(hiddenText ? ['the HTML hides text from its reader'] : []),
      ...(below === '' ? [] : ['text stands below our marker line']),
    ];
    return {
      ...readOut(found, about, doubts, wider?.guessed === true),
      ...(colored === null || wider !== null
        ? {}
        : { textWithContext: withContext(colored.labelled, colored.text) }),
      below,
      belowDraft: found.labelled.isDraft && below !== '',
      unmarked: below === '' ? textLeft(found.labelled) : '',
      indented: (rich ?? found).labelled.indented.trim(),
      hiddenText,
      leavesOut,
      unstyled: rendered?.unstyled === true,
      htmlCut: rendered?.isCut === true,
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
  const less =
    lettersAndDigitsOf(rich.strict) !== '' &&
    lettersAndDigitsOf(plain.text).startsWith(lettersAndDigitsOf(rich.text));
  if (rendered.structured && less) return finish(rich, 'html', []);
  // what its reader sees is the HTML; some programs write `this mail is HTML` as its text
  if (saysMore(rich.text, input.text ?? '')) return finish(rich, 'html', differ);
  return rendered.structured || (plain.text === '' && rich.text !== '')
    ? finish(rich, 'html', differ)
    : finish(plain, 'text', differ);
}

/** Text that may be the writer's and is in no other field. */
function textLeft(labelled: Labelled): string {
  return [unmarkedText(labelled), unintroducedText(labelled)].filter((text) => text !== '').join('\n');
}

/** @param isAll nothing else of the mail can be read */
function renderSeen(html: string, isAll: boolean): RenderedHtml {
  const seen = renderHtml(html);
  const hidesAll = seen.hiddenAt.length > 0 && seen.lines.every(({ blank }) => blank);
  return isAll && hidesAll ? renderHtml(html, true) : seen;
}

/** True if a text contains a word that the other one lacks. */
function saysMore(text: string, other: string): boolean {
  const known = lettersAndDigitsOf(other);
  const words = text.normalize('NFKC').match(/[\p{L}\p{N}]{3,40}/gu) ?? [];
  return words.slice(0, mostWords).some((word) => !known.includes(lettersIn(word)));
}

/** As `lettersAndDigitsOf`, of a word of a normalised text. */
function lettersIn(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/** True if one of the pieces says something that none of the texts does. */
function leftUnsaid(pieces: string[], texts: string[]): boolean {
  const said = texts.map(lettersAndDigitsOf);
  return pieces.some((piece) => !said.some((text) => text.includes(lettersAndDigitsOf(piece))));
}

/** Each is looked for in all of the other body. */
const mostWords = 200;

type ReadOut = Omit<
  Reply,
  | 'below'
  | 'belowDraft'
  | 'unmarked'
  | 'indented'
  | 'hiddenText'
  | 'leavesOut'
  | 'unstyled'
  | 'htmlCut'
  | 'source'
  | 'whole'
>;

/** @param more doubts of its own text, beside those that its reading found */
function readOut(
  { labelled, text, strict, doubts: found }: BodyReading,
  about: About,
  more: string[],
  guessed: boolean,
): ReadOut {
  const doubts = [...new Set([...found, ...more])];
  return {
    text,
    textWithContext: guessed ? text : withContext(labelled, text),
    quoted: guessed || labelled.labels.includes('marker') ? '' : textOf(labelled, quoteLabels),
    strict: guessed ? '' : strict,
    guessed,
    cuts: cutsOf(labelled.labels),
    sure: doubts.length === 0,
    doubt: doubts.join('; '),
    forwarded:
      labelled.forwarded === null
        ? null
        : readForwarded(labelled.lines, labelled.labels, labelled.forwarded, about.subject),
  };
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

/** Hidden text counts only among the writer's own lines. */
function hidesOwnText({ hiddenAt }: RenderedHtml, { labels }: Labelled): boolean {
  const firstCut = firstCutOf(labels);
  // it stands above the line of its index
  return hiddenAt.some((at) => firstCut < 0 || at <= firstCut || labels[at] === 'own');
}

/** True if two texts have the same letters and digits: links, emphasis and line breaks differ between the two bodies. */
function sameWords(a: string, b: string): boolean {
  return a === b || lettersAndDigitsOf(a) === lettersAndDigitsOf(b);
}
