import { beforeEach, describe, expect, it } from 'vitest';
import { anna, answer, type Desk, given, mailTo, problemOf, viewOf } from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';

let here: Desk;
let opened: Outcome;
beforeEach(async () => {
  here = given();
  opened = await here.when({ from: anna, subject: 'La stampante non stampa' });
});

/** A staff member's answer to their notification of the opening. */
const says = (name: string, text: string) => here.when(answer(mailTo(opened, name), text));
const ticket = () => here.state.tickets.get(1001);

/** The buttons of the question that Luigi's text brings. */
async function buttonsOf(text: string) {
  const asked = await says('luigi', text);
  expect(asked).toMatchObject({ disposition: 'refused', events: [] });
  return viewOf(mailTo(asked, 'luigi'), 'receipt-staff').buttons;
}

/** The buttons of a staff member's next notification. */
async function kindsFor(name: string) {
  const told = await says('ada', 'comunicazione interna: sentito il fornitore');
  return viewOf(mailTo(told, name), 'internal-note-staff').buttons.map(({ kind }) => kind);
}

describe('in lavorazione', () => {
  it('takes charge and tells the technicians, never the client nor the clerks', async () => {
    expect(await says('luigi', 'in lavorazione: passo alle 15')).toMatchObject({
      disposition: 'command',
      ticket: 1001,
      told: ['in-progress-staff > ada', 'in-progress-staff > luigi', 'in-progress-staff > marco'],
      events: ['taken'],
    });
    expect(ticket()).toMatchObject({ state: 'in_progress', assignee: { name: 'Luigi Verdi' } });
  });

  it('from the technician in charge it is news', async () => {
    await says('luigi', 'in lavorazione');
    const news = await says('luigi', 'in lavorazione, manca il toner');
    expect(news).toMatchObject({
      told: ['in-progress-staff > ada', 'in-progress-staff > luigi', 'in-progress-staff > marco'],
      events: ['progress'],
    });
    expect(viewOf(mailTo(news, 'marco'), 'in-progress-staff')).toMatchObject({
      what: 'progress',
      by: 'Luigi Verdi',
      text: 'manca il toner',
    });
  });

  it('from another it is refused with the name and time of who has it (BAD-MAIL 65)', async () => {
    await says('luigi', 'in lavorazione');
    const other = await says('marco', 'in lavorazione');
    expect(other).toMatchObject({ disposition: 'refused', told: ['receipt-staff > marco'], events: [] });
    expect(problemOf(other)).toEqual({ kind: 'taken_by_other', by: 'Luigi Verdi', since: here.state.now });
  });
});

describe('chiudere', () => {
  const closed = [
    'closed-staff > ada',
    'closed-staff > carla',
    'closed-staff > luigi',
    'closed-staff > marco',
  ];

  it('closes a ticket nobody took; the text that follows is the solution the client reads', async () => {
    const outcome = await says('marco', 'chiudere\nSostituito il toner.');
    expect(outcome).toMatchObject({
      disposition: 'command',
      told: ['closed-client > anna', ...closed],
      events: ['closed'],
    });
    expect(viewOf(mailTo(outcome, 'anna'), 'closed-client').solution).toBe('Sostituito il toner.');
    expect(mailTo(outcome, 'anna').outgoing.delayMinutes).toBe(2);
    expect(ticket()?.state).toBe('closed');
  });

  it('by any technician, whoever has it', async () => {
    await says('luigi', 'in lavorazione');
    expect(await says('ada', 'chiudere')).toMatchObject({ events: ['closed'] });
  });

  it('on a closed ticket is refused with when it was closed (BAD-MAIL 65)', async () => {
    await says('luigi', 'chiudere');
    const again = await says('marco', 'chiudere');
    expect(again).toMatchObject({ disposition: 'refused', told: ['receipt-staff > marco'] });
    expect(problemOf(again)).toEqual({ kind: 'already_closed', closedAt: here.state.now });
  });

  it('with a sentence of an internal communication is shown to its writer first', async () => {
    await says('luigi', 'comunicazione interna\nIl cliente non paga le fatture da marzo.');
    const asked = await says('marco', 'chiudere\nRisolto. Il cliente non paga le fatture da marzo.');
    expect(asked).toMatchObject({
      disposition: 'confirm_asked',
      told: ['confirm-staff > marco'],
      events: [],
    });
    expect(viewOf(mailTo(asked, 'marco'), 'confirm-staff').why).toBe('internal_words');
  });

  it('with a reply token in the solution is refused', async () => {
    const address = mailTo(opened, 'luigi').replyTo;
    const refused = await says('luigi', `chiudere\nScriva a ${address} se si ripete.`);
    expect(problemOf(refused)).toEqual({ kind: 'token_in_solution' });
  });

  it('where a quote may be left in the solution, its writer is asked with exactly what the client would read', async () => {
    const asked = await says('luigi', 'chiudere\nLancio:\n\n```\n> npm test\n> ok\n```\n\ne funziona.');
    expect(asked).toMatchObject({ disposition: 'confirm_asked', events: [] });
    const { outside, why } = viewOf(mailTo(asked, 'luigi'), 'confirm-staff');
    expect(why).toBe('unsure_text');
    const confirmed = await here.when(answer(mailTo(asked, 'luigi'), 'conferma'));
    const mails = { mails: confirmed.after.flatMap((o) => o.mails), told: [] };
    const view = viewOf(mailTo(mails, 'anna'), 'closed-client');
    expect(outside).toMatchObject([{ mail: { template: 'closed-client', view } }]);
  });
});

describe('what is no command stays inside', () => {
  const staff = ['ada', 'carla', 'luigi', 'marco'].map((name) => `internal-note-staff > ${name}`);

  it.each([
    'comunicazione interna\nChiamare il fornitore.',
    'nota interna: chiamare il fornitore',
    'Chiamo io il fornitore.',
  ])('from a technician to all staff: %j', async (text) => {
    expect(await says('luigi', text)).toMatchObject({
      disposition: 'internal_note',
      told: staff,
      events: ['internal_note'],
    });
  });

  it('from an administrator to all staff', async () => {
    expect(await says('ada', 'Chiamo io.')).toMatchObject({ told: staff, events: ['internal_note'] });
  });

  it('from a clerk to the technicians, and to the clerk as a receipt', async () => {
    const outcome = await says('carla', 'Il cliente ha pagato, potete andare.');
    expect(outcome).toMatchObject({ disposition: 'internal_note', told: staff, events: ['staff_message'] });
    expect(viewOf(mailTo(outcome, 'luigi'), 'internal-note-staff').fromClerk).toBe(true);
  });

  it('a clerk’s "Fatto, …" names no command a clerk has: it is a message to the technicians', async () => {
    expect(await says('carla', 'Fatto, ho chiamato il cliente.')).toMatchObject({
      events: ['staff_message'],
    });
  });

  it('a command only in the quote, with other text, is an internal communication; alone its writer is told (BAD-MAIL 55)', async () => {
    const quote =
      '\n\nIl giorno mar 24 nov 2026 alle ore 10:00 KYBERNES <assistenza@kybernes.it> ha scritto:\n> chiudere\n';
    expect(await says('luigi', `Vado domani.${quote}`)).toMatchObject({ events: ['internal_note'] });
    const alone = await says('luigi', quote);
    expect(alone).toMatchObject({ disposition: 'refused', told: ['receipt-staff > luigi'], events: [] });
    expect(problemOf(alone)).toMatchObject({ kind: 'nothing_new' });
  });

  it('a command below the signature is none (BAD-MAIL 56)', async () => {
    expect(await says('luigi', 'Vado domani.\n\n-- \nLuigi\nchiudere')).toMatchObject({
      events: ['internal_note'],
    });
  });
});

describe('refused with a word why', () => {
  it.each(['chiudere', 'in lavorazione'])('a clerk’s %j (BAD-MAIL 66)', async (text) => {
    const outcome = await says('carla', text);
    expect(outcome).toMatchObject({ disposition: 'refused', told: ['receipt-staff > carla'], events: [] });
    expect(problemOf(outcome)).toMatchObject({ kind: 'role', role: 'clerk' });
  });

  it.each(['chidere', 'Chiudere la porta piano quando si esce'])(
    'nearly a command: %j acts not, passes nothing on, and asks with buttons (BAD-MAIL 67, 68)',
    async (text) => {
      const outcome = await says('luigi', text);
      expect(outcome).toMatchObject({ disposition: 'refused', told: ['receipt-staff > luigi'], events: [] });
      const view = viewOf(mailTo(outcome, 'luigi'), 'receipt-staff');
      expect(view).toMatchObject({
        problems: [{ kind: 'unsure_command', guesses: ['close'] }],
        text,
      });
      expect(view.buttons.map((b) => b.kind)).toEqual(['close', 'note']);
    },
  );

  it('"chiedere" is a word, not a typo (BAD-MAIL 67)', async () => {
    expect(await says('luigi', 'chiedere al cliente il modello')).toMatchObject({
      events: ['internal_note'],
    });
  });

  it('two opposite commands (BAD-MAIL 60)', async () => {
    const outcome = await says('luigi', 'in lavorazione\nchiudere');
    expect(outcome).toMatchObject({ disposition: 'refused', events: [] });
    expect(problemOf(outcome)).toEqual({ kind: 'contradiction', lines: ['in lavorazione', 'chiudere'] });
  });

  it('an empty internal communication', async () => {
    expect(problemOf(await says('luigi', 'comunicazione interna'))).toEqual({
      kind: 'empty_text',
      command: 'note',
    });
  });

  it('a command hidden in the HTML (BAD-MAIL 61)', async () => {
    const html = '<p>Vado domani.</p><p style="display:none">chiudere</p>';
    const outcome = await here.when(
      answer(mailTo(opened, 'luigi'), html, { contentType: 'text/html; charset=utf-8' }),
    );
    expect(outcome).toMatchObject({ disposition: 'refused', events: [] });
    expect(problemOf(outcome)).toEqual({ kind: 'hidden_text' });
  });

  it('zero-width letters count as what they normalise to (BAD-MAIL 62)', async () => {
    expect(await says('luigi', 'chiu\u200bdere')).toMatchObject({ events: ['closed'] });
    expect(await says('marco', 'сhiudere')).toMatchObject({ events: expect.not.arrayContaining(['closed']) });
  });

  it('a command for strangers on a ticket', async () => {
    expect(problemOf(await says('ada', 'accetta Rossi S.r.l.'))).toEqual({
      kind: 'wrong_subject',
      command: 'accept',
    });
  });

  it.each(['Accetta solo carta A4', 'Accetto il consiglio, uso il cavo schermato'])(
    'a sentence that begins as one for strangers does is a communication: %s',
    async (text) => {
      expect(await says('luigi', text)).toMatchObject({ disposition: 'internal_note' });
    },
  );

  it.each(['Avvisa il cliente che domani passiamo', 'Gentile signora Anna, domani passiamo'])(
    'what is meant for the client to read is asked about: %s',
    async (text) => {
      expect(problemOf(await says('luigi', text))).toMatchObject({ kind: 'client_does_not_read' });
    },
  );
});

const forward = (from: string) =>
  `Guarda tu, cliente difficile.\n\n---------- Forwarded message ---------\nDa: ${from}\nDate: mar 24 nov 2026 alle ore 09:00\nSubject: PC lento\nTo: luigi@kybernes.it\n\nIl PC è lento da ieri.\n`;

describe('opening and reading', () => {
  it('apri per: the client gets a confirmation with the description, the staff their notifications', async () => {
    const outcome = await here.when({
      from: 'luigi@kybernes.it',
      subject: 'Telefono fermo',
      text: 'apri per anna@rossi.it\nIl telefono della reception non squilla.',
    });
    expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1002, events: ['opened'] });
    expect(outcome.told).toContain('opened-client > anna');
    expect(here.state.tickets.get(1002)).toMatchObject({
      subject: 'Telefono fermo',
      description: 'Il telefono della reception non squilla.',
      requester: { email: 'anna@rossi.it' },
    });
  });

  it('apri per in an answer never takes over the subject of the other ticket', async () => {
    await here.when(answer(mailTo(opened, 'luigi'), 'apri per bruno@bianchi.it\nIl monitor è spento.'));
    expect(here.state.tickets.get(1002)).toMatchObject({
      company: { id: 2 },
      subject: 'Il monitor è spento.',
    });
  });

  it.each(['apri per ignota@altrove.example\nNon va.', 'apri per ex@rossi.it\nNon va.'])(
    'for somebody who is no client: refused with words: %j',
    async (text) => {
      for (const from of ['luigi@kybernes.it', 'carla@kybernes.it']) {
        const outcome = await here.when({ from, text });
        expect(outcome).toMatchObject({ disposition: 'refused', events: [] });
        expect(problemOf(outcome)).toMatchObject({ kind: 'client_unknown' });
      }
    },
  );

  it('a forward opens for the original’s sender; only the original is the description', async () => {
    const outcome = await here.when({
      from: 'carla@kybernes.it',
      subject: 'Fwd: PC lento',
      text: forward('Anna Rossi <anna@rossi.it>'),
    });
    expect(outcome).toMatchObject({ disposition: 'opened', events: ['opened', 'staff_message'] });
    expect(here.state.tickets.get(1002)).toMatchObject({
      description: 'Il PC è lento da ieri.',
      subject: 'PC lento',
    });
    expect(JSON.stringify(mailTo(outcome, 'anna').outgoing)).not.toContain('difficile');
    expect(viewOf(mailTo(outcome, 'luigi'), 'opened-staff').note).toContain('difficile');
  });

  it('a forward for an unknown client is refused with words', async () => {
    const outcome = await here.when({
      from: 'luigi@kybernes.it',
      subject: 'Fwd: PC lento',
      text: forward('Ignota <ignota@altrove.example>'),
    });
    expect(outcome).toMatchObject({ disposition: 'refused', told: ['receipt-staff > luigi'] });
    expect(problemOf(outcome)).toEqual({ kind: 'client_unknown', email: 'ignota@altrove.example' });
  });

  it.each([
    ['elenco', 'list'],
    ['storico #1001', 'history'],
    ['aiuto', 'help'],
  ])('%s is answered at the enrolled address only', async (text, kind) => {
    const outcome = await here.when({ from: 'luigi.verdi@libero.it', text });
    expect(outcome).toMatchObject({ disposition: 'command', told: ['help-staff > luigi'], events: [] });
    expect(viewOf(mailTo(outcome, 'luigi'), 'help-staff').topic.kind).toBe(kind);
  });

  it('a mail about nothing gets help and opens nothing', async () => {
    const outcome = await here.when({
      from: 'luigi@kybernes.it',
      subject: 'Ciao',
      text: 'Ci vediamo domani?',
    });
    expect(outcome).toMatchObject({ disposition: 'refused', told: ['help-staff > luigi'], events: [] });
  });

  it('staff who write to the client with the desk in Cc: recorded, mailed to nobody, no word commands', async () => {
    const outcome = await here.when({
      from: 'luigi@kybernes.it',
      to: 'anna@rossi.it',
      cc: 'assistenza@kybernes.it',
      subject: '[#1001] La stampante non stampa',
      text: 'chiudere',
    });
    expect(outcome).toMatchObject({
      disposition: 'follow_up',
      ticket: 1001,
      told: [],
      events: ['staff_wrote_client'],
    });
    expect(ticket()?.state).toBe('open');
  });
});

describe('a forward that shows no address', () => {
  it('is answered with the words to complete, and the text that it passes on', async () => {
    const refused = await here.when({
      from: 'Luigi Verdi <luigi@kybernes.it>',
      subject: 'I: Lettore badge',
      text: 'Da: Carlo Neri\nInviato: lunedì 30 novembre 2026 09:12\nA: Luigi Verdi\nOggetto: Lettore badge\n\nIl lettore lampeggia.',
    });
    expect(problemOf(refused)).toEqual({ kind: 'forward_without_address' });
    expect(viewOf(mailTo(refused, 'luigi'), 'receipt-staff')).toMatchObject({
      buttons: [{ kind: 'open_for', argument: null, text: 'Il lettore lampeggia.' }],
      text: 'Il lettore lampeggia.',
    });
  });
});

describe('a question to its writer', () => {
  it('has buttons that carry what was written, so that nothing is typed twice', async () => {
    expect(await buttonsOf('chidere: sostituito il toner.\nOra stampa.')).toEqual([
      { kind: 'close', argument: null, text: 'sostituito il toner.\nOra stampa.' },
      { kind: 'note', argument: null, text: 'chidere: sostituito il toner.\nOra stampa.' },
    ]);
    expect(await buttonsOf('Sostituito il toner.\nchiudere')).toContainEqual({
      kind: 'close',
      argument: null,
      text: 'Sostituito il toner.',
    });
  });

  it('offers no text where it is not certain what of it the client would read', async () => {
    expect(await buttonsOf('Chiudere giovedì dopo la prova')).toEqual([
      { kind: 'close', argument: null },
      { kind: 'note', argument: null, text: 'Chiudere giovedì dopo la prova' },
    ]);
  });

  it('tells whoever writes to the client that the client reads nothing of it, a clerk too', async () => {
    for (const name of ['luigi', 'carla']) {
      const asked = await says(name, 'Comunicazione al cliente: arriviamo domani alle nove');
      expect(problemOf(asked)).toEqual({
        kind: 'client_does_not_read',
        found: 'Comunicazione al cliente',
      });
      expect(viewOf(mailTo(asked, name), 'receipt-staff').buttons[0]?.kind).toBe('write_client');
    }
  });
});

describe('the buttons of a notification', () => {
  it('begin with what their reader will most likely do', async () => {
    expect(await kindsFor('luigi')).toEqual(['take', 'close', 'note']);
    await says('luigi', 'in lavorazione');
    expect(await kindsFor('luigi')).toEqual(['close', 'take', 'note']);
    expect(await kindsFor('marco')).toEqual(['take_over', 'close', 'note']);
    expect(await kindsFor('carla')).toEqual(['write_staff']);
  });
});
