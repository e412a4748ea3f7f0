import { createReadStream, fstatSync, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { codeOf, messageOf, isMissing } from '../../log/errors.ts';

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
  const looked = await Promise.all(paths.map(whyNotReadable));
  const refusals = looked.filter((why) => why !== null);
  if (refusals.length > 0) return { ok: false, why: refusals.join('\n') };
  return { ok: true, inputs: paths.map((path) => ({ name: path, stream: () => openInput(path) })) };
}

/** The bytes of a file, or of standard input for `-`; ask `whyNotReadable` first. */
export function openInput(path: string): Readable {
  return path === '-' ? process.stdin : createReadStream(path);
}

/**
 * Why a file cannot be read, as a sentence, or null if it can. What is no regular file is refused before it is opened: a pipe
 * without a writer never opens, and a device may never end. Standard input may be a pipe or a terminal, but no other device.
 */
export async function whyNotReadable(path: string): Promise<string | null> {
  if (path === '-') {
    const what = process.stdin.isTTY ? null : whatElse(fstatSync(0));
    return what === 'a device' ? 'Standard input cannot be read: it is a device.' : null;
  }
  try {
    const what = whatElse(await stat(path));
    if (what === 'a directory') return `${path} cannot be read: it is a directory.`;
    if (what !== null) {
      return `${path} cannot be read: it is ${what}, not a regular file. What a program writes can be read with - from standard input.`;
    }
    await (await open(path)).close();
    return null;
  } catch (error) {
    return `${path} cannot be read: ${whyNotRead(error)}.`;
  }
}

/** Describes what the path is instead of a regular file; null if it is one. */
function whatElse(found: Stats): string | null {
  if (found.isFile()) return null;
  if (found.isDirectory()) return 'a directory';
  if (found.isFIFO()) return 'a pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}

/** Why a file cannot be written, in words. */
export function whyNotWritten(error: unknown): string {
  return isMissing(error) ? 'its folder does not exist; make it first' : whyNotRead(error);
}

/** Why a file cannot be read, in words. */
export function whyNotRead(error: unknown): string {
  switch (codeOf(error)) {
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
    case null:
    default:
      return messageOf(error);
  }
}
