/**
 * A mail, encoded once for all its readers, and the bytes that each of them is sent. Where their mails differ the body has gaps; what
 * fills those of one mail are its slots. The bytes are made of the two and nothing else, so that a mail is the same
 * whenever and by whichever version it is sent: `test/mail/body/golden/` holds this file to it.
 */

export type MailBody = {
  /** the mail but for what fills its gaps */
  bytes: Buffer;
  /** where it has gaps, in order, and what fills each: offset, slot, offset, slot … (`slot`) */
  gaps: readonly number[];
};

/** The numbers of slots. From `token` on each reply token has its own, and the content of file n is `-1 - n`. */
export const slot = { sender: 0, to: 1, messageId: 2, token: 3 } as const;

/** What is one mail's alone. */
export type Slots = {
  /** address of its From */
  sentAs: string;
  /** its To, as the header stands, without the line's end */
  to: string;
  /** with brackets */
  messageId: string;
  tokens: readonly string[];
};

/** Preferred line length without the line end (RFC 5322 §2.1.1). */
const bestLine = 76;

/** @param files their contents, in the order of the body's */
export function mailBytes(body: MailBody, slots: Slots, files: readonly Uint8Array[] = []): Buffer {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (let i = 0; i < body.gaps.length; i += 2) {
    const at = body.gaps[i] ?? 0;
    const before = body.bytes.subarray(from, at);
    pieces.push(before, filling(body.gaps[i + 1] ?? 0, { slots, files, before }));
    from = at;
  }
  pieces.push(body.bytes.subarray(from));
  return Buffer.concat(pieces);
}

type Filling = { slots: Slots; files: readonly Uint8Array[]; before: Buffer };

function filling(number: number, { slots, files, before }: Filling): Uint8Array {
  if (number < 0) {
    const content = files[-1 - number];
    if (content === undefined) throw new Error(`a mail lacks its file ${-number}`);
    return base64Lines(content);
  }
  if (number === slot.sender) {
    const address = `<${slots.sentAs.replace(/[<>\s\p{Cc}]/gu, '')}>`;
    const column = before.length - 1 - before.lastIndexOf('\n');
    return Buffer.from(column + 1 + address.length <= bestLine ? ` ${address}` : `\r\n ${address}`);
  }
  if (number === slot.to) return Buffer.from(slots.to);
  if (number === slot.messageId) return Buffer.from(slots.messageId);
  const token = slots.tokens[number - slot.token];
  if (token === undefined) throw new Error(`a mail lacks its token ${number - slot.token + 1}`);
  return Buffer.from(token);
}

/** Octets of a file that make one line of base64 (RFC 2045 §6.8). */
const octetsALine = 57;

const lettersALine = (octetsALine / 3) * 4;
/** So much is encoded at once: whole lines, and little memory. */
const octetsAtOnce = octetsALine * 1024;

/** A file's content in base64, each line ended. */
function base64Lines(content: Uint8Array): Buffer {
  const all = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const lines = Math.ceil(all.length / octetsALine);
  const encoded = Buffer.allocUnsafe(Math.ceil(all.length / 3) * 4 + lines * 2);
  let end = 0;
  for (let from = 0; from < all.length; from += octetsAtOnce) {
    const letters = Buffer.from(all.toString('base64', from, from + octetsAtOnce), 'latin1');
    for (let line = 0; line < letters.length; line += lettersALine) {
      end += letters.copy(encoded, end, line, line + lettersALine);
      encoded[end++] = 0x0d;
      encoded[end++] = 0x0a;
    }
  }
  return encoded;
}

/** Joins what a body is made of: text that is ASCII, bytes, and the numbers of slots. */
export function bodyOf(pieces: readonly (string | Uint8Array | number)[]): MailBody {
  const bytes: Uint8Array[] = [];
  const gaps: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    if (typeof piece === 'number') gaps.push(length, piece);
    else {
      const written = typeof piece === 'string' ? Buffer.from(piece) : piece;
      bytes.push(written);
      length += written.length;
    }
  }
  return { bytes: Buffer.concat(bytes), gaps };
}

/** A text cut at the tokens in it: strings, and the slot of each token. */
export function cutAtTokens(text: string, tokens: readonly string[]): (string | number)[] {
  if (tokens.length === 0) return [text];
  const pieces: (string | number)[] = [];
  let from = 0;
  for (const found of text.matchAll(new RegExp(tokens.join('|'), 'gu'))) {
    pieces.push(text.slice(from, found.index), slot.token + tokens.indexOf(found[0]));
    from = found.index + found[0].length;
  }
  pieces.push(text.slice(from));
  return pieces;
}
