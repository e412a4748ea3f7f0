import { crc32, deflateSync } from 'node:zlib';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/** Pixels as red, green, blue, alpha; row by row. */
export type Picture = { width: number; height: number; data: Buffer };

export function readPicture(png: Buffer): Picture {
  const { width, height, data } = PNG.sync.read(png);
  return { width, height, data };
}

/** Pictures side by side, on grey where one is lower than the others. */
export function beside(pictures: readonly Picture[]): Picture {
  const width = pictures.reduce((sum, one) => sum + one.width, 0);
  const height = Math.max(...pictures.map((one) => one.height));
  const data = Buffer.alloc(width * height * 4, 0x80);
  let left = 0;
  for (const one of pictures) {
    for (let y = 0; y < one.height; y++) {
      one.data.copy(data, (y * width + left) * 4, y * one.width * 4, (y + 1) * one.width * 4);
    }
    left += one.width;
  }
  return { width, height, data };
}

/** Pixels that are looked at as one: a letter that is smoothed or placed a little differently is the same in it. */
const block = 8;

/** The share of two pictures that differs when they are looked at from a distance; 1 where one is larger. */
export function shareThatDiffers(one: Picture, other: Picture): number {
  if (one.width !== other.width || one.height !== other.height) return 1;
  const [a, b] = [fromADistance(one), fromADistance(other)];
  const { width, height } = a;
  return pixelmatch(a.data, b.data, undefined, width, height, { includeAA: true }) / (width * height);
}

function fromADistance({ width, height, data }: Picture): Picture {
  const far = { width: Math.floor(width / block), height: Math.floor(height / block) };
  const means = Buffer.alloc(far.width * far.height * 4, 0xff);
  for (let y = 0; y < far.height; y++) {
    for (let x = 0; x < far.width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let at = 0; at < block * block; at++) {
          const pixel = (y * block + Math.floor(at / block)) * width + x * block + (at % block);
          sum += data[pixel * 4 + channel] ?? 0;
        }
        means[(y * far.width + x) * 4 + channel] = sum / (block * block);
      }
    }
  }
  return { ...far, data: means };
}

/** A picture that shows where two differ, as a PNG; as large as the smaller in each direction. */
export function difference(one: Picture, other: Picture): Buffer {
  const width = Math.min(one.width, other.width);
  const height = Math.min(one.height, other.height);
  const shown = new PNG({ width, height });
  pixelmatch(cut(one, width, height), cut(other, width, height), shown.data, width, height);
  return PNG.sync.write(shown);
}

function cut(from: Picture, width: number, height: number): Buffer {
  const part = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++)
    from.data.copy(part, y * width * 4, y * from.width * 4, (y * from.width + width) * 4);
  return part;
}

/** Colours of a picture that is kept: letters on a few grounds need no more, and it is a third as large. */
const colours = 16;

/** A PNG with a palette: the most frequent colours as they are, all others (edges of letters) as the nearest of them. */
export function writeSmall({ width, height, data }: Picture): Buffer {
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.readUInt32BE(at) >>> 8;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, colours)
    .map(([colour]) => colour);
  const indexes = new Map(Array.from(counts.keys(), (colour) => [colour, nearest(palette, colour)]));
  // two pixels a byte; each row begins with its filter, none
  const rowLength = 1 + Math.ceil(width / 2);
  const rows = Buffer.alloc(rowLength * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const index = indexes.get(data.readUInt32BE((y * width + x) * 4) >>> 8) ?? 0;
      const at = y * rowLength + 1 + (x >> 1);
      rows[at] = (rows[at] ?? 0) | (x % 2 === 0 ? index << 4 : index);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // 4 bits a pixel, indexed
  head.set([4, 3], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => channels(colour)))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const channels = (colour: number): [number, number, number] => [
  colour >> 16,
  (colour >> 8) & 255,
  colour & 255,
];

function nearest(palette: readonly number[], colour: number): number {
  const [red, green, blue] = channels(colour);
  const far = palette.map((one) => {
    const [r, g, b] = channels(one);
    return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  });
  return far.indexOf(Math.min(...far));
}

function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
