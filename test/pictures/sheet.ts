import type { Page } from 'playwright-core';
import type { TemplateName } from '../../src/core/ticket/template-views.ts';
import type { Locale } from '../../src/core/words/words.ts';
import { showPage, withFonts } from './browser.ts';
import { picturedMails } from './mails.ts';
import { beside, type Picture, readPicture } from './png.ts';

const phone = 390;
const desktop = 800;
const gap = 12;
/** Width of a page that shows half a sheet. */
export const sheetWidth = phone + desktop + 3 * gap;

/** A template's mails, one below the other: on a phone and on a desktop, light, then both dark. */
export async function drawSheet(page: Page, template: TemplateName, locale: Locale): Promise<Picture> {
  const rows = picturedMails(template, locale).map(({ html }) => {
    const content = withFonts(html).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    return [phone, desktop].map((width) => `<iframe width="${width}" srcdoc="${content}"></iframe>`).join('');
  });
  await showPage(
    page,
    `<!DOCTYPE html><html><head><style>
      body { margin: 0; background: #808080; }
      div { display: flex; align-items: flex-start; gap: ${gap}px; padding: ${gap}px 0 0 ${gap}px; }
      iframe { border: 0; }
    </style></head><body>${rows.map((row) => `<div>${row}</div>`).join('')}</body></html>`,
  );
  const pictures: Picture[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    pictures.push(readPicture(await page.screenshot({ fullPage: true })));
  }
  return beside(pictures);
}

/** Draws a mail as a phone shows it, light. */
export async function drawPhone(page: Page, html: string): Promise<Picture> {
  await page.setViewportSize({ width: phone, height: 1 });
  await page.emulateMedia({ colorScheme: 'light' });
  await showPage(page, withFonts(html));
  return readPicture(await page.screenshot({ fullPage: true }));
}
