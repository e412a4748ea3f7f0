import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable } from '../harness/servers.ts';
import { openPage, startBrowser } from './browser.ts';
import { mailsPage, mailsPageText, pictureFile } from './docs.ts';
import { locales } from './mails.ts';
import { difference, readPicture, shareThatDiffers, writeSmall } from './png.ts';
import { drawSheet, sheetWidth } from './sheet.ts';
import { templateNames } from '../../src/templates/samples/names.ts';

/** Share of a picture that may differ: a heading a pixel larger is four times as much, letters smoothed in another way nothing. */
const tolerance = 0.001;

const sheets = templateNames.flatMap((template) => locales.map((locale) => ({ template, locale })));

describe.skipIf(!chromiumAvailable())('mails look as in docs/pictures', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser();
    page = await openPage(browser, sheetWidth);
  }, 60_000);
  afterAll(() => browser.close());

  it.each(sheets)('$template, $locale', async ({ template, locale }) => {
    const kept = readFileSync(pictureFile(template, locale));
    const drawn = writeSmall(await drawSheet(page, template, locale));
    if (drawn.equals(kept)) return;
    const [before, now] = [readPicture(kept), readPicture(drawn)];
    const share = shareThatDiffers(before, now);
    if (share <= tolerance) return;
    const folder = mkdtempSync(join(tmpdir(), 'kticket-pictures-'));
    writeFileSync(join(folder, 'actual.png'), drawn);
    writeFileSync(join(folder, 'difference.png'), difference(before, now));
    expect.fail(
      `${(100 * share).toFixed(2)}% of the picture differs: look at ${folder}; \`npm run pictures\` accepts the change`,
    );
  });
});

it('docs/mails.md shows every picture', () => {
  expect(readFileSync(mailsPage, 'utf8'), '`npm run pictures` writes it').toBe(mailsPageText());
});
