import { describe, expect, test } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';

const read = (text: string) => extractReply({ text, html: null, subject: 'R: x', isReply: true });

test.each([
  'Da: Ufficio <a@e.it>\nInviato: lunedì 30 novembre 2026 10:00\nA: Lucia <l@x.it>\nOggetto: x',
  'From: Office <a@e.it>\nSent: Monday, November 30, 2026 10:00 AM\nTo: Lucia <l@x.it>\nSubject: x',
  'Von: Büro <a@e.it>\nGesendet: Montag, 30. November 2026 10:00\nAn: Lucia <l@x.it>\nBetreff: x',
  'De : Bureau <a@e.it>\nEnvoyé : lundi 30 novembre 2026 10:00\nÀ : Lucia <l@x.it>\nObjet : x',
])('a header right below a closing that was cut makes no doubt', (header) => {
  const closing = 'chiudere: Sostituito il toner.';
  expect(read(`${closing}\n${header}\n\nNon stampa`)).toMatchObject({ strict: closing, sure: true });
});

describe('what may be a quote left in a closing is doubted', () => {
  test.each([
    '&gt; Non stampa',
    'Lucia> Non stampa',
    'Lucia Bianchi> Non stampa',
    '│ Non stampa',
    '[30/11/2026 10:00] Lucia Bianchi: Non stampa',
    'Da Lucia Bianchi, 30/11/2026 10:00\nNon stampa',
    'From Lucia Bianchi, 30/11/2026 10:00\nNon stampa',
  ])('%s', (quote) => {
    expect(read(`chiudere: Sostituito il toner.\n\n${quote}`)).toMatchObject({
      strict: 'chiudere: Sostituito il toner.',
      sure: false,
    });
  });
});

test('marked lines that the text announces are cut, and that is doubted', () => {
  expect(read('Serve il toner.\n\nCodice:\n> CF259A').sure).toBe(false);
});
