import { describe, expect, test } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';
import { isLong } from '../../harness/runs.ts';

/** Characters of a text; a megabyte in the long form. */
const size = isLong ? 1_000_000 : 200_000;
const fill = (part: string, characters: number) => part.repeat(Math.ceil(characters / part.length));

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

describe('hundreds of kilobytes of anything are read in linear time (BAD-MAIL 15, 21)', () => {
  test.each(texts)('text of %j', { timeout: 60_000 }, (part) => {
    const { whole, limit } = timeOf((characters) =>
      extractReply({ text: fill(part, characters), html: null, subject: '', isReply: true }),
    );
    expect(whole).toBeLessThan(limit);
  });

  test.each(htmls)('HTML of %j', { timeout: 60_000 }, (part) => {
    const { whole, limit } = timeOf((characters) =>
      extractReply({ text: null, html: fill(part, characters), subject: '', isReply: true }),
    );
    expect(whole).toBeLessThan(limit);
  });

  test('tables nested 5,000 deep keep what stands in them', () => {
    const html = `${'<table><tr><td>'.repeat(5_000)}in fondo${'</td></tr></table>'.repeat(5_000)}`;
    expect(extractReply({ text: null, html, subject: '', isReply: false }).text).toBe('in fondo');
  });
});

/**
 * Processor time for all of a text, and what it may be: a quarter of it takes a quarter of the time where work is linear, a
 * sixteenth where it is quadratic. Below some seconds a collection of garbage decides.
 */
function timeOf(run: (characters: number) => unknown): { whole: number; limit: number } {
  const time = (characters: number) => {
    const before = process.cpuUsage();
    run(characters);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  const quarter = Math.max(time(size / 4), time(size / 4));
  const whole = time(size);
  return { whole, limit: Math.max(isLong ? 8_000 : 3_000, quarter * 10) };
}
