import type { Database } from '../db/database.ts';
import { type Added, lockDirectory, refused } from './directory.ts';
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

/** All categories, oldest first. */
export async function listCategories(db: Database): Promise<Category[]> {
  return db.selectFrom('category').select(['name', 'keywords']).orderBy('position').execute();
}
