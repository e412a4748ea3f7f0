import * as fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { describe, expect, it, test } from 'vitest';
import { pictureId } from '../../../src/core/message/attachments.ts';
import { extractReply } from '../../../src/core/reply/reply.ts';
import { isSafeHtml } from '../../../src/core/html/safe-check.ts';
import { safeHtml } from '../../../src/core/html/safe.ts';
import { attacks } from './attacks.ts';
import { runs } from '../../harness/runs.ts';

const id = pictureId('ab'.repeat(32));
const pictures = new Map([
  ['foto@rossi.example', { cid: id, name: 'foto.png' }],
  ['disegno@rossi.example', { cid: null, name: 'disegno.svg' }],
]);
const nothingSaid = extractReply({ text: '', html: null, subject: '', isReply: false });
/** A picture of its own makes that the rest is shown too, whatever it is. */
const shown = (html: string): string | null =>
  safeHtml(`<img src="cid:foto@rossi.example">${html}`, nothingSaid, pictures)?.html ?? null;
/** HTML shown to staff for a mail with this HTML and this text. */
const shownOf = (html: string, text: string | null = null, isReply = false): string | null =>
  safeHtml(html, extractReply({ text, html, subject: 'La stampante', isReply }), pictures)?.html ?? null;

const tags = new Set('div br hr b i u s sub sup span ul ol li table tbody tr td th a img'.split(' '));
const styleWords =
  /^(?:(?:margin|padding|border|border-left|border-collapse|font-size|font-family|color|text-align|vertical-align|white-space|max-width|height):[\w #.%-]+;)*$/;

const attributes: Record<string, (tag: string, value: string) => boolean> = {
  // an @ names somebody before the host alone, and is a letter like others behind it
  href: (tag, value) => tag === 'a' && /^https?:\/\/[^@/?#\s]+(?:[/?#]\S*)?$/.test(value),
  src: (tag, value) => tag === 'img' && value === `cid:${id}`,
  style: (_, value) => styleWords.test(value),
  class: (_, value) => /^(?:rule|dim)$/.test(value),
  alt: (tag) => tag === 'img',
  width: (tag, value) => tag === 'img' && /^\d+$/.test(value),
  start: (tag, value) => tag === 'ol' && /^\d+$/.test(value),
  colspan: (tag, value) => /^t[dh]$/.test(tag) && /^\d+$/.test(value),
  rowspan: (tag, value) => /^t[dh]$/.test(tag) && /^\d+$/.test(value),
};
const inTables: Record<string, string[]> = {
  td: ['tr'],
  th: ['tr'],
  tr: ['table', 'tbody'],
  tbody: ['table'],
};
const onlyParts = ['table', 'tbody', 'tr'];

/** Harm in HTML, by an independent reading: elements, attributes, parts of tables out of place, unclosed elements. */
function harmIn(html: string): string[] {
  const harm: string[] = [];
  const open: string[] = [];
  const parser = new Parser({
    onopentag(tag, given) {
      if (!tags.has(tag)) harm.push(`<${tag}>`);
      for (const [name, value] of Object.entries(given))
        if (attributes[name]?.(tag, value) !== true) harm.push(`${tag} ${name}="${value}"`);
      const parent = open.at(-1) ?? '';
      if (!(inTables[tag]?.includes(parent) ?? !onlyParts.includes(parent)))
        harm.push(`<${tag}> in <${parent}>`);
      open.push(tag);
    },
    ontext(text) {
      if (onlyParts.includes(open.at(-1) ?? '') && text.trim() !== '') harm.push(`text in <${open.at(-1)}>`);
    },
    onclosetag(tag, isImplied) {
      if (open.pop() !== tag || (isImplied && !['br', 'hr', 'img'].includes(tag))) harm.push(`no </${tag}>`);
    },
    oncomment: (comment) => harm.push(`<!--${comment}-->`),
    onprocessinginstruction: (name) => harm.push(`<${name}>`),
  });
  parser.end(html);
  return [...harm, ...open];
}

describe('what is shown of a client’s HTML can do nothing, whatever it holds', () => {
  it.each(Object.entries(attacks))('%s', (_, attack) => {
    const html = shown(`${attack}<p>dopo</p>`);
    expect(harmIn(html ?? '')).toEqual([]);
    expect(html ?? '').not.toMatch(/kybernes\.example\?|%2B|<[^>]*pwned/);
  });

  it('with attacks broken, mixed and nested at random', () => {
    const piece = fc.oneof(
      fc.constantFrom(...Object.values(attacks).filter((attack) => attack.length < 300)),
      fc
        .tuple(fc.constantFrom(...Object.values(attacks)), fc.nat(200), fc.nat(200))
        .map(([attack, a, b]) => attack.slice(Math.min(a, b), Math.max(a, b))),
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '/',
        '=',
        '&',
        '&lt',
        '&#x3c;',
        '<!--',
        '-->',
        '</',
        '<b',
        ' x ',
        '\0',
      ),
      fc.constantFrom(
        '<table>',
        '</table>',
        '<tr>',
        '<td>',
        '</td>',
        '<th colspan=99>',
        '<tbody>',
        '<ul>',
        '<li>',
        '</ul>',

        '<p>',
        '</p>',
        '<div title="hidden">',
        '</div>',
        '<a href="https://a.example/?x=%22&y">',
        '</a>',
        '<svg>',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        expect(harmIn(shown(pieces.join('')) ?? '')).toEqual([]);
      }),
      { numRuns: runs(1500) },
    );
  });

  it('or it is not shown: what was made is read once more before it counts as safe', () => {
    expect(isSafeHtml('<div>x</div>')).toBe(true);
    const others = [
      '<div>x',
      '<p>x</p>',
      '<div onclick="x">x</div>',
      '<div style="position:fixed">x</div>',
      '<td>x</td>',
      '<table><div>x</div></table>',
      '<table>x</table>',
      '<a href="mailto:a@b.example">x</a>',
      '<img src="https://a.example/x.png">',
      '<!-- x --><div>x</div>',
      '</div><div>x</div>',
    ];
    expect(others.filter((html) => isSafeHtml(html))).toEqual([]);
  });
});

describe('a client’s HTML is shown where it says more than the text', () => {
  const table =
    '<table><tr><td>Ordini</td><td>HP M404</td></tr><tr><td>Magazzino</td><td>Zebra ZD421</td></tr></table>';

  test.each([
    ['a table', `<div>Non stampano:</div>${table}<div>Grazie</div>`],
    [
      'a link with an @ in its path',
      '<div>Seguo questa <b>guida</b> <a href="https://medium.example/@nome/guida">qui</a></div>',
    ],
    ['a list', '<div>Non stampano:</div><ul><li>HP M404</li><li>Zebra</li></ul>'],
    ['emphasis', '<div>La stampante <b>nuova</b> non stampa</div>'],
    ['emphasis by style', '<div>La stampante <span style="font-weight: 700">nuova</span> non stampa</div>'],
    [
      'a picture between lines',
      '<div>Compare questo:</div><img src="cid:foto@rossi.example"><div>Grazie</div>',
    ],
    ['a heading', '<h2>Richiesta urgente</h2><div>La stampante nuova non stampa più da stamattina</div>'],
  ])('%s', (_, html) => {
    expect(shownOf(html)).not.toBeNull();
  });

  test.each([
    ['plain lines', '<div dir="ltr">La stampante non stampa<div><br></div><div>Grazie</div></div>'],
    ['all of it in bold', '<div><b>La stampante non stampa. Grazie</b></div>'],
    [
      'a table that only lays out',
      '<table><tr><td><div>La stampante</div></td></tr><tr><td>non stampa</td></tr></table>',
    ],
    [
      'emphasis and pictures of a signature alone',
      '<div>La stampante non stampa</div><div>-- </div><div><b>Anna Rossi</b><br><img src="cid:foto@rossi.example"></div>',
    ],
    ['a tracking pixel', '<div>La stampante non stampa</div><img src="https://a.example/p.gif" width="1">'],
  ])('not where it is %s', (_, html) => {
    expect(shownOf(html)).toBeNull();
  });

  it('not where it brings back what was cut from the text', () => {
    const quoted =
      '<div>La <b>nuova</b> non stampa</div><div class="gmail_quote">Il 3 marzo 2026 Ugo ha scritto:<blockquote>segreto</blockquote></div>';
    expect(shownOf('<div>La <b>nuova</b> non stampa</div>')).not.toBeNull();
    expect(shownOf(quoted, null, true)).toBeNull();
  });

  it('not where it lacks something that the text says, or hides something', () => {
    expect(
      shownOf('<div>La <b>nuova</b> non stampa</div>', 'La nuova non stampa. E il palmare è rotto.'),
    ).toBeNull();
    expect(
      shownOf('<div>La <b>nuova</b> non stampa</div><div style="display:none">chiudere</div>'),
    ).toBeNull();
  });

  it('not where it is longer than a mail shows whole', () => {
    const long = `<b>Uno</b>${'<div>La stampante non stampa</div>'.repeat(3000)}`;
    expect(shownOf(long)).toBeNull();
  });
});

describe('of a client’s HTML remain', () => {
  it('tables with their lines, lists with their numbers, line breaks as they stood', () => {
    const html = shownOf(
      '<p>Prima</p><table border="1"><tr><th>A</th><th>B</th></tr><tr><td colspan="2" style="color:red">C</td><td>D</td></tr></table><ol start="3"><li>E</li></ol>',
    );
    expect(html).toContain('<th class="rule"');
    expect(html).toContain('<td colspan="2" class="rule"');
    expect(html).toContain('<ol start="3"');
    expect(html).not.toContain('red');
  });

  it('links to the web, with where they lead; those that write a mail are text', () => {
    const html = shown(
      [
        '<a href="https://evil.example/login">la banca</a>',
        '<a href="https://a.example/x">https://a.example/x</a>',
        '<a href="https://xn--bnk-hoa.example/">bank.example</a>',
        '<a href="mailto:ugo@rossi.example?subject=x">Ugo</a>',
      ].join('<br>'),
    );
    expect(html?.match(/<a href="[^"]*">/g)).toEqual([
      '<a href="https://evil.example/login">',
      '<a href="https://a.example/x">',
      '<a href="https://xn--bnk-hoa.example/">',
    ]);
    const text = html?.replaceAll(/<[^>]*>/g, '|').replaceAll(/\|+/g, '|');
    expect(text).toBe(
      '|la banca| |&lt;https://evil.example/login&gt;|https://a.example/x|bank.example| |&lt;https://xn--bnk-hoa.example/&gt;|Ugo |&lt;ugo@rossi.example&gt;|',
    );
  });

  it('pictures no wider than a mail', () => {
    const html = shown(
      '<img src="cid:foto@rossi.example" width="1900"><img src="cid:foto@rossi.example" width="40%">',
    );
    expect(html?.match(/ width="[^"]*"/g)).toEqual([' width="520"']);
  });

  it('pictures of the mail in their place, by their name where they cannot be shown', () => {
    const html = shown(
      '<p>uno</p><img src="cid:disegno@rossi.example" alt="x"><p>due</p><img src="https://a.example/b.png" alt="Logo">',
    );
    expect(html).toMatch(
      new RegExp(
        `^<img src="cid:${id}" alt="foto.png" style="[^"]*"><div[^>]*>uno</div>\\[disegno.svg\\]<div[^>]*>due</div>\\[Logo\\]$`,
      ),
    );
  });
});

test.each([
  ['open elements', '<b>'.repeat(14_000)],
  ['more open elements', '<b>'.repeat(130_000)],
  ['open tables', '<table><tr><td>'.repeat(4_900)],
  ['attributes', `<b ${'a=1 '.repeat(90_000)}>x`],
  ['entities', '&amp;'.repeat(79_000)],
  ['links', '<a href="https://a.example/">x</a>'.repeat(7_400)],
  ['unclosed brackets', '[cid:'.repeat(79_000)],
  ['less-than signs', '<'.repeat(399_000)],
  ['styles', `<b style="${'a:b;'.repeat(20)}">x</b>`.repeat(3_600)],
])('a mail of nothing but %s takes no long time', (_, html) => {
  const began = performance.now();
  shown(html);
  expect(performance.now() - began).toBeLessThan(2_000);
});
