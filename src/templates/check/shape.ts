import { Verbatim } from '../verbatim.ts';

/** The kinds of value that a template may find. `html`: written as it is. `nothing`: null, or absent in some samples. */
export type Kind = 'text' | 'number' | 'flag' | 'moment' | 'object' | 'list' | 'html' | 'nothing';

/** The kinds of text. `link`: begins with https:, mailto: or tel:. */
export type TextForm = 'link' | 'colour' | 'digits' | 'free';

/** Form of a value, from the samples: the union of everything they contain in one place. */
export type Shape = {
  kinds: Set<Kind>;
  /** of a text */
  forms: Set<TextForm>;
  /** of an object */
  fields: Map<string, Shape>;
  /** of a list; null if no sample has an entry */
  items: Shape | null;
};

/** The union of the forms of these values. */
export function shapeOf(values: readonly unknown[]): Shape {
  const kinds = new Set<Kind>();
  const forms = new Set<TextForm>();
  const entries: unknown[] = [];
  const fields = new Map<string, unknown[]>();
  for (const value of values) {
    kinds.add(kindOf(value));
    if (typeof value === 'string') forms.add(formOf(value));
    if (Array.isArray(value)) entries.push(...value);
    else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
      for (const [key, field] of Object.entries(value)) fields.set(key, [...(fields.get(key) ?? []), field]);
    }
  }
  return {
    kinds,
    forms,
    fields: new Map(Array.from(fields, ([key, held]) => [key, shapeOf(held)])),
    items: entries.length === 0 ? null : shapeOf(entries),
  };
}

/** A value of one kind, without fields. */
export function plain(kind: Kind): Shape {
  return { kinds: new Set([kind]), forms: new Set(['free']), fields: new Map(), items: null };
}

/** An object's form with further fields, which hide those of the same name. */
export function withFields(shape: Shape, fields: ReadonlyMap<string, Shape>): Shape {
  return {
    kinds: new Set([...shape.kinds, 'object']),
    forms: shape.forms,
    fields: new Map([...shape.fields, ...fields]),
    items: shape.items,
  };
}

/** True if a value is always a text of this form, a number (which is no link), or nothing. */
export function isOnly({ kinds, forms }: Shape, form: TextForm): boolean {
  return [...kinds].every((kind) => {
    if (kind === 'text') return [...forms].every((one) => one === form);
    return kind === 'nothing' || (kind === 'number' && form !== 'link');
  });
}

function formOf(text: string): TextForm {
  if (/^(?:https?:\/\/|mailto:|tel:)\S+$/iu.test(text)) return 'link';
  if (/^#[\da-f]{3,8}$/iu.test(text)) return 'colour';
  return /^\+?\d+$/u.test(text) ? 'digits' : 'free';
}

const kindNames: Record<Kind, string> = {
  text: 'a text',
  number: 'a number',
  flag: 'a yes or no',
  moment: 'a date',
  object: 'a group of fields',
  list: 'a list',
  html: 'HTML that was made safe',
  nothing: 'always empty',
};

/** A value's kinds in words. */
export function kindsInWords(kinds: Iterable<Kind>): string {
  const all = new Set(kinds);
  const told = [...all].filter((kind) => kind !== 'nothing' || all.size === 1);
  return told.map((kind) => kindNames[kind]).join(' or ');
}

function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Date) return 'moment';
  if (value instanceof Verbatim) return 'html';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'flag';
  if (typeof value === 'object') return 'object';
  throw new TypeError(`a view holds a ${typeof value}: only data can be shown`);
}
