import stringWidth from 'string-width';
import { instant } from './when.ts';
import { visible } from '../../log/visible.ts';
import { withoutTokens } from '../../core/address/reply-token.ts';

/**
 * Layout of text in columns. Wide letters count twice, letters joined into one count once. Written by hand: wrap-ansi 10 would
 * break the lines (30 lines of code less, three packages more), but changes letters (NFC), begins lines with spaces and leaves
 * empty ones; cli-table3 does not fit a table to its terminal.
 */

/** The content of a table cell. */
export type Cell = string | number | boolean | Date | string[] | null;

/** Lines of a table as cells of their column's width; `below`: text under a row, '' for none. */
export type LaidTable = { head: string[]; rows: { cells: string[]; below: string }[] };

/** Width of a cell if the terminal's is unknown; longer text runs beyond it. */
const widestCell = 60;
/** Narrower than this words say little: a table gives up something else first. */
const legible = 16;
/** No cell is made narrower than this. */
const narrowestCell = 8;

const minute = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')}Z`;
const day = (at: Date): string => at.toISOString().slice(0, 10);

/** A cell's text: one line, safe to print. */
export function cellText(cell: Cell, time: (at: Date) => string = instant): string {
  if (cell === null) return '-';
  if (cell instanceof Date) return time(cell);
  if (Array.isArray(cell)) return cell.length === 0 ? '-' : withoutTokens(cell.map(visible).join(' '));
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return withoutTokens(visible(String(cell)));
}

/**
 * Lays out a table: numbers are right-aligned, long cells are cut. If it is wider than `width`, times lose precision, then the
 * last column moves below its row if it contains words.
 * @param width infinite if unknown, as for a program's pipe: nothing is cut
 */
export function layOut(columns: string[], rows: Cell[][], width: number): LaidTable {
  const layout = layoutFor(columns, rows, width);
  return { head: layout.head, rows: layout.set(rows) };
}

/** How the rows of a table are set, found from some of them: what is wider further down is cut on a terminal, and else goes beyond. */
export type Layout = { head: string[]; set: (rows: Cell[][]) => LaidTable['rows'] };

/** The layout of a table whose first rows these are. */
export function layoutFor(columns: string[], rows: Cell[][], width: number): Layout {
  const all = columns.length;
  const lastIsWords = rows.every((row) => typeof row[all - 1] === 'string' || row[all - 1] === null);
  // half a time or a number misleads
  const whole = columns.map((_, i) =>
    rows.some((row) => typeof row[i] === 'number' || row[i] instanceof Date),
  );
  const ways = [instant, minute, day].map((time) => ({ time, count: all }));
  if (lastIsWords) ways.push(...[minute, day].map((time) => ({ time, count: all - 1 })));
  const tried = ways.map(({ time, count }) => {
    const texts = rows.map((row) => row.map((cell) => cellText(cell, time)));
    const widths = columns.slice(0, count).map((name, i) => {
      const widest = Math.max(stringWidth(name), ...texts.map((row) => stringWidth(row[i] ?? '')));
      return width === Number.POSITIVE_INFINITY ? Math.min(widest, widestCell) : widest;
    });
    return { time, widths };
  });
  const chosen =
    tried.find(({ widths }) => total(narrowed(widths, whole, width, legible)) <= width) ??
    tried.at(-1) ??
    tried[0];
  if (chosen === undefined) throw new Error('there is always a way');
  const legibly = narrowed(chosen.widths, whole, width, legible);
  const widths = total(legibly) <= width ? legibly : narrowed(chosen.widths, whole, width, narrowestCell);
  const set = (cells: string[], row: Cell[]): string[] =>
    widths.map((room, i) => {
      const text = cells[i] ?? '';
      const cell = width === Number.POSITIVE_INFINITY ? text : fitted(text, room);
      const numeric = typeof row[i] === 'number';
      return i === widths.length - 1 && !numeric ? cell : padded(cell, room, numeric);
    });
  return {
    head: set(
      columns.map((name) => name.toUpperCase()),
      [],
    ),
    set: (further) =>
      further.map((row) => {
        const cells = row.map((cell) => cellText(cell, chosen.time));
        const rest = cells.slice(widths.length).filter((text) => text !== '-');
        return { cells: set(cells, row), below: rest.map((text) => hanging('    ', text, width)).join('\n') };
      }),
  };
}

const total = (widths: readonly number[]): number => widths.reduce((sum, one) => sum + one + 2, -2);

/** Takes from the widest until all fit; none is made narrower than `least`, and those in `whole` stay as they are. */
function narrowed(
  from: readonly number[],
  whole: readonly boolean[],
  width: number,
  least: number,
): number[] {
  const widths = [...from];
  let excess = total(widths) - width;
  while (excess > 0) {
    const room = widths.map((one, i) => (whole[i] === true ? 0 : one));
    const widest = Math.max(...room);
    if (widest <= least) break;
    const second = Math.max(least, ...room.filter((one) => one < widest));
    const less = Math.min(excess, widest - second);
    widths[room.indexOf(widest)] = widest - less;
    excess -= less;
  }
  return widths;
}

function padded(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return right ? space + text : text + space;
}

function fitted(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) >= width) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/**
 * A line that begins with `lead`, broken between words to fit `width`; further lines begin below the first word. Where
 * the lead leaves them less than half of the width, and that is too little, all of it stands below.
 */
export function hanging(lead: string, text: string, width: number): string {
  const set = stringWidth(lead);
  const room = width - set;
  if (room < width / 2 && stringWidth(text) > room) {
    const below = broken(text, Math.max(legible, width - 4)).map((line) => `\n    ${line}`);
    return lead.trimEnd() + below.join('');
  }
  return lead + broken(text, Math.max(legible, width - set)).join(`\n${' '.repeat(set)}`);
}

/** A line broken between words into lines of at most `room` columns. */
function broken(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\s)(?=\S)/u).flatMap((one) => pieces(one, room))) {
    if (line !== '' && stringWidth(line) + stringWidth(word.trimEnd()) > room) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  return [...lines, line];
}

/** A word, in as many pieces as lines it needs: an address, or a language that writes no spaces. */
function pieces(word: string, room: number): string[] {
  if (stringWidth(word) <= room) return [word];
  const found: string[] = [];
  let piece = '';
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (piece !== '' && stringWidth(piece + segment) > room) {
      found.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...found, piece];
}
