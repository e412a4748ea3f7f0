import { companyNamed } from '../../../store/directory/company-names.ts';
import { withDatabase, writing } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { fields, sayTable } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';
import type { Contract } from '../../../core/kinds.ts';
import { addCompany, endCompany, listCompanies } from '../../../store/directory/companies.ts';
import { listContacts } from '../../../store/directory/contacts.ts';

/** `company add` */
export async function add(
  given: string,
  options: { domain?: string[]; contract?: Contract[] },
): Promise<Outcome> {
  return writing(async (db) => {
    const added = await addCompany(db, {
      name: given,
      domains: options.domain ?? null,
      contracts: options.contract ?? null,
    });
    if (!added.ok) return failed(added.why);
    const was = added.was === null ? '' : `; until now "${added.was}"`;
    printText(`${given}: ${added.created ? 'registered' : 'updated'}${was}`);
    return succeeded;
  });
}

/** `company end` */
export async function end(given: string): Promise<Outcome> {
  return writing(async (db) => {
    const ended = await endCompany(db, given);
    if (!ended.ok) return failed(ended.why);
    printText(`${ended.name}: ${ended.changed ? 'ended' : 'had ended already'}`);
    return succeeded;
  });
}

/** `company list` */
export async function list(options: { json?: true }): Promise<Outcome> {
  return withDatabase(async (db) => {
    const companies = await listCompanies(db);
    if (options.json === true) sayJson(companies);
    else {
      const rows = companies.map((one) => [one.name, one.domains, one.contracts, one.ended]);
      sayTable(['name', 'domains', 'contracts', 'ended'], rows, 'No company is registered.');
    }
    return succeeded;
  });
}

/** `company show` */
export async function show(given: string, options: { json?: true }): Promise<Outcome> {
  return withDatabase(async (db) => {
    const named = await companyNamed(db, given);
    if (!named.ok) return failed(named.why);
    const [found] = await listCompanies(db, named.name);
    if (found === undefined) return failed(`${named.name} is gone.`);
    if (options.json === true) sayJson(found);
    else {
      const people = (await listContacts(db, named.name)).filter((one) => !one.disabled);
      printText(fields({ ...found, contacts: people.map((one) => one.email) }));
    }
    return succeeded;
  });
}
