import { domainToASCII } from 'node:url';
import { InvalidArgumentError } from 'commander';
import { getDomain } from 'tldts';
import { normaliseEmail } from '../../core/address/address.ts';
import { readPhone } from '../../core/letters/phone.ts';

/** A bare mail address, lower-case. Throws commander's error, which names what was expected. */
export function email(text: string): string {
  const address = normaliseEmail(text);
  if (address === null) throw new InvalidArgumentError('Expected a bare mail address such as anna@rossi.it.');
  return address;
}

/** A mail domain in its ASCII form, lower-case; null where the text is none that a company could own. */
export function readDomain(text: string): string | null {
  const ascii = domainToASCII(text.trim().replace(/^@/, '').toLowerCase());
  return ascii !== '' && getDomain(ascii) !== null ? ascii : null;
}

/** A name of one line, not empty. */
export function name(text: string): string {
  const line = asOneLine(text);
  if (line === '') throw new InvalidArgumentError('Expected a name, not nothing.');
  return line;
}

/** Text without control characters, every run of space as one. */
export function asOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Option parser for a fixed list of words. Throws commander's error, which lists them. */
export function oneOfChoices<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new InvalidArgumentError(`Expected one of: ${choices.join(', ')}.`);
    return found;
  };
}

function domain(text: string): string {
  const read = readDomain(text);
  if (read === null) throw new InvalidArgumentError('Expected a domain such as rossi.it.');
  return read;
}

/** A telephone number as people write it. Throws commander's error. */
function phone(text: string): string {
  const line = asOneLine(text);
  if (readPhone(line)?.written !== line)
    throw new InvalidArgumentError('Expected a telephone number such as 06 5550100.');
  return line;
}

/** An option that may be given several times; given as an empty word it empties the list. */
export function several<T>(read: (text: string) => T): (text: string, before: T[] | undefined) => T[] {
  return (text, before) => (text === '' ? [] : [...(before ?? []), read(text)]);
}

export const domains = several(domain);
export const emails = several(email);
export const keywords = several(name);
export const phones = several(phone);

/** A number that counts from 1: of a ticket (`#1042` is understood), of a message, of an outgoing mail. */
export function ordinal(text: string): number {
  const digits = text.replace(/^#/, '');
  const number = Number(digits);
  if (!/^\d{1,15}$/.test(digits) || number < 1) {
    throw new InvalidArgumentError('Expected a whole number such as 1042.');
  }
  return number;
}

/** Several of them, one after the other. */
export const ordinals = (text: string, before: number[] | undefined): number[] => [
  ...(before ?? []),
  ordinal(text),
];

/** A TCP port. */
export function port(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > 65_535) {
    throw new InvalidArgumentError('Expected a port from 1 to 65535.');
  }
  return number;
}
