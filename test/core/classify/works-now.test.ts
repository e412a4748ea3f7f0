import { describe, expect, test } from 'vitest';
import { saysItWorks } from '../../../src/core/classify/works-now.ts';

describe('a client says that it works now, and nothing else', () => {
  test.each([
    'Ora funziona, grazie',
    'ora funziona',
    'Ora funziona 👍',
    'Adesso stampa, grazie mille',
    'Tutto funziona grazie',
    'Funziona tutto, grazie!',
    'Grazie, ora va',
    'Risolto, grazie',
    'Problema risolto, grazie',
    'Grazie, problema risolto.',
    'Confermo, funziona',
    'Confermo che ora funziona. Grazie',
    'Adesso va tutto bene, grazie',
    'Tutto a posto',
    'È tutto ok ora, grazie',
    'Perfetto, ora stampa. Grazie',
    'It works now, thanks',
    'Works now, thank you!',
    'Fixed, thanks',
    'Everything works, thanks',
    'All good now',
    'Ok, chiudete pure',
    'Potete chiudere, grazie',
    'You can close it, thanks',
    'Buongiorno,\nla stampante ora funziona perfettamente.\nGrazie\nAnna',
    'Abbiamo risolto, grazie a tutti',
    'That fixed it. Thank you very much.',
    'The problem is solved, thanks',
    'Buongiorno,\nora funziona tutto.\nGrazie e buon lavoro\nAnna Rossi',
  ])('%j', (text) => {
    expect(saysItWorks(text)).toBe(true);
  });
  test.each([
    'Grazie',
    'Grazie, ma non funziona ancora',
    'Ora funziona, ma è lenta',
    'Ora funziona il mouse, la stampante no',
    'Non funziona',
    'Ora non funziona',
    'Funziona?',
    'Funziona tutto? Grazie',
    'funziona solo a volte',
    'Grazie, funziona a metà',
    'Grazie ora funziona la tastiera, il monitor è nero',
    'Ora funziona. Potete venire anche per il telefono',
    'Ora funziona. Richiamatemi',
    'Ora funziona. Stampante',
    'Ora funziona, il fax no',
    'Ora va. No',
    'Tutto a posto, tranne il fax',
    'Dite che ora funziona',
    'Se funziona',
    'Quando funziona tutto, chiudete pure',
    'Ora funziona 2 volte su 3',
    'risolto il primo',
    'Non è risolto',
    'non potete chiudere',
    'Grazie. Il problema è tornato',
    'Ora è peggio, grazie',
    'funziona male',
    'funzionava',
    'ha smesso di funzionare',
    'L’altra ora funziona, grazie',
    'La prima funziona',
    'La stampante ora funziona male',
    'La stampante ora non funziona, grazie',
    'It works but slowly',
    'It almost works',
    'Does it work?',
    'It does not work',
    'Now the other printer works',
  ])('is more than that, or other: %j', (text) => {
    expect(saysItWorks(text)).toBe(false);
  });
  test('in linear time', () => {
    const start = performance.now();
    for (const text of [
      'ora '.repeat(75),
      'grazie '.repeat(42),
      'ok confermo '.repeat(25),
      'x '.repeat(500_000),
    ])
      expect(saysItWorks(text)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
