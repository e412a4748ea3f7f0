/** A browser says which words of an HTML mail are seen; what is read of the mail is held to it. */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { extractReply } from '../../../src/core/reply/reply.ts';
import { chromiumAvailable } from '../../harness/servers.ts';
import { openPage, startBrowser } from '../../pictures/browser.ts';

const colours = ['#ffffff', '#111111', 'white', 'rgb(17,17,17)', 'transparent', '#c00000'];
const look = fc.oneof(
  fc.constantFrom(
    'display:none',
    'display:block',
    'visibility:hidden',
    'visibility:visible',
    'opacity:0',
    'opacity:1',
  ),
  fc.constantFrom(
    'font-size:0',
    'font-size:13px',
    'font-size:0.9em',
    'font-size:120%',
    'font:12px/1.5 Arial',
  ),
  fc.constantFrom(...colours).map((colour) => `color:${colour}`),
  fc.constantFrom(...colours).map((colour) => `background:${colour}`),
  fc.constantFrom(...colours).map((colour) => `background-color:${colour}`),
);
/** In a style sheet it would squeeze the page itself. */
const place = fc.constantFrom(
  'max-height:0',
  'overflow:hidden',
  'text-indent:-9999px',
  'position:absolute;left:-9999px',
  'left:-9999px',
);
const blockOf = (declaration: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(declaration, fc.constantFrom('', '', '', ' !important')), { minLength: 1, maxLength: 3 })
    .map((all) => all.map(([one, important]) => one + important).join(';'));
const selector = fc.constantFrom(
  'p',
  'div',
  'span',
  '.a',
  '.b',
  'p.a',
  'div.b',
  '#i',
  '*',
  'body',
  '.a .b',
  'div > p',
  '.a:first-child',
);
const rule = fc.record({
  selectors: fc.array(selector, { minLength: 1, maxLength: 2 }),
  block: blockOf(look),
});
const group = fc.constantFrom(
  '',
  '',
  '',
  '@media screen',
  '@media (min-width:300px)',
  '@media (max-width:300px)',
  '@media print',
);
const sheet = fc.array(fc.record({ rule, group }), { maxLength: 5 }).map((all) =>
  all
    .map(({ rule: { selectors, block: said }, group: media }) => {
      const written = `${selectors.join(',')}{${said}}`;
      return media === '' ? written : `${media}{${written}}`;
    })
    .join('\n'),
);

type Tree = { tag: string; classes: string; id: boolean; style: string; children: Tree[] };
const treeOf = (children: fc.Arbitrary<Tree[]>): fc.Arbitrary<Tree> =>
  fc.record({
    tag: fc.constantFrom('div', 'p', 'span'),
    classes: fc.constantFrom('', '', 'a', 'b', 'a b'),
    id: fc.integer({ max: 9, min: 0 }).map((n) => n === 0),
    style: fc.option(blockOf(fc.oneof(look, place)), { nil: '', freq: 2 }),
    children,
  });
const leaf = treeOf(fc.constant([]));
const branch = treeOf(fc.array(leaf, { maxLength: 2 }));
const tree = treeOf(fc.array(branch, { maxLength: 2 }));

/** A document in which every element begins with a word of its own. */
function documentOf(rules: string, trees: Tree[]): string {
  let count = 0;
  const element = ({ tag, classes, id, style, children }: Tree): string => {
    count += 1;
    const attributes = [
      classes === '' ? '' : ` class="${classes}"`,
      id ? ' id="i"' : '',
      style === '' ? '' : ` style="${style}"`,
    ].join('');
    // no paragraph holds another
    const name = tag === 'p' && children.length > 0 ? 'div' : tag;
    return `<${name}${attributes}>parola${count}x ${children.map(element).join('')}</${name}>`;
  };
  return `<html><head><style>${rules}</style></head><body>${trees.map(element).join('')}</body></html>`;
}

const script = readFileSync(new URL('../../pictures/page/page.js', import.meta.url), 'utf8');
const wordsOf = (text: string): string[] => text.match(/parola\d+x/gu) ?? [];

describe.skipIf(!chromiumAvailable())('beside what a browser shows', () => {
  it('every word that is seen is read, and one that is not seen is read only where it commands nothing', {
    timeout: 300_000,
  }, async () => {
    const browser = await startBrowser();
    try {
      const page = await openPage(browser, 800);
      await fc.assert(
        fc.asyncProperty(sheet, fc.array(tree, { minLength: 1, maxLength: 3 }), async (rules, trees) => {
          const html = documentOf(rules, trees);
          await page.setContent(html);
          const shown: unknown = await page.evaluate(`${script}\nseenTexts()`);
          const seen = z.array(z.string()).parse(shown).flatMap(wordsOf);
          const reply = extractReply({ text: null, html, subject: 'La stampante', isReply: false });
          const read = wordsOf(reply.text);
          const mistaken = {
            'seen and not read': seen.filter((word) => !read.includes(word)),
            'read and not seen': reply.hiddenText ? [] : read.filter((word) => !seen.includes(word)),
          };
          expect(mistaken).toEqual({ 'seen and not read': [], 'read and not seen': [] });
        }),
        { numRuns: Number(process.env['KTICKET_RUNS'] ?? 150) },
      );
    } finally {
      await browser.close();
    }
  });
});
