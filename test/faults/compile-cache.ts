/**
 * Half of what it costs to start a worker is to compile it, and one that is killed leaves nothing for the next in Node's
 * compile cache. So the cache is filled beforehand, by a process that loads what any command loads and ends in peace.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * A filled cache in a folder of its own; `env`: for the workers that are to use it.
 * @param program where its modules are, in files that end so
 */
export async function openCompileCache(
  program = new URL('../../src/', import.meta.url),
  ending: 'ts' | 'js' = 'ts',
): Promise<{ env: Record<string, string>; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'kticket-compiled-'));
  const env = { NODE_COMPILE_CACHE: folder };
  const actions = await readdir(new URL('cli/actions/', program), { recursive: true });
  const load = [
    `main.${ending}`,
    ...actions.filter((file) => file.endsWith(`.${ending}`)).map((file) => `cli/actions/${file}`),
    `core/html/safe.${ending}`,
  ]
    .map((file) => `await import('${new URL(file, program).href}');`)
    .join('\n');
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', load, '--', '--version'], {
    env: { PATH: process.env.PATH, ...env },
  });
  // a process that is just ending may still write into it
  return { env, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
