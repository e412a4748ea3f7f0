import { decodeText } from '../../../core/letters/decode-charset.ts';
import { rtfToText } from './rtf.ts';

/** A file within it. */
export type TnefFile = {
  name: string | null;
  contentType: string | null;
  contentId: string | null;
  content: Buffer;
};

/** The content of Outlook's `winmail.dat`. */
export type Tnef = {
  text: string | null;
  html: string | null;
  files: TnefFile[];
  /** it was read to its end; if not, what could not be read is only in its bytes */
  isWhole: boolean;
};

/** Limits: files, including those of nested messages, and the depth of nesting. */
export type TnefLimits = { parts: number; messageDepth: number };

/** Decompresses the compressed RTF of [MS-OXRTFCP]. */
export type Decompress = (compressed: Buffer) => Buffer | null;

const signature = 0x223e9f78;
/** Attributes ([MS-OXTNEF] §2.1.3.1), without their types. */
const attribute = {
  body: 0x800c,
  data: 0x800f,
  title: 0x8010,
  begins: 0x9002,
  message: 0x9003,
  file: 0x9005,
};
/** Properties ([MS-OXPROPS]). */
const property = {
  body: 0x1000,
  rtf: 0x1009,
  html: 0x1013,
  displayName: 0x3001,
  data: 0x3701,
  name: 0x3704,
  longName: 0x3707,
  contentType: 0x370e,
  contentId: 0x3712,
};

type Value = { type: number; bytes: Buffer };

/**
 * Reads a message of the Transport Neutral Encapsulation Format ([MS-OXTNEF]), in one pass: every file is a view of the
 * bytes, nothing is unpacked but the text.
 * @returns null where the bytes are no such message
 */
export function readTnef(bytes: Buffer, limits: TnefLimits, decompress: Decompress, depth = 1): Tnef | null {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== signature) return null;
  const tnef: Tnef = { text: null, html: null, files: [], isWhole: true };
  let file: TnefFile | null = null;
  let at = 6;
  while (at + 9 <= bytes.length) {
    const id = bytes.readUInt16LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const data = bytes.subarray(at + 9, at + 9 + length);
    if (data.length < length || tnef.files.length >= limits.parts) return { ...tnef, isWhole: false };
    at += 9 + length + 2;
    if (id === attribute.begins) {
      file = { name: null, contentType: null, contentId: null, content: Buffer.alloc(0) };
      tnef.files.push(file);
    } else if (id === attribute.body) tnef.text ??= decodeText(withoutEnd(data, 1), null).text;
    else if (id === attribute.title && file !== null)
      file.name ??= decodeText(withoutEnd(data, 1), null).text;
    else if (id === attribute.data && file !== null) file.content = data;
    else if (id === attribute.message) readMessage(tnef, data, decompress);
    else if (id === attribute.file && file !== null) {
      const inner = readFile(file, data);
      if (inner !== null && depth < limits.messageDepth) {
        const left = { ...limits, parts: limits.parts - tnef.files.length };
        const opened = readTnef(inner, left, decompress, depth + 1);
        if (opened !== null) replace(tnef, file, opened);
      }
    }
  }
  return { ...tnef, isWhole: tnef.isWhole && at >= bytes.length };
}

/** A message within it is a text file, beside the files of its own. */
function replace(tnef: Tnef, file: TnefFile, opened: Tnef): void {
  const text = opened.text ?? opened.html ?? '';
  file.name = `${file.name ?? 'messaggio'}.${opened.text === null && opened.html !== null ? 'html' : 'txt'}`;
  file.contentType = 'text/plain';
  file.content = Buffer.from(text);
  tnef.files.push(...opened.files);
  tnef.isWhole &&= opened.isWhole;
}

function readMessage(tnef: Tnef, data: Buffer, decompress: Decompress): void {
  const values = readProperties(data);
  const body = values.get(property.body);
  if (body !== undefined) tnef.text = textOf(body);
  const html = values.get(property.html);
  if (html !== undefined) tnef.html = html.type === 0x1f ? textOf(html) : decodeText(html.bytes, null).text;
  const rtf = values.get(property.rtf);
  if (rtf === undefined || (tnef.text ?? '').trim() !== '' || tnef.html !== null) return;
  const plain = decompress(rtf.bytes);
  if (plain !== null) tnef.text = rtfToText(plain.toString('latin1'));
}

/** Reads the properties of a file. @returns the message it contains, or null if it contains none */
function readFile(file: TnefFile, data: Buffer): Buffer | null {
  const values = readProperties(data);
  const text = (id: number): string | null => {
    const value = values.get(id);
    return value === undefined ? null : textOf(value);
  };
  file.name = text(property.longName) ?? text(property.name) ?? file.name ?? text(property.displayName);
  file.contentType = text(property.contentType) ?? file.contentType;
  file.contentId = text(property.contentId) ?? file.contentId;
  const object = values.get(property.data);
  if (object === undefined) return null;
  // an object begins with the identifier of its interface
  const bytes = object.type === 0x0d ? object.bytes.subarray(16) : object.bytes;
  if (file.content.length === 0) file.content = bytes;
  return bytes.length > 4 && bytes.readUInt32LE(0) === signature ? bytes : null;
}

/** Bytes of the values whose length their type tells (MAPI property types). */
const fixed = new Map([
  [0x02, 4],
  [0x03, 4],
  [0x04, 4],
  [0x05, 8],
  [0x06, 8],
  [0x07, 8],
  [0x0a, 4],
  [0x0b, 4],
  [0x14, 8],
  [0x40, 8],
  [0x48, 16],
]);
const multiple = 0x1000;
const mostProperties = 10_000;

/** A list of MAPI properties ([MS-OXTNEF] §2.1.3.3), the first value of each; what cannot be read ends it. */
function readProperties(data: Buffer): Map<number, Value> {
  const values = new Map<number, Value>();
  const count = data.length < 4 ? 0 : Math.min(data.readUInt32LE(0), mostProperties);
  let at = 4;
  const number = (): number => {
    at += 4;
    return at <= data.length ? data.readUInt32LE(at - 4) : 0;
  };
  for (let n = 0; n < count && at + 4 <= data.length; n += 1) {
    const type = data.readUInt16LE(at);
    const id = data.readUInt16LE(at + 2);
    at += 4;
    if (id >= 0x8000) {
      at += 16;
      // a named one: a number, or a name with its length
      const isNumber = number() === 0;
      const name = number();
      if (!isNumber) at += padded(name);
    }
    const base = type & ~multiple;
    const size = fixed.get(base);
    const isList = size === undefined || (type & multiple) !== 0;
    const members = isList ? number() : 1;
    for (let member = 0; member < members && at <= data.length; member += 1) {
      const length = size ?? number();
      if (at + length > data.length) return values;
      if (!values.has(id)) values.set(id, { type: base, bytes: data.subarray(at, at + length) });
      at += padded(length);
    }
  }
  return values;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function textOf({ type, bytes }: Value): string {
  return type === 0x1f
    ? withoutEnd(bytes, 2).toString('utf16le').toWellFormed()
    : decodeText(withoutEnd(bytes, 1), null).text;
}

/** Without the zero that ends a string. */
function withoutEnd(bytes: Buffer, width: number): Buffer {
  const end = bytes.length - width;
  return end >= 0 && bytes.subarray(end).every((byte) => byte === 0) ? bytes.subarray(0, end) : bytes;
}
