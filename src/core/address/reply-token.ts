import { type Decoding, type DecodedText, readSpelling, strayByte } from '../letters/spelling.ts';

/** A stretch of a text, its end excluded. */
export type Span = { from: number; to: number };

/** A reply token is so many letters of base32 (RFC 4648 §6): 130 random bits. */
export const tokenLength = 26;

/** The role of a character in a token. */
type Kind =
  | 'letter'
  /** a letter or digit that base32 has not */
  | 'other_letter'
  /** shows nothing */
  | 'unseen'
  /** characters that programs put between letters, or around them: a line's end with the marks of a quote, emphasis */
  | 'joint'
  | 'space'
  | 'plus'
  | 'at'
  | 'other';

/** A reading with its characters classified. */
type Sorted = DecodedText & { kinds: Kind[] };

/**
 * Finds reply tokens in a text in any spelling: encoded any number of times, full-width, in capitals, broken by line ends,
 * quote marks, emphasis or invisible characters. A token follows a plus sign or stands by itself, and is no word of a
 * language; with other letters beside it or spaces within, it counts only if it is `known`. Linear in the size of the text.
 * @param known existing tokens among those that `tokenCandidates` returned
 * @returns the spans of the tokens from first letter to last, in order and without overlap
 */
export function findTokens(text: string, known: ReadonlySet<string> = new Set()): Span[] {
  if (known.size === 0 && isFreeOfTokens(text)) return [];
  const spans = readingsOf(text).flatMap((reading) => [
    ...findAlone(reading),
    ...findBehindPlus(reading),
    ...(known.size === 0 ? [] : findKnown(reading, known)),
  ]);
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

/** What the quick look makes of a character. */
const quick = { letter: 1, lineEnd: 2, space: 3, other: 4 } as const;
/** Letters, digits and signs of which none joins, hides or encodes a letter of a token, and line ends; 0: anything else. */
const quickKinds = Uint8Array.from({ length: 0x100 }, (_, code) => {
  const character = String.fromCharCode(code);
  // an accent may stand above any of its letters
  if (/[0-9A-Za-zÀ-ÖØ-öø-ÿ]/u.test(character)) return quick.letter;
  if (/[\n\r]/u.test(character)) return quick.lineEnd;
  if (character === ' ') return quick.space;
  return /[!"#$'(),\-./:;<?@[\]^{}«»°·]/u.test(character) ? quick.other : 0;
});
/** Quotation marks, dashes and the like, beyond those. */
const quickSigns = new Set(Array.from('‘’‚“”„–—•…€', (sign) => sign.charCodeAt(0)));

/** A quick look that most text passes: true only if no token can be in it, whatever its letters. */
function isFreeOfTokens(text: string): boolean {
  if (text.length < tokenLength) return true;
  let run = 0;
  let startsLine = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const kind = quickKinds[code] ?? (quickSigns.has(code) ? quick.other : 0);
    if (kind === quick.letter) {
      run += 1;
      if (run === tokenLength) return false;
    } else if (kind === 0) return false;
    else if (kind === quick.other || (kind === quick.space && !startsLine)) run = 0;
    // a token goes on in the next line, indented or not
    startsLine = kind === quick.lineEnd || (startsLine && kind === quick.space);
  }
  return true;
}

/** The same text with every reply token replaced by `…`: nothing that is logged, listed or kept may grant anything. */
export function withoutTokens(text: string, known?: ReadonlySet<string>): string {
  let shown = '';
  let at = 0;
  for (const { from, to } of findTokens(text, known)) {
    shown += `${text.slice(at, from)}…`;
    at = to;
  }
  return at === 0 ? text : shown + text.slice(at);
}

/** Most letters in a row that may each begin a token. */
const mostCandidates = 20_000;

/**
 * Every 26 letters in a row of a text, whatever stands between them, that may be a token: to be asked whether they are one.
 * Lower case, each once. Words of a language are left out, by their vowels.
 */
export function tokenCandidates(text: string): string[] {
  const found = new Set<string>();
  for (const decoding of decodingsOf(text)) {
    const codes = decoding === 'none' ? codesOf(text) : readSpelling(text, decoding).codes;
    eachWindow(codes, (letters) => {
      if (found.size < mostCandidates) found.add(letters);
    });
  }
  return [...found];
}

// ── reading ──────────────────────────────────────────────────────────────────

function readingsOf(text: string): Sorted[] {
  return decodingsOf(text).map((decoding) => sorted(readSpelling(text, decoding)));
}

function decodingsOf(text: string): Decoding[] {
  if (text.length < tokenLength) return [];
  return [
    'none',
    ...(/[%&\\]/u.test(text) ? (['links'] as const) : []),
    ...(/[=*][0-9a-f]{2}/iu.test(text) ? (['all'] as const) : []),
  ];
}

/** The same codes as of a reading without any decoding, but for ligatures of whole words, which no token has. */
function codesOf(text: string): Uint32Array {
  // oxlint-disable-next-line no-control-regex -- ASCII begins with them
  const plain = /^[\0-\x7f]*$/u.test(text) ? text : text.normalize('NFKD');
  const codes = new Uint32Array(plain.length);
  let end = 0;
  for (let i = 0; i < plain.length; i += 1) {
    const code = plain.codePointAt(i) ?? 0;
    codes[end++] = code;
    if (code > 0xffff) i += 1;
  }
  return codes.subarray(0, end);
}

function sorted(reading: DecodedText): Sorted {
  const { codes } = reading;
  let startsLine = false;
  const kinds = codes.map((code, i): Kind => {
    const kind = kindOf(code);
    const isSign = code === 0x3e || code === 0x7c;
    const isMark = startsLine && (kind === 'space' || isSign);
    startsLine = isMark || isLineEnd(code);
    // a quote that was made one line
    if (isSign && !isMark && codes[i - 1] === 0x20 && codes[i + 1] === 0x20) return 'space';
    // quoted-printable breaks a line behind `=`
    if (isMark || (code === 0x3d && isLineEnd(codes[i + 1] ?? 0))) return 'joint';
    return kind;
  });
  return { ...reading, kinds };
}

function isLineEnd(code: number): boolean {
  return (code >= 0x0a && code <= 0x0d) || code === 0x85 || code === 0x2028 || code === 0x2029;
}

const emphasis = new Set(Array.from('*_~`\\', (sign) => sign.charCodeAt(0)));
const otherKinds = new Map<number, Kind>();

function kindOf(code: number): Kind {
  return asciiKinds[code] ?? kindBeyondAscii(code);
}

const asciiKinds = Array.from({ length: 0x80 }, (_, code) => kindOfAscii(code));

function kindOfAscii(code: number): Kind {
  const lower = code | 0x20;
  if ((lower >= 0x61 && lower <= 0x7a) || (code >= 0x32 && code <= 0x37)) return 'letter';
  if (code >= 0x30 && code <= 0x39) return 'other_letter';
  if (code === 0x2b) return 'plus';
  if (code === 0x40) return 'at';
  if (code === 0x20 || code === 0x09) return 'space';
  if (isLineEnd(code) || emphasis.has(code)) return 'joint';
  return code < 0x20 ? 'unseen' : 'other';
}

function kindBeyondAscii(code: number): Kind {
  if (isLineEnd(code)) return 'joint';
  if (code >= strayByte) return 'unseen';
  const kind = otherKinds.get(code) ?? kindOfForeign(String.fromCodePoint(code));
  otherKinds.set(code, kind);
  return kind;
}

function kindOfForeign(character: string): Kind {
  if (/[\p{Cf}\p{M}\p{Cc}\p{Default_Ignorable_Code_Point}]/u.test(character)) return 'unseen';
  if (/[\p{L}\p{N}]/u.test(character)) return 'other_letter';
  return /\s/u.test(character) ? 'space' : 'other';
}

// ── finding ──────────────────────────────────────────────────────────────────

/** Letters and digits in a row. */
type Run = {
  from: number;
  to: number;
  /** base32 has all of them */
  isPlain: boolean;
  /** the separator from the one before: invisible characters, or those that programs insert; null if anything else stands between */
  joint: 'unseen' | 'joint' | null;
};

/** A token by itself: 26 letters, visibly broken in two at most. */
function findAlone(reading: Sorted): Span[] {
  const runs = runsOf(reading);
  const spans: Span[] = [];
  for (let first = 0; first < runs.length; first++) {
    let length = 0;
    let joints = 0;
    for (let last = first; last < runs.length && length < tokenLength; last++) {
      const run = runs[last];
      if (run === undefined || !run.isPlain || (last > first && run.joint === null)) break;
      if (last > first && run.joint === 'joint') joints += 1;
      length += run.to - run.from;
      if (length === tokenLength && joints <= 1)
        spans.push(...spanOf(reading, runs[first]?.from ?? 0, run.to));
    }
  }
  return spans;
}

function runsOf({ kinds }: Sorted): Run[] {
  const runs: Run[] = [];
  let joint: Run['joint'] = null;
  for (let i = 0; i < kinds.length; ) {
    const kind = kinds[i];
    if (kind !== 'letter' && kind !== 'other_letter') {
      if (kind === 'joint' && joint !== null) joint = 'joint';
      else if (kind !== 'unseen') joint = null;
      i++;
      continue;
    }
    let to = i;
    let isPlain = true;
    for (; kinds[to] === 'letter' || kinds[to] === 'other_letter'; to++)
      if (kinds[to] === 'other_letter') isPlain = false;
    runs.push({ from: i, to, isPlain, joint });
    joint = 'unseen';
    i = to;
  }
  return runs;
}

/** A token behind a plus sign, as the detail of an address; spaces are allowed within only if the address continues. */
function findBehindPlus(reading: Sorted): Span[] {
  const { kinds } = reading;
  return kinds.flatMap((kind, plus) => {
    if (kind !== 'plus') return [];
    let first = -1;
    let count = 0;
    let isSpaced = false;
    for (let i = plus + 1; i < kinds.length; i++) {
      const one = kinds[i];
      if (one === 'letter') {
        if (first < 0) first = i;
        count += 1;
        if (count < tokenLength) continue;
        if (isInAddress(kinds, i + 1)) return [rangeOf(reading, first, i + 1)];
        return isSpaced ? [] : spanOf(reading, first, i + 1);
      }
      if (one === 'space') isSpaced ||= count > 0;
      else if (one !== 'joint' && one !== 'unseen') return [];
    }
    return [];
  });
}

/** True if an address continues here: an `@`, whatever a program put before it. */
function isInAddress(kinds: readonly Kind[], from: number): boolean {
  let at = from;
  while (kinds[at] === 'joint' || kinds[at] === 'unseen' || kinds[at] === 'space') at++;
  return kinds[at] === 'at';
}

function findKnown(reading: Sorted, known: ReadonlySet<string>): Span[] {
  const spans: Span[] = [];
  eachWindow(reading.codes, (letters, first, last) => {
    if (known.has(letters)) spans.push(rangeOf(reading, first, last + 1));
  });
  return spans;
}

const latin1 = new TextDecoder('latin1');

/**
 * Every 26 letters in a row that are no words, whatever but a letter or digit of another kind stands between them, and the positions
 * of the first and the last of them. Counts go along, so that prose costs little.
 */
function eachWindow(
  codes: ArrayLike<number>,
  take: (letters: string, first: number, last: number) => void,
): void {
  /** the letters without what stands between them, a 0 where another one does */
  const letters = new Uint8Array(codes.length);
  const positions = new Uint32Array(codes.length);
  let length = 0;
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i] ?? 0;
    const kind = kindOf(code);
    if (kind !== 'letter' && kind !== 'other_letter') continue;
    letters[length] = kind === 'letter' ? lowerOf(code) : 0;
    positions[length] = i;
    length += 1;
  }
  const row = latin1.decode(letters.subarray(0, length));
  let [start, vowels, consonants, lastDigit, lastCluster] = [0, 0, 0, -1, -1];
  for (let i = 0; i < length; i += 1) {
    const letter = letters[i] ?? 0;
    if (letter === 0) {
      [start, vowels, consonants, lastDigit, lastCluster] = [i + 1, 0, 0, -1, -1];
      continue;
    }
    const from = i - tokenLength + 1;
    if (from > start && isVowel(letters[from - 1] ?? 0)) vowels -= 1;
    if (letter < lowerA) lastDigit = i;
    if (isVowel(letter)) vowels += 1;
    consonants = isVowel(letter) ? 0 : consonants + 1;
    if (consonants >= cluster) lastCluster = i;
    const isRandom = lastDigit >= from || lastCluster >= from + cluster - 1 || vowels < fewestVowels;
    if (from >= start && isRandom) take(row.slice(from, i + 1), positions[from] ?? 0, positions[i] ?? 0);
  }
}

const lowerA = 0x61;
const vowels = Uint8Array.from({ length: 0x80 }, (_, code) =>
  'aeiou'.includes(String.fromCharCode(code)) ? 1 : 0,
);

function isVowel(code: number): boolean {
  return vowels[code] === 1;
}

function lowerOf(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
}

/** The stretch of the text that these characters stand for, where they are no words. */
function spanOf(reading: Sorted, first: number, end: number): Span[] {
  const letters = reading.codes
    .slice(first, end)
    .flatMap((code, i) => (reading.kinds[first + i] === 'letter' ? String.fromCharCode(lowerOf(code)) : []))
    .join('');
  return looksRandom(letters) ? [rangeOf(reading, first, end)] : [];
}

function rangeOf({ from, to }: DecodedText, first: number, end: number): Span {
  return { from: from[first] ?? 0, to: to[end - 1] ?? 0 };
}

/** So many consonants in a row hardly any word has. */
const cluster = 4;
/** Fewer vowels than this no 26 letters of a language have. */
const fewestVowels = 6;

/**
 * True if 26 letters are no words: they contain a digit, four consonants in a row, or hardly a vowel. About one in ten
 * thousand random tokens passes for words; `precipitevolissimevolmente` does.
 */
function looksRandom(letters: string): boolean {
  return (
    /[2-7]/u.test(letters) ||
    /[^aeiou]{4}/u.test(letters) ||
    (letters.match(/[aeiou]/gu)?.length ?? 0) < fewestVowels
  );
}
