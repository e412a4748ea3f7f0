import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { normaliseEmail } from '../../core/address/address.ts';
import { nameKey } from '../../core/letters/name-key.ts';
import { counted } from '../../core/letters/text.ts';
import { asOneLine, readDomain, readPhoneNumber } from '../terminal/arguments.ts';
import { withoutGuard } from '../terminal/lists/csv.ts';
import type { ImportKind } from './kinds.ts';
import { contracts, roles } from '../../core/kinds.ts';

export type LineError = { line: number; why: string };

const flag = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(['', 'false', 'no', 'true', 'yes'], 'expected true or false'))
  .transform((text) => text === 'true' || text === 'yes');

const text = z.string().transform(asOneLine);
const named = text.refine((line) => line !== '', 'expected a name, found nothing');
const address = z.string().transform((cell, context) => {
  const read = normaliseEmail(cell);
  if (read !== null) return read;
  context.addIssue({ code: 'custom', message: `expected a bare mail address, found "${asOneLine(cell)}"` });
  return z.NEVER;
});

/** A cell with several values that hold spaces, separated by `|`. */
const words = z.string().transform((cell) =>
  cell
    .split('|')
    .map(asOneLine)
    .filter((word) => word !== ''),
);

/** A cell with several values, separated by spaces or `|`. */
function several<T>(one: (value: string) => T | null, expected: string) {
  return z.string().transform((cell, context) => {
    const values: T[] = [];
    for (const word of cell.split(/[\s|]+/).filter((part) => part !== '')) {
      const value = one(word);
      if (value === null)
        context.addIssue({ code: 'custom', message: `expected ${expected}, found "${word}"` });
      else values.push(value);
    }
    return values;
  });
}

const role = text.transform((word, context) => {
  const found = roles.find((one) => one === word);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: `expected one of ${roles.join(', ')}, found "${word}"` });
  return z.NEVER;
});

const phones = words.transform((numbers, context) => {
  const wrong = numbers.find((one) => readPhoneNumber(one) === null);
  if (wrong !== undefined)
    context.addIssue({
      code: 'custom',
      message: `expected telephone numbers such as 06 5550100, separated by |, found "${wrong}"`,
    });
  return numbers;
});

const contract = (word: string) => contracts.find((one) => one === word) ?? null;

/** Columns of each kind; a missing optional one leaves what exists as it is. */
const shapes = {
  companies: z.object({
    name: named,
    domains: several(readDomain, 'domains such as rossi.it').optional(),
    contracts: several(contract, `contracts of ${contracts.join(', ')}`).optional(),
    ended: flag.optional(),
  }),
  contacts: z.object({
    email: address,
    company: named,
    name: text.optional(),
    disabled: flag.optional(),
  }),
  staff: z.object({
    email: address,
    name: named,
    role,
    aliases: several(normaliseEmail, 'bare mail addresses').optional(),
    disabled: flag.optional(),
  }),
  queues: z.object({
    address,
    name: named,
    from: address.optional(),
    phones: phones.optional(),
    words: text.optional(),
  }),
  categories: z.object({
    name: named,
    keywords: words.optional(),
  }),
};

const readers = {
  companies: shapes.companies.transform((row) => ({
    kind: 'companies' as const,
    key: nameKey(row.name),
    name: row.name,
    domains: row.domains ?? null,
    contracts: row.contracts ?? null,
    ended: row.ended ?? false,
  })),
  contacts: shapes.contacts.transform((row) => ({
    kind: 'contacts' as const,
    key: row.email,
    email: row.email,
    company: row.company,
    name: row.name ?? null,
    disabled: row.disabled ?? false,
  })),
  staff: shapes.staff.transform((row) => ({
    kind: 'staff' as const,
    key: row.email,
    email: row.email,
    name: row.name,
    role: row.role,
    aliases: row.aliases ?? null,
    disabled: row.disabled ?? false,
  })),
  queues: shapes.queues.transform((row) => ({
    kind: 'queues' as const,
    key: row.address,
    address: row.address,
    name: row.name,
    from: row.from,
    phones: row.phones,
    words: row.words,
  })),
  categories: shapes.categories.transform((row) => ({
    kind: 'categories' as const,
    key: nameKey(row.name),
    name: row.name,
    keywords: row.keywords ?? null,
  })),
};

/** A parsed line of an import file. `key` identifies the company or person, to find duplicates. */
export type ImportEntry = { [K in ImportKind]: z.output<(typeof readers)[K]> }[ImportKind];

export type FileRead =
  | { ok: true; entries: { line: number; entry: ImportEntry }[] }
  | { ok: false; errors: LineError[] };

/**
 * Reads a CSV file of one kind. Gives every entry with the line it begins on, or every
 * error by line: a file is right or it is not.
 */
export function readEntries(bytes: Uint8Array, kind: ImportKind): FileRead {
  const whole = decoded(bytes);
  if (whole === null) {
    const line =
      Buffer.from(bytes)
        .toString('latin1')
        .split(/\r\n?|\n/u)
        .findIndex(isNotUtf8) + 1;
    return oneError(
      line,
      'expected UTF-8, found letters of another encoding; in Excel save it as "CSV UTF-8"',
    );
  }
  // one kind of line end, so that lines inside quotes are counted like the others
  const content = whole.replace(/\r\n?/g, '\n');
  const rows = readRows(content);
  if (!rows.ok) return rows;
  const [header, ...body] = rows.rows;
  if (header === undefined) return oneError(1, `expected the names of the columns, found an empty file`);

  const columns = header.cells.map((cell) => cell.trim().toLowerCase());
  const wrong = wrongColumns(columns, kind);
  if (wrong !== null) return oneError(header.line, wrong);

  const entries: { line: number; entry: ImportEntry }[] = [];
  const errors: LineError[] = [];
  const lines = new Map<string, number>();
  for (const { cells, line } of body) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (cells.length !== columns.length) {
      errors.push({
        line,
        why: `expected ${counted(columns.length, 'column')} as in the first line, found ${cells.length}`,
      });
      continue;
    }
    const row = Object.fromEntries(
      columns.map((column, index) => [column, withoutGuard((cells[index] ?? '').trim())]),
    );
    const read = readers[kind].safeParse(row);
    if (!read.success) {
      for (const issue of read.error.issues) {
        errors.push({ line, why: `${String(issue.path[0])}: ${issue.message}` });
      }
      continue;
    }
    const before = lines.get(read.data.key);
    if (before !== undefined) errors.push({ line, why: `the same as line ${before}` });
    else lines.set(read.data.key, line);
    entries.push({ line, entry: read.data });
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, entries };
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    // fatal decoders have no other way to say that bytes are not UTF-8
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Takes a line as Latin-1, one letter for each byte. */
const isNotUtf8 = (line: string): boolean => decoded(Buffer.from(line, 'latin1')) === null;

function oneError(line: number, why: string): { ok: false; errors: LineError[] } {
  return { ok: false, errors: [{ line, why }] };
}

const csvTable = z.array(
  // `lines`: the line its record ends on
  z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }),
);

/** The table of a CSV text, each row with the line it begins on. */
function readRows(
  content: string,
): { ok: true; rows: { cells: string[]; line: number }[] } | { ok: false; errors: LineError[] } {
  let table: unknown;
  try {
    table = parse(content, {
      bom: true,
      delimiter: separatorOf(content),
      relax_column_count: true,
      info: true,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : 1;
    return oneError(line, `the quotes do not match (${error.message})`);
  }
  let nextLine = 1;
  const rows = csvTable.parse(table).map(({ record, info }) => {
    const line = nextLine;
    nextLine = info.lines + 1;
    return { cells: record, line };
  });
  return { ok: true, rows };
}

/** Italian spreadsheets write semicolons, others commas: the first line tells. */
function separatorOf(content: string): ',' | ';' {
  const [first = ''] = content.split('\n', 1);
  return first.split(';').length > first.split(',').length ? ';' : ',';
}

function wrongColumns(columns: string[], kind: ImportKind): string | null {
  const { shape } = shapes[kind];
  const known = Object.keys(shape);
  const unknown = columns.filter((column) => !known.includes(column));
  const missing = Object.entries(shape)
    .filter(([column, cell]) => !cell.safeParse(undefined).success && !columns.includes(column))
    .map(([column]) => column);
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  const problems = [
    ...missing.map((column) => `the column ${column} is missing`),
    ...unknown.map((column) => `there is no column "${column}"`),
    ...(columns.length === 1 && columns[0]?.includes('\t') === true
      ? ['columns are separated by commas or semicolons, found tabs']
      : []),
    ...(twice === undefined ? [] : [`the column ${twice} stands there twice`]),
  ];
  return problems.length === 0
    ? null
    : `${problems.join('; ')}; the columns of ${kind} are ${known.join(', ')}`;
}
