import { readFileSync } from 'node:fs';

/** The version in package.json, which lies two folders above this file in a clone and in a package alike. */
export function version(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  const own: { version: string } = JSON.parse(text);
  return own.version;
}
