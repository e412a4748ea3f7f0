import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEntries } from '../../src/cli/import/file.ts';
import type { ImportKind } from '../../src/cli/import/kinds.ts';

const read = (text: string, kind: ImportKind) => readEntries(new TextEncoder().encode(text), kind);

/** The errors of a file, as `line: words`. */
function errors(text: string, kind: ImportKind): string[] {
  const file = read(text, kind);
  return file.ok ? [] : file.errors.map(({ line, why }) => `${line}: ${why}`);
}

describe('a file of companies', () => {
  test('comma or semicolon, a byte order mark and any line end are all understood', () => {
    const entry = {
      kind: 'companies',
      key: 'rossi s.r.l.',
      name: 'Rossi S.r.l.',
      domains: ['rossi.it', 'rossi.com'],
      contracts: ['remote'],
      ended: false,
    };
    const expected = { ok: true, entries: [{ line: 2, entry }] };
    expect(read('name,domains,contracts\nRossi S.r.l.,rossi.it|Rossi.COM,remote\n', 'companies')).toEqual(
      expected,
    );
    expect(
      read('\u{feff}Name;Domains;Contracts\r\n"Rossi S.r.l.";"rossi.it rossi.com";remote', 'companies'),
    ).toEqual(expected);
  });

  test('a column that is missing leaves what exists as it is, an empty cell empties it', () => {
    expect(read('name\nRossi', 'companies')).toMatchObject({ entries: [{ entry: { domains: null } }] });
    expect(read('name,domains\nRossi,', 'companies')).toMatchObject({
      entries: [{ entry: { domains: [] } }],
    });
  });

  test('every error is named with the line it stands on', () => {
    expect(
      errors('name;domains;contracts\nA;a.it;remote\n"B\nb";x;now and then\n\n;c.it;\nA;;\nD', 'companies'),
    ).toEqual([
      '3: domains: expected domains such as rossi.it, found "x"',
      '3: contracts: expected contracts of on-site, remote, outsourcing, pay-per-use, found "now"',
      '3: contracts: expected contracts of on-site, remote, outsourcing, pay-per-use, found "and"',
      '3: contracts: expected contracts of on-site, remote, outsourcing, pay-per-use, found "then"',
      '6: name: expected a name, found nothing',
      '7: the same as line 2',
      '8: expected 3 columns as in the first line, found 1',
    ]);
  });
});

describe('files of people', () => {
  test('roles and addresses are checked', () => {
    expect(errors('email,name,role,aliases\nanna,Anna,boss,x\n', 'staff')).toEqual([
      '2: email: expected a bare mail address, found "anna"',
      '2: role: expected one of technician, clerk, administrator, found "boss"',
      '2: aliases: expected bare mail addresses, found "x"',
    ]);
  });

  test('addresses come out as every table keeps them', () => {
    expect(read('email,company\n Lucia@ROSSI.it ,Rossi\n', 'contacts')).toMatchObject({
      entries: [{ entry: { email: 'lucia@rossi.it', name: null, disabled: false } }],
    });
  });

  test('what `list --json` calls disabled may be imported too', () => {
    expect(read('email,company,disabled\na@b.it,B,true\nc@d.it,D,\n', 'contacts')).toMatchObject({
      entries: [{ entry: { disabled: true } }, { entry: { disabled: false } }],
    });
    expect(errors('email,company,disabled\na@b.it,B,perhaps\n', 'contacts')).toEqual([
      '2: disabled: expected true or false',
    ]);
  });
});

describe('a file that is none', () => {
  test('the columns of the kind are named where one is missing, unknown or doubled', () => {
    expect(errors('email,firma,email\n', 'contacts')).toEqual([
      '1: the column company is missing; there is no column "firma"; the column email stands there twice; ' +
        'the columns of contacts are email, company, name, disabled',
    ]);
  });

  test('another encoding is found on its line, and tabs are named', () => {
    const bytes = Buffer.from('name\r\nRossi S.r.l.\r\nCaffè Nicolò\r\n', 'latin1');
    expect(readEntries(bytes, 'companies')).toEqual({
      ok: false,
      errors: [{ line: 3, why: expect.stringContaining('expected UTF-8') }],
    });
    expect(errors('name\tdomains\nRossi\trossi.it\n', 'companies').join('')).toContain('found tabs');
  });

  test('empty, of another encoding, or with quotes that do not match', () => {
    expect(errors('', 'staff')).toEqual(['1: expected the names of the columns, found an empty file']);
    expect(readEntries(Uint8Array.of(0x6e, 0xe9), 'staff')).toMatchObject({ ok: false });
    expect(errors('name\n"A\n', 'companies')[0]).toMatch(/^2: the quotes do not match/);
  });

  test('no bytes whatever make it throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.constantFrom<ImportKind>('companies', 'contacts', 'staff'),
        (bytes, kind) => {
          expect(readEntries(bytes, kind).ok).toBeTypeOf('boolean');
        },
      ),
    );
  });
});
