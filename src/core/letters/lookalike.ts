import { toUnicode } from 'punycode.js/punycode.es6.js';
import { getDomain } from 'tldts';

/**
 * What is drawn like one of a–z: Cyrillic, Greek, Armenian and Latin letters (after Unicode TR39, those that fit our words and that a
 * domain can use). Then what only a word is read so, and what only a domain: there a digit or a stroke imitates, in a word it is one.
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
 * What a domain looks like at a glance: scripts folded onto Latin, accents gone, `rn` as `m`, `vv` as `w`, and one
 * shape for `i`, `l` and `1`. Only ever compared with another skeleton.
 */
function skeleton(domain: string): string {
  const unicode = domain.split('.').map(decodeLabel).join('.');
  const folded = Array.from(unicode.normalize('NFKD').toLowerCase(), (char) => inDomains.get(char) ?? char);
  return folded
    .join('')
    .replace(/\p{M}/gu, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('i', 'l');
}

/**
 * Which known domain another one imitates (BAD-MAIL 33).
 * @param domain lower-case, ASCII form (`xn--…`); its own subdomains and the domains themselves imitate nobody
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
 * Whose name another one is or imitates: all its words are in it, in whatever order and of whatever script. A name of one word is
 * too many people's.
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

/** One label of a domain as people see it. What is no valid Punycode is shown as it stands. */
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
