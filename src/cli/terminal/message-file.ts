import type { Readable } from 'node:stream';
import { headerBytes, headersOf } from '../../mail/imap/fetched-message.ts';

/** Bytes are counted up to this multiple of the limit, so that the writer can finish; a longer input may never end. */
const COUNTED = 20;

/**
 * Reads one message to its end with bounded memory. Over `maxBytes` only its headers are kept (`truncated`); `size`
 * counts its bytes either way, up to twenty times the limit, where reading ends. Rejects with what the stream fails with.
 */
export async function readBounded(
  stream: Readable,
  maxBytes: number,
): Promise<{ raw: Buffer; size: number; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    // what lies beyond both bounds is counted, not kept
    if (size <= Math.max(maxBytes, headerBytes)) chunks.push(bytes);
    size += bytes.length;
    if (size > COUNTED * Math.max(maxBytes, headerBytes)) break;
  }
  const raw = Buffer.concat(chunks);
  return size > maxBytes ? { raw: headersOf(raw), size, truncated: true } : { raw, size, truncated: false };
}
