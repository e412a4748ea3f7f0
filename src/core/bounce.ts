import { normaliseEmail } from './address.ts';
import { oneLine } from './clean.ts';
import type { BounceReport } from './message.ts';
import { readMessageIds } from './thread.ts';

/** A part of a report, in order: lower-case media type and decoded text. */
export type ReportPart = { contentType: string; text: string };

type Recipient = BounceReport['recipients'][number];
type Fields = Map<string, string>;

/**
 * Reads a delivery status report (RFC 3464), or the free-form notices of qmail, Exim and other old servers.
 * @param parts the leaves of the mail in order, `message/rfc822` included
 * @param failedRecipients values of X-Failed-Recipients (Exim)
 * @returns null where neither the mail it speaks of nor a recipient can be read
 */
export function readBounce(parts: ReportPart[], failedRecipients: string[] = []): BounceReport | null {
  const status = parts.filter(
    ({ contentType }) =>
      contentType === 'message/delivery-status' || contentType === 'message/global-delivery-status',
  );
  const returned = parts.filter(({ contentType }) => isReturnedMail(contentType));
  const prose = parts
    .filter(({ contentType }) => contentType === 'text/plain' || contentType === 'text/html')
    .map(({ text }) => text)
    .join('\n');

  const reported = status.flatMap(({ text }) => readDeliveryStatus(text));
  const recipients = reported.length > 0 ? reported : readProse(prose, failedRecipients);
  const ids = [...returned.map(({ text }) => text), returnedInProse(prose)].map(originalId);
  const originalMessageId = ids.find((id) => id !== null) ?? null;
  return originalMessageId === null && recipients.length === 0 ? null : { originalMessageId, recipients };
}

function isReturnedMail(contentType: string): boolean {
  return /^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/global-headers)$/u.test(contentType);
}

/** Groups of `name: value` lines, separated by empty ones (RFC 3464 §2.1); continuation lines unfolded. */
function readGroups(text: string): Fields[] {
  return text
    .slice(0, 200_000)
    .split(/\n[ \t]*\n/u)
    .map((group) => {
      const fields: Fields = new Map();
      for (const line of group.replace(/\n[ \t]+/gu, ' ').split('\n')) {
        const colon = line.indexOf(':');
        const name = line.slice(0, colon).trim().toLowerCase();
        if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
      }
      return fields;
    });
}

function readDeliveryStatus(text: string): Recipient[] {
  return readGroups(text).flatMap((fields) => {
    const email = recipientOf(fields.get('original-recipient')) ?? recipientOf(fields.get('final-recipient'));
    if (email === null) return [];
    const diagnostic = fields.get('diagnostic-code');
    return [
      {
        email,
        action: readAction(fields.get('action')),
        status: /\d\.\d{1,3}\.\d{1,3}/u.exec(fields.get('status') ?? '')?.[0] ?? null,
        diagnostic: diagnostic === undefined ? null : shorten(diagnostic.replace(/^[\w-]+\s*;\s*/u, '')),
      },
    ];
  });
}

/** `rfc822; anna@acme.it` */
function recipientOf(value: string | undefined): string | null {
  const address = value
    ?.replace(/^[^;]*;/u, '')
    .trim()
    .replace(/^<|>$/gu, '');
  return address === undefined ? null : normaliseEmail(address);
}

function readAction(value: string | undefined): Recipient['action'] {
  const action = (value ?? '').trim().toLowerCase();
  if (action === 'failed' || action === 'delayed' || action === 'delivered') return action;
  return 'other';
}

function shorten(text: string): string {
  return oneLine(text).slice(0, 500);
}

/** The Message-ID in the headers of a returned mail. */
function originalId(text: string): string | null {
  const head = text.slice(0, 200_000).replace(/\n[ \t]+/gu, ' ');
  const line = /^message-id\s*:([^\n]*)/imu.exec(head)?.[1];
  return line === undefined ? null : (readMessageIds(line)[0] ?? null);
}

/** Where old servers paste the returned mail into their own text. */
const separator =
  /^(?:--- Below this line is a copy of the message\.?|-{2,} (?:This is a copy of|The header of) .*|-{3,} ?(?:Original message|Original message follows|Returned message|Undelivered message|Messaggio originale).*)$/imu;

function returnedInProse(prose: string): string {
  const found = separator.exec(prose.slice(0, 200_000));
  return found === null ? '' : prose.slice(found.index);
}

/** qmail: `<anna@acme.it>:` alone on a line; Exim and others: the address alone, indented, or in angle brackets. */
const failedLine = /^[ \t]*<?([^\s<>:;"']{1,64}@[^\s<>:;"']{3,190})>?[ \t]*(?::[ \t]*)?$/gmu;

function readProse(prose: string, failedRecipients: string[]): Recipient[] {
  const separated = separator.exec(prose.slice(0, 200_000));
  const own = prose.slice(0, separated?.index ?? 20_000);
  const named = failedRecipients.flatMap((value) => value.split(','));
  const candidates =
    named.length > 0 ? named : Array.from(own.matchAll(failedLine), (found) => found[1] ?? '');
  const emails = new Set(
    candidates.map((candidate) => normaliseEmail(candidate.trim())).filter((email) => email !== null),
  );
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/u.exec(own)?.[0] ?? null;
  const delayed = /\b(?:delayed|will (?:continue|keep) (?:trying|to)|ritardat[oa]|ritenter)/iu.test(own);
  const diagnostic = own.split('\n').find((line) => /\b[45]\d\d[ -]/u.test(line));
  return Array.from(emails, (email) => ({
    email,
    action: delayed ? 'delayed' : 'failed',
    status,
    diagnostic: diagnostic === undefined ? null : shorten(diagnostic),
  }));
}
