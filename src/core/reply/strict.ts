import { hasDate } from '../lines/attribution.ts';
import { findFarewell, isOffice, withoutLastFarewell } from './cut/farewell.ts';
import {
  type HeaderField,
  hasEmail,
  hasTime,
  isRule,
  mayHeadOriginal,
  readDivider,
  readField,
} from '../lines/header-block.ts';
import { firstCutOf, type Labelled, ownStretches } from './cut/line-labels.ts';
import type { Line } from '../lines/lines.ts';
import { isContact, isNamed, isProse } from '../lines/signature.ts';
import { mayBeTagline } from '../lines/tagline.ts';
import { asksForReplyAbove, namesDay, saidAnywhere, wroteAtEnd } from '../lines/vocabulary.ts';
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
  if (lines.some((_, i) => isAnnounced(lines, labels, i)))
    doubts.push('lines that the text announces were cut as a quote');
  const ending = findFarewell(lines, from, end);
  let stop = ending.at;
  if (ending.saysMore) doubts.push('text stands below a farewell');
  if (/^[-–—_*]{1,3}$/u.test(lines[stop]?.bare ?? '') && isFilled(lines, stop + 1, end)) {
    doubts.push('text stands below a line of dashes');
  }
  const signed = signedAt(lines, from, stop);
  if (signed < stop) {
    doubts.push('a name and what stands below it may be a signature');
    stop = signed;
  }
  for (let i = from; i < stop; i++) {
    const found = suspicion(lines[i], i + 1 < stop ? lines[i + 1] : undefined);
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

/** The reason why a line left in looks like the beginning of a quote, or null. */
function suspicion(line: Line | undefined, below: Line | undefined): string | null {
  if (line === undefined || line.blank) return null;
  const { bare } = line;
  if (/^\s{0,8}(?:[>|»│┃▌▏¦]|&gt;)/u.test(line.raw.slice(0, 20)) || initialed.test(bare))
    return 'a line that was left in begins like a quote';
  if (looksLikeHeader(line, below)) return 'a line that was left in looks like the header of a quoted mail';
  if (bare.includes('~~')) return 'a part of the text is struck through';
  if (mayHeadOriginal(bare)) return 'a line that was left in looks like the heading of a quote';
  if (bare.length <= 80 && markerWords.test(bare) && asksForReplyAbove(bare))
    return 'a line that was left in looks like a line above which answers are written';
  if (mayBeTagline(line)) return 'a line may be one that a phone or program adds';
  if (isSignedLine(line)) return 'a line that was left in looks like a signature';
  const dated = hasDate(bare) && hasTime(bare);
  const names = (): boolean => wroteAtEnd.test(bare) || saidAnywhere.test(bare) || namesDay.test(bare);
  const opens = /[:：]$/u.test(bare) && (dated || hasEmail(bare) || names());
  if (opens || isSaidAt(bare) || (dated && (hasEmail(bare) || wroteAtEnd.test(bare)))) {
    return 'a line that was left in looks like the opening of a quote';
  }
  if (readDivider(bare) !== null || (isRule(bare) && bare.length >= 10)) {
    return 'a line that was left in looks like the divider above a quote';
  }
  return null;
}

/** `Anna> `, `AB> `: marks of programs that name the quote's author. */
const initialed = /^\p{Lu}[\p{L}.]{0,20}(?: \p{Lu}[\p{L}.]{0,20}){0,2}> ?\S/u;

/** `[30/11/2026 10:00] Anna Ferri: text`, as a chat is copied; `Da Anna Ferri, 30/11/2026 10:00`. */
function isSaidAt(bare: string): boolean {
  const head = bare.slice(0, 100);
  if (/^\[[^\]]{6,40}\] ?\p{Lu}[^:]{1,40}:/u.test(head)) return hasDate(head) && hasTime(head);
  return (
    bare.length <= 100 && fromWhom.test(bare) && hasDate(bare) && /\d[.:]\d\d(?: ?[ap]m)?\)?$/iu.test(bare)
  );
}

const fromWhom = /^(?:da|from|von|de) \p{Lu}/iu;

const markerWords = /^\P{L}*(?:scriv|sopra|rispond|write|above|reply|please (?:reply|write|type)|type)/iu;

/** True if a marked line that was cut stands right below a line of the writer's that ends with a colon. */
function isAnnounced(lines: Line[], labels: Labelled['labels'], at: number): boolean {
  const line = lines[at];
  return (
    labels[at] === 'quote' &&
    labels[at - 1] === 'own' &&
    (line?.depth ?? 0) > 0 &&
    /\p{L} ?[:：]$/u.test(lines[at - 1]?.bare ?? '')
  );
}

/** `-- Anna Conti` on one line. */
function isSignedLine(line: Line): boolean {
  const name = /^(?:--|––|—)[ ]?(\p{Lu}.*)$/u.exec(line.bare)?.[1];
  return name !== undefined && isNamed({ ...line, bare: name }, 1);
}

/** Signatures without farewell or delimiter are no longer. */
const longestSigned = 8;

/**
 * Start of a name followed by an office, a number or an address down to the end of a text, without a sentence.
 * @returns `to` if there is none
 */
function signedAt(lines: Line[], from: number, to: number): number {
  const filled = Array.from({ length: to - from }, (_, i) => from + i).filter(
    (i) => lines[i]?.blank === false,
  );
  for (const [place, at] of filled.entries()) {
    if (place === 0 || filled.length - place > longestSigned) continue;
    const below = filled.slice(place + 1).flatMap((i) => lines[i] ?? []);
    const name = lines[at];
    if (name === undefined || below.length === 0) continue;
    if (!isNamed(unmarked(name), 0) || name.bare.split(' ').length < 2) continue;
    const isSigned = below.some(
      (line) => isContact(line) || isOffice(line.bare) || isReached.test(line.bare),
    );
    if (
      isSigned &&
      below.every(
        (line) => !isProse(line) && line.bare.length <= 90 && !/\p{Ll}{3,}[.!;]$|[?:]$/u.test(line.bare),
      )
    )
      return at;
  }
  return to;
}

function unmarked(line: Line): Line {
  return { ...line, bare: line.bare.replace(/[*_]/gu, '').trim() };
}

/** A telephone number or an address alone. */
const isReached = /^\+?[\d\s./()-]{6,}$|\S@\S+\.\p{L}{2,}/u;

function looksLikeHeader({ bare }: Line, below: Line | undefined): boolean {
  const field = readField(bare);
  if (field === null) return false;
  if (field.role !== null && field.role !== 'other' && (field.role === 'subject' || says(field))) return true;
  const next = below === undefined ? null : readField(below.bare);
  return next !== null && (says(field) || says(next));
}

/** True if the value of a header is an address or a date. */
function says({ value }: HeaderField): boolean {
  return hasEmail(value) || (hasDate(value) && hasTime(value));
}
