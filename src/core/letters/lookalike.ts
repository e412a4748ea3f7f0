import { toUnicode } from 'punycode.js/punycode.es6.js';
import { getDomain } from 'tldts';

/**
 * Lookalikes of a–z: Cyrillic, Greek, Armenian and Latin letters (after Unicode TR39, as far as they fit our words and domains
 * can use them). Then those that apply in words only, and in domains only: there a digit or a stroke imitates a letter, in a
 * word it is itself.
 */
const lookalikes: [latin: string, both: string, word?: string, domain?: string][] = [
  ['a', 'аα', 'ɑ'],
  ['b', 'ƅ', 'ь', 'ъ'],
  ['c', 'сϲ', 'ᴄ'],
  ['d', 'ԁ', 'ɗ'],
  ['e', 'еεє', 'ҽ'],
  ['g', 'ɡց'],
  ['h', 'һհ'],
  ['i', 'іιıɩ', 'ɪ', '1|'],
  ['j', 'јϳ'],
  ['k', 'кκ'],
  ['l', 'ӏ', '', 'լ'],
  ['m', 'м'],
  ['n', 'ոηп', 'ռ'],
  ['o', 'оοօσ', '', '0'],
  ['p', 'рρ'],
  ['q', 'ԛգ'],
  ['r', 'г', 'ᴦ'],
  ['s', 'ѕ', 'ꜱ', 'ʂ'],
  ['t', 'тτ', 'ᴛ'],
  ['u', 'υսц', 'ᴜ'],
  ['v', 'νѵ', 'ᴠ'],
  ['w', 'ԝω', 'ѡ', 'ш'],
  ['x', 'хχ'],
  ['y', 'уγү'],
  ['z', 'ᴢ'],
];
const inWords = new Map(lookalikes.flatMap(([latin, both, word = '']) => drawnLike(latin, both + word)));
const inDomains = new Map(
  lookalikes.flatMap(([latin, both, , domain = '']) => drawnLike(latin, both + domain)),
);

function drawnLike(latin: string, letters: string): [string, string][] {
  return Array.from(letters, (letter) => [letter, latin]);
}

/**
 * Skeleton of a domain, which keeps what it looks like at a glance: scripts folded onto Latin, no accents, `rn` as `m`, `vv`
 * as `w`, one shape for `i`, `l` and `1`. Only ever compared with another skeleton.
 */
function skeleton(domain: string): string {
  return folded(domain).replaceAll('rn', 'm').replaceAll('vv', 'w').replaceAll('i', 'l');
}

/** In Latin letters without accents. */
function folded(domain: string): string {
  // most domains and names are these letters already
  if (/^[ -~]*$/.test(domain) && !domain.includes('xn--'))
    return domain.toLowerCase().replace(/[^a-z]/g, (char) => inDomains.get(char) ?? char);
  const unicode = domain.split('.').map(decodeLabel).join('.');
  return Array.from(unicode.normalize('NFKD').toLowerCase(), (char) => inDomains.get(char) ?? char)
    .join('')
    .replace(/\p{M}/gu, '');
}

/**
 * Finds the known domain that another one imitates (BAD-MAIL 33).
 * @param domain lower-case, ASCII form (`xn--…`); the known domains and their subdomains imitate nobody
 * @param domains the companies' domains
 * @returns the imitated domain, or null
 */
export function lookalikeOf(domain: string, domains: string[]): string | null {
  if (domains.some((known) => domain === known || domain.endsWith(`.${known}`))) return null;
  const registered = getDomain(domain, { allowPrivateDomains: true }) ?? domain;
  const shapes = new Set([skeleton(domain), skeleton(registered)]);
  return domains.find((known) => shapes.has(skeleton(known))) ?? null;
}

/**
 * Finds the person whose name another one is or imitates: all the words are in it, in any order and script. Too many people
 * share a name of one word.
 */
export function namesakeOf(name: string, names: readonly string[]): string | null {
  const words = new Set(shapesOf(name));
  return (
    names.find((known) => {
      const shapes = shapesOf(known);
      return shapes.length > 1 && shapes.every((shape) => words.has(shape));
    }) ?? null
  );
}

/** The visual skeletons of a name's words. */
function shapesOf(name: string): string[] {
  const words = name.replace(/\p{Cf}/gu, '').match(/[\p{L}\p{M}\p{N}'’]+/gu) ?? [];
  return words.map(skeleton);
}

/** Readable form of a domain's label. Invalid Punycode stays as it is. */
function decodeLabel(label: string): string {
  try {
    return toUnicode(label);
  } catch {
    return label;
  }
}

/**
 * A normalised text with letters of other scripts replaced by the Latin ones they look like. For asking whether a
 * word was meant; never for acting on it.
 */
export function asItLooks(normalised: string): string {
  return normalised.replace(/[^\p{ASCII}]/gu, (letter) => inWords.get(letter) ?? letter);
}
