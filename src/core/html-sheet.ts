import { type Attributes, declarations, overlay, type Style } from './html-style.ts';

/** What rules say, by the simple selector they end in: `*`, `p`, `.x`, `p.x`, `#x`, `p#x`. */
export type Sheet = ReadonlyMap<string, Said>;
/** `maybe`: for some of these elements only (`.a .x`, `.x:first-child`), or on some screens */
type Said = { certain: Style; maybe: Style };

/** What is read of the style sheets of one mail. */
const most = { characters: 200_000, rules: 5_000, selectors: 100 };

/** Finds a mail's style sheets, wherever they stand but in comments, and reads them. Linear. */
export function readSheets(html: string): Sheet {
  return readRules(withoutComments(sheetsOf(html)));
}

function sheetsOf(html: string): string {
  const opening = /<style\b[^>]{0,300}>|<!--/giu;
  const closing = /<\/style/giu;
  const found: string[] = [];
  for (let match = opening.exec(html); match !== null; match = opening.exec(html)) {
    const start = opening.lastIndex;
    if (match[0] === '<!--') {
      const end = html.indexOf('-->', start);
      if (end < 0) break;
      opening.lastIndex = end;
      continue;
    }
    closing.lastIndex = start;
    const end = closing.exec(html)?.index ?? html.length;
    found.push(html.slice(start, end));
    opening.lastIndex = end;
  }
  return found.join('\n').slice(0, most.characters);
}

function withoutComments(sheet: string): string {
  const found: string[] = [];
  for (let at = 0; ; ) {
    const start = sheet.indexOf('/*', at);
    found.push(sheet.slice(at, start < 0 ? undefined : start));
    const end = start < 0 ? -1 : sheet.indexOf('*/', start + 2);
    if (end < 0) return found.join(' ').replaceAll('<!--', ' ').replaceAll('-->', ' ');
    at = end + 2;
  }
}

function readRules(rules: string): Sheet {
  const sheet = new Map<string, Said>();
  /** the groups (`@media`) that are open, innermost last */
  const groups: ('holds' | 'maybe' | 'never')[] = [];
  let order = 0;
  let start = 0;
  const brace = /[{}]/gu;
  for (let match = brace.exec(rules); match !== null && order < most.rules; match = brace.exec(rules)) {
    const text = rules.slice(start, match.index);
    start = brace.lastIndex;
    if (match[0] === '}') {
      groups.pop();
      continue;
    }
    const selectors = text.slice(text.lastIndexOf(';') + 1).trim();
    if (selectors.startsWith('@')) {
      groups.push(groupOf(selectors.toLowerCase()));
      continue;
    }
    const end = rules.indexOf('}', start);
    const body = rules.slice(start, end < 0 ? undefined : end);
    brace.lastIndex = start = end < 0 ? rules.length : end + 1;
    if (groups.includes('never')) continue;
    order += 1;
    for (const one of selectors.slice(0, 4_000).toLowerCase().split(',', most.selectors)) {
      const read = readSelector(one);
      if (read === null) continue;
      const { key, special } = read;
      const said = sheet.get(key) ?? { certain: new Map(), maybe: new Map() };
      sheet.set(key, said);
      const style = declarations(body, special * most.rules + order);
      if (!read.maybe && !groups.includes('maybe')) overlay(said.certain, style);
      // what some `div` of another mail's quote hides says nothing of every `div`
      else overlay(said.maybe, special < 10 ? coloursOf(style) : style);
    }
  }
  return sheet;
}

function coloursOf(style: Style): Style {
  return new Map([...style].filter(([property]) => property.includes('color')));
}

/** What is within `@media` holds on some screens only; for paper, a dark room or a name of its own (`@font-face`): never here. */
function groupOf(prelude: string): 'holds' | 'maybe' | 'never' {
  if (!/^@(?:media|supports)\b/u.test(prelude)) return 'never';
  if (/prefers-color-scheme|\bprint\b|\bspeech\b/u.test(prelude)) return 'never';
  return /^@media\s+(?:all|screen)$/u.test(prelude) ? 'holds' : 'maybe';
}

/** The last compound of a selector: for which elements a rule holds, or may hold. null: for none that is read */
function readSelector(selector: string): { key: string; special: number; maybe: boolean } | null {
  // `[class~="x"]` is a class in other words
  const plain = selector
    .slice(-400)
    .trim()
    .replaceAll(/\[class[~*^]?=["']?([\w-]{1,200})["']?\]/gu, '.$1');
  const compound = /[^\s>+~]{1,200}$/u.exec(plain)?.[0] ?? '';
  const found = /^([a-z][\w-]{0,40}|\*)?([.#][\w-]{1,200})?(.*)$/u.exec(compound);
  const [, element = '', name = '', more = ''] = found ?? [];
  // moments of a link's life, text that is no text of the mail, and attributes of any element
  if (/:(?:hover|visited|active|focus|link|before|after)/u.test(more)) return null;
  const tag = element === '*' ? '' : element;
  if (tag + name === '' && (element === '' || more !== '')) return null;
  const special = (tag === '' ? 0 : 1) + (name === '' ? 0 : name.startsWith('#') ? 100 : 10);
  const key = tag + name === '' ? '*' : tag + name;
  return { key, special, maybe: more !== '' || selector.trim() !== compound };
}

/**
 * What holds for an element: what the sheets say, the more special and later rules over the others, and its own attribute over
 * all (CSS Cascading 4 §6).
 * @returns `maybe`: what else may hold for it
 */
export function styleOf(sheet: Sheet, tag: string, attributes: Attributes): { style: Style; maybe: Style } {
  const style = declarations(attributes.get('style') ?? '');
  const maybe: Style = new Map();
  if (sheet.size === 0) return { style, maybe };
  const classes = (attributes.get('class') ?? '').toLowerCase().split(/\s+/u, 20);
  const id = attributes.get('id')?.toLowerCase();
  const names = classes.filter((name) => name !== '').map((name) => `.${name}`);
  if (id !== undefined) names.push(`#${id}`);
  for (const key of ['*', tag, ...names, ...names.map((name) => tag + name)]) {
    const said = sheet.get(key);
    if (said === undefined) continue;
    overlay(style, said.certain);
    overlay(maybe, said.maybe);
  }
  return { style, maybe };
}
