import sanitizeHtml from 'sanitize-html';
import { isTight, skipped } from './elements.ts';
import { declarations, readStyle } from './style.ts';
import { mayBeShown } from './may-be-shown.ts';
import { isSafeHtml } from './safe-check.ts';
import { type Mark, writeHtml } from './safe-writer.ts';
import type { Reply } from '../message/reply.ts';
import type { RichHtml, Pictures } from '../message/rich-html.ts';
import { lettersOf } from '../letters/text.ts';

/** Longer HTML is not shown: Gmail clips a mail beyond 102 KB. */
const longest = 60_000;

/**
 * A client's HTML for staff, where it says more than the text that was read of it: tables, lists, pictures, emphasis. Twice over
 * nothing else is left of it: an allow-list takes away what may do anything, then every element is written anew in a small
 * vocabulary of our own, with no attribute of the client's but the targets of web links, and in a structure that no end tag can
 * leave. Bounded by its length.
 * @param html as it came
 * @param reply what was read of the same mail
 * @param pictures the mail's own that may be shown, by Content-ID
 * @returns null where the text alone says it as well, or something speaks against showing more
 */
export function safeHtml(html: string, reply: Reply, pictures: Pictures): RichHtml | null {
  if (!mayBeShown(html, reply)) return null;
  const { written, letters, marks } = writeHtml(sanitizeHtml(html, allowed), pictures);
  const own = lettersOf(reply.text);
  const at = letters.indexOf(own);
  // what the text says must all be there
  if (at < 0 || !marks.some((mark) => saysMore(mark, at, own.length))) return null;
  if (written.length > longest || !isSafeHtml(written)) return null;
  const shown = marks.flatMap((mark) =>
    mark.what === 'picture' && saysMore(mark, at, own.length)
      ? [{ name: mark.name, after: mark.from - at }]
      : [],
  );
  return { html: written, pictures: shown };
}

/** True if an element stands among the client's own words, and is therefore no part of a signature's design. */
function saysMore(mark: Mark, start: number, length: number): boolean {
  const end = start + length;
  if (mark.what === 'picture') return mark.from >= start && mark.from <= end;
  const { what, from, to } = mark;
  // all of it in bold stresses nothing
  const longestMark = what === 'emphasis' ? length / 2 : length + 1;
  return from >= start && to <= end && to > from && to - from < longestMark;
}

/** An element's style, in the only words that are kept. */
function keptStyle(tag: string, attributes: Record<string, string>): string {
  const style = declarations(attributes['style'] ?? '');
  const shown = readStyle(style, true);
  const valueOf = (property: string): string => style.get(property)?.value ?? '';
  // of a mail that hides text nothing is shown; what has no size here has it further in
  if (shown.hidden === 'yes' || shown.visible === false || attributes['hidden'] !== undefined)
    return 'hidden';
  const decoration = `${valueOf('text-decoration')} ${valueOf('text-decoration-line')}`;
  const border = /\b(?:solid|double|inset|outset|ridge)\b/u.test(
    [...style].flatMap(([name, { value }]) => (name.startsWith('border') ? [value] : [])).join(' '),
  );
  return [
    /^(?:bold|bolder|[6-9]00)$/u.test(valueOf('font-weight')) ? 'bold' : '',
    /^(?:italic|oblique)$/u.test(valueOf('font-style')) ? 'italic' : '',
    tag !== 'a' && decoration.includes('underline') ? 'underline' : '',
    shown.struck ? 'struck' : '',
    isTight(tag, new Map(Object.entries(attributes))) ? 'tight' : '',
    border || (tag === 'table' && /^[1-9]/u.test(attributes['border'] ?? '')) ? 'lined' : '',
  ]
    .filter((word) => word !== '')
    .join(' ');
}

const allowed: sanitizeHtml.IOptions = {
  allowedTags: [
    'p div br hr span font pre blockquote center h1 h2 h3 h4 h5 h6 ul ol li dl dt dd',
    'b strong i em u s strike del sub sup code tt table thead tbody tfoot tr td th a img',
  ].flatMap((names) => names.split(' ')),
  // what `keptStyle` says of each element travels to the writer in its `title`
  allowedAttributes: {
    '*': ['title'],
    a: ['href'],
    img: ['src', 'alt', 'width'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
    ol: ['start'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['cid'] },
  allowProtocolRelative: false,
  parseStyleAttributes: false,
  nonTextTags: [...skipped, 'textarea', 'option', 'xmp', 'plaintext'],
  nestingLimit: 60,
  transformTags: {
    '*': (tagName, attributes) => ({
      tagName,
      attribs: { ...attributes, title: keptStyle(tagName, attributes) },
    }),
  },
  exclusiveFilter: ({ attribs }) => attribs['title'] === 'hidden',
};
