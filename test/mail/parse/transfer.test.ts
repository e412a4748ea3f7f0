import { expect, test } from 'vitest';
import { quotedPrintableOf } from '../../../src/mail/parse/transfer.ts';

/** Decoded quoted-printable, as latin1, fed in pieces of this many bytes. */
function decoded(bytes: Buffer, piece: number): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += piece) pieces.push(bytes.subarray(at, at + piece));
  return Buffer.concat([...quotedPrintableOf(pieces)]).toString('latin1');
}

test.each([
  ['perch=E9', 'perch\xe9'],
  ['=e9=C3', '\xe9\xc3'],
  ['one =\r\nline', 'one line'],
  ['one =\nline', 'one line'],
  ['one=  \t\r\nline', 'oneline'],
  ['padding  \t\r\nends', 'padding\r\nends'],
  ['padding\t \nends', 'padding\nends'],
  ['at the end  ', 'at the end'],
  ['kept  within', 'kept  within'],
  ['1 + 1 =3D', '1 + 1 ='],
  ['a soft break ends it=', 'a soft break ends it'],
  ['and with padding=  ', 'and with padding'],
  ['no code: =XY =4 =', 'no code: =XY =4 '],
  ['a = b', 'a = b'],
  ['==41', '=A'],
  ['=\r', '=\r'],
  ['', ''],
])('quoted-printable: %j', (text, said) => {
  const bytes = Buffer.from(text, 'latin1');
  expect(decoded(bytes, 1_000)).toBe(said);
  expect(decoded(bytes, 1)).toBe(said);
});

test('a large file in quoted-printable takes little more memory than its bytes', () => {
  const body = Buffer.from('=41=42 =\r\n'.repeat(3_000_000));
  const before = process.memoryUsage().heapUsed;
  expect(decoded(body, 1_000_000).length).toBe(9_000_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(body.length);
});
