import { type HistoryEntry, historyLines, type HistoryLine } from '../../../core/commands/log-lines.ts';
import { saidInFull } from '../../../core/ticket/journal-words.ts';
import { needs } from '../../../config/config.ts';
import { loadConfig } from '../../../config/load.ts';
import { localTime } from '../../../log/plain.ts';
import { wrongConfiguration } from '../../terminal/with-configuration.ts';
import { sleep } from '../../../desk/watch/loop.ts';
import type { Database } from '../../../store/db/database.ts';
import { readJournal } from '../../../store/reports/history.ts';
import { showTicket } from '../../../store/reports/ticket-reports.ts';
import { withDesk } from '../../terminal/with-database.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { lineFrom } from '../../terminal/output.ts';
import { printText } from '../../terminal/print.ts';
import { stopRequested } from '../../terminal/stop.ts';
import { inTone } from '../../terminal/colour.ts';

/** Milliseconds between two looks, and how far back each of them goes: longer than any transaction takes to commit. */
const lookAgain = 1_000;
const lookBack = 15 * 60_000;

type Options = { ticket?: number; since?: Date; limit?: number; problems?: true; follow?: true };

/** `log` */
export async function log(options: Options): Promise<Outcome> {
  const loaded = loadConfig(needs.log);
  if (!loaded.ok) return wrongConfiguration(loaded.problems);
  const print = printer(options, loaded.config.timeZone);
  return withDesk(null, async (db) => {
    const ticket = options.ticket ?? null;
    if (ticket !== null && (await showTicket(db, ticket)) === null) {
      return failed(`There is no ticket #${ticket}. \`kticket ticket list\` shows all.`);
    }
    const since = options.since ?? (ticket === null ? ago(24 * 60) : null);
    const entries = await readJournal(db, { since, ticket });
    const printed = print(entries, options.limit);
    if (printed === 0 && options.follow !== true)
      printText(options.problems === true ? 'Nothing wants anybody.' : 'Nothing happened.');
    if (options.follow === true) await follow(db, ticket, entries, print);
    return succeeded;
  });
}

/** Prints entries, the last of them where there is a limit. @returns how many lines */
type Print = (entries: readonly HistoryEntry[], limit?: number) => number;

async function follow(
  db: Database,
  ticket: number | null,
  before: HistoryEntry[],
  print: Print,
): Promise<void> {
  const signal = stopRequested();
  const said = new Set(before.map(keyOf));
  // what lies before the first look was left out by choice
  for (const entry of await readJournal(db, { since: ago(lookBack / 60_000), ticket }))
    said.add(keyOf(entry));
  while (!signal.aborted) {
    await sleep(lookAgain, signal);
    const entries = await readJournal(db, { since: ago(lookBack / 60_000), ticket });
    const fresh = entries.filter((entry) => !said.has(keyOf(entry)));
    for (const entry of fresh) said.add(keyOf(entry));
    print(fresh);
  }
}

/** Prints a message or mail again when its state changes. */
function keyOf(entry: HistoryEntry): string {
  switch (entry.kind) {
    case 'event':
      return `event ${entry.id}`;
    case 'message':
      return `message ${entry.id} ${entry.disposition}`;
    case 'mail':
      return `mail ${entry.id} ${entry.state}`;
    case 'outage':
    case 'outage_over':
    case 'worker_started':
    case 'worker_stopped':
      return `${entry.kind} ${entry.id}`;
    default:
      throw entry satisfies never;
  }
}

function printer({ problems }: Options, timeZone: string): Print {
  return (entries, limit) => {
    const lines = historyLines(entries).filter(({ tone }) => problems !== true || tone === 'bad');
    const shown = limit === undefined ? lines : lines.slice(-limit);
    for (const one of shown) printText(inWords(one, timeZone), inTone(one.tone));
    return shown.length;
  };
}

function inWords({ at, ticket, ...said }: HistoryLine, timeZone: string): string {
  const mark = said.tone === 'bad' ? '!' : ' ';
  return lineFrom(
    `${localTime(at, timeZone)} ${mark} ${(ticket === null ? '' : `#${ticket}`).padEnd(7)} `,
    saidInFull(said, null),
  );
}

const ago = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
