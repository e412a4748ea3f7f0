/**
 * Lists for the command line, page by page: reads only, in the shapes of the contract (names as in the JSON, companies by
 * name, absent values null).
 */
import { type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';

/** How much of a list is asked for: all of it, oldest first, where nothing is said. */
export type Extent = { newest?: boolean | undefined; limit?: number | undefined };

/** A row, and the unique number by which its list is ordered. */
export type Keyed<T> = { key: number; row: T };

/** The rows of a page: those behind the one with this key, or from the beginning. */
export type Cursor = { newest: boolean; behind: number | null; rows: number };

/** Rows of one page of a list. */
const pageLength = 250;

/**
 * A list page by page, however long it is: the next page is asked for while one is looked at, each from the row after the
 * last. Nothing is locked meanwhile, so that a reader may take its time.
 */
export async function* pagesOf<T>(
  { newest = false, limit = Number.POSITIVE_INFINITY }: Extent,
  page: (cursor: Cursor) => Promise<Keyed<T>[]>,
): AsyncGenerator<T[], void> {
  let left = limit;
  const ask = (behind: number | null): Promise<Keyed<T>[]> =>
    page({ newest, behind, rows: Math.min(pageLength, left) });
  let next = ask(null);
  for (;;) {
    const found = await next;
    const last = found.at(-1);
    if (last === undefined) return;
    left -= found.length;
    const isLast = found.length < pageLength || left === 0;
    if (!isLast) {
      next = ask(last.key);
      // whoever has seen enough does not wait for it
      next.catch(() => {});
    }
    yield found.map(({ row }) => row);
    if (isLast) return;
  }
}

/** A whole list at once. */
export async function allOf<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

/** The end of a query for one page: conditions, what is undefined is none, and its place in the order of `key`. */
export function paged(
  key: RawBuilder<unknown>,
  { newest, behind, rows }: Cursor,
  conditions: readonly (RawBuilder<unknown> | undefined)[],
): RawBuilder<unknown> {
  const place = behind === null ? undefined : newest ? sql`${key} < ${behind}` : sql`${key} > ${behind}`;
  const all = [place, ...conditions].filter((one) => one !== undefined);
  const where = all.length === 0 ? sql`` : sql`where ${sql.join(all, sql` and `)}`;
  return sql`${where} order by ${key} ${newest ? sql`desc` : sql`asc`} limit ${rows}`;
}

/**
 * The condition that rows are of a time or later, for rows whose ids grow with it: it begins at the lowest such id, so that nothing
 * older is looked at, whatever order is asked for.
 */
export async function sinceThen(
  db: Database,
  { table, time }: { table: 'message' | 'outbox'; time: 'received_at' | 'created_at' },
  since: Date | undefined,
): Promise<RawBuilder<unknown> | undefined> {
  if (since === undefined) return undefined;
  const [id, at] = [sql.ref(`${table}.id`), sql.ref(`${table}.${time}`)];
  // `+ 0`: found by the index of times, not by walking the ids from the first
  const { rows } = await sql<{ first: number | null }>`
    select min(${id} + 0) as first from ${sql.table(table)} where ${at} >= ${since}`.execute(db);
  const first = rows[0]?.first ?? null;
  // `+ interval '0'`: a plan that looks for the times as well, page after page, takes ten times as long
  return first === null ? sql`false` : sql`${id} >= ${first} and ${at} + interval '0' >= ${since}`;
}

/** A condition where a value is given, none where it is not. */
export function ifGiven<T>(
  value: T | null | undefined,
  condition: (value: T) => RawBuilder<unknown>,
): RawBuilder<unknown> | undefined {
  return value === null || value === undefined ? undefined : condition(value);
}
