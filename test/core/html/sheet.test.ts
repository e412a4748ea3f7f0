import { describe, expect, test } from 'vitest';
import { costsTooMuch, noSheet, readSheets, styleOf } from '../../../src/core/html/sheet.ts';
import { extractReply } from '../../../src/core/reply/reply.ts';
import { renderHtml } from '../../../src/core/html/render.ts';

const everywhere = (name: string): boolean => name !== '.nowhere';
const replyOf = (html: string) => extractReply({ text: null, html, subject: 'x', isReply: false });

/** Rules that may hold for any <b>, each with what hides text. */
const maybe = (count: number, hides: string): string =>
  Array.from({ length: count }, (_, i) => `b:nth-child(${i + 1}){${hides};top:${i}px}`).join('');
const costly = (elements: number, style = ''): string =>
  `<style>${maybe(90, 'opacity:.1;left:0')}${style}</style>${Array.from(
    { length: elements },
    (_, i) => `<b class=c${i} style="top:${i}px">x</b>`,
  ).join('')}`;

describe('a style sheet', () => {
  test('is asked once for all elements of one tag and the same names', () => {
    const sheet = readSheets(`<style>${maybe(90, 'opacity:.1')}.a .b{color:red}</style>`);
    const element = { tag: 'b', attributes: new Map([['class', 'a b']]), isBlock: false };
    styleOf(sheet, element, everywhere);
    const first = sheet.steps;
    styleOf(sheet, element, everywhere);
    const again = sheet.steps - first;
    for (let i = 0; i < 1_000; i += 1) styleOf(sheet, element, everywhere);
    expect(sheet.steps - first).toBe(again * 1_001);
    expect(again).toBeLessThan(100);
    expect(costsTooMuch(sheet)).toBe(false);
  });

  test('of a newsletter, with dozens of rules for small screens, costs a small part of what it may', () => {
    const rules = Array.from(
      { length: 120 },
      (_, i) => `.col-${i % 12} td,.m${i}{width:100%!important;display:block}`,
    );
    const sheet = readSheets(`<style>@media (max-width:600px){${rules.join('')}} td{font-size:14px}</style>`);
    for (let i = 0; i < 3_000; i += 1) {
      const attributes = new Map([
        ['class', `m${i % 120}`],
        ['style', 'padding:4px;color:#333'],
      ]);
      styleOf(sheet, { tag: 'td', attributes, isBlock: true }, everywhere);
    }
    expect(sheet.steps).toBeLessThan(1_000_000);
    expect(costsTooMuch(sheet)).toBe(false);
  });

  test('keeps only what says how text is shown', () => {
    const sheet = readSheets(
      '<style>p{padding:1px;border:0;content:"x"} b{display:none;cursor:none}</style>',
    );
    expect([...sheet.rules.keys()]).toEqual(['b']);
    expect([...(sheet.rules.get('b')?.certain.keys() ?? [])]).toEqual(['display']);
  });

  test('that costs more than it can hide is dropped: all text is read, doubted, and that is said', () => {
    const html = costly(40_000, '.hid{display:none}');
    const rendered = renderHtml(`<p class=hid>chiudere</p><p>buongiorno</p>${html}`);
    expect(rendered.unstyled).toBe(true);
    expect(rendered.lines.map(({ raw }) => raw).slice(0, 3)).toEqual(['chiudere', '', 'buongiorno']);
    expect(rendered.hiddenAt).toContain(0);
    expect(replyOf(html)).toMatchObject({ unstyled: true, hiddenText: true });
    expect(replyOf(costly(40)).unstyled).toBe(false);
  });

  test('that names what stands around an element counts each name it asks for', () => {
    const within = Array.from({ length: 80 }, (_, i) => `.a${i}`).join(' ');
    const rules = Array.from({ length: 100 }, (_, i) => `${within} .x${i} b{color:#${100 + i}}`).join('');
    const sheet = readSheets(`<style>${rules}</style>`);
    styleOf(sheet, { tag: 'b', attributes: new Map(), isBlock: false }, everywhere);
    expect(sheet.steps).toBeGreaterThan(80 * 100);
  });

  test('where there is none, nothing is asked', () => {
    const sheet = noSheet();
    styleOf(sheet, { tag: 'b', attributes: new Map([['class', 'a b c']]), isBlock: false }, everywhere);
    expect(sheet.steps).toBe(0);
  });
});

test('of HTML with more lines than are read the beginning is read, and that is said', () => {
  const reply = replyOf(`primo<br>${'x<br>'.repeat(60_000)}ultimo`);
  expect(reply.htmlCut).toBe(true);
  expect(reply.text.startsWith('primo\nx\n')).toBe(true);
  expect(reply.text).not.toContain('ultimo');
  expect(replyOf(`primo<br>${'x<br>'.repeat(1_000)}ultimo`)).toMatchObject({ htmlCut: false });
});
