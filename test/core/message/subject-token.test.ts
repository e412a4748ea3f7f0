import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSubjectToken, subjectLimit, subjectWithToken } from '../../../src/core/message/subject-token.ts';
import { shorten } from '../../../src/core/letters/text.ts';

const letters = Array.from('abcdefghijklmnopqrstuvwxyz234567');
const tokens = fc
  .array(fc.constantFrom(...letters), { minLength: 26, maxLength: 26 })
  .map((picked) => picked.join(''));

describe('a token in the subject', () => {
  it('is read back whatever the subject, and never cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), tokens, (subject, token) => {
        const whole = subjectWithToken(subject, token);
        expect(readSubjectToken(whole)).toContain(token);
        expect(readSubjectToken(`R: ${whole.toUpperCase()}`)).toContain(token);
        expect(Array.from(whole).length).toBeLessThanOrEqual(subjectLimit);
      }),
    );
  });

  it('is read in a folded line and where several stand, each once', () => {
    const [a, b] = ['a'.repeat(26), 'b'.repeat(26)];
    expect(readSubjectToken(`R: x (rif.\r\n ${a}) (RIF. ${b}) (rif. ${a})`)).toEqual([a, b]);
  });

  it('is nothing else: no bare word, no longer word, no other brackets', () => {
    const a = 'a'.repeat(26);
    expect(readSubjectToken(`${a} rif. ${a} [rif. ${a}] (rif. ${a}a) (rif. ${'1'.repeat(26)})`)).toEqual([]);
  });
});

describe('shortening', () => {
  it('never splits a character', () => {
    expect(shorten('😀😀😀', 2)).toBe('😀…');
    expect(shorten('😀😀', 2)).toBe('😀😀');
  });
});
