import type { Locale } from '../../core/words/words.ts';
import { visible, visibleLines } from '../../log/visible.ts';
import { type Cell, cellText, hanging, type Layout, layoutFor, layOut } from './layout.ts';
import { handOver, printText, sayCsvPages, sayJsonPages } from './print.ts';
import { inTone, toneOf } from './colour.ts';

/** Prints a line whose `lead` begins with a word such as `ok` or `FAIL`, in colour and wrapped on a terminal. */
export function sayVerdict(lead: string, words: string): void {
  const [first = '', ...more] = words.split('\n');
  printText([lineFrom(lead, first), ...more.map((line) => lineFrom('', line))].join('\n'), (safe) =>
    safe.replace(/^\S+/, (word) => inTone(toneOf(word))(word)),
  );
}

/** The language of the terminal, as POSIX names it: Italian where it is that, else English, as all of the command line. */
export function terminalLocale(environment: Record<string, string | undefined>): Locale {
  const named = [environment['LC_ALL'], environment['LC_MESSAGES'], environment['LANG']].find(
    (one) => one !== undefined && one !== '',
  );
  return /^it(?![a-z])/iu.test(named ?? '') ? 'it' : 'en';
}

/** An address with its name, if it has one. */
export function person(of: { name: string | null; email: string }): string {
  return of.name === null || of.name === '' ? of.email : `${of.name} <${of.email}>`;
}

/** Columns of the terminal; infinite without one, since output for a program is neither cut nor wrapped. */
const terminalWidth = (): number =>
  (process.stdout.isTTY ? process.stdout.columns : 0) || Number.POSITIVE_INFINITY;

/**
 * A table with aligned columns, long cells shortened.
 * @param empty text to print if there are no rows
 */
export function table(columns: string[], rows: Cell[][], empty: string): string {
  if (rows.length === 0) return empty;
  const { head, rows: lines } = layOut(columns, rows, terminalWidth());
  return [joined(head), ...lines.map(({ cells, below }) => withBelow(joined(cells), below))].join('\n');
}

/** Prints a table: on a terminal as wide as that, with states in colour. */
export function sayTable(columns: string[], rows: Cell[][], empty: string): void {
  if (rows.length === 0) {
    printText(empty);
    return;
  }
  const layout = layoutFor(columns, rows, terminalWidth());
  process.stdout.write(`${inTone('head')(joined(layout.head))}\n${linesOf(layout, rows)}`);
}

/** How rows of a kind are listed. */
export type Listed<T> = {
  columns: string[];
  row: (one: T) => Cell[];
  /** the fields of its JSON, as CSV names them: `requester.email` is one of an object */
  fields: string[];
  /** text for no rows */
  empty: string;
};

/** What a list is printed as: a table where nothing is said. */
export type ListFormat = { json?: true; csv?: true };

/**
 * Prints a list of any length as it comes, page by page, and waits for its reader: as JSON, as CSV, or as a table that is laid
 * out by its first page.
 */
export async function sayList<T>(
  pages: AsyncIterable<T[]>,
  as: Listed<T>,
  format: ListFormat,
): Promise<void> {
  if (format.json === true) return sayJsonPages(pages);
  if (format.csv === true) return sayCsvPages(pages, as.fields);
  let layout: Layout | null = null;
  for await (const page of pages) {
    const rows = page.map(as.row);
    if (rows.length === 0) continue;
    if (layout === null) {
      layout = layoutFor(as.columns, rows, terminalWidth());
      await handOver(`${inTone('head')(joined(layout.head))}\n`);
    }
    await handOver(linesOf(layout, rows));
  }
  if (layout === null) printText(as.empty);
}

/** A short list, that is one page. */
export async function* onePage<T>(rows: T[]): AsyncGenerator<T[], void> {
  yield await Promise.resolve(rows);
}

/** Rows as lines, states in colour. */
function linesOf(layout: Layout, rows: Cell[][]): string {
  return layout
    .set(rows)
    .map(({ cells, below }) => {
      const line = joined(cells.map((cell) => inTone(toneOf(cell))(cell)));
      return `${withBelow(line, below === '' ? '' : inTone('quiet')(below))}\n`;
    })
    .join('');
}

const joined = (cells: string[]): string => cells.join('  ').trimEnd();
const withBelow = (row: string, below: string): string => (below === '' ? row : `${row}\n${below}`);

/** Fields of one thing, a line each, values aligned; on a terminal long ones broken to fit. */
export function fields(of: Record<string, Cell>): string {
  const width = Math.max(...Object.keys(of).map((name) => name.length));
  return Object.entries(of)
    .map(([name, cell]) => hanging(`${name}:`.padEnd(width + 2), cellText(cell), terminalWidth()))
    .join('\n');
}

/** A line that begins with `lead`; on a terminal broken to fit, further lines below the first word. */
export function lineFrom(lead: string, text: string): string {
  return hanging(lead, visible(text), terminalWidth());
}

/** A text of several lines, set in by four spaces; on a terminal long lines broken to fit. */
export function indented(text: string): string {
  return visibleLines(text)
    .trimEnd()
    .split('\n')
    .map((one) => (one === '' ? '' : hanging('    ', one, terminalWidth())))
    .join('\n');
}
