import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumProgram } from '../harness/servers.ts';

/** The browser that draws mails: the same picture on every machine, and no network. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumProgram,
    // as root it has no sandbox of its own
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-lcd-text', '--font-render-hinting=none', '--force-color-profile=srgb'],
  });
}

/** A page of this width, with the functions of `page/`. */
export async function openPage(browser: Browser, width: number): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    deviceScaleFactor: 1,
    offline: true,
    reducedMotion: 'reduce',
  });
  return context.newPage();
}

/** Shows a document with the functions of `page/`, its fonts loaded. */
export async function showPage(page: Page, html: string): Promise<void> {
  await page.setContent(html);
  await page.addScriptTag({ path: fileURLToPath(new URL('page/page.js', import.meta.url)) });
  await page.evaluate('settle()');
}

const require = createRequire(import.meta.url);
const font = (weight: number): string => {
  const file = readFileSync(require.resolve(`@fontsource/arimo/files/arimo-latin-${weight}-normal.woff2`));
  const source = `url(data:font/woff2;base64,${file.toString('base64')})`;
  return ['Arial', 'Helvetica']
    .map((name) => `@font-face { font-family: ${name}; font-weight: ${weight}; src: ${source}; }`)
    .join('\n');
};
/** Arimo is as wide as Arial, letter by letter, and comes by npm; a system's own fonts differ from machine to machine. */
const fonts = `<style>\n${font(400)}\n${font(700)}\ncode { font-family: Arial; }\n</style>`;

/** A mail with the fonts of the pictures. */
export function withFonts(html: string): string {
  return html.replace('<head>', `<head>${fonts}`);
}
