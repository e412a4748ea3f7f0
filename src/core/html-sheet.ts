import { type Attributes, declarations, overlay, type Style } from './html-style.ts';

/** What rules say, by the simple selector they end in: `*`, `p`, `.x`, `p.x`, `#x`, `p#x`. */
export type Sheet = ReadonlyMap<string, Said>;
/** `maybe`: for some of these elements only (`.a .x`, `.x:first-child`), or on some screens; by where */
type Said = { certain: Style; maybe: Map<string, { within: string[]; style: Style }> };

/** What is read of the style sheets of one mail. */
const most = { characters: 200_000, rules: 5_000, selectors: 100, places: 100, perhaps: 8 };

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
  const groups: { when: 'holds' | 'maybe' | 'never'; prelude: string }[] = [];
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
      groups.push({ when: groupOf(selectors.toLowerCase()), prelude: selectors });
      continue;
    }
    const end = rules.indexOf('}', start);
    const body = rules.slice(start, end < 0 ? undefined : end);
    brace.lastIndex = start = end < 0 ? rules.length : end + 1;
    if (groups.some(({ when }) => when === 'never')) continue;
    const when = groups.flatMap((group) => (group.when === 'maybe' ? group.prelude : []));
    order += 1;
    for (const one of selectors.slice(0, 4_000).toLowerCase().split(',', most.selectors)) {
      const read = readSelector(one);
      if (read === null) continue;
      const { key, special, within } = read;
      const said = sheet.get(key) ?? { certain: new Map(), maybe: new Map() };
      sheet.set(key, said);
      const style = declarations(body, special * most.rules + order);
      if (!read.maybe && when.length === 0) {
        overlay(said.certain, style);
        continue;
      }
      const place = [one, ...when].join('\n');
      if (said.maybe.size >= most.places && !said.maybe.has(place)) continue;
      const there = said.maybe.get(place) ?? { within, style: new Map() };
      said.maybe.set(place, there);
      // what is hidden of `td[align=x]`, in a quote perhaps, says nothing of every `td`
      overlay(there.style, read.byAttribute ? coloursOf(style) : style);
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

/** For which elements a rule holds, or may hold. */
type Selector = {
  key: string;
  special: number;
  maybe: boolean;
  /** for elements with some other attribute only, which is not read */
  byAttribute: boolean;
  /** tags, classes and ids of elements that these must stand within */
  within: string[];
};

/** The last compound of a selector, and those before it. null: for none that is read */
function readSelector(selector: string): Selector | null {
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
  return {
    key: tag + name === '' ? '*' : tag + name,
    special: Math.min(specialOf(plain), 999),
    maybe: more !== '' || selector.trim() !== compound,
    within: plain.slice(0, -compound.length).match(/[.#]?[a-z_-][\w-]{0,200}/gu) ?? [],
    byAttribute: more.includes('['),
  };
}

/** How special a selector is (Selectors 4 §17): ids by the hundred, classes and the like by ten, tags by one. */
function specialOf(selector: string): number {
  const names = selector.match(/[.#:[]?[a-z_-][\w-]{0,200}/gu) ?? [];
  return names.reduce((sum, [first = '']) => sum + (first === '#' ? 100 : /[.:[]/u.test(first) ? 10 : 1), 0);
}

/** The classes and the id of an element, as selectors. */
export function namesOf(attributes: Attributes): string[] {
  const classes = (attributes.get('class') ?? '').toLowerCase().split(/\s+/u, 20);
  const id = attributes.get('id')?.toLowerCase();
  return [
    ...classes.filter((name) => name !== '').map((name) => `.${name}`),
    ...(id === undefined ? [] : [`#${id}`]),
  ];
}

/**
 * What holds for an element: what the sheets say, the more special and later rules over the others, and its own attribute over
 * all (CSS Cascading 4 §6).
 * @param isWithin whether it stands within an element of this tag, class or id
 * @returns `certain`: without the rules that may hold for it; `perhaps`: with each of them and with all
 */
export function styleOf(
  sheet: Sheet,
  tag: string,
  attributes: Attributes,
  isWithin: (name: string) => boolean,
): { certain: Style; perhaps: Style[] } {
  const certain = declarations(attributes.get('style') ?? '');
  if (sheet.size === 0) return { certain, perhaps: [] };
  const maybe: Style[] = [];
  const names = namesOf(attributes);
  for (const key of ['*', tag, ...names, ...names.map((name) => tag + name)]) {
    const said = sheet.get(key);
    if (said === undefined) continue;
    overlay(certain, said.certain);
    for (const { within, style } of said.maybe.values()) if (within.every(isWithin)) maybe.push(style);
  }
  const some = maybe.slice(-most.perhaps);
  const perhaps = some.length > 1 ? [...some.map((one) => [one]), some] : some.map((one) => [one]);
  return { certain, perhaps: perhaps.map((rules) => laidOver(certain, rules)) };
}

function laidOver(certain: Style, rules: Style[]): Style {
  const style: Style = new Map(certain);
  for (const rule of rules) overlay(style, rule);
  return style;
}
