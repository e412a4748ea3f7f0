/** Builds winmail.dat ([MS-OXTNEF]). */

/** A message of these attributes. */
export function tnef(...attributes: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('789f3e220100', 'hex'), ...attributes]);
}

/** An attribute of bytes, or of a list of properties. */
export function attribute(id: number, content: Buffer | Buffer[]): Buffer {
  const data = Buffer.isBuffer(content) ? content : Buffer.concat([uint32(content.length), ...content]);
  const head = Buffer.alloc(9);
  head.writeUInt8(id >= 0x9003 && id !== 0x9005 ? 1 : 2, 0);
  head.writeUInt16LE(id, 1);
  head.writeUInt16LE(6, 3);
  head.writeUInt32LE(data.length, 5);
  return Buffer.concat([head, data, Buffer.alloc(2)]);
}

/**
 * A property of text, or of bytes.
 * @param named its name or number, where its id is one of those that are named
 */
export function property(
  id: number,
  value: string | Buffer,
  named: string | number | null = null,
  type?: number,
): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(`${value}\0`, 'utf16le') : value;
  const head = Buffer.alloc(4);
  head.writeUInt16LE(type ?? (typeof value === 'string' ? 0x1f : 0x102), 0);
  head.writeUInt16LE(id, 2);
  return Buffer.concat([head, nameOf(named), uint32(1), uint32(bytes.length), padded(bytes)]);
}

function nameOf(named: string | number | null): Buffer {
  if (named === null) return Buffer.alloc(0);
  if (typeof named === 'number') return Buffer.concat([Buffer.alloc(16), uint32(0), uint32(named)]);
  const name = Buffer.from(`${named}\0`, 'utf16le');
  return Buffer.concat([Buffer.alloc(16), uint32(1), uint32(name.length), padded(name)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
