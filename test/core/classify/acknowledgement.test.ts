import { describe, expect, it } from 'vitest';
import { isAcknowledgement } from '../../../src/core/classify/acknowledgement.ts';

describe('a text that is nothing but another desk’s receipt', () => {
  it.each([
    'Gentile cliente,\nla Sua segnalazione è stata registrata con il numero 40122.\nVerrà ricontattato da un nostro operatore.\nUfficio Assistenza',
    'Buongiorno,\nabbiamo ricevuto la vostra richiesta e vi risponderemo quanto prima.\n\nCordiali saluti\nServizio Clienti',
    'Abbiamo preso in carico la Sua richiesta. Numero di pratica: 2026/881.\nNon rispondere a questa mail.',
    'Ticket n. 5531 aperto correttamente.\nIl nostro team la contatterà entro 8 ore.',
    'Messaggio ricevuto, risponderò a breve.',
    'Hello,\nwe have received your request (#8812) and will get back to you shortly.\nThis is an automated message, please do not reply.',
    'Thank you for contacting us.\nYour ticket has been created. Reference: 99120.\nOur team will contact you within one day.',
    'È stato aperto un ticket per la sua richiesta: il numero è 7781.\nQuesto è un messaggio generato automaticamente.',
  ])('%j', (text) => {
    expect(isAcknowledgement(text)).toBe(true);
  });
});

describe('a text that says more is a person’s', () => {
  it.each([
    'Abbiamo ricevuto la vostra mail ma la stampante non funziona ancora.',
    'Abbiamo ricevuto la vostra richiesta di conferma. Potete mandare il tecnico domani?',
    'Ho ricevuto il messaggio, a breve vi mando le foto. Intanto il palmare si è spento di nuovo.',
    'Abbiamo ricevuto la richiesta di accesso: serve una nuova password per Luca.',
    'La mia richiesta è stata registrata? Non ho avuto risposta.',
    'Abbiamo ricevuto una mail sospetta, vi risponderemo dopo averla controllata con voi: è vera o falsa?',
    'Grazie, risponderò appena possibile.',
    'Buongiorno, la fattura 881 non è arrivata.',
    '',
  ])('%j', (text) => {
    expect(isAcknowledgement(text)).toBe(false);
  });
});
