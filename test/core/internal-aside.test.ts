import { describe, expect, test } from 'vitest';
import { findAside } from '../../src/core/internal-aside.ts';

const colleagues = ['Mario Rossi', 'Luca Verdi', 'Carla Bianchi'];

describe('what calls itself internal, or speaks to a colleague, is found', () => {
  test.each([
    'Fatto.\n\nP.S. per Luca: non paga',
    '(interno: non paga)',
    'Solo per noi: non paga',
    'NOTA PER I COLLEGHI: non paga',
    'com. interna: non paga',
    'nota interna\nnon paga',
    'Internamente: non paga',
    '[INTERNO] non paga',
    'Uso interno: non paga',
    'Riservato allo staff: non paga',
    'Non dirlo al cliente: non paga',
    '@Luca non paga',
    'Comunicazione  interna - non paga',
    '* nota interna: non paga',
    '1) nota interna: non paga',
    'Nota (interna): non paga',
    'Note interne: non paga',
    'nota interna.non paga',
    'Fatto. nota interna: non paga',
    'Fatto; nota interna: non paga',
    '> nota interna: non paga',
    'Internal note: non paga',
    'Comunicazione al reparto tecnico: non paga',
    'Per lo staff tecnico: non paga',
    'per info ai colleghi il cliente non paga',
    'Fatto. (solo staff) non paga',
    '#interno non paga',
    '**INTERNO** non paga',
    'Interno - non paga',
    'nota_interna: x',
    'NOTAINTERNA: x',
    'n o t a  i n t e r n a: x',
    'nota ad uso interno: x',
    'Promemoria per noi: x',
    'Da non dire al cliente: x',
    'il cliente non deve sapere che x',
    'resta fra noi: x',
    'che resti tra noi, x',
    'detto fra noi, x',
    'Luca: non paga',
    'per Carla: fatturare',
    'not for the customer: x',
    "Don't tell the customer that x",
    'staff only: x',
    'for internal use only',
    '[internal] x',
    'For colleagues: x',
    'between us, he does not pay',
    'Per la segreteria: fatturare 2 ore',
    'Messaggio per i tecnici: x',
    '{nota interna} x',
    '<interno> x',
    'Confidenziale: x',
    "all'insaputa del cliente",
    'togliere prima di inviare: x',
    'n\u200bota int\u00aderna: x',
    'ｎｏｔａ ｉｎｔｅｒｎａ: x',
    'Appunto interno x',
    'Nota riservata: x',
    'Private note: x',
    'x Luca: x',
    'P.S. per i colleghi: x',
    'FYI team: x',
    'Non inoltrare al cliente',
    'INTERNO',
    'nb interno: x',
    'solo uso interno',
    'ad esclusivo uso interno',
    'Hide from the customer: x',
    'Info interna: x',
    '/nota interna/',
    '--- interno ---\nx',
    'Nota: interna. x',
    '(nota per noi: x)',
    '(per noi: x)',
    'Tra noi: x',
    'Solo tra di noi, x',
    'Colleghi: x',
    'Ai colleghi: x',
    'Nota x colleghi: x',
    'Note for staff: x',
    'Team note: x',
    'Tech note: x',
    'non far sapere al cliente che x',
    'Il cliente non lo sa ma x',
    'non è per il cliente',
    'non ditelo al cliente',
  ])('%j', (text) => {
    expect(findAside(`Fatto.\n${text}`, colleagues, 'Anna Neri')).not.toBeNull();
  });
});

describe('what is written to clients every day is not', () => {
  test.each([
    'La rete interna è stata ripristinata.',
    'Ventola (interna) sostituita.',
    'Il numero interno è il 204.',
    'Interno: 204',
    'Scala A interno 12',
    'interno 5, terzo piano',
    'Errore interno del server corretto.',
    'Memoria interna liberata.',
    'Ho sostituito il toner e aggiornato il driver.',
    'Abbiamo avvisato i Suoi colleghi.',
    'Il server non riusciva a inviare le mail ai clienti: corretto.',
    'IP interno: 192.168.1.5',
    'Il PC per il magazzino è pronto.',
    "La stampante per i colleghi dell'ufficio acquisti è pronta.",
    'Il tecnico ha sostituito il disco.',
    'Lo staff tecnico resta a disposizione.',
    'Solo per oggi la rete resta lenta.',
    'Per qualsiasi cosa: ci chiami.',
    'Il messaggio di errore non compare più.',
    'Le note di credito si stampano.',
    'Per noi è tutto a posto.',
    "Come d'accordo con il Sig. Luca, fatto.",
    'Gentile Anna, fatto.',
    "Il client non vede più l'errore.",
    'Il cliente di posta non invia: riconfigurato.',
    'Antenna interna collegata - prova riuscita',
    'Comunicazione con il server ripristinata.',
    'Restiamo a disposizione.',
    'Le informazioni sulla rete interna sono nel foglio allegato.',
    'Il messaggio per gli utenti è stato tolto.',
    'Solo il tecnico del gestore può intervenire.',
    'Ho parlato con il reparto vendite',
    'La nota spese si stampa di nuovo.',
    'Cordiali saluti\nMario Rossi',
    'Saluti,\nLuca',
    'Uso della VPN spiegato.',
    'team viewer installato',
    'Private relay disattivato',
    'Ho installato Teams per la segreteria.',
  ])('%j', (text) => {
    expect(findAside(`Gentile cliente,\n${text}\nCordiali saluti`, colleagues, 'Anna Neri')).toBeNull();
  });

  test('nor a colleague’s name where the client has it too', () => {
    expect(findAside('Luca: il PC è pronto', colleagues, 'Luca Neri')).toBeNull();
    expect(findAside('Luca: il PC è pronto', colleagues, 'Anna Neri')).toBe('Luca: il PC è pronto');
  });
});

describe('linear in the size of the text', () => {
  test.each(['non ', 'interno ', 'resta ', '(', '[ ', 'per il ', 'P.S. ', 'nota solo ', '@', '**'])(
    '%j',
    (part) => {
      const start = performance.now();
      findAside(part.repeat(300_000 / part.length), colleagues, '');
      expect(performance.now() - start).toBeLessThan(10_000);
    },
  );
});
