import type { ClientForm, Phone } from '../message/client-words.ts';
import { type Line, readLines, safeLines } from '../lines/lines.ts';
import type { Reply } from '../message/reply.ts';
import { findNumber, readPhone } from '../letters/phone.ts';
import { findContactBlock } from '../lines/signature.ts';

/**
 * The number for calling a client back, as their own mail gives it: in the manual's form, else in the signature. A number that
 * is neither labelled as a phone nor international does not count: signatures contain VAT numbers too.
 * @returns null if there is none
 */
export function phoneOf(form: ClientForm, reply: Reply, fullText: string): Phone | null {
  const inForm = form.phone === null ? null : readPhone(form.phone);
  if (inForm !== null) return { ...inForm, from: 'form' };
  // what somebody passes on is signed by another
  if (reply.forwarded !== null) return null;
  for (const line of [...cutSignature(reply, fullText), ...contactBlock(reply.text)]) {
    const found = findNumber(line.bare);
    if (found !== null) return { ...found, from: 'signature' };
  }
  return null;
}

function cutSignature(reply: Reply, fullText: string): Line[] {
  const signed = reply.cuts.filter(({ reason }) => reason === 'signature');
  if (signed.length === 0) return [];
  const lines = readLines(safeLines(fullText));
  return signed.flatMap(({ fromLine, toLine }) => lines.slice(fromLine - 1, toLine));
}

function contactBlock(text: string): Line[] {
  const lines = readLines(safeLines(text));
  return lines.slice(findContactBlock(lines, 0, lines.length));
}
