import { writtenWords } from '../../mail/body/written-words.ts';

/** What a mail of the outbox says: its own words, of an earlier version, or those of its body (`bytes`, `gaps`). */
export type SentRow = { slots: string[] | null } & (
  | { text: string; html: string; bytes: null; gaps: null }
  | { text: null; html: null; bytes: Buffer; gaps: number[] }
);

/** A mail's words as its reader has them, reply tokens included. */
export function wordsOfRow(row: SentRow): { text: string; html: string } {
  if (row.bytes === null) return row;
  const { bytes, gaps, slots } = row;
  return writtenWords({ bytes, gaps }, slots?.slice(1) ?? []);
}
