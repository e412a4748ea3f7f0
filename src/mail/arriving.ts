/** Messages as they are fetched, turned into what the inbox takes. */
import type { FetchMessageObject } from 'imapflow';
import type { Arriving } from '../store/inbox.ts';

/** of a message over the limit, this much is asked for to find its headers */
export const headerBytes = 256 * 1024;

/** The message as the inbox takes it; nothing where the server sent no source, since it has gone meanwhile. */
export function arrivingFrom(
  message: FetchMessageObject,
  mailbox: string,
  uidValidity: number,
  maxMessageBytes: number,
): Arriving[] {
  const source = sourceOf(message);
  if (source === null) return [];
  const size = Math.max(message.size ?? 0, source.length);
  const truncated = size > maxMessageBytes;
  const raw = truncated ? headersOf(source) : source;
  return [{ ...arrivalOf(message.uid, message.internalDate, mailbox, uidValidity), raw, size, truncated }];
}

/** The bytes that came with a message; null where none did: for NIL the library has `false`, whatever its types say. */
export function sourceOf({ source }: FetchMessageObject): Buffer | null {
  return Buffer.isBuffer(source) ? source : null;
}

/** Where and when a message arrived: by the server's INTERNALDATE, or now where it tells none. */
export function arrivalOf(
  uid: number,
  internalDate: Date | string | undefined,
  mailbox: string,
  uidValidity: number,
) {
  const at = new Date(internalDate ?? Number.NaN);
  const receivedAt = Number.isNaN(at.getTime()) ? new Date() : at;
  return { mailbox, uidValidity, uid, receivedAt, envelopeRecipient: null, envelopeSender: null };
}

/** The header block, its closing blank line included; all of it where there is none. */
function headersOf(source: Buffer): Buffer {
  const ends = [source.indexOf('\r\n\r\n') + 4, source.indexOf('\n\n') + 2].filter((end) => end >= 4);
  return Buffer.from(source.subarray(0, Math.min(headerBytes, ...ends)));
}
