import { findDisclaimer, isBoilerplate, isOfBoilerplate, mayAskToPrintLess } from '../../lines/disclaimer.ts';
import type { Line } from '../../lines/lines.ts';
import { isContact, isFarewell, isNamed } from '../../lines/signature.ts';
import { readTagline } from '../../lines/tagline.ts';
import type { Label } from '../../message/reply.ts';
import { ownStretches } from './line-labels.ts';
import { isMotto } from './motto.ts';
import { isSaid } from './signature.ts';

/**
 * Labels corporate boilerplate at the end of the writer's stretches, with the short lines below it. Other text among it stays
 * its writer's.
 */
export function labelDisclaimers(lines: Line[], labels: Label[], doubts: Set<string>): void {
  if (lines.some((line, i) => labels[i] === 'own' && mayAskToPrintLess(line)))
    doubts.add('a line may be a notice that a firm adds');
  for (const [from, to] of ownStretches(labels)) {
    for (let at = findDisclaimer(lines, from, to); at < to; ) {
      let end = at;
      while (end < to && lines[end]?.blank === false) end++;
      const stays = staying(lines.slice(at, end));
      for (let i = at; i < end; i++) if (!stays.has(i - at)) labels[i] = 'disclaimer';
      if (end < to) labels[end] = stays.size > 0 ? 'own' : 'disclaimer';
      at = end + 1;
    }
  }
}

/** Lines of a paragraph, from the boilerplate on, that are the writer's. */
function staying(paragraph: Line[]): Set<number> {
  const text = paragraph.map(({ bare }) => bare).join(' ');
  if (isBoilerplate(text)) return sentencesApart(paragraph, text);
  return new Set(paragraph.some(saysElse) ? paragraph.keys() : []);
}

/** True if a line below boilerplate is no footer: it has a sentence's words, and none of boilerplate or of a firm. */
function saysElse(line: Line): boolean {
  const { bare } = line;
  if (isOfBoilerplate(bare) || readTagline(line) !== null || ofFirms.test(bare)) return false;
  if (isContact(line) || isFarewell(bare) || /[@|]/u.test(bare) || isNamed(line, 1)) return false;
  if (isSaid(line)) return true;
  const small = bare.match(/(?<![\p{L}\p{N}])\p{Ll}[\p{L}’']*/gu)?.length ?? 0;
  return small >= 2 && bare.split(' ').length >= 3 && !isMotto(bare, 'alone');
}

const ofFirms =
  /(?<!\p{L})(?:società|sede|capitale|registro|iscritt[ao]|c\.?f\.|rea|partita|azienda|certificat[ao]|company|registered|office|vat)(?!\p{L})/iu;

/** The lines on which a sentence stands that has nothing of boilerplate, and speaks to somebody or tells something. */
function sentencesApart(paragraph: Line[], text: string): Set<number> {
  const found = new Set<number>();
  for (const [i, line] of paragraph.entries()) {
    const above = paragraph[i - 1]?.bare;
    if (above !== undefined && !mayBeBroken(above, line.bare) && /^\p{Lu}/u.test(line.bare) && saysElse(line))
      found.add(i);
  }
  let start = 0;
  for (const sentence of text.slice(0, longestRead).split(/(?<=\p{Ll}{2}[.!?]) /u)) {
    const end = start + sentence.length;
    const isApart =
      sentence.split(' ').length >= 3 && !isOfBoilerplate(sentence) && !isMotto(sentence, 'first');
    let at = 0;
    for (const [i, { bare }] of paragraph.entries()) {
      if (isApart && at < end && at + bare.length > start) found.add(i);
      at += bare.length + 1;
    }
    start = end + 1;
  }
  return found;
}

/** True if a program may have wrapped a sentence between two lines, at the usual widths. */
function mayBeBroken(above: string, below: string): boolean {
  const [word = ''] = below.split(' ', 1);
  return above.length <= 80 && above.length + 1 + word.length > 55;
}

const longestRead = 6_000;
