import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { atDataEnd } from '../../../src/mail/smtp/data-lines.ts';

const end = '\r\n.\r\n';

/** A message as a server reads it: lines up to the one that is a dot alone, without doubled dots. */
function readByServer(written: string): { message: string; left: string } {
  const at = `\r\n${written}`.indexOf(end);
  const message = written.slice(0, at).replace(/(?<=^|\r\n)\.\./g, '.');
  return { message, left: written.slice(at + end.length - 2) };
}

test.each([
  ['a\r\n', 'a\r\n.\r\n'],
  ['a', 'a\r\n.\r\n'],
  ['', '\r\n.\r\n'],
  ['.', '..\r\n.\r\n'],
  ['.\r\n..\r\na.b', '..\r\n...\r\na.b\r\n.\r\n'],
  ['a\n.\nb\r.\r\n', 'a\r\n..\r\nb\r\n..\r\n.\r\n'],
])('%j is written as %j', (message, written) => {
  expect(atDataEnd(Buffer.from(message)).toString()).toBe(written);
});

test('whatever is in a message, a server reads all of it, with line ends of CRLF, and nothing after it', () => {
  const piece = fc.constantFrom('\r', '\n', '\r\n', '.', '..', 'a', '\x80', '\xff', end);
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 40 }), (pieces) => {
      const message = pieces.join('');
      const written = atDataEnd(Buffer.from(message, 'latin1')).toString('latin1');
      const lines = message.replace(/\r\n|\r|\n/g, '\r\n');
      const whole = lines.endsWith('\r\n') ? lines : `${lines}\r\n`;
      expect(readByServer(written)).toEqual({ message: whole, left: '' });
    }),
  );
});
