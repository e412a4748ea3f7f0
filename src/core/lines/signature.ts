import { isRule } from './header-block.ts';
import type { Line } from './lines.ts';

/** `-- ` (RFC 3676 §4.3), what is left of it where a program strips spaces, and rules, which may be something else. */
export function isSignatureDelimiter(line: Line): boolean {
  return (
    /^(?:--|––|__|-{3,80}|_{3,80}|={3,80}|\*{3,80}|~{3,80}|#{3,80})$/u.test(line.bare) ||
    /^-- ?\s*$/u.test(line.body.slice(0, 10))
  );
}

/** What the boilerplate of firms speaks of; three of these in one paragraph that speaks of itself make it boilerplate. */
const boilerplate: RegExp[] = [
  /riservat|confidenzial|confidential|vertraulich|confidentiel/iu,
  /destinatar|indirizzat[aeio] (?:esclusivamente|unicamente|solo)|recipient|addressee|to whom (?:it is|they are) addressed|destinataire|empfänger|intended (?:only |solely |exclusively )?for/iu,
  /gdpr|2016\/679|679\/2016|196\/2003|d\.? ?lgs|dlgs|616 c\.?p|regolamento (?:ue|europeo)|data protection|datenschutz|rgpd/iu,
  /per errore|erroneamente|in error|by mistake|par erreur|irrtümlich|por error|indebitamente/iu,
  /cancell|distru[gz]|elimin|delete|destroy|supprim|löschen|vernichten|elimine|restituir/iu,
  /diffusione|divulga|copia|riproduzione|disclos|dissemin|distribut|copying|unauthori[sz]ed|vietat|proibit|prohibited|weitergabe/iu,
  /privilegiat|privileged|segret|privacy|dati personali|personal data|trattamento/iu,
  /virus|malware|liab|responsabilit/iu,
];
const ofItself =
  /(?:quest[ao]|present[ei]|del) (?:e-?mail|mail|messaggio|comunicazione|posta)|(?:e-?mail|messaggio|comunicazione|message) (?:è|e'|contiene|and any|is|may)|nel (?:presente )?messaggio|this (?:e-?mail|message|communication|transmission)|ce (?:message|courriel)|cet e-?mail|diese (?:e-?mail|nachricht)|este (?:mensaje|correo)|informazioni contenute|information contained|ai sensi d/iu;
const environment =
  /(?:prima di stampare|before printing|avant d'imprimer|rispetta l'ambiente|non stampare|pensa all'ambiente|consider the environment|vor dem ausdrucken|antes de imprimir)/iu;
const heading =
  /^[*_\s]{0,4}(?:avviso (?:di riservatezza|legale|sulla privacy|di confidenzialità)|(?:informativa (?:sulla )?)?privacy|riservatezza|nota di riservatezza|clausola di riservatezza|disclaimer|confidentiality(?: notice)?|legal notice|avvertenz[ae]|informativa)[*_:.\s-]{0,6}$/iu;

/** Whether a text speaks as the boilerplate of firms does, however little of it. */
export function isLegal(text: string): boolean {
  return boilerplate.filter((one) => one.test(text)).length >= 2;
}

function isBoilerplate(paragraph: string): boolean {
  const text = paragraph.slice(0, 3_000);
  if (environment.test(text) && text.length <= 300) return true;
  // boilerplate asks nothing
  if (text.length < 60 || /\?(?:\s|$)/u.test(text)) return false;
  const found = boilerplate.filter((one) => one.test(text)).length;
  return (found >= 3 && ofItself.test(text)) || found >= 5;
}

/**
 * Where the boilerplate at the end of a stretch of lines begins.
 * @returns the index of its first line; `to` where there is none
 */
export function findDisclaimer(lines: Line[], from: number, to: number): number {
  let at = from;
  while (at < to) {
    if (lines[at]?.blank !== false) {
      at++;
      continue;
    }
    let end = at;
    while (end < to && lines[end]?.blank === false) end++;
    const start = at;
    at = end;
    const opened = openingOf(lines, start, end);
    if (opened !== null && endsThere(lines, end, to)) return withHeading(lines, from, opened);
  }
  return to;
}

/** Below boilerplate stand only more of it and a few short lines: a footer. More than that is text. */
function endsThere(lines: Line[], from: number, to: number): boolean {
  let others = 0;
  for (let at = from; at < to && others <= 6; ) {
    let end = at;
    while (end < to && lines[end]?.blank === false) end++;
    const paragraph = lines.slice(at, Math.min(end, at + 40)).map(({ bare }) => bare);
    if (!isBoilerplate(paragraph.join(' ')))
      others += paragraph.filter((bare) => bare !== '' && !isRule(bare)).length;
    at = Math.max(end, at + 1);
  }
  return others <= 6;
}

/** Where in a paragraph boilerplate begins: at its start, or after the lines of a signature above it. */
function openingOf(lines: Line[], start: number, end: number): number | null {
  const bare = (i: number) => lines[i]?.bare ?? '';
  const joined = (i: number) =>
    lines
      .slice(i, Math.min(end, i + 40))
      .map((line) => line.bare)
      .join(' ');
  if (!isBoilerplate(joined(start))) return null;
  for (let i = start; i < Math.min(end, start + 40); i++) {
    if (heading.test(bare(i)) || ofItself.test(`${bare(i)} ${bare(i + 1)}`) || environment.test(bare(i))) {
      if (isBoilerplate(joined(i))) return i;
    }
  }
  return start;
}

/** Rules and a heading right above belong to it. */
function withHeading(lines: Line[], from: number, opened: number): number {
  let start = opened;
  for (let i = opened - 1; i >= from && opened - i <= 4; i--) {
    const line = lines[i];
    if (line === undefined) break;
    if (line.blank) continue;
    if (!isRule(line.bare) && !heading.test(line.bare)) break;
    start = i;
  }
  return start;
}

/** A name of persons or firms: capitalised, no sentence. */
export const named = /^\p{Lu}[\p{L}'’.]{0,20}(?:[ ,]{1,2}[\p{L}'’.]{1,20}){0,4}$/u;

/** Small words within names: `Carla de Rossi`, `Figli di Marino e Neri`. */
const particles = new Set(
  'di de del della dei degli d da dal dalla dalle lo la le e ed et y und and of the der den von vom van ten zu do dos du'.split(
    ' ',
  ),
);

/**
 * Whether a line reads as a name, and as no request written without its verb: "Password di rete scaduta" has a capital, too.
 * @param small how many small words it may have that names do not: `Ufficio tecnico` has one
 */
export function isNamed({ bare }: Line, small: number): boolean {
  const words = bare.split(/[ ,]+/u).filter((word) => /^\p{Ll}/u.test(word) && !particles.has(word));
  return named.test(bare) && words.length <= small;
}

const farewell =
  /^(?:(?:con )?(?:i )?(?:nostri |miei )?(?:più )?(?:cordiali|distinti|migliori|sinceri|cari|tanti|affettuosi) saluti|(?:cari |tanti )?saluti(?: cordiali)?|(?:porgo|porgiamo)(?: i)?(?: (?:più )?(?:cordiali|distinti))? saluti|(?:la |vi |ti )?salut(?:o|iamo)(?: cordialmente)?|un (?:caro |cordiale )?saluto(?: cordiale)?(?: a tutti)?|(?:resto |restiamo |rimango |rimaniamo )?a (?:(?:sua|vostra|tua) )?disposizione|cordialmente|distintamente|cordialità|in fede|ossequi|(?:best|kind|kindest|warm|warmest|many)?\s?(?:wishes|regards)|best|sincerely|yours (?:sincerely|faithfully|truly)|mit freundlichen grüßen|freundliche grüße|mfg|viele grüße|(?:bien )?cordialement|bien à vous|saludos(?: cordiales)?|atentamente|un cordial saludo|met vriendelijke groet(?:en)?)[,.!]{0,3}$/iu;
const contact =
  /(?:\btel|telefono|phone|\bcell|mobile|\bfax|\bmob)\b\.?\s?:?\s?[+(\d]|\+\d{2}[\d\s./-]{6,}|\bp\.?\s?iva\b|\bwww\.[\w-]{2,}|\bs\.?r\.?l\b|\bs\.?p\.?a\b|\bvia [\p{L} ]{3,30},? \d|https?:\/\//iu;

const site = /(?:https?:\/\/|\bwww\.)\S{1,500}/giu;

/** Whether a line holds what signatures do: a phone number, a site, a firm, an address. */
export function isContact({ bare }: Line): boolean {
  return isContactText(bare);
}

function isContactText(text: string): boolean {
  return contact.test(text);
}

/** A line of a sentence: several words that are no name, a few of them small. Telephones, firms and farewells are none. */
export function isProse(line: Line): boolean {
  // a sentence about a site is one
  const bare = line.bare.replace(site, ' ').replace(/\s+/gu, ' ').trim();
  if (isContactText(bare) || isFarewell(bare) || /@|\|/u.test(bare)) return false;
  const small = bare.match(/(?<=^|[\s'’(])\p{Ll}[\p{L}’']*/gu)?.length ?? 0;
  const words = bare.split(' ').length;
  return small >= 3 && words >= 4 && small * 2 >= words && (/[.!?:;,]$/u.test(bare) || words >= 6);
}

/**
 * Where a signature without any delimiter begins in a stretch of lines: after a farewell, a few short lines of which one
 * is a phone number, a site or a firm; or a dash alone on its line.
 * @returns the index of its first line; `to` where there is none
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

/** Whether one of its words is that of an end; a thank-you or a good day may open a text, too. */
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
 * Whether lines down to the end are what a mail server or program appends to each mail: a name, then a firm, a number or an
 * address, or what follows a farewell. No sentence and no question.
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
