import { companyName } from '../grammar/arguments.ts';
import { accept } from './answers/accept.ts';
import { reject } from './answers/reject.ts';
import type { HeldOrder, HeldReading, Which } from '../message/orders.ts';
import { normalise, oneSpaced, splitLines, withoutInvisible, wordsOf } from '../letters/text.ts';

/** Limits of reading an answer: further lines, and text further on in a line, are never orders. */
const mostLines = 300;
const longestLine = 1000;

const names = new Map<string, HeldOrder['name']>([
  ...phrasesOf(accept).map((phrase): [string, HeldOrder['name']] => [phrase, 'accept']),
  ...phrasesOf(reject).map((phrase): [string, HeldOrder['name']] => [phrase, 'reject']),
  ...['sblocca', 'sbloccare', 'unblock', 'annulla', 'annullare', 'annulla ultimo', 'undo'].map(
    (phrase): [string, HeldOrder['name']] => [phrase, 'lift'],
  ),
]);
const verbs = [...names.keys()].toSorted((a, b) => b.length - a.length).join('|');
const verb = `(?<verb>${verbs})(?![\\p{L}\\p{N}])`;
/** Each order has one: lines without are looked at no further. */
const anyVerb = new RegExp(verbs, 'iu');
const number = String.raw`(?:(?:n\.?|nr\.?|il|la|#)\s?)?\d{1,4}(?![\p{L}\p{N}])`;
const numbers = String.raw`(?<numbers>${number}(?:\s?(?:,|;|/|&|\be\b|\bed\b|\band\b)\s?${number}|\s?(?:[-–—]|\ba\b|\bto\b)\s?${number})*)`;
const others = String.raw`(?<others>(?:tutt[iaeo]\s+)?(?:(?:gli|le|i)\s+)?altr[ie](?![\p{L}\p{N}])|(?:tutto\s+)?il\s+resto|(?:all\s+)?(?:the\s+)?(?:others|rest)(?![\p{L}\p{N}]))`;
const all = String.raw`(?<all>(?:tutt[iaeo]|all|everything)(?![\p{L}\p{N}])(?!\s+(?:gli|le|the)?\s*(?:altr|others|rest)))`;
const always = String.raw`(?:(?<always>sempre|always)\s+)?`;
/** Before an order on the same line, and after its number. */
const before = String.raw`(?<=^|[,;.:]\s{0,3}|\s(?:e|ed|poi|and|then)\s)`;
const after = String.raw`[\s:.)=→–—-]{1,4}`;

const orderAt = (which: string): string => `${before}${which}`;
/** `1 rifiuta`, `3: accetta Rossi`, `gli altri rifiuta sempre` */
const namedFirst = [numbers, others, all].map(
  (which) => new RegExp(`${orderAt(which)}${after}${verb}`, 'giu'),
);
/** `rifiuta 1 e 2`, `rifiuta sempre tutti`, `accetta 3 Rossi` */
const verbFirst = [numbers, others, all].map(
  (which) => new RegExp(`${before}${verb}\\s{0,3}:?\\s{0,3}${always}${which}`, 'giu'),
);
/** `rifiuta`, `sblocca` */
const alone = new RegExp(`^${verb}`, 'giu');

type Start = { from: number; to: number; which: Which; name: HeldOrder['name']; always: boolean };

/**
 * Reads orders about held mail: one, or several for a list, in sequence or on lines of their own: `1 rifiuta, 3 accetta Rossi,
 * gli altri rifiuta sempre`. Everything must be understood except a greeting before and a name below, or no order takes
 * effect. Linear in the length of the text.
 */
export function readHeldOrders(text: string): HeldReading {
  const lines = splitLines(text)
    .map((line) => oneSpaced(withoutInvisible(line)).trim())
    .filter((line) => line !== '');
  const orders: HeldOrder[] = [];
  let isOver = false;
  for (const line of lines.slice(0, mostLines)) {
    const found = line.length > longestLine ? null : ordersOf(line);
    if (found === null) return { kind: 'unread', found: line.slice(0, 80) };
    if (found.length === 0) {
      if (!isGreeting(line)) return { kind: 'unread', found: line.slice(0, 80) };
      isOver = orders.length > 0;
      continue;
    }
    if (isOver) return { kind: 'unread', found: line.slice(0, 80) };
    orders.push(...found);
  }
  const [first, ...rest] = orders;
  if (first === undefined || lines.length > mostLines) return { kind: 'unread', found: '' };
  return { kind: 'orders', orders: [first, ...rest] };
}

/** Orders of one line; empty if it has none; null if part of it cannot be understood. */
function ordersOf(line: string): HeldOrder[] | null {
  const starts = startsIn(line);
  const [first] = starts;
  if (first === undefined) return [];
  if (line.slice(0, first.from).trim() !== '' && !isGreeting(line.slice(0, first.from))) return null;
  const orders: HeldOrder[] = [];
  for (const [i, start] of starts.entries()) {
    const end = starts[i + 1]?.from ?? line.length;
    const tail = line
      .slice(start.to, end)
      .replace(i + 1 < starts.length ? /(?:[,;\s]+(?:e|ed|poi|and|then))?[,;\s]*$/iu : /[;,\s]+$/u, '')
      .trim();
    const order = withArgument(start, tail);
    if (order === null) return null;
    orders.push(order);
  }
  return orders;
}

/** Starts of orders on a line, in order; one inside another does not count. */
function startsIn(line: string): Start[] {
  if (!anyVerb.test(line)) return [];
  const found = [...namedFirst, ...verbFirst].flatMap((pattern) =>
    Array.from(line.matchAll(pattern), (match) => startOf(match)),
  );
  const bare = Array.from(line.matchAll(alone), (match) => startOf(match));
  const sorted = [...found, ...bare].toSorted((a, b) => a.from - b.from || b.to - a.to);
  const starts: Start[] = [];
  for (const start of sorted) if (start.from >= (starts.at(-1)?.to ?? 0)) starts.push(start);
  return starts;
}

function startOf(match: RegExpExecArray): Start {
  const groups = match.groups ?? {};
  const which: Which =
    groups['numbers'] === undefined
      ? groups['others'] !== undefined
        ? { kind: 'others' }
        : groups['all'] === undefined
          ? null
          : { kind: 'all' }
      : { kind: 'numbers', numbers: readNumbers(groups['numbers']) };
  return {
    from: match.index,
    to: match.index + match[0].length,
    which,
    name: names.get(normalise(groups['verb'] ?? '')) ?? 'lift',
    always: groups['always'] !== undefined,
  };
}

/** `1, 3 e 5`, `2-4`; a range of more than 200 is no list of ours. */
function readNumbers(written: string): number[] {
  const read: number[] = [];
  let isRange = false;
  for (const [part] of written.matchAll(/\d{1,4}|[-–—]|\b(?:a|to)\b/giu)) {
    if (!/\d/u.test(part)) {
      isRange = true;
      continue;
    }
    const next = Number(part);
    const last = read.at(-1);
    if (isRange && last !== undefined && next > last && next - last <= 200)
      for (let n = last + 1; n < next; n += 1) read.push(n);
    read.push(next);
    isRange = false;
  }
  return [...new Set(read)];
}

function withArgument({ which, name, always: isAlways }: Start, tail: string): HeldOrder | null {
  switch (name) {
    case 'lift':
      return /^[\s.!]*$/u.test(tail) ? { which, name, argument: null } : null;
    case 'accept': {
      const read = companyName.read(tail);
      return read === null ? null : { which, name, argument: read.argument };
    }
    case 'reject': {
      // `1 rifiuta, 2 boh`: the reason that may stand there is no further number
      const read = /[,;]\s*\d/u.test(tail) ? null : (reject.argument?.read(tail) ?? null);
      if (read === null) return null;
      if (!isAlways) return { which, name, argument: read.argument };
      return read.argument === null ? { which, name, argument: 'always' } : null;
    }
    default:
      throw name satisfies never;
  }
}

/** `Buongiorno,`, `grazie`, `Carla`: a few words without a number or an order. */
function isGreeting(line: string): boolean {
  const words = wordsOf(line);
  return (
    line.length <= 60 && words.length <= 5 && !/\d/u.test(line) && !words.some((word) => names.has(word))
  );
}

function phrasesOf({ phrases }: { phrases: { it: readonly string[]; en: readonly string[] } }): string[] {
  return [...phrases.it, ...phrases.en].map(normalise);
}
