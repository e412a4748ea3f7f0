import { isSafeHtml } from './safe-check.ts';
import { type Mark, writeHtml } from './safe-writer.ts';
import type { Cut, Reply } from '../message/reply.ts';
import type { RichHtml, Pictures } from '../message/rich-html.ts';
import { lettersOf } from '../letters/text.ts';

/** Longer HTML is not examined: what may be shown is far shorter, and htmlparser2 takes superlinear time for deep nesting. */
const most = { characters: 400_000, tags: 15_000 };
/** Longer HTML is not shown: Gmail clips a mail beyond 102 KB. */
const longest = 60_000;
/** Without one of these HTML says no more than its text. */
const richer = /<(?:table|ul|ol|b|strong|i|em|u|h[1-6]|img)\b|font-(?:weight|style)|text-decoration/i;
/** What is quoted or passed on, or a server put on top, was cut from the text; shown as HTML it would come back. */
const others = new Set<Cut['reason']>([
  'quote',
  'html_quote',
  'attribution',
  'header_block',
  'forwarded',
  'marker',
  'banner',
]);

/**
 * A client's HTML for staff, where it says more than the text that was read of it: tables, lists, pictures, emphasis. Nothing of
 * the client's but text, web links and their own pictures gets in: every element is written anew in a small vocabulary of our
 * own, and what was written is read once more against a list of its own (`safe-check.ts`). Bounded by its length.
 *
 * Written on htmlparser2: sanitize-html in front of it took away what is not written anyway, at the price of a second parse
 * and 30 files; what staff see (lined tables, links with their targets, marks of what the text lacks) it cannot make.
 * @param html as it came
 * @param reply what was read of the same mail
 * @param pictures the mail's own that may be shown, by Content-ID
 * @returns null if the text alone says it as well, or something speaks against showing more
 */
export function safeHtml(html: string, reply: Reply, pictures: Pictures): RichHtml | null {
  if (!mayBeShown(html, reply)) return null;
  const { written, letters, marks } = writeHtml(html, pictures);
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

function mayBeShown(html: string, reply: Reply): boolean {
  if (reply.hiddenText || reply.forwarded !== null) return false;
  if (html.length > most.characters || html.split('<').length > most.tags) return false;
  return richer.test(html) && !reply.cuts.some(({ reason }) => others.has(reason));
}

/** True if a mark stands within the client's own words, and is therefore no part of a signature's design. */
function saysMore(mark: Mark, start: number, length: number): boolean {
  const end = start + length;
  if (mark.what === 'picture') return mark.from >= start && mark.from <= end;
  const { what, from, to } = mark;
  // all of it in bold stresses nothing
  const longestMark = what === 'emphasis' ? length / 2 : length + 1;
  return from >= start && to <= end && to > from && to - from < longestMark;
}
