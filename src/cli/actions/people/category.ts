import { removeCategory } from '../../../store/directory/removing.ts';
import { withDatabase, writing } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { type Listed, type ListFormat, onePage, sayList } from '../../terminal/output.ts';
import { printText } from '../../terminal/print.ts';
import type { Category } from '../../../core/ticket/ticket.ts';
import { addCategory, listCategories, renameCategory } from '../../../store/directory/categories.ts';

/** `category add` */
export async function add(given: string, options: { keyword?: string[] }): Promise<Outcome> {
  return writing(async (db) => {
    const added = await addCategory(db, { name: given, keywords: options.keyword ?? null });
    if (!added.ok) return failed(added.why);
    printText(`${given}: ${added.created ? 'registered' : 'updated'}`);
    return succeeded;
  });
}

const categories: Listed<Category> = {
  columns: ['name', 'keywords'],
  row: (one) => [one.name, one.keywords],
  fields: ['name', 'keywords'],
  empty: 'No category is registered.',
};

/** `category list` */
export async function list(format: ListFormat): Promise<Outcome> {
  return withDatabase(async (db) => {
    await sayList(onePage(await listCategories(db)), categories, format);
    return succeeded;
  });
}

/** `category set` */
export async function set(given: string, options: { rename: string }): Promise<Outcome> {
  return writing(async (db) => {
    const renamed = await renameCategory(db, given, options.rename);
    if (!renamed.ok) return failed(renamed.why);
    printText(`${options.rename}: renamed; until now "${renamed.was}"`);
    return succeeded;
  });
}

/** `category remove` */
export async function remove(given: string): Promise<Outcome> {
  return writing(async (db) => {
    const removed = await removeCategory(db, given);
    if (!removed.ok) return failed(removed.why);
    printText(`${removed.name}: removed`);
    return succeeded;
  });
}
