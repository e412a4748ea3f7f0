import type { Line } from './lines.ts';
import { oneSpaced } from '../letters/text.ts';

/** `-- ` (RFC 3676 §4.3), the same with spaces stripped, and rules, which may be something else. */
export function isSignatureDelimiter(line: Line): boolean {
  return (
    /^(?:--|––|__|-{3,80}|_{3,80}|={3,80}|\*{3,80}|~{3,80}|#{3,80})$/u.test(line.bare) ||
    /^-- ?\s*$/u.test(line.body.slice(0, 10))
  );
}

/** A name of persons or firms: capitalised, no sentence. */
const named = /^\p{Lu}[\p{L}'’.]{0,20}(?:[ ,]{1,2}[\p{L}'’.]{1,20}){0,4}$/u;

/** Small words within names: `Carla de Rossi`, `Figli di Marino e Neri`. */
const particles = new Set(
  'di de del della dei degli d da dal dalla dalle lo la le e ed et y und and of the der den von vom van ten zu do dos du'.split(
    ' ',
  ),
);

/**
 * True if a line reads as a name, and not as a request without its verb: "Password di rete scaduta" has a capital, too.
 * @param small how many lower-case words it may have that names do not: `Ufficio tecnico` has one
 */
export function isNamed({ bare }: Line, small: number): boolean {
  if (!named.test(bare)) return false;
  const words = bare.split(/[ ,]+/u).filter((word) => /^\p{Ll}/u.test(word) && !particles.has(word));
  return words.length <= small;
}

const farewell =
  /^(?:(?:con )?(?:i )?(?:nostri |miei )?(?:più )?(?:cordiali|distinti|migliori|sinceri|cari|tanti|affettuosi) saluti|(?:cari |tanti )?saluti(?: cordiali)?|(?:porgo|porgiamo)(?: i)?(?: (?:più )?(?:cordiali|distinti))? saluti|(?:la |vi |ti )?salut(?:o|iamo)(?: cordialmente)?|un (?:caro |cordiale )?saluto(?: cordiale)?(?: a tutti)?|(?:resto |restiamo |rimango |rimaniamo )?a (?:(?:sua|vostra|tua) )?disposizione|cordialmente|distintamente|cordialità|in fede|ossequi|(?:best|kind|kindest|warm|warmest|many)?\s?(?:wishes|regards)|best|sincerely|yours (?:sincerely|faithfully|truly)|mit freundlichen grüßen|freundliche grüße|mfg|viele grüße|(?:bien )?cordialement|bien à vous|saludos(?: cordiales)?|atentamente|un cordial saludo|met vriendelijke groet(?:en)?)[,.!]{0,3}$/iu;
const contact =
  /(?:\btel|telefono|phone|\bcell|mobile|\bfax|\bmob)\b\.?\s?:?\s?[+(\d]|\+\d{2}[\d\s./-]{6,}|\bp\.?\s?iva\b|\bwww\.[\w-]{2,}|\bs\.?r\.?l\b|\bs\.?p\.?a\b|\bvia [\p{L} ]{3,30},? \d|https?:\/\//iu;

const site = /(?:https?:\/\/|\bwww\.)\S{1,500}/giu;

/** True if a line contains what signatures do: a phone number, a site, a firm, an address. */
export function isContact({ bare }: Line): boolean {
  return isContactText(bare);
}

function isContactText(text: string): boolean {
  return contact.test(text);
}

/** A line of a sentence: several words that are no name, a few of them small. Telephones, firms and farewells are none. */
export function isProse(line: Line): boolean {
  // a sentence about a site is one
  const bare = oneSpaced(line.bare.replace(site, ' ')).trim();
  // what is quickly asked first: most lines are no sentence, or too long for a farewell
  const words = bare.split(' ').length;
  if (words < 4 || (words < 6 && !/[.!?:;,]$/u.test(bare)) || /@|\|/u.test(bare)) return false;
  const small = bare.match(/(?<=^|[\s'’(])\p{Ll}[\p{L}’']*/gu)?.length ?? 0;
  return small >= 3 && small * 2 >= words && !isContactText(bare) && !isFarewell(bare);
}

/**
 * Finds a signature without a delimiter in a range of lines: after a closing, a few short lines of which one is a phone
 * number, a site or a firm; or a dash alone on its line.
 * @returns the index of its first line, or `to` if there is none
 */
export function findContactBlock(lines: Line[], from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const line = lines[i];
    if (line === undefined || line.blank) continue;
    if (/^[-–—_*]{1,3}$/u.test(line.bare)) return i;
    if (!farewell.test(line.bare)) continue;
    const below = lines.slice(i + 1, Math.min(to, i + 16)).filter(({ blank }) => !blank);
    if (i + 16 >= to && below.every(({ bare }) => bare.length <= 90) && below.some(isContact)) return i + 1;
  }
  return to;
}

const longestFooter = 12;

const thanks =
  /^(?:(?:molte |tante )?grazie(?: mille| ancora| infinite| di (?:tutto|cuore)| a (?:lei|voi|te|tutti))?|ciao|a (?:presto|domani|dopo|risentirci)|buon[ao]? (?:giornata|lavoro|serata|pomeriggio|weekend|fine settimana|proseguimento)|(?:many )?thanks(?: again| a lot)?|thank you|cheers|bye)$/iu;

/** A farewell as people say it: alone, several in one, a name behind it. */
export function isFarewell(line: string): boolean {
  const [first = '', ...rest] = piecesOf(line);
  return (
    isOneFarewell(first, rest.length === 0) &&
    rest.every((piece, i) => {
      const isLast = i === rest.length - 1;
      return isOneFarewell(piece, isLast) || (isLast && named.test(piece));
    })
  );
}

/** True if one of the words occurs only in closings; thanks and good wishes may open a text, too. */
export function saysFarewell(line: string): boolean {
  return piecesOf(line).some((piece) => farewell.test(unsigned(piece)));
}

function piecesOf(line: string): string[] {
  return line
    .slice(0, longestFarewell)
    .split(/\s?[,.!;/]+\s*|\s+(?:e|ed|and)\s+|\s[-–—]\s/iu)
    .filter((piece) => piece !== '');
}

const longestFarewell = 120;

/** @param signed a name may follow it without a comma: `Saluti Luca` */
function isOneFarewell(piece: string, signed: boolean): boolean {
  const said = signed ? unsigned(piece) : piece;
  return farewell.test(said) || thanks.test(said);
}

/** Without the name at its end. */
function unsigned(piece: string): string {
  const words = piece.split(' ');
  let last = words.length;
  while (last > 1 && words.length - last < 3 && /^\p{Lu}[\p{L}'’.]*$/u.test(words[last - 1] ?? '')) last--;
  const said = words.slice(0, last).join(' ');
  return farewell.test(said) || thanks.test(said) ? said : piece;
}

/**
 * True if the lines down to the end are a footer that a mail server or program appends: a name, then a firm, a number or an
 * address; or the lines after a closing. No sentence and no question.
 */
export function isFooter(lines: Line[], from: number): boolean {
  const filled = lines.slice(from, from + 60).filter(({ blank }) => !blank);
  if (lines.length > from + 60 || filled.length > longestFooter) return false;
  const isGreeted = isFarewell(filled[0]?.bare ?? '');
  const [name, ...more] = isGreeted ? filled.slice(1) : filled;
  if (name === undefined) return isGreeted;
  return (
    named.test(name.bare.replaceAll('*', '')) &&
    filled.every(({ bare }) => bare.length <= 90 && !/\p{Ll}{3,}[.!;]$|[?:]$/u.test(bare)) &&
    (isGreeted || more.some(isContact))
  );
}
