import { array, assert, constantFrom, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guardSolution } from '../../src/core/solution.ts';
import { markerLine } from '../../src/core/words.ts';

const token = 'k3mzq7x2v5hb4nwtyc6rjdpfga';
const note =
  'Il rullo è da ordinare: il fornitore lo dà per giovedì.\nNon dirlo ancora al cliente (paga sempre in ritardo).';
const problem = (text: string, internal: string[] = []) => {
  const guarded = guardSolution(text, internal);
  return guarded.ok ? null : guarded.problem;
};

describe('nothing of a reply token reaches a client', () => {
  test.each([
    token,
    token.toUpperCase(),
    `Scrivere a assistenza+${token}@kybernes.it.`,
    `mailto:assistenza%2B${token}@kybernes.it?subject=chiudere`,
    `assistenza=2B${token}@kybernes.it`,
    `(rif. ${token})`,
    `Fatto [${token}]`,
    `token:${token}`,
    `k3mzq7x2\u200bv5hb4nwtyc6rjdpfga`,
    `k3mzq7x2v5hb4nwt\u00adyc6rjdpfga`,
    `assistenza+k3mzq7x2v5hb4n\nwtyc6rjdpfga@kybernes.it`,
    `> assistenza+k3mzq7x2v5hb4n\n> wtyc6rjdpfga@kybernes.it`,
    `assistenza+k3mzq7x2v5hb4n=\nwtyc6rjdpfga@kybernes.it`,
    Array.from(token, (c) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0)).join(''),
  ])('%j', (text) => {
    expect(problem(text)).toBe('token');
  });
  test.each([
    'Sostituito il rullo di trascinamento.',
    'a'.repeat(25),
    'a'.repeat(27),
    'Numero di serie 0123456789ABCDEFGHIJKLMNOP',
    'https://esempio.it/percorso-lungo-ma-fatto-di-parole',
    'Scrivere a assistenza+pda@kybernes.it',
  ])('is no token: %j', (text) => {
    expect(guardSolution(text, [])).toEqual({ ok: true, text });
  });
});

describe('no sentence of an internal communication reaches a client', () => {
  test.each([
    'Non dirlo ancora al cliente',
    'Fatto. non dirlo ancora al cliente!',
    'NON DIRLO ANCORA AL CLIENTE',
    'Non dirlo\nancora al\ncliente',
    '> Non dirlo\n>> ancora al cliente',
    '| Non dirlo\n| ancora al cliente',
    'Non... dirlo, ancora; al - cliente',
    'Non dìrlo ancorà al cliente',
    'Nondirlo ancora al cli-\nente',
    'Ｎｏｎ ｄｉｒｌｏ ancora al cliente',
    'Non di\u200brlo ancora al cliente',
    'Paga sempre in ritardo',
    'il fornitore lo da per giovedi',
    `Sostituito.\n\nMarco ha scritto:\n${note}`,
  ])('%j', (text) => {
    expect(problem(text, ['ok', note])).toBe('internal');
  });
  test('the sentence is named as it was written inside', () => {
    expect(guardSolution('x\n> NON DIRLO ancora\n> al cliente', [note])).toMatchObject({
      sentence: 'Non dirlo ancora al cliente',
    });
  });
  test.each([
    ['Sostituito il rullo di trascinamento.', [note]],
    ['ok', ['ok']],
    ['Il rullo è stato ordinato', ['Il rullo']],
    ['Fatto. Il toner è nuovo.', ['fatto', 'toner', 'Il toner']],
    ['Grazie e buona giornata', ['Grazie e buona giornata']],
    ['Sostituito.\n\nCordiali saluti e buon lavoro', ['Non va.\n\nCordiali saluti e buon lavoro']],
    ['', [note]],
    ['Sostituito il rullo', ['']],
  ])('%j is nobody’s secret', (text, internal) => {
    expect(guardSolution(text, internal)).toEqual({ ok: true, text });
  });

  const word = constantFrom(
    'rullo',
    'cliente',
    'paga',
    'fornitore',
    'giovedì',
    'server',
    'è',
    'perché',
    'sostituire',
    'tardi',
    'l’ufficio',
    'caffè',
  );
  const sentence = array(word, { minLength: 4, maxLength: 25 }).filter(
    (words) => words.join('').length >= 16,
  );
  const gap = constantFrom(
    ' ',
    '\n',
    '\n> ',
    '\r\n>> ',
    '  ',
    '\u00a0',
    ', ',
    ' - ',
    '... ',
    '\n| ',
    '*',
    ' \u200b',
    '\n\n',
  );
  const change = constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => text.normalize('NFD'),
    (text) => `«${text}»`,
    (text) => `*${text}*`,
    (text) => text.replace(/.$/u, '$&\u00ad'),
  );
  const around = constantFrom('', 'Sostituito il toner. ', 'Fatto\n\n', 'x');

  test('however it is wrapped, quoted, capitalised or punctuated on the way', () => {
    assert(
      property(
        sentence,
        array(tuple(gap, change), { minLength: 25, maxLength: 25 }),
        around,
        around,
        constantFrom('Visto. ', '', '- ', 'Attenzione: '),
        (words, changes, before, after, lead) => {
          const rewrapped = words
            .map((w, i) => (changes[i]?.[1](w) ?? w) + (changes[i]?.[0] ?? ' '))
            .join('');
          expect(problem(`${before}${rewrapped}${after}`, [`${lead}${words.join(' ')}. Altro`])).toBe(
            'internal',
          );
        },
      ),
      { numRuns: 1000 },
    );
  });
  test('a solution of other words passes as it is', () => {
    const other = constantFrom('stampa', 'aggiornato', 'driver', 'prova', 'riuscita', 'cavo', 'rete');
    assert(
      property(array(other, { maxLength: 40 }), array(sentence, { maxLength: 5 }), (words, notes) => {
        const text = words.join(' ');
        expect(
          guardSolution(
            text,
            notes.map((n) => n.join(' ')),
          ),
        ).toEqual({ ok: true, text });
      }),
    );
  });
});

describe('what stands below our marker line is no solution', () => {
  test('it is cut', () => {
    expect(guardSolution(`Sostituito.\n\n> ${markerLine('solution', 'it')}\nresto`, [])).toEqual({
      ok: true,
      text: 'Sostituito.',
    });
  });
});

describe('linear in the size of all texts', () => {
  test.each([
    [
      'many notes',
      'Sostituito il rullo. '.repeat(20_000),
      Array.from(
        { length: 2000 },
        (_, i) => `Nota numero ${i}: il cliente ${i} non paga.\nAltra riga ${i} della nota.`,
      ),
    ],
    [
      'notes that begin alike',
      'Il cliente non paga '.repeat(20_000),
      Array.from({ length: 2000 }, (_, i) => `Il cliente non paga x${i} da mesi`),
    ],
    ['one letter', 'a '.repeat(300_000), ['a '.repeat(100_000), 'a a a a a a a a a a a b']],
    ['plus signs', '+'.repeat(300_000), []],
    ['base32 without end', 'abc2'.repeat(200_000), []],
  ])('%s', (_, text, notes) => {
    const start = performance.now();
    guardSolution(text, notes);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
