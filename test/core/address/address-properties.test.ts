import { array, assert, constantFrom, type Arbitrary, oneof, property, record, tuple } from 'fast-check';
import parseAddresses from 'nodemailer/lib/addressparser/index.js';
import { describe, expect, test } from 'vitest';
import { parseAddressList, parseFrom } from '../../../src/core/address/address-list.ts';
import { normaliseEmail } from '../../../src/core/address/address.ts';
import { visible } from '../../../src/log/visible.ts';
import { runs } from '../../harness/runs.ts';

/** A piece of a header: how it is written, and what it says. */
type Written<T> = { written: string; said: T };

const locals: Arbitrary<Written<string>> = constantFrom(
  { written: 'Luigi', said: 'luigi' },
  { written: 'luigi.verdi', said: 'luigi.verdi' },
  { written: "o'neil+x=1", said: "o'neil+x=1" },
  { written: '"luigi"', said: 'luigi' },
  { written: '"Luigi Verdi"', said: '"luigi verdi"' },
  { written: String.raw`"a\"b\\c"`, said: String.raw`"a\"b\\c"` },
  { written: '"luigi@kybernes.it"', said: '"luigi@kybernes.it"' },
  { written: '"a,b;c:d<e>"', said: '"a,b;c:d<e>"' },
  { written: 'niccolò', said: 'niccolò' },
);
const domains: Arbitrary<Written<string>> = constantFrom(
  { written: 'kybernes.it', said: 'kybernes.it' },
  { written: 'KYBERNES.it', said: 'kybernes.it' },
  { written: 'città.it', said: 'xn--citt-3na.it' },
  { written: 'posta.CITTÀ.it', said: 'posta.xn--citt-3na.it' },
  { written: 'xn--citt-3na.it', said: 'xn--citt-3na.it' },
  { written: '[192.0.2.1]', said: '[192.0.2.1]' },
);
const space = constantFrom('', ' ', '\t', '  ');
const comment = constantFrom(
  '',
  '(ufficio)',
  '(a (nested) one)',
  '(ada@kybernes.it)',
  String.raw`(\)<a@b.it>)`,
);
const address: Arbitrary<Written<string>> = tuple(space, comment, locals, space, space, domains, comment).map(
  ([a, before, local, b, c, domain, after]) => ({
    written: `${a}${before}${local.written}${b}@${c}${domain.written}${after}`,
    said: `${local.said}@${domain.said}`,
  }),
);
/** Text that may precede an address; a less strict reader could take each for one. */
const names = constantFrom(
  'Luigi Verdi',
  '"Verdi, Luigi"',
  '"ada@kybernes.it"',
  String.raw`"\"<ada@kybernes.it>\""`,
  '"ada@kybernes.it," ',
  '=?utf-8?Q?ada=40kybernes=2Eit?=',
  '=?utf-8?Q?=3Cada=40kybernes=2Eit=3E=2C?=',
  '=?utf-8?B?YWRhQGt5YmVybmVzLml0?=',
  'Luigi (ada@kybernes.it) Verdi',
  '"a:b;c"',
  '',
);
const mailbox: Arbitrary<Written<string>> = oneof(
  address,
  tuple(names, address, comment).map(([name, of, after]) => ({
    written: `${name} <${of.written}>${after}`,
    said: of.said,
  })),
);

const lowerAscii = (text: string) => text.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase());
/** Without quotes and spaces, which programs write differently, and with the domain in ASCII. */
const plain = (written: string) => {
  const email = written.replaceAll(/["\\\s]/gu, '');
  const at = email.lastIndexOf('@');
  return `${email.slice(0, at)}@${URL.parse(`http://${email.slice(at + 1)}`)?.hostname ?? ''}`.toLowerCase();
};

describe('one address, however it is written', () => {
  test('speaks as what stands in its address, whatever name and comments stand beside it', () => {
    assert(
      property(mailbox, ({ written, said }) => {
        expect(parseFrom([written])).toMatchObject({ ok: true, address: { email: said } });
      }),
      { numRuns: runs(3_000) },
    );
  });

  test('two of them, a group of one, or one in each of two headers speak as nobody', () => {
    assert(
      property(mailbox, mailbox, constantFrom(', ', ',\t', ' ,'), (one, other, comma) => {
        expect(parseFrom([one.written + comma + other.written]).ok).toBe(false);
        expect(parseFrom([one.written, other.written]).ok).toBe(false);
        expect(parseFrom([`Gruppo: ${one.written};`]).ok).toBe(false);
        expect(parseFrom([`${one.written};${other.written}`]).ok).toBe(false);
      }),
      { numRuns: runs(1_000) },
    );
  });

  test('in a list each is read as it is alone', () => {
    assert(
      property(array(mailbox, { maxLength: 8 }), (list) => {
        const { addresses, problems } = parseAddressList(list.map(({ written }) => written).join(', '));
        expect(addresses.map(({ email }) => email)).toEqual(list.map(({ said }) => said));
        expect(problems).toEqual([]);
      }),
      { numRuns: runs(1_000) },
    );
  });
});

/** Junk that forgers put into headers: structure, invisible characters, lookalikes. */
const junk = constantFrom(
  ...Array.from('<>,;:@"()[]\\. \t'),
  '=?utf-8?Q?',
  '?=',
  ...Array.from('\u200b\u00ad\u202e\u2066\ufe0f\u034f\u3164\ufeff\u2028\0'),
  ...Array.from('\u212a\uff20\uff41ſіοıİ。·\u{e0061}\u{1d5c5}'),
  'e\u0301',
  '%40',
  '\ud800',
  'ada@kybernes.it',
  '<ada@kybernes.it>',
  'Gruppo:',
  '@relay.it:',
  'kybernes.it',
);
const spoilt = tuple(
  mailbox,
  array(record({ at: constantFrom(0, 0.2, 0.4, 0.5, 0.6, 0.8, 1), junk }), { minLength: 1, maxLength: 4 }),
).map(([{ written }, splices]) =>
  splices.reduce((text, splice) => {
    const at = Math.round(splice.at * text.length);
    return text.slice(0, at) + splice.junk + text.slice(at);
  }, written),
);

describe('a forged header', () => {
  test('speaks as an address that people see as it is, or as nobody', () => {
    assert(
      property(spoilt, (header) => {
        const from = parseFrom([header]);
        if (!from.ok) return;
        const { email, name } = from.address;
        expect(visible(email)).toBe(email);
        expect(name).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect(email).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}A-Z]/u);
        expect(email).toBe(email.normalize('NFKC'));
        expect(email.slice(email.lastIndexOf('@'))).toMatch(/^@[\x21-\x7e]+$/u);
        // it says itself, and no letter of it comes from anywhere else than the header
        expect(normaliseEmail(email)).toBe(email);
        const local = email.slice(0, email.lastIndexOf('@')).replaceAll(/["\\]/gu, '');
        expect(lowerAscii(header).replaceAll(/["\\]/gu, '')).toContain(local);
      }),
      { numRuns: runs(10_000) },
    );
  });

  test('that a mail program reads as one other address speaks as nobody', () => {
    assert(
      property(spoilt, (header) => {
        const from = parseFrom([header]);
        if (!from.ok) return;
        const read = parseAddresses(header, { flatten: true });
        const [only] = read;
        if (read.length !== 1 || only === undefined || !only.address.includes('@')) return;
        expect(plain(only.address)).toBe(plain(from.address.email));
      }),
      { numRuns: runs(10_000) },
    );
  });
});

test.each([
  ['zero width', 'lu\u200bigi@kybernes.it'],
  ['a soft hyphen', 'lu\u00adigi@kybernes.it'],
  ['a direction mark', 'luigi\u202e@kybernes.it'],
  ['a filler', 'luigi\u3164@kybernes.it'],
  ['a tag letter', '\u{e0061}luigi@kybernes.it'],
  ['a Cyrillic letter among Latin ones', 'luigі@kybernes.it'],
  ['a mathematical letter', '\u{1d5c5}uigi@kybernes.it'],
  ['a full-width letter in one label of several', 'luigi@\uff4bybernes.città.it'],
  ['a domain in brackets', 'luigi@[kybernes.it]'],
])('an address that holds %s names nobody', (_, header) => {
  expect(parseFrom([header]).ok).toBe(false);
});

test.each(['иван@почта.рф', '用户@例子.cn', 'δοκιμή@παράδειγμα.gr', 'niccolò@città.it'])(
  'an address in one alphabet is one: %s',
  (header) => {
    expect(parseFrom([header]).ok).toBe(true);
  },
);
