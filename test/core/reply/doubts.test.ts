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

describe('words of trouble below dashes are no signature', () => {
  test.each([
    '---\nUrgente',
    '---\nStampante Kyocera\nPiano 2',
    '-- \nServer fermo',
    '-- \nErrore 45',
    '-- \nChiamatemi 333 1234567',
  ])('%s', (below) => {
    const reply = read(`Esce un errore.\n\n${below}`);
    expect(reply.sure).toBe(false);
    for (const line of below.split('\n').slice(1)) expect(reply.text).toContain(line);
  });
});

test('a sentence on the line right below a disclaimer stays', () => {
  const notice =
    'AVVISO DI RISERVATEZZA: Le informazioni contenute in questo messaggio sono riservate al destinatario';
  const said = 'Anche lo scanner non va, venite oggi.';
  expect(read(`Non stampa.\n\n${notice}\n${said}`)).toMatchObject({
    text: `Non stampa.\n\n${said}`,
    sure: false,
  });
});

test('a tag that a sentence speaks of stays', () => {
  const said = '[EXTERNAL] compare in ogni mail che ricevo';
  expect(read(said).text).toBe(said);
});

test('the tip on a first contact is no text', () => {
  const tip =
    'Alcuni utenti che hanno ricevuto questo messaggio non ricevono spesso posta elettronica da a@b.it. Scopri perché è importante';
  expect(read(`${tip}\nchiudere`)).toMatchObject({ text: 'chiudere', sure: true });
});

test.each(['[SUSPECTED SPAM]', '[Sospetto spam]', '*** POSSIBLE PHISHING ***'])('%s is a tag', (tag) => {
  expect(read(`${tag}\nchiudere`)).toMatchObject({ text: 'chiudere', sure: true });
});

test('a firm below dashes is a signature, whatever it sells', () => {
  expect(read('Fatto.\n\n-- \nPC Service\nTel. 06 555 1234')).toMatchObject({ text: 'Fatto.', sure: true });
});

test('a short line that is all of a mail is shown, and doubted', () => {
  expect(read('Messaggio esterno!')).toMatchObject({ text: 'Messaggio esterno!', strict: '', sure: false });
  expect(read('[EXTERNAL]').text).toBe('');
});
