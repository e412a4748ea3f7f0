import type { Line } from './lines.ts';
import {
  asksForReplyAbove,
  type HeaderRole,
  headerLabels,
  speaksOfForward,
  speaksOfOriginal,
  wroteAtEnd,
} from './vocabulary.ts';
import { oneSpaced } from '../letters/text.ts';

/** A `Label: value` line of a quoted header. `role` is null if the label is in no language we know. */
export type HeaderField = { role: HeaderRole | null; value: string };

/** A quoted header: the lines that begin a quoted or forwarded original. */
export type HeaderBlock = {
  /** the first line: a divider, a rule, or the first label */
  from: number;
  /** the line after its last one */
  to: number;
  fields: HeaderField[];
  /** it says itself that what follows was forwarded */
  saysForward: boolean;
};

const labelLine = /^[*_]{0,3}([\p{L}][\p{L}\p{M}.'’()/ -]{0,28}?)\s?[*_]{0,3}\s?[:：]\s?[*_]{0,3}\s?(.*)$/u;

/** The label line a line is, if its form allows. Polish Yahoo forgets a colon before an address: not read. */
export function readField(bare: string): HeaderField | null {
  // the colon of a label stands early: most lines need no more than this
  const colon = bare.slice(0, 48).search(/[:：]/u);
  if (colon < 1) return null;
  const found = labelLine.exec(bare);
  if (found === null) return null;
  const [, label = '', value = ''] = found;
  const role = headerLabels.get(normaliseLabel(label)) ?? null;
  // URLs, times and sentences are no labels
  if (role === null && (value.startsWith('//') || label.split(' ').length > 3)) return null;
  return { role, value: value.replace(/[*_]{1,3}$/u, '').trim() };
}

/** True if a line belongs to a quoted header, or is the divider above it. */
export function isFieldLine(line: string): boolean {
  const bare = line.trim();
  const role = readField(bare)?.role ?? null;
  return (role !== null && role !== 'other') || readDivider(bare) !== null || isRule(bare);
}

function normaliseLabel(label: string): string {
  return oneSpaced(label.toLowerCase().normalize('NFC')).trim();
}

const rule = /^(?:[_=*–—-]\s?){4,}$/u;

/** A line of nothing but dashes, underscores or the like. */
export function isRule(bare: string): boolean {
  return bare.length >= 4 && '_=*–—-'.includes(bare.charAt(0)) && rule.test(bare.slice(0, 200));
}

/** `-----Messaggio originale-----`: the text between the dashes, and the one after them on the same line. */
export function readDivider(bare: string): { words: string; after: string } | null {
  if (bare.length > 590) return null;
  const found =
    /^[-–—_=*#]{2,}\s{0,3}([^-–—_=*#<>][^_=*#]{1,90}?)\s{0,3}[-–—_=*#]{2,}(?:\s{0,80}(\S.*))?$/u.exec(bare);
  if (found === null) return null;
  const [, words = '', after = ''] = found;
  return { words: words.trim(), after: after.replace(/^[-–—_=*#\s]{1,60}/u, '').trim() };
}

/** A day in figures or with its year, and a time. */
function hasDateAndTime(value: string): boolean {
  return hasTime(value) && /(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2}/u.test(value);
}

/** Begun once at each `@`: begun at every letter it would take seconds for a long text without any. */
const email = /[^\s<>"'()[\],;:@]@[^\s<>"'()[\],;:@]{1,190}\.[\p{L}\d-]{2,}/u;
const time = /\d{1,2}\s?[:.h]\s?\d{2}/u;

export function hasEmail(text: string): boolean {
  return text.includes('@') && email.test(text);
}

export function hasTime(text: string): boolean {
  return time.test(text);
}

/** Most lines in a quoted header, folded values included. */
const longestBlock = 30;
/** Most lines that one value is folded over. */
const longestFold = 3;

/** Reads label lines from `start` on, at one quote depth, over folded values and single blank lines between labels. */
function readFields(lines: Line[], start: number): { fields: HeaderField[]; to: number } {
  const depth = lines[start]?.depth ?? 0;
  const fields: HeaderField[] = [];
  let to = start;
  let folded: string[] = [];
  let blanks = 0;
  for (let i = start; i < Math.min(lines.length, start + longestBlock); i++) {
    const line = lines[i];
    if (line === undefined || (line.depth !== depth && !isFoldedAddress(line))) break;
    if (line.blank) {
      if (++blanks > 1) break;
      continue;
    }
    const field = readField(line.bare);
    const known =
      field !== null && (field.role !== null || (blanks === 0 && fields.length < 6 && !isComplete(fields)));
    if (isRule(line.bare) || (field !== null && repeats(fields, field))) break;
    if (known && !(blanks > 0 && isComplete(fields))) {
      const last = fields.at(-1);
      if (last !== undefined && folded.length > 0) last.value = [last.value, ...folded].join(' ').trim();
      fields.push(field);
      folded = [];
      blanks = 0;
      to = i + 1;
      continue;
    }
    if (fields.length === 0 || blanks > 0 || folded.length >= longestFold || isComplete(fields)) break;
    folded.push(line.bare);
  }
  // addresses of the last list, folded
  while (to < lines.length && isFoldedAddress(lines[to])) to++;
  return { fields: splitInline(fields), to };
}

/** A second sender, date or subject: what was read so far is not the header's, or it is at its end. */
function repeats(fields: HeaderField[], { role }: HeaderField): boolean {
  const once = role === 'from' || role === 'subject' || role === 'sent' || role === 'date';
  return once && fields.some((field) => field.role === role);
}

/** Nothing more is to come after a subject that follows sender, date and recipient. */
function isComplete(fields: HeaderField[]): boolean {
  const found = new Set(fields.map(({ role }) => role));
  const dated = found.has('date') || found.has('sent');
  return found.has('from') && dated && found.has('subject') && found.has('to');
}

function isFoldedAddress(line: Line | undefined): boolean {
  return (
    line !== undefined &&
    /^>?\s{0,8}<[^\s<>]{1,250}>[,;]?$/u.test(line.raw.slice(0, 300).trim()) &&
    hasEmail(line.raw.slice(0, 300))
  );
}

/** `À : anna@x.fr Objet : Bonjour`: a program that puts two headers on a line. */
function splitInline(fields: HeaderField[]): HeaderField[] {
  if (fields.some(({ role }) => role === 'subject')) return fields;
  return fields.flatMap((field) => {
    const inner = inlineFields(field.value);
    const first = inner[0];
    if (first === undefined) return [field];
    return [
      { ...field, value: field.value.slice(0, first.at).trim() },
      ...inner.map(({ role, value }) => ({ role, value })),
    ];
  });
}

type InlineField = HeaderField & { at: number };

/** Headers glued together on one line (Yahoo): known labels with a capital, each before a colon. */
function inlineFields(text: string): InlineField[] {
  const found: { role: HeaderRole; at: number; end: number }[] = [];
  for (const { 0: match, index } of text.slice(0, 2_000).matchAll(/\s?[:：]/gu)) {
    const label = labelBefore(text, index);
    if (label !== null) found.push({ ...label, end: index + match.length });
  }
  return found.map(({ role, at, end }, i) => ({
    role,
    at,
    value: text.slice(end, found[i + 1]?.at ?? text.length).trim(),
  }));
}

/** The longest known label that ends at `end` and begins with a capital letter. */
function labelBefore(text: string, end: number): { role: HeaderRole; at: number } | null {
  for (let at = Math.max(0, end - 22); at < end; at++) {
    const label = text.slice(at, end);
    if (!/^\p{Lu}/u.test(label) && !/^[\p{Lo}]/u.test(label)) continue;
    const role = headerLabels.get(normaliseLabel(label));
    if (role !== undefined) return { role, at };
  }
  return null;
}

/** True if fields are a mail's header rather than a form or a list: a sender and a date, with an address or a time. */
function isHeader(fields: HeaderField[], announced: boolean): boolean {
  const of = (role: HeaderRole) => fields.filter((field) => field.role === role).map(({ value }) => value);
  const found = new Set(fields.map(({ role }) => role).filter((role) => role !== null));
  const addressed = ['from', 'to', 'cc'].some((role) =>
    fields.some((field) => field.role === role && hasEmail(field.value)),
  );
  if (announced && found.has('from') && (found.size >= 2 || addressed)) return true;
  if (announced && found.size >= 3) return true;
  const dated = [...of('date'), ...of('sent')].some((value) => /\d/u.test(value));
  if (found.has('from') && dated && addressed) return true;
  if (dated && found.has('to') && addressed) return true;
  // without any address only what programs call "Sent" tells it from a form with a place and a time
  const timed = of('sent').some((value) => hasTime(value) && /\d{1,4}\D+\d/u.test(value));
  if (found.has('from') && found.size >= 3 && timed) return true;
  return isForeignHeader(fields, announced);
}

/** Sender, moment, recipient and subject in this order, without any address: Foxmail's. A form asks in another order. */
function isNamesOnly(fields: HeaderField[]): boolean {
  const [sender, moment, recipient, ...more] = fields.filter(({ role }) => role !== 'other');
  return (
    sender?.role === 'from' &&
    (moment?.role === 'date' || moment?.role === 'sent') &&
    hasDateAndTime(moment.value) &&
    recipient?.role === 'to' &&
    more.some(({ role }) => role === 'subject')
  );
}

/** A header in a language we have no words of: three labels at least, an address with its name, a date with its time. */
function isForeignHeader(fields: HeaderField[], announced: boolean): boolean {
  if (fields.length < 3) return false;
  const named = fields.some(
    ({ value }) => /\S\s?<[^<>\s]{1,64}@[^<>\s]{1,190}>/u.test(value) || /\[mailto:/u.test(value),
  );
  const dated = fields.some(({ value }) => hasDateAndTime(value));
  return dated && (named || (announced && fields.some(({ value }) => hasEmail(value))));
}

/** `Messaggio originale`, where the dashes around it are lost. */
const originalHeading = /^\p{Lu}[\p{L}'’]{3,20}(?: [\p{L}'’]{3,20}){1,2}:?$/u;

/**
 * Dated headings above a quoted header: Lotus Notes (`Anna Rossi ---24/11/2026 10:22:31---Gentile Cliente, …`), Orange
 * (`Message du 24/11/26 10:22`).
 */
const datedHeading =
  /^Message du \d{1,2}\/\d{1,2}\/\d{2,4} \d{1,2}:\d{2}$|^\S[^\d]{0,80}-{3}\d{1,4}[./-]\d{1,2}[./-]\d{1,4} \d{1,2}[.:]\d{2}.{0,12}-{3}/u;

/** The same with nothing below that reads as a header: where a quote may begin. */
export function mayHeadOriginal(bare: string): boolean {
  const isHeading = originalHeading.test(bare) && speaksOfOriginal(bare) && ofMail.test(bare);
  return isHeading || datedHeading.test(bare) || /\S ?-{3}\d{1,4}[./-]\d{1,2}[./-]\d{1,4} /u.test(bare);
}

const ofMail = /messag|mail|posta|risposta|nachricht|correo|mensa|courriel|bericht|testo/iu;

const announcement = /^[\p{L}][\p{L}\p{M} '’/,-]{3,58}\s?[:：]$/u;

/**
 * The quoted header that begins at a line, if one does: a divider (`-----Messaggio originale-----`), a rule or a
 * heading before it belong to it.
 * @param next from `nextFilled`
 */
export function readHeaderBlock(lines: Line[], start: number, next: number[]): HeaderBlock | null {
  const line = lines[start];
  if (line === undefined || line.blank) return null;
  const { bare } = line;
  const divider = readDivider(bare);
  if (divider !== null) return readDivided(lines, start, next, divider);
  if (isRule(bare)) return readAnnounced(lines, start, next, false);
  if (announcement.test(bare) && speaksOfForward(bare)) return readAnnounced(lines, start, next, true);
  if ((originalHeading.test(bare) && speaksOfOriginal(bare)) || datedHeading.test(bare)) {
    const block = readAnnounced(lines, start, next, false);
    if (block !== null) return block;
  }
  if (readField(bare) === null) return readUnpunctuated(lines, start) ?? readStacked(lines, start, next);
  const inline = inlineFields(bare).map(({ role, value }) => ({ role, value }));
  if (inline.length >= 3 && inline[0]?.role === 'from' && isHeader(inline, false)) {
    return { from: start, to: start + 1, fields: inline, saysForward: false };
  }
  const { fields, to } = readFields(lines, start);
  // the first line must be one of the header's own, lest prose above it be taken along
  if (fields[0]?.role === null && fields.some(({ role }) => role !== null)) return null;
  const header = isHeader(fields, false) || (lines[start - 1]?.blank === true && isNamesOnly(fields));
  if (!header || opensBelow(lines, start, to, next)) return null;
  return { from: start, to, fields, saysForward: false };
}

/** A header that begins with its sender stands below the first line, apart from it: that line is the writer's. */
function opensBelow(lines: Line[], start: number, to: number, next: number[]): boolean {
  const first = readField(lines[start]?.bare ?? '');
  if (first === null || first.role === 'from') return false;
  // right above it, at the head of a paragraph, some programs put the recipient first
  const startsThere = lines[start - 1]?.blank !== false && lines[start + 1]?.blank === false;
  const listed = (first.role === 'to' || first.role === 'cc') && !startsThere;
  const dated = first.role === 'date' || first.role === 'sent';
  const empty = (listed && !hasEmail(first.value)) || (dated && !/\d/u.test(first.value));
  for (let i = start + 1; i < to; i++) {
    if (!empty && lines[i]?.blank !== true) continue;
    const at = next[i] ?? to;
    if (readField(lines[at]?.bare ?? '')?.role !== 'from') continue;
    if (isHeader(readFields(lines, at).fields, false)) return true;
  }
  return false;
}

function readAnnounced(
  lines: Line[],
  start: number,
  next: number[],
  saysForward: boolean,
): HeaderBlock | null {
  let at = next[start + 1] ?? lines.length;
  // a rule may be followed by a divider of its own
  const divider = readDivider(lines[at]?.bare ?? '');
  if (divider !== null && !saysForward && at - start <= 3) {
    const block = readDivided(lines, at, next, divider);
    return block === null ? null : { ...block, from: start };
  }
  if (isRule(lines[at]?.bare ?? '')) at = next[at + 1] ?? lines.length;
  if (at >= lines.length || at - start > 4) return null;
  const { fields, to } = readFields(lines, at);
  if (fields[0]?.role === null && fields.some(({ role }) => role !== null)) return null;
  return isHeader(fields, true) ? { from: start, to, fields, saysForward } : null;
}

function readDivided(
  lines: Line[],
  start: number,
  next: number[],
  { words, after }: { words: string; after: string },
): HeaderBlock | null {
  const saysForward = speaksOfForward(words);
  const inline = inlineFields(after).map(({ role, value }) => ({ role, value }));
  if (inline.length >= 2 && isHeader(inline, true)) {
    return { from: start, to: start + 1, fields: inline, saysForward };
  }
  const at = next[start + 1] ?? lines.length;
  if (at < lines.length && at - start <= 4) {
    const { fields, to } = readFields(lines, at);
    const ours = !(fields[0]?.role === null && fields.some(({ role }) => role !== null));
    if (ours && isHeader(fields, true)) return { from: start, to, fields, saysForward };
  }
  if (after !== '') return null;
  if (saysForward || speaksOfOriginal(words) || asksForReplyAbove(words) || wroteAtEnd.test(words)) {
    return { from: start, to: start + 1, fields: [], saysForward };
  }
  return null;
}

/** A header laid out as a table, which has lost its colons on the way to text: `Da "Anna" anna@x.it`. */
function readUnpunctuated(lines: Line[], start: number): HeaderBlock | null {
  const fields: HeaderField[] = [];
  let to = start;
  while (to < Math.min(lines.length, start + 8)) {
    const bare = lines[to]?.bare ?? '';
    const [label = ''] = bare.split(' ', 1);
    const role = /^\p{Lu}/u.test(label) ? headerLabels.get(normaliseLabel(label)) : undefined;
    if (role === undefined) break;
    fields.push({ role, value: bare.split(' ', 60).slice(1).join(' ') });
    to++;
  }
  if (fields.length < 4 || fields[0]?.role !== 'from' || !hasEmail(fields[0].value)) return null;
  return isHeader(fields, false) ? { from: start, to, fields, saysForward: false } : null;
}

/** Most lines in a stacked header. */
const longestStack = 16;

/** Lotus Notes' header, with labels on lines of their own above the values: sender, date, then `Per`, `CC`, `Oggetto`. */
function readStacked(lines: Line[], start: number, next: number[]): HeaderBlock | null {
  const sender = lines[start]?.bare ?? '';
  const moment = lines[next[start + 1] ?? lines.length];
  if (!hasEmail(sender) || sender.length > 150 || moment === undefined) return null;
  if (!hasDateAndTime(moment.bare) || moment.bare.length > 60) return null;
  const fields: HeaderField[] = [
    { role: 'from', value: sender },
    { role: 'sent', value: moment.bare },
  ];
  let at = next[(next[start + 1] ?? lines.length) + 1] ?? lines.length;
  let to = at;
  while (at < lines.length && at - start < longestStack) {
    const role = headerLabels.get(normaliseLabel(lines[at]?.bare ?? ''));
    if (role === undefined) break;
    const below = lines[at + 1];
    const value = below === undefined || below.blank ? '' : below.bare;
    fields.push({ role, value });
    to = Math.min(lines.length, value === '' ? at + 1 : at + 2);
    at = next[to] ?? lines.length;
  }
  return fields.length >= 4 ? { from: start, to, fields, saysForward: false } : null;
}
