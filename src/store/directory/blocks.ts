import type { Database } from '../db/database.ts';
import type { Proof } from '../../core/message/authentication.ts';

/** A sender that was rejected for good. `binds`: all their mail, or only what nothing proves theirs, or what DMARC fails. */
export type Block = { email: string; binds: 'all' | 'unproven' | 'failing'; since: Date };

const binds: Record<Proof, Block['binds']> = { pass: 'all', none: 'unproven', fail: 'failing' };

/** All blocks, oldest first. */
export async function listBlocks(db: Database): Promise<Block[]> {
  const rows = await db
    .selectFrom('blocked_sender')
    .selectAll()
    .orderBy('created_at')
    .orderBy('email')
    .execute();
  return rows.map(({ email, proof, created_at: since }) => ({ email, binds: binds[proof], since }));
}

/**
 * Lifts the block of an address: its later mail is judged as if there had been none.
 * @param email bare, lower-case
 * @returns whether there was one
 */
export async function removeBlock(db: Database, email: string): Promise<boolean> {
  const result = await db.deleteFrom('blocked_sender').where('email', '=', email).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
