import { array, assert, constantFrom, integer, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keysOf, quotedKeys } from '../../../src/core/guard/quotes.ts';
import { runs } from '../../harness/runs.ts';

const note =
  'Il rullo è da ordinare: il fornitore lo dà per giovedì.\nNon dirlo ancora al cliente (paga sempre in ritardo).';
const shares = (text: string, inside: string): boolean => {
  const kept = new Set(keysOf(inside));
  return quotedKeys(text).some((key) => kept.has(key));
};

describe('a whole sentence is known again', () => {
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
    expect(shares(text, note)).toBe(true);
  });
});

describe('what everybody writes is nobody’s', () => {
  test.each([
    ['Sostituito il rullo di trascinamento.', note],
    ['ok', 'ok'],
    ['Il rullo è stato ordinato', 'Il rullo'],
    ['Fatto. Il toner è nuovo.', 'fatto\ntoner\nIl toner'],
    ['Grazie e buona giornata', 'Grazie e buona giornata'],
    ['Sostituito.\n\nCordiali saluti e buon lavoro', 'Non va.\n\nCordiali saluti e buon lavoro'],
    ['Ho riavviato il server.', 'Ho riavviato il server'],
    ['Riavviato il server di posta', 'Riavviato il server di posta, ora va'],
    ['Sostituito il toner e aggiornato il driver', 'Sostituito il toner e aggiornato il driver'],
    ['I have restarted the server', 'I have restarted the server'],
    ['', note],
    ['Sostituito il rullo', ''],
  ])('%j', (text, inside) => {
    expect(shares(text, inside)).toBe(false);
  });

  test('but not a report of work with more in it', () => {
    for (const inside of [
      'Sostituito il toner, il cliente non paga',
      'Ho cambiato la password perché licenziato',
      'Ho detto al capo che',
    ])
      expect(shares(`Fatto. ${inside}`, inside)).toBe(true);
  });
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
  'e',
  'di',
  '12',
  'NAS',
  'già',
  'quell’altro',
  'firewall',
  'VPN',
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
  '* *',
  ' \u200b',
  '\n\n',
  ' (',
  ': ',
);
const change = constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.normalize('NFD'),
  (text) => `«${text}»`,
  (text) => `*${text}*`,
  (text) => text.replace(/.$/u, '$&\u00ad'),
  (text) => text.replace('’', "'"),
);

describe('eight words in a row are known again', () => {
  test('any of any text, however wrapped, quoted, capitalised or punctuated on the way', () => {
    assert(
      property(
        array(word, { minLength: 8, maxLength: 60 }),
        integer({ min: 0, max: 52 }),
        array(tuple(gap, change), { minLength: 8, maxLength: 8 }),
        array(constantFrom('stampa', 'driver', 'prova'), { maxLength: 5 }),
        (words, at, changes, around) => {
          const eight = words.slice(Math.min(at, words.length - 8)).slice(0, 8);
          const quoted = eight
            .map((one, i) => (changes[i]?.[1](one) ?? one) + (changes[i]?.[0] ?? ' '))
            .join('');
          if (eight.join('').length < 12) return;
          expect(shares(`${around.join(' ')} ${quoted} ${around.join(' ')}`, words.join(' '))).toBe(true);
        },
      ),
      { numRuns: runs(1000) },
    );
  });

  test('also where a line’s end parts a word, or none parts two', () => {
    const inside = 'gli avvocati hanno già scritto due volte e quindi va trattato con le molle';
    expect(shares('gli avvo-\ncati hanno già scrit-\nto due volte e', inside)).toBe(true);
    expect(shares('gli avvocatihanno già scritto due volte e', inside)).toBe(true);
  });

  test('also around what was put in brackets', () => {
    const inside = 'gli avvocati hanno già scritto due volte e quindi va trattato con le molle';
    expect(
      shares('gli avvocati (i nostri) hanno già scritto [sic] due volte e (dunque) quindi', inside),
    ).toBe(true);
  });

  test('seven of them, within a longer sentence, are anybody’s', () => {
    const inside = 'gli avvocati hanno già scritto due volte e quindi va trattato con le molle';
    expect(shares('hanno già scritto due volte e quindi', inside)).toBe(false);
  });

  test('other words share nothing', () => {
    const other = constantFrom('stampa', 'aggiornato', 'driver', 'prova', 'riuscita', 'cavo', 'rete');
    assert(
      property(array(other, { maxLength: 40 }), array(word, { maxLength: 60 }), (words, inside) => {
        expect(shares(words.join(' '), inside.join(' '))).toBe(false);
      }),
    );
  });
});

describe('linear in the size of the text', () => {
  test.each([
    ['one letter', 'a '.repeat(300_000)],
    ['long words', `${'a'.repeat(5_000)} `.repeat(60)],
    ['sentences', 'Il cliente non paga. '.repeat(20_000)],
    ['no words', '. '.repeat(200_000)],
  ])('%s', (_, text) => {
    const start = performance.now();
    keysOf(text);
    quotedKeys(text);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
