import { createServer } from 'node:http';
import { once } from 'node:events';
import { createTransport } from 'nodemailer';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoDesk, startDesk } from '../../src/demo/desk-server.ts';
import { readInbox } from '../../src/demo/mail-program.ts';
import { people } from '../../src/demo/people.ts';
import { type Playground, startPlayground } from '../../src/demo/playground/run.ts';
import { chromiumAvailable, chromiumProgram } from '../harness/servers.ts';
import { type Clicks, openPage } from './clicks.ts';
import { portOf } from '../../src/config/urls.ts';

const devices = [
  { device: 'a desktop', viewport: { width: 1280, height: 860 }, phone: false },
  { device: 'a phone', viewport: { width: 390, height: 844 }, phone: true },
];

/** Words that only staff may read. */
const internal = ['passo alle 15', 'il contratto scade venerdì', 'fattura di ottobre'];

describe.skipIf(!chromiumAvailable()).each(devices)('the playground on $device', ({ viewport, phone }) => {
  let desk: DemoDesk;
  let playground: Playground;
  let browser: Browser;
  beforeAll(async () => {
    desk = await startDesk(undefined, { locale: 'it', undoMinutes: 0.05 });
    playground = await startPlayground(desk, { port: 0, locale: 'it' });
    // as root it has no sandbox of its own
    browser = await chromium.launch({
      executablePath: chromiumProgram,
      chromiumSandbox: process.getuid?.() !== 0,
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await playground.close();
    await desk.close();
  });

  it('clicked through as the manual tells it: everybody reads what the table says, the client two mails', {
    timeout: 180_000,
  }, async () => {
    const page = await openPage(browser, playground.url, viewport, phone);

    await page.write('Anna Rossi', 'La stampante non stampa', 'La spia del toner lampeggia.');
    await page.became('opened');
    await page.read('Anna Rossi', 'abbiamo registrato');

    await page.read('Luigi Verdi', 'ha aperto un ticket');
    await page.press('In lavorazione', 'La guardo io, passo alle 15.');
    await page.became('command');
    await page.read('Luigi Verdi', 'Luigi Verdi ha preso in carico');
    await page.press('Comunicazione interna', 'Attenzione: il contratto scade venerdì.');
    await page.became('internal_note');

    await page.read('Sara Neri', 'Comunicazione interna di Luigi Verdi', 'il contratto scade venerdì');
    await page.reply('Manca ancora la fattura di ottobre.');
    await page.became('internal_note');
    await page.read('Marco Gialli', 'Messaggio della Segreteria amministrativa', 'fattura di ottobre');

    await page.read('Anna Rossi', 'abbiamo registrato');
    await page.reply('Ecco una foto della spia.', {
      name: 'spia.png',
      mimeType: 'image/png',
      buffer: Buffer.from('89504e47', 'hex'),
    });
    await page.became('follow_up');

    await page.read('Luigi Verdi', 'ha scritto a proposito del ticket', 'Ecco una foto');
    await page.press('Chiudere', 'Abbiamo sostituito il toner.');
    await page.became('command');
    await page.read('Anna Rossi', 'è stata chiusa', 'Abbiamo sostituito il toner.');
    await page.read('Sara Neri', 'ha chiuso il ticket', 'Abbiamo sostituito il toner.');

    expect(await subjectsOf(page, 'Anna Rossi')).toHaveLength(2);
    const toAnna = await readInbox(desk.server, people.anna);
    expect(toAnna).toHaveLength(2);
    for (const mail of toAnna)
      for (const word of internal) expect(`${mail.text}${mail.html}`).not.toContain(word);
    // a clerk is not told who took charge
    const toSara = await readInbox(desk.server, people.sara);
    expect(toSara.filter(({ text }) => text.includes('passo alle 15'))).toEqual([]);

    expect(await page.history()).toEqual([
      'Apertura',
      'In lavorazione',
      'Comunicazione interna',
      'Messaggio allo staff tecnico',
      'Il cliente ha scritto',
      'Chiusura',
    ]);
    await page.close();
    const [ticket] = await desk.db.selectFrom('ticket').select('state').execute();
    expect(ticket?.state).toBe('closed');
    const files = await desk.db.selectFrom('attachment').select('filename').execute();
    expect(files).toEqual([{ filename: 'spia.png' }]);
  });

  it('a mail to somebody else is not said to be read by the desk', async () => {
    const page = await openPage(browser, playground.url, viewport, phone);
    await page.write('Ada Viola', 'Pranzo?', 'Alle 13?', people.marco.email);
    expect(await page.notice()).toBe('Inviata. Il banco non è fra i destinatari: non la legge.');
    await page.close();
  });

  it('the Italian page has no word of the database, and counts of mails cover no name', async () => {
    const page = await openPage(browser, playground.url, { width: 375, height: 740 }, true);
    const seen = await page.inside();
    for (const tab of seen)
      expect(tab).not.toMatch(/\b(?:opened|command|sent|queued|held|follow[-_]up|staff)\b/u);
    expect(seen.join()).toMatch(/ticket aperto[^]*partita/u);
    expect(await page.coveredNames()).toEqual([]);
    await page.close();
  });

  it('a hostile mail runs nothing, fetches nothing and leaves the page as it is', async () => {
    const asked: string[] = [];
    const outside = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    outside.listen(0, '127.0.0.1');
    await once(outside, 'listening');
    const there = `http://127.0.0.1:${portOf(outside.address())}`;
    try {
      const transport = createTransport(desk.server.smtpUrl(people.marco.email));
      await transport.sendMail({
        from: people.marco.email,
        to: people.ada.email,
        subject: 'Guarda qui',
        html:
          `<link rel="stylesheet" href="${there}/style"><script>top.document.title = 'taken'</script>` +
          `<img src="${there}/image" onerror="top.document.title = 'taken'"><iframe src="${there}/frame"></iframe>` +
          `<style>@import '${there}/import'; p { background: url(${there}/background) }</style>` +
          `<meta http-equiv="refresh" content="0; url=${there}/refresh"><p>leggimi</p>` +
          `<form action="${there}/form"><button>Invia il modulo</button></form><a href="javascript:top.document.title='taken'">tocca</a>`,
      });
      transport.close();
      const page = await openPage(browser, playground.url, viewport, phone);
      await page.read('Ada Viola', 'leggimi');
      await page.inMail().getByText('tocca').click();
      await page.inMail().getByRole('button', { name: 'Invia il modulo' }).click();
      expect(await page.title()).toBe('kTicket');
      await page.close();
      expect(asked).toEqual([]);
    } finally {
      outside.close();
      outside.closeAllConnections();
    }
  });
});

async function subjectsOf(page: Clicks, name: string): Promise<string[]> {
  await page.mailbox(name);
  return page.listed();
}
