/**
 * What mails call Latin-1 is windows-1252 (WHATWG Encoding §4.2): a code point of the C1 range in decoded
 * text is a typographic quote, a dash or a euro sign whose label lied. The five bytes that windows-1252
 * leaves open stay controls.
 */
const windows1252 = new TextDecoder('windows-1252');
const c1 = /[\u0080-\u009f]/gu;

/** Characters that turn the direction of what stands beside them (BAD-MAIL 72), and the invisible BOM. */
const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Everything that ends a line somewhere, and the tab. */
const lineBreaks = /[\t\n\v\f\r\u2028\u2029]+/gu;

// biome and oxlint both read these as what they are: the controls that no header may hold
const controls = /\p{Cc}/gu;

/**
 * Text that Postgres, JSON and every terminal-safe printer can hold: line ends are `\n`, NUL is gone, lone
 * surrogates are U+FFFD (BAD-MAIL 1, 9, 10). Other control characters stay: whoever prints makes them visible.
 */
export function safeText(text: string): string {
  return text
    .replaceAll('\0', '')
    .replace(/\r\n?/gu, '\n')
    .replace(c1, (char) => windows1252.decode(Uint8Array.of(char.charCodeAt(0))))
    .toWellFormed();
}

/**
 * One line for a subject, a name or a file name: no control, no direction character, white space at line
 * breaks and nowhere at the ends (BAD-MAIL 1, 70, 72).
 */
export function oneLine(text: string): string {
  return safeText(text)
    .replace(lineBreaks, ' ')
    .replace(controls, '')
    .replace(direction, '')
    .replace(/ {2,}/gu, ' ')
    .trim();
}
