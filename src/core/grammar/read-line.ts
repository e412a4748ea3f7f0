import { afterTerminator } from './arguments.ts';
import type { CommandSyntax } from './syntax.ts';
import { isHedge, isLater, isProseAfter, isPutOff, isTime, neverTypos, tellsOfThing } from './hesitation.ts';
import { afterAssent, afterOpening, firstClause, speaksOf, speaksOfLater } from './loose-orders.ts';
import { isNews } from './told.ts';
import { editDistance, normalise, withoutInvisible, wordsOf, shorten } from '../letters/text.ts';
import type { Locale } from '../words/words.ts';
import type { Command } from '../message/orders.ts';
import { asItLooks } from '../letters/lookalike.ts';

/** The meaning of one line. */
export type LineOrder =
  /**
   * `rest`: the text on the line after the command; `standsAlone`: written with a word that is an ordinary one too; `ranOn`: no
   * mark stands between the command and its text
   */
  | {
      kind: 'command';
      command: Command;
      syntax: CommandSyntax;
      rest: string;
      standsAlone: boolean;
      ranOn: boolean;
    }
  /**
   * near miss of a command. `hint`: a word that often accompanies it (`risolto`) rather than a misspelling; `rest`: its text,
   * as far as certain, or ''; `putOff`: the order itself, postponed or conditional
   */
  | { kind: 'maybe'; syntax: CommandSyntax; found: string; hint: boolean; rest: string; putOff?: true }
  | { kind: 'prose' };

export type LineReader = {
  /** everything a line can say */
  read: (line: string) => LineOrder;
  /** the same without typos and look-alikes; cheap for lines that begin with no command's word */
  readExact: (line: string) => LineOrder;
};

type Phrase = { syntax: CommandSyntax; standsAlone: boolean; plan: boolean };
type Spelling = { syntax: CommandSyntax; words: string[]; joined: string };

/** Longest words of a command, in characters; the rest of a line is never compared. */
const reach = 60;
/** A line longer than this is no command, and is not looked at. */
const longestLine = 100_000;

const questioned = /[?¿\u{2753}\u{2754}\u{2049}\u{1F914}]/u;
const crossedOut = /[\u{274C}\u{274E}\u{1F6AB}\u{26D4}\u{1F44E}\u{1F645}\u{270B}\u{1F6D1}]/u;
const onlyMarks = /^[\p{P}\p{S}\s]*$/u;
/** Bold and italic text in the plain half of a mail, and symbols before a word. What is struck through is no order. */
const decoration =
  /^(?:(?![\u{274C}\u{274E}\u{1F6AB}\u{26D4}\u{1F44E}\u{1F645}\u{270B}\u{1F6D1}\u{2753}\u{2754}\u{1F914}])(?:[*_\s]|\p{Extended_Pictographic}|\p{Emoji_Modifier}))+/u;
const prose: LineOrder = { kind: 'prose' };

/**
 * Makes the reader of single lines for a table of commands.
 * @param table in the order in which likeness is tried
 */
export function lineReader(table: readonly CommandSyntax[]): LineReader {
  const phrases = new Map<string, Phrase>();
  const hints = new Map<string, CommandSyntax>();
  const spellings: Spelling[] = [];
  const locales: Locale[] = ['it', 'en'];
  for (const syntax of table) {
    for (const locale of locales) {
      for (const hint of syntax.hints[locale]) hints.set(normalise(hint), syntax);
      for (const phrase of syntax.standsAlone[locale])
        phrases.set(normalise(phrase), { syntax, standsAlone: true, plan: false });
      for (const phrase of syntax.plans[locale])
        phrases.set(normalise(phrase), { syntax, standsAlone: false, plan: true });
      for (const phrase of syntax.phrases[locale]) {
        const key = normalise(phrase);
        phrases.set(key, { syntax, standsAlone: syntax.textFor === 'nobody', plan: false });
        const joined = withoutSigns(key);
        if (joined !== '') spellings.push({ syntax, words: key.split(' '), joined });
      }
    }
  }
  const firstWords = new Set([...phrases.keys(), ...hints.keys(), 'ok', 'okay'].map(firstWordOf));
  const keywords = table
    .map((syntax) => ({
      syntax,
      words: new Set([...syntax.keywords.it, ...syntax.keywords.en].map(normalise)),
    }))
    .filter(({ words }) => words.size > 0);

  return {
    read: (raw) => {
      if (raw.length > longestLine) return prose;
      const line = undecorated(raw);
      const found = agreed(line) ?? exact(line) ?? nearly(line);
      return found.kind === 'prose' ? (greeted(line) ?? due(line) ?? spoken(line) ?? prose) : found;
    },
    readExact: (raw) => {
      if (
        raw.length > longestLine ||
        !firstWords.has(firstWordOf(normalise(undecorated(raw.slice(0, reach)))))
      )
        return prose;
      const line = undecorated(raw);
      return agreed(line) ?? exact(line) ?? prose;
    },
  };

  /** `ok chiudi`: acts as the command does that follows. */
  function agreed(line: string): LineOrder | null {
    const rest = afterAssent(line);
    const found = rest === null ? null : exact(rest);
    if (found === null || found.kind === 'prose' || isBySelf(found)) return null;
    return found.kind === 'maybe' ? maybe(found.syntax, line, found.hint, found.rest) : found;
  }

  /** `Buongiorno, chiudere.`: a greeting on the same line; its writer is asked. */
  function greeted(line: string): LineOrder | null {
    const rest = afterOpening(line);
    if (rest === null || isAsked(line)) return null;
    const found = exact(rest) ?? spoken(rest);
    return found === null || found.kind === 'prose' || isBySelf(found)
      ? null
      : maybe(found.syntax, line, true);
  }

  /** `da assegnare a Luigi`: perhaps a request to somebody else. */
  function due(line: string): LineOrder | null {
    const rest = /^(?:è |e['’] )?da (?=\p{L})/iu.exec(line);
    if (rest === null || isAsked(line)) return null;
    const found = exact(line.slice(rest[0].length));
    const isOrder =
      found?.kind === 'command' && found.syntax.argument !== null && found.syntax.about === 'ticket';
    return isOrder ? maybe(found.syntax, line, true) : null;
  }

  /** Reads everyday wording for a command that does not use the command's own words. */
  function spoken(line: string): LineOrder | null {
    if (/^[>|]/u.test(line) || isAsked(line)) return null;
    const clause = firstClause(line);
    const meant =
      clause === null
        ? undefined
        : keywords.find(({ words }) => speaksOf(clause, words) || speaksOfLater(clause, words));
    return meant === undefined ? null : maybe(meant.syntax, line, true);
  }

  /** The longest phrase the line begins with, and what follows it. */
  function exact(line: string): LineOrder | null {
    // `?` has no letter that could end a word.
    const symbol = line.length > 4 ? undefined : phrases.get(normalise(line));
    if (symbol !== undefined) return acting(symbol, null, '');
    for (const end of wordEnds(line)) {
      const key = normalise(line.slice(0, end));
      const tail = line.slice(end).replace(/^[*_]+/u, '');
      const phrase = phrases.get(key);
      if (phrase !== undefined) return phraseThen(phrase, key, line, tail);
      const hint = hints.get(key);
      if (hint === undefined) continue;
      if (isAsked(line)) return prose;
      const after = afterTerminator(tail);
      // "Fatto, ma il cliente chiede altro": it is not
      if (after !== null && isHedge(after.text)) return prose;
      return onlyMarks.test(tail) || after !== null ? maybe(hint, line, true, after?.text) : null;
    }
    return null;
  }

  /** Reads a line that begins with a phrase: the rest of the line decides whether it is an order. */
  function phraseThen(phrase: Phrase, key: string, line: string, tail: string): LineOrder {
    const { syntax, standsAlone, plan } = phrase;
    if (onlyMarks.test(tail)) {
      if (questioned.test(tail)) return /[:：]/u.test(tail) ? maybe(syntax, line) : prose;
      return crossedOut.test(line) || takesValue(syntax) ? maybe(syntax, line) : acting(phrase, null, '');
    }
    if (syntax.argument !== null) {
      if (syntax.argument.isProse?.(tail.trim(), key) === true) return prose;
      const read = syntax.argument.read(tail.trim(), key);
      // `assegnare a Luigi, se può`
      const isBound = read !== null && (isHedge(read.text) || isAsked(read.text));
      if (isBound && (syntax.canBeTakenBack || syntax.anywhere)) return maybe(syntax, line);
      // `tempo 2 ore circa, domani`
      if (read !== null && syntax.anywhere && isTime(read.text)) return maybe(syntax, line);
      if (read !== null) return acting(phrase, read.argument, read.text);
    } else if (syntax.textFor !== 'nobody') {
      const after = afterTerminator(tail);
      if (after !== null) {
        // "Chiudere, ma solo dopo…", "Chiudo, va bene?": what stands there belongs to the order.
        const joined = after.by === ',' || after.by === '-' || after.by === '–' || after.by === '—';
        const putOff = syntax.textFor === 'client' && isLater(after.text);
        const takenBack = isHedge(after.text) || putOff || isAsked(after.text);
        if (isNews(key, after.text)) return maybe(syntax, line, true, after.text);
        return syntax.canBeTakenBack && joined && takenBack
          ? maybe(syntax, line)
          : acting(phrase, null, after.text);
      }
    }
    if (syntax.runsOn && !standsAlone) return acting(phrase, null, tail.trim(), true);
    if (isAsked(line)) return prose;
    if (plan) return isTime(tail) ? acting(phrase, null, line.trim()) : prose;
    if (syntax.canBeTakenBack && !standsAlone && isPutOff(key, tail)) return postponed(syntax, line);
    const words = takesValue(syntax) ? wordsOf(line.slice(0, 4 * reach)) : [];
    if (holdsValue(syntax, words)) return maybe(syntax, line);
    if (isProseAfter(tail) || tellsOfThing(key, tail)) return prose;
    // "Tempo permettendo passo domani": more words than a value badly written has, and none among them.
    const isLong = syntax.argument?.fixed === true && words.length > (/\d/u.test(tail) ? 3 : 2);
    if (takesValue(syntax)) return isLong ? prose : maybe(syntax, line);
    return standsAlone ? prose : maybe(syntax, line, false, tail);
  }

  /** A typo, a look-alike letter, a word in quotes: never acts. */
  function nearly(line: string): LineOrder {
    // A quote mark that nobody cut: not the writer's own word.
    if (/^[>|]/u.test(line) || isAsked(line)) return prose;
    const written = normalise(line.slice(0, 4 * reach).replace(/^[\p{P}\p{S}\p{N}\s]+/u, ''));
    const looks = asItLooks(written);
    for (const end of wordEnds(looks)) {
      const phrase = phrases.get(looks.slice(0, end));
      if (phrase === undefined) continue;
      const tail = looks.slice(end);
      const after = afterTerminator(tail);
      if (onlyMarks.test(tail) || after !== null)
        return maybe(phrase.syntax, line, false, restOf(line, after?.text ?? ''));
      if (looks !== written && !phrase.standsAlone && !isProseAfter(tail)) return maybe(phrase.syntax, line);
    }
    const head = headOf(looks);
    const words = head.split(' ');
    const joined = withoutSigns(head);
    for (const { syntax, words: meant, joined: meantJoined } of spellings) {
      if (
        head.length <= reach &&
        ((words.length === meant.length && similar(words, meant)) ||
          similarJoined(joined, meantJoined, meant.length))
      ) {
        const meantHead = upToMark(line);
        return maybe(syntax, meantHead, false, afterTerminator(line.slice(meantHead.length))?.text);
      }
      if (words.length <= meant.length) continue;
      if (takesValue(syntax)) {
        // `temppo 30m`, `assegnre Luigi`: only with what could be its value.
        const isOne = meantJoined.length > 4 && similar(words, meant);
        const value = isOne ? words.slice(meant.length).join(' ') : null;
        if (value !== null && syntax.argument !== null && syntax.argument.read(value) !== null)
          return maybe(syntax, line);
        continue;
      }
      if (syntax.textFor === 'nobody' || meantJoined.length < 6) continue;
      if (similar(words, meant)) {
        const after = words.slice(meant.length).join(' ');
        return isProseAfter(after) || tellsOfThing(meant.join(' '), after)
          ? prose
          : maybe(syntax, line, false, withoutWords(line, meant.length));
      }
    }
    return prose;
  }
}

/** True if the command takes a value that says something about a ticket: `tempo 30m`, `assegnare Luigi`. */
function takesValue({ argument, about }: CommandSyntax): boolean {
  return argument !== null && about === 'ticket';
}

/** `tempo di lavoro 2h`, `modalità da remoto con AnyDesk`: one of a command's few values stands near its word. */
function holdsValue({ argument }: CommandSyntax, words: readonly string[]): boolean {
  if (argument?.fixed !== true || words.length > 8) return false;
  return [1, 2, 3].some((from) =>
    [1, 2, 3].some((count) => argument.read(words.slice(from, from + count).join(' ')) !== null),
  );
}

/** A word that orders nothing about a ticket, or is an ordinary one too: never read behind others. */
function isBySelf(line: Exclude<LineOrder, { kind: 'prose' }>): boolean {
  return line.syntax.textFor === 'nobody' || (line.kind === 'command' && line.standsAlone);
}

function acting(
  { syntax, standsAlone }: Phrase,
  argument: string | null,
  rest: string,
  ranOn = false,
): LineOrder {
  return { kind: 'command', command: { name: syntax.name, argument }, syntax, rest, standsAlone, ranOn };
}

function postponed(syntax: CommandSyntax, line: string): LineOrder {
  return { kind: 'maybe', syntax, found: shorten(line.trim(), 80), hint: true, rest: '', putOff: true };
}

function maybe(syntax: CommandSyntax, line: string, hint = false, rest = ''): LineOrder {
  return { kind: 'maybe', syntax, found: shorten(line.trim(), 80), hint, rest: rest.trim() };
}

/** The end of a line as it was written, of which the normalised end is known. */
function restOf(line: string, end: string): string {
  return end === '' ? '' : withoutWords(line, line.trim().split(/\s+/u).length - end.split(' ').length);
}

function withoutWords(line: string, count: number): string {
  return line.trim().split(/\s+/u).slice(count).join(' ');
}

function undecorated(line: string): string {
  return withoutInvisible(line).trim().replace(decoration, '');
}

/** Ends of words within reach, the furthest first. */
function wordEnds(line: string): number[] {
  const ends: number[] = [];
  const near = line.slice(0, reach + 1);
  for (let i = Math.min(near.length, reach); i > 0; i--) {
    if (/[\p{L}\p{M}\p{N}'’]/u.test(near.charAt(i - 1)) && !/[\p{L}\p{M}\p{N}]/u.test(near.charAt(i)))
      ends.push(i);
  }
  return ends;
}

/** True if the line ends in a question mark. */
function isAsked(line: string): boolean {
  return /[?？][\p{P}\p{S}\s]*$/u.test(line.slice(-20));
}

function firstWordOf(normalised: string): string {
  return /^[\p{L}\p{N}']+/u.exec(normalised)?.[0] ?? normalised;
}

function withoutSigns(normalised: string): string {
  return normalised.replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Up to the first mark that may end a command, without punctuation at the end. */
function headOf(normalised: string): string {
  return normalised.split(/[.:;,–—!]| - /u, 1)[0]?.trim() ?? '';
}

function upToMark(line: string): string {
  return line.split(/[.:;,–—!]| - /u, 1)[0] ?? line;
}

/** True if words begin as meant: short words must be right, longer ones may have one letter wrong, the longest two. */
function similar(words: readonly string[], meant: readonly string[]): boolean {
  for (let i = 0; i < meant.length; i += 1) {
    const word = words[i] ?? '';
    const right = meant[i] ?? '';
    if (word === right) continue;
    const allowed = right.length < 5 ? 0 : right.length < 8 ? 1 : 2;
    if (allowed === 0 || neverTypos.has(word) || editDistance(word, right, allowed) > allowed) return false;
  }
  return true;
}

/** A space too many or too few: `inlavorazione`, `c h i u d e r e`. */
function similarJoined(joined: string, meant: string, words: number): boolean {
  if (joined === meant) return true;
  return words > 1 && meant.length >= 8 && editDistance(joined, meant, 1) <= 1;
}
