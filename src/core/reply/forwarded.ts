import type { HeaderField } from '../lines/header-block.ts';
import { cutBanner } from '../lines/banner.ts';
import type { ForwardedAt } from './cut/line-labels.ts';
import type { Line } from '../lines/lines.ts';
import { type HeaderRole, withoutPrefix } from '../lines/vocabulary.ts';
import type { Label, Forwarded } from '../message/reply.ts';

/**
 * Reads sender, subject and text of a forwarded original.
 * @param subject the forwarding mail's, for originals that bring none of their own
 */
export function readForwarded(
  lines: Line[],
  labels: Label[],
  { from: start, header }: ForwardedAt,
  subject: string,
): Forwarded {
  const fields = 'fields' in header ? header.fields : [];
  const sender = 'words' in header ? header.words : senderOf(fields);
  const ownSubject = subjectOf(fields);
  return {
    from: sender === null ? null : readPerson(sender),
    subject: ownSubject ?? (withoutPrefix(subject) || null),
    text: textOf(withoutBanner(lines.slice(start).filter((_, i) => labels[start + i] === 'forwarded'))),
  };
}

function withoutBanner(lines: Line[]): Line[] {
  return lines.slice(cutBanner(lines, 0));
}

function valueOf(fields: HeaderField[], role: HeaderRole): string | null {
  return fields.find((field) => field.role === role && field.value !== '')?.value ?? null;
}

function senderOf(fields: HeaderField[]): string | null {
  return (
    valueOf(fields, 'from') ??
    fields.find(({ role, value }) => role === null && /@/u.test(value))?.value ??
    null
  );
}

/** The subject; in a language we have no words of, the one value that is neither an address nor a date. */
function subjectOf(fields: HeaderField[]): string | null {
  const known = valueOf(fields, 'subject');
  if (known !== null || fields.some(({ role }) => role !== null)) return known;
  return (
    fields.find(({ value }) => value !== '' && !/@/u.test(value) && !/\d{1,2}[:.]\d{2}/u.test(value))
      ?.value ?? null
  );
}

const email = /[^\s<>"'()[\],;:«»“”„]{1,64}@[^\s<>"'()[\],;:«»“”„]{1,190}/u;

/** The first mailbox in a header's value or an attribution: the name precedes the address, without a date. */
function readPerson(value: string): { name: string; email: string } | null {
  const text = value.slice(0, 600).replace(/<?mailto:[^<>\s\]]{1,250}[>\]]?/gu, (link) => {
    const address = email.exec(link.replace(/^<?mailto:/u, ''))?.[0] ?? '';
    return /^<?mailto:/u.test(link) && value.replace(link, '').includes(address) ? '' : `<${address}>`;
  });
  const found = email.exec(text.replace(/^[^@]*?<(?=[^<>\s]+@)/u, (before) => before));
  if (found === null) return null;
  // `john.doe@acme.com <john.doe@acme.com>` names nobody
  const bracketed = /<\s?([^\s<>@]{1,64}@[^\s<>]{1,190}?)\s?>/u.exec(text);
  const address = bracketed?.[1] ?? found[0];
  const before = text.slice(0, text.indexOf(bracketed?.[0] ?? found[0]));
  const name = cleanName(before);
  return { name: email.test(name) ? '' : name, email: address.toLowerCase().replace(/[.>]+$/u, '') };
}

/** A name without quotes, brackets and, in an attribution, without the date and the words before it. */
function cleanName(before: string): string {
  const quoted = /["«“„]\s?([^"»”“]{1,120}?)\s?["»”]\s?[<([]?\s?$/u.exec(before);
  if (quoted?.[1] !== undefined) return quoted[1].trim();
  return before
    .replace(
      /^.*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s?(?:[AP]M)?\s?(?:[A-Z]{3,4}(?=\s))?(?:[+-]\d{4})?\s?(?:,|schrieb|skrev|schreef|heeft|пользователь|używateľ|użytkownik|používateľ|időpontban|utente)?/u,
      '',
    )
    .replace(/^[\s,:]*(?:schrieb|skrev|schreef|heeft|пользователь|użytkownik|používateľ|időpontban)\s/u, '')
    .replace(/[<([\s"'«»„“”]+$/u, '')
    .replace(/^["'«»„“”\s,]+/u, '')
    .replace(/\s+/gu, ' ')
    .slice(0, 200)
    .trim();
}

/** The text below the quoted header, one quote depth and a common indent taken away. */
function textOf(lines: Line[]): string {
  const first = lines.find(({ blank }) => !blank);
  const depth = first?.depth ?? 0;
  return lines
    .map((line) => (depth === 0 || line.depth === 0 ? line.raw : unquote(line, depth)))
    .map((text) => text.trimEnd())
    .join('\n')
    .replace(/\n{3,}/gu, '\n\n')
    .replace(/^(?:[ \t\ufeff\u00a0]*\n)+/u, '')
    .trimEnd();
}

function unquote(line: Line, depth: number): string {
  return line.depth > depth ? `${'>'.repeat(line.depth - depth)} ${line.body}` : line.body;
}
