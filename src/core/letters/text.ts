import { hidden } from './clean.ts';

/** Line breaks of every kind that mail brings, CRLF first. */
const lineBreak = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/;

const invisible = new RegExp(`[${hidden.all}]`, 'gu');

/** Characters that people and their phones type for an apostrophe. U+00B4 must be replaced before NFKC turns it into a space. */
const apostrophes = /[\u2018\u2019\u201B\u02B9\u02BC\u2032\u0060\u00B4\uFF07]/g;

/** ASCII without an apostrophe of any kind: most lines, of which little has to be asked. */
const simple = /^[\t\n\r\x20-\x26\x28-\x5f\x61-\x7e]*$/;

/** The lines of a text, without their breaks. */
export function splitLines(text: string): string[] {
  return text.split(lineBreak);
}

/** The text without characters that show nothing (BAD-MAIL 62); spaces, case and accents stay. */
export function withoutInvisible(text: string): string {
  return text.replace(invisible, '');
}

/**
 * Key for comparing texts: NFKC (width and compatibility forms), no invisible characters, lower case, no accents, one kind of
 * apostrophe and none at a word's edge (`si'` is `sì`), runs of space as one. Letters of other scripts stay as they are.
 */
export function normalise(text: string): string {
  if (simple.test(text)) return oneSpaced(text.toLowerCase()).trim();
  return oneSpaced(
    withoutInvisible(text.replace(apostrophes, "'").normalize('NFKC'))
      .toLowerCase()
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .replace(apostrophes, "'")
      .replace(/(?<!\p{L})'|'(?!\p{L})/gu, ''),
  ).trim();
}

/** The text with a single space for each run of white space. Most are one already: those are not even matched. */
export function oneSpaced(text: string): string {
  return text.replace(/[^\S ]\s*|\s{2,}/gu, ' ');
}

/** The words of a text, normalised; everything that is neither letter, digit nor inner apostrophe parts them. */
export function wordsOf(text: string): string[] {
  return normalise(text).match(/[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu) ?? [];
}

/**
 * The number of letters inserted, left out, changed or swapped with their neighbour between two words (optimal string
 * alignment).
 * @param limit where more than this is returned as `limit + 1`; keeps long words cheap
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  // each change makes at most one letter appear and one disappear: most pairs of words are told apart by their letters
  if (bitsIn(lettersIn(a) ^ lettersIn(b)) > 2 * limit) return limit + 1;
  let beforeLast: number[] = [];
  let last: number[] = [];
  for (let j = 0; j <= b.length; j++) last.push(j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let [left, least] = [i, i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      left = Math.min(changed, (last[j] ?? 0) + 1, left + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        left = Math.min(left, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(left);
      least = Math.min(least, left);
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length] ?? 0, limit + 1);
}

/** The letters of a word as bits; several letters share one. */
function lettersIn(word: string): number {
  let letters = 0;
  for (let i = 0; i < word.length; i++) letters |= 1 << (word.charCodeAt(i) & 31);
  return letters;
}

function bitsIn(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

/** `1 mail`, `3 mails`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Parts that the HTML and the text of one mail write differently: addresses, links and their numbers in a list, pictures. */
const links =
  /<[^<>\s]{1,2000}>|\[(?:cid|image|https?):?[^[\]]{0,2000}\]|https?:\/\/\S{1,2000}|\[\d{1,3}\]/giu;

/** The letters by which two writings of one text are compared: no addresses, signs or digits. */
export function lettersOf(text: string): string {
  return lettersAndDigitsOf(text).replace(/\P{L}+/gu, '');
}

/** The letters and digits by which two writings of one text are compared: no addresses, no signs. */
export function lettersAndDigitsOf(text: string): string {
  return text
    .replace(links, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Lines as a text: no more than two blank ones in a row, none at its ends. */
export function tidy(lines: string[]): string {
  const found: string[] = [];
  for (const line of lines) {
    const blank = line.trim() === '';
    if (blank && (found.length === 0 || (found.at(-1) === '' && found.at(-2) === ''))) continue;
    found.push(blank ? '' : line);
  }
  return found.join('\n').trimEnd();
}

/**
 * At most so many characters (code points), ending in an ellipsis where something was cut.
 * @param limit at least 1
 */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = Array.from(text);
  if (characters.length <= limit) return text;
  return `${characters
    .slice(0, limit - 1)
    .join('')
    .trimEnd()}…`;
}
