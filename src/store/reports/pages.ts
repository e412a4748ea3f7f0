/**
 * What the command line shows of tickets, incoming and outgoing mail: reads only, in the shapes of the contract
 * (names as in the JSON, companies by name, absent values null, oldest first).
 */
import { type RawBuilder, sql } from 'kysely';
import type { Address } from '../../core/address/address.ts';

/** An address as JSON shows it: no name is null. */
export type NamedAddress = { name: string | null; email: Address['email'] };

/** Rows of one page of a list. */
export const pageLength = 250;

/**
 * A list page by page, however long it is: the next page is asked for while one is looked at, each from the row after the
 * last. Nothing is locked meanwhile, so that a reader may take its time.
 */
export async function* pagesOf<T>(
  page: (after: number) => Promise<T[]>,
  keyOf: (row: T) => number,
): AsyncGenerator<T[], void> {
  let next = page(0);
  for (;;) {
    const rows = await next;
    const last = rows.at(-1);
    if (last === undefined) return;
    if (rows.length < pageLength) {
      yield rows;
      return;
    }
    next = page(keyOf(last));
    // whoever has seen enough does not wait for it
    next.catch(() => {});
    yield rows;
  }
}

/** A whole list at once. */
export async function allOf<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

/** Conditions that hold together; what is undefined is none. */
export function where(...conditions: (RawBuilder<unknown> | undefined)[]): RawBuilder<unknown> {
  return sql.join(
    conditions.filter((one) => one !== undefined),
    sql` and `,
  );
}
