import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureId } from '../../src/core/message/attachments.ts';
import { extractReply } from '../../src/core/reply/reply.ts';
import { safeHtml } from '../../src/core/html/safe.ts';
import type { Mail } from '../../src/core/ticket/template-views.ts';
import { linksOf } from '../../src/demo/mailto.ts';
import { loadTemplates } from '../../src/templates/render.ts';
import { sampleFrame, samples } from '../../src/templates/samples/samples.ts';
import { attacks } from '../core/html/attacks.ts';
import { chromiumAvailable, chromiumProgram } from '../harness/servers.ts';
import type { SafeHtml } from '../../src/core/message/rich-html.ts';

const templates = loadTemplates({ locale: 'it', timeZone: 'Europe/Rome', companyName: 'KYBERNES' });
const nothingSaid = extractReply({ text: '', html: null, subject: '', isReply: false });
const pictures = new Map([['foto', { cid: pictureId('ab'.repeat(32)), name: 'foto.png' }]]);

/** The notification of a new ticket whose client wrote this. */
function noticeOf(clientHtml: SafeHtml | null, description = 'Non stampa.'): Mail {
  const [view] = samples('opened-staff', 'it');
  if (view === undefined) throw new Error('no sample of opened-staff');
  return { template: 'opened-staff', view: { ...view, ticket: { ...view.ticket, description }, clientHtml } };
}
const made = (html: string): SafeHtml => {
  const safe = safeHtml(`<img src="cid:foto">${html}`, nothingSaid, pictures);
  if (safe === null) throw new Error(`not shown: ${html.slice(0, 100)}`);
  return safe.html;
};
const page = (html: SafeHtml | null): string => templates.render(noticeOf(html), sampleFrame).html;
const withBlock = (attack: string): string => page(made(`${attack}<p>dopo</p>`));
const own = linksOf(page(null)).map(({ href }) => href);

describe('the notification of a new ticket', () => {
  it('shows the client’s HTML in place of the text, which the text part keeps', () => {
    const { text, html } = templates.render(noticeOf(made('<p>La <b>nuova</b> no</p>')), sampleFrame);
    expect(html).toMatch(
      /class="theirs[^>]*><div[^>]*><img [^>]*><div[^>]*>La <b>nuova<\/b> no<\/div><\/div><\/td>/,
    );
    expect(html).not.toContain('class="said');
    expect(text).toContain('    Non stampa.');
    expect(text).not.toContain('nuova');
  });

  it('has the same buttons in it and below it as without it, whatever it tries', () => {
    expect(own.length).toBeGreaterThan(3);
    for (const attack of Object.values(attacks)) {
      const html = withBlock(attack);
      expect(linksOf(html).map(({ href }) => href)).toEqual(own);
      expect(html.lastIndexOf('class="theirs')).toBeLessThan(html.indexOf('<a href="mailto:'));
    }
  });

  it('shows the text where the HTML would make the mail longer than Gmail shows', () => {
    const row = `<tr><td>${'x'.repeat(80)}</td><td>y</td></tr>`;
    const large = made(`<table>${row.repeat(190)}</table>`);
    expect(large.length).toBeGreaterThan(40_000);
    const mail = noticeOf(large);
    if (mail.template !== 'opened-staff') throw new Error('another template');
    const rendered = (view: Partial<typeof mail.view>): string =>
      templates.render({ ...mail, view: { ...mail.view, ...view } }, sampleFrame).html;
    expect(rendered({})).toContain(large);
    const full = rendered({ note: '"'.repeat(9000), openedBy: 'Carla' });
    expect(Buffer.byteLength(full)).toBeLessThan(102 * 1024);
    expect(full).not.toContain('class="theirs');
    expect(full).toContain('Non stampa.');
  });
});

describe.skipIf(!chromiumAvailable())('in a browser, the client’s HTML', () => {
  let browser: Browser;
  beforeAll(async () => {
    // as root it has no sandbox of its own
    browser = await chromium.launch({
      executablePath: chromiumProgram,
      chromiumSandbox: process.getuid?.() !== 0,
    });
  }, 60_000);
  afterAll(() => browser.close());

  it('stays in its frame, covers no button, runs nothing and loads nothing', {
    timeout: 120_000,
  }, async () => {
    const tab = await browser.newPage({ viewport: { width: 390, height: 800 } });
    const asked: string[] = [];
    tab.on('request', (request) => asked.push(request.url()));
    for (const [name, attack] of Object.entries(attacks)) {
      await tab.setContent(withBlock(attack));
      const seen = await tab.evaluate(`(() => {
        const frame = document.querySelector('.theirs');
        const links = [...document.querySelectorAll('a[href^="mailto:"]')];
        const covered = links.filter((link) => {
          link.scrollIntoView({ block: 'center' });
          const { left, top, width, height } = link.getBoundingClientRect();
          return document.elementFromPoint(left + width / 2, top + height / 2) !== link;
        });
        const box = frame.getBoundingClientRect();
        const outside = [...frame.querySelectorAll('*')].filter((one) => {
          const { left, right, top, bottom } = one.getBoundingClientRect();
          return left < box.left || right > box.right || top < box.top || bottom > box.bottom;
        });
        return {
          hrefs: links.map((link) => link.href),
          within: links.filter((link) => frame.contains(link)).length,
          covered: covered.length,
          outside: outside.length,
          frames: document.querySelectorAll('.theirs').length,
          pwned: typeof window.pwned,
        };
      })()`);
      expect({ name, seen }).toEqual({
        name,
        seen: {
          hrefs: own,
          within: 0,
          covered: 0,
          outside: 0,
          frames: 1,
          pwned: 'undefined',
        },
      });
    }
    expect(asked.filter((url) => !url.startsWith('cid:'))).toEqual([]);
  });
});
