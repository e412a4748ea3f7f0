import { loadTemplates } from '../../src/templates/render.ts';
import { sampleFrame, sampleMails } from '../../src/templates/samples/samples.ts';
import { templateNames } from '../../src/templates/samples/names.ts';

/** Measures what a mail costs to render once its template is compiled, and how large its HTML is: `npm run bench:render`. */
const rounds = 200;

const began = performance.now();
const templates = loadTemplates({ locale: 'it', timeZone: 'Europe/Rome', companyName: 'KYBERNES' });
console.log(`compiled once, in ${(performance.now() - began).toFixed(0)} ms`);
console.table(
  templateNames.map((template) => {
    const mails = sampleMails(template, 'it');
    const bytes = mails.map((mail) => Buffer.byteLength(templates.render(mail, sampleFrame).html));
    const start = performance.now();
    for (let round = 0; round < rounds; round++)
      for (const mail of mails) templates.render(mail, sampleFrame);
    const each = (performance.now() - start) / rounds / mails.length;
    return {
      template,
      'ms a mail': each.toFixed(2),
      'largest HTML, KB': Math.ceil(Math.max(...bytes) / 1024),
    };
  }),
);
