import { jsonWithoutTokens, visible, visibleJson, visibleLines } from '../../log/visible.ts';
import { withoutTokens } from '../../core/address/reply-token.ts';

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

/** Writes bytes to standard output, unchanged; settles once they are handed over. */
export async function sayBytes(bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
