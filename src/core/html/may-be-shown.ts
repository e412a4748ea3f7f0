import type { Cut, Reply } from '../message/reply.ts';
/** Longer HTML is not examined: what may be shown is far shorter, and htmlparser2 takes superlinear time for deep nesting. */
const most = { characters: 400_000, tags: 15_000 };
/** Without one of these HTML says no more than its text. */
const richer = /<(?:table|ul|ol|b|strong|i|em|u|h[1-6]|img)\b|font-(?:weight|style)|text-decoration/i;
/** Reasons for cutting a quote, a forwarded mail or a server's banner from the text: shown as HTML, they would come back. */
const others = new Set<Cut['reason']>([
  'quote',
  'html_quote',
  'attribution',
  'header_block',
  'forwarded',
  'marker',
  'banner',
]);

/** True if a mail's HTML may be shown to staff and may say more than the text read from it. Checked before `safeHtml`. */
export function mayBeShown(html: string, reply: Reply): boolean {
  if (reply.hiddenText || reply.forwarded !== null) return false;
  if (html.length > most.characters || html.split('<').length > most.tags) return false;
  return richer.test(html) && !reply.cuts.some(({ reason }) => others.has(reason));
}
