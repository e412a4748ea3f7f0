import { withDatabase, writing } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { sayTable } from '../../terminal/output.ts';
import { printText, sayJson } from '../../terminal/print.ts';
import { addCategory, listCategories } from '../../../store/directory/categories.ts';

/** `category add` */
export async function add(given: string, options: { keyword?: string[] }): Promise<Outcome> {
  return writing(async (db) => {
    const added = await addCategory(db, { name: given, keywords: options.keyword ?? null });
    if (!added.ok) return failed(added.why);
    printText(`${given}: ${added.created ? 'registered' : 'updated'}`);
    return succeeded;
  });
}

/** `category list` */
export async function list(options: { json?: true }): Promise<Outcome> {
  return withDatabase(async (db) => {
    const categories = await listCategories(db);
    if (options.json === true) sayJson(categories);
    else {
      const rows = categories.map((one) => [one.name, one.keywords]);
      sayTable(['name', 'keywords'], rows, 'No category is registered.');
    }
    return succeeded;
  });
}
