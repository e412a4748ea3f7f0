/** The program built as it is for its package, in a folder of its own: there it starts in a fraction of the time. */
import { chmod, cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import config, { input, output } from '../../rolldown.config.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export type Built = {
  /** the package: `dist/` beside the other folders of a package */
  folder: string;
  /** what `npx kticket` starts */
  launcher: string;
  /** module for Node to run */
  main: string;
  remove(): Promise<void>;
};

/** @param beside programs that become part of it, such as a benchmark's: name in `dist/`, and path in the clone */
export async function buildProgram(beside: Record<string, string> = {}): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'kticket-built-'));
  // a mail server starts it as a user of its own
  await chmod(folder, 0o755);
  for (const name of ['templates', 'migrations', 'playground', 'docs', 'package.json', 'node_modules'])
    await symlink(join(root, name), join(folder, name));
  // a link would lead the launcher back to the sources
  await cp(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  const build = await rolldown({ ...config, input: { ...input, ...beside } });
  await build.write({ ...output, dir: join(folder, 'dist') });
  await build.close();
  return {
    folder,
    launcher: join(folder, 'bin', 'kticket.js'),
    main: join(folder, 'dist', 'main.js'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
