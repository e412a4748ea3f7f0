import { describe, expect, test } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';
import type { Reply } from '../../../src/core/message/reply.ts';

function replyTo(text: string): Reply {
  return extractReply({ text, html: null, subject: 'R: [#1042] La stampante', isReply: true });
}

const legal =
  'Questo messaggio è riservato e destinato esclusivamente al destinatario; se ricevuto per errore cancellatelo.';

const boilerplate = [
  "Prima di stampare, pensa all'ambiente.",
  "Prima di stampare questa e-mail, pensate all'ambiente.",
  "Rispetta l'ambiente: non stampare questa mail se non è necessario",
  "Rispetta l'ambiente: se non ti è necessario, non stampare questa mail.",
  "Pensa all'ambiente prima di stampare questo messaggio",
  "Aiutaci a proteggere l'ambiente: non stampare questa email",
  'Non stampare questa e-mail se non è strettamente necessario: risparmia carta, salva un albero.',
  'Please consider the environment before printing this e-mail or its attachments',
  'Think before you print - save paper',
  'Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail drucken',
  "Pensez à l'environnement avant d'imprimer ce courriel",
  'Piense en el medio ambiente antes de imprimir este mensaje',
  legal,
  'AVVISO DI RISERVATEZZA: Il contenuto di questa mail è riservato.',
  'Avviso di riservatezza: le informazioni sono riservate al solo destinatario.',
  'Ai sensi del D.Lgs. 196/2003 si precisa che le informazioni contenute in questo messaggio sono riservate.',
  'Ai sensi del D.Lgs. 196/2003 i dati sono trattati nel rispetto della privacy.',
  "Ai sensi dell'art. 13 del Regolamento UE 2016/679 La informiamo che i Suoi dati sono trattati secondo la normativa privacy.",
];

describe('what firms append is cut', () => {
  test.each(boilerplate)('%s', (notice) => {
    expect(replyTo(`chiudere: Sostituito il toner.\n\n${notice}`)).toMatchObject({
      text: 'chiudere: Sostituito il toner.',
      strict: 'chiudere: Sostituito il toner.',
      sure: true,
    });
  });
});

const own = [
  "Prima di stampare esce l'errore 45. Potete venire?",
  "Pensa all'ambiente di test: è fermo",
  "Rispetta l'ambiente: la ventola è rotta e fa rumore. Venite oggi",
  'Non stampare questa mail: la stampante parte da sola',
  'Non stampare: la carta è finita',
  'Serve la carta per stampare.',
  'Prima di stampare di nuovo aspettate un minuto.',
  'Before printing it says error 45.',
  "- Prima di stampare esce l'errore 45\n- Il toner è finito\n- La stampante del bar è rotta",
  'Questo messaggio di errore dice: dati personali riservati, accesso vietato. Se lo cancello torna da solo.',
  'Informativa privacy: il link sul sito non funziona.',
  'Ai sensi del GDPR dovete cancellare i dati personali di Anna dal gestionale.',
  'Ai sensi del GDPR cancellate i dati personali di Anna Conti.',
];

describe('what only begins like a notice is its writer’s', () => {
  test.each(own)('%s', (text) => {
    expect(replyTo(`Buongiorno.\n\n${text}`).text).toBe(`Buongiorno.\n\n${text}`);
    expect(replyTo(`chiudere: Sostituito il toner.\n\n${text}`).strict).toContain(text);
  });
});

describe('what is said among boilerplate stays, and a closing is asked about', () => {
  test.each(['Potete venire oggi?', 'Anche il server è fermo da ieri.', 'Dimenticavo: il codice è 4711.'])(
    '%s',
    (said) => {
      const { text, sure, strict } = replyTo(`Il pc è lento.\n\n${legal}\n\n${said}`);
      expect({ text, sure, strict }).toEqual({
        text: `Il pc è lento.\n\n${said}`,
        sure: false,
        strict: 'Il pc è lento.',
      });
    },
  );

  test('within its paragraph', () => {
    expect(replyTo(`Il pc è lento.\n\n${legal} Anche il server è fermo da ieri.`).text).toContain(
      'Anche il server è fermo da ieri.',
    );
  });

  test('what reads much like a notice and has a word of its own is doubted', () => {
    const line = "Prima di stampare questo messaggio, pensa all'ambiente e agli armadilli";
    const { text, sure } = replyTo(`chiudere: Sostituito il toner.\n\n${line}`);
    expect({ text, sure }).toEqual({ text: `chiudere: Sostituito il toner.\n\n${line}`, sure: false });
  });
});
