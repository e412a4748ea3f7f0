/** Visibility of text in an HTML mail, as a browser shows it: visible text is never lost, hidden text never commands. */
import { describe, expect, test } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';
import type { Warning } from '../../../src/core/words/warnings.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';
import type { Reply } from '../../../src/core/message/reply.ts';

const replyOf = (html: string, text: string | null = null): Reply =>
  extractReply({ text, html, subject: 'La stampante', isReply: false });

const seen = 'Il server è giù';
const dark = '<style>.scuro{background:#111}</style>';

describe('what is seen is read', () => {
  test.each([
    [
      'a size within none, as MJML lays pages out',
      `<td style="font-size:0px;padding:9px"><div style="font-size:13px">${seen}</div></td>`,
    ],
    ['a size in em', `<span style="font-size:0.9em">${seen}</span>`],
    ['a size in per cent', `<span style="font-size:85%">${seen}</span>`],
    ['a size in the shorthand', `<div style="font-size:0"><p style="font:13px/1.5 Arial">${seen}</p></div>`],
    [
      'made visible within what is not',
      `<div style="visibility:hidden"><p style="visibility:visible">${seen}</p></div>`,
    ],
    [
      'white on a dark page of a style sheet',
      `<style>body{background:#111}</style><p style="color:white">${seen}</p>`,
    ],
    [
      'the same with a body',
      `<html><head><style>body{background:#111;color:#fff}</style></head><body><p>${seen}</p></body></html>`,
    ],
    ['white in a dark class', `${dark}<div class="scuro"><p style="color:#fff">${seen}</p></div>`],
    [
      'white in a dark class of one tag',
      `<style>td.scuro{background-color:#123}</style><table><tr><td class="scuro"><font color="#ffffff">${seen}</font></td></tr></table>`,
    ],
    [
      'white on a picture',
      `<td style="background:url(https://x.example/a.png)"><span style="color:#fff">${seen}</span></td>`,
    ],
    [
      'white on a gradient',
      `<td style="background-image:linear-gradient(#000,#fff)"><span style="color:#fff">${seen}</span></td>`,
    ],
    [
      'a class that its own attribute shows',
      `<style>.x{display:none}</style><p class="x" style="display:block">${seen}</p>`,
    ],
    [
      'a class that a later rule shows',
      `<style>.x{display:none} .x{display:block}</style><p class="x">${seen}</p>`,
    ],
    [
      'a class that a more special rule shows',
      `<style>p.x{display:block} .x{display:none}</style><p class="x">${seen}</p>`,
    ],
    ['hidden on paper only', `<style>@media print{p{display:none}}</style><p>${seen}</p>`],
    [
      'dark on dark in a dark room only',
      `<style>@media (prefers-color-scheme:dark){body{background:#111} p{color:#111}}</style><p>${seen}</p>`,
    ],
    [
      'a rule of a style sheet in a comment',
      `<!--[if mso]><style>p{display:none}</style><![endif]--><p>${seen}</p>`,
    ],
    [
      'a rule in a comment of a style sheet',
      `<style>/* p{display:none} */ p{margin:0}</style><p>${seen}</p>`,
    ],
    ['a rule for text before it', `<style>p:before{display:none}</style><p>${seen}</p>`],
    ['an attribute that a style undoes', `<p hidden style="display:block">${seen}</p>`],
    ['what is hidden within something else', `<style>.a .b{display:none}</style><p class="b">${seen}</p>`],
    [
      'cells of some other kind that are hidden',
      `<style>td[align=right]{display:none}</style><table><tr><td>${seen}</td></tr></table>`,
    ],
    ['some other div that is hidden', `<style>.menu div{display:none}</style><div>${seen}</div>`],
  ])('%s', (_, html) => {
    expect(replyOf(`${html}<p>fine</p>`)).toMatchObject({
      text: expect.stringContaining(seen),
      hiddenText: false,
      leavesOut: false,
    });
  });
});

describe('what may be seen is read, and commands nothing', () => {
  test.each([
    [
      'a dark background of some elements',
      `<style>.a .b{background:#111}</style><div class="a"><div class="b"><p style="color:#fff">${seen}</p></div></div>`,
    ],
    [
      'a dark background on some screens',
      `<style>@media (min-width:500px){.b{background:#111}}</style><div class="b"><p style="color:#fff">${seen}</p></div>`,
    ],
    [
      'hidden on some screens',
      `<style>@media (max-width:500px){.b{display:none}}</style><p class="b">${seen}</p>`,
    ],
    [
      'hidden in some elements',
      `<style>.a .b{display:none}</style><div class="a"><p class="b">${seen}</p></div>`,
    ],
    [
      'hidden by what its class attribute says',
      `<style>[class~="b"]{display:none}</style><p class="b">${seen}</p>`,
    ],
    ['hidden from Outlook', `<p style="mso-hide:all">${seen}</p>`],
    ['a height of none that cuts nothing off', `<div style="max-height:0">${seen}</div>`],
    ['hardly opaque', `<div style="opacity:0.1">${seen}</div>`],
    ['far away, but not placed', `<div style="left:-9999px">${seen}</div>`],
  ])('%s', (_, html) => {
    expect(replyOf(`${html}<p>fine</p>`)).toMatchObject({
      text: expect.stringContaining(seen),
      sure: false,
      hiddenText: true,
      leavesOut: false,
    });
  });
});

describe('what is not seen is left out, which is said', () => {
  const sheet = (rule: string): string =>
    `<html><head><style>${rule}</style></head><body><p class="x">${seen}</p>`;
  test.each([
    ['no display', `<p style="display:none">${seen}</p>`],
    ['no size', `<span style="font-size:0">${seen}</span>`],
    [
      'no size in parts of another',
      `<div style="font-size:0"><span style="font-size:2em">${seen}</span></div>`,
    ],
    ['no size in the shorthand', `<span style="font:0/0 a">${seen}</span>`],
    ['a pixel', `<span style="font-size:1px">${seen}</span>`],
    ['no height that cuts off', `<div style="max-height:0;overflow:hidden">${seen}</div>`],
    ['far away', `<div style="position:absolute;left:-9999px">${seen}</div>`],
    ['white on white', `<p style="color:#fff">${seen}</p>`],
    ['dark in a dark class', `${dark}<div class="scuro"><p style="color:#111111">${seen}</p></div>`],
    ['a class, in the head', sheet('.x{display:none}')],
    [
      'a class over a style',
      sheet('.x{display:none !important}').replace('class="x"', 'class="x" style="display:block"'),
    ],
    ['a tag', sheet('p{font-size:0}')],
    ['a sheet that follows', `<p class="x">${seen}</p><style>.x{visibility:hidden}</style>`],
    ['a sheet within a comment of old', sheet('<!-- .x{opacity:0} -->')],
    ['everything for screens', sheet('@media screen{.x{display:none}}')],
  ])('%s', (_, html) => {
    const reply = replyOf(`${html}<div style="display:block;font-size:12px;color:#000">fine</div>`);
    expect(reply).toMatchObject({
      text: 'fine',
      strict: 'fine',
      sure: false,
      hiddenText: true,
      leavesOut: true,
    });
  });

  test('not where the mail says it elsewhere, as a preview does', () => {
    const html = `<div style="display:none">${seen}</div><p>${seen}, da ieri.</p>`;
    expect(replyOf(html)).toMatchObject({ text: `${seen}, da ieri.`, hiddenText: true, leavesOut: false });
    const beside = replyOf(`<p>fine</p><p style="display:none">${seen}</p>`, `fine\n\n${seen}`);
    expect(beside).toMatchObject({ hiddenText: true, leavesOut: false });
  });
});

test.each([
  `<div style="display:none">${seen}</div>`,
  `<p style="color:#fff">${seen}</p>`,
  `<div style="font-size:0">${seen}</div><p>&nbsp;</p>`,
])('a mail that hides all its text is read, and commands nothing: %s', (html) => {
  expect(replyOf(html)).toMatchObject({ text: seen, whole: seen, hiddenText: true, leavesOut: false });
});

/** The warnings of a mail whose body this is. */
async function warningsOf(html: string): Promise<Warning[]> {
  const raw = `From: Anna <anna@rossi.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}`;
  return (await parseMessage(Buffer.from(raw))).warnings;
}

test('staff are told that text was left out', async () => {
  expect(await warningsOf(`<p>fine</p><p style="display:none">${seen}</p>`)).toEqual([
    { kind: 'hidden_text' },
  ]);
  expect(await warningsOf(`<p>fine</p><p style="font-size:.9em">${seen}</p>`)).toEqual([]);
});

/** An answer in HTML above the quote of what it answers. */
function answer(own: string): Reply {
  const html = `${own}<p>Il 24/11/2026 10:15, Assistenza ha scritto:</p><blockquote type="cite"><p>Non stampa.</p></blockquote>`;
  return extractReply({ text: null, html, subject: 'Re: La stampante', isReply: true });
}

test('what hides right above a quote is its writer’s, and commands nothing', () => {
  const hidden = answer('<p style="color:#fff">chiudere</p>');
  expect(hidden).toMatchObject({ guessed: true, strict: '', hiddenText: true });
  expect(hidden.text).not.toContain('chiudere');
  expect(answer('<p>chiudere</p>')).toMatchObject({ text: 'chiudere', hiddenText: false });
});
