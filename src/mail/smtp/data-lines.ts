/**
 * A message as it is written after DATA: a dot at the start of a line is doubled, and a line with a dot alone ends it (RFC 5321
 * §4.5.2). A lone CR or LF becomes a line end, since a server that takes one for a line end could be shown the end of the
 * message where there is none.
 */
export function atDataEnd(bytes: Uint8Array): Buffer {
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = given.toString('latin1');
  const whole = /\r(?!\n)|(?<!\r)\n|\n\.|^\./.test(text)
    ? Buffer.from(text.replace(/\r\n|\r|\n/g, '\r\n').replace(/(?<=^|\n)\./g, '..'), 'latin1')
    : given;
  const ended = whole.length >= 2 && whole.at(-1) === 0x0a;
  return Buffer.concat([whole, Buffer.from(ended ? '.\r\n' : '\r\n.\r\n')]);
}
