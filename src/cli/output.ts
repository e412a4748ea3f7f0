import stringWidth from 'string-width';
import { visible, visibleJson, visibleLines, withoutTokens } from '../visible.ts';
import { inTone, toneOf } from './tone.ts';

/** Prints one line or several to standard output, control characters of mails made visible, then coloured as asked. */
export function say(text: string, colour: (safe: string) => string = (safe) => safe): void {
  process.stdout.write(`${colour(visibleLines(withoutTokens(text)))}\n`);
}

/** Prints a line that begins with a word such as `ok` or `FAIL`, which is coloured. */
export function sayVerdict(line: string): void {
  say(line, (safe) => safe.replace(/^\S+/, (word) => inTone(toneOf(word))(word)));
}

/** Prints a value as JSON: dates in ISO 8601 UTC, no reply tokens, nothing a terminal would obey. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${visibleJson(withoutTokens(JSON.stringify(value, null, 2)))}\n`);
}

/** Writes bytes to standard output, unchanged; settles once they are handed over. */
export async function sayBytes(bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/** An address with its name, where there is one. */
export function person(of: { name: string | null; email: string }): string {
  return of.name === null || of.name === '' ? of.email : `${of.name} <${of.email}>`;
}

type Cell = string | number | boolean | Date | string[] | null;

/** Columns of a cell where the terminal's width is not known. */
const widestCell = 60;
/** No column is made narrower than this to fit a terminal. */
const narrowestCell = 10;

function cellText(cell: Cell): string {
  if (cell === null) return '-';
  if (cell instanceof Date) return instant(cell);
  if (Array.isArray(cell)) return cell.length === 0 ? '-' : cell.map(visible).join(' ');
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return visible(String(cell));
}

/** A time as lists show it: UTC, to the second. */
export function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function shortened(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) >= width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Text, and how it is coloured where it stands in a table that is printed. */
type Laid = { text: string; numeric: boolean };

/** Rows of aligned cells: wide letters count twice, numbers stand at the right, long cells are cut to fit `width`. */
function layOut(columns: string[], rows: Cell[][], width: number): string[][] {
  const laid: Laid[][] = rows.map((row) =>
    row.map((cell) => ({ text: withoutTokens(cellText(cell)), numeric: typeof cell === 'number' })),
  );
  const widths = columns.map((name, i) =>
    Math.min(
      Math.max(stringWidth(name), ...laid.map((row) => stringWidth(row[i]?.text ?? ''))),
      Number.isFinite(width) ? Number.POSITIVE_INFINITY : widestCell,
    ),
  );
  let excess = widths.reduce((sum, one) => sum + one + 2, -2) - width;
  while (excess > 0) {
    const widest = Math.max(...widths);
    const second = Math.max(narrowestCell, ...widths.filter((one) => one < widest));
    if (widest <= narrowestCell) break;
    const at = widths.indexOf(widest);
    const less = Math.min(excess, Math.max(1, widest - second));
    widths[at] = widest - less;
    excess -= less;
  }
  const line = (cells: Laid[]): string[] =>
    cells.map(({ text, numeric }, i) => {
      const cell = shortened(text, widths[i] ?? 0);
      const space = ' '.repeat(Math.max(0, (widths[i] ?? 0) - stringWidth(cell)));
      if (numeric) return space + cell;
      return i === cells.length - 1 ? cell : cell + space;
    });
  return [line(columns.map((name) => ({ text: name.toUpperCase(), numeric: false }))), ...laid.map(line)];
}

/**
 * A table with aligned columns, long cells shortened.
 * @param empty what to say where there is no row
 */
export function table(columns: string[], rows: Cell[][], empty: string): string {
  if (rows.length === 0) return empty;
  return layOut(columns, rows, Number.POSITIVE_INFINITY)
    .map((cells) => cells.join('  ').trimEnd())
    .join('\n');
}

/** Prints a table: on a terminal as wide as that, with states in colour. */
export function sayTable(columns: string[], rows: Cell[][], empty: string): void {
  if (rows.length === 0) {
    say(empty);
    return;
  }
  const width = (process.stdout.isTTY ? process.stdout.columns : 0) || Number.POSITIVE_INFINITY;
  const [head = [], ...lines] = layOut(columns, rows, width);
  process.stdout.write(`${inTone('head')(head.join('  ').trimEnd())}\n`);
  for (const cells of lines) {
    process.stdout.write(
      `${cells
        .map((cell) => inTone(toneOf(cell))(cell))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}

/** Fields of one thing, a line each, values aligned. */
export function fields(of: Record<string, Cell>): string {
  const width = Math.max(...Object.keys(of).map((name) => name.length));
  return Object.entries(of)
    .map(([name, cell]) => `${`${name}:`.padEnd(width + 2)}${withoutTokens(cellText(cell))}`)
    .join('\n');
}

/** A text of several lines, set in by four spaces. */
export function indented(text: string): string {
  return visibleLines(text)
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}
