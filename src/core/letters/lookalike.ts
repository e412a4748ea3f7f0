import { toUnicode } from 'punycode.js/punycode.es6.js';
import { getDomain } from 'tldts';

/** Letters of other scripts, and digits, that pass for a Latin letter (after UTS 39, the ones a domain can use). */
const confusable = new Map(
  Object.entries({
    a: 'аαａ',
    b: 'Ьъƅ',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еєε',
    g: 'ɡց',
    h: 'һհ',
    i: 'іιıїɩ1|',
    j: 'јϳ',
    k: 'кκ',
    l: 'ⅼӏլl',
    m: 'мｍ',
    n: 'ոпη',
    o: 'оοօ0σ',
    p: 'рρ',
    q: 'ԛգ',
    r: 'г',
    s: 'ѕʂ',
    t: 'тτ',
    u: 'υսц',
    v: 'νѵ',
    w: 'ԝωш',
    x: 'хχ',
    y: 'уγүў',
    z: 'ᴢ',
  }).flatMap(([latin, others]) => Array.from(others, (other): [string, string] => [other, latin])),
);

/**
 * What a domain looks like at a glance: scripts folded onto Latin, accents gone, `rn` as `m`, `vv` as `w`, and one
 * shape for `i`, `l` and `1`. Only ever compared with another skeleton.
 */
function skeleton(domain: string): string {
  const unicode = domain.split('.').map(decodeLabel).join('.');
  const folded = Array.from(unicode.normalize('NFKD').toLowerCase(), (char) => confusable.get(char) ?? char);
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

/** What the words of a name look like. */
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
