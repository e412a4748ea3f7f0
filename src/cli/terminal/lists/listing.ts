import type { Database } from '../../../store/db/database.ts';
import { failed, type Outcome, succeeded } from '../outcome.ts';
import { type Listed, type ListFormat, onePage, sayList } from '../output.ts';
import { withDesk } from '../with-database.ts';

/** Runs a command that prints a list, and prints it in the format that was asked for. */
export async function listing<T>(
  as: Listed<T>,
  format: ListFormat,
  pagesOf: (db: Database) => Promise<{ ok: true; pages: AsyncIterable<T[]> } | { ok: false; why: string }>,
): Promise<Outcome> {
  const isForProgram = format.json === true || format.csv === true;
  return withDesk(isForProgram ? () => sayList(onePage<T>([]), as, format) : null, async (db) => {
    const found = await pagesOf(db);
    if (!found.ok) return failed(found.why);
    await sayList(found.pages, as, format);
    return succeeded;
  });
}
