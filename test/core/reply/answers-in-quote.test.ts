import { describe, expect, test } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';
import type { Reply } from '../../../src/core/message/reply.ts';

function replyTo(html: string, text: string | null = null): Reply {
  return extractReply({ text, html, subject: 'R: [#1042] La stampante', isReply: true });
}

function gmail(above: string, answer: string, marker = ''): string {
  return (
    `<div dir="ltr">${above}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Il giorno mar 24 nov 2026 alle ore 10:22 ` +
    `Assistenza &lt;assistenza@kybernes.it&gt; ha scritto:<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid">` +
    `${marker}Che modello ha?<br>${answer}</blockquote></div>`
  );
}

function outlook(above: string, answer: string): string {
  return (
    `<p>${above}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>Da:</b> Assistenza ` +
    `&lt;assistenza@kybernes.it&gt;<br><b>Inviato:</b> martedì 24 novembre 2026 10:22<br><b>A:</b> Anna &lt;anna@rossi.it&gt;<br>` +
    `<b>Oggetto:</b> La stampante</p></div><p>Che modello ha?</p><p>${answer}</p>`
  );
}

const said = [
  'Rispondo sotto in rosso',
  'vedi sotto in rosso',
  'Ti rispondo in rosso',
  'risposte nel testo',
  'in rosso le mie risposte',
  'ho scritto in rosso',
  'Le risposte le trovi nel testo',
  'rispondo punto per punto qui sotto',
  'di seguito in blu le risposte',
  'commenti inline',
  'see my answers inline',
  'see my answers below in red',
  'Replied in red below',
  'Inline',
];

describe('who says that answers stand in the quote is shown with it, and never sure', () => {
  test.each(said)('%s', (words) => {
    for (const html of [gmail(words, 'HP 4000'), outlook(words, 'HP 4000')]) {
      const { textWithContext, sure } = replyTo(html);
      expect(textWithContext).toContain('HP 4000');
      expect(sure).toBe(false);
    }
  });
});

describe('words of another colour within a quote are shown with it, and never sure', () => {
  test.each([
    '<span style="color:#ff0000">HP 4000</span>',
    '<span style="color:red"><b>HP 4000</b></span>',
    '<font color="#0070C0">HP 4000</font>',
    '<b style="color:rgb(0,176,80)">HP 4000</b>',
  ])('%s', (answer) => {
    for (const html of [gmail('Buongiorno, ecco', answer), outlook('Buongiorno, ecco', answer)]) {
      const plain = 'Buongiorno, ecco';
      for (const { textWithContext, sure } of [replyTo(html), replyTo(html, plain)]) {
        expect(textWithContext).toContain('HP 4000');
        expect(sure).toBe(false);
      }
    }
  });

  test('below our marker line', () => {
    const marker = '=== Scrivere sopra questa riga ===<br>';
    const { below, sure } = replyTo(gmail('Ecco', '<span style="color:red">HP 4000</span>', marker));
    expect(below).toBe('> Che modello ha?\n> HP 4000');
    expect(sure).toBe(false);
  });
});

test('greys, dark blues and links of a quote are nobody’s answer', () => {
  for (const answer of [
    '<span style="color:#1F497D">HP 4000</span>',
    '<font color="#888888">HP 4000</font>',
    '<a href="https://hp.example" style="color:#0000ff">HP 4000</a>',
  ])
    expect(replyTo(gmail('Buongiorno, ecco', answer))).toMatchObject({
      textWithContext: 'Buongiorno, ecco',
      sure: true,
    });
});
