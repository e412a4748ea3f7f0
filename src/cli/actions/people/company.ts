import { companyNamed } from '../../../store/directory/company-names.ts';
import { allOf } from '../../../store/db/pages.ts';
import { removeCompany } from '../../../store/directory/removing.ts';
import { withDatabase, writing } from '../../terminal/with-database.ts';
import type { ExtentOptions } from '../../terminal/lists/list-options.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { fields, type Listed, sayList } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';
import type { Contract } from '../../../core/kinds.ts';
import {
  addCompany,
  type CompanyEntry,
  companyPages,
  endCompany,
  renameCompany,
} from '../../../store/directory/companies.ts';
import { contactPages } from '../../../store/directory/contacts.ts';

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

const companies: Listed<CompanyEntry> = {
  columns: ['name', 'domains', 'contracts', 'ended'],
  row: (one) => [one.name, one.domains, one.contracts, one.ended],
  fields: ['name', 'domains', 'contracts', 'ended'],
  empty: 'No company is registered.',
};

/** `company list` */
export async function list(options: ExtentOptions): Promise<Outcome> {
  return withDatabase(async (db) => {
    await sayList(companyPages(db, options), companies, options);
    return succeeded;
  });
}

/** `company show` */
export async function show(given: string, options: { json?: true }): Promise<Outcome> {
  return withDatabase(async (db) => {
    const named = await companyNamed(db, given);
    if (!named.ok) return failed(named.why);
    const [found] = await allOf(companyPages(db, { name: named.name }));
    if (found === undefined) return failed(`${named.name} is gone.`);
    if (options.json === true) sayJson(found);
    else {
      const people = (await allOf(contactPages(db, { company: named.name }))).filter((one) => !one.disabled);
      printText(fields({ ...found, contacts: people.map((one) => one.email) }));
    }
    return succeeded;
  });
}

/** `company set` */
export async function set(given: string, options: { rename: string }): Promise<Outcome> {
  return writing(async (db) => {
    const renamed = await renameCompany(db, given, options.rename);
    if (!renamed.ok) return failed(renamed.why);
    printText(`${options.rename}: renamed; until now "${renamed.was}"`);
    return succeeded;
  });
}

/** `company remove` */
export async function remove(given: string): Promise<Outcome> {
  return writing(async (db) => {
    const removed = await removeCompany(db, given);
    if (!removed.ok) return failed(removed.why);
    printText(`${removed.name}: removed`);
    return succeeded;
  });
}
