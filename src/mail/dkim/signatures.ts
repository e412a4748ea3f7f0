/**
 * Selects the input for the library that verifies DKIM: the signatures that could count, and the fields they name. A mail's
 * writer controls its number of signatures, the length of its lines, and its other fields; the library's time is
 * quadratic in some of these.
 */
import { parseFrom } from '../../core/address/address-list.ts';
import { emailDomain } from '../../core/address/address.ts';
import { aligned } from '../../core/message/authentication.ts';
import { decodeHeaderBytes } from '../../core/letters/decode-charset.ts';

/** A signature of the From domain. */
type Selected = {
  domain: string;
  /** it has a length, l=: text behind it could be anything (BAD-MAIL 37) */
  partial: boolean;
};

export type ForVerification = {
  selected: Selected[];
  /** names of all header fields, lower-case, in order */
  present: string[];
  /** the fields covered by signatures that could count, those signatures, and the body, or null if none could */
  bytes: Buffer | null;
};

/** A genuine mail has one or two of its own domain; each costs a look-up chosen by the mail's writer. */
const mostSignatures = 3;
/** Bytes of a signature's field, and of a From; no genuine one is longer. */
const longestField = 8_192;
/** Lines of the header block: 10,000 recipients, a line each, are among them. */
const mostHeaderLines = 20_000;
/** Bytes of a line. SMTP takes 998 (RFC 5321 §4.5.3.1.6), and no server signs a longer one that then arrives whole. */
const longestLine = 100_000;

type Field = { name: string; start: number; end: number };

/**
 * Chooses the signatures worth verifying, in one pass over the bytes.
 * @param bytes lines ended by CRLF
 * @returns null where a bound is passed or the headers can be read in two ways: nothing is verified
 */
export function selectSignatures(bytes: Buffer): ForVerification | null {
  const block = readFields(bytes);
  if (block === null || hasLongLine(bytes)) return null;
  const { fields, end } = block;
  const present = fields.map(({ name }) => name);
  const valueOf = (field: Field) =>
    bytes.subarray(bytes.indexOf(0x3a, field.start) + 1, field.end).toString('latin1');
  const froms = fields.filter(({ name }) => name === 'from');
  if (froms.some((from) => from.end - from.start > longestField)) return null;
  const from = parseFrom(
    froms.map((field) =>
      decodeHeaderBytes(bytes.subarray(bytes.indexOf(0x3a, field.start) + 1, field.end)).replaceAll(
        '\r\n',
        '',
      ),
    ),
  );
  if (!from.ok) return { selected: [], present, bytes: null };

  const fromDomain = emailDomain(from.address.email);
  const own = fields
    .filter(({ name, start, end: last }) => name === 'dkim-signature' && last - start <= longestField)
    .map((field) => ({ field, tags: readTags(valueOf(field)) }))
    .filter(({ tags }) => aligned(tags.get('d')?.toLowerCase() ?? '', fromDomain))
    .slice(0, mostSignatures);
  const selected = own.map(({ tags }) => ({ domain: tags.get('d') ?? '', partial: tags.has('l') }));
  const whole = own.filter(({ tags }) => !tags.has('l'));
  if (whole.length === 0) return { selected, present, bytes: null };

  const named = new Set(whole.flatMap(({ tags }) => (tags.get('h') ?? '').toLowerCase().split(':')));
  const kept = fields.filter(
    (field) => field.name === 'from' || whole.some((one) => one.field === field) || isNamed(field, named),
  );
  const head = kept.flatMap((field) => [bytes.subarray(field.start, field.end), crlf]);
  return { selected, present, bytes: Buffer.concat([...head, crlf, bytes.subarray(end)]) };
}

const crlf = Buffer.from('\r\n');

/** True if a signature names the field. Other signatures never count: one that signs another is not verified. */
function isNamed({ name }: Field, named: Set<string>): boolean {
  return name !== 'dkim-signature' && named.has(name);
}

/** The fields of the header block and the start of the body, or null for too many lines or one that neither is nor continues a field. */
function readFields(bytes: Buffer): { fields: Field[]; end: number } | null {
  const fields: Field[] = [];
  let at = 0;
  for (let lines = 0; at < bytes.length; lines += 1) {
    if (lines === mostHeaderLines) return null;
    const found = bytes.indexOf(0x0a, at);
    const next = found < 0 ? bytes.length : found + 1;
    const end = found > at && bytes[found - 1] === 0x0d ? found - 1 : found < 0 ? bytes.length : found;
    if (end === at) return { fields, end: next };
    const last = fields.at(-1);
    if (last !== undefined && (bytes[at] === 0x20 || bytes[at] === 0x09)) last.end = end;
    else {
      const head = bytes.toString('latin1', at, Math.min(end, at + 120));
      const name = /^([!-9;-~]{1,100})[ \t]*:/u.exec(head)?.[1];
      if (name !== undefined) fields.push({ name: name.toLowerCase(), start: at, end });
      // what an mbox file has on top
      else if (at > 0 || !head.startsWith('From ')) return null;
    }
    at = next;
  }
  return { fields, end: at };
}

function hasLongLine(bytes: Buffer): boolean {
  let at = 0;
  while (at < bytes.length) {
    const found = bytes.indexOf(0x0a, at);
    const end = found < 0 ? bytes.length : found;
    if (end - at > longestLine) return true;
    at = end + 1;
  }
  return false;
}

/** The tags of a signature (RFC 6376 §3.2), without the white space within; the first of two of a name stays. */
function readTags(value: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const part of value.split(';')) {
    const sign = part.indexOf('=');
    const name = part.slice(0, sign).trim();
    if (sign > 0 && !tags.has(name)) tags.set(name, part.slice(sign + 1).replace(/\s/gu, ''));
  }
  return tags;
}
