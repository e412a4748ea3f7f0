import type { Attributes } from './style.ts';

/** Elements that hold nothing and have no end tag. */
export const voids = new Set([
  'br',
  'hr',
  'img',
  'input',
  'meta',
  'link',
  'area',
  'base',
  'col',
  'embed',
  'source',
  'track',
  'wbr',
  'basefont',
  'param',
]);
/** Elements whose text is no text of the mail. */
export const skipped = new Set([
  'script',
  'style',
  'head',
  'title',
  'template',
  'desc',
  'metadata',
  'defs',
  'symbol',
  'math',
  'iframe',
  'xml',
  'noembed',
  'noframes',
]);
/** Elements that begin and end a line. */
export const blocks = new Set([
  'div',
  'p',
  'table',
  'tr',
  'ul',
  'ol',
  'li',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'pre',
  'section',
  'article',
  'header',
  'footer',
  'main',
  'aside',
  'nav',
  'center',
  'form',
  'fieldset',
  'dl',
  'dt',
  'dd',
  'address',
  'figure',
  'figcaption',
  'caption',
  'tbody',
  'thead',
  'tfoot',
  'body',
  'html',
  'hr',
  'details',
  'dialog',
  'noscript',
  'summary',
]);
/** Elements with a blank line around them. */
export const spaced = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'dl',
  'pre',
  'blockquote',
]);
/** Elements that an opening tag closes if they are the innermost open ones. */
export const impliedEnds: Record<string, string[]> = {
  li: ['li', 'p'],
  p: ['p'],
  div: ['p'],
  table: ['p'],
  ul: ['p'],
  ol: ['p'],
  blockquote: ['p'],
  td: ['td', 'th'],
  th: ['td', 'th'],
  tr: ['td', 'th', 'tr'],
  dt: ['dt', 'dd'],
  dd: ['dt', 'dd'],
  option: ['option'],
};
/** The number an ordered list begins with. */
export function startOf(attributes: Attributes): number {
  const start = Number.parseInt(attributes.get('start') ?? '1', 10);
  return Number.isSafeInteger(start) ? start : 1;
}

/** Paragraphs that are lines: Outlook's, and those with no margin. */
export function isTight(tag: string, attributes: Attributes): boolean {
  if (tag !== 'p') return false;
  const style = (attributes.get('style') ?? '').toLowerCase().replace(/\s/gu, '');
  return (
    /mso|plaintext/iu.test(attributes.get('class') ?? '') || /margin(?:-top|-bottom)?:0|margin:0/u.test(style)
  );
}

/** Text as HTML writes it, between tags and within quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;');
}
