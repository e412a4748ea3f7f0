import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { drawPlayground } from '../demo/picture.ts';
import { openPage, startBrowser } from './browser.ts';
import { mailsPage, mailsPageText, phonePicture, pictureFile, playgroundPicture } from './docs.ts';
import { locales, picturedMails } from './mails.ts';
import { readPicture, writeSmall } from './png.ts';
import { drawPhone, drawSheet, sheetWidth } from './sheet.ts';
import { templateNames } from '../../src/templates/samples/names.ts';

/** Draws the pictures of `docs/mails.md` and of the README anew, and the page: `npm run pictures`. Look at them before they are committed. */
const browser = await startBrowser();
try {
  const page = await openPage(browser, sheetWidth);
  for (const template of templateNames) {
    for (const locale of locales) {
      const file = pictureFile(template, locale);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, writeSmall(await drawSheet(page, template, locale)));
      console.log(`${file}: ${Math.ceil(statSync(file).size / 1024)} KB`);
    }
  }
  writeFileSync(mailsPage, mailsPageText());
  const [notification] = picturedMails('opened-staff', 'it');
  if (notification === undefined) throw new Error('no mail opened-staff is pictured');
  writeFileSync(phonePicture, writeSmall(await drawPhone(page, notification.html)));
  writeFileSync(playgroundPicture, writeSmall(readPicture(await drawPlayground(browser))));
} finally {
  await browser.close();
}
