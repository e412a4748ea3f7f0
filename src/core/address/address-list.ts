/**
 * Written by hand: the From address carries authority. nodemailer's address parser, which mailparser uses,
 * guesses where an entry can be read in two ways.
 */
import { type Address, emailDomain, readAddrSpec, type Token, tokenise } from './address.ts';
import { oneLine } from '../letters/clean.ts';
import { decodeHeaderText } from '../letters/header-text.ts';
import type { AddressProblem, FromProblem } from '../words/quarantine.ts';

/** The From header: exactly one strictly parsed address, or the reason why it names nobody (BAD-MAIL 25–27, 32). */
export type From = { ok: true; address: Address } | { ok: false; why: FromProblem; shown: string };

/** Parsed address header. `problems`: one for each entry that contains no mailbox. */
export type AddressList = {
  addresses: Address[];
  problems: AddressProblem[];
  /** number of groups (`name: a, b;`), empty ones included */
  groups: number;
  /** a group inside a group, which RFC 5322 forbids and programs read differently (BAD-MAIL 14) */
  nestedGroups: boolean;
};

/**
 * Reads a To, Cc, Reply-To or From header (RFC 5322 §3.4), strictly: an entry that several programs could read
 * differently is a problem, not a guess. Linear in the header's length; 10,000 recipients are nothing special.
 * @param header the unfolded value, encoded words still encoded: they are decoded only after the
 * structure is known, so that nothing inside one is ever an address
 */
export function parseAddressList(header: string): AddressList {
  const list: AddressList = { addresses: [], problems: [], groups: 0, nestedGroups: false };
  let inGroup = false;
  let entry: Token[] = [];
  let broken = false;
  let inAngle = false;

  const finish = () => {
    if (broken) list.problems.push('unclosed');
    else if (entry.some((token) => token.kind !== 'comment')) {
      const read = readEntry(entry);
      if (read.ok) list.addresses.push(read.address);
      else list.problems.push(read.why);
    }
    entry = [];
    broken = false;
    inAngle = false;
  };

  for (const token of tokenise(header)) {
    if (token === null) {
      broken = true;
      continue;
    }
    const special = token.kind === 'special' ? token.text : null;
    if (special === '<') inAngle = true;
    if (special === '>') inAngle = false;
    if (special === ':' && !inAngle && !entry.some((other) => other.kind === 'special')) {
      if (inGroup) list.nestedGroups = true;
      inGroup = true;
      list.groups += 1;
      entry = [];
    } else if (special === ';' && !inAngle) {
      finish();
      inGroup = false;
    } else if (special === ',' && !inAngle) finish();
    else entry.push(token);
  }
  finish();
  return list;
}

type Read = { ok: true; address: Address } | { ok: false; why: AddressProblem };

/** One entry of a list: `name <address>`, `address` or `address (name)`. */
function readEntry(entry: Token[]): Read {
  const comments = entry.filter((token) => token.kind === 'comment').map((token) => token.text);
  const tokens = entry.filter((token) => token.kind !== 'comment');
  const open = tokens.findIndex((token) => token.kind === 'special' && token.text === '<');
  if (open < 0) {
    const email = readAddrSpec(tokens);
    if (!email.ok) return email;
    return { ok: true, address: { name: displayName(comments), email: email.email } };
  }
  const close = tokens.findIndex((token) => token.kind === 'special' && token.text === '>');
  if (close !== tokens.length - 1) {
    return { ok: false, why: close < 0 ? 'no_closing_bracket' : 'more_behind_bracket' };
  }
  const email = readAddrSpec(withoutRoute(tokens.slice(open + 1, close)));
  if (!email.ok) return email;
  const phrase = tokens.slice(0, open);
  if (phrase.some((token) => token.kind === 'special' && token.text !== '@'))
    return { ok: false, why: 'two_addresses' };
  // `mario@acme.it <mario@acme.it>` breaks RFC 5322, but webmails write it
  const repeated = readAddrSpec(phrase);
  if (repeated.ok && repeated.email === email.email)
    return { ok: true, address: { name: '', email: email.email } };
  const name = phrase.length > 0 ? phrase.map((token) => token.text) : comments;
  return { ok: true, address: { name: displayName(name), email: email.email } };
}

/** Nobody reads more of a name; encoded, it takes up to some twenty times as many characters. */
const longestName = 300;

function displayName(words: string[]): string {
  const decoded = decodeHeaderText(words.join(' ').slice(0, 20 * longestName));
  return decoded.slice(0, longestName).toWellFormed().trim();
}

/**
 * A From whose phrase holds an @, a comma, a colon or a semicolon that nobody quoted, before its one bracketed address, which
 * ends it: `Ferri, Anna <anna@acme.it>`, `Anna @ ACME <…>`, `Ufficio: Anna <…>`. Every mail program shows one sender, and many
 * write so (BAD-MAIL 31). The phrase is kept as it is written, so that the reader sees an address that it contains.
 * @returns null where it is no such thing: two brackets, or an address of its own between the commas (BAD-MAIL 26)
 */
function phraseAndAddress(header: string): Address | null {
  const tokens = tokenise(header);
  while (tokens.at(-1)?.kind === 'comment') tokens.pop();
  const whole = tokens.filter((token) => token !== null);
  const count = (text: string) =>
    whole.filter((token) => token.kind === 'special' && token.text === text).length;
  const last = whole.at(-1);
  if (whole.length < tokens.length || last?.text !== '>' || count('<') !== 1 || count('>') !== 1) return null;
  const open = whole.findIndex((token) => token.kind === 'special' && token.text === '<');
  const email = readAddrSpec(withoutRoute(whole.slice(open + 1, -1)));
  const phrase = whole.slice(0, open);
  if (!email.ok || !phrase.some(({ kind }) => kind === 'special')) return null;
  const entries = entriesOf(phrase);
  const [repeated] = entries.map((entry) => readAddrSpec(entry));
  if (entries.length > 1 && entries.some(isAddress)) return null;
  const isRepeated = entries.length === 1 && repeated?.ok === true && repeated.email === email.email;
  return { name: isRepeated ? '' : displayName([phraseOf(header)]), email: email.email };
}

/** Splits a phrase at its commas, colons and semicolons. */
function entriesOf(phrase: Token[]): Token[][] {
  const entries: Token[][] = [[]];
  for (const token of phrase) {
    if (token.kind === 'special' && token.text !== '@') entries.push([]);
    else if (token.kind !== 'comment') entries.at(-1)?.push(token);
  }
  return entries;
}

/** `Anna @ ACME` is none. */
function isAddress(entry: Token[]): boolean {
  const read = readAddrSpec(entry);
  return read.ok && /[.[]/u.test(emailDomain(read.email));
}

/** Text before the only bracket outside quotes and comments, as written. */
function phraseOf(header: string): string {
  let at = header.indexOf('<');
  for (let tries = 0; tries < 20 && at >= 0; tries += 1) {
    const before = header.slice(0, at);
    if (!tokenise(before).includes(null)) return before;
    at = header.indexOf('<', at + 1);
  }
  return '';
}

/** Drops the obsolete route of `<@relay,@other:mario@acme.it>` (RFC 5322 §4.4). */
function withoutRoute(tokens: Token[]): Token[] {
  const first = tokens[0];
  if (first?.kind !== 'special' || first.text !== '@') return tokens;
  return tokens.slice(tokens.findIndex((token) => token.kind === 'special' && token.text === ':') + 1);
}

/**
 * The From header of a mail.
 * @param values every From header's unfolded value, encoded words still encoded
 * @returns the one address that speaks, or why there is none (BAD-MAIL 25–27, 32); `shown` is for people's eyes
 */
export function parseFrom(values: string[]): From {
  const shown = oneLine(values.map((value) => decodeHeaderText(value.slice(0, 2_000))).join(' | ')).slice(
    0,
    300,
  );
  const refuse = (why: FromProblem): From => ({ ok: false, why, shown });
  const [value] = values;
  if (value === undefined) return refuse({ kind: 'no_from' });
  if (values.length > 1) return refuse({ kind: 'several_froms', count: values.length });
  const phrased = phraseAndAddress(value);
  if (phrased !== null) return { ok: true, address: phrased };
  const list = parseAddressList(value);
  if (list.groups > 0) return refuse({ kind: 'from_group' });
  const [problem] = list.problems;
  if (problem !== undefined) return refuse({ kind: 'from_entry', problem });
  const [address] = list.addresses;
  if (address === undefined) return refuse({ kind: 'from_empty' });
  if (list.addresses.length > 1)
    return refuse({ kind: 'from_several_addresses', count: list.addresses.length });
  return { ok: true, address };
}
