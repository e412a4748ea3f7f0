/**
 * Makes the package's `dist/` of `src/` and of the packages it imports: a few files, which load in half the time of hundreds. The
 * `dependencies` of package.json stay outside, since they need files of their own beside them; all others become part of it,
 * in the versions that are locked.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type OutputOptions, type Plugin } from 'rolldown';

const root = import.meta.dirname;
const own: { dependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** How it is written; `dir`: relative to the working directory. */
export const output = {
  dir: 'dist',
  cleanDir: true,
  format: 'esm',
  // stacks name our files and lines (KTICKET_DEBUG=1)
  sourcemap: true,
  sourcemapExcludeSources: true,
  comments: { legal: true, jsdoc: false, annotation: false },
} satisfies OutputOptions;

/** Programs: the reading process and its guard are started by themselves. */
export const input = {
  main: 'src/main.ts',
  process: 'src/mail/sandbox/process.ts',
  guard: 'src/mail/sandbox/guard.ts',
};

export default defineConfig({
  cwd: root,
  input,
  platform: 'node',
  external: Object.keys(own.dependencies),
  plugins: [licenses()],
  output,
});

/** Writes `LICENSES.txt`: name, version and licence of each package that became part of `dist/`. */
function licenses(): Plugin {
  return {
    name: 'licenses',
    generateBundle(_options, files) {
      const modules = Object.values(files).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
      const source = packagesOf(modules)
        .map(notice)
        .join(`\n${'-'.repeat(80)}\n\n`);
      this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source });
    },
  };
}

/** The folders of the packages that modules belong to, each once. */
function packagesOf(modules: string[]): string[] {
  const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/u.exec(id)?.[0] ?? []);
  return [...new Set(folders)].toSorted();
}

/** @throws where a package has no licence text, neither a file nor a section of its README */
function notice(folder: string): string {
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8').trim();
  const { name, version, license }: Record<string, unknown> = JSON.parse(read('package.json'));
  const texts = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|copying|notice)/iu.test(file))
    .map(read);
  if (texts.length === 0) texts.push(/^#+ licen[cs]e$(.*)/imsu.exec(read('README.md'))?.[1]?.trim() ?? '');
  if (texts.includes('')) throw new Error(`${folder} has no licence text`);
  return `${String(name)} ${String(version)} (${String(license)})\n\n${texts.join('\n\n')}\n`;
}
