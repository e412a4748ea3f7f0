import { isSignOff } from './arguments.ts';
import { isTakenBack } from './hesitation.ts';
import { isOnlyPutOff } from './put-off.ts';
import { type LineOrder, lineReader } from './read-line.ts';
import type { CommandSyntax } from './syntax.ts';
import { addressesClient } from './for-client.ts';
import { isGreeting, lastClause, lastWord, namesCommand } from './loose-orders.ts';
import { withoutServerMarks, replyMarks } from '../message/thread.ts';
import { normalise, splitLines, withoutInvisible, wordsOf, shorten } from '../letters/text.ts';
import type { Command, Reading } from '../message/orders.ts';

/** More commands than this in one mail are not kept. */
const mostCommands = 20;

/** Longest line in which a misspelled attribute is looked for. */
const shortLine = 40;
/** Most such lines. */
const mostLooked = 100;

type Found = LineOrder & { kind: 'command' };

/**
 * Makes the reader of mails for a table of commands.
 * @param table in the order in which guesses are offered
 * @returns what a new text orders, see `readCommands`; linear in its length
 */
export function commandReader(
  table: readonly CommandSyntax[],
): (input: { text: string; subject: string }) => Reading {
  const { read, readExact } = lineReader(table);
  const attributeWords = new Set(
    table
      .filter(({ anywhere }) => anywhere)
      .flatMap(({ phrases }) => [...phrases.it, ...phrases.en].map((phrase) => wordsOf(phrase)[0] ?? '')),
  );

  return ({ text, subject }) => {
    const lines = splitLines(text);
    const top = lines.findIndex((line) => !isBlank(line));
    if (top === -1) return readSubject(subject);
    const start = belowGreeting(lines, top);
    const first = read(lines[start] ?? '');
    const said = first.kind === 'command' ? null : addressesClient(lines.slice(start));
    if (said !== null)
      return { kind: 'unsure', guesses: ['close', 'note'], found: said, text, rest: text, forClient: true };
    switch (first.kind) {
      case 'command':
        return gather(text, lines, start, first);
      case 'maybe':
        // A word that takes no text stands for itself only where nothing else is said.
        return first.syntax.textFor === 'nobody' && !isNameBelow(lines.slice(start + 1))
          ? { kind: 'text', text }
          : unsure([first.syntax], first.found, text, [first.rest, ...lines.slice(start + 1)]);
      case 'prose':
        return (
          strayOrder(text, lines, start) ??
          attributes(text, lines) ??
          underButton(text, subject) ?? { kind: 'text', text }
        );
      default:
        throw first satisfies never;
    }
  };

  /** The line that orders where only a greeting to nobody by name stands above it; else the first. */
  function belowGreeting(lines: readonly string[], top: number): number {
    if (!isGreeting(lines[top] ?? '')) return top;
    const below = lines.findIndex((line, i) => i > top && !isBlank(line));
    const line = lines[below] ?? '';
    const found = readExact(line);
    if (addressesClient([line]) !== null) return below;
    return found.kind === 'command' && found.syntax.textFor !== 'nobody' && !found.standsAlone ? below : top;
  }

  /** The first command is certain: the ones that follow it, and the text. */
  function gather(whole: string, lines: readonly string[], start: number, first: Found): Reading {
    const found = [first];
    const about = first.syntax.about;
    let said = first.rest;
    let next = start + 1;
    for (; said === '' && next < lines.length; next++) {
      const line = lines[next] ?? '';
      if (isBlank(line)) continue;
      const further = read(line);
      if (further.kind === 'maybe' && !further.hint && further.syntax.about === about) {
        return unsure([first.syntax, further.syntax], further.found, whole);
      }
      if (further.kind !== 'command' || further.syntax.about !== about) break;
      add(found, further);
      said = further.rest;
    }
    const body: string[] = [];
    const forClient = found.find((f) => f.syntax.textFor === 'client');
    let looked = 0;
    for (const raw of said === '' ? lines.slice(next) : [said, ...lines.slice(next)]) {
      const { attributes: ahead, rest: line } = leadingAttributes(raw);
      for (const one of ahead) add(found, one);
      if (ahead.length > 0 && line === '') continue;
      const further = readExact(line);
      const isOrder =
        further.kind === 'command' &&
        !further.ranOn &&
        (found.some((f) => exclude(f, further)) ||
          (further.rest === '' && found.some((f) => equal(f, further))));
      if (isOrder) {
        add(found, further);
        continue;
      }
      body.push(line);
      if (forClient === undefined) continue;
      const foreign = foreignOrder(line, forClient);
      if (foreign !== null) return unsure([first.syntax, foreign.syntax], foreign.found, whole);
      // An attribute badly written would be read by the client.
      const isShort = line.length <= shortLine && (looked += 1) <= mostLooked;
      const nearly = isShort ? read(line) : null;
      if (nearly?.kind === 'maybe' && !nearly.hint && nearly.syntax.anywhere)
        return unsure([first.syntax, nearly.syntax], nearly.found, whole);
    }
    return attributesOnly(found)
      ? (strayOrder(whole, body, -1) ?? judge(whole, lines[start] ?? '', found, trimBlankLines(body)))
      : judge(whole, lines[start] ?? '', found, trimBlankLines(body));
  }

  /**
   * A sentence in the text for a client that begins as an opposite command does, or is an attribute: `… Comunicazione
   * interna il cliente non paga`, `… Tempo 30m.` Nobody wants that read by the client without being asked.
   */
  function foreignOrder(line: string, closing: Found): { syntax: CommandSyntax; found: string } | null {
    for (const sentence of line.split(/[.;:!?]\s+/u)) {
      const said = readExact(sentence);
      if (said.kind === 'prose') continue;
      const meant = said.kind === 'command' ? !said.standsAlone : !said.hint;
      // `Toner sostituito`, and below it `chiudere domani`
      const isPutOff = said.kind === 'maybe' && said.putOff === true && said.syntax === closing.syntax;
      if (isPutOff || (meant && oppose(closing.syntax, said.syntax))) {
        return { syntax: said.syntax, found: shorten(sentence.trim(), 80) };
      }
    }
    return attributeWithin(line);
  }

  /** `Sostituito il toner, tempo 30m`, `Fatto (modalità remota)`: an attribute that ends a line or a part of it. */
  function attributeWithin(line: string): { syntax: CommandSyntax; found: string } | null {
    let looked = 0;
    for (const { 0: word, index } of line.matchAll(/\p{L}+/gu)) {
      if (!attributeWords.has(normalise(word)) || (looked += 1) > mostLooked) continue;
      const [part = ''] = line.slice(index, index + 2 * shortLine).split(/[)\]]/u, 1);
      const said = readExact(part);
      if (
        said.kind === 'command' &&
        said.syntax.anywhere &&
        (said.rest === '' || said.syntax.argument?.fixed === true)
      )
        return { syntax: said.syntax, found: shorten(part.trim(), 80) };
    }
    return null;
  }

  /** Commands that were all written right: whether they fit each other and the text. */
  function judge(whole: string, firstLine: string, found: readonly Found[], text: string): Reading {
    const [one, ...others] = found;
    if (one === undefined) return { kind: 'text', text: whole };
    const [second, ...further] = others;
    if (second !== undefined && found.some((f, i) => found.slice(i + 1).some((g) => exclude(f, g)))) {
      const commands = further.map((f) => f.command);
      return { kind: 'contradiction', commands: [one.command, second.command, ...commands], text: whole };
    }
    const reader = found.findLast((f) => f.syntax.textFor !== 'nobody');
    const alone = reader === undefined && !attributesOnly(found);
    // "Sì", and then what there is to say
    if (alone && one.syntax.about === 'confirmation' && !isSignOff(text))
      return { kind: 'text', text: whole };
    if (alone ? !isSignOff(text) : reader?.syntax.canBeTakenBack === true && isUndoneBy(reader, text)) {
      return unsure([(reader ?? one).syntax], shorten(firstLine.trim(), 80), whole);
    }
    // The command the text belongs to comes last.
    const [first, ...rest] = found.filter((f) => f !== reader).concat(reader ?? []);
    if (first === undefined) return { kind: 'text', text: whole };
    return { kind: 'commands', commands: [first.command, ...rest.map((f) => f.command)], text };
  }

  /**
   * No command comes first, but one follows a greeting, stands on a line of its own or before punctuation further down, or
   * ends the text: its writer is asked.
   * @param start index of the line already read, or -1 for none
   */
  function strayOrder(whole: string, lines: readonly string[], start: number): Reading | null {
    const below = lines.findIndex((line, i) => i > start && !isBlank(line));
    const greeted = isSignOff(lines[start] ?? '');
    const last = lines.findLastIndex((line) => !isBlank(line));
    for (const [at, raw] of lines.entries()) {
      if (at <= start || /^[>|]/u.test(raw)) continue;
      const line = readExact(raw);
      if (line.kind === 'maybe' && line.putOff === true && beginsSentence(lines, at))
        return unsure([line.syntax], line.found, whole);
      if (line.kind !== 'command' || line.standsAlone || line.syntax.anywhere) continue;
      if (line.rest !== '' && !(greeted && at === below) && !isMarked(line, lines, at)) continue;
      const others = lines.filter((_, i) => i !== at);
      return unsure([line.syntax], shorten(raw.trim(), 80), whole, [...others, line.rest]);
    }
    const ending = lastOrder(lines[last] ?? '', below === -1);
    return ending === null ? null : unsure([ending.syntax], ending.found, whole);
  }

  /**
   * `Sostituito il toner, chiudere.`, `Riavviato. Si può chiudere`, and as dictation has it `sostituito il toner chiudere`.
   * @param alone the text has no other line
   */
  function lastOrder(raw: string, alone: boolean): { syntax: CommandSyntax; found: string } | null {
    const clause = lastClause(raw);
    const found = clause === null ? null : read(clause);
    const isNamed =
      found?.kind === 'command' ||
      (found?.kind === 'maybe' && namesCommand(clause ?? '', phraseOf(found.syntax)));
    const byClause = isNamed ? found : null;
    const word = byClause === null && alone ? lastWord(raw) : null;
    const byWord = word === null ? null : readExact(word);
    const line = byClause ?? (byWord?.kind === 'command' && phraseOf(byWord.syntax) === word ? byWord : null);
    if (line === null || line.syntax.textFor === 'nobody' || (line.kind === 'command' && line.standsAlone))
      return null;
    return { syntax: line.syntax, found: shorten((clause ?? raw).trim(), 80) };
  }

  /** Text below a subject that one of our buttons wrote, without its command or with the command overwritten: its writer is asked. */
  function underButton(whole: string, subject: string): Reading | null {
    const order = readSubject(subject);
    if (order.kind !== 'commands') return null;
    const meant = table.find(({ name }) => name === order.commands[0].name);
    // an internal communication is what its text is already
    const acts = meant !== undefined && meant.about === 'ticket' && meant.canBeTakenBack;
    return acts ? unsure([meant], shorten(subject.trim(), 80), whole, [whole]) : null;
  }

  /** Splits a line into the attributes it begins with, `tempo 30m, modalità remota`, and the rest. */
  function leadingAttributes(line: string): { attributes: Found[]; rest: string } {
    const found: Found[] = [];
    let rest = line;
    while (found.length < mostCommands) {
      const one = readExact(rest);
      if (one.kind !== 'command' || !one.syntax.anywhere) break;
      found.push(one);
      rest = one.rest;
    }
    return { attributes: found, rest };
  }

  /** Text in which only attribute lines order something. */
  function attributes(whole: string, lines: readonly string[]): Reading | null {
    const found: Found[] = [];
    const body = lines.filter((raw) => {
      const { attributes: ones, rest } = leadingAttributes(raw);
      const isWhole = ones.length > 0 && rest === '';
      if (isWhole) for (const one of ones) add(found, one);
      return !isWhole;
    });
    return found.length === 0 ? null : judge(whole, '', found, trimBlankLines(body));
  }

  /** The subject as one of our buttons wrote it; asked only where the body brought nothing. */
  function readSubject(subject: string): Reading {
    const text: Reading = { kind: 'text', text: '' };
    const bare = withoutAnswerMarks(
      withoutInvisible(subject).replace(/\(\s*rif\.\s*[a-z2-7]{26}\s*\)/giu, ' '),
    );
    const tag = /\[#(\d{1,9})\]/u.exec(bare);
    const line = readExact(tag === null ? bare : bare.slice(0, tag.index));
    if (line.kind !== 'command' || line.rest !== '') return text;
    if (line.syntax.about === 'ticket' && tag === null) return text;
    // `storico [#1042]`: the tag is what it asks about.
    const byTag =
      line.command.name === 'history' && line.command.argument === null
        ? (tag?.[1] ?? null)
        : line.command.argument;
    return { kind: 'commands', commands: [{ ...line.command, argument: byTag }], text: '' };
  }

  /** @param rest the lines of the command's text; none if uncertain */
  function unsure(
    meant: readonly CommandSyntax[],
    found: string,
    text: string,
    rest: readonly string[] = [],
  ): Reading {
    const [one, ...others] = table
      .filter((syntax) => meant.some((m) => m.name === syntax.name))
      .map((s) => s.name);
    return one === undefined
      ? { kind: 'text', text }
      : {
          kind: 'unsure',
          guesses: [one, ...others],
          found,
          text,
          rest: trimBlankLines(rest),
          forClient: false,
        };
  }
}

/** `chiudere: toner sostituito` below a report: a line of its own that says what the order's text is. */
function isMarked(order: Found, lines: readonly string[], at: number): boolean {
  return order.syntax.canBeTakenBack && !order.ranOn && beginsSentence(lines, at);
}

/** Longest line that no mail program broke: the next one is its writer's. */
const unbroken = 60;

/** True if a line begins a sentence rather than continuing the line above: `il negozio era⏎chiuso, ripasso`. */
function beginsSentence(lines: readonly string[], at: number): boolean {
  const above = lines[at - 1]?.trim() ?? '';
  const line = lines[at]?.trim() ?? '';
  if (isBlank(above) || /[.!?:;…)]$/u.test(above)) return true;
  return above.length <= unbroken && !/^\p{Ll}[^:：.]*,/u.test(line);
}

const answerMark = new RegExp(String.raw`^(?:${replyMarks}|ris)(?:\s?[[(]\d{1,3}[\])])?\s?[:：]\s*`, 'iu');

/** Subject without `R:` and the like, and without a gateway's tags. */
function withoutAnswerMarks(subject: string): string {
  let rest = subject.trim();
  for (;;) {
    const shorter = withoutServerMarks(rest).replace(answerMark, '').trim();
    if (shorter === rest) return rest;
    rest = shorter;
  }
}

/** Nothing is said below a command but a name and a firm. */
function isNameBelow(lines: readonly string[]): boolean {
  const filled = lines.filter((line) => !isBlank(line));
  return isSignOff(filled.join('\n')) && filled.every((line) => /^\s*[\p{Lu}-]/u.test(line));
}

/** The phrase that the command's buttons write. */
function phraseOf({ phrases }: CommandSyntax): string {
  return phrases.it[0] ?? '';
}

/** `chiudere: no`, `chiudere: dopo la conferma del cliente`, or the like on the next line: the text takes the order back. */
function isUndoneBy({ syntax }: Found, text: string): boolean {
  return isTakenBack(text) || isOnlyPutOff(text, syntax.textFor === 'client' ? 'client' : 'staff');
}

function attributesOnly(found: readonly Found[]): boolean {
  return found.every((f) => f.syntax.anywhere);
}

/** Two commands of one mail that cannot both be meant; the same one with two arguments cannot either. */
function exclude(a: Found, b: Found): boolean {
  return a.syntax.name === b.syntax.name ? !equal(a, b) : oppose(a.syntax, b.syntax);
}

function oppose(a: CommandSyntax, b: CommandSyntax): boolean {
  return a.opposites.includes(b.name) || b.opposites.includes(a.name);
}

function equal(a: { command: Command }, b: { command: Command }): boolean {
  return a.command.name === b.command.name && a.command.argument === b.command.argument;
}

/** Repeated is one. A mail full of different orders is a contradiction long before the last of them. */
function add(found: Found[], line: Found): void {
  if (found.length < mostCommands && !found.some((f) => equal(f, line))) found.push(line);
}

function isBlank(line: string): boolean {
  return withoutInvisible(line).trim() === '';
}

function trimBlankLines(lines: readonly string[]): string {
  const from = lines.findIndex((line) => !isBlank(line));
  return from === -1
    ? ''
    : lines
        .slice(from, lines.findLastIndex((line) => !isBlank(line)) + 1)
        .join('\n')
        .trim();
}
