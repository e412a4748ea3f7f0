import { domainToASCII } from 'node:url';
import { InvalidArgumentError } from 'commander';
import { getDomain } from 'tldts';
import { normaliseEmail } from '../../core/address/address.ts';
import { editDistance } from '../../core/letters/text.ts';
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

/** An address, or the word `none`. */
export const emailOrNone = (text: string): string => (text === 'none' ? text : email(text));

/** The choice that a misspelt word most likely means, or null if none is near. */
function nearest(text: string, choices: readonly string[]): string | null {
  const near = choices
    .map((choice) => ({ choice, distance: editDistance(text.toLowerCase(), choice, mostMisspelt) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= mostMisspelt ? near.choice : null;
}

/** Letters by which a misspelt word may differ. */
const mostMisspelt = 2;

/** Option parser for a fixed list of words. Throws commander's error, which lists them. */
export function oneOfChoices<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    const near = nearest(text, choices);
    throw new InvalidArgumentError(
      `Expected one of: ${choices.join(', ')}.${near === null ? '' : ` Did you mean ${near}?`}`,
    );
  };
}

/** A mail domain. Throws commander's error. */
export function domain(text: string): string {
  const read = readDomain(text);
  if (read === null) throw new InvalidArgumentError('Expected a domain such as rossi.it.');
  return read;
}

/** A telephone number of one line as people write it; null where the text is none. */
export function readPhoneNumber(text: string): string | null {
  const line = asOneLine(text);
  return readPhone(line)?.written === line ? line : null;
}

/** A telephone number as people write it. Throws commander's error. */
function phone(text: string): string {
  const line = readPhoneNumber(text);
  if (line === null) throw new InvalidArgumentError('Expected a telephone number such as 06 5550100.');
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

/** How many. */
export function howMany(text: string): number {
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text) || number < 1)
    throw new InvalidArgumentError('Expected a whole number from 1 on, such as 20.');
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

const minutesIn = new Map([
  ['m', 1],
  ['h', 60],
  ['d', 24 * 60],
]);

/** A day in ISO form, or a number of minutes, hours or days ago. Throws commander's error. */
export function since(text: string): Date {
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined)
    return new Date(Date.now() - Number(count) * (minutesIn.get(unit) ?? 1) * 60_000);
  const day = /^\d{4}-\d\d-\d\d(?:T[\d:]+Z?)?$/.test(text) ? new Date(text) : null;
  if (day === null || Number.isNaN(day.getTime())) {
    throw new InvalidArgumentError('Expected a date such as 2026-11-24, or an age: 90m, 12h, 7d.');
  }
  return day;
}

/**
 * What is said of an option or a command that there is not, or of more than was expected, without a value that was given: after
 * `=`, or after a name that sounds like a secret's, nothing is repeated.
 * @param error as commander words it
 */
export function withoutGivenValue(error: string): string {
  const counted = error.replace(/^(error: too many arguments [^\n]*? but got \d+): [\s\S]*$/u, '$1.\n');
  return counted.replace(
    /^(error: unknown (?:option|command) ')([\s\S]*)'/u,
    (_, before: string, given: string) => {
      const secret = /^[^=\s]*?(?:passw(?:or)?d|passphrase|pwd|secret|token|key)/iu.exec(given)?.[0];
      if (secret !== undefined)
        return `${before}${secret}${secret === given ? '' : '…'}'. Everybody on this machine can read a command line: write a secret to a file, for \`kticket setup\` by --password-file`;
      const end = given.search(/[=\n]/u);
      return `${before}${end < 0 ? given : `${given.slice(0, end)}=…`}'`;
    },
  );
}
