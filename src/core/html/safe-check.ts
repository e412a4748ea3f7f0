import { Parser } from 'htmlparser2';
import { styles } from './safe-writer.ts';
import { type SafeHtml } from '../message/rich-html.ts';
/** The allowed parents of an element; all others may stand wherever text may. */
const parents: Record<string, readonly string[]> = {
  tbody: ['table'],
  tr: ['table', 'tbody'],
  td: ['tr'],
  th: ['tr'],
};
const onlyParts = new Set(['table', 'tbody', 'tr']);
const voids = new Set(['br', 'hr', 'img']);
type Test = (value: string) => boolean;
const known: ReadonlySet<string> = new Set(Object.values(styles));
const style: Test = (value) => known.has(value);
const like =
  (pattern: RegExp): Test =>
  (value) =>
    pattern.test(value);
const span = like(/^[1-9]\d?$/u);
const cell = { style, class: like(/^rule$/u), colspan: span, rowspan: span };

/** The allowed elements, and the form of each one's attributes. */
const elements = new Map<string, Record<string, Test>>(
  Object.entries({
    div: { style },
    br: {},
    hr: {},
    b: {},
    i: {},
    u: {},
    s: {},
    sub: {},
    sup: {},
    span: { style, class: like(/^dim$/u) },
    ul: { style },
    ol: { style, start: like(/^\d{1,4}$/u) },
    li: {},
    table: { style },
    tbody: {},
    tr: {},
    td: cell,
    th: cell,
    a: { href: like(/^https?:\/\/[^\s"'<>]{1,2000}$/u) },
    img: {
      src: like(/^cid:[0-9a-f]{32}@kticket$/u),
      alt: like(/^[^<>]{0,200}$/u),
      width: like(/^\d{1,3}$/u),
      style,
    },
  }),
);

/**
 * True if HTML consists of the few elements allowed for a client's words in our mails: each with no attributes but those
 * listed here and closed by its own end tag, and parts of tables only in tables.
 */
export function isSafeHtml(html: string): html is SafeHtml {
  const open: string[] = [];
  let closed = 0;
  let safe = true;
  const refuse = (): void => {
    safe = false;
  };
  const parser = new Parser(
    {
      onopentag(tag, attributes, isImplied) {
        const element = elements.get(tag);
        const parent = open.at(-1) ?? 'div';
        const fits = parents[tag]?.includes(parent) ?? !onlyParts.has(parent);
        const right = Object.entries(attributes).every(([name, value]) => element?.[name]?.(value) === true);
        if (element === undefined || isImplied || !fits || !right) refuse();
        open.push(tag);
      },
      ontext(text) {
        if (onlyParts.has(open.at(-1) ?? '') && text.trim() !== '') refuse();
      },
      onclosetag(tag, isImplied) {
        if (!isImplied) closed++;
        if (open.pop() !== tag || (isImplied && !voids.has(tag))) refuse();
      },
      oncomment: refuse,
      onprocessinginstruction: refuse,
      oncdatastart: refuse,
    },
    { decodeEntities: true },
  );
  parser.end(html);
  // an end tag of nothing is passed over in silence
  return safe && open.length === 0 && closed === html.split('</').length - 1;
}
