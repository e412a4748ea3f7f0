/** UIDs in ranges: as IMAP writes them, and as messages are read together. Pure. */

/** Limits of a range fetched at once, in bytes. */
export type RangeBounds = {
  /** a range ends early at this many bytes, so that memory stays flat */
  bytes: number;
  /** a larger message is not held at once */
  heldBytes: number;
  /** of a still larger one only the headers are taken in */
  messageBytes: number;
};

/** The content of one range; `messages` are read and filed together. */
export const rangeBounds = { messages: 50, bytes: 8 * 1024 * 1024, heldBytes: 4 * 1024 * 1024 };

/** Messages that are read together, in order, and how. */
export type Batch = { uids: number[]; how: 'whole' | 'in pieces' | 'headers' };

/** Messages of ascending UIDs as a sequence set, runs written short: `1:50,53` (RFC 9051 §9, sequence-set). */
export function uidSet(uids: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const uid of uids) {
    const run = runs.at(-1);
    if (run !== undefined && uid === run.last + 1) run.last = uid;
    else runs.push({ first: uid, last: uid });
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}:${last}`)).join(',');
}

/** A list in pieces of at most this length. */
export function* chunksOf<T>(list: readonly T[], length: number): Generator<T[]> {
  for (let from = 0; from < list.length; from += length) yield list.slice(from, from + length);
}

/** Few enough bytes each; a message too large to be held is on its own. */
export function batchesOf(sizes: readonly { uid: number; size: number }[], bounds: RangeBounds): Batch[] {
  const batches: (Batch & { bytes: number })[] = [];
  for (const { uid, size } of sizes.toSorted((a, b) => a.uid - b.uid)) {
    const last = batches.at(-1);
    const how = size > bounds.messageBytes ? 'headers' : size > bounds.heldBytes ? 'in pieces' : 'whole';
    if (how === 'whole' && last?.how === 'whole' && last.bytes + size <= bounds.bytes) {
      last.uids.push(uid);
      last.bytes += size;
    } else {
      batches.push({ uids: [uid], how, bytes: size });
    }
  }
  return batches;
}
