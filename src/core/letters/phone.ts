/** Written by hand: libphonenumber-js must be told the country, and corrects numbers. Here one is shown as written, and linked. */
/** A number as people write it, and as it is dialled. */
export type PhoneNumber = {
  written: string;
  /** digits, with a plus sign before an international one: what a `tel:` link holds (RFC 3966) */
  dial: string;
};

const digits = String.raw`\d[\d \u00a0./()-]{4,22}\d`;
const labelled = new RegExp(
  String.raw`(?<![\p{L}\d])(?:tel(?:efono)?|phone|ph|cell(?:ulare)?|mob(?:ile)?|recapito)(?:\s?/\s?fax)?[.:\s]{1,4}(\(?(?:\+|00)?${digits})`,
  'iu',
);
const international = new RegExp(String.raw`(?<![\p{L}\d])(\(?\+${digits})`, 'u');
const fax = /\bfax\W{0,4}$/iu;

/** Parses text known to be a phone number; null if it cannot be dialled. */
export function readPhone(text: string): PhoneNumber | null {
  return findNumber(`tel: ${text}`);
}

/** The first number in a line that is labelled as a phone or international, or null if there is none. */
export function findNumber(line: string): PhoneNumber | null {
  const found = labelled.exec(line) ?? international.exec(line);
  const written = found?.[1]?.trim();
  if (found === null || written === undefined || fax.test(line.slice(0, found.index))) return null;
  // without the trunk zero of international notation
  const dialled = written.replace('(0)', '').replace(/\D/gu, '');
  const dial = /^\(?\+/u.test(written) ? `+${dialled}` : dialled.replace(/^00/u, '+');
  const length = dial.replace('+', '').length;
  return length >= 6 && length <= 15 ? { written, dial } : null;
}
