import { describe, expect, test } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';
import type { Reply } from '../../../src/core/message/reply.ts';

/** A mail of ours as a client or a technician has it, and as programs quote it. */
const ours = [
  '=== Scrivere sopra questa riga ===',
  '',
  'Gentile Anna Rossi,',
  '',
  'abbiamo ricevuto la Sua richiesta 1042. Per aggiungere qualcosa basta rispondere a questo messaggio: arriva a chi se ne occupa.',
  '',
  'Oggetto:  La stampante non stampa',
  '',
  'Qual è il numero di serie della stampante?',
  'Da quando succede?',
  '',
  '-- ',
  'KYBERNES S.r.l.',
];
const attribution = 'Il 24/11/2026 10:22, Assistenza KYBERNES ha scritto:';
const quote = (lines: readonly string[]): string[] => lines.map((line) => (line === '' ? '>' : `> ${line}`));
/** Ours with these lines below those that end in a key. */
const between = (answers: Record<string, string[]>): string[] =>
  ours.flatMap((line) => [...quote([line]), ...(answers[line] ?? [])]);

const read = (...lines: string[]): Reply =>
  extractReply({ text: lines.join('\n'), html: null, subject: 'R: [#1042] La stampante', isReply: true });
const readHtml = (html: string): Reply =>
  extractReply({ text: null, html, subject: 'R: [#1042] La stampante', isReply: true });

describe('below a quoted mail of ours is read', () => {
  test('what its writer added there, with text above or without', () => {
    for (const above of [[], ['Ecco la foto.', '']]) {
      const reply = read(...above, attribution, ...quote(ours), '', 'Ora nemmeno lo scanner.');
      expect(reply).toMatchObject({
        text: above.join('\n').trim(),
        below: 'Ora nemmeno lo scanner.',
        sure: false,
      });
    }
  });

  test('what stands between its lines, with the line it answers', () => {
    const answers = {
      'Qual è il numero di serie della stampante?': ['SN-4711'],
      'Da quando succede?': ['', 'Da lunedì.', ''],
    };
    for (const above of [[], ['Rispondo alle domande.', '']]) {
      const { text, strict, below } = read(...above, attribution, ...between(answers), '', 'Saluti e grazie');
      expect([text, strict]).toEqual([above.join('\n').trim(), above.join('\n').trim()]);
      expect(below).toBe(
        '> Qual è il numero di serie della stampante?\nSN-4711\n\n> Da quando succede?\nDa lunedì.\n\nSaluti e grazie',
      );
    }
  });

  test('the same in HTML, where a program breaks its quote for the answer', () => {
    const [before, after] = [ours.slice(0, 9), ours.slice(9)].map((lines) =>
      lines.map((l) => `<div>${l || '<br>'}</div>`).join(''),
    );
    const html = `<p>Rispondo.</p><div class="gmail_quote"><div class="gmail_attr">${attribution}</div><blockquote class="gmail_quote">${before}</blockquote><div>SN-4711</div><blockquote class="gmail_quote">${after}</blockquote></div><p>Ora nemmeno lo scanner.</p>`;
    expect(readHtml(html)).toMatchObject({
      text: 'Rispondo.',
      below: '> Qual è il numero di serie della stampante?\nSN-4711\n\nOra nemmeno lo scanner.',
    });
  });

  test('a whole quote without marks, where its writer says that answers stand in it', () => {
    const header = [
      'Da: Assistenza KYBERNES <assistenza@kybernes.it>',
      'Inviato: martedì 24 novembre 2026 10:22',
      'A: Anna',
      'Oggetto: [#1042] La stampante',
      '',
    ];
    const { below, sure } = read(
      'Trova le risposte sotto in rosso.',
      '',
      ...header,
      ...ours.flatMap((line) => (line.startsWith('Da quando') ? [line, 'Da lunedì.'] : [line])),
    );
    expect(below).toContain('> Da lunedì.');
    expect(sure).toBe(false);
  });
});

describe('below a quoted mail of ours nothing is found where nothing stands', () => {
  const above = ['Confermo per giovedì.', ''];
  test.each([
    ['nothing', []],
    ['a signature', ['', '-- ', 'Anna Rossi', 'Rossi S.p.A.']],
    ['what a phone adds', ['', 'Inviato da iPhone']],
    ['what a scanner adds', ['', 'Mail priva di virus. www.avast.com']],
    [
      'a firm’s boilerplate',
      [
        '',
        'Le informazioni contenute in questo messaggio sono riservate e destinate esclusivamente al destinatario. Chi lo avesse ricevuto per errore è pregato di cancellarlo.',
      ],
    ],
    [
      'a footer that a server appends',
      [
        '',
        'Anna Rossi',
        'Ufficio Acquisti',
        'Rossi S.p.A. - Via Roma 1, 00100 Roma',
        'Tel. 06 555 1234 - www.rossi.it',
      ],
    ],
    ['a farewell and a name', ['', 'Cordiali saluti', 'Anna Rossi']],
    ['both in one line', ['', 'Cordiali saluti, Anna Rossi']],
    ['thanks and a name', ['', 'Grazie e buona giornata', 'Anna']],
    ['a name and an address, in bold', ['', '*Anna Rossi*', 'Via Roma 1, Milano']],
    ['an older mail', ['', 'Il 20/11/2026 09:00, Anna Rossi ha scritto:', '> Non stampa.']],
    [
      'an older mail without marks',
      [
        '',
        '-----Messaggio originale-----',
        'Da: Anna Rossi <anna@rossi.it>',
        'Inviato: lunedì 23 novembre 2026 09:00',
        'A: Assistenza',
        'Oggetto: La stampante',
        '',
        'Non stampa.',
      ],
    ],
    [
      'the footer of a list',
      [
        '',
        '_______________________________________________',
        'Assistenza mailing list',
        'https://liste.example/assistenza',
      ],
    ],
  ])('but %s', (_, below) => {
    expect(read(...above, attribution, ...quote(ours), ...below)).toMatchObject({
      text: 'Confermo per giovedì.',
      below: '',
      sure: true,
    });
  });

  test('but the rest of quoted lines that a program broke', () => {
    for (const width of [72, 76, 80]) {
      const broken = quote(ours).flatMap((line) => {
        const lines = [''];
        for (const word of line.split(' ')) {
          const last = lines.at(-1) ?? '';
          if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
          else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
        }
        return lines;
      });
      expect(broken.length).toBeGreaterThan(ours.length);
      expect(read(...above, attribution, ...broken)).toMatchObject({ below: '', sure: true });
    }
  });

  test('where the marker line is not quoted, as in the mail that a button prepares', () => {
    expect(
      read(
        'chiudere',
        'Fatto.',
        '',
        ...ours.slice(0, 2),
        'Luigi',
        attribution,
        ...quote(ours.slice(2)),
        '',
        'x y',
      ),
    ).toMatchObject({
      text: 'chiudere\nFatto.',
      below: '',
      sure: true,
    });
  });
});
