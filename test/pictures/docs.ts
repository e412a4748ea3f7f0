import { fileURLToPath } from 'node:url';
import type { TemplateName } from '../../src/core/ticket/template-views.ts';
import type { Locale } from '../../src/core/words/words.ts';
import { locales, pictured } from './mails.ts';
import { templateNames } from '../../src/templates/samples/names.ts';

const docs = new URL('../../docs/', import.meta.url);
/** The page that shows all pictures. */
export const mailsPage = fileURLToPath(new URL('mails.md', docs));

/** A technician's phone, for the README. */
export const phonePicture = fileURLToPath(new URL('phone.png', docs));

/** The demo’s page, for the README. */
export const playgroundPicture = fileURLToPath(new URL('playground.png', docs));

const pictureName = (template: TemplateName, locale: Locale): string => `pictures/${template}.${locale}.png`;

export function pictureFile(template: TemplateName, locale: Locale): string {
  return fileURLToPath(new URL(pictureName(template, locale), docs));
}

const languages: Record<Locale, string> = { it: 'Italian', en: 'English' };

/** Text of `docs/mails.md`. */
export function mailsPageText(): string {
  const parts = templateNames.map((template) => {
    const pictures = locales.map(
      (locale) => `![${template} in ${languages[locale]}](${pictureName(template, locale)})`,
    );
    return [`## ${template}`, pictured[template].what, ...pictures].join('\n\n');
  });
  return `# The mails, as people see them

Every template with made-up data: on a phone and on a desktop, light, then both in dark mode; open a picture to see it in full
size. \`kticket template preview NAME --open\` shows the same with your company's name and colour, or with a ticket of yours.

The pictures are drawn by \`npm run pictures\` in Chromium, and compared by the tests; letters are Arimo, which is as wide as the
Arial that most mail programs use.

${parts.join('\n\n')}
`;
}
