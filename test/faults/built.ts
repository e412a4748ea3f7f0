/**
 * Half of what it costs to start a worker is to make JavaScript of it, in its own process and in the one that reads mails.
 * So the program is built beforehand, as it is for its package, into a folder of its own.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { openCompileCache } from './compile-cache.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin',
  'tsc',
);

export type Built = {
  /** module for Node to run */
  main: string;
  /** for those who run it */
  env: Record<string, string>;
  remove(): Promise<void>;
};

export async function buildProgram(): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'kticket-built-'));
  const dist = join(folder, 'dist');
  await mkdir(dist);
  for (const name of ['templates', 'migrations', 'package.json', 'node_modules'])
    await symlink(join(root, name), join(folder, name));
  // its types are checked elsewhere
  const options = ['-p', join(root, 'tsconfig.build.json'), '--noCheck', '--outDir', dist];
  await run(process.execPath, [compiler, ...options]);
  const compiled = await openCompileCache(pathToFileURL(`${dist}/`), 'js');
  return {
    main: join(dist, 'main.js'),
    env: compiled.env,
    async remove() {
      await compiled.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
