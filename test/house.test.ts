import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const under = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .toSorted();
const sources = under('src').filter((file) => /(?<!\.d)\.ts$/u.test(file));

/** The rooms of HACKING, in its order: a folder ends in `/`. */
const rooms = readMap(text('HACKING.md'));

test('the map in HACKING names every folder of src, itself or what it stands in', () => {
  expect(sources.filter((file) => ['', 'src/'].includes(roomOf(file)))).toEqual([]);
  const holding = new Set(
    sources.flatMap((file) =>
      rooms.filter((room) => (room.endsWith('/') ? file.startsWith(room) : file === room)),
    ),
  );
  expect(rooms.filter((room) => !holding.has(room))).toEqual([]);
});

test('a room imports only rooms above it in the map, types included', () => {
  const upward = sources.flatMap((file) =>
    importsOf(file)
      .filter((target) => rooms.indexOf(roomOf(target)) > rooms.indexOf(roomOf(file)))
      .map((target) => `${file} imports ${target}`),
  );
  expect(upward).toEqual([]);
});

test('nothing is exported through another file', () => {
  expect(sources.filter((file) => /^export [^;]*? from '/mu.test(text(file)))).toEqual([]);
});

test('a folder has at most 15 files, a file at most 400 lines', () => {
  const perFolder = Map.groupBy(sources, (file) => dirname(file));
  expect([...perFolder].filter(([, files]) => files.length > 15).map(([folder]) => folder)).toEqual([]);
  expect(sources.filter((file) => text(file).split('\n').length > 401)).toEqual([]);
});

test('an exported type or value has a name of its own', () => {
  const names = sources
    .filter((file) => !file.startsWith('src/cli/actions/'))
    .flatMap((file) =>
      Array.from(
        text(file).matchAll(/^export (?:async )?(?:function|const|type|class) (\w+)/gmu),
        ([, name]) => name,
      ),
    );
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test('every file that the documents and comments name is there', () => {
  const named = [...under('docs'), 'README.md', 'HACKING.md', 'SECURITY.md', ...sources, ...under('test')]
    .filter((file) => /\.(?:md|ts)$/u.test(file) && file !== 'test/house.test.ts')
    .flatMap((file) =>
      Array.from(
        text(file).matchAll(
          /(?<![\w./@-])(?:src|test|docs|migrations|templates|playground)\/[\w./-]+\.(?:ts|md|sql|hbs|js)\b/gu,
        ),
        ([path]) => ({ file, path }),
      ),
    )
    .filter(({ path }) => !/NNNN|NAME|LANGUAGE/u.test(path));
  expect(named.filter(({ path }) => !exists(path))).toEqual([]);
});

/** The longest room of the map that holds a file. */
function roomOf(file: string): string {
  const holding = rooms.filter((room) => (room.endsWith('/') ? file.startsWith(room) : file === room));
  return holding.toSorted((a, b) => b.length - a.length)[0] ?? '';
}

/** The project's files that a file imports when it is loaded. */
function importsOf(file: string): string[] {
  return Array.from(text(file).matchAll(/^(?:import|export) [^;]*?from '(\.[^']+)';/gmu), ([, path = '']) =>
    normalize(join(dirname(file), path)),
  );
}

function exists(path: string): boolean {
  try {
    readFileSync(join(root, path));
    return true;
  } catch {
    return false;
  }
}

/** Paths of the indented list below "The house": what is further in stands in what is above it. */
function readMap(hacking: string): string[] {
  const block = /## The house\n[\s\S]*?```\n([\s\S]*?)```/u.exec(hacking)?.[1] ?? '';
  const open: string[] = [];
  return block.split('\n').flatMap((line) => {
    const [, indent = '', name] = /^( *)([\w.-]+(?:\/[\w.-]+)*\/?)(?: |$)/u.exec(line) ?? [];
    if (name === undefined) return [];
    open.splice(indent.length / 2);
    open.push(name);
    const path = open.join('');
    return path.startsWith('src/') ? [path] : [];
  });
}
