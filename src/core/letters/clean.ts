/**
 * Latin-1 in mails is windows-1252 (WHATWG Encoding §4.2): a code point of the C1 range in decoded text is a typographic
 * quote, a dash or a euro sign with a wrong label. The five bytes that windows-1252 leaves undefined stay controls.
 */
const windows1252 = new TextDecoder('windows-1252');
const c1 = /[\u0080-\u009f]/gu;

/** Characters that show nothing, for a class of a pattern: by what they do, since not each place takes the same ones out. */
export const hidden = {
  /** turn the direction of what stands between them: embeddings, overrides, isolates (BAD-MAIL 72) */
  directions: String.raw`\u202a-\u202e\u2066-\u2069`,
  /** turn the direction of what stands beside them */
  marks: String.raw`\u200e\u200f`,
  arabicMark: String.raw`\u061c`,
  /** of no width */
  spaces: String.raw`\u200b\u2060`,
  joiners: String.raw`\u200c\u200d`,
  operators: String.raw`\u2061-\u2065`,
  byteOrderMark: String.raw`\ufeff`,
  softHyphen: String.raw`\u00ad`,
  /** these and whatever else Unicode counts among them, such as variation selectors and tags */
  all: String.raw`\p{Cf}\p{Default_Ignorable_Code_Point}`,
} as const;

const direction = new RegExp(
  `[${hidden.directions}${hidden.marks}${hidden.arabicMark}${hidden.byteOrderMark}]`,
  'gu',
);
/** Characters with which a sender could reorder our own text (BAD-MAIL 72). */
const reordering = new RegExp(`[${hidden.directions}${hidden.arabicMark}]`, 'gu');

/** Everything that ends a line somewhere, and the tab. */
const lineBreaks = /[\t\n\v\f\r\u2028\u2029]+/gu;

// biome and oxlint both read these as what they are: the controls that no header may hold
const controls = /\p{Cc}/gu;

/** What most text does not have: a character that may have to be changed. */
const doubtful = /[^\t\n\x20-\x7e\u00a0-\u0cff\u2010-\u2027\u20a0-\u20cf]/;
/** The same for one line, with spaces at its ends or two in a row. */
const doubtfulLine = /[^ -~\u00a1-\u061b\u061d-\u0cff\u2010-\u2027\u20a0-\u20cf]| {2}|^ | $/;

/**
 * Text that Postgres, JSON and every terminal-safe printer can hold: line ends are `\n`, NUL is gone, lone
 * surrogates are U+FFFD (BAD-MAIL 1, 9, 10). Other control characters stay: code that prints makes them visible.
 */
export function safeText(text: string): string {
  if (!doubtful.test(text)) return text;
  return text
    .replaceAll('\0', '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .replace(c1, (char) => windows1252.decode(Uint8Array.of(char.charCodeAt(0))))
    .toWellFormed();
}

/**
 * Makes text a single line, for a subject, a name or a file name: without controls and direction characters, with spaces for
 * line breaks and none at the ends (BAD-MAIL 1, 70, 72).
 */
export function oneLine(text: string): string {
  if (!doubtfulLine.test(text)) return text;
  return safeText(text)
    .replace(lineBreaks, ' ')
    .replace(controls, '')
    .replace(direction, '')
    .replace(/ {2,}/gu, ' ')
    .trim();
}

/** Text without the characters by which it would turn the direction of what we write around it. */
export function withoutDirections(text: string): string {
  return text.replace(reordering, '');
}
