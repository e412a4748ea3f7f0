import { readClientForm } from './client-form.ts';
import { type Line, readLines, safeLines } from './mail-lines.ts';
import type { Message } from './message.ts';
import { findContactBlock } from './signature.ts';

/** A number as people write it, and as it is dialled. */
export type PhoneNumber = {
  written: string;
  /** digits, with a plus sign before an international one: what a `tel:` link holds (RFC 3966) */
  dial: string;
};

/** A phone number of a client's, and where in their mail it stands: in the form, or in what is most likely a signature. */
export type Phone = PhoneNumber & { from: 'form' | 'signature' };

const digits = String.raw`\d[\d \u00a0./()-]{4,22}\d`;
const labelled = new RegExp(
  String.raw`(?<![\p{L}\d])(?:tel(?:efono)?|phone|ph|cell(?:ulare)?|mob(?:ile)?|recapito)(?:\s?/\s?fax)?[.:\s]{1,4}(\(?(?:\+|00)?${digits})`,
  'iu',
);
const international = new RegExp(String.raw`(?<![\p{L}\d])(\(?\+${digits})`, 'u');
const fax = /\bfax\W{0,4}$/iu;

/**
 * The number under which a client may be called, as their own mail gives it: in the manual's form, else in the signature below
 * their text. A number that is neither labelled as a phone nor international is none: signatures hold VAT numbers too.
 * @returns null where there is none
 */
export function phoneOf(message: Message): Phone | null {
  const { reply, fullText } = message;
  const form = readClientForm(reply.text).phone;
  const inForm = form === null ? null : readPhone(form);
  if (inForm !== null) return { ...inForm, from: 'form' };
  // what somebody passes on is signed by another
  if (reply.forwarded !== null) return null;
  for (const line of [...cutSignature(message, fullText), ...contactBlock(reply.text)]) {
    const found = findNumber(line.bare);
    if (found !== null) return { ...found, from: 'signature' };
  }
  return null;
}

/** A number that is known to be one; null: it cannot be dialled. */
export function readPhone(text: string): PhoneNumber | null {
  return findNumber(`tel: ${text}`);
}

function cutSignature({ reply }: Message, fullText: string): Line[] {
  const signed = reply.cuts.filter(({ reason }) => reason === 'signature');
  if (signed.length === 0) return [];
  const lines = readLines(safeLines(fullText));
  return signed.flatMap(({ fromLine, toLine }) => lines.slice(fromLine - 1, toLine));
}

function contactBlock(text: string): Line[] {
  const lines = readLines(safeLines(text));
  return lines.slice(findContactBlock(lines, 0, lines.length));
}

function findNumber(line: string): PhoneNumber | null {
  const found = labelled.exec(line) ?? international.exec(line);
  const written = found?.[1]?.trim();
  if (found === null || written === undefined || fax.test(line.slice(0, found.index))) return null;
  // without the trunk zero of international notation
  const dialled = written.replace('(0)', '').replace(/\D/gu, '');
  const dial = /^\(?\+/u.test(written) ? `+${dialled}` : dialled.replace(/^00/u, '+');
  const length = dial.replace('+', '').length;
  return length >= 6 && length <= 15 ? { written, dial } : null;
}
