import { mostLines } from '../core/html/line-writer.ts';

/**
 * Limits for reading a mail. A mail that exceeds one keeps its bytes and gets a defect that names the setting; the last
 * five limits only truncate the text read.
 */
export type ParseLimits = {
  /**
   * bytes of the header block, a quarter of them for one field that is no list of addresses or message ids: room for
   * 100,000 References, none for a block of 5 MB (BAD-MAIL 2, 13)
   */
  headerBytes: number;
  /** header fields of a message, those of its parts included */
  headerFields: number;
  /** multiparts inside one another (BAD-MAIL 3) */
  depth: number;
  /** parts of one message (BAD-MAIL 4) */
  parts: number;
  /** addresses in To and Cc together: room for 10,000 (BAD-MAIL 53) */
  recipients: number;
  /** messages inside one another that are still read (BAD-MAIL 5) */
  messageDepth: number;
  /**
   * bytes of text that are read of all text parts together, the pictures in their HTML not counted; what lies beyond
   * is only in the kept bytes
   */
  textBytes: number;
  /** characters of text that are read */
  textLength: number;
  /** characters of HTML that are read */
  htmlLength: number;
  /** lines of text that are read: each costs its own time, however short */
  textLines: number;
};

export const defaultLimits: ParseLimits = {
  headerBytes: 4.5 * 1024 * 1024,
  headerFields: 20_000,
  depth: 100,
  parts: 1_000,
  recipients: 50_000,
  messageDepth: 3,
  textBytes: 8_000_000,
  textLength: 1_000_000,
  htmlLength: 2_000_000,
  textLines: mostLines,
};

/** Limits of the reading process for one mail; exceeding one ends the process. */
export type ReadingBounds = {
  limits: ParseLimits;
  /** CPU time from the start of the mail; raised in proportion for mails larger than the default MAX_MESSAGE_MB */
  seconds: number;
  /** heap, for text and structure; without the bytes of attachments, which the size of the mail bounds */
  megabytes: number;
};

export const defaultBounds: ReadingBounds = { limits: defaultLimits, seconds: 2, megabytes: 256 };

/** Default of MAX_MESSAGE_MB. */
export const defaultMessageMegabytes = 50;

/** Milliseconds of CPU for a job of this many bytes: if MAX_MESSAGE_MB allows larger mails, their files alone take some. */
export function processorMs(seconds: number, bytes: number): number {
  return 1000 * seconds * Math.max(1, bytes / (defaultMessageMegabytes * 1024 * 1024));
}
