import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const versions = z.record(z.string(), z.string());
const packageFile = z
  .object({ dependencies: versions, optionalDependencies: versions, devDependencies: versions })
  .parse(JSON.parse(read('package.json')));
const lock = z
  .object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) })
  .parse(JSON.parse(read('package-lock.json')));
const named = Object.entries({
  ...packageFile.dependencies,
  ...packageFile.optionalDependencies,
  ...packageFile.devDependencies,
});

/** The two tables of docs/threat-model.md: what runs with the desk, what builds and tests it. */
const [running = '', building = ''] = (
  read('docs/threat-model.md').split('## What it is made of')[1] ?? ''
).split('| builds and tests it |');

/** The rows of a table, a package each; `where`: the folders of src that import it, null where that is not said. */
const rowsOf = (table: string) =>
  table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, , purpose = 'for']) => !/^(?:for|-+)$/u.test(purpose))
    .flatMap(([, names = '', , where = '']) =>
      names.split(', ').map((name) => ({ name, where: where === '' ? null : where.split(', ') })),
    );
const rows = [...rowsOf(running), ...rowsOf(building)];
const runs = rowsOf(running).map(({ name }) => name);

/** The packages that the modules of src import, at once or when they are needed, and the folders that do. */
const importers = new Map<string, Set<string>>();
for (const file of readdirSync(new URL('../src/', import.meta.url), { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts') || file.endsWith('.d.ts')) continue;
  const imports =
    /(?:^(?:import|\}).* from |^import |\bimport\(|\burl\)\.resolve\()'(?!node:)((?:@[\w.-]+\/)?[a-z][\w.-]*)[^']*'/gmu;
  for (const [, name = ''] of read(`src/${file}`).matchAll(imports)) {
    importers.set(name, (importers.get(name) ?? new Set()).add(file.split('/')[0] ?? ''));
  }
}

test('each dependency is one version, the one that is locked', () => {
  const loose = named.filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version);
  expect(loose).toEqual([]);
});

test('docs/threat-model.md says of each dependency what it is for, and of no other', () => {
  expect(rows.map(({ name }) => name).toSorted()).toEqual(named.map(([name]) => name).toSorted());
});

test('a package is imported by the folders of src that docs/threat-model.md names, and by no other', () => {
  const said = rows.flatMap(({ name, where }) => (where === null ? [] : `${name}: ${where.join(', ')}`));
  const found = [...importers].map(([name, folders]) => `${name}: ${[...folders].toSorted().join(', ')}`);
  expect(said.toSorted()).toEqual(found.toSorted());
});

test('what src imports runs with the desk, and what runs with the desk is imported, or asked for by what is', () => {
  expect([...importers.keys()].filter((name) => !runs.includes(name))).toEqual([]);
  const peers = [...importers.keys()].flatMap((name) => {
    const { peerDependencies = {} } = z
      .object({ peerDependencies: versions.optional() })
      .parse(JSON.parse(read(`node_modules/${name}/package.json`)));
    return Object.keys(peerDependencies);
  });
  // Node itself is started, not imported
  const used = [...importers.keys(), ...peers, ...Object.keys(packageFile.optionalDependencies)];
  expect(runs.filter((name) => !used.includes(name))).toEqual([]);
  expect(Object.keys(packageFile.dependencies).filter((name) => !runs.includes(name))).toEqual([]);
});
