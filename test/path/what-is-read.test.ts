import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer, mailTo, openDesk, type PathDesk } from '../builders/desk.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const luigi = 'luigi@kybernes.it';
const anna = 'anna@rossi.it';

/** A mail of Anna's with both bodies. */
function bothBodies(text: string, html: string): string {
  return [
    `From: Anna Rossi <${anna}>`,
    'To: assistenza@kybernes.it',
    'Subject: Avviso',
    'Message-ID: <avviso@rossi.it>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain; charset="utf-8"',
    '',
    text,
    '--b',
    'Content-Type: text/html; charset="utf-8"',
    '',
    html,
    '--b--',
    '',
  ].join('\r\n');
}

describe('what a reader sees is the HTML: a text beside it that says less is not read in its place', () => {
  it.each([
    ['a placeholder', 'Your mail client does not support HTML', '<p>Il disco è pieno</p>'],
    [
      'a shortened text',
      'Job: Backup',
      '<p>Job: Backup</p><table><tr><td>Il disco è pieno</td></tr></table>',
    ],
    ['what cannot be seen', ' \u200b\u00a0', '<p>Il disco è pieno</p>'],
  ])('%s', async (_, text, html) => {
    const opened = await here.send({ from: anna, raw: Buffer.from(bothBodies(text, html)) });
    expect(opened.disposition).toBe('opened');
    expect(mailTo(opened, luigi).text).toContain('Il disco è pieno');
    expect(mailTo(opened, anna).text).toContain('Il disco è pieno');
  });
});

describe('what is quoted in a mail that opens a ticket', () => {
  const supplier = [
    'Buongiorno, aggiungo l’assistenza in copia: vedete sotto?',
    '',
    'Il giorno lun 23 nov 2026 alle ore 15:22 Fornitore <ordini@fornitore.it> ha scritto:',
    '',
    '> Il numero di serie è SN-4711.',
    '> Va sostituito l’alimentatore.',
  ].join('\n');

  it('is kept where the thread is none of ours: nobody here has seen it', async () => {
    const opened = await here.send({
      from: anna,
      subject: 'R: Ordine 12',
      text: supplier,
      headers: ['In-Reply-To: <ordine@fornitore.it>', 'References: <ordine@fornitore.it>'],
    });
    expect(opened.disposition).toBe('opened');
    expect(mailTo(opened, luigi).text).toContain('SN-4711');
    expect(mailTo(opened, luigi).text).toContain('ordini@fornitore.it');
  });

  it('is left out where a mail of ours is quoted', async () => {
    const first = await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa la DYMO.' });
    const again = await here.send(answer(mailTo(first, anna), 'Ora nemmeno lo scanner.', anna));
    expect(again.disposition).toBe('follow_up');
    expect(mailTo(again, luigi).text.split('Ora nemmeno lo scanner.')[1]).not.toContain('Non stampa la DYMO');
  });
});

/** As Thunderbird and Roundcube quote, with the cursor below. */
const below = (mail: { text: string }, written: string): string => {
  const quote = mail.text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  return `Il 24/11/2026 10:15, Assistenza ha scritto:\n${quote}\n\n${written}\n`;
};

describe('what is written below a quoted mail of ours', () => {
  it('by a client reaches staff', async () => {
    const first = await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' });
    const mail = mailTo(first, anna);
    const again = await here.send({
      ...answer(mail, '', anna),
      text: below(mail, 'Ora nemmeno lo scanner.'),
    });
    expect(again.disposition).toBe('follow_up');
    expect(mailTo(again, luigi).text).toContain('Ora nemmeno lo scanner.');
    expect(mailTo(again, luigi).text.match(/Non stampa\./gu) ?? []).toHaveLength(0);
  });

  it('by staff is no command, and its writer is told where to write', async () => {
    const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), luigi);
    const outcome = await here.send({ ...answer(mail, ''), text: below(mail, 'chiudere') });
    expect(outcome.disposition).toBe('refused');
    expect(mailTo(outcome, luigi).text).toContain('scrivendo sopra la riga');
    expect((await here.ticket(1001)).state).toBe('open');
  });

  it('a signature that stands there is none', async () => {
    const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), luigi);
    const text = `chiudere\n\nRullo sostituito.\n\n${below(mail, '-- \nLuigi Verdi\nKYBERNES')}`;
    expect((await here.send({ ...answer(mail, ''), text })).disposition).toBe('command');
    expect((await here.ticket(1001)).state).toBe('closed');
  });

  it('by a client reaches staff where something new stands above, too', async () => {
    const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), anna);
    const text = `Ecco la foto.\n\n${below(mail, 'Ora nemmeno lo scanner.')}`;
    const again = await here.send({ ...answer(mail, '', anna), text });
    expect(mailTo(again, luigi).text).toMatch(/Ecco la foto\.\s+Ora nemmeno lo scanner\./u);
  });

  it('or between its lines, by a client reaches staff with the line it answers', async () => {
    const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), anna);
    const text = below(mail, '').replace(/^> Oggetto:.*$/mu, '$&\nÈ la DYMO del banco.');
    const again = await here.send({ ...answer(mail, '', anna), text });
    expect(again.disposition).toBe('follow_up');
    expect(mailTo(again, luigi).text).toMatch(/> Oggetto: +Stampante\s+È la DYMO del banco\./u);
  });

  it('is judged without the lines it answers: a “no” below our “solved” reopens', async () => {
    const first = await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' });
    const closed = await here.send(answer(mailTo(first, luigi), 'chiudere\n\nRullo sostituito.'));
    const mail = mailTo(closed, anna);
    const text = below(mail, '').replace(/^> la Sua richiesta.*$/mu, '$&\nNo, è ancora ferma.');
    const again = await here.send({ ...answer(mail, '', anna), text });
    expect(mailTo(again, luigi)).toMatchObject({ template: 'reopened-staff' });
    expect((await here.ticket(1001)).state).toBe('open');
  });

  it('by staff goes to the staff with what stands above', async () => {
    const first = await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' });
    const mail = mailTo(first, luigi);
    const noted = await here.send({
      ...answer(mail, ''),
      text: `Passo io.\n\n${below(mail, 'Domani alle nove.')}`,
    });
    expect(mailTo(noted, 'marco@kybernes.it').text).toMatch(/Passo io\.\s+Domani alle nove\./u);
    const taken = await here.send({
      ...answer(mail, ''),
      text: `in lavorazione\n\n${below(mail, 'Serve il rullo.')}`,
    });
    expect(mailTo(taken, 'marco@kybernes.it').text).toContain('Serve il rullo.');
  });

  it('by staff is no command, whatever stands above', async () => {
    const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), luigi);
    const text = `Grazie a tutti.\n\n${below(mail, 'chiudere')}`;
    const outcome = await here.send({ ...answer(mail, ''), text });
    expect(outcome.disposition).toBe('refused');
    expect(mailTo(outcome, luigi).text).toContain('scrivendo sopra la riga');
  });

  it.each(['Rullo sostituito.', ''])(
    'by staff never reaches the client: whoever closes with “%s” is shown what the client would read',
    async (solution) => {
      const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), luigi);
      const text = `chiudere\n${solution}\n\n${below(mail, 'Pagano sempre tardi.')}`;
      const outcome = await here.send({ ...answer(mail, ''), text });
      expect(outcome.disposition).toBe('confirm_asked');
      const asked = mailTo(outcome, luigi);
      expect(asked.text).not.toContain('Pagano');
      const closed = await here.send(answer(asked, 'conferma'));
      expect(mailTo(closed, anna)).toMatchObject({ template: 'closed-client' });
      expect(mailTo(closed, anna).text).not.toContain('Pagano');
    },
  );
});

/** A closing of Luigi's with HTML alone. */
async function closeWithHtml(
  mail: { replyTo: string | null; subject: string; messageId: string },
  html: string,
) {
  return here.send({
    from: luigi,
    raw: Buffer.from(
      [
        'Authentication-Results: mx.kybernes.it; dmarc=pass header.from=kybernes.it',
        `From: Luigi Verdi <${luigi}>`,
        `To: ${mail.replyTo}`,
        `Subject: Re: ${mail.subject}`,
        'Message-ID: <chiusa@kybernes.it>',
        `In-Reply-To: ${mail.messageId}`,
        `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
        'MIME-Version: 1.0',
        'Content-Type: text/html; charset="utf-8"',
        '',
        html,
      ].join('\r\n'),
    ),
  });
}

const container = (above: string, within: string): string =>
  `<div>${above}</div><div class="gmail_quote"><div>${within}</div><div><br></div>Il giorno mar 24 nov 2026 alle ore 10:22 Assistenza &lt;assistenza@kybernes.it&gt; ha scritto:<br><blockquote class="gmail_quote">Non stampa.</blockquote></div>`;

describe('a closing whose solution stands in what a program marks', () => {
  it.each([
    ['the container of a quote', container('Chiudere', 'Cambiato il rullo.'), 'Cambiato il rullo.'],
    [
      'a container in which nothing opens a quote',
      '<div>Chiudere</div><div class="gmail_quote"><div>Cambiato il rullo.</div></div>',
      'Cambiato il rullo.',
    ],
    [
      'a signature',
      '<div>Chiudere</div><div id="Signature"><div>Cambiato il rullo.</div><div>Luigi Verdi</div></div>',
      'Cambiato il rullo.',
    ],
    [
      'a quote that nothing introduces',
      '<div>Chiudere</div><blockquote type="cite">Cambiato il rullo del vassoio.</blockquote>',
      null,
    ],
    [
      'an indent as editors write it',
      '<div>Chiudere</div><blockquote><p>Cambiato il rullo.</p></blockquote>',
      'Cambiato il rullo.',
    ],
    [
      'an indent above its end',
      '<p>Chiudere</p><blockquote dir="ltr" style="margin-left:2em">Cambiato il rullo.</blockquote><p>Provato con dieci fogli.</p>',
      'Cambiato il rullo.',
    ],
  ])('%s is shown to its writer first', async (_, html, solution) => {
    const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), luigi);
    const outcome = await closeWithHtml(mail, html);
    expect(outcome.disposition).toBe('confirm_asked');
    expect(mailTo(outcome, luigi).text.includes('Cambiato il rullo.')).toBe(solution !== null);
  });
});

it.each(['<blockquote>Chiudere</blockquote>', '<p>Vedi sotto.</p><blockquote>Chiudere</blockquote>'])(
  'an order that is indented as a quote is does nothing before its writer said yes: %s',
  async (html) => {
    const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), luigi);
    const outcome = await closeWithHtml(mail, html);
    expect(outcome.disposition).toBe('refused');
    expect(mailTo(outcome, luigi).to).toBe(luigi);
    expect((await here.ticket(1001)).state).toBe('open');
  },
);

describe('a client’s answer below a copy of ours without marks', () => {
  it('is read by staff without the copy, and an answer of nothing but the copy is none', async () => {
    const opened = await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' });
    const mail = mailTo(opened, anna);
    const under = (added: string) => here.send({ ...answer(mail, ''), text: `${mail.text}\n\n${added}` });
    const told = mailTo(await under('Il modello è PX-300.'), luigi);
    expect(told.text).toContain('Il modello è PX-300.');
    expect(told.text).not.toContain('Gentile Anna');
    expect(mailTo(await under(''), luigi).text).toContain('(vuoto)');
  });
});

async function closeWith(written: string) {
  const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), luigi);
  return here.send(answer(mail, `chiudere\n\n${written}`));
}

describe('a closing that takes leave', () => {
  it.each([
    'Rullo sostituito.\n\nCordiali saluti\nLuigi',
    'Rullo sostituito.\n\nGrazie, Luigi',
    'Rullo sostituito.\n\nLuigi Verdi',
    'Rullo sostituito.\nLV',
    'Rullo sostituito. Saluti, Luigi',
  ])('reaches the client without farewell and name: %j', async (written) => {
    const outcome = await closeWith(written);
    expect(outcome.disposition).toBe('command');
    const solution = mailTo(outcome, anna).text;
    expect(solution).toContain('Rullo sostituito.');
    expect(solution).not.toMatch(/^(?:.*Grazie, )?(?:Luigi|LV)|saluti, Luigi/mu);
  });

  it.each([
    'Rullo sostituito.\n\nCordiali saluti\nLuigi\n\nIl vecchio è nel cassetto.',
    'Rullo sostituito.\n\n-- \nDimenticavo: serve un rullo di scorta.',
    'Rullo sostituito.\n\n-- \nLuigi Verdi\nDimenticavo: serve un rullo di scorta.',
  ])('and says something below is shown to its writer first: %j', async (written) => {
    expect((await closeWith(written)).disposition).toBe('confirm_asked');
  });
});

/** As Outlook quotes: its header, and then our mail without any mark. */
const outlook = (mail: { text: string; subject: string }): string =>
  [
    'Da: Assistenza <assistenza@kybernes.it>',
    'Inviato: martedì 24 novembre 2026 10:22',
    'A: Luigi Verdi',
    `Oggetto: ${mail.subject}`,
    '',
    mail.text,
  ].join('\n');

describe('what stands below an unmarked copy of ours', () => {
  const openings: [string, (mail: { text: string; subject: string }) => string][] = [
    ['a header', outlook],
    [
      'an attribution',
      (mail) =>
        `Il giorno mar 24 nov 2026 alle ore 10:22 Assistenza <assistenza@kybernes.it> ha scritto:\n\n${mail.text}`,
    ],
    ['a divider', (mail) => `-----Messaggio originale-----\n${outlook(mail)}`],
  ];

  it.each(openings)('is asked about where it is the solution of a closing, below %s', async (_, quoted) => {
    const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), luigi);
    for (const solution of ['Cambiato il rullo.', 'Fatto'])
      for (const above of ['Chiudere', 'Chiudere\n\nCambiata la cinghia.']) {
        const text = `${above}\n\n${quoted(mail)}\n\n${solution}\n`;
        expect((await here.send({ ...answer(mail, ''), text })).disposition).toBe('confirm_asked');
      }
  });

  it.each(openings)('is no question where it is the copy alone, below %s', async (_, quoted) => {
    for (const above of ['Chiudere', 'Chiudere\n\nCambiata la cinghia.']) {
      const mail = mailTo(await here.send({ from: anna, subject: above, text: 'Non stampa.' }), luigi);
      const text = `${above}\n\n${quoted(mail)}\n`;
      expect((await here.send({ ...answer(mail, ''), text })).disposition).toBe('command');
    }
  });

  it.each(openings)('by a client is shown to staff, marked, below %s', async (_, quoted) => {
    const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), anna);
    const text = `Ecco la foto.\n\n${quoted(mail)}\n\nOra nemmeno lo scanner.\n`;
    const told = mailTo(await here.send({ ...answer(mail, ''), from: anna, text }), luigi);
    expect(told.text).toMatch(/Ecco la foto\.\s+Ora nemmeno lo scanner\./u);
    expect(told.text).toContain('sotto la nostra mail citata');
    const plain = mailTo(
      await here.send({ ...answer(mail, ''), from: anna, text: `Ecco.\n\n${quoted(mail)}` }),
      luigi,
    );
    expect(plain.text).not.toContain('sotto la nostra mail citata');
    expect(plain.text).not.toContain('Gentile');
  });

  it.each([
    ['Chiudere', '', 'command'],
    ['Chiudere<br>Cambiata la cinghia.', '', 'command'],
    ['Chiudere', 'Cambiato il rullo.', 'confirm_asked'],
    ['Chiudere<br>Cambiata la cinghia.', 'Cambiato il rullo.', 'confirm_asked'],
  ])('in HTML as Outlook writes it: %s, and below “%s”: %s', async (above, added, disposition) => {
    const mail = mailTo(await here.send({ from: anna, subject: 'Stampante', text: 'Non stampa.' }), luigi);
    const header = `<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>Da:</b> Assistenza &lt;assistenza@kybernes.it&gt;<br><b>Inviato:</b> martedì 24 novembre 2026 10:22<br><b>A:</b> Luigi Verdi<br><b>Oggetto:</b> ${mail.subject}</p></div>`;
    const html = `<p>${above}</p>${header}${mail.html}<p>${added}</p>`;
    expect((await closeWithHtml(mail, html)).disposition).toBe(disposition);
  });
});
