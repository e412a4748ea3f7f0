import { isRule } from './header-block.ts';
import { firstCutOf, type About, type Label, ownStretches } from './labels.ts';
import { type Line, nextFilled } from './mail-lines.ts';
import { postscript, salutation } from './quote-words.ts';
import { findDisclaimer, isContact, isProse, isSignatureDelimiter, named } from './signature.ts';
import { isScanNotice, readTagline } from './tagline.ts';

/** Signatures and taglines, in every stretch of the writer's own lines. */
export function labelSignatures(
  lines: Line[],
  labels: Label[],
  { isReply }: About,
  doubts: Set<string>,
): void {
  const next = nextFilled(lines);
  const firstQuote = firstCutOf(labels);
  for (const [from, to] of ownStretches(labels)) {
    for (let i = from; i < to; i++) {
      const line = lines[i];
      if (line === undefined || line.blank) continue;
      if (line.role === 'signature') {
        labels[i] = 'signature';
        continue;
      }
      if (
        isSignatureDelimiter(line) &&
        isSignatureBelow(lines, { from, at: i, to }, firstQuote >= 0 && firstQuote < i)
      ) {
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
    if (bare === '' || !(linkOnly.test(bare) ? scanned : /^[-–—_=*~]{2,}$/u.test(bare) || isRule(bare)))
      break;
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

function isSignatureBelow(
  lines: Line[],
  { from, at, to }: { from: number; at: number; to: number },
  belowQuote: boolean,
): boolean {
  const line = lines[at];
  if (line === undefined) return false;
  const end = Math.min(to, at + 60);
  const filled = lines.slice(at + 1, end).filter(({ blank }) => !blank);
  // with its space it is the delimiter that only programs write
  if (/^-- $/u.test(line.body)) return !isTextBelow(filled, lines.slice(Math.max(from, at - 60), at));
  if (filled.length > longestSignature || end < to) return false;
  // decoration right below a name belongs to what stands above it
  if (/^[=*~#]/u.test(line.bare) && lines[at - 1]?.blank === false) return false;
  if (line.bare.startsWith('_') && belowQuote) return true;
  if (line.bare.length > 2 || line.bare.startsWith('_')) return isNameBelow(filled);
  const [first] = filled;
  if (first !== undefined && isProse(first)) return false;
  if (filled.some(isContact) || findDisclaimer(lines, at + 1, end) < end) return true;
  // two dashes alone may also part one thing that a writer says from the next
  const sentences = filled.filter(({ bare }) => /\p{Ll}{2,}[.!]$/u.test(bare) && bare.split(' ').length > 3);
  const asks = filled.some(({ bare }) => bare.endsWith('?'));
  return !asks && sentences.length < 3 && filled.filter(({ bare }) => bare.length > 120).length < 2;
}

/**
 * Whether what stands in a signature that a program marked is its writer's text: it begins with a sentence, and either asks or
 * says more than a motto does, or nothing above says anything.
 */
function isTextBelow(filled: Line[], above: Line[]): boolean {
  const [first] = filled;
  if (first === undefined || !isProse(first) || readTagline(first) !== null) return false;
  if (!above.some(isProse)) return true;
  const opening = filled.slice(0, filled.findIndex((line) => !isProse(line)) + 1 || filled.length);
  const said = (opening.length === 0 ? [first] : opening).map(({ bare }) => bare).join(' ');
  return (
    said.includes('?') || said.length > longestMotto || (said.match(/\p{Ll}[.!](?:\s|$)/gu) ?? []).length > 1
  );
}

const longestMotto = 140;

/** Below a rule: a name, and a few lines none of which is a sentence; or the footer of a list. */
function isNameBelow(filled: Line[]): boolean {
  const [first] = filled;
  if (first === undefined || filled.length > 12) return false;
  if (filled.some(({ bare }) => bare.length > 100 || isRule(bare))) return false;
  if (/\bmailing list\b/iu.test(first.bare) && filled.length <= 5) return true;
  const sentence = /(?:\p{Ll}{3,}|\d)[.?!;:]$/u;
  return named.test(first.bare) && filled.every((line) => !sentence.test(line.bare) && !isProse(line));
}

function standsAlone(lines: Line[], at: number, from: number, to: number, next: number[]): boolean {
  return (at === from || lines[at - 1]?.blank === true) && (next[at + 1] ?? to) >= to;
}

/** The boilerplate of firms, at the end of such stretches. */
export function labelDisclaimers(lines: Line[], labels: Label[]): void {
  for (const [from, to] of ownStretches(labels)) {
    labels.fill('disclaimer', findDisclaimer(lines, from, to), to);
  }
}
