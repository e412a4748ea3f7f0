import { readAttribution } from './attribution.ts';
import { type HeaderBlock, isRule, readField, readHeaderBlock } from './header-block.ts';
import { beforeMarker, type Line, makeLine, nextFilled } from './mail-lines.ts';
import { endsPreview, findMarker, previewOpens } from './marker.ts';
import { findDisclaimer, isContact, isScanNotice, isSignatureDelimiter, readTagline } from './signature.ts';
import { postscript, salutation, subjectSays } from './quote-words.ts';

/** What a line is: the writer's own, or why it was cut. */
export type Label =
  | 'own'
  | 'quote'
  | 'attribution'
  | 'header_block'
  | 'signature'
  | 'tagline'
  | 'marker'
  | 'forwarded'
  | 'disclaimer'
  | 'html_quote'
  | 'below_marker';

/** Where the original of a forwarded mail stands. */
export type ForwardedAt = {
  /** first line of its text */
  from: number;
  /** its quoted header, or the attribution that stands in for one */
  header: HeaderBlock | { words: string };
};

/** The lines of a mail, each with its label. */
export type Labelled = {
  lines: Line[];
  labels: Label[];
  forwarded: ForwardedAt | null;
  /** what speaks against being sure, in English, each once */
  doubts: string[];
};

export type About = { subject: string; isReply: boolean };

/** Says of each line of a mail whose it is. Linear: every rule looks at a bounded number of lines ahead. */
export function labelLines(given: Line[], about: About): Labelled {
  const labelled = labelAll(given, about, false);
  const { lines, labels } = labelled;
  const isNothingNew = lines.every(({ blank }, i) => blank || labels[i] !== 'own');
  return isNothingNew && labels.includes('marker') ? labelAll(given, about, true) : labelled;
}

/** @param opensBelow what stands below a marker line that is quoted is looked at, too */
function labelAll(given: Line[], about: About, opensBelow: boolean): Labelled {
  const lines = [...given];
  const labels: Label[] = lines.map(() => 'own');
  const doubts = new Set<string>();
  const end = cutMarker(lines, labels);
  const below = opensBelow ? openBelowMarker(lines, labels, end) : lines.length;
  const forwarded = labelQuotes(lines, labels, end, about, doubts);
  labelSignatures(lines, labels, about, doubts);
  labelDisclaimers(lines, labels);
  for (let i = below; i < labels.length; i++) {
    if (labels[i] === 'own') labels[i] = lines[i]?.blank === true ? 'marker' : 'below_marker';
  }
  return { lines, labels, forwarded, doubts: [...doubts] };
}

/**
 * Cuts from the first marker line on, and with it the preview text of our mail right above; where the first of it shares a line
 * with text, that text stays. Returns the end of what is left.
 */
function cutMarker(lines: Line[], labels: Label[]): number {
  const at = lines.findIndex(({ body }) => findMarker(body) !== null);
  const marker = lines[at];
  if (marker === undefined) return lines.length;
  const shared = beforeMarker(marker);
  const from = shared === null ? findPreview(lines, at) : at;
  const line = lines[from] ?? marker;
  const own = shared === null && from === at ? '' : beforePreview(shared ?? line.body);
  const start = own.trim() === '' ? from : from + 1;
  if (start > from) lines[from] = makeLine(own, line.depth, own, line.role);
  labels.fill('marker', start);
  return start;
}

const isInQuote = ({ depth, role }: Line): boolean => depth > 0 || role === 'quote';

/** A quoted line that is longer may have been broken by the program that quotes it. */
const broadLine = 60;

/**
 * Where nothing new stands above a mail of ours that is quoted, what stands below the whole quote is its writer's, who answers at
 * the end: it is looked at like any other text, and never read as a command. Returns where it begins.
 */
function openBelowMarker(lines: Line[], labels: Label[], end: number): number {
  const marker = lines.slice(end).find(({ body }) => findMarker(body) !== null);
  if (marker === undefined || !isInQuote(marker)) return lines.length;
  const below = lines.findLastIndex((line) => isInQuote(line) || line.role === 'attribution') + 1;
  if (lines[below]?.blank === false && (lines[below - 1]?.raw.length ?? 0) > broadLine) {
    // no blank line between: the end of a quoted line that was broken
    const next = lines.findIndex(({ blank }, i) => i >= below && blank);
    if (next < 0) return lines.length;
    labels.fill('own', next);
    return next;
  }
  labels.fill('own', below);
  return below;
}

/** A preview text has no more lines, however a program wraps it. */
const longestPreview = 6;

/** Where the preview text right above a marker line begins; the marker line where there is none. */
function findPreview(lines: Line[], marker: number): number {
  let last = marker - 1;
  while (lines[last]?.blank === true) last--;
  if (!endsPreview(lines[last]?.body ?? '')) return marker;
  for (let i = last; i > last - longestPreview && lines[i]?.blank === false; i--) {
    if (lines[i]?.body.includes(previewOpens) === true) return i;
  }
  return last;
}

function beforePreview(text: string): string {
  const opens = text.indexOf(previewOpens);
  if (opens < 0) return endsPreview(text) ? '' : text;
  return text.slice(0, opens).trimEnd();
}

function labelQuotes(
  lines: Line[],
  labels: Label[],
  end: number,
  about: About,
  doubts: Set<string>,
): ForwardedAt | null {
  const next = nextFilled(lines);
  let i = 0;
  while (i < end) {
    const line = lines[i];
    if (line === undefined) break;
    const startsQuote = line.depth > 0 && (lines[i - 1]?.depth ?? 0) === 0;
    const block = line.depth === 0 || startsQuote ? readHeaderBlock(lines, i, next) : null;
    if (block !== null && subjectSays(about.subject) !== 'forward' && isMailSource(lines, block)) {
      doubts.add('the header of a mail was pasted into the text');
      i = block.to;
      continue;
    }
    if (block !== null) {
      if (isForward(block.saysForward, block.fields.length > 0, about)) {
        labels.fill('forwarded', i, end);
        return { from: block.to, header: block };
      }
      if (line.depth === 0) {
        labels.fill('header_block', i, Math.min(block.to, end));
        i = labelBelow(lines, labels, block.to, end, next);
        continue;
      }
    }
    if (line.role === 'rest' || line.role === 'quote' || line.role === 'attribution') {
      const rest = line.role === 'rest';
      const to = rest ? end : i + 1;
      labels.fill(line.role === 'attribution' ? 'attribution' : 'html_quote', i, to);
      i = to;
      continue;
    }
    const attribution = line.depth === 0 || startsQuote ? readAttribution(lines, i, next) : null;
    if (attribution !== null && isForward(false, false, about) && attribution.before === '') {
      labels.fill('forwarded', i, end);
      return { from: attribution.to, header: { words: attribution.words } };
    }
    if (attribution !== null && line.depth > 0) {
      labels.fill('attribution', i, Math.min(attribution.to, end));
      i = attribution.to;
      continue;
    }
    if (attribution !== null) {
      const to = Math.min(attribution.to, end);
      if (attribution.before === '') labels.fill('attribution', i, to);
      else {
        lines[i] = makeLine(attribution.before, 0, attribution.before, line.role);
        labels.fill('attribution', i + 1, to);
      }
      i = labelBelow(lines, labels, to, end, next);
      continue;
    }
    if (line.depth > 0) labels[i] = 'quote';
    i++;
  }
  labelWrapped(lines, labels, end);
  judgeMarkedLines(lines, labels, end, about, doubts);
  return null;
}

/** Headers that mail programs hide: no quoted header shows them, the source of a mail that somebody pastes does. */
const hiddenHeader =
  /^(?:received(?:-spf)?|return-path|delivered-to|dkim-signature|authentication-results|arc-[\w-]{4,40}|message-id|mime-version|content-(?:type|transfer-encoding)|x-[\w-]{2,40}):/iu;

/** Whether a header is part of a mail's source: it has no divider, and hidden headers stand in it or right beside it. */
function isMailSource(lines: Line[], { from, to }: HeaderBlock): boolean {
  if (readField(lines[from]?.bare ?? '') === null) return false;
  const beside = 3;
  for (let i = from - 1; i >= from - beside && lines[i]?.blank === false; i--) {
    if (hiddenHeader.test(lines[i]?.bare ?? '')) return true;
  }
  for (let i = from; i < to + beside && lines[i]?.blank === false; i++) {
    if (hiddenHeader.test(lines[i]?.bare ?? '')) return true;
  }
  return false;
}

/**
 * What follows an attribution or a quoted header: lines with marks end where the marks end; without marks nobody can
 * say where the quote ends, and everything below is taken for it.
 * @returns where to read on
 */
function labelBelow(lines: Line[], labels: Label[], from: number, end: number, next: number[]): number {
  const at = Math.min(next[from] ?? end, end);
  labels.fill('quote', from, at);
  const line = lines[at];
  if (at >= end || line === undefined) return end;
  if (line.depth > 0 || line.role === 'quote') return at;
  labels.fill('quote', at, end);
  return end;
}

/** Whether what begins here is a forwarded original and not the quote of an answer. */
function isForward(says: boolean, hasHeader: boolean, { subject, isReply }: About): boolean {
  if (says) return true;
  const prefix = subjectSays(subject);
  switch (prefix) {
    case 'forward':
      return true;
    case 'reply':
      return false;
    case 'either':
      return !isReply;
    case 'nothing':
      // what answers nothing and brings another mail with its header passes it on
      return hasHeader && !isReply;
    default:
      return prefix satisfies never;
  }
}

const longQuotedLine = 60;

/** The rest of a quoted line that a program wrapped without a mark: right between quoted lines, and cut in mid-sentence. */
function labelWrapped(lines: Line[], labels: Label[], end: number): void {
  for (let i = 1; i + 1 < end; i++) {
    const line = lines[i];
    const above = lines[i - 1];
    const below = lines[i + 1];
    if (line === undefined || above === undefined || below === undefined) continue;
    if (labels[i] !== 'own' || line.blank || above.depth === 0 || below.depth === 0) continue;
    const cutWord = /^[^\s]+$/u.test(line.bare) && isUnclosed(above.bare);
    const goesOn =
      /^\p{Ll}/u.test(line.bare) && above.raw.length >= longQuotedLine && !/[?!:]$/u.test(above.bare);
    const linkOnly = /^[(<]?https?:\/\/\S+[)>]?\s?>?$/u.test(line.bare);
    if (cutWord || goesOn || linkOnly) labels[i] = 'quote';
  }
}

/** A bracket is open at the end. */
function isUnclosed(bare: string): boolean {
  return bare.lastIndexOf('(') > bare.lastIndexOf(')') || bare.lastIndexOf('<') > bare.lastIndexOf('>');
}

/** The most lines that a writer begins with `>` for reasons of their own. */
const fewMarked = 3;

/** A few marked lines, in a mail that answers nothing and without a word whom they quote, are the writer's own. */
function judgeMarkedLines(
  lines: Line[],
  labels: Label[],
  end: number,
  { isReply }: About,
  doubts: Set<string>,
): void {
  const marked = lines
    .slice(0, end)
    .flatMap((line, i) => (labels[i] === 'quote' && line.depth > 0 ? [i] : []));
  const introduced = labels.some(
    (label) => label === 'attribution' || label === 'header_block' || label === 'html_quote',
  );
  if (marked.length === 0 || introduced || isReply) return;
  doubts.add('lines begin with ">" and nothing says whom they quote');
  const own =
    marked.length <= fewMarked && marked.every((i) => lines[i]?.blank === false && lines[i]?.role === null);
  if (own) for (const i of marked) labels[i] = 'own';
}

/** Signatures and taglines, in every stretch of the writer's own lines. */
function labelSignatures(lines: Line[], labels: Label[], { isReply }: About, doubts: Set<string>): void {
  const next = nextFilled(lines);
  const firstQuote = labels.findIndex((label) => label !== 'own');
  for (const [from, to] of ownStretches(labels)) {
    for (let i = from; i < to; i++) {
      const line = lines[i];
      if (line === undefined || line.blank) continue;
      if (line.role === 'signature') {
        labels[i] = 'signature';
        continue;
      }
      if (isSignatureDelimiter(line) && isSignatureBelow(lines, i, to, firstQuote >= 0 && firstQuote < i)) {
        labels.fill('signature', i, to);
        break;
      }
      const tagline = readTagline(line);
      if (tagline === null || (tagline === 'likely' && !standsAlone(lines, i, from, to, next))) continue;
      labelTagline(lines, labels, i, from, to);
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
function labelTagline(lines: Line[], labels: Label[], at: number, from: number, to: number): void {
  labels[at] = 'tagline';
  const line = lines[at];
  const scanned = line !== undefined && isScanNotice(line);
  let end = at + 1;
  while (end < to && lines[end]?.blank === false) {
    const bare = lines[end]?.bare ?? '';
    if (!linkOnly.test(bare) && !(scanned && end - at <= 3)) break;
    labels[end++] = 'tagline';
  }
  for (let i = at - 1; i >= from && at - i <= 2; i--) {
    const bare = lines[i]?.bare ?? '';
    if (bare === '' || !(linkOnly.test(bare) ? scanned : isRule(bare))) break;
    labels[i] = 'tagline';
  }
}

/**
 * Whether what stands below a tagline is the mail answered, which some phones append without any mark: it opens with a
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

/** The longest signature; what is longer is text below a line of dashes. */
const longestSignature = 20;

function isSignatureBelow(lines: Line[], delimiter: number, to: number, belowQuote: boolean): boolean {
  const line = lines[delimiter];
  if (line === undefined) return false;
  // with its space it is the delimiter that only programs write
  if (/^-- $/u.test(line.body)) return true;
  const end = Math.min(to, delimiter + 60);
  const filled = lines.slice(delimiter + 1, end).filter(({ blank }) => !blank);
  if (filled.length > longestSignature || end < to) return false;
  // decoration right below a name belongs to what stands above it
  if (/^[=*~#]/u.test(line.bare) && lines[delimiter - 1]?.blank === false) return false;
  if (line.bare.startsWith('_') && belowQuote) return true;
  if (isRule(line.bare) || line.bare.startsWith('_')) return isNameBelow(filled);
  const [first] = filled;
  if (line.bare.length > 2 && first !== undefined && isSentence(first)) return false;
  if (filled.some(isContact) || findDisclaimer(lines, delimiter + 1, end) < end) return true;
  // two dashes alone may also part one thing that a writer says from the next
  const sentences = filled.filter(({ bare }) => /\p{Ll}{2,}[.!]$/u.test(bare) && bare.split(' ').length > 3);
  const asks = filled.some(({ bare }) => bare.endsWith('?'));
  return !asks && sentences.length < 3 && filled.filter(({ bare }) => bare.length > 120).length < 2;
}

/** Two words at least, not all of them capitalised, and a full stop that is no abbreviation's. */
function isSentence({ bare }: Line): boolean {
  return / \p{Ll}/u.test(bare) && /\p{Ll}{3,}[.!?]$/u.test(bare);
}

/** Below a rule: a name, and a few lines none of which is a sentence; or the footer of a list. */
function isNameBelow(filled: Line[]): boolean {
  const [first] = filled;
  if (first === undefined || filled.length > 8) return false;
  if (filled.some(({ bare }) => bare.length > 80 || isRule(bare))) return false;
  if (/\bmailing list\b/iu.test(first.bare) && filled.length <= 5) return true;
  const sentence = /(?:\p{Ll}{3,}|\d)[.?!;:]$/u;
  const named = /^\p{Lu}[\p{L}'’.]{0,20}(?:[ ,]{1,2}[\p{L}'’.]{1,20}){0,4}$/u.test(first.bare);
  return named && filled.every(({ bare }) => !sentence.test(bare));
}

function standsAlone(lines: Line[], at: number, from: number, to: number, next: number[]): boolean {
  return (at === from || lines[at - 1]?.blank === true) && (next[at + 1] ?? to) >= to;
}

function labelDisclaimers(lines: Line[], labels: Label[]): void {
  for (const [from, to] of ownStretches(labels)) {
    labels.fill('disclaimer', findDisclaimer(lines, from, to), to);
  }
}

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
