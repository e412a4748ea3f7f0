import { blocks } from './elements.ts';
import { namesOf, type Sheet, styleOf } from './sheet.ts';
import { type Attributes, colorOf } from './style.ts';

/** The visual style of an element's text. */
export type Look = {
  /** text in it is not seen; `gone`, `tiny` and `invisible` say why */
  hidden: boolean;
  /** it and all in it is not shown at all */
  gone: boolean;
  /** its font has no size; one of its elements may give its own another */
  tiny: boolean;
  /** `visibility:hidden`, which one of its elements may undo */
  invisible: boolean;
  /** visibility is uncertain: its text counts, but is doubtful */
  unsure: boolean;
  /** its classes and its id */
  names: string[];
  preformatted: boolean;
  struck: boolean;
  /** the colours that the text, and what is behind it, may have */
  colors: string[];
  backgrounds: string[];
};

/** Initial style: black on white. */
export const rootLook: Look = {
  hidden: false,
  gone: false,
  tiny: false,
  invisible: false,
  unsure: false,
  names: [],
  preformatted: false,
  struck: false,
  colors: ['000000'],
  backgrounds: ['ffffff'],
};

const struckTags = new Set(['s', 'strike', 'del']);

/**
 * The style of an element, inherited from its parent.
 * @param isWithin whether it stands within an element of this name, `.class` or `#id`
 */
export function lookOf(
  { tag, attributes, parent }: { tag: string; attributes: Attributes; parent: Look },
  sheet: Sheet,
  isWithin: (name: string) => boolean,
): Look {
  const isBlock = blocks.has(tag) || tag === 'td' || tag === 'th';
  // with the rules that hold, and with those that may hold: what is so by all is so
  const { ways, saysDisplay } = styleOf(sheet, { tag, attributes, isBlock }, isWithin);
  const unsaid = attributes.has('hidden') && !saysDisplay;
  const gone = ways.map(({ hidden }) => (unsaid ? 'yes' : hidden));
  const sized = tag === 'font' && attributes.has('size') ? false : parent.tiny;
  const tiny = ways.map((shown) => shown.tiny ?? sized);
  const invisible = ways.map(({ visible }) => (visible === null ? parent.invisible : !visible));
  const told = tag === 'font' ? 'color' : tag === 'body' ? 'text' : '';
  const look = {
    gone: parent.gone || gone.every((by) => by === 'yes'),
    tiny: tiny.every(Boolean),
    invisible: invisible.every(Boolean),
  };
  return {
    ...look,
    hidden: look.gone || look.tiny || look.invisible,
    unsure:
      parent.unsure ||
      gone.some((by) => by !== 'no') ||
      tiny.some((by) => by !== tiny[0]) ||
      invisible.some((by) => by !== invisible[0]),
    names: sheet.rules.size === 0 ? rootLook.names : namesOf(attributes),
    preformatted:
      ways.some((shown) => shown.preformatted) || tag === 'pre' || tag === 'textarea' || parent.preformatted,
    struck: parent.struck || ways.some((shown) => shown.struck) || struckTags.has(tag),
    colors: mixed(
      parent.colors,
      ways.map(({ color }) => color),
      attributes.get(told),
    ),
    backgrounds: behindAll(
      parent.backgrounds,
      mixed(
        parent.backgrounds,
        ways.map(({ background }) => background),
        attributes.has('background') ? 'url()' : attributes.get('bgcolor'),
      ),
    ),
  };
}

/** The backgrounds with those around in place of transparent ones. */
function behindAll(around: string[], own: string[]): string[] {
  return own.includes('transparent') ? own.flatMap((one) => (one === 'transparent' ? around : one)) : own;
}

/**
 * The colours that hold, or may hold: as an element's styles say, else its attribute, else as around it. No more than a few.
 */
function mixed(around: string[], said: (string | null)[], attribute: string | undefined): string[] {
  // most elements say nothing of colours: they share the array of what is around them
  if (around.length === 1 && attribute === undefined && said.every((color) => color === null)) return around;
  const found = said.flatMap((color) => color ?? colorOf(attribute?.toLowerCase()) ?? around);
  return [...new Set(found)].slice(0, 4);
}
