import { bytesOf, readNumber } from './values.ts';
import { defaultBounds, type ReadingBounds } from './limits.ts';

const { limits, seconds, megabytes } = defaultBounds;

/** Bounds for mails that mean harm: beyond one of them a mail is quarantined, and its reason names the variable. */
export const readingVariables = {
  MAX_READ_SECONDS: readNumber(seconds, { from: 1, to: 600 }),
  MAX_READ_MB: readNumber(megabytes, { from: 64, to: 16_384 }),
  MAX_HEADER_MB: readNumber(limits.headerBytes / bytesOf(1), { from: 0.01, to: 50, fractions: true }),
  MAX_HEADERS: readNumber(limits.headerFields, { from: 50, to: 1_000_000 }),
  MAX_PARTS: readNumber(limits.parts, { from: 1, to: 100_000 }),
  MAX_DEPTH: readNumber(limits.depth, { from: 1, to: 1_000 }),
  MAX_RECIPIENTS: readNumber(limits.recipients, { from: 1, to: 1_000_000 }),
};

/** The bounds that these variables set. */
export function readingBounds(read: {
  MAX_READ_SECONDS: number;
  MAX_READ_MB: number;
  MAX_HEADER_MB: number;
  MAX_HEADERS: number;
  MAX_PARTS: number;
  MAX_DEPTH: number;
  MAX_RECIPIENTS: number;
}): ReadingBounds {
  return {
    seconds: read.MAX_READ_SECONDS,
    megabytes: read.MAX_READ_MB,
    limits: {
      ...limits,
      headerBytes: bytesOf(read.MAX_HEADER_MB),
      headerFields: read.MAX_HEADERS,
      parts: read.MAX_PARTS,
      depth: read.MAX_DEPTH,
      recipients: read.MAX_RECIPIENTS,
    },
  };
}
