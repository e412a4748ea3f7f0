import { parseEnv } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeEnv } from '../../src/setup/env-file.ts';

const change = (text: string, changes: Record<string, string | null>) =>
  changeEnv(text, new Map(Object.entries(changes)));

/** The same, where it must succeed. */
function changed(text: string, changes: Record<string, string | null>): string {
  const result = change(text, changes);
  if (!result.ok) throw new Error(result.why);
  return result.text;
}

const name = fc.stringMatching(/^[A-Z][A-Z_]{0,5}$/u);
const value = fc.string({
  unit: fc.constantFrom('a', 'è', ' ', '#', '$', '\\', '\n', '"', "'", '`', '=', '\t', '{', '}', '%'),
});
/** Quotes end at their own kind, and in double ones `\\n` is a line break: there may be a value that no way is left for. */
const isWritable = (text: string): boolean =>
  !text.includes("'") || !text.includes('`') || !(text.includes('"') || text.includes(String.raw`\n`));

function sameValues(file: string, expected: Record<string, string>): boolean {
  const found = parseEnv(file);
  return (
    Object.keys(found).length === Object.keys(expected).length &&
    Object.entries(expected).every(([variable, text]) => found[variable] === text)
  );
}

describe('a value that is written', () => {
  test('is read back the same, whatever it holds, or refused where no quote is left for it', () => {
    fc.assert(
      fc.property(name, value, (variable, text) => {
        const result = change('', { [variable]: text });
        const isRight = result.ok ? sameValues(result.text, { [variable]: text }) : !isWritable(text);
        expect(isRight).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    'imaps://a%40b.it:p%23@mail.b.it:993/INBOX',
    'Assistenza "Blu" <a@b.it>',
    "L'Officina <a@b.it>",
    'a # b',
    ' a ',
    '$HOME',
    'a\nb',
    '',
  ])('%j is read back the same', (text) => {
    expect(parseEnv(changed('OTHER=x\n', { NAME: text }))).toEqual({ OTHER: 'x', NAME: text });
  });

  test('is plain where it can be', () => {
    expect(changed('', { URL: 'smtps://a%40b.it:p@mail.b.it:465' })).toBe(
      'URL=smtps://a%40b.it:p@mail.b.it:465\n',
    );
    expect(changed('', { NAME: 'Assistenza <a@b.it>' })).toBe('NAME="Assistenza <a@b.it>"\n');
  });
});

describe('a file that is there', () => {
  test('keeps every line but those of what is changed', () => {
    const text = [
      '# our desk',
      '',
      'MAILBOX_URL=old # the first',
      "export  SPACED = 'two",
      "lines'",
      'not an assignment',
      'UNKNOWN=kept',
      '#SMTP_URL=commented',
      'TOKEN_DAYS=30',
    ].join('\n');
    expect(changed(text, { MAILBOX_URL: 'new', SPACED: 'one', TOKEN_DAYS: null, SMTP_URL: 'added' })).toBe(
      [
        '# our desk',
        '',
        'MAILBOX_URL=new',
        'SPACED=one',
        'not an assignment',
        'UNKNOWN=kept',
        '#SMTP_URL=commented',
        'SMTP_URL=added',
        '',
      ].join('\n'),
    );
  });

  test('keeps its line ends', () => {
    expect(changed('A=1\r\nB=2\r\n', { A: '3', C: '4' })).toBe('A=3\r\nB=2\r\nC=4\r\n');
  });

  test('that has a variable twice has the last one changed, which counts', () => {
    expect(changed('A=1\nA=2\n', { A: '3' })).toBe('A=1\nA=3\n');
    expect(changed('A=1\nB=1\nA=2\n', { A: null })).toBe('B=1\n');
  });

  test('whose quotes do not end is left alone where a change would move the end', () => {
    expect(change("A='open\n", { B: "it's" })).toMatchObject({ ok: false });
  });

  const line = fc.oneof(
    fc
      .tuple(name, value)
      .map(([variable, text]) => changeEnv('', new Map([[variable, text]])))
      .map((one) => (one.ok ? one.text : '# none\n')),
    fc.constantFrom(
      '# a comment\n',
      '\n',
      'words\n',
      "X='\n",
      'Y="a # b" # c\n',
      'Z=\n',
      '  W = 1 \n',
      '# QUOTED="x\n',
    ),
  );

  test('is never changed elsewhere, whatever stands in it: all other variables and lines stay', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), name, fc.option(value), (lines, variable, text) => {
        const before = lines.join('');
        const result = change(before, { [variable]: text });
        if (!result.ok) return;
        const expected: Record<string, string | undefined> = { ...parseEnv(before) };
        delete expected[variable];
        if (text !== null) expected[variable] = text;
        expect({ ...parseEnv(result.text) }).toEqual(expected);
        // twice is the same as once
        expect(change(result.text, { [variable]: text })).toEqual(result);
        // in a quotation mark that is left open a comment is part of the value
        const comments = before.includes("X='\n") ? [] : ['# a comment\n', 'words\n'];
        for (const comment of comments)
          expect(result.text.split(comment).length).toBe(before.split(comment).length);
      }),
      { numRuns: 2_000 },
    );
  });
});
