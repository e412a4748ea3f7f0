import { sql } from 'kysely';
import { blockedReason } from '../../core/case/block.ts';
import type { Database } from '../db/database.ts';
import { companyNamed } from '../directory/company-names.ts';
import { companyOf } from '../../core/case/snapshot.ts';
import { activeStaff, standingOf } from '../snapshot/who-is-who.ts';
import { pendingAgain } from '../mails/inbox.ts';
import type { Proof } from '../../core/message/authentication.ts';
import { addContact } from '../directory/contacts.ts';

/** The outcome of a decision about a held message, or why it failed, in words. */
export type HeldOutcome = { ok: true; from: string } | { ok: false; why: string };
export type Accepted =
  | { ok: true; from: string; company: string; released: number }
  | { ok: false; why: string };

/**
 * Lets all held mail of an address be decided again, now that its sender is accepted: it becomes pending, and the
 * worker takes it in by order of arrival. Call it in the transaction that enrols the address.
 * @param email bare, lower-case
 * @returns how many messages were released
 */
export async function releaseHeld(db: Database, email: string): Promise<number> {
  // written out: a kept plan could not tell that the index of held mail holds all of it
  const result = await db
    .updateTable('message')
    .set({ ...pendingAgain, accepted_at: sql`now()` })
    .where('from_email', '=', email)
    .where('disposition', '=', sql.lit('held'))
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Ends the held mail of an address that is at least as unproven as the one that was judged. */
export async function rejectAsUnproven(
  db: Database,
  { email, proof, reason }: { email: string; proof: Proof; reason: string },
  now: Date,
): Promise<void> {
  const proven = sql<string>`split_part(coalesce(authenticity, ''), ':', 1)`;
  await db
    .updateTable('message')
    .set({ disposition: 'rejected', reason, decided_at: now })
    .where('from_email', '=', email)
    .where('disposition', '=', sql.lit('held'))
    .$if(proof === 'none', (query) => query.where(proven, '<>', 'pass'))
    .$if(proof === 'fail', (query) => query.where(proven, '=', 'fail'))
    .execute();
}

/** A rejected message, what was rejected with it, and what its sender's block ended in the last days wait again. */
export async function holdAgain(
  db: Database,
  { message, email, days, reason }: { message: number; email: string; days: number; reason: string },
): Promise<void> {
  await sql`
    update message set disposition = 'held', reason = ${reason}
     where from_email = ${email} and disposition = 'rejected' and reason not like 'discarded by %'
       and (id = ${message} or decided_at = (select decided_at from message where id = ${message})
            or (reason = ${blockedReason} and decided_at > now() - make_interval(days => ${days}::integer)))`.execute(
    db,
  );
}

/**
 * `message accept`: enrols a held message's sender at a company and releases all their held mail.
 * @param mayMove whether an address that is another company's is taken from it
 */
export async function acceptHeld(
  db: Database,
  id: number,
  said: string,
  mayMove: boolean,
): Promise<Accepted> {
  const held = await heldMessage(db, id);
  if (!held.ok) return held;
  const company = await companyNamed(db, said);
  if (!company.ok) return company;
  const before = companyOf(await standingOf(db, held.from, await activeStaff(db)));
  if (before !== null && before.id !== company.id && !mayMove) {
    return {
      ok: false,
      why: `${held.from} is an address of ${before.name}. To move it to ${company.name}: kticket message accept ${id} --company "${company.name}" --move`,
    };
  }
  const added = await addContact(db, { email: held.from, name: held.name, company: company.name });
  if (!added.ok) return added;
  return { ok: true, from: held.from, company: company.name, released: await releaseHeld(db, held.from) };
}

/** `message reject`: this one held message ends as rejected; others of its sender keep waiting. */
export async function rejectHeld(db: Database, id: number): Promise<HeldOutcome> {
  const held = await heldMessage(db, id);
  if (!held.ok) return held;
  await db
    .updateTable('message')
    .set({ disposition: 'rejected', reason: 'rejected on the command line', decided_at: sql`now()` })
    .where('id', '=', id)
    .execute();
  return { ok: true, from: held.from };
}

async function heldMessage(
  db: Database,
  id: number,
): Promise<{ ok: true; from: string; name: string | null } | { ok: false; why: string }> {
  const row = await db
    .selectFrom('message')
    .select(['disposition', 'from_email', 'from_name'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) {
    return {
      ok: false,
      why: `There is no message ${id}. \`kticket message list --disposition held\` shows those that wait.`,
    };
  }
  if (row.disposition !== 'held' || row.from_email === null) {
    return {
      ok: false,
      why: `Message ${id} is ${row.disposition}; only held messages are accepted or rejected. \`kticket message list --disposition held\` shows them.`,
    };
  }
  return { ok: true, from: row.from_email, name: row.from_name === '' ? null : row.from_name };
}
