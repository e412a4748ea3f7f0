import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { packageRoot } from '../package-root.ts';

export const systemFolder = '/var/lib/kticket';

export const isRoot = (): boolean => process.getuid?.() === 0;

export const hashOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 12);

/**
 * The data directory if KTICKET_DATA is not set: for root, a folder per installation under /var/lib/kticket; else
 * `data` in a clone that may be written to, `~/.local/share/kticket` when installed. Never inside node_modules.
 */
export function defaultDataDirectory(): string {
  const given = process.env['KTICKET_DATA'];
  if (given !== undefined && given.trim() !== '') return resolve(given);
  if (isRoot()) return join(systemFolder, hashOf(packageRoot));
  const clone =
    !packageRoot.split(sep).includes('node_modules') &&
    (existsSync(join(packageRoot, '.git')) || existsSync(join(packageRoot, 'src/main.ts')));
  return clone && mayWrite(packageRoot) ? join(packageRoot, 'data') : join(homedir(), '.local/share/kticket');
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
