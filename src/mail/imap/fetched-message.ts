/** Messages as they are fetched, turned into what the inbox takes. */
import type { FetchMessageObject } from 'imapflow';
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

/** Bytes of a fetched message; null if it has none: for NIL the library returns `false`, contrary to its types. */
export function sourceOf({ source }: FetchMessageObject): Buffer | null {
  return Buffer.isBuffer(source) ? source : null;
}

/** The mailbox and time of a message's arrival: the server's INTERNALDATE, or now if it gives none. */
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

/** The header block with its closing blank line; the first bytes if it does not end there. */
export function headersOf(source: Buffer): Buffer {
  const ends = [source.indexOf('\r\n\r\n') + 4, source.indexOf('\n\n') + 2].filter((end) => end >= 4);
  return Buffer.from(source.subarray(0, Math.min(headerBytes, ...ends)));
}

/** A fetched message. Mailbox, uidValidity and uid are all null if it did not come by IMAP. */
export type Arriving = {
  /** `user@host/folder` */
  mailbox: string | null;
  uidValidity: number | null;
  uid: number | null;
  receivedAt: Date;
  envelopeRecipient: string | null;
  envelopeSender: string | null;
  /** the whole message; only its headers if it was `truncated` */
  raw: Uint8Array;
  /** bytes of the whole message */
  size: number;
  truncated: boolean;
};

/** A message of some megabytes as it arrives: its bytes are asked for piece by piece, and never held together. */
export type ArrivingInPieces = Omit<Arriving, 'raw' | 'size' | 'truncated'> & {
  /** Its next bytes, from this offset on; none at its end; null where the message has gone meanwhile. */
  piece: (start: number) => Promise<Uint8Array | null>;
};
