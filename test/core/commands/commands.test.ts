import { readdirSync, readFileSync } from 'node:fs';
import { array, assert, constantFrom, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryOf } from '../../../src/core/commands/commands.ts';
import { commandsByName } from '../../../src/core/commands/table.ts';
import { readCommands } from '../../../src/core/commands/reading.ts';
import { runs } from '../../harness/runs.ts';

const fromSubject = (subject: string, text = ' \n') => readCommands({ text, subject });
const read = (text: string) => readCommands({ text, subject: '' });
const folder = new URL('../../commands/', import.meta.url);

/** Milliseconds that reading takes. */
function timeOf(text: string): number {
  const start = performance.now();
  read(text);
  return performance.now() - start;
}

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
    expect(readdirSync(folder).toSorted()).toEqual([
      'act.txt',
      'ask.txt',
      'contradict.txt',
      'notes.txt',
      'provoking.txt',
      'solutions.txt',
      'text.txt',
    ]);
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
  test.each([
    ['among colleagues', 'notes.txt'],
    ['that begin with words of commands', 'provoking.txt'],
  ])('of forty communications %s none acts, and at most four are asked about', (_, file) => {
    const kinds = cases(file).map(([text]) => read(text).kind);
    expect(kinds).toHaveLength(40);
    expect(kinds.filter((kind) => kind === 'commands' || kind === 'contradiction')).toEqual([]);
    expect(kinds.filter((kind) => kind === 'unsure').length).toBeLessThanOrEqual(4);
  });
  test('of forty solutions for clients at most four are asked about, and the others act', () => {
    const kinds = cases('solutions.txt').map(([text]) => read(text).kind);
    expect(kinds).toHaveLength(40);
    expect(kinds.filter((kind) => kind === 'unsure').length).toBeLessThanOrEqual(4);
    expect(kinds.filter((kind) => kind !== 'unsure' && kind !== 'commands')).toEqual([]);
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
  test('beside text it never acts: whoever wrote over the button’s word is asked', () => {
    const found = { kind: 'unsure', guesses: ['close'], found: 'chiudere [#1042] x' };
    expect(fromSubject('chiudere [#1042] x', 'non so')).toEqual({
      ...found,
      text: 'non so',
      rest: 'non so',
      forClient: false,
    });
    expect(fromSubject('R: chiudere [#1042] x', 'non so')).toMatchObject({ kind: 'unsure' });
  });
  test.each([
    'comunicazione interna [#1042] x',
    'priorità alta [#1042] x',
    'elenco',
    'chiudere',
    '[#1042] chiudere',
  ])('beside text it says nothing where the text is passed on as meant: %j', (subject) => {
    expect(fromSubject(subject, 'non so')).toEqual({ kind: 'text', text: 'non so' });
  });
});

describe('no text acts without being certain', () => {
  const phrases = [...commandsByName.values()].flatMap((entry) => [...entry.phrases.it, ...entry.phrases.en]);
  const ticketPhrases = [entryOf('take'), entryOf('close')].flatMap(({ phrases: { it, en } }) => [
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
      { numRuns: runs(2000) },
    );
  });
  test('a condition or a later time after them', () => {
    assert(
      property(constantFrom(...ticketPhrases), after, someProse, (phrase, word, rest) => {
        expect(read(`${phrase} ${word} ${rest}`).kind).not.toBe('commands');
      }),
      { numRuns: runs(2000) },
    );
  });
  test('words that go on without punctuation', () => {
    assert(
      property(constantFrom(...ticketPhrases), someProse, (phrase, rest) => {
        expect(read(`${phrase} ${rest}`).kind).not.toBe('commands');
      }),
      { numRuns: runs(2000) },
    );
  });
  test('any word with one letter changed, left out or put in', () => {
    const letter = constantFrom(...Array.from('abcdefghilmnopqrstuvzк0'));
    const edit = tuple(constantFrom('change', 'drop', 'insert'), letter);
    const known = new Set([
      ...phrases,
      ...[...commandsByName.values()].flatMap((e) => [...e.standsAlone.it, ...e.standsAlone.en]),
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
      { numRuns: runs(5000) },
    );
  });
  test('any text that does not begin with a phrase', () => {
    const keys = new Set([
      ...phrases,
      ...[...commandsByName.values()].flatMap((e) => [...e.standsAlone.it, ...e.standsAlone.en]),
    ]);
    assert(
      property(array(string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 6 }), (lines) => {
        const text = lines.join('\n');
        const start = text.normalize('NFKC').toLowerCase().trim();
        if (Array.from(keys).some((key) => start.includes(key))) return;
        expect(read(text).kind).not.toBe('commands');
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe('case, accents, width and invisible letters do not matter (BAD-MAIL 62)', () => {
  const alone = [...commandsByName].filter(
    ([, { argument, about }]) => argument === null || about !== 'ticket',
  );
  const phrases = alone.flatMap(([name, entry]) =>
    [...entry.phrases.it, ...entry.phrases.en, ...entry.standsAlone.it, ...entry.standsAlone.en].map(
      (phrase) => ({
        name,
        phrase,
      }),
    ),
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
      { numRuns: runs(3000) },
    );
  });
});

describe('linear time', () => {
  test.each([
    ['one long line', 'chiudere'.repeat(125_000)],
    ['one long line after a command', `chiudere ${'x '.repeat(500_000)}`],
    ['dots', '.'.repeat(1_000_000)],
    ['quote marks', '> '.repeat(500_000)],
    ['quote lines', '> \n'.repeat(300_000)],
    ['a command a line', `chiudere\n`.repeat(100_000)],
    ['different orders', Array.from({ length: 50_000 }, (_, i) => `accetta Ditta ${i}`).join('\n')],
    ['words a line below a command', `chiudere\n${'Chiudere la porta\n'.repeat(50_000)}`],
    ['attributes on one line', `chiudere\n${'tempo 1m, '.repeat(50_000)}`],
    ['attributes within one line', `chiudere\nFatto ${'tempo '.repeat(100_000)}`],
    ['invisible letters', `chiu${'\u200b'.repeat(500_000)}dere`],
    ['an address without end', `apri per ${'a.'.repeat(200_000)}@${'b.'.repeat(200_000)}`],
    ['brackets', `apri per a@b.it${'>)'.repeat(200_000)}`],
    ['question marks', '? '.repeat(500_000)],
  ])('%s', (_, text) => {
    expect(timeOf(text)).toBeLessThan(10_000);
  });
});
