import { readdirSync, readFileSync } from 'node:fs';
import { array, assert, boolean, constantFrom, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ordersOf } from '../../../src/core/commands/reading.ts';
import { extractReply, htmlToText } from '../../../src/core/reply/reply.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';
import type { Reply } from '../../../src/core/message/reply.ts';
import { runs } from '../../harness/runs.ts';

const read = (bodies: { text?: string; html?: string }, isReply = true): Reply =>
  extractReply({
    text: bodies.text ?? null,
    html: bodies.html ?? null,
    subject: isReply ? 'R: [#1042] La cella' : 'La cella',
    isReply,
  });
const words = (text: string): string[] => text.match(/\p{L}{3,}/gu) ?? [];

const own = 'La cella due segna meno tre e il gelato si scioglie.';
const attribution =
  'Il giorno mar 24 nov 2026 alle ore 10:22 Sportello &lt;sportello@kybernes.it&gt; ha scritto:';
const quoted = 'Gentile Cliente,<br>abbiamo ricevuto la Sua richiesta.';
const quote = `<blockquote type="cite" style="border-left:1px solid #ccc">${quoted}</blockquote>`;
const header =
  '<b>Da:</b> Sportello &lt;sportello@kybernes.it&gt;<br><b>Inviato:</b> martedì 24 novembre 2026 10:22<br><b>A:</b> Irene<br><b>Oggetto:</b> La cella<br><br>';
const name = '<div>Irene Conti</div><div>Conti Gelati S.n.c.</div>';

/** Text that programs write around an answer; the cursor may be anywhere in it. */
const programs: Record<string, (said: string) => string> = {
  'Gmail, in the container': (said) =>
    `<div class="gmail_quote">${said}${attribution}<br><blockquote class="gmail_quote">${quoted}</blockquote></div>`,
  'Gmail, in its line above': (said) =>
    `<div class="gmail_quote"><div class="gmail_attr">${said}${attribution}</div><blockquote class="gmail_quote">${quoted}</blockquote></div>`,
  'Gmail, old container': (said) =>
    `<div class="gmail_extra">${said}<div class="gmail_quote">${attribution}<blockquote class="gmail_quote">${quoted}</blockquote></div></div>`,
  'Gmail, in the signature': (said) =>
    `<div class="gmail_signature">${said}${name}</div><div class="gmail_quote"><div class="gmail_attr">${attribution}</div><blockquote class="gmail_quote">${quoted}</blockquote></div>`,
  'Thunderbird, in its line above': (said) =>
    `<div class="moz-cite-prefix">${said}Il 24/11/2026 10:22, Sportello ha scritto:<br></div>${quote}`,
  'Thunderbird, in German': (said) =>
    `<div class="moz-cite-prefix">${said}Am 24.11.26 um 10:22 schrieb Sportello:<br></div>${quote}`,
  'Thunderbird, in a language without words': (said) =>
    `<div class="moz-cite-prefix">${said}Zxy 24/11/2026 10:22, Sportello blorp:<br></div>${quote}`,
  'Thunderbird, in the signature': (said) => `<div class="moz-signature">${said}-- <br>Irene Conti</div>`,
  'Outlook on the web, in the signature': (said) =>
    `<div id="Signature">${said}${name}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">${header}</div>${quoted}`,
  'Outlook on the web, in its mark': (said) =>
    `<div id="appendonsend">${said}</div><hr><div id="divRplyFwdMsg">${header}</div>${quoted}`,
  'Outlook on the web, below its mark': (said) =>
    `<div id="appendonsend"></div>${said}<hr><div id="divRplyFwdMsg">${header}</div>${quoted}`,
  'Outlook on the web, above the header': (said) => `<div id="divRplyFwdMsg">${said}${header}</div>${quoted}`,
  'Outlook for Windows': (said) =>
    `<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">${said}<p class="MsoNormal">${header}</p></div><p class="MsoNormal">${quoted}</p>`,
  'Outlook for iPhone': (said) =>
    `<div id="ms-outlook-mobile-signature">${said}</div><hr><div id="divRplyFwdMsg">${header}</div>${quoted}`,
  'Outlook for Mac': (said) =>
    `<div id="mail-editor-reference-message-container">${said}<div>${header}</div>${quoted}</div>`,
  'Apple Mail, in the signature': (said) =>
    `<div id="AppleMailSignature">${said}<div>Irene</div></div><div><br><blockquote type="cite">${attribution}<br></blockquote></div>${quote}`,
  Yahoo: (said) => `<div class="yahoo_quoted">${said}<div>${attribution}</div><div>${quoted}</div></div>`,
  'Yahoo, in the signature': (said) =>
    `<div class="ydp12ab34cdsignature">${said}</div><div class="ydp12ab34cdyahoo_quoted"><div>${attribution}</div><div>${quoted}</div></div>`,
  Roundcube: (said) => `<p id="reply-intro">${said}${attribution}</p>${quote}`,
  'Roundcube, in the signature': (said) =>
    `<div id="_rc_sig">${said}-- <br>Irene</div><p id="reply-intro">${attribution}</p>${quote}`,
  Zimbra: (said) =>
    `<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">${said}${header}</div><div data-marker="__QUOTED_TEXT__">${quoted}</div>`,
  'Zimbra, in the signature': (said) =>
    `<div data-marker="__SIG_PRE__">${said}${name}</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">${header}</div>${quoted}`,
  Proton: (said) =>
    `<div class="protonmail_quote">${said}${attribution}<br><blockquote class="protonmail_quote" type="cite">${quoted}</blockquote></div>`,
  'Proton, in the signature': (said) =>
    `<div class="protonmail_signature_block">${said}</div><div class="protonmail_quote">${attribution}<br>${quote}</div>`,
  Spark: (said) => `<div name="messageReplySection">${said}${attribution}<br>${quote}</div>`,
  'Samsung, in the signature': (said) =>
    `<div id="composer_signature">${said}</div><div>-------- Messaggio originale --------</div><div>${header}</div><div>${quoted}</div>`,
  'Aqua Mail': (said) =>
    `<div id="aqm-original">${said}<div id="aqm-original-body-header">${attribution}</div>${quote}</div>`,
  Evolution: (said) => `<div class="-x-evo-cite-prefix">${said}${attribution}</div>${quote}`,
  Zoho: (said) =>
    `<div class="zmail_extra">${said}<div>---- On Tue, 24 Nov 2026 10:22:31 +0100 Sportello &lt;sportello@kybernes.it&gt; wrote ----</div><blockquote>${quoted}</blockquote></div>`,
};

/** The whole mail is marked as quoted, or what is new stands below an end that nobody marks. */
const hopeless: Record<string, (said: string) => string> = {
  'one blockquote': (said) => `<blockquote type="cite">${said}</blockquote>`,
  'a blockquote with the older mail in it': (said) =>
    `<blockquote type="cite">${said}<div>${attribution}</div>${quote}</blockquote>`,
  'below an Outlook header': (said) => `<div id="divRplyFwdMsg">${header}</div><div>${quoted}</div>${said}`,
  'below an attribution': (said) =>
    `<div class="gmail_quote"><div class="gmail_attr">${attribution}</div><div>${quoted}</div>${said}</div>`,
  'a quote that ends nowhere': (said) =>
    `<div class="yahoo_quoted"><div>${attribution}</div>${quoted}${said}</div>`,
};

/** A `div` ends a `p`, and Outlook for Windows draws a line: there the writer's words stand outside of what is marked. */
const unmarked = new Set(['Roundcube', 'Outlook for Windows']);

describe.each(Object.entries(programs))(
  '%s: what its writer wrote where the program marks a quote',
  (program, write) => {
    test.each([
      ['alone', ''],
      ['below a greeting', '<div>Buongiorno,</div>'],
      ['below a command', '<div>Chiudere</div>'],
    ])('%s, is read without the quote', (_where, above) => {
      const reply = read({ html: `${above}${write(`<div>${own}</div><div><br></div>`)}` });
      expect(reply.text).toContain(own);
      expect(reply).toMatchObject({ guessed: false });
      expect(reply.text).not.toContain('abbiamo ricevuto');
      expect(reply.sure).toBe(unmarked.has(program));
    });

    test('above all of it, is read and certain', () => {
      const reply = read({ html: `<div>${own}</div><div><br></div>${write('')}` });
      expect(reply.text).toBe(own);
    });
  },
);

describe.each(Object.entries(hopeless))('%s', (_, write) => {
  test.each([
    ['alone', ''],
    ['below a greeting', '<div>Buongiorno,</div>'],
  ])('%s, shows all of it and commands nothing', (_where, above) => {
    const reply = read({ html: `${above}${write(`<div>chiudere</div><div>${own}</div>`)}` });
    expect(reply.text).toContain(own);
    expect(reply).toMatchObject({ guessed: true, sure: false, strict: '' });
    expect(ordersOf(reply, 'R: [#1042] La cella').own.kind).not.toBe('commands');
  });
});

test('a plain part that says what the HTML only quotes is read, and commands nothing by itself', () => {
  const reply = read({
    text: `chiudere\n${own}`,
    html: `<blockquote type="cite">chiudere<br>${own}</blockquote>`,
  });
  expect(reply.text).toContain(own);
  expect(ordersOf(reply, 'R: [#1042] La cella').own).toMatchObject({ kind: 'unsure', guesses: ['close'] });
});

describe('a mail that has words for eyes', () => {
  const piece = constantFrom(
    own,
    'Irene Conti',
    'Tel. 0161 555 210',
    '-- ',
    '---',
    '> Da quando succede?',
    '> ',
    '',
    'Il 24/11/2026 10:22, Sportello ha scritto:',
    'Da: Sportello <sportello@kybernes.it>\nInviato: martedì 24 novembre 2026 10:22\nA: Irene\nOggetto: La cella',
    '________________________________',
    '-----Messaggio originale-----',
    'Buongiorno,',
    'Grazie',
    'Le informazioni contenute in questo messaggio sono riservate e destinate esclusivamente al destinatario. Chi lo avesse ricevuto per errore è pregato di cancellarlo.',
  );

  test('is never read as empty, however it is laid out as text', () => {
    assert(
      property(array(piece, { minLength: 1, maxLength: 8 }), boolean(), (pieces, isReply) => {
        const text = pieces.join('\n');
        const reply = read({ text }, isReply);
        const said = [reply.text, reply.below, reply.forwarded === null ? '' : text].join('');
        expect({ text, isLost: words(text).length > 0 && words(said).length === 0 }).toMatchObject({
          isLost: false,
        });
      }),
      { numRuns: runs(500) },
    );
  });

  test('is never read as empty, however it is laid out as HTML', () => {
    const layouts = [
      ...Object.values(programs),
      ...Object.values(hopeless),
      (said: string) => `<div>${said}</div>`,
    ];
    const layout = record({
      outer: constantFrom(...layouts),
      inner: constantFrom(...layouts, (said: string) => said),
      // a line break alone is no words
      said: array(constantFrom(`<p>${own}</p>`, `<div>${own}</div>`, '<br>', '<p>Irene</p>', own), {
        minLength: 1,
        maxLength: 4,
      }).filter((pieces) => pieces.some((one) => one !== '<br>')),
      withText: boolean(),
    });
    assert(
      property(layout, ({ outer, inner, said, withText }) => {
        const html = outer(inner(said.join('')));
        const reply = read(withText ? { html, text: htmlToText(html) } : { html });
        const shown = [reply.text, reply.below, reply.forwarded?.text ?? ''].join('\n');
        expect({ html, isLost: words(shown).length === 0 }).toMatchObject({ isLost: false });
      }),
      { numRuns: runs(300) },
    );
  });

  const folder = new URL('../../mails/', import.meta.url);
  const mails = readdirSync(folder).filter((file) => file.endsWith('.eml'));
  test.each(mails)('is shown, or what a machine wrote: %s', async (file) => {
    const { kind, reply, fullText, defect } = await parseMessage(readFileSync(new URL(file, folder)));
    const shown = [reply.text, reply.below, reply.forwarded?.text ?? ''].join('');
    const isEmpty = words(fullText).length === 0 || words(shown).length > 0;
    const isMachines =
      reply.cuts.length > 0 && reply.cuts.every(({ reason }) => reason === 'tagline' || reason === 'banner');
    expect(kind !== 'person' || defect !== null || isEmpty || isMachines).toBe(true);
  });
});
