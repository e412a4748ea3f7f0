/** What every marker line begins with, in any language: ASCII that no mail program takes for a signature or a rule. */
const sign = '-=-=-';

const words = {
  reply: {
    it: 'Scriva qui sopra. Sotto questa riga non si legge nulla',
    en: 'Write above. Nothing below this line is read',
  },
  solution: {
    it: 'Il cliente leggerà il testo qui sopra. Sotto non si legge nulla',
    en: 'The client will read the text above. Nothing below is read',
  },
} as const;

/**
 * The line under which nothing of an answer is read, for the body of a button's mail.
 * @param kind `solution`: what stands above it is read by the client, and it says so
 * @returns one line of at most 80 characters, without its break
 */
export function markerLine(kind: 'reply' | 'solution', locale: 'it' | 'en'): string {
  return `${sign} ${words[kind][locale]} ${sign}`;
}

/** The sign as mail programs pass it on: dashes turned typographic, the first one taken for a bullet. */
const signAnywhere =
  /(?<![=\-‐-―−])[-‐-―−]\s?=\s?[-‐-―−]\s?=\s?[-‐-―−](?![=\-‐-―−])\s{0,3}(?=\p{L}|[*_]{0,3}\s*$)/u;
const signAsBullet =
  /^[\s>|*_•·∙●▪◦‣⁃o\u200b\u00a0]{0,40}=\s?[-‐-―−]\s?=\s?[-‐-―−](?![=\-‐-―−])\s{0,3}(?=\p{L}|[*_]{0,3}\s*$)/u;
/** The same line set between equals signs, as mails to staff carry it: known by its first words, whatever became of its end. */
const titled =
  /={2,3}\s{0,3}(?:scrivere sopra(?:\squesta|\s?$)|sopra questa(?:\sriga\s?:|\s?$)|write above(?:\sthis|\s?$)|above this(?:\sline\s?:|\s?$))/iu;
const leadingSigns = /^[\s>|*_=•·∙●▪◦‣⁃\u200b\u00a0.)\-‐-―−\d]{0,40}$/u;

/**
 * Where a marker line begins in a line.
 * @returns the index of its sign; 0 where only quote marks or a bullet stand before it; null: there is none
 */
export function findMarker(line: string): number | null {
  const start = line.slice(0, 2_000);
  if (signAsBullet.test(start)) return 0;
  const found = signAnywhere.exec(start) ?? titled.exec(start);
  if (found === null) return null;
  return leadingSigns.test(start.slice(0, found.index)) ? 0 : found.index;
}

/** Whether a line is one of our marker lines: quoted, wrapped at its end, as a list item, with other dashes. */
export function isMarkerLine(line: string): boolean {
  return findMarker(line) === 0;
}
