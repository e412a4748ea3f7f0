import { expect, test } from 'vitest';
import { parseMessage } from '../../../src/mail/parse/parse.ts';

const phoneIn = async (text: string, headers: string[] = []) =>
  (
    await parseMessage(
      Buffer.from(
        [
          'From: Anna Rossi <anna@rossi.example>',
          'Subject: La stampante',
          'Content-Type: text/plain; charset=utf-8',
          ...headers,
          '',
          text,
        ].join('\r\n'),
      ),
    )
  ).phone;
const signed = (line: string): string => `Non stampa.\n\n-- \nAnna Rossi\nRossi S.r.l.\n${line}\n`;

test.each([
  ['Tel. 06 555 1234', '06 555 1234', '065551234'],
  ['tel: 06/5551234', '06/5551234', '065551234'],
  ['Cell. 333-1234567', '333-1234567', '3331234567'],
  ['Telefono (+39) 06 5551234', '(+39) 06 5551234', '+39065551234'],
  ['Phone: +44 (0)20 7946 0958', '+44 (0)20 7946 0958', '+442079460958'],
  ['Mob.: 0039 333 1234567', '0039 333 1234567', '+393331234567'],
  ['+39 06 5551234 | www.rossi.example', '+39 06 5551234', '+39065551234'],
  ['Tel/Fax 06 5551234', '06 5551234', '065551234'],
  ['Fax 06 5559999 - Tel 06 5551234 int. 12', '06 5551234', '065551234'],
])('a phone number is read from a signature: %s', async (line, written, dial) => {
  expect(await phoneIn(signed(line))).toEqual({ written, dial, from: 'signature' });
});

test.each([
  'P.IVA 01234567890',
  'Fax +39 06 5551234',
  'C.F. e P.IVA: 01234567890 - REA 1234567',
  'IBAN IT60X0542811101000000123456',
  'Tel. 12',
  'www.rossi.example',
])('what is no phone number is not taken for one: %s', async (line) => {
  expect(await phoneIn(signed(line))).toBeNull();
});

test('a farewell with the contact below it is a signature too', async () => {
  const text = 'Non stampa.\n\nCordiali saluti\nAnna Rossi\nTel. 06 5551234\n';
  expect(await phoneIn(text)).toMatchObject({ dial: '065551234', from: 'signature' });
});

test('the number of the form comes before that of the signature', async () => {
  const form =
    'Nominativo: Anna Rossi\nTelefono: 333 1234567\nProblematica: Stampa\nDescrizione: Non stampa.';
  expect(await phoneIn(`${form}\n\n-- \nAnna\nTel. 06 5551234\n`)).toEqual({
    written: '333 1234567',
    dial: '3331234567',
    from: 'form',
  });
});

test('a number in what the client quotes is not theirs', async () => {
  const quote =
    '\n\nIl giorno 24/11/2026 10:00 Ugo <ugo@altro.example> ha scritto:\n> ciao\n> -- \n> Ugo\n> Tel. 06 999999\n';
  expect(await phoneIn(`Non stampa.${quote}`, ['In-Reply-To: <x@y.example>'])).toBeNull();
});
