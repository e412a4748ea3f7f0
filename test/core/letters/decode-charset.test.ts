import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../src/core/letters/decode-charset.ts';

const read = (label: string | null, ...bytes: number[]) => decodeText(Uint8Array.from(bytes), label);

describe('a charset of Apple’s has the euro sign where ¤ was until 1998', () => {
  test.each([
    ['macintosh', [0x34, 0x30, 0x20, 0xdb, 0x8f], '40 €è'],
    ['x-mac-roman', [0xdb, 0x2c, 0x88], '€,à'],
    ['MacRoman', [0xdb, 0x2c, 0x88], '€,à'],
    ['x-macroman', [0xdb, 0x2c, 0x88], '€,à'],
    ['csMacintosh', [0xdb, 0x2c, 0x8f], '€,è'],
    ['mac', [0xdb, 0x2c, 0x88], '€,à'],
    ['x-mac-italian', [0xdb, 0x2c, 0x88], '€,à'],
    ['cp10000', [0xdb, 0x2c, 0x88], '€,à'],
    ['x-mac-croatian', [0xdb, 0x2c, 0xe6], '€,ć'],
    ['x-mac-icelandic', [0xdb, 0x2c, 0xdd], '€,ð'],
    ['x-mac-romanian', [0xdb, 0x2c, 0xbe], '€,ă'],
    ['x-mac-cyrillic', [0xff, 0x2c, 0xe0], '€,а'],
    ['x-mac-ukrainian', [0xff, 0x2c, 0xb6], '€,ґ'],
    ['x-mac-ce', [0x8b, 0x2c, 0xe1], 'č,Š'],
    ['x-mac-centraleurroman', [0x8b, 0x2c, 0xe1], 'č,Š'],
    ['x-mac-turkish', [0xdb, 0x2c, 0xdf], 'ğ,ş'],
    ['x-mac-greek', [0xe1, 0x2c, 0xe2], 'α,β'],
  ])('%s', (label, bytes, text) => {
    expect(read(label, ...bytes)).toEqual({ text, problem: null });
  });
});

describe('windows-1252 has many names', () => {
  test.each([
    'windows-1252',
    'cp1252',
    'CP-1252',
    'x-cp1252',
    'x-windows-1252',
    'win1252',
    'windows_1252',
    'ANSI',
    'x-ansi',
    'ms-ansi',
    'ANSI1252',
    'western',
    'iso-8859-1',
    'x-iso-8859-1',
    '8859-1',
    'iso 8859-1',
    'ISO8859_1',
    'iso-latin-1',
    'it_IT.ISO-8859-1',
    'iso-8859-1-windows-3.1-latin-1',
    'charset=windows-1252',
    "'windows-1252'",
    ' "windows-1252" ',
    'windows‑1252',
    'windows-1252http-equiv',
    'cp28591',
  ])('%s', (label) => {
    expect(read(label, 0x80, 0x20, 0xe8, 0x92)).toEqual({
      text: '€ è’',
      problem: null,
    });
  });
});

describe('a label that says nothing counts as none', () => {
  test.each([
    null,
    'us-ascii',
    'ascii',
    'x-ascii',
    'ansi_x3.4-1968',
    'ANSI_X3.4-1986',
    'ANSI_X3.110-1983',
    'iso646-us',
    'ISO_646.irv:1991',
    'iso-ir-6',
    '7bit',
    'binary',
    'unknown',
    'unknown-8bit',
    'x-unknown',
    'x-user-defined',
    'user-defined',
    'default',
    'null',
    'undefined',
    '_autodetect',
    'standard',
    '',
  ])('%s', (label) => {
    expect(read(label, 0x80, 0x20, 0xe8, 0x92)).toEqual({
      text: '€ è’',
      problem: null,
    });
    expect(read(label, 0xe2, 0x82, 0xac, 0xc3, 0xa8)).toEqual({
      text: '€è',
      problem: null,
    });
  });
});

describe('UTF-8 has many names', () => {
  test.each([
    'utf8',
    '"utf-8"',
    ' utf-8 ',
    'utf 8',
    'utf_8',
    'utf--8',
    'utf‑8',
    'x-utf-8',
    'unicode-1-1-utf-8',
    'x-unicode-2-0-utf-8',
    'iso-10646-utf-8',
    'utf8mb3',
    'utf8mb4',
    'utf8_general_ci',
    'al32utf8',
    'utf-8-sig',
    'utf-8-mac',
    'cesu-8',
    'cp65001',
    'windows-65001',
    'charset=utf-8',
    'utf-8; format=flowed',
  ])('%s', (label) => {
    expect(read(label, 0xe2, 0x82, 0xac, 0xc3, 0xa8)).toEqual({
      text: '€è',
      problem: null,
    });
    expect(read(label, 0x80, 0x20, 0xe8)).toEqual({
      text: '€ è',
      problem: 'charset_wrong',
    });
  });
});

describe('the Latin alphabets are numbered otherwise than the parts of ISO 8859', () => {
  test.each([
    ['iso-8859-15', [0xa4, 0xbc], '€Œ'],
    ['iso8859-15:1999', [0xa4, 0xbc], '€Œ'],
    ['latin9', [0xa4, 0xbc], '€Œ'],
    ['latin-9', [0xa4, 0xbc], '€Œ'],
    ['l9', [0xa4, 0xbc], '€Œ'],
    ['latin0', [0xa4, 0xbc], '€Œ'],
    ['ISO885915', [0xa4, 0xbc], '€Œ'],
    ['latin2', [0xe8, 0xb9], 'čš'],
    ['latin5', [0xf0, 0xfe], 'ğş'],
    ['latin7', [0xe8, 0xe0], 'čą'],
    ['latin10', [0xa4, 0xe3], '€ă'],
  ])('%s', (label, bytes, text) => {
    expect(read(label, ...bytes)).toEqual({ text, problem: null });
  });
});

describe('code pages of DOS and of the East, under their vendors’ names', () => {
  test.each([
    ['cp850', [0x8a, 0x85], 'èà'],
    ['dos-850', [0x8a, 0x85], 'èà'],
    ['pc850', [0x8a, 0x85], 'èà'],
    ['ibm-437', [0x8a, 0x85], 'èà'],
    ['ibm00858', [0xd5, 0x2c, 0x8a], '€,è'],
    ['cp858', [0xd5, 0x2c, 0x8a], '€,è'],
    ['win-1251', [0xcf, 0x20, 0xc9], 'П Й'],
    ['cp20866', [0xcf, 0x20, 0xc9], 'о и'],
    ['ms932', [0x82, 0xb1, 0x82, 0xf1], 'こん'],
    ['windows-31j', [0x82, 0xb1, 0x82, 0xf1], 'こん'],
    ['cp936', [0xc4, 0xe3, 0xba, 0xc3], '你好'],
    ['x-x-big5', [0xa7, 0x41, 0xa6, 0x6e], '你好'],
    ['uhc', [0xbe, 0xc8, 0xb3, 0xe7], '안녕'],
    ['cp51949', [0xbe, 0xc8, 0xb3, 0xe7], '안녕'],
  ])('%s', (label, bytes, text) => {
    expect(read(label, ...bytes)).toEqual({ text, problem: null });
  });

  test('a name that nobody knows is read as UTF-8, and what is lost is told (BAD-MAIL 7)', () => {
    expect(read('x-kd-9', 0x61, 0xe8)).toEqual({
      text: 'a\ufffd',
      problem: 'letters_replaced',
    });
  });
});
