import { type Decoding, type DecodedText, readSpelling, strayByte } from '../letters/spelling.ts';

/** A stretch of a text, its end excluded. */
export type Span = { from: number; to: number };

/** A reply token is so many letters of base32: 128 random bits (RFC 4648 §6). */
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

/** Letters, digits and signs of which none joins, hides or encodes a letter of a token, and line ends. */
const unsuspicious = /^[\n\r !"#$'(),\-./0-9:;<?@A-Z[\]^a-z{}À-ÖØ-öø-ÿ]*$/u;

/** A quick look that most text passes: true only if no token can be in it, whatever its letters. */
function isFreeOfTokens(text: string): boolean {
  if (text.length < tokenLength) return true;
  if (!unsuspicious.test(text)) return false;
  // an accent may stand above any of its letters
  return !/[0-9A-Za-zÀ-ÖØ-öø-ÿ]{26}/u.test(
    text.includes('\n') || text.includes('\r') ? text.replace(/[\n\r]+ */gu, '') : text,
  );
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
  for (const reading of readingsOf(text)) {
    for (const { letters } of windowsOf(reading)) {
      if (found.size >= mostCandidates) return [...found];
      found.add(letters);
    }
  }
  return [...found];
}

// ── reading ──────────────────────────────────────────────────────────────────

function readingsOf(text: string): Sorted[] {
  if (text.length < tokenLength) return [];
  const decodings: Decoding[] = [
    'none',
    ...(/[%&\\]/u.test(text) ? (['links'] as const) : []),
    ...(/[=*][0-9a-f]{2}/iu.test(text) ? (['all'] as const) : []),
  ];
  return decodings.map((decoding) => sorted(readSpelling(text, decoding)));
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
  const lower = code | 0x20;
  if ((lower >= 0x61 && lower <= 0x7a && code < 0x80) || (code >= 0x32 && code <= 0x37)) return 'letter';
  if (code >= 0x30 && code <= 0x39) return 'other_letter';
  if (code === 0x2b) return 'plus';
  if (code === 0x40) return 'at';
  if (code === 0x20 || code === 0x09) return 'space';
  if (isLineEnd(code) || emphasis.has(code)) return 'joint';
  if (code < 0x20 || code >= strayByte) return 'unseen';
  if (code < 0x80) return 'other';
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
  for (const { letters, first, last } of windowsOf(reading))
    if (known.has(letters)) spans.push(rangeOf(reading, first, last + 1));
  return spans;
}

/**
 * Every 26 letters in a row that are no words, whatever but a letter or digit of another kind stands between them. Counts go along,
 * so that prose costs little.
 */
function* windowsOf({ codes, kinds }: Sorted): Generator<{ letters: string; first: number; last: number }> {
  /** positions of a run's letters */
  let at: number[] = [];
  let [vowels, consonants, lastDigit, lastCluster] = [0, 0, -1, -1];
  for (const [i, kind] of kinds.entries()) {
    if (kind === 'other_letter') {
      at = [];
      [vowels, consonants, lastDigit, lastCluster] = [0, 0, -1, -1];
    }
    if (kind !== 'letter') continue;
    const letter = letterOf(codes[i] ?? 0);
    const left = at[at.length - tokenLength];
    if (left !== undefined && isVowel(letterOf(codes[left] ?? 0))) vowels -= 1;
    const index = at.push(i) - 1;
    if (letter < 'a') lastDigit = index;
    if (isVowel(letter)) vowels += 1;
    consonants = isVowel(letter) ? 0 : consonants + 1;
    if (consonants >= cluster) lastCluster = index;
    const from = index - tokenLength + 1;
    const first = at[from];
    const isRandom = lastDigit >= from || lastCluster >= from + cluster - 1 || vowels < fewestVowels;
    if (first === undefined || !isRandom) continue;
    const letters = at.slice(from).map((one) => letterOf(codes[one] ?? 0));
    yield { letters: letters.join(''), first, last: i };
  }
}

function isVowel(letter: string): boolean {
  return letter === 'a' || letter === 'e' || letter === 'i' || letter === 'o' || letter === 'u';
}

function letterOf(code: number): string {
  return String.fromCharCode(code >= 0x41 && code <= 0x5a ? code | 0x20 : code);
}

/** The stretch of the text that these characters stand for, where they are no words. */
function spanOf(reading: Sorted, first: number, end: number): Span[] {
  const letters = reading.codes
    .slice(first, end)
    .flatMap((code, i) => (reading.kinds[first + i] === 'letter' ? letterOf(code) : []))
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
