import stringWidth from 'string-width';
import { visible, visibleJson, visibleLines, withoutTokens } from '../visible.ts';

/** Prints one line or several to standard output, control characters of mails made visible. */
export function say(text: string): void {
  process.stdout.write(`${visibleLines(withoutTokens(text))}\n`);
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

const WIDEST_CELL = 60;

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

function shortened(text: string): string {
  if (stringWidth(text) <= WIDEST_CELL) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) >= WIDEST_CELL) break;
    kept += segment;
  }
  return `${kept}…`;
}

/**
 * A table with aligned columns, long cells shortened.
 * @param empty what to say where there is no row
 */
export function table(columns: string[], rows: Cell[][], empty: string): string {
  if (rows.length === 0) return empty;
  const lines = [columns.map((column) => column.toUpperCase()), ...rows.map((row) => row.map(cellText))].map(
    (line) => line.map((cell) => shortened(withoutTokens(cell))),
  );
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => stringWidth(line[index] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - stringWidth(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
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
