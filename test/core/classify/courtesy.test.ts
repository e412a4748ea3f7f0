import { assert, constantFrom, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCourtesy, isReaction } from '../../../src/core/classify/courtesy.ts';

describe('thanks and greetings only', () => {
  test.each([
    'Grazie',
    'grazie!',
    'GRAZIE MILLE',
    'Grazie mille, buona giornata. Mario Rossi',
    'Grazie ancora!',
    'Grazie a tutti',
    'Grazie Luigi, gentilissimo',
    'Ciao Marco, grazie mille!',
    'Ok grazie',
    'ok',
    'Perfetto, grazie mille per la rapidità!',
    'Molte grazie e buon lavoro',
    'Ringrazio e porgo cordiali saluti',
    'Vi ringrazio per la disponibilità.\n\nCordiali saluti\nAnna Rossi\nRossi S.r.l.',
    'Buongiorno,\ngrazie dell’intervento.\nBuona giornata\nAnna',
    'Grazie.\nMARIO ROSSI',
    'Buongiorno',
    'Buon Natale a tutti voi!',
    'Ricevuto, grazie',
    'Tutto ok, grazie',
    'Thanks!',
    'Thank you very much for your help.\nBest regards,\nJohn Smith',
    'Many thanks, have a nice day',
    'Great, thanks',
    '👍',
    '👏👏 🙏🏻',
    'Grazie 😊',
    'Grazie a Lei, dott. Bianchi',
    'Re: Grazie',
    'R: [#1042] Grazie mille!',
    'Grazie 1000',
    'Grazie per il vostro aiuto',
    'Super, grazie!',
    'Tutto chiaro, grazie',
    'D’accordo, grazie',
    'Grazie e buon lavoro\n\nAnna Rossi\nUfficio acquisti',
  ])('%j', (text) => {
    expect(isCourtesy(text)).toBe(true);
  });
  test.each([
    'Grazie, ma non funziona ancora',
    'Grazie ma la stampante è ferma',
    'Grazie, però la luce è accesa',
    'Grazie, non va',
    'Grazie, ancora ferma',
    'Grazie, quando passate?',
    'Grazie?',
    'Grazie. Richiamatemi.',
    'Grazie. Chiamateci',
    'Grazie\nRichiamatemi',
    'Grazie. La stampante si è fermata',
    'Grazie, attendo',
    'Aiuto, grazie',
    'Grazie 2000 pagine stampate male',
    'Grazie\nUfficio acquisti senza rete',
    'GRAZIE STAMPANTE ROTTA',
    'Grazie, vi aspetto alle 15',
    'Grazie, il mio numero è 06 1234567',
    'Grazie, scrivete a anna@rossi.it',
    'Grazie. Server giù',
    'Thanks, but it still does not print',
    'Thanks. When will you come?',
    'Thanks, not fixed',
    'Anna Rossi',
    'Buona giornata stampante',
    'Problema risolto? grazie',
    'Grazie, stesso problema',
    'no grazie',
    'Non ancora, grazie',
    '👎',
    '👍❓',
    '',
    ' \n ',
    '...',
    'La stampante non stampa',
    'Re: [#1042] La stampante non stampa',
    `Grazie ${'mille '.repeat(100)}`,
  ])('is more than that: %j', (text) => {
    expect(isCourtesy(text)).toBe(false);
  });
  test('a courtesy with one foreign word in it is none', () => {
    const foreign = constantFrom(
      'stampante',
      'ma',
      'però',
      'non',
      'but',
      'server',
      'rotto',
      'urgente',
      'aiuto',
      'perché',
      '12',
    );
    const courteous = constantFrom(
      'grazie',
      'grazie mille',
      'buona giornata',
      'ok',
      'perfetto',
      'thanks',
      'cordiali saluti',
    );
    assert(
      property(
        tuple(courteous, foreign, courteous),
        constantFrom(' ', ', ', '. ', '\n'),
        (parts, between) => {
          expect(isCourtesy(parts.join(between))).toBe(false);
        },
      ),
    );
  });
  test('linear time', () => {
    const start = performance.now();
    for (const text of ['grazie '.repeat(200_000), '👍'.repeat(300_000), 'Mario '.repeat(50)])
      isCourtesy(text);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('reactions', () => {
  test.each([
    '👍 Mario Rossi ha reagito al messaggio',
    '👍 Mario Rossi ha reagito al tuo messaggio:\n\nIl ticket è stato chiuso.',
    'Mario Rossi ha reagito con 👍 tramite Gmail',
    '👍 Mario Rossi reacted to your message:',
    '❤️ Anna reacted via Gmail',
    'Mi piace: «Abbiamo sostituito il rullo»',
    'Ha messo Mi piace a “Il ticket è chiuso”',
    'Liked “The ticket is closed”',
    'Loved "The ticket is closed"',
    'Reacted 👍 to “The ticket is closed”',
  ])('%j', (text) => {
    expect(isReaction(text)).toBe(true);
    expect(isCourtesy(text)).toBe(true);
  });
  test.each([
    'Mi piace la nuova stampante',
    'Mi piace',
    'Il server ha reagito al riavvio con un errore, ora è fermo e non sappiamo che fare. Potete passare?',
    'Non mi piace come stampa',
    'The pump reacted to the change',
    '',
  ])('is none: %j', (text) => {
    expect(isReaction(text)).toBe(false);
  });
});
