import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { readAuthorities, trustAuthorities } from './authorities.ts';
import { misspeltInEnvironment, type Misspelt, unreadNames, type UnreadNames } from './names.ts';
import { aboutSetting } from './schema.ts';
import { strayLines, type StrayLine } from './env-lines.ts';
import { codeOrWords, isMissing } from '../log/errors.ts';

/** A problem with one variable. `found` never shows a secret; it is null if the variable is not set. */
export type ConfigProblem = { variable: string; found: string | null; expected: string; example: string };

export type Loaded<T> = { ok: true; config: T } | { ok: false; problems: ConfigProblem[] };

/** The configuration a command needs, and the value it gets: see `needs`. */
type Need<T> = z.ZodPipe<z.ZodObject<Record<string, z.ZodType>>, z.ZodType<T>>;

/** The sources of variables: the process's environment, and the directory of the `.env` file. */
export type ConfigSource = { environment: Record<string, string | undefined>; directory: string };

/**
 * Reads what a command needs from the environment, a `.env` file in the working directory (the environment
 * wins) and the files that `…_FILE` variables name; reports all problems at once. Its one effect: what TLS_CA_FILE holds is
 * trusted from then on.
 */
export function loadConfig<T>(
  asked: Need<T>,
  source: ConfigSource = { environment: process.env, directory: process.cwd() },
): Loaded<T> {
  const problems: ConfigProblem[] = [];
  const file = dotEnv(source.directory, problems);
  const layers = [source.environment, file];
  const { shape } = asked.in;
  const misspelt = misspeltNames(source.environment, file).filter(
    ({ nearest }) => settingOf(nearest, shape) !== null,
  );
  const texts: Record<string, string | undefined> = {};
  for (const name in shape) {
    const text = textOf(name, layers, source.directory, problems);
    // an empty one counts as unset, as service managers leave it
    texts[name] = text?.trim() === '' ? undefined : text;
  }
  const read = asked.safeParse(texts);
  for (const { path, message: expected } of read.error?.issues ?? []) {
    const variable = String(path[0]);
    // said already, by the name that it has
    if (texts[variable] === undefined && misspelt.some((one) => settingOf(one.nearest, shape) === variable))
      continue;
    if (problems.some((problem) => problem.variable === `${variable}_FILE`)) continue;
    const { example, show } = aboutSetting(shape[variable]);
    const text = texts[variable];
    const found = text === undefined ? null : show(text);
    problems.push({ variable, found, expected, example: `${variable}=${example}` });
  }
  for (const { name, nearest } of misspelt) {
    const setting = settingOf(nearest, shape) ?? nearest;
    problems.push({
      variable: name,
      found: 'a name that no setting has',
      expected: nearest,
      example:
        nearest === setting ? `${setting}=${aboutSetting(shape[setting]).example}` : fileExample(setting),
    });
  }
  if (!read.success || problems.length > 0) return { ok: false, problems };
  const own = texts['TLS_CA_FILE'] === undefined ? null : readAuthorities(texts['TLS_CA_FILE']);
  if (own?.ok === true) trustAuthorities(own.certificates);
  return { ok: true, config: read.data };
}

/** The names of the directory's `.env` that nobody reads, without those that are nearly a setting's. */
export function namesNobodyReads(
  source: ConfigSource = { environment: process.env, directory: process.cwd() },
): UnreadNames['others'] {
  return unreadNames(dotEnv(source.directory, [])).others;
}

/** The lines of the directory's `.env` that are not read as they look. */
export function linesNobodyReads(directory: string = process.cwd()): StrayLine[] {
  try {
    return strayLines(readFileSync(resolve(directory, '.env'), 'utf8'));
  } catch {
    // there is none, or loading the settings says why it cannot be read
    return [];
  }
}

function misspeltNames(
  environment: ConfigSource['environment'],
  file: Record<string, string | undefined>,
): Misspelt[] {
  const isSet = (name: string): boolean => [environment, file].some((layer) => (layer[name] ?? '') !== '');
  const all = [...unreadNames(file).misspelt, ...misspeltInEnvironment(environment, isSet)];
  return all.filter(({ name }, at) => all.findIndex((one) => one.name === name) === at);
}

/** The setting that a variable sets, by itself or by a file; null if a command does not ask for it. */
function settingOf(variable: string, shape: Record<string, unknown>): string | null {
  const bare = variable.replace(/_FILE$/, '');
  return variable in shape ? variable : bare in shape ? bare : null;
}

const fileExample = (name: string): string => `${name}_FILE=/run/secrets/${name.toLowerCase()}`;

/** Variables of the directory's `.env`; none if there is no such file. */
function dotEnv(directory: string, problems: ConfigProblem[]): Record<string, string | undefined> {
  const path = resolve(directory, '.env');
  try {
    return parseEnv(readFileSync(path, 'utf8').replace(/^\u{FEFF}/u, ''));
  } catch (error) {
    if (!isMissing(error)) {
      problems.push({
        variable: '.env',
        found: `${path}, which cannot be read (${codeOrWords(error)})`,
        expected: 'a readable file, or none',
        example: `chmod u+r ${path}`,
      });
    }
    return {};
  }
}

/** The value of a variable, or the content of the file its `…_FILE` names; the first layer that has either wins. */
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
    const problem = { variable: fileVariable, example: fileExample(name) };
    if (text !== undefined && text !== '') {
      problems.push({ ...problem, found: path, expected: `either ${name} or ${fileVariable}, not both` });
      return text;
    }
    try {
      return readFileSync(resolve(directory, path), 'utf8').trim();
    } catch (error) {
      problems.push({
        ...problem,
        found: `${path} (${codeOrWords(error)})`,
        expected: 'a readable file that holds the value',
      });
      return undefined;
    }
  }
  return undefined;
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
