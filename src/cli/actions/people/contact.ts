import { filterCompany } from '../../../store/directory/company-names.ts';
import { removeContact } from '../../../store/directory/removing.ts';
import { withDatabase, writing } from '../../terminal/with-database.ts';
import type { ExtentOptions } from '../../terminal/lists/list-options.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { type Listed, sayList } from '../../terminal/output.ts';
import { printText } from '../../terminal/print.ts';
import {
  addContact,
  type ContactEntry,
  contactPages,
  disableContact,
} from '../../../store/directory/contacts.ts';

/** `contact add` */
export async function add(address: string, options: { company: string; name?: string }): Promise<Outcome> {
  return writing(async (db) => {
    const added = await addContact(db, {
      email: address,
      name: options.name ?? null,
      company: options.company,
    });
    if (!added.ok) return failed(added.why);
    const { created, company, movedFrom } = added;
    const moved = movedFrom === null ? '' : `; it was of ${movedFrom} until now`;
    printText(`${address}: ${created ? 'enrolled' : 'updated'} at ${company}${moved}`);
    return succeeded;
  });
}

/** `contact disable` */
export async function disable(address: string): Promise<Outcome> {
  return writing(async (db) => {
    const disabled = await disableContact(db, address);
    if (!disabled.ok) return failed(disabled.why);
    printText(`${address}: ${disabled.changed ? 'disabled' : 'was disabled already'}`);
    return succeeded;
  });
}

const contacts: Listed<ContactEntry> = {
  columns: ['email', 'name', 'company', 'disabled'],
  row: (one) => [one.email, one.name, one.company, one.disabled],
  fields: ['email', 'name', 'company', 'disabled'],
  empty: 'No contact is enrolled.',
};

/** `contact list` */
export async function list(options: ExtentOptions & { company?: string }): Promise<Outcome> {
  return withDatabase(async (db) => {
    const named = await filterCompany(db, options.company);
    if (!named.ok) return failed(named.why);
    await sayList(contactPages(db, { ...options, company: named.company }), contacts, options);
    return succeeded;
  });
}

/** `contact remove` */
export async function remove(given: string): Promise<Outcome> {
  return writing(async (db) => {
    const removed = await removeContact(db, given);
    if (!removed.ok) return failed(removed.why);
    printText(`${removed.name}: removed`);
    return succeeded;
  });
}
