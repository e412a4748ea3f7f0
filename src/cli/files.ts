import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';

/** A file, or standard input, that can be read. */
export type Input = {
  /** as the user wrote it */
  name: string;
  /** its bytes, to be read once */
  stream(): Readable;
};

/**
 * Makes sure that every file can be opened before the first is read, so that a mistyped name at the end leaves
 * nothing half done. `-` is standard input.
 */
export async function openInputs(
  paths: string[],
): Promise<{ ok: true; inputs: Input[] } | { ok: false; why: string }> {
  const refusals: string[] = [];
  for (const path of paths.filter((one) => one !== '-')) {
    try {
      const file = await open(path);
      const isDirectory = (await file.stat()).isDirectory();
      await file.close();
      if (isDirectory) refusals.push(`${path} cannot be read: it is a directory.`);
    } catch (error) {
      refusals.push(`${path} cannot be read: ${reasonOf(error)}.`);
    }
  }
  if (refusals.length > 0) return { ok: false, why: refusals.join('\n') };
  const inputs = paths.map((path) => ({
    name: path,
    stream: () => (path === '-' ? process.stdin : createReadStream(path)),
  }));
  return { ok: true, inputs };
}

/** Why a file cannot be written, in words. */
export function whyNotWritten(error: unknown): string {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isMissing ? 'its folder does not exist; make it first' : reasonOf(error);
}

/** Why a file cannot be read, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
    case 'EPERM':
      return 'permission is missing';
    case 'ENOSPC':
      return 'the disk is full';
    case 'ENOTDIR':
      return 'part of its path is a file, no folder';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
