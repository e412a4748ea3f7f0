import type { Browser } from 'playwright-core';
import { startDesk } from '../../src/demo/desk-server.ts';
import { startPlayground } from '../../src/demo/playground/run.ts';
import { openPage } from './clicks.ts';

/**
 * The playground as README shows it: a technician reads a colleague's internal communication, beside it the ticket's history.
 * @returns PNG
 */
export async function drawPlayground(browser: Browser): Promise<Buffer> {
  const desk = await startDesk();
  try {
    const playground = await startPlayground(desk, { port: 0, locale: 'it' });
    try {
      const page = await openPage(browser, playground.url, { width: 1360, height: 860 }, false);
      await page.write('Anna Rossi', 'La stampante non stampa', 'La spia del toner lampeggia.\n\nAnna Rossi');
      await page.became('opened');
      await page.read('Luigi Verdi', 'ha aperto un ticket');
      await page.press('In lavorazione', 'La guardo io, passo alle 15.');
      await page.became('command');
      await page.read('Luigi Verdi', 'Luigi Verdi ha preso in carico');
      await page.press('Comunicazione interna', 'Attenzione: il contratto scade venerdì.');
      await page.became('internal_note');
      await page.read('Marco Gialli', 'Comunicazione interna di Luigi Verdi', 'il contratto scade venerdì');
      const picture = await page.picture();
      await page.close();
      return picture;
    } finally {
      await playground.close();
    }
  } finally {
    await desk.close();
  }
}
