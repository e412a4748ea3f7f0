import { describe, expect, test } from 'vitest';
import { isCourtesy } from '../../../src/core/classify/courtesy.ts';
import { saysItWorks } from '../../../src/core/classify/works-now.ts';

describe('thanks above a signature are thanks', () => {
  test.each([
    'Grazie mille!\n\nIrene Conti\nConti Sementi S.n.c.\nTel. 0161 555210',
    'Grazie mille!\n\nIrene Conti\nConti Sementi S.n.c.\nVia Roma 12, Vercelli\nTel. 0161 555210',
    'Grazie, buona giornata\n\nIrene Conti\nwww.conti.it',
    'Grazie!\n\nCordiali saluti\nIrene Conti\nUfficio Acquisti\nConti Sementi S.n.c. - Via Roma 12 - 21052 Vercelli (VA)\nTel. 0161 555210 | Fax 0331 123457\nirene.conti@conti.it | www.conti.it\nP.IVA 01234567890',
    'Thanks!\n\nBest regards,\nJohn Smith\nSales Manager\nAcme Ltd\nPhone: +44 20 7946 0958',
    'Ok grazie\nAnna\n-- \nIrene Conti\n+39 333 1234567',
    'Grazie mille\n\n[cid:image001.png@01D]\nIrene Conti\nTel: 0331/123456',
    'Perfetto, grazie.\n\nDott. Mario Bianchi\nStudio Bianchi\nmario@bianchi.it',
    'Grazie\n\nIrene Conti\nConti Sementi S.n.c.\nTel. 0161 555210\n\nAi sensi del GDPR 2016/679 le informazioni contenute in questo messaggio sono riservate al destinatario.',
    'Grazie a tutti!\nIrene Conti - Conti Sementi S.n.c. - tel. 0161 555210',
    'Ok, grazie\n\nIrene Conti\nFacebook <https://facebook.com/conti>\nconti.it',
    'Grazie e buon lavoro.\n\nIrene Conti | Responsabile Acquisti\nM +39 333 123 4567\nE irene@conti.it',
    'Grazie.\n\nIrene Conti\nPiazza Garibaldi 3\n20100 Milano MI\nCell. 333.1234567',
    'Grazie mille\nIrene Conti\nhttps://www.conti.it/',
  ])('%j', (text) => {
    expect(isCourtesy(text)).toBe(true);
  });

  test('and so is that it works', () => {
    expect(saysItWorks('Ora funziona, grazie!\n\nIrene Conti\nConti Sementi S.n.c.\nTel. 0161 555210')).toBe(
      true,
    );
  });
});

describe('whatever else is said with them is a message', () => {
  test.each([
    'Grazie, il mio numero è 06 1234567',
    'Grazie\nIl mio numero è 06 1234567',
    'Grazie\nChiamatemi al 333 1234567',
    'Grazie\nChiamatemi 333 1234567',
    'Grazie mille, ma non funziona\n\nIrene Conti\nConti Sementi S.n.c.\nTel. 0161 555210',
    'Grazie.\nLa stampante è ferma\n\nIrene Conti\nTel. 0161 555210',
    'Grazie\n\nUfficio acquisti senza rete\nTel. 0161 555210',
    'Irene Conti\nTel. 0161 555210',
    'Grazie.\n\nNuovo numero: 333 1234567',
    'Grazie, venite in Via Roma 12',
    'Grazie\nVenite in via Roma 12',
    'Grazie\nUrgente 333 1234567',
    'Grazie\nscrivete a irene@conti.it',
    'Grazie! Funziona tutto?\n\nIrene Conti\nTel. 0161 555210',
    'Grazie, però la seconda no\nIrene Conti\nwww.conti.it',
    'Grazie.\nErrore 0x80070005\nIrene Conti\nTel. 0161 555210',
    'Grazie\n12345678',
    'Grazie\nsn 0161 555210',
    'Grazie.\n\nMatricola: 12345678\nIrene Conti\nTel. 0161 555210',
    'Grazie\nCodice 4471 2236',
  ])('%j', (text) => {
    expect([isCourtesy(text), saysItWorks(text)]).toEqual([false, false]);
  });
});
