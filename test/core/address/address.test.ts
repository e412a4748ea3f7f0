import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddressList, parseFrom } from '../../../src/core/address/address-list.ts';
import { emailDomain, normaliseEmail, plusDetail } from '../../../src/core/address/address.ts';
import { lookalikeOf } from '../../../src/core/letters/lookalike.ts';
import { isFreeMailDomain } from '../../../src/core/address/public-mail-domains.ts';
import { runs } from '../../harness/runs.ts';

const ok = (name: string, email: string) => ({ ok: true, address: { name, email } });

describe('From: exactly one strictly parsed address', () => {
  test.each([
    ['anna@acme.it', '', 'anna@acme.it'],
    ['Anna Rossi <Anna.Rossi@ACME.it>', 'Anna Rossi', 'anna.rossi@acme.it'],
    ['"Rossi, Anna" <anna@acme.it>', 'Rossi, Anna', 'anna@acme.it'],
    ['=?utf-8?Q?Nicol=C3=B2_D=27Amico?= <nicolo@acme.it>', "Nicolò D'Amico", 'nicolo@acme.it'],
    ['=?utf-8?Q?Rossi,_Anna?= <anna@acme.it>', 'Rossi, Anna', 'anna@acme.it'],
    ['"=?utf-8?B?Tm/DqG1p?=" <noemi@acme.it>', 'Noèmi', 'noemi@acme.it'],
    ['=?utf-8?Q?Nic?= =?utf-8?Q?ol=C3=B2?= <n@acme.it>', 'Nicolò', 'n@acme.it'],
    ['anna@acme.it (Anna Rossi)', 'Anna Rossi', 'anna@acme.it'],
    ['Anna (ufficio (2)) Rossi <anna@acme.it>', 'Anna Rossi', 'anna@acme.it'],
    ['"anna"@acme.it', '', 'anna@acme.it'],
    ['"anna rossi"@acme.it', '', '"anna rossi"@acme.it'],
    ['<@relay.it,@altro.it:anna@acme.it>', '', 'anna@acme.it'],
    ['J. R. Rossi <jr@acme.it>', 'J. R. Rossi', 'jr@acme.it'],
    ['anna@acme.it <anna@acme.it>', '', 'anna@acme.it'],
    ['"capo@kybernes.it" <anna@acme.it>', 'capo@kybernes.it', 'anna@acme.it'],
    ['Perù <perù@acme.it>', 'Perù', 'perù@acme.it'],
    ['Anna @ ACME <anna@acme.it>', 'Anna @ ACME', 'anna@acme.it'],
    ['=?utf-8?Q?Anna_(ACME)?= <anna@acme.it>', 'Anna (ACME)', 'anna@acme.it'],
    ["'anna@acme.it' <anna@acme.it>", "'anna@acme.it'", 'anna@acme.it'],
    ['capo@kybernes.it <anna@acme.it>', 'capo@kybernes.it', 'anna@acme.it'],
    ['Ferri, Anna <anna@acme.it>', 'Ferri, Anna', 'anna@acme.it'],
    ['Ferri, Anna (ufficio) <anna@acme.it> (casa)', 'Ferri, Anna (ufficio)', 'anna@acme.it'],
    ['Ufficio: Anna Ferri <anna@acme.it>', 'Ufficio: Anna Ferri', 'anna@acme.it'],
    ['Ferri; Anna <anna@acme.it>', 'Ferri; Anna', 'anna@acme.it'],
    ['Anna @ ACME, Ufficio <anna@acme.it>', 'Anna @ ACME, Ufficio', 'anna@acme.it'],
    ['"Ferri <x>", Anna <anna@acme.it>', '"Ferri <x>", Anna', 'anna@acme.it'],
    ['=?utf-8?Q?F=C3=A8rri?=, Anna <anna@acme.it>', 'Fèrri, Anna', 'anna@acme.it'],
    ['anna@perché.it', '', 'anna@xn--perch-fsa.it'],
    ['nas <root@nas>', 'nas', 'root@nas'],
    ['anna@acme.it,', '', 'anna@acme.it'],
  ])('%s', (header, name, email) => {
    expect(parseFrom([header])).toEqual(ok(name, email));
  });

  test.each([
    ['two addresses', 'anna@acme.it, bruno@acme.it'],
    ['two addresses without a comma', 'capo@kybernes.it anna@acme.it'],
    ['an address and a bracketed one', 'capo@kybernes.it, Anna <anna@acme.it>'],
    ['an address and a bracketed one, by a semicolon', 'capo@kybernes.it; Anna <anna@acme.it>'],
    ['an address among the words of a phrase with commas', 'Ferri, capo@kybernes.it, Anna <anna@acme.it>'],
    ['a group of a bracketed address', 'Assistenza: Anna <anna@acme.it>;'],
    ['a group of two', 'Assistenza: Anna <anna@acme.it>, Bruno <bruno@acme.it>'],
    ['an unclosed quote before a comma', '"Ferri, Anna <anna@acme.it>'],
    ['two angle addresses', '<capo@kybernes.it> <anna@acme.it>'],
    ['more behind the address', '<anna@acme.it> capo@kybernes.it'],
    ['a group', 'Assistenza: anna@acme.it;'],
    ['an empty group', 'undisclosed-recipients:;'],
    ['nested groups', 'a: b: anna@acme.it;;'],
    ['an address made by an encoded word', '=?utf-8?Q?anna=40acme.it?='],
    ['an encoded word inside the brackets', '<=?utf-8?Q?capo?=@kybernes.it>'],
    ['an encoded word as the domain', '<capo@=?utf-8?Q?kybernes.it?=>'],
    ['a comment that begins in an encoded word', String.raw`=?utf-8?Q?ad(a?= <capo@kybernes.it>(\)<a@b.it>)`],
    ['the same behind an @', String.raw`@=?utf-8?Q?ad(a=40k=2Eit?= <capo@kybernes.it>(\)<a@b.it>)`],
    ['the same behind a name', String.raw`Anna =?utf-8?Q?ad(a?= <capo@kybernes.it>(\)<a@b.it>)`],
    ['nothing', ''],
    ['no address', 'Anna Rossi'],
    ['an unclosed bracket', 'Anna <anna@acme.it'],
    ['an unclosed quote', '"Anna <anna@acme.it>'],
    ['an unclosed comment', '(Anna <anna@acme.it>'],
    ['two at signs', 'anna@acme.it@kybernes.it'],
    ['an empty label', 'anna@acme..it'],
    ['a dot at the end of the local part', 'anna.@acme.it'],
    ['full-width letters that map onto a known domain', 'capo@ｋｙｂｅｒｎｅｓ.it'],
    ['a Kelvin sign that maps onto k', 'capo@\u212aybernes.it'],
  ])('%s names nobody', (_, header) => {
    expect(parseFrom([header]).ok).toBe(false);
  });

  test('none and two headers name nobody, and say why', () => {
    expect(parseFrom([])).toEqual({ ok: false, why: { kind: 'no_from' }, shown: '' });
    expect(parseFrom(['anna@acme.it', 'capo@kybernes.it'])).toEqual({
      ok: false,
      why: { kind: 'several_froms', count: 2 },
      shown: 'anna@acme.it | capo@kybernes.it',
    });
  });

  test('what a decoded display name holds is never an address', () => {
    expect(parseFrom(['=?utf-8?Q?=22x=22_=3Ccapo=40kybernes.it=3E,?= <anna@acme.it>'])).toEqual(
      ok('"x" <capo@kybernes.it>,', 'anna@acme.it'),
    );
  });

  test('a display name is one line without control or direction characters', () => {
    const header = '=?utf-8?Q?An=00na=0D=0ABcc:_x=E2=80=AE?= <anna@acme.it>';
    expect(parseFrom([header])).toEqual(ok('Anna Bcc: x', 'anna@acme.it'));
  });

  test('a Kelvin sign in the local part does not become a k', () => {
    expect(parseFrom(['\u212a@acme.it']).ok).toBe(false);
  });
});

describe('address lists', () => {
  test('groups are read through; what is no address is a problem and hides nothing', () => {
    const list = parseAddressList('Ufficio: anna@acme.it, "B" <b@acme.it>;, rotto, c@acme.it');
    expect(list.addresses.map(({ email }) => email)).toEqual(['anna@acme.it', 'b@acme.it', 'c@acme.it']);
    expect(list.problems).toHaveLength(1);
    expect(list).toMatchObject({ groups: 1, nestedGroups: false });
  });

  test('nested groups are told', () => {
    expect(parseAddressList('a: b: anna@acme.it;;').nestedGroups).toBe(true);
  });

  test('semicolons between addresses, as some programs write them, separate', () => {
    expect(parseAddressList('anna@acme.it; b@acme.it').addresses).toHaveLength(2);
  });

  test('100,000 recipients are read in linear time', () => {
    const header = Array.from({ length: 100_000 }, (_, n) => `Utente ${n} <u${n}@acme.it>`).join(', ');
    expect(parseAddressList(header).addresses).toHaveLength(100_000);
  });

  test('hostile runs of brackets, quotes and comments end quickly', () => {
    for (const piece of ['(', '"', '<', '((a', '=?', '=?a?b?', '[', '\\', '@', ':', 'a:', ';']) {
      expect(parseAddressList(piece.repeat(200_000)).addresses).toEqual([]);
    }
  });

  test('whatever is read is one well-formed address that reads as itself', () => {
    const piece = constantFrom(
      'a',
      'B',
      '@',
      '.',
      '<',
      '>',
      ',',
      ';',
      ':',
      '"',
      '(',
      ')',
      ' ',
      '=?',
      '?=',
      'è',
      '\\',
      '[',
      ']',
      '\0',
      '\u212a',
    );
    assert(
      property(array(piece, { maxLength: 30 }), (pieces) => {
        for (const { email } of parseAddressList(pieces.join('')).addresses) {
          expect(normaliseEmail(email)).toBe(email);
          expect(email).not.toMatch(/[\p{Cc}A-Z]/u);
        }
      }),
      { numRuns: runs(2_000) },
    );
  });
});

test('bare addresses have one normal form', () => {
  expect(normaliseEmail(' Anna@ACME.it ')).toBe('anna@acme.it');
  expect(normaliseEmail('Anna <anna@acme.it>')).toBeNull();
  expect(normaliseEmail('anna')).toBeNull();
  expect(emailDomain('"a@b"@acme.it')).toBe('acme.it');
});

test('the detail of a plus-address is what follows its last plus', () => {
  expect(plusDetail('desk+abc@kybernes.it')).toEqual({ base: 'desk@kybernes.it', detail: 'abc' });
  expect(plusDetail('ky+test+abc@gmail.com')).toEqual({ base: 'ky+test@gmail.com', detail: 'abc' });
  expect(plusDetail('desk@kybernes.it')).toEqual({ base: 'desk@kybernes.it', detail: null });
  expect(plusDetail('desk@a+b.it')).toEqual({ base: 'desk@a+b.it', detail: null });
});

describe('free mail and certified mail providers never stand for a company', () => {
  test.each(['gmail.com', 'libero.it', 'yahoo.co.uk', 'pec.it', 'legalmail.it', 'hotmail.fr'])(
    '%s',
    (domain) => {
      expect(isFreeMailDomain(domain)).toBe(true);
    },
  );
  test.each(['acme.it', 'pec.acme.it', 'kybernes.it', 'notgmail.com'])('%s may', (domain) => {
    expect(isFreeMailDomain(domain)).toBe(false);
  });
});

const ascii = (domain: string) => new URL(`http://${domain}`).hostname;

describe('look-alike domains', () => {
  const known = ['acme.it', 'kybernes.it', 'modena-carni.it', 'gelateria10.it'];

  test.each([
    [ascii('аcme.it'), 'acme.it'],
    [ascii('kybernеs.it'), 'kybernes.it'],
    [ascii('kybérnes.it'), 'kybernes.it'],
    ['kybemes.it', 'kybernes.it'],
    ['rnodena-carni.it', 'modena-carni.it'],
    ['gelateria1o.it', 'gelateria10.it'],
    [`posta.${ascii('аcme.it')}`, 'acme.it'],
  ])('%s imitates %s', (domain, imitated) => {
    expect(lookalikeOf(domain, known)).toBe(imitated);
  });

  test.each(['acme.it', 'posta.acme.it', 'acme.com', 'altro.it', 'xn--', 'xn--zzzzzzzzzz99999.it'])(
    '%s does not',
    (domain) => {
      expect(lookalikeOf(domain, known)).toBeNull();
    },
  );
});
