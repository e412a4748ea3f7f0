import { findAside } from './internal-aside.ts';
import { isMarkerLine } from '../letters/marker.ts';
import type { Case } from '../case/case.ts';
import { isTooLongToCompare, keysOf, quotedKeys } from './quotes.ts';
import { findTokens, withoutTokens } from '../address/reply-token.ts';
import { splitLines, wordsOf } from '../letters/text.ts';
import type { Company, Ticket } from '../ticket/ticket.ts';
import type { Address } from '../address/address.ts';
import { type ClientText } from '../ticket/template-views.ts';
import type { ConfirmReason, Problem } from '../ticket/reasons.ts';

/** Verdict on whether staff text may reach a client. `doubt`: only once its writer has seen it as the client would. */
export type Guarded =
  | { ok: true; text: ClientText; doubt: ConfirmReason | null }
  | { ok: false; problem: Problem };

/** The reader: the company, and the person. */
export type ClientReader = { company: Company; address: Address };

/**
 * The only path of staff text to a client (promises 2 and 4, BAD-MAIL 98). Refuses a reply token in any spelling, and words of
 * another company's ticket that the mail names. Doubts words of an internal communication, text that calls itself internal,
 * and the name of another company whose ticket is named. Text below one of our marker lines was never meant for the client,
 * and is cut. Linear in the size of the text.
 */
export function guard(c: Case, text: string, reader: ClientReader): Guarded {
  const { knownTokens } = c.snapshot;
  if (!isFree(text, knownTokens)) return { ok: false, problem: { kind: 'token_in_solution' } };
  const said = aboveMarker(text).trim();
  if (!isFree(said, knownTokens)) return { ok: false, problem: { kind: 'token_in_solution' } };
  const keys = quotedKeys(said);
  const { ours, others } = ticketsNamed(c, reader.company);
  const strange = others.find((each) => shares(keys, wordsOfTicket(each)));
  if (strange !== undefined)
    return { ok: false, problem: { kind: 'other_company_text', ticket: strange.ticket.number } };
  return { ok: true, text: said, doubt: doubtAbout(c, { text: said, keys }, reader, { ours, others }) };
}

/**
 * The client's own text, or text they have read before, with quoted reply tokens masked. Contains nothing that staff write
 * now.
 */
export function clientsOwn(c: Case, text: string): ClientText {
  return maskedFor(text, c.snapshot.knownTokens);
}

/** Words that no staff member wrote, as a client's mail takes them. */
export function maskedFor(text: string, known: ReadonlySet<string> = new Set()): ClientText {
  const shown = withoutTokens(text, known);
  if (isFree(shown, known)) return shown;
  throw new Error('a text whose reply tokens are masked holds another one');
}

function isFree(text: string, known: ReadonlySet<string>): text is ClientText {
  return findTokens(text, known).length === 0;
}

function aboveMarker(text: string): string {
  const lines = splitLines(text);
  const marker = lines.findIndex(isMarkerLine);
  return marker === -1 ? text : lines.slice(0, marker).join('\n').trimEnd();
}

type Named = Case['snapshot']['named'][number];

/** The tickets that a mail names: those of the reader's company, and those of others. */
type NamedTickets = { ours: Named[]; others: Named[] };

function ticketsNamed(c: Case, company: Company): NamedTickets {
  const isOurs = ({ ticket }: Named): boolean => ticket.company.id === company.id;
  const { named } = c.snapshot;
  return { ours: named.filter(isOurs), others: named.filter((each) => !isOurs(each)) };
}

/** A text for the client, with the keys of its words. */
type Said = { text: string; keys: readonly number[] };

function doubtAbout(
  c: Case,
  { text, keys }: Said,
  reader: ClientReader,
  { ours, others }: NamedTickets,
): ConfirmReason | null {
  const { internalKeys, staff } = c.snapshot;
  if (keys.some((key) => internalKeys.has(key)) && !isTold(keys, internalKeys, ours)) return 'internal_words';
  if (isTooLongToCompare(text) || isSource(text)) return 'unsure_text';
  const names = staff.map(({ name }) => name);
  if (findAside(text, names, reader.address.name) !== null) return 'calls_internal';
  return others.some(({ ticket }) => mentions(text, ticket)) ? 'other_company' : null;
}

/** True if a program left its own code in a text: RTF, tags, undecoded quoted-printable. */
function isSource(text: string): boolean {
  return /\{\\rtf\d|<\/?(?:div|span|p|br|font|table|td|body|html|blockquote|style)\b[^<>]{0,500}>|(?:=[0-9A-F]{2}){2}/u.test(
    text,
  );
}

/**
 * True if everything that a text shares with internal communication also occurs in what the reader's company wrote or read on
 * these tickets.
 */
function isTold(keys: readonly number[], internal: ReadonlySet<number>, ours: readonly Named[]): boolean {
  const told = new Set(
    ours.flatMap(({ ticket, events }) =>
      [ticket.subject, ...events.filter(({ forClient }) => forClient).map(({ text }) => text)].flatMap(
        quotedKeys,
      ),
    ),
  );
  return keys.every((key) => !internal.has(key) || told.has(key));
}

function shares(keys: readonly number[], words: ReadonlySet<number>): boolean {
  return keys.some((key) => words.has(key));
}

/** All that anybody wrote on a ticket. */
function wordsOfTicket({ ticket, events }: Named): ReadonlySet<number> {
  return new Set([ticket.subject, ticket.description, ...events.map(({ text }) => text)].flatMap(keysOf));
}

const legalForm = /^(?:srl|srls|spa|snc|sas|sapa|scarl|ltd|llc|inc|gmbh|ag|sa|s|r|l|p|a|n|c|e|and)$/u;

/** True if a text names a ticket's company or requester. */
function mentions(text: string, { company, requester }: Ticket): boolean {
  if (text.toLowerCase().includes(requester.email)) return true;
  const words = ` ${wordsOf(text).join(' ')} `;
  const firm = wordsOf(company.name).filter((word) => !legalForm.test(word));
  const person = wordsOf(requester.name);
  return [firm, person.length > 1 ? person : []].some(
    (name) => name.join('').length > 2 && words.includes(` ${name.join(' ')} `),
  );
}
