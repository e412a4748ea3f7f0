import { findCompany, isSameCompany } from '../../core/letters/find-company.ts';
import { nameKey } from '../../core/letters/name-key.ts';
import type { Database } from '../db/database.ts';

/** The company that somebody means, or why it cannot be told, in words. */
export type Named = { ok: true; id: number; name: string } | { ok: false; why: string };

/** Names a refusal lists, at most. */
const mostListed = 5;

/** The company of a name as people write it, where it is the only one that the name fits. */
export async function companyNamed(db: Database, said: string): Promise<Named> {
  const exact = await db
    .selectFrom('company')
    .select(['id', 'name'])
    .where('name_key', '=', nameKey(said))
    .executeTakeFirst();
  if (exact !== undefined) return { ok: true, ...exact };
  const { certain, near } = findCompany(said, await allCompanies(db));
  const [only, ...others] = certain;
  if (only !== undefined && others.length === 0) return { ok: true, ...only };
  if (only !== undefined)
    return { ok: false, why: `"${said}" fits several companies: ${written(certain)}. Give the whole name.` };
  const like = near.length === 0 ? '' : ` There is ${written(near)}.`;
  return {
    ok: false,
    why: `No company is called "${said}".${like} \`kticket company list\` shows all; \`kticket company add\` registers one.`,
  };
}

/** The company whose rows a list is to show, by its registered name; undefined where all are asked for. */
export async function filterCompany(
  db: Database,
  said: string | undefined,
): Promise<{ ok: true; company: string | undefined } | { ok: false; why: string }> {
  if (said === undefined) return { ok: true, company: undefined };
  const named = await companyNamed(db, said);
  return named.ok ? { ok: true, company: named.name } : named;
}

function written(names: readonly { name: string }[]): string {
  return names
    .slice(0, mostListed)
    .map(({ name }) => `"${name}"`)
    .join(', ');
}

/** The registered company of this name, in any spelling, or null if there is none. */
export async function sameCompany(db: Database, name: string): Promise<{ id: number; name: string } | null> {
  const all = await allCompanies(db);
  return (
    all.find((one) => nameKey(one.name) === nameKey(name)) ??
    all.find((one) => isSameCompany(one.name, name)) ??
    null
  );
}

function allCompanies(db: Database): Promise<{ id: number; name: string }[]> {
  return db.selectFrom('company').select(['id', 'name']).orderBy('id').execute();
}
