import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';

/** The version in package.json. */
export function version(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8');
  const own: { version: string } = JSON.parse(text);
  return own.version;
}
