import { needs } from '../../../config/config.ts';
import { loadConfig } from '../../../config/load.ts';
import type { Database } from '../../../store/db/database.ts';
import { filterCompany } from '../../../store/directory/company-names.ts';
import { hasTickets, listQueues } from '../../../store/directory/queues.ts';
import { failed, type Outcome, succeeded } from '../outcome.ts';
import { type Listed, type ListFormat, onePage, sayList } from '../output.ts';
import { withDesk } from '../with-database.ts';

/**
 * What a list of tickets' things is narrowed to: the company by its registered name, and the queue, which must be one or have
 * been one. Refused with what there is where a name is unknown.
 */
export async function ticketFilter(
  db: Database,
  options: { company?: string; queue?: string },
): Promise<{ ok: true; company: string | undefined } | { ok: false; why: string }> {
  const { queue } = options;
  const named = await filterCompany(db, options.company);
  if (!named.ok || queue === undefined) return named;
  const desk = loadConfig(needs.desk);
  const own = desk.ok ? [desk.config.desk.address] : [];
  const known = [...new Set([...own, ...(await listQueues(db)).map(({ address }) => address)])];
  if (known.includes(queue) || (await hasTickets(db, queue))) return named;
  const all =
    known.length === 0 ? 'None is registered.' : `There is ${known.slice(0, mostListed).join(', ')}.`;
  return { ok: false, why: `${queue} is no queue. ${all} \`kticket queue list\` shows all.` };
}

/** Queues a refusal lists, at most. */
const mostListed = 8;

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
