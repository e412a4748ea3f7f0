import { readAttribution } from '../../lines/attribution.ts';
import { cutBanner } from '../../lines/banner.ts';
import { ownHeadEnd } from './elements.ts';
import { liftIndents } from './indent.ts';
import { cutMarker } from './marker.ts';
import { labelDisclaimers } from './disclaimer.ts';
import { labelSignatures } from './signature.ts';
import { type HeaderBlock, isRule, readField, readHeaderBlock } from '../../lines/header-block.ts';
import type { About, ForwardedAt, Labelled, LabelledLines } from './line-labels.ts';
import {
  behindMarker,
  belowMarkerAt,
  isInQuote,
  type Line,
  makeLine,
  nextFilled,
} from '../../lines/lines.ts';
import { findMarker } from '../../letters/marker.ts';
import { subjectSays } from '../../lines/vocabulary.ts';
import { isFooter } from '../../lines/signature.ts';
import type { Label } from '../../message/reply.ts';

/** Labels each line of a mail. Linear: every rule examines a bounded number of lines ahead. */
export function labelLines(given: Line[], about: About): Labelled {
  const lines = [...given];
  const labels: Label[] = lines.map(() => 'own');
  const doubts = new Set<string>();
  const top = cutBanner(lines, 0);
  labels.fill('banner', 0, top);
  const end = cutMarker(lines, labels);
  const indents = liftIndents(lines, top, end, nextFilled(lines));
  if (indents.length > 0) doubts.add('a part of the text is indented as a quote is');
  const forwarded = labelQuotes({ lines, labels }, { from: top, end }, about, doubts);
  labelSignatures(lines, labels, about, doubts);
  labelDisclaimers(lines, labels, doubts);
  const marksOurs = forwarded === null && labelBelowMarker(lines, labels, end, about);
  const at = given.findIndex(({ body }) => findMarker(body) !== null);
  const marker = given[at];
  const isDraft =
    forwarded === null && marker !== undefined && isInDraft(marker, labels.slice(0, end), about);
  if (isDraft) labelBelowDraft(lines, labels, at, about);
  const behind = marker === undefined ? '' : behindMarker(marker);
  const indented = indents.map((i) => (labels[i] === 'own' ? (lines[i]?.body ?? '') : '')).join('\n');
  return {
    lines,
    labels,
    forwarded,
    marksOurs,
    isDraft,
    behindMarker: behind,
    indented,
    isColored: false,
    doubts: [...doubts],
  };
}

/** True if a marker line is that of a button's draft: the mail has no other marker, and nothing above the line is quoted. */
function isInDraft(marker: Line, above: Label[], { namesAnother }: About): boolean {
  return (
    !namesAnother && !isInQuote(marker) && !above.some((label) => isQuote(label) || label === 'attribution')
  );
}

/**
 * Labels the writer's text below the marker line of a button's draft, where some programs put the cursor. It ends at an older
 * mail, or another marker line.
 */
function labelBelowDraft(lines: Line[], labels: Label[], marker: number, about: About): void {
  const start = belowMarkerAt(lines, marker);
  const again = lines.findIndex(({ body }, i) => i >= start && findMarker(body) !== null);
  const tail = lines.slice(start, again === -1 ? lines.length : again);
  const found: Label[] = tail.map((each) => (isInQuote(each) ? 'quote' : 'own'));
  labelUnmarked(tail, found);
  labelSignatures(tail, found, about, new Set());
  labelDisclaimers(tail, found, new Set());
  for (const [i, label] of found.entries())
    if (label === 'own' && tail[i]?.blank === false) labels[start + i] = 'below_marker';
}

/**
 * Labels the text below our marker line. Outside the marks of the quote that contains it, it is its writer's, who answers at
 * the end or line by line: it is shown, and never read as a command. Without marks nobody can tell whose it is.
 * @returns true if there are such marks
 */
function labelBelowMarker(lines: Line[], labels: Label[], end: number, about: About): boolean {
  const marker = lines.findIndex(({ body }, i) => i >= end && findMarker(body) !== null);
  const line = lines[marker];
  if (line === undefined || !isInQuote(line)) return false;
  const isOpen = lines.slice(0, end).some((each, i) => !each.blank && !isInQuote(each) && isQuote(labels[i]));
  const tail = lines.slice(marker + 1);
  if (isOpen || !tail.some((each) => isInQuote(each) && !each.blank)) return false;

  const found: Label[] = tail.map((each) => (isInQuote(each) ? 'quote' : 'own'));
  labelUnmarked(tail, found);
  labelReflowed(tail, found);
  labelWrapped(tail, found, tail.length);
  labelSignatures(tail, found, about, new Set());
  labelDisclaimers(tail, found, new Set());
  const last = found.lastIndexOf('quote') + 1;
  const isBetween = found.some((label, i) => i < last && label === 'own' && tail[i]?.blank === false);
  // with something new above alone, a name and a firm at the very end are what a server appends
  if (!isBetween && labels.includes('own') && isFooter(tail, last)) found.fill('signature', last);
  for (const [i, label] of found.entries())
    if (label === 'own' && tail[i]?.blank === false) labels[marker + 1 + i] = 'below_marker';
  return true;
}

function isQuote(label: Label | undefined): boolean {
  return label === 'quote' || label === 'html_quote' || label === 'header_block';
}

/** Older mails that are quoted below without marks. */
function labelUnmarked(lines: Line[], labels: Label[]): void {
  const next = nextFilled(lines);
  for (let i = 0; i < lines.length; ) {
    const line = lines[i];
    if (line?.role === 'rest') return void labels.fill('quote', i);
    const isOwn = labels[i] === 'own' && line?.blank === false;
    const opening = isOwn ? (readHeaderBlock(lines, i, next) ?? readAttribution(lines, i, next)) : null;
    if (opening === null) {
      if (line?.role === 'attribution') labels[i] = 'quote';
      i++;
      continue;
    }
    labels.fill('quote', i, opening.to);
    i = labelBelow({ lines, labels }, opening.to, lines.length, next);
  }
}

/** A program breaks no shorter line of a quote. */
const shortestBroken = 60;

/**
 * Continuations of quoted lines that a program broke without marking them. Once one is certainly broken, in mid-sentence,
 * every line counts whose first word did not fit the line above.
 */
function labelReflowed(lines: Line[], labels: Label[]): void {
  const above = (i: number): Line | undefined => {
    const line = lines[i - 1];
    const isBroad = labels[i - 1] === 'quote' && (line?.raw.length ?? 0) >= shortestBroken;
    return isBroad && labels[i] === 'own' && lines[i]?.blank === false ? line : undefined;
  };
  let width = 0;
  for (const [i, { bare }] of lines.entries()) {
    const line = above(i);
    if (line !== undefined && /^\p{Ll}/u.test(bare) && !/[.!?:]$/u.test(line.bare))
      width = Math.max(width, line.raw.length);
  }
  if (width === 0) return;
  for (const [i, { bare }] of lines.entries()) {
    const line = above(i);
    const word = bare.split(' ', 1)[0] ?? '';
    if (line !== undefined && line.raw.length + 1 + word.length > width) labels[i] = 'quote';
  }
}

function labelQuotes(
  text: LabelledLines,
  { from, end }: { from: number; end: number },
  about: About,
  doubts: Set<string>,
): ForwardedAt | null {
  const { lines, labels } = text;
  const next = nextFilled(lines);
  let i = from;
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
        i = labelBelow(text, block.to, end, next);
        continue;
      }
    }
    if (line.role !== null && line.role !== 'signature' && line.role !== 'indent') {
      const below =
        line.depth === 0 && lines[i - 1]?.role !== line.role ? ownHeadEnd(lines, i, end, next) : i;
      if (below > i) {
        doubts.add('text of the writer stands where the program marks a quote');
        if (isRule(line.bare)) lines[i] = makeLine('', 0, '', null);
        i = below;
        continue;
      }
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
      i = labelBelow(text, to, end, next);
      continue;
    }
    if (line.depth > 0) labels[i] = 'quote';
    i++;
  }
  labelWrapped(lines, labels, end);
  judgeMarkedLines(text, end, about, doubts);
  return null;
}

/** Headers that mail programs hide: no quoted header shows them, the source of a mail that somebody pastes does. */
const hiddenHeader =
  /^(?:received(?:-spf)?|return-path|delivered-to|dkim-signature|authentication-results|arc-[\w-]{4,40}|message-id|mime-version|content-(?:type|transfer-encoding)|x-[\w-]{2,40}):/iu;

/** True if a header belongs to the source of a mail: it has no divider, and hidden headers stand in it or right beside it. */
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
 * Labels the text below an attribution or a quoted header. A marked quote ends where the marks end; without marks nobody can
 * tell where, and everything below is taken for the quote.
 * @returns the line to continue at
 */
function labelBelow({ lines, labels }: LabelledLines, from: number, end: number, next: number[]): number {
  const at = Math.min(next[from] ?? end, end);
  labels.fill('quote', from, at);
  const line = lines[at];
  if (at >= end || line === undefined) return end;
  if (isInQuote(line)) return at;
  labels.fill('quote', at, end);
  return end;
}

/** True if a forwarded original begins here, rather than the quote of an answer. */
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

/** A few marked lines without an attribution, in a mail that answers nothing, are the writer's own. */
function judgeMarkedLines(
  { lines, labels }: LabelledLines,
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
