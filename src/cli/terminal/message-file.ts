import type { Readable } from 'node:stream';

/** Of a message that is over the limit, at most this much is searched for the end of its headers. */
const HEADER_BYTES = 256 * 1024;

/** So many times the limit are still counted, for whoever writes them to come to an end; what goes on then may never end. */
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
    if (size <= Math.max(maxBytes, HEADER_BYTES)) chunks.push(bytes);
    size += bytes.length;
    if (size > COUNTED * Math.max(maxBytes, HEADER_BYTES)) break;
  }
  const raw = Buffer.concat(chunks);
  return size > maxBytes ? { raw: headersOf(raw), size, truncated: true } : { raw, size, truncated: false };
}

/** The header block, its closing blank line included; the first bytes where none ends there. */
function headersOf(raw: Buffer): Buffer {
  const ends = [raw.indexOf('\r\n\r\n') + 4, raw.indexOf('\n\n') + 2].filter((end) => end >= 4);
  return Buffer.from(raw.subarray(0, Math.min(HEADER_BYTES, ...ends)));
}
