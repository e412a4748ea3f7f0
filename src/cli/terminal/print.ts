import { jsonWithoutTokens, visible, visibleJson, visibleLines } from '../../log/visible.ts';
import { withoutTokens } from '../../core/address/reply-token.ts';
import { csvLine, fieldOf } from './lists/csv.ts';

/** Prints one line or several to standard output, control characters of mails made visible, then coloured as asked. */
export function printText(text: string, colour: (safe: string) => string = (safe) => safe): void {
  process.stdout.write(`${colour(visibleLines(withoutTokens(text)))}\n`);
}

/** Prints a link of our own on a line of its own, indented: its random parts must not be taken for reply tokens. */
export function printLink({ href }: URL): void {
  process.stdout.write(`\n  ${visible(href)}\n\n`);
}

/** Prints a value as JSON: dates in ISO 8601 UTC, no reply tokens, nothing a terminal would obey. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${visibleJson(jsonWithoutTokens(value, { indent: 2 }))}\n`);
}

/** The same for an array that comes in pages, however long it is. */
export async function sayJsonPages(pages: AsyncIterable<unknown[]>): Promise<void> {
  let before = '[\n';
  for await (const page of pages) {
    if (page.length === 0) continue;
    // without its own brackets
    const items = visibleJson(jsonWithoutTokens(page, { indent: 2 })).slice(2, -2);
    await handOver(before + items);
    before = ',\n';
  }
  await handOver(before === ',\n' ? '\n]\n' : '[]\n');
}

/** Prints rows that come in pages as CSV, with a header of their fields' names. */
export async function sayCsvPages(pages: AsyncIterable<unknown[]>, fields: string[]): Promise<void> {
  await handOver(csvLine(fields));
  for await (const page of pages)
    await handOver(page.map((row) => csvLine(fields.map((path) => fieldOf(row, path)))).join(''));
}

/** Writes bytes to standard output, unchanged; settles once they are handed over. */
export const sayBytes = (bytes: Uint8Array): Promise<void> => handOver(bytes);

/** Writes what is safe to print, or must not be changed; settles once it is handed over, so that a slow reader is waited for. */
export async function handOver(what: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(what, (error) => (error ? reject(error) : resolve()));
  });
}
