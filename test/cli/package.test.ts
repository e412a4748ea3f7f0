import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultBounds } from '../../src/config/limits.ts';
import { type Built, buildProgram } from '../harness/built.ts';
import { scratchDatabase } from '../harness/database.ts';

const run = promisify(execFile);
const noting = `--import=${new URL('../harness/note-loaded.ts', import.meta.url).href}`;
const packageFile: { dependencies: Record<string, string> } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

let built: Built;
let dist: string;
beforeAll(async () => {
  built = await buildProgram();
  dist = join(built.folder, 'dist');
}, 120_000);
afterAll(() => built.remove());

/** The packages of which a file of `dist/` is made, as its source map says. */
function packagesIn(file: string): string[] {
  const map = `${file}.map`;
  // what rolldown itself adds has none
  const { sources }: { sources: string[] } = existsSync(map)
    ? JSON.parse(readFileSync(map, 'utf8'))
    : { sources: [] };
  return sources.flatMap((path) => /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(path)?.[1] ?? []);
}

type Loaded = { files: number; bytes: number; packages: string[] };

/** What a process that is to note in `note` what it loads, and has ended, loaded of `dist/`. */
function loaded(note: string): Loaded {
  const files = readFileSync(note, 'utf8')
    .split('\n')
    .filter((url) => url.startsWith(pathToFileURL(dist).href))
    .map((url) => fileURLToPath(url));
  return {
    files: files.length,
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
    packages: [...new Set(files.flatMap(packagesIn))].toSorted(),
  };
}

async function loadedBy(args: string[], env: Record<string, string> = {}): Promise<Loaded> {
  const note = join(built.folder, 'loaded');
  await run(process.execPath, [noting, built.main, ...args], {
    cwd: built.folder,
    env: { ...env, NOTE_LOADED: note },
  });
  return loaded(note);
}

test('all that it imports is installed with it', () => {
  const imported = readdirSync(dist)
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) =>
      Array.from(
        readFileSync(join(dist, file), 'utf8').matchAll(
          /^(?:import|export) (?:[^'"]* from )?["']([^"']+)["'];$|\bimport\(["']([^"']+)["']\)/gmu,
        ),
        ([, name, lazily]) => name ?? lazily ?? '',
      ),
    );
  const others = imported.filter((name) => !/^(?:node:|\.\/)/u.test(name) && !builtinModules.includes(name));
  expect(others.filter((name) => !(name in packageFile.dependencies))).toEqual([]);
});

test('it brings the licence of each package that became part of it', () => {
  const licenses = readFileSync(join(dist, 'LICENSES.txt'), 'utf8').split('\n');
  const inside = new Set(readdirSync(dist).flatMap((file) => packagesIn(join(dist, file))));
  expect(inside.size).toBeGreaterThan(80);
  for (const name of inside)
    expect(licenses).toContainEqual(expect.stringMatching(new RegExp(`^${name} \\d`, 'u')));
});

/** What mails are written, sent and fetched with, and what speaks to the database. */
const sending = ['nodemailer', 'imapflow', 'handlebars', 'openid-client', 'pino', 'mailauth'];
const database = ['kysely', 'pg', 'pg-protocol', 'zod'];

test('help and lists load few files, with nothing of mail in them', async () => {
  const help = await loadedBy(['--help']);
  expect(help.packages).toEqual(['commander', 'tldts']);
  expect(help.files).toBeLessThan(25);
  expect(help.bytes).toBeLessThan(450_000);

  const { url } = await scratchDatabase();
  const list = await loadedBy(['ticket', 'list'], { DATABASE_URL: url });
  expect(list.packages).toEqual(expect.arrayContaining(database));
  for (const name of [...sending, 'htmlparser2', 'libmime', 'iconv-lite'])
    expect(list.packages).not.toContain(name);
  expect(list.files).toBeLessThan(50);
  expect(list.bytes).toBeLessThan(1_300_000);
});

test('the process that reads mails loads nothing that speaks to servers or writes mails', async () => {
  const note = join(built.folder, 'loaded');
  const reading = fork(join(dist, 'process.js'), {
    serialization: 'advanced',
    execArgv: [noting],
    env: { NOTE_LOADED: note },
  });
  reading.send({ do: 'begin', bounds: defaultBounds });
  const [answer]: unknown[] = await once(reading, 'message');
  expect(answer).toEqual({ did: 'begin' });
  reading.disconnect();
  await once(reading, 'exit');
  const { files, bytes, packages } = loaded(note);
  expect(packages).toEqual(expect.arrayContaining(['mailparser', 'libmime']));
  for (const name of [...sending.filter((one) => one !== 'nodemailer'), ...database, 'commander'])
    expect(packages).not.toContain(name);
  expect(files).toBeLessThan(45);
  expect(bytes).toBeLessThan(2_300_000);
});
