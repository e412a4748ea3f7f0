/**
 * A mail's style sheets, as far as they affect how its text is shown. Written by hand: postcss (8.5.33) is linear, too
 * (200,000 characters of `{` take it 0.24 s, of rules 0.14 s; here 1 and 24 ms), but it refuses
 * a whole sheet for a stray `}`, an open block or comment, `<!--` or a word without a colon. Mail programs read on there
 * (CSS Syntax 3 §2.2), so that one brace would hide text from people that counts here. It would replace about 30 lines.
 */
import {
  type Attributes,
  declarations,
  onlyLooked,
  overlay,
  readStyle,
  type Shown,
  type Style,
} from './style.ts';

/** A mail's style sheets, and the cost so far of querying them. */
export type Sheet = {
  /** by the simple selector that rules end in: `*`, `p`, `.x`, `p.x`, `#x`, `p#x` */
  rules: ReadonlyMap<string, Said>;
  /** rules for elements of one tag and the same names, looked up once */
  found: Map<string, Found>;
  /** looks by style attribute, of a mail without rules: programs repeat theirs in each paragraph */
  owns: Map<string, Styled>;
  steps: number;
};
/** `maybe`: for some of these elements only (`.a .x`, `.x:first-child`), or on some screens; by where */
type Said = { certain: Style; maybe: Map<string, Maybe> };
type Maybe = { within: string[]; style: Style };
/** `asked`: steps to find which of `maybe` hold for one; `ways`: how such elements look, by those */
type Found = { certain: Style; maybe: Maybe[]; asked: number; ways: Map<string, Styled> };

/** Style of an element: with the rules that certainly apply, then with each that may apply, then with all of them. */
export type Styled = { ways: Shown[]; saysDisplay: boolean };

/**
 * Limits for the style sheets of one mail, in size and in cost of lookups: a `step` is a rule examined or a declaration
 * overlaid, some tens of nanoseconds. Newsletters need tens of thousands.
 */
const most = { characters: 200_000, rules: 5_000, selectors: 100, places: 100, perhaps: 8, steps: 2_000_000 };
/** Cost of parsing one style, in steps. */
const stepsOfReading = 20;

/** The sheet of a mail without style sheets. */
export const noSheet = (): Sheet => ({ rules: new Map(), found: new Map(), owns: new Map(), steps: 0 });

/** True if further lookups would take long, which only happens with a sheet written for that. */
export function costsTooMuch(sheet: Sheet): boolean {
  return sheet.steps > most.steps;
}

/** Finds a mail's style sheets, wherever they stand but in comments, and reads them. Linear. */
export function readSheets(html: string): Sheet {
  return { ...noSheet(), rules: readRules(withoutComments(sheetsOf(html))) };
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

function readRules(rules: string): Sheet['rules'] {
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
    const declared = onlyLooked(declarations(body));
    if (declared.size === 0) continue;
    for (const one of selectors.slice(0, 4_000).toLowerCase().split(',', most.selectors)) {
      const read = readSelector(one);
      if (read === null) continue;
      const { key, special, within } = read;
      const said = sheet.get(key) ?? { certain: new Map(), maybe: new Map() };
      sheet.set(key, said);
      const style = onlyLooked(declared, special * most.rules + order);
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

/**
 * Applicability of a group's rules: `@media` applies on some screens only; for print, dark mode or a name of its own
 * (`@font-face`): never here.
 */
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

/** The last compound of a selector, and those before it; null for a selector that is not supported */
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
    within: [...new Set(plain.slice(0, -compound.length).match(/[.#]?[a-z_-][\w-]{0,200}/gu))],
    byAttribute: more.includes('['),
  };
}

/** Specificity (Selectors 4 §17): 100 for an id, 10 for a class and the like, 1 for a tag. */
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
 * Computes the style of an element: the sheets' rules in order of specificity and position, then its own attribute (CSS
 * Cascading 4 §6).
 * @param isWithin tells whether it stands within an element of this tag, class or id
 * @param isBlock as for `readStyle`
 */
export function styleOf(
  sheet: Sheet,
  element: { tag: string; attributes: Attributes; isBlock: boolean },
  isWithin: (name: string) => boolean,
): Styled {
  const { tag, attributes, isBlock } = element;
  const own = attributes.get('style');
  if (sheet.rules.size === 0 && own === undefined) return isBlock ? unstyledBlock : unstyledInline;
  if (sheet.rules.size === 0) return ownStyle(sheet, own ?? '', isBlock);
  const found = foundFor(sheet, tag, attributes);
  sheet.steps += found.asked;
  const holding = found.maybe.filter(({ within }) => within.every(isWithin)).slice(-most.perhaps);
  if (own !== undefined) {
    const certain = new Map(found.certain);
    overlay(certain, onlyLooked(declarations(own)));
    return waysOf(sheet, certain, holding, isBlock);
  }
  const key = holding.map((one) => found.maybe.indexOf(one)).join(' ');
  const known = found.ways.get(key) ?? waysOf(sheet, found.certain, holding, isBlock);
  found.ways.set(key, known);
  return known;
}

/** More style attributes than this are not remembered. */
const mostOwns = 200;

function ownStyle(sheet: Sheet, own: string, isBlock: boolean): Styled {
  const key = `${isBlock ? 'block' : 'inline'} ${own}`;
  const known = sheet.owns.get(key) ?? waysOf(sheet, onlyLooked(declarations(own)), [], isBlock);
  if (sheet.owns.size < mostOwns) sheet.owns.set(key, known);
  return known;
}

/** The rules for elements of this tag and these names. */
function foundFor(sheet: Sheet, tag: string, attributes: Attributes): Found {
  const names = namesOf(attributes);
  const key = [tag, ...names].join(' ');
  const known = sheet.found.get(key);
  if (known !== undefined) return known;
  const certain: Style = new Map();
  const maybe: Maybe[] = [];
  for (const selector of ['*', tag, ...names, ...names.map((name) => tag + name)]) {
    sheet.steps += 1;
    const said = sheet.rules.get(selector);
    if (said === undefined) continue;
    sheet.steps += said.certain.size + said.maybe.size;
    overlay(certain, said.certain);
    maybe.push(...said.maybe.values());
  }
  const asked = maybe.reduce((sum, { within }) => sum + 1 + within.length, 0);
  const found = { certain, maybe, asked, ways: new Map() };
  sheet.found.set(key, found);
  return found;
}

function waysOf(sheet: Sheet, certain: Style, holding: Maybe[], isBlock: boolean): Styled {
  const rules = holding.map(({ style }) => style);
  const perhaps = rules.length > 1 ? [...rules.map((one) => [one]), rules] : rules.map((one) => [one]);
  const styles = [certain, ...perhaps.map((some) => laidOver(sheet, certain, some))];
  sheet.steps += stepsOfReading * perhaps.length;
  return { ways: styles.map((style) => readStyle(style, isBlock)), saysDisplay: certain.has('display') };
}

function laidOver(sheet: Sheet, certain: Style, rules: Style[]): Style {
  const style: Style = new Map(certain);
  sheet.steps += certain.size;
  for (const rule of rules) {
    sheet.steps += rule.size;
    overlay(style, rule);
  }
  return style;
}

const unstyledBlock: Styled = waysOf(noSheet(), new Map(), [], true);
const unstyledInline: Styled = waysOf(noSheet(), new Map(), [], false);
