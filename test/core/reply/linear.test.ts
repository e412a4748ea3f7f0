import { describe, expect, test } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';

const megabyte = 1_000_000;
const fill = (part: string, size: number) => part.repeat(Math.ceil(size / part.length));

const texts = [
  '>',
  '> ',
  '> \n',
  'Il giorno ',
  'Il giorno\n',
  'Il giorno 10/03/2025 10:30\n',
  '-',
  '--\n',
  '__\n',
  '---- a ----\n',
  'Da: a@x.it\n',
  'Da: x\n\n',
  'A: <a@x.it>\n<a@x.it>\n',
  'Inviato da iPhone\n',
  'Inviato da\n\n',
  '12/03/2025 10:10 <\n',
  'ha scritto: ',
  ': ',
  '\n',
  '-=-=-',
  'messaggio riservato destinatario errore\n\n',
  '```\n',
  'AB> x\n',
  'On 1 ',
  '<',
  '[cid:',
  '@',
  'a@a.',
  'a.a@',
  `---\n${'A'.repeat(79)}1\n`,
  '((((',
  'A::::',
  `${'> '.repeat(90)}\n`,
];

const htmls = [
  '<b>',
  '<b></i>',
  '<table><tr><td>',
  '<blockquote>x',
  '<blockquote type="cite">',
  '<div class="gmail_quote">',
  '<p>x',
  '<ul><li>x',
  '<a href="https://x.it">x',
  '<div style="display:none">x',
  '<style>.x{display:none}</style><p class="x">y',
  '<style>',
  '<style',
  '<style>/*',
  '<style>.a{',
  '<style>@media x{',
  '<!--',
  '<style>.a{',
  '&amp;',
  '<',
  '<br>',
  `<ul>${'<b>'.repeat(50)}<li>`,
];

describe('a megabyte of anything is read in bounded time (BAD-MAIL 15, 21)', () => {
  test.each(texts)('text of %j', { timeout: 60_000 }, (part) => {
    const { whole, limit } = timeOf((size) =>
      extractReply({ text: fill(part, size), html: null, subject: '', isReply: true }),
    );
    expect(whole).toBeLessThan(limit);
  });

  test.each(htmls)('HTML of %j', { timeout: 60_000 }, (part) => {
    const { whole, limit } = timeOf((size) =>
      extractReply({ text: null, html: fill(part, size), subject: '', isReply: true }),
    );
    expect(whole).toBeLessThan(limit);
  });

  test('tables nested 5,000 deep keep what stands in them', () => {
    const html = `${'<table><tr><td>'.repeat(5_000)}in fondo${'</td></tr></table>'.repeat(5_000)}`;
    expect(extractReply({ text: null, html, subject: '', isReply: false }).text).toBe('in fondo');
  });
});

/**
 * The time of a megabyte, and what it may be: a quarter of it takes a quarter of the time where work is linear, a
 * sixteenth where it is quadratic. Below some seconds nothing is told apart from a busy machine.
 */
function timeOf(run: (size: number) => unknown): { whole: number; limit: number } {
  const time = (size: number) => {
    const start = performance.now();
    run(size);
    return performance.now() - start;
  };
  const quarter = Math.max(time(megabyte / 4), time(megabyte / 4));
  const whole = time(megabyte);
  return { whole, limit: Math.max(8_000, quarter * 10) };
}
