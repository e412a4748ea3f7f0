import { constantFrom, array, property, assert, record, shuffledSubarray, boolean } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCompany, isSameCompany } from '../../../src/core/letters/find-company.ts';

const registered = [
  'Lombardi Costruzioni S.r.l.',
  'Beta S.p.A.',
  'Studio Legale Moretti & Associati',
  'Conti S.n.c. di Conti Mario & C.',
  'L’Isola Impianti S.a.s.',
  'Co.Ge.Ri. S.r.l.',
  'Cooperativa Sociale Il Mandorlo',
  'F.lli Greco & Figli S.r.l.s.',
  'Gallo S.r.l.',
  'Gallo S.p.A.',
  'Comune di Pratonuovo',
  'Società Agricola La Sorgente s.s.',
  'Università Popolare',
  'Dell’Orto S.r.l.',
].map((name) => ({ name }));

const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);
const certain = (said: string) => names(findCompany(said, registered).certain);
const near = (said: string) => names(findCompany(said, registered).near);

describe('a company is found as people write it', () => {
  it('a part of several names fits each, whatever else they say', () => {
    const among = ['Comune di Varco', 'ASL Varco', 'Varco Costruzioni S.r.l.'].map((name) => ({ name }));
    expect(names(findCompany('varco', among).certain)).toEqual(among.map(({ name }) => name));
  });

  it.each([
    ['lombardi costruzioni srl', 'Lombardi Costruzioni S.r.l.'],
    ['LOMBARDI  COSTRUZIONI', 'Lombardi Costruzioni S.r.l.'],
    ['Lombardi Costruzioni S. r. l.', 'Lombardi Costruzioni S.r.l.'],
    ['Lombardi Costruzioni società a responsabilità limitata', 'Lombardi Costruzioni S.r.l.'],
    ['Costruzioni Lombardi', 'Lombardi Costruzioni S.r.l.'],
    ['Spett.le Ditta Lombardi Costruzioni', 'Lombardi Costruzioni S.r.l.'],
    ['lombardi', 'Lombardi Costruzioni S.r.l.'],
    ['beta spa', 'Beta S.p.A.'],
    ['BETA S.P.A', 'Beta S.p.A.'],
    ['Beta società per azioni', 'Beta S.p.A.'],
    ['BetaS.p.A.', 'Beta S.p.A.'],
    ['Ｂｅｔａ', 'Beta S.p.A.'],
    ['Moretti', 'Studio Legale Moretti & Associati'],
    ['studio moretti', 'Studio Legale Moretti & Associati'],
    ['Studio legale avv. Moretti e associati', 'Studio Legale Moretti & Associati'],
    ['Moretti and associati', 'Studio Legale Moretti & Associati'],
    ['conti snc', 'Conti S.n.c. di Conti Mario & C.'],
    ['Conti S.N.C. di Conti Mario e C', 'Conti S.n.c. di Conti Mario & C.'],
    ["l'isola impianti sas", 'L’Isola Impianti S.a.s.'],
    ['Isola impianti', 'L’Isola Impianti S.a.s.'],
    ['cogeri', 'Co.Ge.Ri. S.r.l.'],
    ['CO.GE.RI srl', 'Co.Ge.Ri. S.r.l.'],
    ['Il Mandorlo soc. coop.', 'Cooperativa Sociale Il Mandorlo'],
    ['Mandorlo società cooperativa sociale a r.l.', 'Cooperativa Sociale Il Mandorlo'],
    ['fratelli greco e figli', 'F.lli Greco & Figli S.r.l.s.'],
    ['F.lli Greco', 'F.lli Greco & Figli S.r.l.s.'],
    ['gallo spa', 'Gallo S.p.A.'],
    ['Pratonuovo', 'Comune di Pratonuovo'],
    ['comune di pratonuovo', 'Comune di Pratonuovo'],
    ['agricola la sorgente', 'Società Agricola La Sorgente s.s.'],
    ['universita popolare', 'Università Popolare'],
    ["universita' popolare", 'Università Popolare'],
    ['dellorto', 'Dell’Orto S.r.l.'],
    ['Dell Orto', 'Dell’Orto S.r.l.'],
    ['«Gallo S.p.A.»', 'Gallo S.p.A.'],
  ])('%s', (said, name) => {
    expect(certain(said)).toEqual([name]);
  });

  describe('words that are parted or joined otherwise', () => {
    const among = [
      'Autotrasporti De Santis',
      'D’Amato Impianti S.r.l.',
      'Farmacia Lo Bianco',
      'Studio Di Renzo',
      'Hotel Bel Mare',
      '3V Italia S.p.A.',
      'O.R.S.A. Servizi',
      'G & G Forniture S.n.c.',
      'Ristorante La Quercia',
      'Lo Scoglio S.a.s.',
      'Delcorso S.r.l.',
      'Caffè Perù & Figli',
    ].map((name) => ({ name }));
    it.each([
      ['desantis', 'Autotrasporti De Santis'],
      ['De Santis', 'Autotrasporti De Santis'],
      ["de' santis", 'Autotrasporti De Santis'],
      ['DESANTIS AUTOTRASPORTI', 'Autotrasporti De Santis'],
      ['autotrasporti desantis', 'Autotrasporti De Santis'],
      ['damato', 'D’Amato Impianti S.r.l.'],
      ["d'amato", 'D’Amato Impianti S.r.l.'],
      ["D' Amato", 'D’Amato Impianti S.r.l.'],
      ['D Amato impianti srl', 'D’Amato Impianti S.r.l.'],
      ['lobianco', 'Farmacia Lo Bianco'],
      ['farmacia Lobianco', 'Farmacia Lo Bianco'],
      ['lo bianco', 'Farmacia Lo Bianco'],
      ['direnzo', 'Studio Di Renzo'],
      ['Di Renzo', 'Studio Di Renzo'],
      ['studio di renzo', 'Studio Di Renzo'],
      ['belmare', 'Hotel Bel Mare'],
      ['bel-mare', 'Hotel Bel Mare'],
      ['3 V', '3V Italia S.p.A.'],
      ['3v', '3V Italia S.p.A.'],
      ['orsa', 'O.R.S.A. Servizi'],
      ['O R S A', 'O.R.S.A. Servizi'],
      ['o.r.s.a', 'O.R.S.A. Servizi'],
      ['G e G', 'G & G Forniture S.n.c.'],
      ['GeG', 'G & G Forniture S.n.c.'],
      ['G&G', 'G & G Forniture S.n.c.'],
      ['gg forniture', 'G & G Forniture S.n.c.'],
      ['laquercia', 'Ristorante La Quercia'],
      ['Quercia', 'Ristorante La Quercia'],
      ['scoglio', 'Lo Scoglio S.a.s.'],
      ['Del Corso', 'Delcorso S.r.l.'],
      ['caffe peru e figli', 'Caffè Perù & Figli'],
    ])('%s', (said, name) => {
      expect(names(findCompany(said, among).certain)).toEqual([name]);
    });
    it.each([
      ['Santis', 'Autotrasporti De Santis'],
      ['Amato', 'D’Amato Impianti S.r.l.'],
      ['Bianco', 'Farmacia Lo Bianco'],
      ['Corso', 'Delcorso S.r.l.'],
      ['De Santi', 'Autotrasporti De Santis'],
      ['Di Santis', 'Autotrasporti De Santis'],
      ['dammato', 'D’Amato Impianti S.r.l.'],
    ])('%s is another surname: never certain, but offered', (said, name) => {
      const found = findCompany(said, among);
      expect(names(found.certain)).toEqual([]);
      expect(names(found.near)).toContain(name);
    });
    it('a surname with what begins it is not the one without', () => {
      const both = ['Renzo S.r.l.', 'Di Renzo S.r.l.'].map((name) => ({ name }));
      expect(names(findCompany('renzo', both).certain)).toEqual(['Renzo S.r.l.']);
      expect(names(findCompany('direnzo', both).certain)).toEqual(['Di Renzo S.r.l.']);
      expect(isSameCompany('De Santis S.r.l.', 'Santis S.r.l.')).toBe(false);
      expect(isSameCompany('De Santis S.r.l.', 'DeSantis srl')).toBe(true);
    });
    it('two that fit are both named', () => {
      const both = ['De Santis Impianti', 'Autotrasporti De Santis'].map((name) => ({ name }));
      expect(names(findCompany('desantis', both).certain)).toHaveLength(2);
    });
  });

  it('two that the name fits are both named', () => {
    expect(certain('gallo')).toEqual(['Gallo S.r.l.', 'Gallo S.p.A.']);
  });

  it.each([
    ['another legal form', 'Beta S.r.l.', 'Beta S.p.A.'],
    ['a letter wrong', 'Lonbardi Costruzioni', 'Lombardi Costruzioni S.r.l.'],
    ['another trade', 'Lombardi Trasporti', 'Lombardi Costruzioni S.r.l.'],
    ['a word too many', 'Beta Vernici', 'Beta S.p.A.'],
    ['only the trade', 'studio', 'Studio Legale Moretti & Associati'],
    ['letters of another script', 'Веtа', 'Beta S.p.A.'],
  ])('%s is never certain, but offered', (_, said, name) => {
    expect(certain(said)).toEqual([]);
    expect(near(said)).toContain(name);
  });

  it.each([
    ['roma srl', 'Comune di Roma'],
    ['Roma S.p.A.', 'Comune di Roma'],
    ['rossi srl', 'Dott. Mario Rossi'],
    ['rossi srl', 'Dott. Rossi'],
    ['bianchi srl', 'Studio Bianchi'],
    ['san giuseppe srl', 'Parrocchia San Giuseppe'],
    ['verdi spa', 'Farmacia Verdi'],
    ['notaio rossi', 'Rossi S.r.l.'],
    ['avv rossi', 'Rossi S.r.l.'],
    ['ing. rossi', 'Rossi S.r.l.'],
    ['sig. rossi', 'Rossi S.r.l.'],
    ['notaio rossi', 'Dott. Mario Rossi'],
    ['notaio rossi', 'Studio Legale Rossi'],
    ['arch. verdi', 'Ing. Verdi Paolo'],
    ['rossi srl in liquidazione', 'Rossi S.r.l.'],
    ['rossi srl in liquidazione', 'Ex Rossi S.r.l. in liquidazione'],
    ['condominio via roma 12/a', 'Condominio Via Roma 12'],
    ['condominio via roma 12', 'Condominio Via Roma 12/A'],
    ['banca srl', 'Banca Popolare di Bari'],
    ['popolare', 'Banca Popolare di Bari'],
    ['parrocchia', 'Parrocchia San Giuseppe'],
    ['dg', 'D&G Impianti S.r.l.'],
    ['d&g spa', 'D&G Impianti S.r.l.'],
    ['ab', 'A&B S.r.l.'],
  ])('%s may be %s, and is only offered', (said, name) => {
    const found = findCompany(said, [{ name }, { name: 'Altra Ditta S.r.l.' }]);
    expect([names(found.certain), names(found.near)]).toEqual([[], [name]]);
  });

  it.each([
    ['lombardi srl', 'Lombardi'],
    ['dott. rossi', 'Dott. Mario Rossi'],
    ['mario rossi', 'Dott. Mario Rossi'],
    ['ing verdi', 'Ing. Verdi Paolo'],
    ['avv. Moretti', 'Studio Legale Moretti & Associati'],
    ['notaio Rossi', 'Studio Notarile Rossi'],
    ['dott. rossi', 'Rossi Mario'],
    ['rossi srl', 'Rossi S.r.l. in liquidazione'],
    ['rossi srl in liquidazione', 'Rossi S.r.l. in liquidazione'],
    ['via roma 12 a', 'Condominio Via Roma 12/A'],
    ['popolare bari', 'Banca Popolare di Bari'],
    ['san giuseppe', 'Parrocchia San Giuseppe'],
    ['d&g', 'D&G Impianti S.r.l.'],
    ['d & g srl', 'D&G Impianti S.r.l.'],
    ['a&b', 'A&B S.r.l.'],
  ])('%s is %s', (said, name) => {
    const found = findCompany(said, [{ name }, { name: 'Altra Ditta S.r.l.' }]);
    expect(names(found.certain)).toEqual([name]);
  });

  it.each(['', '   ', '%', '&', 'Zeta', 'srl', 'S.p.A.', 'x'.repeat(5000)])('%j is nobody', (said) => {
    expect(certain(said)).toEqual([]);
  });
});

describe('rules of the finder', () => {
  const form = constantFrom(
    ['srl', 'S.r.l.', 'S.R.L', 's. r. l.', 'Srl'],
    ['spa', 'S.p.A.', 'SPA', 's p a'],
    ['snc', 'S.n.c.', 'SNC'],
    ['sas', 'S.a.s.', 'SAS'],
  );
  const word = constantFrom(
    'Arcobaleno',
    'Perù',
    'Dell’Orto',
    'Mare',
    'Vento',
    'Quattro',
    'Già',
    'Nord',
    '3M',
  );
  const written = record({
    words: shuffledSubarray(['Arcobaleno', 'Perù', 'D’Amico', 'Maren', 'Vento', 'Quattro', 'Giàn'], {
      minLength: 1,
      maxLength: 3,
    }),
    form,
    how: record({
      upper: boolean(),
      plain: boolean(),
      and: constantFrom(' ', ' & ', ' e ', ' + ', '-'),
      form: constantFrom(0, 1, 2, 3, null),
      spaces: constantFrom(' ', '   '),
      around: constantFrom(['', ''], ['"', '"'], ['Ditta ', ''], ['Spett.le ', '.']),
    }),
  });

  it('however a name is written, it is found, and nothing else', () => {
    assert(
      property(written, ({ words, form: forms, how }) => {
        const own = { name: `${words.join(' & ')} ${forms[1] ?? ''}` };
        const all = [...registered, { name: 'Altra Ditta S.r.l.' }, own];
        let said = words.join(how.and);
        if (how.form !== null) said += ` ${forms[how.form] ?? ''}`;
        if (how.upper) said = said.toUpperCase();
        if (how.plain) said = said.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('’', "'");
        const [before = '', after = ''] = how.around;
        const found = findCompany(before + said.replaceAll(' ', how.spaces) + after, all);
        expect(names(found.certain)).toEqual([own.name]);
      }),
    );
  });

  it('what is certain is not near as well, and every registered name finds itself', () => {
    assert(
      property(array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const found = findCompany(words.join(' '), registered);
        expect(found.certain.length === 0 || found.near.length === 0).toBe(true);
      }),
    );
    for (const { name } of registered) expect(certain(name)).toEqual([name]);
  });

  it('two spellings of one name are one company; another form, or a missing one, is not', () => {
    expect(isSameCompany('Lombardi Costruzioni srl', 'Lombardi Costruzioni S.r.l.')).toBe(true);
    expect(isSameCompany('Greco e Figli snc', 'GRECO & FIGLI S.N.C.')).toBe(true);
    expect(isSameCompany('Gallo', 'Gallo S.r.l.')).toBe(false);
    expect(isSameCompany('Gallo S.r.l.', 'Gallo S.p.A.')).toBe(false);
    expect(isSameCompany('Avv. Gallo', 'Notaio Gallo')).toBe(false);
    expect(isSameCompany('&', '%')).toBe(false);
  });
});
