import { readFileSync } from 'node:fs';
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

test('each dependency is one version, the one that is locked', () => {
  const loose = named.filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version);
  expect(loose).toEqual([]);
});

test('docs/threat-model.md says of each dependency what it is for, and of no other', () => {
  const section = read('docs/threat-model.md').split('## What it is made of')[1] ?? '';
  const rows = section.split('\n').flatMap((line) => {
    const [, names = '', purpose = ''] = line.split(' | ').length === 2 ? line.split('|') : [];
    return purpose.trim() === '' || purpose.trim() === 'for'
      ? []
      : names.split(',').map((name) => name.trim());
  });
  expect(rows.toSorted()).toEqual(named.map(([name]) => name).toSorted());
});
