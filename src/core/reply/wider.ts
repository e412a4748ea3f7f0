import type { About } from './cut/line-labels.ts';
import { type Line, makeLine } from '../lines/lines.ts';
import { findMarker } from '../letters/marker.ts';
import { salutation } from '../lines/vocabulary.ts';
import { type BodyReading, read } from './read.ts';
import { unintroducedText } from './text.ts';
import type { Label } from '../message/reply.ts';
import { tidy } from '../letters/text.ts';

/**
 * No word that a person wrote is lost silently: if one reading of a mail leaves nothing, the next wider one is used, and is
 * always doubtful. Programs let their users write inside what they mark as a quote or a signature, and below copies without
 * marks.
 */
export type Wider = {
  found: BodyReading;
  source: 'text' | 'html';
  doubt: string;
  /** nothing told it as new; it is what the mail quotes, or all of it, and commands nothing */
  guessed: boolean;
};

/** Bodies of a mail read so far. */
export type Bodies = { plain: BodyReading | null; rich: BodyReading | null; about: About };

/** Labels of lines cut for their content: nobody's own words. */
const machines: readonly Label[] = ['own', 'banner', 'tagline'];

/**
 * The next wider reading of a mail of which nothing is left.
 * @param found what was read of it, of one of the bodies
 * @returns null where something is left, or no word was cut
 */
export function readWider(
  found: BodyReading,
  source: 'text' | 'html',
  { plain, rich, about }: Bodies,
): Wider | null {
  if (!saysNothing(found)) return null;
  if (!cutsWords(found)) return readLoneBanner(found, source);
  const html = rich === null ? [] : withoutRoles(rich.labelled.lines);
  if (rich !== null && rich.labelled.lines.some(({ role }) => role !== null)) {
    const loose = read(html, about);
    if (!saysNothing(loose)) {
      const doubt = 'all of its text stands where its program marks a quote or a signature';
      return { found: loose, source: 'html', doubt, guessed: false };
    }
  }
  const doubt = 'nothing in it can be told from what it quotes';
  if (source === 'html' && plain !== null && !saysNothing(plain))
    return { found: plain, source: 'text', doubt, guessed: true };
  const lines = source === 'html' ? html : found.labelled.lines;
  const bare = unquoted(lines);
  const inside = bare === null ? null : read(bare, about);
  if (inside !== null && !saysNothing(inside)) return { found: inside, source, doubt, guessed: true };
  const text = wholeOf(found);
  return text === ''
    ? null
    : { found: { ...found, text, strict: '', below: '' }, source, doubt, guessed: true };
}

/** A short line that is all of a mail and reads like a server's: people say `Messaggio esterno!`, too. */
function readLoneBanner(found: BodyReading, source: 'text' | 'html'): Wider | null {
  const { lines, labels } = found.labelled;
  const [first, ...more] = Array.from(lines.keys()).filter((i) => lines[i]?.blank === false);
  const line = first === undefined || more.length > 0 ? undefined : lines[first];
  if (first === undefined || line === undefined || labels[first] !== 'banner') return null;
  if (line.bare.length > longestLone || /^[[({*<]/u.test(line.bare)) return null;
  const doubt = 'all of it reads like what a mail server adds';
  return { found: { ...found, text: line.raw.trim(), strict: '', below: '' }, source, doubt, guessed: true };
}

const longestLone = 60;

/** True if nothing new is left; or only a salutation, above a quote without a visible end or an attribution. */
function saysNothing({ text, below, labelled }: BodyReading): boolean {
  if (below !== '' || labelled.forwarded !== null) return false;
  if (/^[\s=*~#|>_\p{Pd}]*$/u.test(text)) return true;
  if (!isSalutation(text)) return false;
  const isUnmarked = labelled.lines.some(
    ({ blank, depth }, i) => !blank && depth === 0 && isQuoted(labelled.labels[i]),
  );
  return isUnmarked || unintroducedText(labelled) !== '';
}

function isQuoted(label: Label | undefined): boolean {
  return label === 'quote' || label === 'html_quote' || label === 'marker';
}

const mostGreeted = 6;

function isSalutation(text: string): boolean {
  const said = text.trim();
  return (
    said.endsWith(',') &&
    !/[\n?]/u.test(said) &&
    salutation.test(said) &&
    said.split(/\s+/u).length <= mostGreeted
  );
}

function cutsWords({ labelled: { lines, labels } }: BodyReading): boolean {
  return lines.some((line, i) => {
    const label = labels[i];
    return label !== undefined && !machines.includes(label) && isSaid(line);
  });
}

function isSaid({ bare, body }: Line): boolean {
  return /[\p{L}\p{N}]/u.test(bare) && findMarker(body) === null;
}

function withoutRoles(lines: Line[]): Line[] {
  return lines.map((line) => (line.role === null ? line : { ...line, role: null }));
}

/** The lines one quote level less deep if all of them are quoted, or null if some are not. */
function unquoted(lines: Line[]): Line[] | null {
  const filled = lines.filter(({ blank }) => !blank);
  if (filled.length === 0 || filled.some(({ depth }) => depth === 0)) return null;
  return lines.map((line) =>
    line.depth <= 1
      ? makeLine(line.body, 0, line.body, null)
      : makeLine(`${'>'.repeat(line.depth - 1)} ${line.body}`, line.depth - 1, line.body, null),
  );
}

/** A whole body without the lines that servers and programs add. */
function wholeOf({ labelled: { lines, labels } }: BodyReading): string {
  return tidy(
    lines.map((line, i) => {
      const label = labels[i];
      const isShown = label === 'own' || (label !== undefined && !machines.includes(label));
      return isShown && findMarker(line.body) === null ? line.raw.trimEnd() : '';
    }),
  ).trim();
}
