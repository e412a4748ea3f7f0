import { type Look, rootLook } from './look.ts';
import type { ElementPart } from './quotes.ts';
import type { Attributes } from './style.ts';

/** An open element. Inherited properties are copied from the parent, so that no lookup walks the nesting. */
export type OpenElement = Look & {
  tag: string;
  part: ElementPart | null;
  /** a blockquote was closed in this container: what follows is the writer's again */
  quoteDone: boolean;
  /** stack index of the innermost open container, or -1 for none */
  container: number;
  quoted: boolean;
  attribution: boolean;
  signature: boolean;
  depth: number;
  /** all the blockquotes around it may be indents */
  indent: boolean;
  link: string | null;
  /** the innermost list, shared by all in it; `next`: its next number, null where it has none */
  list: { next: number | null } | null;
  /** a drawing or formula around it, whose text is seen only where it stands as such */
  muted: boolean;
  /** the innermost list of choices, shared by all in it */
  choice: Choice | null;
};

/** The state outside of all elements. */
export const root: OpenElement = {
  ...rootLook,
  tag: '',
  part: null,
  quoteDone: false,
  container: -1,
  quoted: false,
  attribution: false,
  signature: false,
  depth: 0,
  indent: false,
  link: null,
  list: null,
  muted: false,
  choice: null,
};

/** A `select` shows what is chosen in it: where nothing is, its first option; where it is a list, all of them. */
export type Choice = { isList: boolean; options: { text: string; isChosen: boolean }[] };

/** More options than this are of a form and not of a mail. */
const mostOptions = 200;
const longestOption = 500;

/** A new list of choices. */
export function openChoice(attributes: Attributes): Choice {
  return { isList: attributes.has('multiple') || Number(attributes.get('size') ?? 1) > 1, options: [] };
}

/** Begins an option. */
export function addOption({ options }: Choice, attributes: Attributes): void {
  if (options.length < mostOptions) options.push({ text: '', isChosen: attributes.has('selected') });
}

/** Text of the option begun last; outside of all options nothing is seen. */
export function writeOption({ options }: Choice, text: string): void {
  const option = options.at(-1);
  if (option !== undefined && option.text.length < longestOption) option.text += text.slice(0, longestOption);
}

/** Visible text of a choice. */
export function chosenOf({ isList, options }: Choice): string {
  const chosen = options.findLast(({ isChosen }) => isChosen) ?? options[0];
  return isList ? options.map(({ text }) => text.trim()).join(', ') : (chosen?.text ?? '');
}

/** Elements of a drawing that contain text. */
export const drawnText = new Set(['text', 'foreignobject']);
