import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TemplateName } from '../core/ticket/template-views.ts';
import { TemplateError } from './error.ts';
import type { Locale } from '../core/words/words.ts';
import { templateNames } from './samples/names.ts';

/** The three files of a template. */
export const parts = ['subject', 'text', 'html'] as const;
export type TemplatePart = (typeof parts)[number];

export type TemplateSource = { file: string; source: string };

/** The templates of one language in a directory. */
export type TemplateSources = {
  templates: Map<TemplateName, Record<TemplatePart, TemplateSource>>;
  /** by name, for HTML; `name.html.hbs` before `name.hbs` */
  htmlPartials: Map<string, TemplateSource>;
  /** by name, for text and subject; `name.text.hbs` before `name.hbs` */
  textPartials: Map<string, TemplateSource>;
};

/**
 * Reads the templates of one language: `LOCALE/NAME/{subject,text,html}.hbs`, and partials from `partials/` and
 * `LOCALE/partials/` (which come first).
 * @param directory with every template
 * @param override an admin's own directory of the same form, whose files replace those of `directory` one by one
 * @throws TemplateError where a file is missing, is not UTF-8, or stands in `override` under a name nothing reads
 */
export function readSources(directory: string, override: string | null, locale: Locale): TemplateSources {
  if (override !== null) refuseUnknown(override, locale);
  const roots = override === null ? [directory] : [override, directory];
  const template = (name: TemplateName): Record<TemplatePart, TemplateSource> => {
    const part = (which: TemplatePart): TemplateSource => read(roots, join(locale, name, `${which}.hbs`));
    return { subject: part('subject'), text: part('text'), html: part('html') };
  };
  return {
    templates: new Map(templateNames.map((name) => [name, template(name)])),
    htmlPartials: readPartials(roots, locale, 'html'),
    textPartials: readPartials(roots, locale, 'text'),
  };
}

function read(roots: readonly string[], path: string): TemplateSource {
  const file = roots.map((root) => join(root, path)).find((candidate) => existsSync(candidate));
  if (file === undefined)
    throw new TemplateError(join(roots.at(-1) ?? '', path), null, 'this template is missing');
  return { file, source: textOf(file) };
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const lines = bytes.toString('latin1').split('\n');
  const wrong = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
  const shown = (lines[wrong] ?? '')
    .replaceAll(/[^\x20-\x7e]/gu, '�')
    .trim()
    .slice(0, 60);
  throw new TemplateError(
    file,
    wrong + 1,
    `not UTF-8: found "${shown}"; letters such as è would arrive as �: save the file as UTF-8 in your editor, or \`iconv -f WINDOWS-1252 -t UTF-8\``,
  );
}

/** Later entries replace earlier ones: the plain name, then the one for this format; shared, then of the language. */
function readPartials(
  roots: readonly string[],
  locale: Locale,
  format: 'html' | 'text',
): Map<string, TemplateSource> {
  const found = new Map<string, TemplateSource>();
  for (const folder of ['partials', join(locale, 'partials')]) {
    for (const ending of ['.hbs', `.${format}.hbs`]) {
      for (const root of roots.toReversed()) {
        for (const file of handlebarsFiles(join(root, folder))) {
          const name = file.slice(0, -ending.length);
          if (!file.endsWith(ending) || name.includes('.')) continue;
          const path = join(root, folder, file);
          found.set(name, { file: path, source: textOf(path) });
        }
      }
    }
  }
  return found;
}

/** Files of the partials that this source calls, and those call. */
export function partialsOf(
  { source }: TemplateSource,
  partials: ReadonlyMap<string, TemplateSource>,
): Set<string> {
  const found = new Set<string>();
  const sources = [source];
  for (let one = sources.pop(); one !== undefined; one = sources.pop()) {
    for (const [, name = ''] of one.matchAll(/\{\{~?#?>\s*([\w-]+)/gu)) {
      const partial = partials.get(name);
      if (partial === undefined || found.has(partial.file)) continue;
      found.add(partial.file);
      sources.push(partial.source);
    }
  }
  return found;
}

function handlebarsFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((file) => file.endsWith('.hbs'))
    .toSorted();
}

/** A misnamed override would silently do nothing. */
function refuseUnknown(override: string, locale: Locale): void {
  if (!existsSync(override))
    throw new TemplateError(override, null, 'this directory of templates does not exist');
  const language = join(override, locale);
  if (!existsSync(language)) return;
  const names: string[] = [...templateNames, 'partials'];
  for (const entry of readdirSync(language, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(language, entry.name);
    if (!names.includes(entry.name)) {
      throw new TemplateError(path, null, `no template of this name: expected one of ${names.join(', ')}`);
    }
    if (entry.name === 'partials') continue;
    const wrong = handlebarsFiles(path).find((file) => !parts.some((part) => file === `${part}.hbs`));
    if (wrong !== undefined) {
      throw new TemplateError(
        join(path, wrong),
        null,
        `no part of a mail: expected ${parts.map((part) => `${part}.hbs`).join(', ')}`,
      );
    }
  }
}
