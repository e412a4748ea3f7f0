import { findDisclaimer, isLegal } from '../../lines/disclaimer.ts';
import { isRule } from '../../lines/header-block.ts';
import { firstCutOf, type About, type LabelledLines, ownStretches } from './line-labels.ts';
import { type Line, nextFilled } from '../../lines/lines.ts';
import { isMotto } from './motto.ts';
import { postscript, salutation } from '../../lines/vocabulary.ts';
import { isContact, isFarewell, isNamed, isProse, isSignatureDelimiter } from '../../lines/signature.ts';
import { isAskedFor, isOfScanNotice, isScanNotice, readTagline } from '../../lines/tagline.ts';
import type { Label } from '../../message/reply.ts';

/** Signatures and taglines, in every stretch of the writer's own lines. */
export function labelSignatures(
  lines: Line[],
  labels: Label[],
  { isReply }: About,
  doubts: Set<string>,
): void {
  const next = nextFilled(lines);
  const firstQuote = firstCutOf(labels);
  const firstSaid = lines.findIndex(
    (line, i) => labels[i] === 'own' && line.role !== 'signature' && isProse(line),
  );
  let saidAbove = false;
  for (const [from, to] of ownStretches(labels)) {
    for (let i = from; i < to; i++) {
      const line = lines[i];
      if (line === undefined || line.blank) continue;
      if (line.role === 'signature') {
        let end = i + 1;
        while (end < to && lines[end]?.role === 'signature') end++;
        const said = textEnd(lines, { at: i, to: findDisclaimer(lines, i, end), firstSaid });
        if (said > i) doubts.add('text of the writer stands where the program marks a signature');
        labels.fill('signature', said, end);
        i = end - 1;
        continue;
      }
      if (
        isSignatureDelimiter(line) &&
        isSignatureBelow(lines, { at: i, to, firstSaid }, firstQuote >= 0 && firstQuote < i)
      ) {
        labels.fill('signature', i, to);
        break;
      }
      const tagline = readTagline(line);
      if (tagline === null) {
        saidAbove ||= saysMore(line);
        continue;
      }
      const isWeak = tagline === 'likely' || isAskedFor(line);
      if (isWeak && !(saidAbove && standsAlone(lines, labels, { at: i, from, to, next }))) {
        doubts.add('a line may be one that a phone or program adds');
        continue;
      }
      labelTagline({ lines, labels }, i, from, to);
      if (tagline === 'likely')
        doubts.add('a line that only looks like one that a phone or program adds was cut');
      const below = next[i + 1] ?? to;
      const lastStretch = isReply && to === lines.length && (next[from] ?? i) < i;
      if (lastStretch && below < to && lines[i + 1]?.blank === true && isLetter(lines, below, to)) {
        doubts.add('text stands below the line that a phone or program adds');
        labels.fill('quote', i + 1, to);
        break;
      }
    }
  }
}

/** A line that is only a link, or the anchor that some programs put below it. */
const linkOnly = /^<?(?:https?:\/\/|#)\S+>?$/u;

/** A tagline, with what its program put around it: the rest of a scanner's notice, bare links, the rule above. */
function labelTagline({ lines, labels }: LabelledLines, at: number, from: number, to: number): void {
  labels[at] = 'tagline';
  const line = lines[at];
  const scanned = line !== undefined && isScanNotice(line);
  let end = at + 1;
  for (let below = lines[end]; end < to && below?.blank === false; below = lines[end]) {
    if (!linkOnly.test(below.bare) && !(scanned && end - at <= 3 && isOfScanNotice(below))) break;
    labels[end++] = 'tagline';
  }
  for (let i = at - 1; i >= from && at - i <= 2; i--) {
    const bare = lines[i]?.bare ?? '';
    if (bare === '' || !(linkOnly.test(bare) ? scanned : /^[-–—_=*~]{2,}$/u.test(bare) || isRule(bare)))
      break;
    labels[i] = 'tagline';
  }
}

/**
 * True if the text below a tagline is the mail answered, which some phones append without any mark: it opens with a
 * salutation, or is a paragraph of its own. A name, a postscript or a sentence there is the writer's.
 */
function isLetter(lines: Line[], from: number, to: number): boolean {
  const filled = lines.slice(from, Math.min(to, from + 60)).filter(({ blank }) => !blank);
  if (filled.some(({ bare }) => postscript.test(bare))) return false;
  if (salutation.test(lines[from]?.bare ?? '')) return true;
  return (
    filled.length >= 3 && filled.slice(0, 3).every(({ bare }) => / \p{Ll}/u.test(bare) && bare.length > 40)
  );
}

/** Longest signature; a longer one is text below a line of dashes. */
const longestSignature = 20;

/** A range of lines from a place on. `firstSaid`: the writer's first sentence in the mail, or -1 if there is none. */
type Below = { at: number; to: number; firstSaid: number };

function isSignatureBelow(lines: Line[], { at, to, firstSaid }: Below, belowQuote: boolean): boolean {
  const line = lines[at];
  if (line === undefined) return false;
  const end = Math.min(to, at + 60);
  const filled = lines.slice(at + 1, end).filter(({ blank }) => !blank);
  const head = filled[0]?.bare ?? '';
  // `PC Service` with its number is a firm
  const isFirm = /^\S+ \p{Lu}/u.test(head) && filled.some(isContact);
  if (tellsTrouble.test(head) && !isFirm) return false;
  // with its space it is the delimiter that only programs write
  if (/^-- $/u.test(line.body))
    return textEnd(lines, { at: at + 1, to: findDisclaimer(lines, at + 1, to), firstSaid }) === at + 1;
  if (filled.length > longestSignature || end < to) return false;
  // decoration right below a name belongs to what stands above it
  if (/^[=*~#]/u.test(line.bare) && lines[at - 1]?.blank === false) return false;
  if (line.bare.startsWith('_') && belowQuote) return true;
  if (line.bare.length > 2 || line.bare.startsWith('_')) return isNameBelow(filled);
  const [first] = filled;
  if (first === undefined) return true;
  if (isProse(first) || filled.some(({ bare }) => bare.endsWith('?'))) return false;
  // two dashes alone may also part one thing that a writer says from the next
  const isFirms = filled.some(isContact) || findDisclaimer(lines, at + 1, end) < end;
  return opensSignature(first, isFirms ? 1 : 0) && (isFirms || !filled.some(isProse));
}

/** Beginnings that no name has: a fault, its urgency, a request for a call. */
const tellsTrouble =
  /^(?:urgen(?:te|tissimo|za|t)|dringend|errore|error|fehler|erreur|guasto|server|stampante|printer|drucker|scanner|monitor|schermo|computer|pc|rete|internet|wi-?fi|toner|codice|chiamat(?:emi|eci)|chiamami|chiamare|richiamat(?:emi|eci)|richiamami|call me|call us|rückruf|aiuto|help)(?![\p{L}\p{N}@.-])/iu;

/** True if signatures open with such a line. */
function opensSignature(line: Line, small: number): boolean {
  return (
    isNamed(line, small) ||
    isContact(line) ||
    isFarewell(line.bare) ||
    readTagline(line) !== null ||
    line.bare.includes('@') ||
    !/\p{Ll}/u.test(line.bare)
  );
}

/**
 * Finds the end of the writer's text in a signature that a program marked: the text begins with a sentence, and says more than
 * a motto or follows no other text; or a sentence that certainly addresses somebody stands below a name.
 * @returns the line below it; `at` if there is none
 */
function textEnd(lines: Line[], below: Below): number {
  const end = firstTextEnd(lines, below);
  if (end > below.at) return end;
  const said = lines
    .slice(below.at, Math.min(below.to, below.at + longestSignature))
    .findLastIndex((line) => isSaid(line));
  return below.at + said + 1;
}

/** True if a line deep in a signature addresses somebody: as a sentence, or as one without its full stop. */
export function isSaid(line: Line): boolean {
  if (line.blank || readTagline(line) !== null) return false;
  if (isProse(line)) return !isMotto(line.bare, 'below');
  const words = line.bare.split(' ');
  const isLine = words.length >= 3 && words.slice(1).some((word) => /^\p{Ll}/u.test(word));
  return isLine && !isContact(line) && !/[@|]/u.test(line.bare) && !isMotto(line.bare, 'line');
}

/** The same, for its first line. */
function firstTextEnd(lines: Line[], { at, to, firstSaid }: Below): number {
  let first = at;
  while (first < to && !opensText(lines[first])) first++;
  const line = lines[first];
  if (first >= to || line === undefined || readTagline(line) !== null) return at;
  const isAlone = firstSaid < 0 || firstSaid >= at;
  if (!isProse(line) && !(isAlone && endsSentence(line))) return at;

  let end = first + 1;
  for (let i = end; i < to && i < first + longestSignature; i++) {
    const next = lines[i];
    if (next === undefined || isSignatureDelimiter(next)) break;
    if (next.blank) continue;
    if (!isProse(next) && !endsSentence(next)) break;
    end = i + 1;
  }
  const said = lines
    .slice(first, end)
    .flatMap(({ bare }) => (bare === '' ? [] : [bare]))
    .join(' ');
  if (isLegal(said)) return at;
  const sentences = said.match(/\p{Ll}[.!](?:\s|$)/gu)?.length ?? 0;
  const isShort = sentences <= 1 && said.length <= longestMotto;
  const above = lines.slice(Math.max(0, at - longestSignature), at);
  const more = above.filter((each) => !each.blank && !isSignatureDelimiter(each));
  if (isAlone && more.length === 0) return end;
  // one line above may be no more than an order
  const isOnly = isAlone && more.length === 1 && !more.some(endsSentence);
  return isShort && isMotto(said, isOnly ? 'alone' : 'first') ? at : end;
}

function opensText(line: Line | undefined): boolean {
  return (
    line !== undefined &&
    !line.blank &&
    !isSignatureDelimiter(line) &&
    !/^\S+ ?,$/u.test(line.bare) &&
    !(salutation.test(line.bare) && line.bare.length < 40 && !isProse(line))
  );
}

/** `Fatto.`, in the place of a name or number. */
function endsSentence(line: Line): boolean {
  return /\p{Ll}{3,}[.!?]$/u.test(line.bare) && !isContact(line) && !isFarewell(line.bare);
}

const longestMotto = 140;

/** Below a rule: a name, and a few lines none of which is a sentence; or the footer of a list. */
function isNameBelow(filled: Line[]): boolean {
  const [first] = filled;
  if (first === undefined || filled.length > 12) return false;
  if (filled.some(({ bare }) => bare.length > 100 || isRule(bare))) return false;
  if (/\bmailing list\b/iu.test(first.bare) && filled.length <= 5) return true;
  const sentence = /(?:\p{Ll}{3,}|\d)[.?!;:]$/u;
  const isOne = isNamed(first, filled.some(isContact) ? 1 : 0);
  return isOne && filled.every((line) => !sentence.test(line.bare) && !isProse(line));
}

/** True if a line stands by itself at the end of a range, or below what a program adds. */
function standsAlone(
  lines: Line[],
  labels: Label[],
  { at, from, to, next }: { at: number; from: number; to: number; next: number[] },
): boolean {
  const above = lines[at - 1];
  const isParted =
    at === from || above?.blank === true || labels[at - 1] === 'tagline' || isRule(above?.bare ?? '');
  return isParted && (next[at + 1] ?? to) >= to;
}

/** True if a line says more than a salutation. */
function saysMore({ bare }: Line): boolean {
  return (
    /[\p{L}\p{N}]/u.test(bare) &&
    !((bare.endsWith(',') || salutation.test(bare)) && bare.split(' ').length <= 4)
  );
}
