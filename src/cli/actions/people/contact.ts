import { withDatabase, writing } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { sayTable } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';
import { addContact, disableContact, listContacts } from '../../../store/directory/contacts.ts';

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

/** `contact list` */
export async function list(options: { json?: true }): Promise<Outcome> {
  return withDatabase(async (db) => {
    const contacts = await listContacts(db);
    if (options.json === true) sayJson(contacts);
    else {
      const rows = contacts.map((one) => [one.email, one.name, one.company, one.disabled]);
      sayTable(['email', 'name', 'company', 'disabled'], rows, 'No contact is enrolled.');
    }
    return succeeded;
  });
}
