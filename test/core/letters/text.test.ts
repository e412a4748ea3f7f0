import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  editDistance,
  normalise,
  splitLines,
  withoutInvisible,
  wordsOf,
} from '../../../src/core/letters/text.ts';
import { isMarkerLine } from '../../../src/core/letters/marker.ts';
import { markerLine } from '../../../src/core/words/words.ts';
import { asItLooks } from '../../../src/core/letters/lookalike.ts';

describe('what two pieces of writing are compared by', () => {
  test.each([
    ['Perché', 'perche'],
    ['PERCHE\u0301', 'perche'],
    ['perche’', 'perche'],
    ["perche'", 'perche'],
    ["un'ora", "un'ora"],
    ['un’ora', "un'ora"],
    ['un´ora', "un'ora"],
    ['ｃｈｉｕｄｅｒｅ', 'chiudere'],
    ['chiu\u200bde\u00adre\ufeff', 'chiudere'],
    ['𝐜𝐡𝐢𝐮𝐝𝐞𝐫𝐞', 'chiudere'],
    [' in\u00a0 \t lavorazione\u3000', 'in lavorazione'],
    ['İstanbul', 'istanbul'],
    ['ﬁne', 'fine'],
    ['сhiudere', 'сhiudere'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(normalise(text)).toBe(expected);
  });
  test('normalising twice changes nothing more', () => {
    assert(
      property(string({ unit: 'grapheme' }), (text) => {
        expect(normalise(normalise(text))).toBe(normalise(text));
      }),
    );
  });
  test('words, whatever stands between them', () => {
    expect(wordsOf('«Un’ora» - e mezza, SÌ? 3,5')).toEqual(["un'ora", 'e', 'mezza', 'si', '3', '5']);
    expect(wordsOf('... 👍')).toEqual([]);
  });
  test('letters of other scripts that look like ours', () => {
    expect(asItLooks('сһіυԁеге')).toBe('chiudere');
    expect(asItLooks('chiudere')).toBe('chiudere');
    expect(asItLooks('жук')).toBe('жyk');
  });
  test('what shows nothing is dropped, and nothing else', () => {
    expect(withoutInvisible('a\u200b \u202eb\u2069\ufe0f 👍é')).toBe('a b 👍é');
  });
});

describe('lines', () => {
  test('end in every way that mail brings', () => {
    expect(splitLines('a\nb\r\nc\rd\u2028e\u0085f')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(splitLines('')).toEqual(['']);
    expect(splitLines('a\r\n\r\n')).toEqual(['a', '', '']);
  });
});

describe('how far two words are apart', () => {
  test.each([
    ['chiudere', 'chiudere', 0],
    ['chidere', 'chiudere', 1],
    ['chiuddere', 'chiudere', 1],
    ['chiedere', 'chiudere', 1],
    ['chuidere', 'chiudere', 1],
    ['hciudree', 'chiudere', 2],
    ['porta', 'chiudere', 3],
    ['', 'ab', 2],
  ])('%s, %s: %i', (a, b, expected) => {
    expect(editDistance(a, b, 2)).toBe(expected);
    expect(editDistance(b, a, 2)).toBe(expected);
  });
});

describe('the marker line', () => {
  test.each(['reply', 'solution'] as const)('%s is known again, quoted and in another case', (kind) => {
    for (const locale of ['it', 'en'] as const) {
      const line = markerLine(kind, locale);
      expect(line.length).toBeLessThan(65);
      for (const seen of [
        line,
        `> ${line}`,
        `>> ${line.toUpperCase()}  `,
        `*${line}*`,
        line.replaceAll(' ', '\u00a0'),
      ]) {
        expect(isMarkerLine(seen)).toBe(true);
      }
    }
  });
  test('prose is none', () => {
    expect(isMarkerLine('Scrivere sopra questa riga il nome')).toBe(false);
    expect(isMarkerLine('')).toBe(false);
  });
});
