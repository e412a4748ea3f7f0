import { removeStaff } from '../../../store/directory/removing.ts';
import { withDatabase, writing } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { type Listed, type ListFormat, onePage, sayList } from '../../terminal/output.ts';
import { printText } from '../../terminal/print.ts';
import type { Role } from '../../../core/kinds.ts';
import { addStaff, disableStaff, listStaff, type StaffEntry } from '../../../store/directory/staff.ts';

/** `staff add` */
export async function add(
  address: string,
  options: { name: string; role: Role; alias?: string[] },
): Promise<Outcome> {
  return writing(async (db) => {
    const added = await addStaff(db, {
      email: address,
      name: options.name,
      role: options.role,
      aliases: options.alias ?? null,
    });
    if (!added.ok) return failed(added.why);
    printText(`${address}: ${added.created ? 'registered' : 'updated'} as ${options.role}`);
    return succeeded;
  });
}

/** `staff disable` */
export async function disable(address: string): Promise<Outcome> {
  return writing(async (db) => {
    const disabled = await disableStaff(db, address);
    if (!disabled.ok) return failed(disabled.why);
    printText(`${address}: ${disabled.changed ? 'disabled' : 'was disabled already'}`);
    return succeeded;
  });
}

const staffMembers: Listed<StaffEntry> = {
  columns: ['email', 'name', 'role', 'aliases', 'disabled'],
  row: (one) => [one.email, one.name, one.role, one.aliases, one.disabled],
  fields: ['email', 'name', 'role', 'aliases', 'disabled'],
  empty: 'No staff is registered.',
};

/** `staff list` */
export async function list(format: ListFormat): Promise<Outcome> {
  return withDatabase(async (db) => {
    await sayList(onePage(await listStaff(db)), staffMembers, format);
    return succeeded;
  });
}

/** `staff remove` */
export async function remove(given: string): Promise<Outcome> {
  return writing(async (db) => {
    const removed = await removeStaff(db, given);
    if (!removed.ok) return failed(removed.why);
    printText(`${removed.name}: removed`);
    return succeeded;
  });
}
