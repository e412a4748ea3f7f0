import { describe, expect, test } from 'vitest';
import { parseMailDate } from '../../../src/core/message/date.ts';
import { cleanFilename } from '../../../src/core/message/filename.ts';
import {
  cleanSubject,
  hasReplyPrefix,
  readMessageIds,
  readTags,
  tag,
} from '../../../src/core/message/thread.ts';

describe('subjects', () => {
  test.each([
    ['R: Stampante ferma', 'Stampante ferma'],
    ['RE: R: I: Stampante ferma', 'Stampante ferma'],
    ['Rif: [#1042] Stampante ferma', 'Stampante ferma'],
    ['[#1042] R: [#1042] Stampante ferma', 'Stampante ferma'],
    ['Re[2]: Stampante', 'Stampante'],
    ['Fwd: FW: AW: WG: TR: Antw: Stampante', 'Stampante'],
    ['[EXTERNAL] R: Stampante', 'Stampante'],
    ['RE : Stampante', 'Stampante'],
    ['[Ticket #1] Stampante', '[Ticket #1] Stampante'],
    ['Rete: non va', 'Rete: non va'],
    ['Info: orari', 'Info: orari'],
    ['R:', ''],
    ['', ''],
  ])('%j is about %j', (subject, cleaned) => {
    expect(cleanSubject(subject)).toBe(cleaned);
  });

  test('only our own tag counts, never another vendor’s (BAD-MAIL 43)', () => {
    expect(readTags(`R: ${tag(1042)} e ${tag(7)} ${tag(1042)}`)).toEqual([1042, 7]);
    expect(readTags('[Ticket #1] [# 2] [#3a] (#4) [#05] [#1234567890]')).toEqual([]);
  });

  test('a reply prefix is told from a forward’s', () => {
    expect(['R: x', 're: x', '[#3] Rif: x', '[EXT] AW: x'].map(hasReplyPrefix)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['I: x', 'Fwd: x', 'Re x', 'Reti: x', ''].map(hasReplyPrefix)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  test('prefixes without end are taken off in linear time', () => {
    expect(cleanSubject('Re: '.repeat(20_000))).toBe('');
  });
});

test('message ids are read from between whatever else stands there', () => {
  expect(readMessageIds('<a@b> (comment) your mail of <c@d>\t<e@f')).toEqual(['<a@b>', '<c@d>']);
  expect(readMessageIds('<'.repeat(500_000))).toEqual([]);
});

describe('dates', () => {
  test.each([
    ['Tue, 4 Mar 2025 09:15:00 +0100', '2025-03-04T08:15:00.000Z'],
    ['4 Mar 2025 09:15 GMT', '2025-03-04T09:15:00.000Z'],
    ['Tue, 04 Mar 25 09:15:00 EST (fuso)', '2025-03-04T14:15:00.000Z'],
    ['Thu, 1 Jan 1970 00:00:00 +0000', '1970-01-01T00:00:00.000Z'],
    ['Fri, 31 Dec 2099 23:59:59 +0000', '2099-12-31T23:59:59.000Z'],
  ])('%s', (header, iso) => {
    expect(parseMailDate(header)?.toISOString()).toBe(iso);
  });

  test.each([
    '',
    'ieri',
    '31 Feb 2025 10:00:00 +0000',
    'Tue, 4 Mar 2025 25:00:00 +0000',
    '2025-03-04',
    '4 Mrz 2025 09:15',
  ])('%j is no moment', (header) => {
    expect(parseMailDate(header)).toBeNull();
  });
});

describe('file names (BAD-MAIL 71, 72)', () => {
  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system32\\cmd.exe', 'cmd.exe'],
    ['C:fattura.pdf', 'fattura.pdf'],
    ['NUL', '_NUL'],
    ['con.txt', '_con.txt'],
    ['Lpt1.tar.gz', '_Lpt1.tar.gz'],
    ['fattura\u202Efdp.exe', 'fatturafdp.exe'],
    ['a\0b\r\nc.txt', 'ab c.txt'],
    ['  .bashrc. ', 'bashrc'],
    ['relazione: "finale"?.doc', 'relazione_ _finale__.doc'],
    ['..', 'documento.pdf'],
    ['', 'documento.pdf'],
    [null, 'documento.pdf'],
  ])('%j is shown as %j', (declared, shown) => {
    expect(cleanFilename(declared, 'application/pdf')).toBe(shown);
  });

  test('a name of any length keeps its extension and stays short', () => {
    const name = cleanFilename(`${'è'.repeat(5_000)}.pdf`, 'application/pdf');
    expect(name).toHaveLength(120);
    expect(name.endsWith('.pdf')).toBe(true);
  });

  test('a name is not cut within a letter', () => {
    expect(cleanFilename(`a${'😀'.repeat(80)}.jpeg`, 'image/jpeg')).not.toMatch(/\ufffd/u);
  });

  test.each(['漢', '😀', 'e\u0301'])(
    'a name of many %s fits into what file systems allow, with its extension',
    (letter) => {
      const name = cleanFilename(`${letter.repeat(150)}.txt`, 'text/plain');
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(240);
      expect(Buffer.byteLength(name)).toBeGreaterThan(150);
      expect(name).toMatch(/^[^\ufffd]+\.txt$/u);
    },
  );
});

test.each([
  [
    'an id that its program broke in two',
    '<x@y>\t<molto.lungo.\t primo@acme.it>',
    ['<x@y>', '<molto.lungo.primo@acme.it>'],
  ],
  ['one without brackets', 'primo@acme.it', ['<primo@acme.it>']],
  ['several without', 'a.1@acme.it, b.2@acme.it\tc@d', ['<a.1@acme.it>', '<b.2@acme.it>', '<c@d>']],
  ['one with a single bracket', '<primo@acme.it', ['<primo@acme.it>']],
  ['words without an id', 'Your message of "Tue, 4 Mar" (anna@acme.it)', []],
])('message ids of programs that write them in their own way: %s', (_, header, ids) => {
  expect(readMessageIds(header)).toEqual(ids);
});
