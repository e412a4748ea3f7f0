/** The effect of an element's styles on its display. */
export type Shown = {
  /** visibility of the element with its content; `maybe`: some programs or screens show it, or it is unknown */
  hidden: 'no' | 'maybe' | 'yes';
  /** white space and line breaks count */
  preformatted: boolean;
  /** the text's colour, or null if not set */
  color: string | null;
  /** the background's colour, or null if not set */
  background: string | null;
  /** true if the font size is zero; null if not set, or relative to its parent's */
  tiny: boolean | null;
  /** null if not set */
  visible: boolean | null;
  /** a line is drawn through it */
  struck: boolean;
};

export type Attributes = ReadonlyMap<string, string>;

/** Declarations by property, shorthands taken apart where it matters here. */
export type Style = Map<string, Declaration>;
/** `rank`: specificity of the rule's selector, then order of the rule; a style attribute outranks all rules */
type Declaration = { value: string; important: boolean; rank: number };

/** The declarations of a style attribute or, with its rank, of a rule; lower case, bounded. */
export function declarations(style: string, rank = Number.MAX_SAFE_INTEGER): Style {
  const found: Style = new Map();
  for (const one of style.slice(0, 4_000).toLowerCase().split(';', 100)) {
    const colon = one.indexOf(':');
    if (colon < 0) continue;
    const property = one.slice(0, colon).trim();
    const said = one.slice(colon + 1);
    const important = said.includes('!important');
    const value = said.replace('!important', '').trim();
    set(found, property, { value, important, rank });
    const long = longhand(property, value);
    if (long !== null) set(found, long.property, { value: long.value, important, rank });
  }
  return found;
}

/** The properties that `readStyle` looks at; of a style sheet no other is kept. */
const looked = new Set([
  'display',
  'content-visibility',
  'visibility',
  'opacity',
  'mso-hide',
  'transform',
  'clip',
  'clip-path',
  'position',
  'left',
  'top',
  'margin-left',
  'margin-top',
  'text-indent',
  'overflow',
  'overflow-x',
  'overflow-y',
  'width',
  'max-width',
  'height',
  'max-height',
  'font-size',
  'white-space',
  'text-decoration',
  'text-decoration-line',
  'color',
  'background-color',
  'background-image',
]);

/** The declarations that affect how text is shown, at the given rank. */
export function onlyLooked(style: Style, rank = Number.MAX_SAFE_INTEGER): Style {
  return new Map(
    [...style].flatMap(([property, said]) => (looked.has(property) ? [[property, { ...said, rank }]] : [])),
  );
}

/** The parts of a shorthand that count here. */
function longhand(property: string, value: string): { property: string; value: string } | null {
  if (property === 'background') return { property: 'background-color', value };
  if (property !== 'font') return null;
  const size = /(?:^|\s)(0|[\d.]{1,6}(?:px|pt|em|rem|%))(?:\/|\s)/u.exec(value)?.[1];
  return size === undefined ? null : { property: 'font-size', value: size };
}

function set(style: Style, property: string, declaration: Declaration): void {
  const other = style.get(property);
  if (other !== undefined) {
    if (other.important && !declaration.important) return;
    if (other.important === declaration.important && other.rank > declaration.rank) return;
  }
  style.set(property, declaration);
}

/** Lays declarations over others, where they are more important, more special or later (CSS Cascading 4 §6). */
export function overlay(under: Style, over: ReadonlyMap<string, Declaration>): void {
  for (const [property, declaration] of over) set(under, property, declaration);
}

/** A length as a number and its unit; null where it is none. */
function lengthOf(value: string | undefined): { number: number; unit: string } | null {
  const found = /^([+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))([a-z]{0,5}|%)$/u.exec(value ?? '');
  return found === null ? null : { number: Number(found[1]), unit: found[2] ?? '' };
}

/** Sizes that are not of what stands around (CSS Fonts 4 §2.5). */
const sizeWords = new Set([
  'xx-small',
  'x-small',
  'small',
  'medium',
  'large',
  'x-large',
  'xx-large',
  'xxx-large',
  'initial',
]);

/** The smallest size of a unit that can be looked at. */
const smallest: Record<string, number> = { px: 2, pt: 2, em: 0.15, rem: 0.15, ex: 0.3, '%': 15 };

/** True if a length is too small to see: none, or a pixel or two. */
function isNothing(value: string | undefined): boolean {
  const length = lengthOf(value);
  return length !== null && length.number >= 0 && length.number < (smallest[length.unit] ?? 0.01);
}

function isZero(value: string | undefined): boolean {
  return lengthOf(value)?.number === 0;
}

/**
 * Reads the declarations that hold for an element.
 * @param isBlock the element is a block where no style says otherwise: of what stands in a line, sizes and the like say nothing
 */
export function readStyle(style: Style, isBlock: boolean): Shown {
  const get = (property: string): string | undefined => style.get(property)?.value;
  const size = get('font-size');
  const length = lengthOf(size);
  const inParts = length === null ? !sizeWords.has(size ?? '') : ['em', 'ex', '%'].includes(length.unit);
  const visibility = get('visibility');
  return {
    hidden: hides(get, isBlock),
    preformatted: (get('white-space') ?? '').startsWith('pre'),
    color: colorOf(get('color')) ?? null,
    background: colorOf(get('background-color')) ?? (style.has('background-image') ? 'image' : null),
    tiny: size === undefined ? null : isNothing(size) ? true : inParts ? null : false,
    struck: /line-through/u.test(`${get('text-decoration') ?? ''} ${get('text-decoration-line') ?? ''}`),
    visible: visibility === undefined ? null : visibility !== 'hidden' && visibility !== 'collapse',
  };
}

function hides(get: (property: string) => string | undefined, isBlock: boolean): Shown['hidden'] {
  const opacity = Number.parseFloat(get('opacity') ?? '1');
  if (get('display') === 'none' || get('content-visibility') === 'hidden' || opacity === 0) return 'yes';
  const placed = /absolute|fixed/u.test(get('position') ?? '');
  const display = get('display') ?? (isBlock || placed ? 'block' : 'inline');
  const clips = /hidden|clip|auto|scroll/u.test(
    `${get('overflow') ?? ''} ${get('overflow-x') ?? ''} ${get('overflow-y') ?? ''}`,
  );
  const flat = ['height', 'max-height', 'width', 'max-width'].some((property) => isNothing(get(property)));
  const isOff = (property: string): boolean => /^-\d{4,}/u.test(get(property) ?? '');
  const pushed = isOff('left') || isOff('top');
  // the first line, or up to what stands above
  const moved = isOff('text-indent') || isOff('margin-top');
  const gone =
    (clips && flat) ||
    isOff('margin-left') ||
    /rect\(0|inset\(100%|inset\(50%/u.test(`${get('clip') ?? ''} ${get('clip-path') ?? ''}`) ||
    /scale\(0\)/u.test(get('transform') ?? '');
  if (placed && pushed) return 'yes';
  if (gone) return display === 'inline' ? 'maybe' : 'yes';
  const empty = isZero(get('max-height')) || isZero(get('max-width'));
  const folded = isZero(get('width')) && isZero(get('height'));
  return opacity < 0.15 || empty || folded || pushed || moved || get('mso-hide') === 'all' ? 'maybe' : 'no';
}

const names: Record<string, string> = {
  white: 'ffffff',
  black: '000000',
  snow: 'fffafa',
  ivory: 'fffff0',
  transparent: 'transparent',
};

/** A colour as six hex digits; other notations as they stand; undefined where none is said. */
export function colorOf(value: string | undefined): string | undefined {
  if (value === undefined || value === '' || value === 'inherit' || value === 'initial') return undefined;
  if (value.includes('url(') || value.includes('gradient(')) return 'image';
  const hex = /#([\da-f]{6}|[\da-f]{3})\b/u.exec(value)?.[1];
  if (hex !== undefined) return hex.length === 6 ? hex : Array.from(hex, (digit) => digit + digit).join('');
  const rgb = /rgba?\(\s?(\d{1,3})[\s,]{1,3}(\d{1,3})[\s,]{1,3}(\d{1,3})(?:[\s,/]{1,3}([\d.]{1,6}))?/u.exec(
    value,
  );
  if (rgb !== null) {
    if (rgb[4] !== undefined && Number(rgb[4]) === 0) return 'transparent';
    return rgb
      .slice(1, 4)
      .map((one) => Math.min(255, Number(one)).toString(16).padStart(2, '0'))
      .join('');
  }
  const [word = ''] = value.split(' ');
  return names[word] ?? word;
}

/** True if text of a colour cannot be told from its background. */
export function isUnreadable(color: string, background: string): boolean {
  if (color === '000000' && background === 'ffffff') return false;
  if (color === 'transparent') return true;
  const [a, b] = [channels(color), channels(background)];
  if (a === null || b === null) return color === background && background !== 'image';
  return a.every((value, i) => Math.abs(value - (b[i] ?? 0)) <= 12);
}

const vividNames = new Set(
  'red blue green orange purple magenta fuchsia crimson firebrick darkred lime limegreen deepskyblue dodgerblue mediumblue royalblue'.split(
    ' ',
  ),
);

/** True if a colour is one that people choose to stand out: red, blue, green; not the greys and dark blues of programs. */
export function isVivid(color: string): boolean {
  const parts = channels(color);
  return parts === null ? vividNames.has(color) : Math.max(...parts) - Math.min(...parts) >= 160;
}

function channels(color: string): number[] | null {
  if (!/^[\da-f]{6}$/u.test(color)) return null;
  return [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
