import MailParser, { type Chunk, type MimeNode, type TreeNode } from 'mailparser/lib/mail-parser.js';
import type { ParseLimits } from '../../config/limits.ts';
import type { Excess } from '../../core/words/quarantine.ts';
import { readHeaders } from './headers.ts';
import { boundaryOf, longestBoundary, makePart, type MimePart } from './mime.ts';
import { decodePart, encodingOf } from './transfer.ts';

/** A line is compared with fewer faster than it is looked up. */
const fewBoundaries = 10;

/**
 * mailparser, which finds the parts of a message. Their transfer encodings are taken off by `transfer.ts`, with its libraries.
 *
 * Headers stay ours: `headers.ts` reads each block, and mailparser gets a short one in its place, of what it needs to know.
 * So there is one opinion of what a header says, and a part is what its first Content-Type says. The bounds of what may be
 * read (depth, parts, header fields) are looked at before a part is made. Every leaf is handed out as its bytes: which of
 * them are text, and in what charset, `body.ts` says when it knows all of them.
 */
export class PartReader extends MailParser {
  readonly #limits: ParseLimits;
  readonly #parts = new Map<MimeNode, MimePart>();
  /** parts whose bodies have begun: anything mailparser yields for a part before that is its boundary line */
  readonly #begun = new Map<MimeNode, MimePart>();
  readonly #leaves: MimePart[] = [];
  readonly #boundaries = new Set<string>();
  #leaf: MimePart | null = null;
  #fields = 0;
  #excess: Excess | null = null;

  /** @param root the message, whose headers are read */
  constructor(root: MimePart, limits: ParseLimits) {
    super({ ignoreEmbedded: true, checksumAlgo: false, maxHeadSize: Infinity, maxChildNodes: Infinity });
    this.#limits = limits;
    const { splitter } = this;
    this.#readHeadersOf(splitter.node, () => ({ part: root, strays: null }));
    const newNode = splitter.newNode.bind(splitter);
    splitter.newNode = (parent = false) => {
      newNode(parent);
      if (splitter.nodeCounter > limits.parts) this.#stop({ of: 'parts', most: limits.parts });
      else if (depthOf(parent) > limits.depth) this.#stop({ of: 'depth', most: limits.depth });
      this.#readHeadersOf(splitter.node, (block) => this.#readBlock(parent, block));
    };
    const checkBoundary = splitter.checkBoundary.bind(splitter);
    splitter.checkBoundary = (line) => {
      // in a flood of dashes none is compared with every boundary that is open
      if (this.#boundaries.size >= fewBoundaries && !this.#isKnown(line)) return false;
      const found = checkBoundary(line);
      if (found !== false) this.#endHeaders(splitter.node);
      return found;
    };
  }

  /**
   * Reads what stands below the headers of the message.
   * @returns why it was not read to its end, or null if it was
   */
  async readBody(body: Buffer): Promise<Excess | null> {
    const ended = new Promise<void>((resolve, reject) => {
      this.on('data', () => undefined);
      this.on('end', resolve);
      this.on('error', reject);
    });
    // that it ended in an error is read below
    ended.catch(() => undefined);
    await this.#write(Buffer.from('\n'));
    for (const piece of piecesOf(body)) {
      if (this.splitter.destroyed) break;
      if (this.#holdsNoBoundary(piece)) this.#pass(piece);
      else await this.#write(piece);
    }
    // a boundary is one even where the mail ends before its line does
    if (this.#isKnown(this.#pendingLine())) await this.#write(Buffer.from('\n'));
    this.end();
    try {
      await ended;
    } catch (error) {
      if (this.#excess === null) throw error;
    }
    if (this.#excess === null) for (const leaf of this.#leaves) Object.assign(leaf, decodePart(leaf));
    return this.#excess;
  }

  /** The multiparts that are not closed, innermost first. */
  openMultiparts(): MimePart[] {
    const { node, inEpilogue } = this.splitter;
    const open: MimePart[] = [];
    for (let at = inEpilogue ? node.parentNode : node; at !== false; at = at.parentNode) {
      const part = this.#parts.get(at);
      if (part !== undefined && boundaryOf(part) !== null) open.push(part);
    }
    return open;
  }

  override processHeaders(): Map<string, never> {
    return new Map<string, never>();
  }

  override createNode(node: MimeNode): TreeNode {
    const made = super.createNode(node);
    const part = this.#parts.get(node);
    if (part === undefined) return made;
    this.#begun.set(node, part);
    this.#leaf = made.decoder === undefined ? null : part;
    if (made.decoder !== undefined) this.#leaves.push(part);
    // a stream for each part, and one behind it, cost more than all the rest
    return Object.assign(made, { decoder: undefined, isAttachment: false });
  }

  override processChunk(chunk: MimeNode | Chunk, done: () => void): void {
    if (chunk.type === 'data' && chunk.value[0] === dash) this.#emptied();
    if (chunk.type !== 'node') this.#begun.get(chunk.node)?.encoded.push(chunk.value);
    super.processChunk(chunk, done);
  }

  /** mailsplit hands on the line end of an empty body though it belongs to the boundary below. */
  #emptied(): void {
    const encoded = this.#leaf?.encoded ?? [];
    if (encoded.length === 1 && /^\r?\n$/u.test(encoded[0]?.toString('latin1') ?? '')) encoded.pop();
  }

  #write(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.splitter.write(bytes, () => resolve());
    });
  }

  /**
   * Hands whole lines of a body on at once. mailsplit cuts them and looks at each, which of 50 MB takes a second or more.
   * Their last line end is kept back, since before a boundary it belongs to that.
   */
  #pass(lines: Buffer): void {
    const { splitter } = this;
    const { node } = splitter;
    const part = this.#parts.get(node);
    const type = part === undefined || boundaryOf(part) === null ? 'body' : 'data';
    const lineEnd = /(?:\r?\n)?$/u.exec(lines.toString('latin1', lines.length - 2))?.[0].length ?? 0;
    for (const value of [splitter.takePendingLine(), lines.subarray(0, lines.length - lineEnd)])
      if (value !== false && value.length > 0) splitter.push({ node, type, value });
    splitter.appendPendingLine(lines.subarray(lines.length - lineEnd));
  }

  #holdsNoBoundary(lines: Buffer): boolean {
    const { node } = this.splitter;
    const begins = this.#pendingLine();
    return (
      node.headers !== false &&
      (begins.length === 0 || begins.at(-1) === lineFeed) &&
      nextDashes(lines, 0) === lines.length
    );
  }

  /** Bytes that mailsplit keeps of an unfinished line, or of a line end that may belong to a boundary. */
  #pendingLine(): Buffer {
    const line = this.splitter.takePendingLine();
    if (line === false) return Buffer.alloc(0);
    this.splitter.appendPendingLine(line);
    return line;
  }

  #isKnown(line: Buffer): boolean {
    const text = line.toString('latin1', 0, longestBoundary + 10).trim();
    return this.#boundaries.has(text) || this.#boundaries.has(text.replace(/--$/u, ''));
  }

  /** mailsplit gives the short header to itself, whatever the block says. */
  #readHeadersOf(node: MimeNode, read: (block: Buffer) => { part: MimePart; strays: Buffer | null }): void {
    const addHeaderChunk = node.addHeaderChunk.bind(node);
    const parseHeaders = node.parseHeaders.bind(node);
    const lines: Buffer[] = [];
    let size = 0;
    node.addHeaderChunk = (line) => {
      if (line === false) return false;
      lines.push(line);
      size += line.length;
      const most = this.#limits.headerBytes;
      // a line takes memory of its own, however short
      if (size + 16 * lines.length > 4 * most)
        this.#stop({ of: 'header_of_part', excess: { of: 'header_block', size, most } });
      return /^\r?\n$/u.test(line.toString('latin1', 0, 3));
    };
    node.parseHeaders = () => {
      if (node.headers !== false) return;
      const { part, strays } = read(Buffer.concat(lines));
      lines.length = 0;
      this.#parts.set(node, part);
      if (strays !== null) part.encoded.push(strays);
      const boundary = boundaryOf(part);
      if (boundary !== null) this.#boundaries.add(`--${boundary}`);
      addHeaderChunk(shortHeader(part));
      parseHeaders();
    };
    node.getDecoder = () => noDecoder;
  }

  /** Without this, nothing would be left of a part that ends within its headers. */
  #endHeaders(node: MimeNode): void {
    if (node.headers !== false || node.parentNode === false) return;
    node.parseHeaders();
    this.splitter.push(node);
  }

  #readBlock(parent: MimeNode | false, bytes: Buffer): { part: MimePart; strays: Buffer | null } {
    const block = readHeaders(bytes, 0, this.#limits);
    this.#fields += block.fields;
    const { headerFields } = this.#limits;
    if (block.defect !== null) this.#stop({ of: 'header_of_part', excess: block.defect });
    else if (this.#fields > headerFields) this.#stop({ of: 'fields_of_parts', most: headerFields });
    const above = parent === false ? undefined : this.#parts.get(parent);
    const isDigest = above?.contentType === 'multipart/digest';
    const part = makePart(block.headers, isDigest ? 'message/rfc822' : 'text/plain');
    above?.children.push(part);
    return { part, strays: block.end < bytes.length ? bytes.subarray(block.end) : null };
  }

  /** mailsplit refuses the next line. */
  #stop(excess: Excess): void {
    this.#excess ??= excess;
    this.splitter.maxChildNodes = -1;
  }
}

const [dash, lineFeed] = [0x2d, 0x0a];

/** `decodePart` decodes, when all of a part is there. */
const noDecoder = { on: (): void => undefined };

/** Reduced headers of a part for mailparser, which need not know how the part is read. */
function shortHeader(part: MimePart): Buffer {
  const boundary = boundaryOf(part)?.replace(/["\\]/gu, String.raw`\$&`);
  const type =
    boundary === undefined ? 'application/octet-stream' : `multipart/mixed; boundary="${boundary}"`;
  return Buffer.from(`Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encodingOf(part)}\r\n\r\n`);
}

/** Depth of multiparts around the content of this one, itself included. */
function depthOf(parent: MimeNode | false): number {
  let depth = 0;
  for (let at = parent; at !== false; at = at.parentNode) depth += 1;
  return depth;
}

/** Whole lines, a few or long stretches in which none begins with two dashes. */
function* piecesOf(body: Buffer): Generator<Buffer> {
  const [least, most] = [8 * 1024, 1024 * 1024];
  let dashes = -1;
  for (let at = 0; at < body.length; ) {
    if (dashes < at) dashes = nextDashes(body, at);
    const from = dashes - at < least ? at + least : Math.min(dashes - 1, at + most);
    const found = body.indexOf(lineFeed, from);
    const next = found < 0 ? body.length : found + 1;
    yield body.subarray(at, next);
    at = next;
  }
}

/** Start of the next line that may be a boundary, from `from` (the beginning of a line) on; the end if there is none. */
export function nextDashes(bytes: Buffer, from: number): number {
  if (bytes[from] === dash && bytes[from + 1] === dash) return from;
  const found = bytes.indexOf('\n--', from, 'latin1');
  return found < 0 ? bytes.length : found + 1;
}
