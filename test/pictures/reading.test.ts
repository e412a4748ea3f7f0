import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mail } from '../../src/core/ticket/template-views.ts';
import { sampleMails } from '../../src/templates/samples/samples.ts';
import { chromiumAvailable } from '../harness/servers.ts';
import { openPage, showPage, startBrowser, withFonts } from './browser.ts';
import { everyMail, type Rendered, render } from './mails.ts';

/** Words that no line can hold, wherever people or companies choose them. */
function longWords(): Rendered[] {
  const word = 'Donaudampfschifffahrtsgesellschaft'.repeat(4);
  return (['opened-client', 'closed-client', 'opened-staff', 'follow-up-staff'] as const).flatMap((name) =>
    sampleMails(name, 'it').map((mail: Mail) => {
      if (!('ticket' in mail.view) || mail.view.ticket === null) throw new Error(`${name} shows no ticket`);
      const ticket = {
        ...mail.view.ticket,
        subject: word,
        company: word,
        category: word,
        description: `https://example.org/${word}\n${word}`,
        requester: { name: word, email: `${word}@example.org` },
      };
      return {
        name: `${name} with long words`,
        html: render(Object.assign({}, mail, { view: { ...mail.view, ticket } }), 'it'),
      };
    }),
  );
}

type Spoken = {
  language: string;
  title: string;
  headings: number[];
  unnamedTables: number;
  links: { says: string; href: string }[];
  unnamedPictures: number;
  outOfOrder: string[];
};

/** Passages that a screen reader would make hard to follow. */
function muddles(said: Spoken): string[] {
  const ambiguous = said.links.filter(
    ({ says, href }, i) =>
      says.length < 4 || said.links.some((other, k) => k < i && other.says === says && other.href !== href),
  );
  return [
    ...(/^(?:it|en)$/.test(said.language) ? [] : [`language is "${said.language}"`]),
    ...(said.title === '' ? ['no title'] : []),
    ...(said.headings.lastIndexOf(1) === 0 ? [] : ['not one first heading']),
    ...(said.headings.some((level, i) => level > (said.headings[i - 1] ?? 0) + 1)
      ? ['a heading is left out']
      : []),
    ...(said.unnamedTables === 0 ? [] : [`${said.unnamedTables} tables are neither layout nor named`]),
    ...(said.unnamedPictures === 0 ? [] : ['a picture without words']),
    ...ambiguous.map(({ says }) => `the link "${says}" does not make sense alone`),
    ...said.outOfOrder.map((text) => `"${text}" is told before what stands above it`),
  ];
}

/** Widths in pixels; at 200% a window holds half of them. */
const windows = { phone: 390, desktop: 800, 'phone at 200%': 195, 'desktop at 200%': 400 } as const;

describe.skipIf(!chromiumAvailable())('every mail', () => {
  const mails = [...everyMail(), ...longWords()];
  /** problems by subject of the check, each beginning with the mail's name */
  const faults = new Map<string, string[]>();
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
    const page = await openPage(browser, windows.phone);
    for (const { name, html } of mails) {
      await showPage(page, withFonts(html));
      const note = (looked: string, found: string[]): void => {
        faults.set(looked, [...(faults.get(looked) ?? []), ...found.map((fault) => `${name}: ${fault}`)]);
      };
      const look = async (looked: string, what: string): Promise<void> =>
        note(looked, await page.evaluate<string[]>(what));
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        await look(colorScheme, 'faintTexts()');
      }
      note('spoken', muddles(await page.evaluate<Spoken>('spoken()')));
      for (const [window, width] of Object.entries(windows)) {
        await page.setViewportSize({ width, height: 800 });
        await look(window, 'misplacedTexts()');
        if (!window.includes('%')) await look('buttons', 'smallButtons()');
      }
      await page.evaluate('doubleText()');
      for (const width of [windows.desktop, windows.phone]) {
        await page.setViewportSize({ width, height: 800 });
        await look('twice as large', 'misplacedTexts()');
      }
    }
  }, 180_000);
  afterAll(() => browser.close());

  it('is looked at by eyes that see what is wrong', async () => {
    const page = await openPage(browser, windows.phone);
    await showPage(
      page,
      `<body style="background:#fff"><h2 style="color:#999">pale</h2><p style="margin:0 0 -30px">over</p><p>under</p>
        <div style="height:10px;overflow:hidden">cut</div><pre>${'wide '.repeat(40)}</pre>
        <table><tr><td class="button"><a href="#1">here</a> <a href="#2">here</a></table><img src="data:">`,
    );
    expect(await page.evaluate('faintTexts()')).toEqual([expect.stringContaining('"pale"')]);
    expect(await page.evaluate('misplacedTexts()')).toEqual([
      expect.stringMatching(/^\d+ pixels wide in a window of 390$/),
      '"over" and "under" overlap',
      expect.stringMatching(/^"wide.* is cut at a side$/),
      'a DIV cuts what it holds',
    ]);
    expect(await page.evaluate('smallButtons()')).toHaveLength(3);
    expect(muddles(await page.evaluate<Spoken>('spoken()'))).toEqual([
      'language is ""',
      'no title',
      'not one first heading',
      'a heading is left out',
      '1 tables are neither layout nor named',
      'a picture without words',
      'the link "here" does not make sense alone',
    ]);
  });

  it.each(['light', 'dark'])('has letters of enough contrast (AA), %s', (scheme) => {
    expect(faults.get(scheme)).toEqual([]);
  });

  it.each(Object.keys(windows))('has every word in its place on a %s', (window) => {
    expect(faults.get(window)).toEqual([]);
  });

  it('has every word in its place where a mail program writes all letters twice as large', () => {
    expect(faults.get('twice as large')).toEqual([]);
  });

  it('has buttons as large as a thumb, apart from each other', () => {
    expect(faults.get('buttons')).toEqual([]);
  });

  it('is told in order by a screen reader: language, title, one first heading, links that say where they lead', () => {
    expect(faults.get('spoken')).toEqual([]);
  });

  it('needs no picture: nothing is behind a text, and what is shown is described', () => {
    for (const { html } of mails) expect(html).not.toMatch(/background(?:-image)?: *url|\bbackground=/);
  });
});
