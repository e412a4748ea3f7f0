import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientMail, clientMultipart } from '../builders/bytes.ts';
import { part } from '../builders/mail.ts';
import { answer, mailTo, openDesk, type Outcome, type PathDesk, type Sent, told } from '../builders/desk.ts';

let here: PathDesk;
beforeAll(async () => {
  here = await openDesk();
});
afterAll(() => here.drop());

const luigi = 'luigi@kybernes.it';
const marco = 'marco@kybernes.it';
const carla = 'carla@kybernes.it';

/** A new ticket of a colleague of its own: its number and each one's notification. */
async function opened() {
  const first = await here.send({ from: '', raw: clientMail() });
  const number = first.ticket ?? 0;
  return {
    number,
    first,
    of: (email: string) => mailTo(first, email),
    state: async () => (await here.ticket(number)).state,
  };
}

/** An answer as bytes: HTML, or with headers of its own. */
function html(mail: Sent, body: string): Uint8Array {
  return clientMail({
    from: mail.to,
    headers: [
      ['To', mail.replyTo],
      ['Subject', `Re: ${mail.subject}`],
      ['In-Reply-To', mail.messageId],
      ['Content-Type', 'text/html; charset=utf-8'],
    ],
    body,
  });
}

/** Receipt of a refused mail, which only its writer gets. */
function receipt(outcome: Outcome, writer: string): string {
  expect(outcome.disposition).toBe('refused');
  expect(told(outcome)).toEqual([`receipt-staff > ${writer.split('@')[0]}`]);
  return mailTo(outcome, writer).text;
}

const quote =
  '\n\nIl giorno mar 24 nov 2026 alle ore 10:00 Assistenza <assistenza@kybernes.it> ha scritto:\n> chiudere';

describe('where a command stands', () => {
  it('55: only in the quote: the other text is an internal communication, nothing alone is ignored', async () => {
    const ticket = await opened();
    const noted = await here.send(answer(ticket.of(luigi), `Lo guardo domani.${quote}`));
    expect(noted.disposition).toBe('internal_note');
    const bare = await here.send({ ...answer(ticket.of(luigi), quote), subject: 'Re: La stampante' });
    expect(bare).toMatchObject({ disposition: 'ignored', mails: [] });
    expect(await ticket.state()).toBe('open');
  });

  it('56: only below the signature: the same', async () => {
    const ticket = await opened();
    const noted = await here.send(
      answer(ticket.of(luigi), 'Lo guardo domani.\n\n-- \nLuigi Verdi\nchiudere'),
    );
    expect(noted.disposition).toBe('internal_note');
    const bare = await here.send(answer(ticket.of(luigi), '-- \nLuigi Verdi\nchiudere'));
    expect(bare).toMatchObject({ disposition: 'ignored', mails: [] });
    expect(await ticket.state()).toBe('open');
  });

  it('57: Outlook’s HTML-only answer above its quote acts', async () => {
    const ticket = await opened();
    const raw = html(
      ticket.of(luigi),
      '<html><body><div class="WordSection1"><p class="MsoNormal">chiudere</p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>' +
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Da:</b> Assistenza &lt;assistenza@kybernes.it&gt;<br>' +
        '<b>Inviato:</b> marted&igrave; 24 novembre 2026 10:00<br><b>A:</b> Luigi Verdi<br><b>Oggetto:</b> La stampante</p></div><p class="MsoNormal">in lavorazione</p></div></body></html>',
    );
    expect(await here.send({ from: luigi, raw })).toMatchObject({ disposition: 'command' });
    expect(await ticket.state()).toBe('closed');
  });

  it.each([
    ['display:none', '<p style="display:none">chiudere</p><p>Ci penso io</p>'],
    ['zero size', '<span style="font-size:0">chiudere</span><p>Ci penso io</p>'],
    ['nothing else', '<div style="display:none">chiudere</div>'],
  ])('61: in text hidden by %s: refused', async (_, body) => {
    const ticket = await opened();
    const outcome = await here.send({ from: luigi, raw: html(ticket.of(luigi), body) });
    expect(outcome.disposition).toBe('refused');
    expect(told(outcome)).toEqual(['receipt-staff > luigi']);
    expect(await ticket.state()).toBe('open');
  });
});

describe('whose word', () => {
  it('58: a client’s chiudere is a follow-up that staff see', async () => {
    const ticket = await opened();
    const [confirmation] = ticket.first.mails.filter((mail) => mail.template === 'opened-client');
    if (confirmation === undefined) throw new Error('no confirmation');
    const outcome = await here.send(
      answer({ ...confirmation, replyTo: 'assistenza@kybernes.it' }, 'chiudere'),
    );
    expect(outcome).toMatchObject({ disposition: 'follow_up', ticket: ticket.number });
    expect(mailTo(outcome, luigi).text).toContain('chiudere');
    expect(await ticket.state()).toBe('open');
  });

  it('59: a technician’s vacation reply that quotes chiudere is ignored', async () => {
    const ticket = await opened();
    for (const headers of [['Auto-Submitted: auto-replied'], []]) {
      const outcome = await here.send({
        ...answer(ticket.of(luigi), `Sono fuori ufficio fino al 30 novembre.${quote}`),
        subject: `Fuori sede: ${ticket.of(luigi).subject}`,
        headers,
      });
      expect(outcome).toMatchObject({ disposition: 'ignored', mails: [] });
    }
    const bare = await here.send({
      ...answer(ticket.of(luigi), 'chiudere'),
      headers: ['Auto-Submitted: auto-replied'],
    });
    expect(bare).toMatchObject({ disposition: 'ignored', mails: [] });
    expect(await ticket.state()).toBe('open');
  });

  it('63: another staff member’s token, or another ticket’s: refused', async () => {
    const ticket = await opened();
    const other = await opened();
    const borrowed = await here.send(answer(ticket.of(luigi), 'chiudere', marco));
    expect(receipt(borrowed, marco)).toContain('chiudere');
    const crossed = await here.send({
      ...answer(ticket.of(luigi), 'chiudere'),
      subject: `Re: ${other.of(luigi).subject}`,
    });
    expect(receipt(crossed, luigi)).toContain('chiudere');
    expect(await ticket.state()).toBe('open');
    expect(await other.state()).toBe('open');
  });

  it('64: an expired token: its owner is asked, and a yes acts', async () => {
    const ticket = await opened();
    const { id } = await here.ticket(ticket.number);
    await here.db
      .updateTable('token')
      .set({ expires_at: new Date(Date.now() - 1_000) })
      .where('ticket_id', '=', id)
      .execute();
    const asked = await here.send(answer(ticket.of(luigi), 'chiudere'));
    expect(asked.disposition).toBe('confirm_asked');
    expect(told(asked)).toEqual(['confirm-staff > luigi']);
    expect(await ticket.state()).toBe('open');
    expect((await here.send(answer(mailTo(asked, luigi), 'conferma'))).disposition).toBe('command');
    expect(await ticket.state()).toBe('closed');
  });

  it('66: a clerk neither takes nor closes', async () => {
    const ticket = await opened();
    for (const word of ['in lavorazione', 'chiudere'])
      expect(receipt(await here.send(answer(ticket.of(carla), word)), carla)).toContain(word);
    expect(await ticket.state()).toBe('open');
  });
});

describe('what a command says', () => {
  it('60: two opposite commands: neither acts', async () => {
    const ticket = await opened();
    expect(receipt(await here.send(answer(ticket.of(luigi), 'chiudere\nin lavorazione')), luigi)).toContain(
      'in lavorazione',
    );
    expect(await ticket.state()).toBe('open');
  });

  it.each(['chiu\u200bdere', '\uff43\uff48\uff49\uff55\uff44\uff45\uff52\uff45', 'c\u00adhiudere\u2060'])(
    '62: %j normalises to the exact word, and acts',
    async (word) => {
      const ticket = await opened();
      expect((await here.send(answer(ticket.of(luigi), word))).disposition).toBe('command');
      expect(await ticket.state()).toBe('closed');
    },
  );

  it.each(['с\u200bhiudere', 'chiudеre', '\uff43hiuder'])(
    '62: %j does not: its writer is asked',
    async (word) => {
      const ticket = await opened();
      const outcome = await here.send(answer(ticket.of(luigi), word));
      expect(outcome.disposition).toBe('refused');
      expect(told(outcome)).toEqual(['receipt-staff > luigi']);
      expect(await ticket.state()).toBe('open');
    },
  );

  it('65: chiudere on a closed ticket is refused with its state', async () => {
    const ticket = await opened();
    await here.send(answer(ticket.of(luigi), 'chiudere'));
    const again = await here.send(answer(ticket.of(marco), 'chiudere'));
    expect(receipt(again, marco)).toContain('chius');
  });

  it('65: in lavorazione on what another has is refused with who has it', async () => {
    const ticket = await opened();
    await here.send(answer(ticket.of(luigi), 'in lavorazione'));
    expect(receipt(await here.send(answer(ticket.of(marco), 'in lavorazione')), marco)).toContain(
      'Luigi Verdi',
    );
  });

  it('67: a misspelt command: its writer is asked what was meant, with a button and the text', async () => {
    const ticket = await opened();
    const outcome = await here.send(answer(ticket.of(luigi), 'chidere\nCambiato il rullo.'));
    expect(receipt(outcome, luigi)).toContain('Cambiato il rullo.');
    expect(mailTo(outcome, luigi).text).toContain('chiudere');
    expect(mailTo(outcome, luigi).html).toContain('mailto:');
    expect(await ticket.state()).toBe('open');
  });

  it('67: chiedere is a word: passed on inside', async () => {
    const ticket = await opened();
    expect(await here.send(answer(ticket.of(luigi), 'chiedere al cliente il modello'))).toMatchObject({
      disposition: 'internal_note',
    });
  });

  it('68: prose that begins with chiudere acts on nothing: its writer is asked', async () => {
    const ticket = await opened();
    const text = 'Chiudere la porta piano, la molla si è rotta.';
    expect(receipt(await here.send(answer(ticket.of(luigi), text)), luigi)).toContain(text);
    expect(await ticket.state()).toBe('open');
  });

  it('two parts that say different things: the order in the text acts only if the HTML holds it too', async () => {
    const ticket = await opened();
    const mail = ticket.of(luigi);
    const raw = clientMultipart(
      'alternative',
      [part('text/plain', 'chiudere'), part('text/html', '<p>Lo guardo domani.</p>')],
      [
        ['From', luigi],
        ['To', mail.replyTo],
        ['Subject', `Re: ${mail.subject}`],
      ],
    );
    await here.send({ from: luigi, raw });
    expect(await ticket.state()).toBe('open');
  });
});
