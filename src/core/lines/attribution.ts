import { hasEmail, hasTime } from './header-block.ts';
import { isInQuote, type Line, longestMatched } from './lines.ts';
import { attributionOpening, wroteAnywhere, wroteAtEnd, wroteInside, wroteToSomeone } from './vocabulary.ts';

/** Attribution lines, which name the author of the quote below: "Il giorno … ha scritto:". */
export type Attribution = {
  from: number;
  /** the line after its last one */
  to: number;
  /** the writer's text before it on its first line; '' almost always */
  before: string;
  /** its words, on one line */
  words: string;
};

/** Most lines that a program wraps an attribution over. */
const longestWrap = 5;

const numericDate =
  /(?<![\d.])\d{1,4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,4}(?!\.?\d)|\d{4}年|\d{1,2}[- ]\p{L}{3,9}\.?[- ]\d{2,4}/u;
const year = /(?:^|\D)(?:19|20)\d\d(?!\d)/u;
const namedAddress = /[<([«"“][^\s<>()@]{1,64}@[^\s<>()@]{1,190}[>)\]»"”]|@[^\s<>()@]{1,190}>|mailto:/u;
const endsWithColon = /[:：]\s{0,3}>?\s{0,3}$/u;
const addressBeforeVerb = /[>)\]"”»]\s{0,3}[^\s]{0,20}\s?[^\s]{1,20}$|@\S{3,190}\s[\p{L} ]{1,25}$/u;
/** A digit soon after the start, as in "Il giorno lun 4 mar", "pe 20. lokakuuta", "11:00 AM, November 17". */
const earlyDigit = /^[^\d]{0,40}\d/u;

/**
 * The attribution that begins at a line, if one does.
 * @param next from `nextFilled`
 */
export function readAttribution(lines: Line[], start: number, next: number[]): Attribution | null {
  const first = lines[start];
  if (first === undefined || first.blank) return null;
  const opened = readOpened(first, start);
  if (opened !== null || first.bare.length >= longestMatched) return opened;
  return readSharedLine(lines, start, next, first.bare) ?? readFrom(lines, start, next, first.bare);
}

function readFrom(lines: Line[], start: number, next: number[], firstWords: string): Attribution | null {
  const opening = firstWords.replace(/^[-–—_*>\s]{1,20}/u, '');
  const early = earlyDigit.test(opening) || attributionOpening.test(opening);
  const wraps = early || hasEmail(opening) ? longestWrap : 1;
  let words = '';
  let filled = 0;
  let unclosed = false;
  for (let i = start; i < Math.min(lines.length, start + longestWrap + 2) && filled < wraps; i++) {
    const line = lines[i];
    if (line === undefined) break;
    if (line.blank) {
      // one program leaves a blank line before an address in brackets
      if (!unclosed && !/^\s*<\s*$/u.test(lines[i + 1]?.raw ?? '')) break;
      continue;
    }
    // a wrapped `>:` or `> wrote:` only looks like a quote
    if (line.depth > 0 && i > start && !unclosed) break;
    const text = i === start ? opening : unclosed ? line.raw.trim() : line.bare;
    words = words === '' ? text : `${words} ${text}`;
    filled++;
    if (words.length >= longestMatched) break;
    unclosed = count(words, '<') > count(words, '>');
    const quoted = isQuoteNext(lines, i + 1, next);
    const apart = lines[i + 1]?.blank !== false;
    if (!quoted && !hasEmail(words) && (goesOnAbove(lines, start) || isSpeechNext(lines, i + 1, next)))
      continue;
    const alone = apart && lines[start - 1]?.blank === true && filled === 1;
    if (
      (alone && isBareAttribution(words)) ||
      isAttribution(words, { early, quoted, apart, wrapped: i > start })
    ) {
      return opensLater(lines, start, i, next) ? null : { from: start, to: i + 1, before: '', words };
    }
    // a colon ends a line of an attribution only at its very end
    if (endsWithColon.test(line.bare)) return null;
  }
  return null;
}

const address = String.raw`<?[^\s<>@()]{1,64}@[^\s<>@()]{1,190}>?`;
/** `anna@rossi.it ha scritto:`, `Anna Rossi (anna@rossi.it) ha scritto:`, `Quoting Anna Rossi <anna@rossi.it>:`. */
const mailboxWrote = new RegExp(String.raw`^(?:[^<>@():]{2,60} \()?${address}\)? \P{N}{2,30}[:：]$`, 'u');
const quotingMailbox = new RegExp(
  String.raw`^(?:quoting|citando|quotando|scrive|zitat von|citant) [^<>@:]{0,60} ?${address}\s?[:：]$`,
  'iu',
);
/** `24 nov 2026, 10:22 da anna@rossi.it:` */
const momentAndAddress = new RegExp(String.raw`\d \p{L}{2,4} ${address}\s?[:：]$`, 'u');

/** A line of its own that names an address and that it wrote, or when, and nothing else. */
function isBareAttribution(words: string): boolean {
  // each of the patterns ends with a colon behind an address
  if (!/[:：]$/u.test(words) || !words.includes('@')) return false;
  return (
    (mailboxWrote.test(words) && wroteAtEnd.test(words)) ||
    quotingMailbox.test(words) ||
    (momentAndAddress.test(words) && hasDate(words) && hasTime(words))
  );
}

/** Quotation marks: a writer who tells what somebody said, not a program. */
function isSpeechNext(lines: Line[], from: number, next: number[]): boolean {
  return /^["“„«]/u.test(lines[next[from] ?? lines.length]?.bare ?? '');
}

/** In the middle of a writer's paragraph: a small letter, and text right above. */
function goesOnAbove(lines: Line[], start: number): boolean {
  const above = lines[start - 1];
  return above?.blank === false && above.depth === 0 && /^\p{Ll}/u.test(lines[start]?.bare ?? '');
}

const mailboxFirst = /^["“]?\p{Lu}[^<>@]{0,60}<[^\s<>]{1,64}@/u;

/** `Il giorno mar 24 nov`, `On Tue, Nov 24,`, and no more. */
const dayAndMonth =
  /^(?:\S{1,12} ){1,4}(?:\d{1,2}[.°]? (?:de )?\p{L}{3,10}\.?|\p{L}{3,10}\.? \d{1,2}),?(?: de)?$/u;

/** The attribution begins on a later line: the text before it only happens to contain a figure. */
function opensLater(lines: Line[], start: number, last: number, next: number[]): boolean {
  const first = lines[start]?.bare ?? '';
  const opens = attributionOpening.test(first);
  // "Anna <anna@x.it> ha scritto il 24", and the rest of the date
  if (wroteAnywhere.test(first) && namedAddress.test(first)) return false;
  // "Am Montag, den" and then the date, or "Il giorno" alone
  if (opens && /^\S+ \S+(?:,(?: \S{1,4})?)?$/u.test(first)) return false;
  // "Il giorno mar 24 nov", and the year
  const below = (lines[start + 1]?.bare ?? '').replace(/^[-–—_*\s]{1,20}/u, '');
  if (opens && dayAndMonth.test(first) && /^(?:19|20)\d\d(?!\d)/u.test(below)) return false;
  for (let i = start + 1; i <= last; i++) {
    const bare = (lines[i]?.bare ?? '').replace(/^[-–—_*\s]{1,20}/u, '');
    const capital = /^\p{Lu}/u.test(bare) && attributionOpening.test(bare) && earlyDigit.test(bare);
    const moment = /^(?:\S{1,12} ){0,2}\S{0,3}\d/u.test(bare) && hasDate(bare) && hasTime(bare);
    const mailbox = mailboxFirst.test(bare) && !opens && !hasDate(first);
    if ((capital || moment || mailbox) && readFrom(lines, i, next, bare) !== null) return true;
  }
  return false;
}

/** What `wroteInside` ends with. */
const colonInside = /[:：]\s/u;

/** `Il lun 10 mar 2025 alle 15:22, Anna <anna@x.it> ha scritto:   Gentile …`: the quote begins on the line itself (Yahoo). */
function readOpened({ bare, depth }: Line, start: number): Attribution | null {
  if (depth > 0 || !colonInside.test(bare)) return null;
  const found = wroteInside.exec(bare);
  if (found === null) return null;
  const words = bare.slice(0, found.index + found[0].length);
  const certain =
    /^[^\d<]{0,30}\d/u.test(words) && hasDate(words) && hasTime(words) && namedAddress.test(words);
  return certain && !wroteToSomeone.test(words) && !openingInsideAfterText(words)
    ? { from: start, to: start + 1, before: '', words }
    : null;
}

/** Text of the writer stands before the attribution on its line. */
function openingInsideAfterText(words: string): boolean {
  return [...words.matchAll(openingInside)].some(({ index }) => index > 0);
}

function count(text: string, char: string): number {
  let found = 0;
  for (let at = text.indexOf(char); at >= 0; at = text.indexOf(char, at + 1)) found++;
  return found;
}

/** True if a text contains a day: a date in figures or a year. */
export function hasDate(text: string): boolean {
  return numericDate.test(text) || year.test(text);
}

/** The next line that is not blank, at most three lines on, is a quote. */
function isQuoteNext(lines: Line[], from: number, next: number[]): boolean {
  const at = next[from] ?? lines.length;
  const line = lines[at];
  return line !== undefined && at - from <= 3 && isInQuote(line);
}

function isAttribution(
  words: string,
  { early, quoted, apart, wrapped }: { early: boolean; quoted: boolean; apart: boolean; wrapped: boolean },
): boolean {
  const colon = endsWithColon.test(words);
  const verbAtEnd = wroteAtEnd.test(words);
  if (!colon && !verbAtEnd) {
    // 2011/4/7 Anna Rossi <anna@x.it>, and nothing more before the quote
    return (
      quoted && !wrapped && early && numericDate.test(words) && /<[^\s<>]{1,64}@[^\s<>]{1,190}>$/u.test(words)
    );
  }
  const verb = verbAtEnd || wroteAnywhere.test(words);
  const email = hasEmail(words);
  const dated = hasDate(words);
  const timed = hasTime(words);
  if (wroteToSomeone.test(words)) return quoted && email && dated && timed;
  if (verb) {
    if (
      colon &&
      words.length <= 200 &&
      /^[^<>@]{1,80}<[^\s<>]{1,64}@[^\s<>]{1,190}>\s{0,2}[\p{L} ]{2,30}[:：]/u.test(words)
    )
      return true;
    if (!colon && !quoted && !addressBeforeVerb.test(words)) return false;
    if (email && namedAddress.test(words)) return early || quoted || dated;
    if (dated && timed) return quoted || (early && (verbAtEnd || (apart && endsSoonAfterVerb(words))));
    if (email && (dated || timed)) return quoted || verbAtEnd || apart;
    return quoted && colon && verbAtEnd && words.length <= 200;
  }
  if (!colon) return false;
  // without a verb only a program leaves a line free below
  if (email && namedAddress.test(words) && early && (quoted ? timed || dated : timed && apart)) return true;
  if (quoted && email && dated && timed) return true;
  // over several lines, figures and a time may be a writer's own: "3", "Ore 10:30 va bene", "Il collega dice:"
  return quoted && early && dated && (wrapped ? email : timed || email);
}

/** True if only a name and a date follow a verb in the middle, and no sentence: "schreef Anna Bos:". */
function endsSoonAfterVerb(words: string): boolean {
  const verb = wroteAnywhere.exec(words);
  return (
    verb !== null &&
    words
      .slice(verb.index + verb[0].length)
      .trim()
      .split(' ').length <= 5
  );
}

const openingInside =
  /(?:^|\s|-{2,4}\s?)(?=(?:On|Il giorno|Il|Le|Am|El|Em|Op|Den)\s(?:\p{L}{2,10}[.,]{0,2}\s)?\d|(?:On|Il|Le|Am|El)\s\p{L}{2,10},?\s\p{L}{3,10}\.?\s\d)/gu;

/** `ok grazie Il giorno lun 4 mar 2024 … ha scritto:`: a program that joined the reply and what follows it. */
function readSharedLine(lines: Line[], start: number, next: number[], bare: string): Attribution | null {
  // each opening has a figure behind it
  if (lines[start]?.depth !== 0 || !/\d/u.test(bare)) return null;
  let found: Attribution | null = null;
  let tries = 0;
  for (const { 0: gap, index } of bare.matchAll(openingInside)) {
    if (index === 0 || ++tries > 3) continue;
    const attribution = readFrom(lines, start, next, bare.slice(index + gap.length));
    if (attribution === null || !/\d/u.test(attribution.words)) continue;
    found = { ...attribution, before: bare.slice(0, index).replace(/[-\s]{1,10}$/u, '') };
  }
  return found;
}
