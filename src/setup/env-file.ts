import { parseEnv } from 'node:util';

/** What a variable is to become: a value, or null for gone. */
export type EnvChanges = ReadonlyMap<string, string | null>;

/** A variable's assignment in the text of a file: its lines, the breaks between them included. */
type Assignment = { name: string; start: number; end: number };

/** The quotes that `.env` knows; what stands inside is taken as it is, but for `\n` in the double ones. */
const quotes = ['"', "'", '`'];

/**
 * The text of a `.env` file with some variables changed; everything else stays as it is, comments and what nobody knows
 * included. A variable that is not there yet is added at the end. What comes out is read back: where that does not give exactly
 * the values that were there, with the changes, the file is refused.
 * @param text '' for a file that is not there yet
 */
export function changeEnv(
  text: string,
  changes: EnvChanges,
): { ok: true; text: string } | { ok: false; why: string } {
  const wanted = new Map<string, string | undefined>(Object.entries(parseEnv(text)));
  let changed = text;
  for (const [name, value] of changes) {
    if (value === null) wanted.delete(name);
    else wanted.set(name, value);
    const next = writings(value).map((written) => withVariable(changed, name, written));
    const right = next.find((one) => holds(one, name, value));
    if (right === undefined) {
      return {
        ok: false,
        why: `${name} cannot be written into .env as it stands: see that all quotes in the file end, and that the value has not all of " ' and \``,
      };
    }
    changed = right;
  }
  return sameAs(wanted, parseEnv(changed))
    ? { ok: true, text: changed }
    : {
        ok: false,
        why: '.env cannot be changed without changing other lines of it: see that all quotes end',
      };
}

/** How a value could be written, the plainest way first; null stands for no assignment at all. */
function writings(value: string | null): (string | null)[] {
  if (value === null) return [null];
  const plain = /^[\w@%+./:=,?&~*!()<>-]*$/u.test(value) ? [value] : [];
  return [
    ...plain,
    ...quotes.filter((quote) => !value.includes(quote)).map((quote) => quote + value + quote),
    value,
  ];
}

const holds = (text: string, name: string, value: string | null): boolean =>
  value === null ? !Object.hasOwn(parseEnv(text), name) : parseEnv(text)[name] === value;

function sameAs(wanted: Map<string, string | undefined>, found: NodeJS.Dict<string>): boolean {
  const names = Object.keys(found);
  return names.length === wanted.size && names.every((name) => found[name] === wanted.get(name));
}

/** The last of a variable's assignments counts, so that is the one which is replaced; null takes all of them out. */
function withVariable(text: string, name: string, written: string | null): string {
  const all = assignments(text).filter((one) => one.name === name);
  const last = all.at(-1);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  if (written === null) {
    return all.toReversed().reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
  }
  const line = `${name}=${written}${lineBreak}`;
  if (last !== undefined) return text.slice(0, last.start) + line + text.slice(last.end);
  return text + (text === '' || text.endsWith('\n') ? '' : lineBreak) + line;
}

/** Every assignment of a file, as Node reads it: a value in quotes may have several lines. */
function assignments(text: string): Assignment[] {
  const found: Assignment[] = [];
  const line = /^[^\S\n]*(?:export[^\S\n]+)?([^\s=#][^=\n]*?)[^\S\n]*=[^\S\n]*/gmu;
  for (let match = line.exec(text); match !== null; match = line.exec(text)) {
    const from = match.index + match[0].length;
    const quote = text[from] ?? '';
    const closing = quotes.includes(quote) ? text.indexOf(quote, from + 1) : -1;
    const lineEnd = text.indexOf('\n', closing === -1 ? from : closing);
    const end = lineEnd === -1 ? text.length : lineEnd + 1;
    found.push({ name: match[1] ?? '', start: match.index, end });
    line.lastIndex = end;
  }
  return found;
}
