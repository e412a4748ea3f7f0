import { normaliseEmail } from '../address/address.ts';
import { oneLine } from '../letters/clean.ts';
import type { BounceReport } from '../message/message.ts';
import { readMessageIds } from '../message/thread.ts';

/** A part of a report, in order: lower-case media type and decoded text. */
export type ReportPart = { contentType: string; text: string };

type Recipient = BounceReport['recipients'][number];
type Fields = Map<string, string>;

/**
 * Reads a delivery status report (RFC 3464), or the free-form notices of qmail, Exim and other old servers.
 * @param parts the leaves of the mail in order, `message/rfc822` included
 * @param failedRecipients values of X-Failed-Recipients (Exim)
 * @param answered the mails that it says it answers, which is where Gmail and Exchange name the returned one
 * @returns null where neither the mail it speaks of nor a recipient can be read
 */
export function readBounce(
  parts: ReportPart[],
  failedRecipients: string[] = [],
  answered: string[] = [],
): BounceReport | null {
  const status = parts.filter(
    ({ contentType }) =>
      contentType === 'message/delivery-status' || contentType === 'message/global-delivery-status',
  );
  const returned = parts.filter(({ contentType }) => isReturnedMail(contentType));
  const prose = proseOf(parts);
  const reported = status.flatMap(({ text }) => readDeliveryStatus(text));
  const inProse = returnedInProse(prose);
  const headers = [...returned.map(({ text }) => text), inProse];
  const ids = [...headers.map(originalId), originalId(prose), namedId(prose), answered[0] ?? null];
  const originalMessageId = ids.find((id) => id !== null) ?? null;
  const own = prose.slice(0, prose.length - inProse.length);
  const recipients =
    reported.length > 0
      ? reported
      : readProse(own.replaceAll(originalMessageId ?? '\0', ''), failedRecipients, headers.map(addressee));
  return originalMessageId === null && recipients.length === 0 ? null : { originalMessageId, recipients };
}

/** The end of a longer notice adds nothing. */
const longestProse = 200_000;

/** The report's own text; HTML only if it has no plain text. */
function proseOf(parts: ReportPart[]): string {
  const of = (type: string) =>
    parts.filter(({ contentType }) => contentType === type).map(({ text }) => text);
  const plain = of('text/plain').join('\n').slice(0, longestProse);
  if (plain.trim() !== '') return plain;
  return of('text/html')
    .join('\n')
    .slice(0, longestProse)
    .replace(/<(?:br|p|div|tr|li|h\d)\b[^<>]*>/giu, '\n')
    .replace(/<[^<>]*>/gu, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', ' ');
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
        diagnostic:
          diagnostic === undefined ? null : diagnosticLine(diagnostic.replace(/^[\w-]+\s*;\s*/u, '')),
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

function diagnosticLine(text: string): string {
  return oneLine(text).slice(0, 500);
}

/** The Message-ID in the headers of a returned mail, which some programs indent or mark as a quote. */
function originalId(text: string): string | null {
  const head = text.slice(0, longestProse).replace(/\n[ \t]+(?=<)/gu, ' ');
  const line = /^[ \t>|]*message-id\s*:([^\n]*)/imu.exec(head)?.[1];
  return line === undefined ? null : (readMessageIds(line)[0] ?? null);
}

/** An id that is named within a sentence: `the message <…> could not be delivered`, `ID messaggio: …`. */
function namedId(prose: string): string | null {
  const found =
    /(?:message[- ]?id|id (?:del )?messaggio|identificativo|nachrichten-id|\bmessage|messaggio)\b[^<\n]{0,40}<([^<>\s]{3,900}@[^<>\s]{1,90})>/iu.exec(
      prose,
    );
  return found === null ? null : `<${found[1]}>`;
}

/** Recipient in the headers of a returned mail. */
function addressee(text: string): string {
  return /^[ \t>|]*to\s*:([^\n]{0,500})/imu.exec(text.slice(0, longestProse))?.[1] ?? '';
}

/**
 * Separator above the returned mail that old servers paste into their own text: a line that announces it, in the languages
 * around here, or headers found only on delivered mail.
 */
const separator = new RegExp(
  `^(?:${[
    String.raw`--- Below this line is a copy of the message\.?`,
    '-{2,} (?:This is a copy of|The header of) .*',
    String.raw`[-=_*#\s]{0,40}(?:original message|(?:original )?message (?:headers?|follows?|text)|` +
      'returned (?:message|mail|headers?)|(?:undelivered|unsent) message|' +
      'messaggio (?:originale|restituito|non recapitato)|' +
      String.raw`(?:intestazioni|testata|testo|copia) (?:del|originale)|urspr\p{L}+ nachricht|kopfzeilen|` +
      String.raw`message d['’]origine|(?:mensaje|mensagem) original|oorspronkelijk bericht)\b[^\n]{0,60}`,
    String.raw`[ \t>|]*(?:received|return-path|dkim-signature|message-id|x-[a-z-]{3,40})\s*:\s.*`,
  ].join('|')})$`,
  'imu',
);

function returnedInProse(prose: string): string {
  const found = separator.exec(prose);
  return found === null ? '' : prose.slice(found.index);
}

/** qmail: `<anna@acme.it>:` alone on a line; Exim and others: the address alone, indented, or in angle brackets. */
const failedLine = /^[ \t]*<?([^\s<>:;"']{1,64}@[^\s<>:;"']{3,190})>?[ \t]*(?::[ \t]*)?$/gmu;
/** Anywhere in a sentence: `Impossibile recapitare il messaggio a anna@acme.it.` */
const anyAddress = /[^\s<>()[\]:;,"'`=]{1,64}@[a-z0-9.-]{3,190}/giu;
const mostCandidates = 50;

/**
 * Failed recipients named by the notice: in a header, alone on a line, or in a sentence. A notice that names nobody is about
 * the recipient of the returned mail.
 */
function readProse(prose: string, failedRecipients: string[], addressees: string[]): Recipient[] {
  const own = prose.slice(0, 20_000);
  const lines = Array.from(own.matchAll(failedLine), (found) => found[1] ?? '');
  const candidates = [
    failedRecipients.flatMap((value) => value.split(',')),
    lines,
    Array.from(own.matchAll(anyAddress), ([found]) => found),
    addressees.flatMap((to) => Array.from(to.matchAll(anyAddress), ([found]) => found)),
  ].map((found) => emailsOf(found));
  const emails = candidates.find((found) => found.size > 0) ?? [];
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/u.exec(own)?.[0] ?? null;
  const delayed =
    /\b(?:delayed|will (?:continue|keep) (?:trying|to)|still (?:trying|being retried)|ritardat[oa]|ritardo|ritenter|verzögert|retardé|retras\p{L}+)/iu.test(
      own,
    );
  const diagnostic = own.split('\n').find((line) => /\b[45]\d\d[ -]/u.test(line));
  return Array.from(emails, (email) => ({
    email,
    action: delayed ? 'delayed' : 'failed',
    status,
    diagnostic: diagnostic === undefined ? null : diagnosticLine(diagnostic),
  }));
}

function emailsOf(candidates: string[]): Set<string> {
  return new Set(
    candidates
      .slice(0, mostCandidates)
      .map((candidate) => normaliseEmail(candidate.trim().replace(/[.\s]+$/u, '')))
      .filter((email) => email !== null),
  );
}
