import { array, assert, boolean, constantFrom, oneof, option, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMarkerLine } from '../../../src/core/letters/marker.ts';
import { markerLine as titledMarkerLine, markerLine } from '../../../src/core/words/words.ts';
import { extractReply, htmlToText } from '../../../src/core/reply/reply.ts';
import type { Reply } from '../../../src/core/message/reply.ts';

const answer = (text: string, isReply = true): Reply =>
  extractReply({ text, html: null, subject: isReply ? 'Re: x' : '', isReply });

/** White space as one: what matters is the words and their order. */
const words = (text: string) => text.replace(/\s+/gu, ' ').trim();

/** Ways of mail programs to introduce what they quote. */
const openings = [
  'Il giorno lun 10 mar 2025 alle ore 15:22 Desk <desk@x.it> ha scritto:',
  'Il giorno lun 10 mar 2025 alle ore 15:22 Assistenza Tecnica di Secondo Livello <\nassistenza@x.it> ha scritto:',
  'Il 10/03/2025 15:22, Assistenza Tecnica di Secondo Livello della Sede di Roma\nha scritto:',
  'In data 10 marzo 2025 15:22:10 CET, Desk <desk@x.it> ha scritto:',
  'On Mon, Mar 10, 2025 at 3:22 PM Desk <desk@x.it> wrote:',
  'Am 10.03.25 um 15:22 schrieb Desk:',
  'Le lun. 10 mars 2025 à 15:22, Desk <desk@x.fr> a écrit :',
  'El lun, 10 mar 2025 a las 15:22, Desk (<desk@x.es>) escribió:',
  'пн, 10 мар. 2025 г. в 15:22, Desk <desk@x.ru>:',
  'Da: Desk <desk@x.it>\nInviato: lunedì 10 marzo 2025 15:22\nA: Mario Rossi\nOggetto: stampante',
  '-----Messaggio originale-----\nDa: Desk\nInviato: lunedì 10 marzo 2025 15:22\nA: Mario\nOggetto: x',
  '________________________________\nFrom: Desk <desk@x.it>\nSent: Monday, March 10, 2025 3:22 PM\nTo: M\nSubject: x',
  '-------- Messaggio originale --------\nOggetto: x\nData: Mon, 10 Mar 2025 15:22:10 +0100\nMittente: Desk <desk@x.it>\nA: M <m@x.it>',
];

/** Lines that people write: sentences, figures, lists, labels, lines that end with a colon. */
const line = oneof(
  constantFrom(
    'ok',
    'Chiudere.',
    'Grazie, Mario',
    'Numero seriale: 12345',
    'Ore 10:30 va bene',
    'Da: sede di Roma',
    'Il toner è finito',
    '- riavviato il PC',
    'Vedi https://x.it/a?b=1',
    'mario@rossi.it è il mio indirizzo',
    'Il collega dice:',
    'Perché?',
  ),
  array(
    constantFrom('la', 'stampante', 'del', 'piano', 'non', 'parte', 'da', 'ieri', 'è', 'così', '3', 'volte'),
    {
      minLength: 1,
      maxLength: 12,
    },
  ).map((some) => some.join(' ')),
);
const written = array(line, { minLength: 1, maxLength: 6 }).map((lines) => lines.join('\n'));
const quoted = 'Gentile Mario,\nabbiamo ricevuto la Sua richiesta.\n\nDesk';
const marked = quoted.replace(/^/gmu, '> ');

describe('what stands above a quote', () => {
  test.each(openings)('is all that is new: %s', (opening) => {
    assert(
      property(written, constantFrom(quoted, marked), boolean(), (text, quote, isReply) => {
        const reply = answer(`${text}\n\n${opening}\n\n${quote}\n`, isReply);
        expect(words(reply.text)).toBe(words(text));
        expect(reply.strict).not.toContain('ricevuto');
      }),
      { numRuns: 60 },
    );
  });

  test('is never lost to a marker line below it, and nothing below the marker is read', () => {
    assert(
      property(written, constantFrom('', '> ', '• ', '   '), (text, before) => {
        const reply = answer(`${text}\n\n${before}${markerLine('solution', 'it')}\nchiudere\n${marked}`);
        expect(words(reply.text)).toBe(words(text));
        expect(reply.cuts.at(-1)?.reason).toBe('marker');
      }),
      // a figure, a time and a colon that three lines of a writer happen to have
      { examples: [['3\nOre 10:30 va bene\nIl collega dice:', '> ']] },
    );
  });
});

describe('whatever a mail holds', () => {
  const anything = oneof(
    string({ unit: 'binary', maxLength: 300 }),
    array(
      constantFrom(
        '> ',
        '\n',
        '\r',
        '\r\n',
        '\u2028',
        '\0',
        '\ud800',
        '-- ',
        'Da: ',
        'a@b.it',
        '10:30',
        ':',
        '<',
        'ha scritto',
        '-=-=- ',
      ),
      { maxLength: 60 },
    ).map((parts) => parts.join('')),
  );

  test('the answer is well-formed text, and its cuts lie in the text and do not overlap', () => {
    assert(
      property(anything, option(anything), boolean(), (text, html, isReply) => {
        const reply = extractReply({ text, html, subject: text.slice(0, 40), isReply });
        for (const one of [reply.text, reply.textWithContext, reply.strict, reply.forwarded?.text ?? '']) {
          expect(one.isWellFormed()).toBe(true);
          expect(one).not.toMatch(/[\0\r\u2028]/u);
        }
        let last = 0;
        for (const { fromLine, toLine } of reply.cuts) {
          expect(fromLine).toBeGreaterThan(last);
          expect(toLine).toBeGreaterThanOrEqual(fromLine);
          last = toLine;
        }
        expect(reply.sure).toBe(reply.doubt === '');
      }),
    );
  });

  test('what may reach a client is the beginning of what staff read', () => {
    assert(
      property(anything, (text) => {
        const reply = answer(text);
        expect(words(reply.text).startsWith(words(reply.strict))).toBe(true);
      }),
    );
  });

  test('HTML of any kind becomes text without tags of its own', () => {
    const piece = constantFrom(
      '<p>',
      '</p>',
      '<div style="display:none">',
      '</div>',
      '<script>x</script>',
      'uno',
      '&amp;',
      '<blockquote>',
      '<',
      '<table><tr><td>',
      '</tr>',
      '<a href="mailto:t@x.it">',
      '</a>',
      '<!--',
      '-->',
    );
    assert(
      property(array(piece, { maxLength: 40 }), (pieces) => {
        expect(htmlToText(pieces.join(''))).not.toMatch(/<script|<div|mailto:/u);
      }),
    );
  });
});

describe('the marker line', () => {
  const lines = (['it', 'en'] as const).flatMap((locale) => [
    markerLine('reply', locale),
    markerLine('solution', locale),
  ]);

  test.each(lines)('is known however a program passes it on: %s', (marker) => {
    for (const passed of [
      marker,
      `> ${marker}`,
      `>> > ${marker}  `,
      `  • ${marker.slice(1)}`,
      `* ${marker}`,
      marker.replaceAll('-', '–'),
      marker.replaceAll('-', '—'),
      marker.slice(0, 40),
      `\u200b${marker}`,
    ]) {
      expect({ passed, known: isMarkerLine(passed) }).toEqual({ passed, known: true });
    }
    expect(marker.length).toBeLessThanOrEqual(80);
  });

  test.each(['reply', 'solution'] as const)(
    'of mails to staff ends what is read, wrapped or not: %s',
    (kind) => {
      for (const locale of ['it', 'en'] as const) {
        const marker = titledMarkerLine(kind, locale);
        for (const passed of [marker, `> ${marker}`, marker.replace(/ (\S+ \S+)$/u, '\n$1'), `* ${marker}`]) {
          const { text, strict, sure, cuts } = answer(`chiudere\n\nfatto\n\n${passed}\n\nresto`);
          expect([text, strict, sure]).toEqual(['chiudere\n\nfatto', 'chiudere\n\nfatto', true]);
          expect(cuts.map(({ reason }) => reason)).toEqual(['marker']);
        }
      }
    },
  );

  test('is no line of a writer', () => {
    for (const other of [
      '-=-=-=-=-=-',
      '=-=-=-=-=-=-=',
      '- = -',
      '--',
      '=====',
      'a -=- b',
      'Scriva qui sopra',
    ]) {
      expect({ other, known: isMarkerLine(other) }).toEqual({ other, known: false });
    }
  });
});
