import { readdirSync, readFileSync } from 'node:fs';
import { array, assert, constantFrom, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oneOf } from '../../src/core/command-arguments.ts';
import { commandTable } from '../../src/core/command-table.ts';
import {
  buttonLabel,
  buttonSubject,
  type CommandName,
  commandLine,
  commandNames,
  commandUsage,
  helpLines,
  mayCommand,
  openWords,
  readAcceptArgument,
  readCommands,
} from '../../src/core/commands.ts';
import { commandReader } from '../../src/core/read-commands.ts';
import type { CommandSyntax } from '../../src/core/read-line.ts';
import type { Role } from '../../src/core/ticket.ts';

const read = (text: string) => readCommands({ text, subject: '' });
const inTable = commandNames.filter((name) => Object.keys(commandTable).includes(name));
const folder = new URL('../commands/', import.meta.url);

/** The cases of a file: what is written, and what must come of it. */
function cases(file: string): [text: string, expected: string][] {
  return readFileSync(new URL(file, folder), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [text = '', expected = ''] = line.split(' → ');
      return [breaks(text), breaks(expected)];
    });
}

/** The part of each help line before its colon. */
function usages(role: Role): (string | undefined)[] {
  return helpLines(role, 'it').map((line) => line.split(': ', 1)[0]);
}

function breaks(text: string): string {
  return text.replaceAll('\\r', '\r').replaceAll('\\n', '\n');
}

function shown(text: string): string {
  const reading = read(text);
  switch (reading.kind) {
    case 'text':
      return 'text';
    case 'unsure':
      return reading.guesses.join(',');
    case 'contradiction':
      return reading.commands.map((command) => command.name).join(',');
    case 'commands': {
      const commands = reading.commands.map(({ name, argument }) =>
        argument === null ? name : `${name}(${argument})`,
      );
      return commands.join(',') + (reading.text === '' ? '' : ` | ${reading.text}`);
    }
    default:
      throw reading satisfies never;
  }
}

describe('what is written', () => {
  test('every file of cases is read by a test', () => {
    expect(readdirSync(folder).toSorted()).toEqual(['act.txt', 'ask.txt', 'contradict.txt', 'text.txt']);
  });
  test.each(cases('act.txt'))('acts: %j', (text, expected) => {
    expect(read(text).kind).toBe('commands');
    expect(shown(text).replaceAll('\r', '')).toBe(expected);
  });
  test.each(cases('ask.txt'))('is asked about: %j', (text, expected) => {
    expect([read(text).kind, shown(text), read(text).text]).toEqual(['unsure', expected, text]);
  });
  test.each(cases('text.txt'))('is text: %j', (text) => {
    expect(read(text)).toEqual({ kind: 'text', text });
  });
  test.each(cases('contradict.txt'))('contradicts itself: %j', (text, expected) => {
    expect([read(text).kind, shown(text), read(text).text]).toEqual(['contradiction', expected, text]);
  });
  test('nothing at all is text', () => {
    for (const text of ['', ' \n\t\n', '\u200b\n\u00ad'])
      expect(read(text)).toEqual({ kind: 'text', text: '' });
  });
  test('what its writer is asked about is shown as it was found', () => {
    expect(read('chidere. Sostituito')).toMatchObject({ kind: 'unsure', found: 'chidere' });
    expect(read(`chiudere ${'molto '.repeat(100)}`)).toMatchObject({
      kind: 'unsure',
      found: expect.stringMatching(/^chiudere molto .*…$/u),
    });
  });
});

describe('a subject is read where the body brought nothing', () => {
  const fromSubject = (subject: string, text = ' \n') => readCommands({ text, subject });
  const nothing = { kind: 'text', text: '' };
  test.each([
    ['chiudere [#1042] La stampante non stampa', 'close', null],
    ['Chiudere [#1042]', 'close', null],
    ['Re: chiudere [#1042] La stampante', 'close', null],
    ['R: Re: in lavorazione [#7] x', 'take', null],
    ['comunicazione interna [#7] (rif. abcdefghijklmnopqrstuvwxyz)', 'note', null],
    ['conferma', 'confirm', null],
    ['conferma sempre', 'confirm', 'always'],
    ['conferma (rif. abcdefghijklmnopqrstuvwxyz)', 'confirm', null],
    ['accetta Rossi & C. S.r.l.', 'accept', 'Rossi & C. S.r.l.'],
    ['rifiuta sempre', 'reject', 'always'],
    ['elenco', 'list', null],
    ['aiuto', 'help', null],
    ['storico [#1042]', 'history', '1042'],
    ['storico #1042', 'history', '1042'],
    ['apri per anna@rossi.it', 'open_for', 'anna@rossi.it'],
  ])('%s', (subject, name, argument) => {
    expect(fromSubject(subject)).toEqual({ kind: 'commands', commands: [{ name, argument }], text: '' });
  });
  test.each([
    'chiudere',
    'Re: [#1042] chiudere',
    '[#1042] La stampante non stampa',
    'chiudere la porta [#1042]',
    'chidere [#1042]',
    'non chiudere [#1042]',
    'chiudere: fatto [#1042]',
    'I: chiudere [#1042]',
    'conferma ordine',
    'Elenco toner',
    '',
  ])('orders nothing: %j', (subject) => {
    expect(fromSubject(subject)).toEqual(nothing);
  });
  test('never beside text', () => {
    expect(fromSubject('chiudere [#1042] x', 'non so')).toEqual({ kind: 'text', text: 'non so' });
  });
});

describe('no text acts without being certain', () => {
  const phrases = Object.values(commandTable).flatMap((entry) => [...entry.phrases.it, ...entry.phrases.en]);
  const ticketPhrases = [commandTable.take, commandTable.close].flatMap(({ phrases: { it, en } }) => [
    ...it,
    ...en,
  ]);
  const prose = constantFrom(
    'il',
    'toner',
    'della',
    'stampante',
    'ho',
    'visto',
    'cliente',
    'porta',
    'ieri',
    'rullo',
    'server',
  );
  const someProse = array(prose, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
  const before = constantFrom(
    'non',
    'posso',
    'quando',
    'prima di',
    'dopo',
    'domani',
    'se',
    'forse',
    'devo',
    'da non',
    'il cliente vuole',
    'mai',
    'not',
    'when',
    'do not',
  );
  const after = constantFrom(
    'domani',
    'dopo',
    'se',
    'quando',
    'solo',
    'forse',
    'non',
    'tomorrow',
    'when',
    'if',
    'da Luigi',
  );

  test('a negation or a condition before the words', () => {
    assert(
      property(
        before,
        constantFrom(...phrases),
        constantFrom('', '.', ', ', ': toner', '\nSostituito'),
        (word, phrase, rest) => {
          expect(read(`${word} ${phrase}${rest}`).kind).not.toBe('commands');
        },
      ),
      { numRuns: 2000 },
    );
  });
  test('a condition or a later time after them', () => {
    assert(
      property(constantFrom(...ticketPhrases), after, someProse, (phrase, word, rest) => {
        expect(read(`${phrase} ${word} ${rest}`).kind).not.toBe('commands');
      }),
      { numRuns: 2000 },
    );
  });
  test('words that go on without punctuation', () => {
    assert(
      property(constantFrom(...ticketPhrases), someProse, (phrase, rest) => {
        expect(read(`${phrase} ${rest}`).kind).not.toBe('commands');
      }),
      { numRuns: 2000 },
    );
  });
  test('any word with one letter changed, left out or put in', () => {
    const letter = constantFrom(...Array.from('abcdefghilmnopqrstuvzк0'));
    const edit = tuple(constantFrom('change', 'drop', 'insert'), letter);
    const known = new Set([
      ...phrases,
      ...Object.values(commandTable).flatMap((e) => [...e.lone.it, ...e.lone.en]),
    ]);
    assert(
      property(
        constantFrom(...ticketPhrases),
        constantFrom(...Array.from({ length: 24 }, (_, i) => i)),
        edit,
        (phrase, at, [how, c]) => {
          const i = at % phrase.length;
          const typo =
            phrase.slice(0, i) + (how === 'drop' ? '' : c) + phrase.slice(how === 'insert' ? i : i + 1);
          if (known.has(typo.trim().replace(/\s+/gu, ' '))) return;
          expect(read(typo).kind).not.toBe('commands');
        },
      ),
      { numRuns: 5000 },
    );
  });
  test('any text that does not begin with a phrase', () => {
    const keys = new Set([
      ...phrases,
      ...Object.values(commandTable).flatMap((e) => [...e.lone.it, ...e.lone.en]),
    ]);
    assert(
      property(array(string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 6 }), (lines) => {
        const text = lines.join('\n');
        const start = text.normalize('NFKC').toLowerCase().trim();
        if (Array.from(keys).some((key) => start.includes(key))) return;
        expect(read(text).kind).not.toBe('commands');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('case, accents, width and invisible letters do not matter (BAD-MAIL 62)', () => {
  const phrases = Object.entries(commandTable).flatMap(([name, entry]) =>
    [...entry.phrases.it, ...entry.phrases.en, ...entry.lone.it, ...entry.lone.en].map((phrase) => ({
      name,
      phrase,
    })),
  );
  const change = constantFrom<(letter: string) => string>(
    (letter) => letter,
    (letter) => letter.toUpperCase(),
    (letter) =>
      /[!-~]/u.test(letter) ? String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0) : letter,
    (letter) => `${letter}\u200b`,
    (letter) => `\u00ad${letter}`,
    (letter) => `${letter}\ufeff\u2060`,
    (letter) => (letter === ' ' ? '\u00a0 ' : letter),
    (letter) => letter.normalize('NFD'),
    (letter) => (letter === "'" ? '’' : letter),
  );
  test('every exact phrase keeps its command', () => {
    assert(
      property(
        constantFrom(...phrases),
        array(change, { minLength: 30, maxLength: 30 }),
        ({ name, phrase }, changes) => {
          const written = Array.from(
            phrase,
            (letter, i) => changes[i % changes.length]?.(letter) ?? letter,
          ).join('');
          expect(read(written)).toEqual({ kind: 'commands', commands: [{ name, argument: null }], text: '' });
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('linear time', () => {
  const quickly = (text: string) => {
    const start = performance.now();
    read(text);
    return performance.now() - start;
  };
  test.each([
    ['one long line', 'chiudere'.repeat(125_000)],
    ['one long line after a command', `chiudere ${'x '.repeat(500_000)}`],
    ['dots', '.'.repeat(1_000_000)],
    ['quote marks', '> '.repeat(500_000)],
    ['quote lines', '> \n'.repeat(300_000)],
    ['a command a line', `chiudere\n`.repeat(100_000)],
    ['different orders', Array.from({ length: 50_000 }, (_, i) => `accetta Ditta ${i}`).join('\n')],
    ['words a line below a command', `chiudere\n${'Chiudere la porta\n'.repeat(50_000)}`],
    ['invisible letters', `chiu${'\u200b'.repeat(500_000)}dere`],
    ['an address without end', `apri per ${'a.'.repeat(200_000)}@${'b.'.repeat(200_000)}`],
    ['brackets', `apri per a@b.it${'>)'.repeat(200_000)}`],
    ['question marks', '? '.repeat(500_000)],
  ])('%s', (_, text) => {
    expect(quickly(text)).toBeLessThan(10_000);
  });
});

describe('the table', () => {
  test('no two commands share a phrase or a hint', () => {
    const all = Object.entries(commandTable).flatMap(([name, e]) =>
      [e.phrases, e.lone, e.hints].flatMap(({ it, en }) => [...it, ...en].map((phrase) => [phrase, name])),
    );
    expect(new Map(all.map(([phrase]) => [phrase, 1])).size).toBe(all.length);
  });
  test('a command the desk cannot carry out yet is plain text', () => {
    for (const text of ['riaprire', 'assegnare Luigi', 'categoria Stampa', 'annulla ultimo', 'undo']) {
      expect(read(text)).toEqual({ kind: 'text', text });
    }
  });
  test('opposites are opposites of each other', () => {
    for (const [name, { opposites }] of Object.entries(commandTable)) {
      for (const other of opposites) {
        expect(Object.entries(commandTable).find(([n]) => n === other)?.[1].opposites).toContain(name);
      }
    }
  });
  test.each(['it', 'en'] as const)('what a button writes is read back (%s)', (locale) => {
    const given: Partial<Record<CommandName, (string | null)[]>> = {
      accept: ['Rossi & C. S.r.l.', null],
      reject: [null, 'always', 'commercial', 'credentials'],
      confirm: [null, 'always'],
      open_for: ['anna@rossi.it'],
      history: ['1042'],
    };
    for (const name of inTable) {
      for (const argument of given[name] ?? [null]) {
        const expected = { kind: 'commands', commands: [{ name, argument }], text: '' };
        expect(read(commandLine(name, argument, locale))).toEqual(expected);
        const ticket = ['take', 'close', 'note'].includes(name) ? 1042 : null;
        expect(readCommands({ text: '', subject: buttonSubject(name, argument, ticket, locale) })).toEqual(
          expected,
        );
      }
    }
  });
  test('the labels of the manual', () => {
    expect(buttonLabel('take', 'it')).toBe('In lavorazione');
    expect(buttonLabel('close', 'it')).toBe('Chiudere');
    expect(buttonLabel('note', 'it')).toBe('Comunicazione interna');
    expect(buttonLabel('write_staff', 'it')).toBe('Scrivi allo Staff Tecnico');
    expect(buttonLabel('write_client', 'it')).toBe('Scrivi al cliente');
    expect(buttonLabel('reject', 'it', 'always')).toBe('Rifiuta sempre');
    expect(buttonLabel('accept', 'it', 'Rossi SpA')).toBe('Accetta Rossi SpA');
  });
  test('what buttons write first', () => {
    expect(openWords('close', 'it')).toBe('chiudere');
    expect(openWords('take', 'en')).toBe('in progress');
    expect(commandUsage('accept', 'it')).toBe('accetta NOME AZIENDA');
    expect(() => openWords('undo', 'it')).toThrow('undo is not in the table');
  });
  test('help shows a role the commands it may give', () => {
    const shared = ['apri per EMAIL', 'elenco', 'storico #NUMERO', 'aiuto'];
    const clerk = [...shared, 'accetta NOME AZIENDA', 'rifiuta [sempre | commerciale | credenziali]'];
    expect(usages('clerk').toSorted()).toEqual([...clerk, 'conferma [sempre]'].toSorted());
    expect(helpLines('technician', 'it')[0]).toMatch(/^in lavorazione: prende in carico/u);
    expect(helpLines('administrator', 'en')).toHaveLength(inTable.length);
    expect(mayCommand('clerk', 'close')).toBe(false);
    expect(mayCommand('administrator', 'close')).toBe(true);
    expect(mayCommand('administrator', 'undo')).toBe(false);
  });
});

describe('a new entry is all a new command needs', () => {
  const none = { it: [], en: [] };
  const entry = (name: CommandName, word: string, anywhere: boolean): CommandSyntax => ({
    name,
    phrases: { it: [word], en: [] },
    lone: none,
    hints: none,
    argument: anywhere
      ? oneOf({ high: { it: 'alta', en: 'high' }, low: { it: 'bassa', en: 'low' } }, false)
      : null,
    textFor: anywhere ? 'nobody' : 'client',
    canBeTakenBack: !anywhere,
    about: 'ticket',
    anywhere,
    opposites: [],
  });
  const reader = commandReader([entry('close', 'chiudere', false), entry('priority', 'priorità', true)]);
  const readWith = (text: string) => reader({ text, subject: '' });
  const close = { name: 'close', argument: null };
  const high = { name: 'priority', argument: 'high' };

  test('several command lines, then text', () => {
    expect(readWith('chiudere\npriorità alta\n\nSostituito')).toEqual({
      kind: 'commands',
      commands: [high, close],
      text: 'Sostituito',
    });
    expect(readWith('priorità: alta\nchiudere. Sostituito')).toEqual({
      kind: 'commands',
      commands: [high, close],
      text: 'Sostituito',
    });
  });
  test('an attribute line is read wherever it stands, and is no part of the text', () => {
    const expected = { kind: 'commands', commands: [high, close], text: 'Sostituito\nil rullo' };
    expect(readWith('chiudere\nSostituito\nPRIORITA ALTA\nil rullo')).toEqual(expected);
    expect(readWith('chiudere: Sostituito\nil rullo\npriorità alta')).toEqual(expected);
    expect(readWith('Ho visto il rullo\npriorità alta')).toEqual({
      kind: 'commands',
      commands: [high],
      text: 'Ho visto il rullo',
    });
  });
  test('two values of one attribute contradict each other', () => {
    expect(readWith('priorità alta\npriorità bassa').kind).toBe('contradiction');
    expect(readWith('chiudere\npriorità alta\nfatto\npriorità bassa').kind).toBe('contradiction');
  });
  test('an attribute that cannot be read is text', () => {
    expect(readWith('chiudere\npriorità assoluta al server')).toEqual({
      kind: 'commands',
      commands: [close],
      text: 'priorità assoluta al server',
    });
  });
});

describe('accetta NOME AZIENDA', () => {
  test.each([
    ['Rossi SpA', 'Rossi SpA', false],
    ['Rossi & C. S.r.l.', 'Rossi & C. S.r.l.', false],
    ['Rossi S.r.l. nuova', 'Rossi S.r.l.', true],
    ['Rossi S.r.l. Nuova', 'Rossi S.r.l.', true],
    ['Rossi SpA, nuova', 'Rossi SpA', true],
    ['Rossi SpA (nuova)', 'Rossi SpA', true],
    ['Rossi SpA nuova.', 'Rossi SpA', true],
    ['Acme Ltd. new', 'Acme Ltd.', true],
    ['Studio nuovo', 'Studio', true],
    ['Terra Nuova', 'Terra Nuova', false],
    ['Terra Nuova nuova', 'Terra Nuova', true],
    ['Nuova Tecnica', 'Nuova Tecnica', false],
    ['nuova', 'nuova', false],
    ['"Rossi SpA"', 'Rossi SpA', false],
    ['Rossi Impianti.', 'Rossi Impianti', false],
    ['Fratelli Rossi & Co.', 'Fratelli Rossi & Co.', false],
    ['  Rossi   SpA ', 'Rossi SpA', false],
  ])('%j', (argument, company, create) => {
    expect(readAcceptArgument(argument)).toEqual({ company, create });
  });
});
