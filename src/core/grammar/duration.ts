/** Written by hand: no library reads working time as people write it (`un'ora e mezza`, `1h30`, `tre quarti d'ora`), and time is money. */
import { afterTerminator, type Argument } from './arguments.ts';
import { isOtherTime } from './prose.ts';

const units =
  'uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove'.split(
    ' ',
  );

/** Numbers people write as words before `ore` and `minuti`, Italian up to 59. */
const numerals: Record<string, number> = {
  ...Object.fromEntries(units.map((word, i) => [word, i + 1])),
  ...Object.fromEntries(
    ['venti', 'trenta', 'quaranta', 'cinquanta'].flatMap((ten, i) => [
      [ten, 20 + 10 * i],
      // ventuno, ventotto, ventitré
      ...units.slice(0, 9).map((unit, j): [string, number] => {
        const stem = /^[uo]/u.test(unit) ? ten.slice(0, -1) : ten;
        return [`${stem}${unit}`, 21 + 10 * i + j];
      }),
    ]),
  ),
  un: 1,
  una: 1,
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  ten: 10,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
};

const hourUnit = String.raw`(?:hours?|hrs?|h|ore|ora)`;
const minuteUnit = String.raw`(?:minut[oi]|minutes?|mins?|min|m|['’′])`;
const number = String.raw`\d{1,6}(?:[.,]\d{1,2})?`;
const numeral = `(?:${Object.keys(numerals)
  .toSorted((a, b) => b.length - a.length)
  .join('|')})`;
const and = String.raw`\s*(?:e|and|,)?\s*`;
/** No letter, digit, apostrophe or colon follows the unit. */
const end = String.raw`(?![\p{L}\p{N}'’′:])`;

/** Each form and the minutes it stands for; the first that fits counts. */
const forms: readonly [RegExp, (groups: Record<string, string | undefined>) => number][] = [
  // 1:30
  [/^(?<h>\d{1,4}):(?<m>[0-5]\d)(?![\p{L}\p{N}:])/iu, ({ h, m }) => 60 * Number(h) + Number(m)],
  // mezz'ora, mezzora, half an hour
  [new RegExp(String.raw`^(?:mezz['’]?\s?ora|half\s+an?\s+hour)${end}`, 'iu'), () => 30],
  // un paio d'ore
  [new RegExp(String.raw`^un\s+paio\s+(?:d['’]\s?|di\s+)ore${end}`, 'iu'), () => 120],
  // tre quarti d'ora
  [new RegExp(String.raw`^(?:tre\s+quarti|3/4)\s+d['’]\s?ora${end}`, 'iu'), () => 45],
  // un quarto d'ora, a quarter of an hour
  [new RegExp(String.raw`^(?:un\s+quarto\s+d['’]\s?ora|a\s+quarter\s+of\s+an\s+hour)${end}`, 'iu'), () => 15],
  // un'ora e mezza, 2 ore e un quarto, an hour and a half
  [
    new RegExp(
      String.raw`^(?:(?<n>${number})|(?<w>${numeral}))(?:\s*|['’]\s?)${hourUnit}\s+(?:e|and)\s+(?<part>mezz[ao]|a\s+half|un\s+quarto|a\s+quarter|tre\s+quarti)${end}`,
      'iu',
    ),
    ({ n, w, part }) => 60 * amount(n, w) + partOfHour(part ?? ''),
  ],
  // 1h30, 1h 30m, 1 h. 30 m., 1 ora e 30 minuti, un'ora, 1,5 ore, 2h
  [
    new RegExp(
      String.raw`^(?:(?<n>${number})|(?<w>${numeral}))(?:\s*|['’]\s?)${hourUnit}(?:${and}(?<m>\d{1,3})\s*(?:${minuteUnit})?|\.\s*(?<dotted>\d{1,3})\s*${minuteUnit})?${end}`,
      'iu',
    ),
    ({ n, w, m, dotted }) => 60 * amount(n, w) + Number(m ?? dotted ?? 0),
  ],
  // 45m, 90 minuti, 45', trenta minuti
  [
    new RegExp(String.raw`^(?:(?<n>${number})|(?<w>${numeral}))\s*${minuteUnit}${end}`, 'iu'),
    ({ n, w }) => amount(n, w),
  ],
];

/** A longer text is no duration. */
const longest = 60;

/**
 * `tempo 45m`: how long the work took, in any of the ways people write it. The argument is the whole number of minutes;
 * a bare number is none, since nobody knows whether hours or minutes were meant.
 */
export const duration: Argument = {
  shown: { it: 'DURATA', en: 'DURATION' },
  fixed: true,
  read: (tail) => {
    const said = tail.normalize('NFKC').replace(/^[:\s]*(?:(?:circa|about)\s+)?/iu, '');
    const head = said.slice(0, longest).replaceAll('é', 'e');
    for (const [form, minutesOf] of forms) {
      const found = form.exec(head);
      if (found === null) continue;
      const rest = said.slice(found[0].length).replace(/^\s+circa(?!\p{L})/iu, '');
      const after = /^[\s.!]*$/u.test(rest) ? '' : afterTerminator(rest)?.text;
      if (after === undefined) continue;
      return { argument: String(Math.round(minutesOf(found.groups ?? {}))), text: after };
    }
    return null;
  },
  isProse: (tail) => isOtherTime(tail),
  write: (argument) => `${argument}m`,
};

function amount(digits: string | undefined, word: string | undefined): number {
  return digits === undefined
    ? (numerals[(word ?? '').toLowerCase()] ?? 0)
    : Number(digits.replace(',', '.'));
}

function partOfHour(part: string): number {
  if (/^tre/iu.test(part)) return 45;
  return /quart/iu.test(part) ? 15 : 30;
}
