import type { Role } from '../../core/kinds.ts';
import type { Database } from '../db/database.ts';
import {
  type Added,
  lockDirectory,
  refused,
  type EndResult,
  staffOf,
  type Refusal,
  queueNameAt,
} from './directory.ts';
import { sql } from 'kysely';

export type StaffEntry = { email: string; name: string; role: Role; aliases: string[]; disabled: boolean };

/** Registers a staff member or updates them; `null` leaves the aliases as they are. Addresses: plain. */
export async function addStaff(
  db: Database,
  staff: { email: string; name: string; role: Role; aliases: string[] | null },
): Promise<Added> {
  await lockDirectory(db);
  if (staff.name.trim() === '') return refused('A staff member needs a name.');
  for (const address of [staff.email, ...(staff.aliases ?? [])]) {
    const refusal = await refuseStaffAddress(db, address, staff.email);
    if (refusal !== null) return refusal;
  }
  if (staff.aliases?.includes(staff.email) === true) {
    return refused(`${staff.email} cannot be an alias of itself.`);
  }
  const row = await db
    .insertInto('staff')
    .values({ email: staff.email, name: staff.name, role: staff.role })
    .onConflict((conflict) =>
      conflict.column('email').doUpdateSet({ name: staff.name, role: staff.role, disabled_at: null }),
    )
    .returning(['id', sql<boolean>`xmax = 0`.as('created')])
    .executeTakeFirstOrThrow();
  if (staff.aliases !== null) {
    await db.deleteFrom('staff_alias').where('staff_id', '=', row.id).execute();
    const rows = [...new Set(staff.aliases)].map((email) => ({ email, staff_id: row.id }));
    if (rows.length > 0) await db.insertInto('staff_alias').values(rows).execute();
  }
  return { ok: true, created: row.created };
}

/** Takes a staff member's word away: their mail commands nothing any more, whatever token it carries. */
export async function disableStaff(db: Database, email: string): Promise<EndResult> {
  await lockDirectory(db);
  const found = await db.selectFrom('staff').select('id').where('email', '=', email).executeTakeFirst();
  if (found === undefined) {
    const alias = await staffOf(db, email);
    return refused(
      alias === null
        ? `${email} is no staff member. \`kticket staff list\` shows all.`
        : `${email} is an alias; the staff member is ${alias.email}.`,
    );
  }
  const result = await db
    .updateTable('staff')
    .set({ disabled_at: sql`now()` })
    .where('id', '=', found.id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  // should they come back, what they were sent before grants nothing
  await db
    .updateTable('token')
    .set({ revoked_at: sql`now()` })
    .where('staff_id', '=', found.id)
    .where('revoked_at', 'is', null)
    .execute();
  return { ok: true, changed: result.numUpdatedRows > 0n };
}

/** All staff, oldest first. */
export async function listStaff(db: Database): Promise<StaffEntry[]> {
  const { rows } = await sql<StaffEntry>`
    select email, name, role,
           array(select email from staff_alias where staff_id = staff.id order by position) as aliases,
           disabled_at is not null as disabled
      from staff order by id`.execute(db);
  return rows;
}

/** Why an address cannot belong to the staff member whose own address is `owner`, or null if it can. */
async function refuseStaffAddress(db: Database, address: string, owner: string): Promise<Refusal | null> {
  const contact = await db
    .selectFrom('contact')
    .innerJoin('company', 'company.id', 'contact.company_id')
    .select('company.name')
    .where('email', '=', address)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (contact !== undefined) {
    return refused(
      `${address} is a contact of ${contact.name}; staff cannot be clients. First: kticket contact disable ${address}`,
    );
  }
  const other = await staffOf(db, address);
  if (other !== null && (other.email !== owner || (address === owner && other.alias))) {
    return refused(
      other.alias
        ? `${address} is an alias of ${other.name} (${other.email}); an address belongs to one person.`
        : `${address} is the address of ${other.name}; an address belongs to one person.`,
    );
  }
  const queue = await queueNameAt(db, address);
  return queue === null ? null : refused(`${address} is the desk's own queue "${queue}".`);
}
