/**
 * The text of a mail in Rich Text Format (Rich Text Format Specification 1.9.1), also where it wraps HTML ([MS-OXRTFEX]):
 * its tags and the text that stands for them are passed over. One pass, nothing nested is remembered but whether it shows.
 */
export function rtfToText(rtf: string): string {
  const codepage = new TextDecoder(`windows-${/\\ansicpg(125\d)/u.exec(rtf.slice(0, 2_000))?.[1] ?? '1252'}`);
  const hidden: boolean[] = [false];
  let shown = '';
  let isSkipped = false;
  /** number of characters after `\u` for programs without Unicode */
  let instead = 1;
  let toSkip = 0;
  const write = (text: string) => {
    if (hidden.at(-1) === true || isSkipped) return;
    const left = text.slice(Math.min(toSkip, text.length));
    toSkip = Math.max(0, toSkip - text.length);
    shown += left;
  };
  for (const [token, word = '', number = '', hex, escaped] of rtf.matchAll(tokens)) {
    if (token === '{') hidden.push(hidden.at(-1) ?? false);
    else if (token === '}') {
      if (hidden.length > 1) hidden.pop();
      toSkip = 0;
    } else if (hex !== undefined) write(codepage.decode(Uint8Array.of(Number.parseInt(hex, 16))));
    else if (escaped !== undefined) {
      if (escaped === '*') hidden[hidden.length - 1] = true;
      else if (escaped === '~') write('\u00a0');
      else if ('\\{}'.includes(escaped)) write(escaped);
    } else if (word === '') write(token.replace(/[\r\n]/gu, ''));
    else if (word === 'htmlrtf') isSkipped = number !== '0';
    else if (word === 'uc') instead = Number(number);
    else if (word === 'u') {
      write(String.fromCharCode(Number(number) & 0xffff));
      toSkip = instead;
    } else if (destinations.has(word)) hidden[hidden.length - 1] = true;
    else if (word === 'par' || word === 'line' || word === 'row') write('\n');
    else if (word === 'tab' || word === 'cell') write('\t');
  }
  return shown.toWellFormed().trim();
}

/** A control word with its number, a byte in hexadecimal, a control symbol, a brace, or text. */
const tokens = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([\da-f]{2})|\\([^a-z'])|[{}]|[^\\{}]+/giu;

/** Groups without text of the mail. */
const destinations = new Set(
  'fonttbl colortbl stylesheet info pict object header footer listtable revtbl generator themedata'.split(
    ' ',
  ),
);
