import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { settingExamples, secrets, secretUrls } from './examples.ts';
import type { Gap } from './oauth.ts';
import { maskUrl, type ValueRead, splitUrls } from './values.ts';

/** Something wrong with one variable. `found` never shows a secret; null: it is not set. */
export type ConfigProblem = { variable: string; found: string | null; expected: string; example: string };

export type Loaded<T> = { ok: true; config: T } | { ok: false; problems: ConfigProblem[] };

/** What a command asks of the configuration, and the value it gets. Made by `need`. */
export type Need<T> = {
  variables: string[];
  /** the value, or everything that is wrong with the variables */
  read: (texts: Texts) => { ok: true; value: T } | { ok: false; wrong: Gap[] };
  /** what a variable lacks because of what others say */
  gaps: (texts: Texts) => Gap[];
};

/** What variables hold before they are read. */
export type Texts = Record<string, string | undefined>;

/** Where variables come from: the process's environment, and the directory whose `.env` is read. */
export type ConfigSource = { environment: Record<string, string | undefined>; directory: string };

/** How each of several variables is read; empty counts as unset, as service managers leave it. */
export type Readers<V> = { [K in keyof V]: (text: string | undefined) => ValueRead<V[K]> };

/** Asks for these variables, and makes settings of what they hold. */
export function need<V extends object, T>(
  readers: Readers<V>,
  settings: (values: V) => T,
  gaps: (texts: Texts) => Gap[] = () => [],
): Need<T> {
  return {
    variables: Object.keys(readers),
    read(texts) {
      const values: Partial<V> = {};
      const wrong: Gap[] = [];
      for (const name in readers) {
        const text = texts[name];
        const read = readers[name](text === undefined || text.trim() === '' ? undefined : text);
        if (read.ok) values[name] = read.value;
        else wrong.push(...read.expected.map((expected) => ({ variable: name, expected })));
      }
      return hasAll(values, readers) ? { ok: true, value: settings(values) } : { ok: false, wrong };
    },
    gaps,
  };
}

function hasAll<V>(values: Partial<V>, readers: Readers<V>): values is V {
  return Object.keys(readers).every((name) => name in values);
}

/**
 * Reads what a command needs from the environment, a `.env` file in the working directory (the environment
 * wins) and the files that `…_FILE` variables name. Starts nothing; gives every problem at once.
 */
export function loadConfig<T>(
  asked: Need<T>,
  source: ConfigSource = { environment: process.env, directory: process.cwd() },
): Loaded<T> {
  const problems: ConfigProblem[] = [];
  const layers = [source.environment, dotEnv(source.directory, problems)];
  const texts = Object.fromEntries(
    asked.variables.map((name) => [name, textOf(name, layers, source.directory, problems)]),
  );
  const read = asked.read(texts);
  const wrong = read.ok ? [] : read.wrong;
  const gaps = asked.gaps(texts).filter((gap) => !wrong.some(({ variable: name }) => name === gap.variable));
  for (const { variable: name, expected } of [...wrong, ...gaps]) {
    if (problems.some((problem) => problem.variable === `${name}_FILE`)) continue;
    const text = texts[name];
    const found = text === undefined || text.trim() === '' ? null : shown(name, text);
    problems.push({ variable: name, found, expected, example: `${name}=${settingExamples[name]}` });
  }
  return read.ok && problems.length === 0 ? { ok: true, config: read.value } : { ok: false, problems };
}

function shown(name: string, text: string): string {
  if (secrets.has(name)) return '…';
  return secretUrls.has(name) ? splitUrls(text).map(maskUrl).join(' ') : text;
}

/** Variables of the directory's `.env`; none where there is no such file. */
function dotEnv(directory: string, problems: ConfigProblem[]): Record<string, string | undefined> {
  const path = resolve(directory, '.env');
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!isMissing(error)) {
      problems.push({
        variable: '.env',
        found: `${path}, which cannot be read (${reasonOf(error)})`,
        expected: 'a readable file, or none',
        example: `chmod u+r ${path}`,
      });
    }
    return {};
  }
}

/** The text of a variable: its own, or that of the file its `…_FILE` names; the first layer that has either wins. */
function textOf(
  name: string,
  layers: Record<string, string | undefined>[],
  directory: string,
  problems: ConfigProblem[],
): string | undefined {
  const fileVariable = `${name}_FILE`;
  for (const layer of layers) {
    const text = layer[name];
    const path = layer[fileVariable];
    if (path === undefined || path === '') {
      if (text !== undefined) return text;
      continue;
    }
    const problem = { variable: fileVariable, example: `${fileVariable}=/run/secrets/${name.toLowerCase()}` };
    if (text !== undefined && text !== '') {
      problems.push({ ...problem, found: path, expected: `either ${name} or ${fileVariable}, not both` });
      return text;
    }
    try {
      return readFileSync(resolve(directory, path), 'utf8').trim();
    } catch (error) {
      problems.push({
        ...problem,
        found: `${path} (${reasonOf(error)})`,
        expected: 'a readable file that holds the value',
      });
      return undefined;
    }
  }
  return undefined;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** The problems as a person reads them: what was found, what was expected, an example; one block a problem. */
export function describeProblems(problems: ConfigProblem[]): string {
  const blocks = problems.map(
    ({ variable: name, found, expected, example }) =>
      `  ${name}\n    found:    ${found ?? 'nothing, it is not set'}\n    expected: ${expected}\n    example:  ${example}`,
  );
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return `The configuration has ${count}; nothing was started.\n\n${blocks.join('\n\n')}`;
}
