import { describe, expect, it } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';
import { unescapeHtml } from '../../../src/demo/mailto.ts';
import { loadTemplates } from '../../../src/templates/render.ts';
import { allSampleMails, sampleFrame } from '../../../src/templates/samples/samples.ts';

const templates = loadTemplates({ locale: 'it', timeZone: 'Europe/Rome', companyName: 'KYBERNES' });
const hidden = /<div style="display:none[^"]*">([^<]*)<\/div>/;

/** Our mails with a preview text: their HTML, as it stands in the body of an answer that quotes it. */
const quoted = allSampleMails('it')
  .map((mail) => templates.render(mail, sampleFrame).html)
  .filter((html) => hidden.test(html))
  .map((html) =>
    html.slice(html.indexOf('<body'), html.indexOf('</html>')).replace(/^<body[^>]*>|<\/body>\s*$/g, ''),
  );

/** Text of HTML for a program that ignores CSS: the hidden preview text becomes a line like any other. */
const asText = (html: string): string =>
  unescapeHtml(
    html
      .replaceAll(/<!--[^]*?-->/g, '')
      .replaceAll(/\s*<(?:br|\/?(?:div|p|h1|h2|tr|table|td|th))\b[^>]*>\s*/g, '\n')
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll('&#8291;', '\u2063')
      .replaceAll('&#847;', '\u034f')
      .replaceAll('&zwnj;', '\u200c')
      .replaceAll('&nbsp;', '\u00a0'),
  ).replaceAll(/\n{3,}/g, '\n\n');

const wrapped = (text: string, width: number, mark = ''): string =>
  text
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${width}}(?: |$)`, 'g')) ?? [''])
    .map((line) => mark + line)
    .join('\n');

const answer = (body: { text?: string; html?: string }) =>
  extractReply({
    text: body.text ?? null,
    html: body.html ?? null,
    subject: 'Re: [#1042] La stampante non stampa',
    isReply: true,
  });
const own = 'chiudere\n\nRullo sostituito.';
const ownHtml = '<div dir="ltr">chiudere<br><br>Rullo sostituito.</div>';
const attribution =
  'Il giorno mar 24 nov 2026 alle ore 10:49 Assistenza <assistenza@kybernes.example> ha scritto:';

/** Ways in which programs quote. */
const programs: Record<string, (html: string) => { text?: string; html?: string }> = {
  'a blockquote below an attribution': (html) => ({
    html: `${ownHtml}<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">${attribution
      .replace('<', '&lt;')
      .replace('>', '&gt;')}<br></div><blockquote class="gmail_quote">${html}</blockquote></div>`,
  }),
  'the header of the mail above it': (html) => ({
    html: `${ownHtml}<hr><p><b>Da:</b> Assistenza &lt;assistenza@kybernes.example&gt;<br><b>Inviato:</b> martedì 24 novembre 2026 10:49<br><b>A:</b> Marco<br><b>Oggetto:</b> [#1042] La stampante non stampa</p>${html}`,
  }),
  'nothing at all in the HTML': (html) => ({ html: `${ownHtml}<p><br></p><p>&nbsp;</p>${html}` }),
  'marks in the text': (html) => ({
    text: `${own}\n\n${attribution}\n\n${wrapped(asText(html), 60, '> ')}`,
  }),
  'nothing at all in the text': (html) => ({ text: `${own}\n\n${asText(html)}` }),
  'nothing, and lines wrapped short': (html) => ({ text: `${own}\n\n${wrapped(asText(html), 34)}` }),
  'text that runs into it': (html) => ({
    text: `${own} ${asText(html)
      .trim()
      .replaceAll(/\s*\n\s*/g, ' ')}`,
  }),
};

describe('the preview text of our mails is nobody’s word', () => {
  it('stands in some of them, ahead of the marker line', () => {
    expect(quoted.length).toBeGreaterThan(5);
    for (const html of quoted) {
      expect(asText(html)).toMatch(/^\s*\u2063[^\n]+\u034f[^\n]*\n\s*=== Scrivere sopra questa riga ===/);
    }
  });

  it.each(Object.entries(programs))('in an answer that quotes it with %s', (_, program) => {
    for (const html of quoted) {
      const reply = answer(program(html));
      expect(reply).toMatchObject({ text: own, strict: own, hiddenText: false });
    }
  });

  it('and is not taken for text that a writer hides, right below a list of theirs', () => {
    for (const html of quoted) {
      const reply = answer({ html: `<div>chiudere</div><ul><li>Rullo sostituito.</li></ul>${html}` });
      expect(reply).toMatchObject({ text: 'chiudere\n\n- Rullo sostituito.', hiddenText: false });
    }
  });

  it('where a program keeps the signs and its user writes above them, all of what they wrote stays', () => {
    const [html = ''] = quoted;
    const long = `${own}\n\n${'Abbiamo provato tutto quello che si poteva. '.repeat(20).trim()}`;
    expect(answer({ text: `${long}\n${asText(html)}` }).text).toBe(long);
  });
});
