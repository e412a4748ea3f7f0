import { expect, test } from 'vitest';
import { decodeBody } from '../../../src/mail/parse/transfer.ts';

/** What quoted-printable says, as latin1. */
function decoded(text: string): string {
  const headers = new Map([['content-transfer-encoding', ['quoted-printable']]]);
  return decodeBody({ headers, body: Buffer.from(text, 'latin1') }).bytes.toString('latin1');
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
  expect(decoded(text)).toBe(said);
});

test('a large file in quoted-printable takes little more memory than its bytes', () => {
  const body = Buffer.from('=41=42 =\r\n'.repeat(3_000_000));
  const before = process.memoryUsage().heapUsed;
  const headers = new Map([['content-transfer-encoding', ['quoted-printable']]]);
  const { bytes } = decodeBody({ headers, body });
  expect(bytes.length).toBe(9_000_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(body.length);
});
