/**
 * Internals of mailparser 3.14 and its mailsplit that their types leave out. `part-reader.ts` overrides them, and
 * `test/mail/parse/mailparser.test.ts` fails once a version no longer calls them.
 */
declare module 'mailparser/lib/mail-parser.js' {
  import type { Transform } from 'node:stream';

  /** A part, as mailsplit reads it. */
  export type MimeNode = {
    type: 'node';
    parentNode: MimeNode | false;
    /** false until they are read */
    headers: object | false;
    addHeaderChunk(line: Buffer | false): boolean;
    parseHeaders(): void;
    getDecoder(): { on(event: 'end', listener: () => void): void };
  };
  export type Chunk = { type: 'data' | 'body'; node: MimeNode; value: Buffer };
  interface Splitter extends Transform {
    node: MimeNode;
    inEpilogue: boolean;
    nodeCounter: number;
    maxChildNodes: number;
    newNode(parent?: MimeNode | false): void;
    checkBoundary(line: Buffer): 1 | 2 | 3 | 4 | false;
    takePendingLine(): Buffer | false;
    appendPendingLine(bytes: Buffer): void;
  }

  /** A part, as mailparser reads it; a multipart has no decoder. */
  export type TreeNode = { decoder?: object | undefined; isAttachment?: boolean };
  export type Options = {
    ignoreEmbedded: boolean;
    checksumAlgo: false;
    maxHeadSize: number;
    maxChildNodes: number;
  };
  export default class MailParser extends Transform {
    constructor(options: Options);
    splitter: Splitter;
    createNode(node: MimeNode): TreeNode;
    processHeaders(lines: unknown): Map<string, never>;
    processChunk(chunk: MimeNode | Chunk, done: () => void): void;
    on(event: 'data', listener: () => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }
}
