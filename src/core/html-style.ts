/** What an element's own attributes say of how it is shown. */
export type Shown = {
  /** it and all in it is not shown at all */
  hidden: boolean;
  /** white space and line breaks count */
  preformatted: boolean;
  /** the text's colour; null: not said */
  color: string | null;
  /** the background's colour; null: not said */
  background: string | null;
  /** a font of no size; null: not said */
  tiny: boolean | null;
  visible: boolean | null;
  /** a line is drawn through it */
  struck: boolean;
};

export type Attributes = ReadonlyMap<string, string>;

/** The style attribute's declarations, lower case, bounded. */
export function declarations(style: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const one of style.slice(0, 4_000).toLowerCase().split(';', 100)) {
    const colon = one.indexOf(':');
    if (colon < 0) continue;
    found.set(
      one.slice(0, colon).trim(),
      one
        .slice(colon + 1)
        .replace('!important', '')
        .trim(),
    );
  }
  return found;
}

/** Whether a value is nothing to look at: 0, 0px, 1px and less than a pixel or two. */
function isNothing(value: string | undefined): boolean {
  return (
    value !== undefined &&
    /^(?:0|[01](?:\.\d{1,6})?(?:px|pt)|0?\.\d{1,6}(?:em|rem|px|pt|%)?|0(?:\.0{1,6})?(?:em|rem|px|pt|%|vw|vh|cm|in|mm)?)$/u.test(
      value,
    )
  );
}

function isZero(value: string | undefined): boolean {
  return value !== undefined && /^0(?:\.0{1,6})?(?:px|pt|em|rem|%|vw|vh|cm|in|mm)?$/u.test(value);
}

/** Reads declarations of a style attribute or of a rule of a style sheet. */
export function readStyle(style: Map<string, string>): Shown {
  const clipped = /hidden|clip/u.test(style.get('overflow') ?? '');
  const off = (property: string) => /^-\d{4,}/u.test(style.get(property) ?? '');
  const hidden =
    style.get('display') === 'none' ||
    isZero(style.get('opacity')) ||
    style.get('mso-hide') === 'all' ||
    isZero(style.get('max-height')) ||
    isZero(style.get('max-width')) ||
    (isZero(style.get('width')) && isZero(style.get('height'))) ||
    (clipped && (isNothing(style.get('height')) || isNothing(style.get('width')))) ||
    off('text-indent') ||
    off('left') ||
    off('top') ||
    off('margin-left') ||
    /rect\(0|inset\(100%|inset\(50%/u.test(`${style.get('clip') ?? ''} ${style.get('clip-path') ?? ''}`) ||
    /scale\(0\)/u.test(style.get('transform') ?? '');
  const visibility = style.get('visibility');
  const size =
    style.get('font-size') ??
    /(?:^|\s)(0|[\d.]{1,6}px|[\d.]{1,6}pt)(?:\/|\s)/u.exec(style.get('font') ?? '')?.[1];
  return {
    hidden,
    preformatted: (style.get('white-space') ?? '').startsWith('pre'),
    color: colorOf(style.get('color')) ?? null,
    background:
      colorOf(style.get('background-color') ?? style.get('background')) ??
      (style.has('background-image') ? 'image' : null),
    tiny: size === undefined ? null : isNothing(size),
    struck: /line-through/u.test(
      `${style.get('text-decoration') ?? ''} ${style.get('text-decoration-line') ?? ''}`,
    ),
    visible: visibility === undefined ? null : visibility !== 'hidden' && visibility !== 'collapse',
  };
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
  return names[word] ?? (value.includes('url(') ? 'image' : word);
}

/** Whether text of one colour cannot be told from its background. */
export function isUnreadable(color: string, background: string): boolean {
  if (color === 'transparent') return true;
  const [a, b] = [channels(color), channels(background)];
  if (a === null || b === null) return color === background && background !== 'image';
  return a.every((value, i) => Math.abs(value - (b[i] ?? 0)) <= 12);
}

function channels(color: string): number[] | null {
  if (!/^[\da-f]{6}$/u.test(color)) return null;
  return [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}

/** Simple selectors (`.x`, `#x`, `tag`, `tag.x`) that a style sheet hides, so that hiding by class is seen too. */
export function hiddenSelectors(sheet: string): Set<string> {
  const found = new Set<string>();
  let depth = 0;
  let start = 0;
  let selector = '';
  for (let i = 0; i < Math.min(sheet.length, 200_000); i++) {
    if (sheet[i] === '{') {
      if (depth++ === 0) selector = sheet.slice(start, i);
      start = i + 1;
    } else if (sheet[i] === '}') {
      depth = Math.max(0, depth - 1);
      // rules within @media hold for some readers only
      if (depth === 0 && !selector.includes('@')) {
        const shown = readStyle(declarations(sheet.slice(start, i)));
        if (shown.hidden || shown.tiny === true || shown.visible === false) {
          for (const one of selector
            .replace(/\/\*[^*]{0,500}\*\/|<!--/gu, '')
            .slice(0, 2_000)
            .split(',', 100)) {
            found.add(one.trim().toLowerCase());
          }
        }
      }
      start = i + 1;
    }
  }
  return found;
}
