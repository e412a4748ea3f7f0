import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linksOf } from '../../src/demo/mailto.ts';
import { clientMail } from '../builders/bytes.ts';
import {
  answer,
  type TakenIn,
  mailTo,
  openDesk,
  type Outcome,
  type PathDesk,
  type Sent,
  told,
} from '../builders/desk.ts';

/*
 * A technician answers with one hand: a button, a word, a voice. Each case is what such a program sends.
 */

let here: PathDesk;
beforeAll(async () => {
  here = await openDesk();
});
afterAll(() => here.drop());

const luigi = 'luigi@kybernes.it';

/** A new ticket of a colleague of its own, and Luigi's notification of it. */
async function opened() {
  const first = await here.send({ from: '', raw: clientMail() });
  const number = first.ticket ?? 0;
  return {
    mail: mailTo(first, luigi),
    row: () => here.ticket(number),
    events: () => here.events(number),
  };
}

/** The draft a button of this mail opens: `+` is read as a space, as careless programs do. */
async function press(mail: Sent, label: string): Promise<{ to: string; subject: string; body: string }> {
  const link = linksOf(mail.html).find((each) => each.label === label);
  if (link === undefined) throw new Error(`no button ${label} in ${mail.template}`);
  return { to: link.to, subject: link.subject, body: link.body ?? '' };
}

/** A draft as it is sent, with nothing that ties it to the thread: a button's mail is a new one. */
function sent(draft: { to: string; subject: string }, text: string): TakenIn {
  return { from: luigi, to: draft.to, subject: draft.subject, text };
}

/** Solution of a closing, as the client reads it. */
function solution(outcome: Outcome): string {
  return outcome.mails.find((mail) => mail.template === 'closed-client')?.text ?? '';
}

describe('a button', () => {
  it.each([
    ['In lavorazione', 'in_progress'],
    ['Chiudere', 'closed'],
  ])('%s, sent as it is', async (label, state) => {
    const ticket = await opened();
    const draft = await press(ticket.mail, label);
    expect((await here.send(sent(draft, draft.body))).disposition).toBe('command');
    expect((await ticket.row()).state).toBe(state);
  });

  it('Chiudere with the solution in its space and the phone’s signature below: the client reads the solution', async () => {
    const ticket = await opened();
    const draft = await press(ticket.mail, 'Chiudere');
    const text = `${draft.body.replace(/(?:\r?\n){2}/u, '\n\nSostituito il toner')}\n\nInviato da iPhone`;
    const outcome = await here.send(sent(draft, text));
    expect(solution(outcome)).toContain('Sostituito il toner');
    expect(solution(outcome)).not.toMatch(/iPhone|Sopra questa riga/u);
    expect((await ticket.row()).state).toBe('closed');
  });

  it.each([
    ['below the marker line', (body: string) => `${body}\nSostituito il toner`],
    ['right behind it', (body: string) => `${body.trimEnd()} Sostituito il toner`],
    ['all on one line', (body: string) => `${body.split(/\s+/u).join(' ')} Sostituito il toner`],
    [
      'below it, broken by the program',
      (body: string) => `${body.replace('che il ', 'che il\r\n')}\nSostituito il toner`,
    ],
    [
      'below it, above the phone’s signature',
      (body: string) => `${body}\nSostituito il toner\n\nInviato da Android`,
    ],
  ])('Chiudere with the solution %s: asked, and a yes sends exactly that', async (_, write) => {
    const ticket = await opened();
    const draft = await press(ticket.mail, 'Chiudere');
    const asked = await here.send(sent(draft, write(draft.body)));
    expect(asked.disposition).toBe('confirm_asked');
    const question = mailTo(asked, luigi);
    expect(question.text).toContain('Sostituito il toner');
    const outcome = await here.send(answer(question, 'conferma'));
    expect(solution(outcome)).toContain('Sostituito il toner');
    expect(solution(outcome)).not.toMatch(/Android|Sopra questa riga/u);
    expect((await ticket.row()).state).toBe('closed');
  });

  it('Chiudere with more written below the marker line: asked, and the client reads what stands above', async () => {
    const ticket = await opened();
    const draft = await press(ticket.mail, 'Chiudere');
    const text = `${draft.body.replace(/(?:\r?\n){2}/u, '\n\nSostituito il toner')}\nNon ha saldato`;
    const asked = await here.send(sent(draft, text));
    expect(asked.disposition).toBe('confirm_asked');
    const outcome = await here.send(answer(mailTo(asked, luigi), 'conferma'));
    expect(solution(outcome)).toContain('Sostituito il toner');
    expect(solution(outcome)).not.toContain('saldato');
  });

  it.each(['Comunicazione interna', 'In lavorazione'])(
    '%s with the text below the marker line: passed on',
    async (label) => {
      const ticket = await opened();
      const draft = await press(ticket.mail, label);
      const outcome = await here.send(sent(draft, `${draft.body}\nServe un toner`));
      expect(outcome.mails.some((mail) => mail.text.includes('Serve un toner'))).toBe(true);
      expect(outcome.disposition).not.toBe('refused');
    },
  );

  it('Chiudere, in an answer with words below an unquoted marker line that are none of ours: asked', async () => {
    const ticket = await opened();
    const asked = await here.send(
      answer(ticket.mail, `chiudere\n\n=== Scrivere sopra questa riga ===\nSostituito il toner`),
    );
    expect(asked.disposition).toBe('confirm_asked');
    expect((await ticket.row()).state).toBe('open');
  });

  it('Chiudere, in an answer that quotes our mail without any mark: closes', async () => {
    const ticket = await opened();
    const outcome = await here.send(answer(ticket.mail, `chiudere\n\n${ticket.mail.text}`));
    expect(outcome.disposition).toBe('command');
    expect((await ticket.row()).state).toBe('closed');
  });

  it('Comunicazione interna sent empty: its writer is told that a text is missing', async () => {
    const ticket = await opened();
    const draft = await press(ticket.mail, 'Comunicazione interna');
    const outcome = await here.send(sent(draft, draft.body));
    expect(told(outcome)).toEqual(['receipt-staff > luigi']);
  });

  it('in a program that drops the body: the subject orders', async () => {
    const ticket = await opened();
    const draft = await press(ticket.mail, 'In lavorazione');
    expect((await here.send(sent(draft, ''))).disposition).toBe('command');
    const closing = await press(ticket.mail, 'Chiudere');
    // signatures are added even there
    expect((await here.send(sent(closing, '\n\nInviato da Outlook per Android'))).disposition).toBe(
      'command',
    );
    expect(await ticket.events()).toEqual(['opened', 'taken', 'closed']);
  });

  it('in a program that turns + into a space: the address keeps its token, the words their spaces', async () => {
    const ticket = await opened();
    const draft = await press(ticket.mail, 'In lavorazione');
    expect(draft.to).toBe(ticket.mail.replyTo);
    expect(draft.subject).toMatch(/^in lavorazione \[#\d+\]/u);
  });

  it('Annulla ultimo, offered to whoever closed, takes it back', async () => {
    const ticket = await opened();
    const closed = await here.send(answer(ticket.mail, 'chiudere'));
    const draft = await press(mailTo(closed, luigi), 'Annulla ultimo');
    expect((await here.send(sent(draft, draft.body))).disposition).toBe('command');
    expect((await ticket.row()).state).toBe('open');
  });
});

describe('a word', () => {
  it.each([
    'Chiudere\n\nInviato da iPhone',
    'Chiudere. \n\nInviato dal mio dispositivo Galaxy',
    'chiudi \n\nInviato da Outlook per iOS<https://aka.ms/o0ukef>',
    'Chiudere\n\n-- \nInviato da Libero Mail per Android',
    'CHIUDERE\n\nGet Outlook for Android',
    'Chiudo\nSent from my iPhone',
  ])('with a phone’s signature closes, and the client reads none of it: %j', async (text) => {
    const ticket = await opened();
    const outcome = await here.send(answer(ticket.mail, text));
    expect((await ticket.row()).state).toBe('closed');
    expect(solution(outcome)).not.toMatch(/Inviato da|Galaxy|Outlook|iPhone|Libero/u);
  });

  it.each([
    [
      'Gmail',
      '<div dir="auto">Chiudere</div><div dir="auto">Sostituito il toner</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Il mar 24 nov 2026, 10:00 Assistenza &lt;assistenza@kybernes.it&gt; ha scritto:<br></div><blockquote class="gmail_quote">in lavorazione</blockquote></div>',
    ],
    [
      'iPhone',
      '<html><body dir="auto">Chiudere<div>Sostituito il toner<br><br><div dir="ltr">Inviato da iPhone</div><div dir="ltr"><br><blockquote type="cite">Il giorno 24 nov 2026, alle ore 10:00, Assistenza &lt;assistenza@kybernes.it&gt; ha scritto:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">in lavorazione</div></blockquote></div></body></html>',
    ],
  ])('from %s, HTML only, acts', async (_, body) => {
    const ticket = await opened();
    const raw = clientMail({
      from: luigi,
      headers: [
        ['To', ticket.mail.replyTo],
        ['Subject', `Re: ${ticket.mail.subject}`],
        ['In-Reply-To', ticket.mail.messageId],
        ['Content-Type', 'text/html; charset=utf-8'],
      ],
      body,
    });
    const outcome = await here.send({ from: luigi, raw });
    expect(solution(outcome)).toContain('Sostituito il toner');
    expect(solution(outcome)).not.toMatch(/lavorazione|iPhone|ha scritto/u);
    expect((await ticket.row()).state).toBe('closed');
  });

  it('from an enrolled alias acts; what it causes goes to the enrolled address', async () => {
    const ticket = await opened();
    const outcome = await here.send(answer(ticket.mail, 'in lavorazione', 'luigi.verdi@libero.it'));
    expect(outcome.disposition).toBe('command');
    expect(told(outcome)).toEqual(['ada', 'luigi', 'marco'].map((name) => `in-progress-staff > ${name}`));
    const refused = await here.send(answer(ticket.mail, 'chidere', 'luigi.verdi@libero.it'));
    expect(refused.mails.map((mail) => mail.to)).toEqual([luigi]);
  });
});

describe('a voice', () => {
  it.each([
    'Chiudere sostituito il toner ora stampa',
    'chiudi il ticket era staccato il cavo di rete',
    'ho risolto',
    'Fatto',
    'si può chiudere',
  ])('without punctuation acts on nothing, and one tap does: %j', async (text) => {
    const ticket = await opened();
    const asked = await here.send(answer(ticket.mail, text));
    expect(asked.disposition).toBe('refused');
    expect(told(asked)).toEqual(['receipt-staff > luigi']);
    expect(mailTo(asked, luigi).text).toContain(text);
    expect(await ticket.events()).toEqual(['opened']);
    const draft = await press(mailTo(asked, luigi), 'Chiudere');
    expect((await here.send(sent(draft, draft.body))).disposition).toBe('command');
    expect((await ticket.row()).state).toBe('closed');
  });

  it('in lavorazione, dictated with what comes after it, is asked about with its button', async () => {
    const ticket = await opened();
    const asked = await here.send(answer(ticket.mail, 'in lavorazione arrivo verso le tre'));
    const draft = await press(mailTo(asked, luigi), 'In lavorazione');
    expect((await here.send(sent(draft, draft.body))).disposition).toBe('command');
    expect((await ticket.row()).state).toBe('in_progress');
  });

  it('the button’s answer to a receipt can be annulled and changed like any other', async () => {
    const ticket = await opened();
    const asked = await here.send(answer(ticket.mail, 'assegnare mario'));
    const draft = await press(mailTo(asked, luigi), 'Assegnare a Marco Gialli');
    expect((await here.send(sent(draft, draft.body))).disposition).toBe('command');
    expect((await here.send(answer(ticket.mail, 'annulla ultimo'))).disposition).toBe('command');
    expect(await ticket.row()).toMatchObject({ state: 'open', assignee_id: null });
  });
});
