import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { kticket } from './kticket.ts';

const launcher = fileURLToPath(new URL('../../bin/kticket.js', import.meta.url));

/** The first number of a Node's version. */
function majorOf(node: string): number {
  return Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]']));
}

/** A Node older than the one the program needs, as the system may have it; null: there is none here. */
function olderNode(): string | null {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  return candidates.find((node) => existsSync(node) && majorOf(node) < 24) ?? null;
}

const older = olderNode();

test('the exit code and both streams are those of the program', async () => {
  const ended = await kticket(['company']);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('Usage: kticket company');
});

test.skipIf(older === null)('an older Node hands over to the one that came with the package', async () => {
  const child = spawn(older ?? '', [launcher, 'frobnicate'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const [code] = await once(child, 'close');
  expect(words).toContain("unknown command 'frobnicate'");
  expect(code).toBe(2);
});
