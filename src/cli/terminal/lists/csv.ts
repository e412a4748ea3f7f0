/**
 * CSV as RFC 4180 writes it: commas, CRLF, quotes where they are needed. Written by hand: csv-stringify quotes as well, but does not
 * flatten a row by the names of its JSON fields, and the guard against formulas would remain.
 */
import { withoutTokens } from '../../../core/address/reply-token.ts';
import { visibleLines } from '../../../log/visible.ts';

/** What a spreadsheet would calculate, behind any apostrophes of which the first says that it is text. */
const formula = /^'*[=+\-@\t\r＝＋－＠]/u;

/**
 * A line of values with its line end. What begins like a formula gets an apostrophe before it, which spreadsheets take for "this is
 * text" (https://owasp.org/www-community/attacks/CSV_Injection); `withoutGuard` takes it away again. Lists are joined by `|`, times are
 * ISO 8601 in UTC, null is empty; no reply tokens, nothing a terminal would obey.
 */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map((value) => quoted(cellOf(value))).join(',')}\r\n`;
}

/** The text of a cell as it was before `csvLine` guarded it. */
export function withoutGuard(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}

/** The value of a field of a row: `requester.email` is the field `email` of the field `requester`; undefined where there is none. */
export function fieldOf(row: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), row);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string') return guarded(value);
  if (Array.isArray(value)) return guarded(value.map(String).join('|'));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function guarded(text: string): string {
  const safe = visibleLines(withoutTokens(text));
  return formula.test(safe) ? `'${safe}` : safe;
}

function quoted(cell: string): string {
  // most cells are plain: the quick look comes first
  return /[",\r\n]|^\s|\s$/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
