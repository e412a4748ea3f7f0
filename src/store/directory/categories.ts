import type { Database } from '../db/database.ts';
import { otherCategory } from '../../core/words/words.ts';
import { type Added, lockDirectory, refused, type Refusal } from './directory.ts';
import { nameKey } from '../../core/letters/name-key.ts';
import type { Category } from '../../core/ticket/ticket.ts';

/** Registers a category or updates it; `null` leaves its keywords as they are. */
export async function addCategory(
  db: Database,
  category: { name: string; keywords: string[] | null },
): Promise<Added> {
  await lockDirectory(db);
  const key = nameKey(category.name);
  if (key === '') return refused('A category needs a name.');
  const before = await db
    .selectFrom('category')
    .select('name')
    .where('name_key', '=', key)
    .executeTakeFirst();
  if (before === undefined) {
    await db
      .insertInto('category')
      .values({ name: category.name, name_key: key, keywords: category.keywords ?? [] })
      .execute();
  } else {
    await db
      .updateTable('category')
      .set({ name: category.name, ...(category.keywords === null ? {} : { keywords: category.keywords }) })
      .where('name_key', '=', key)
      .execute();
  }
  return { ok: true, created: before === undefined };
}

/**
 * Gives a category another name; its tickets are of it as before. What people wrote keeps the old one.
 * @returns `was`: the name until now
 */
export async function renameCategory(
  db: Database,
  said: string,
  name: string,
): Promise<{ ok: true; was: string } | Refusal> {
  await lockDirectory(db);
  const key = nameKey(name);
  if (key === '') return refused('A category needs a name.');
  const all = await db.selectFrom('category').select(['name', 'name_key']).execute();
  const found = all.find((one) => one.name_key === nameKey(said));
  if (found === undefined)
    return refused(`No category is called "${said}". \`kticket category list\` shows all.`);
  if (found.name_key === nameKey(otherCategory))
    return refused(`${found.name} is what a mail is of that fits no other category; it keeps its name.`);
  const other = all.find((one) => one.name_key === key && one !== found);
  if (other !== undefined) return refused(`There is a category ${other.name} already.`);
  await db.updateTable('category').set({ name, name_key: key }).where('name', '=', found.name).execute();
  await db.updateTable('ticket').set({ category: name }).where('category', '=', found.name).execute();
  return { ok: true, was: found.name };
}

/** All categories, oldest first. */
export async function listCategories(db: Database): Promise<Category[]> {
  return db.selectFrom('category').select(['name', 'keywords']).orderBy('position').execute();
}
