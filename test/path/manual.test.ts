import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { answer, desk, type TakenIn, mailTo, openDesk, type PathDesk, told } from '../builders/desk.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const anna = 'Anna Rossi <anna@rossi.it>';

async function opened() {
  return here.send({ from: anna, subject: 'La stampante non stampa' });
}

describe('who receives what', () => {
  it('an opening: the client one confirmation, every staff member one notification', async () => {
    const outcome = await opened();
    expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1001 });
    expect(told(outcome)).toEqual([
      'opened-client > anna',
      'opened-staff > ada',
      'opened-staff > carla',
      'opened-staff > luigi',
      'opened-staff > marco',
    ]);
    expect(mailTo(outcome, 'anna@rossi.it').subject).toBe('[#1001] La stampante non stampa');
    expect(await here.ticket(1001)).toMatchObject({
      category: 'Stampa',
      queue_address: desk,
      contracts: ['remote'],
    });
  });

  it('in lavorazione: the technicians, and never the client nor the clerk', async () => {
    const first = await opened();
    const taken = await here.send(
      answer(mailTo(first, 'luigi@kybernes.it'), 'in lavorazione: passo alle 15'),
    );
    expect(taken).toMatchObject({ disposition: 'command', ticket: 1001 });
    expect(told(taken)).toEqual([
      'in-progress-staff > ada',
      'in-progress-staff > luigi',
      'in-progress-staff > marco',
    ]);
    expect(mailTo(taken, 'marco@kybernes.it').text).toContain('passo alle 15');
    expect(await here.ticket(1001)).toMatchObject({ state: 'in_progress' });

    const news = await here.send(
      answer(mailTo(taken, 'luigi@kybernes.it'), 'in lavorazione, manca il toner'),
    );
    expect(await here.events(1001)).toEqual(['opened', 'taken', 'progress']);
    expect(told(news)).toEqual([
      'in-progress-staff > ada',
      'in-progress-staff > luigi',
      'in-progress-staff > marco',
    ]);

    const other = await here.send(answer(mailTo(first, 'marco@kybernes.it'), 'in lavorazione'));
    expect(other).toMatchObject({ disposition: 'refused' });
    expect(told(other)).toEqual(['receipt-staff > marco']);
    expect(mailTo(other, 'marco@kybernes.it').text).toContain('Luigi Verdi');
  });

  it('chiudere: all staff and the client, whose mail waits for the undo time and holds the solution', async () => {
    const first = await opened();
    const closed = await here.send(
      answer(
        mailTo(first, 'marco@kybernes.it'),
        'chiudere. Sostituito il toner.\n\nIl giorno mar 24 nov 2026 Assistenza ha scritto:\n> riservato',
      ),
    );
    expect(closed).toMatchObject({ disposition: 'command', ticket: 1001 });
    expect(told(closed)).toEqual([
      'closed-client > anna',
      'closed-staff > ada',
      'closed-staff > carla',
      'closed-staff > luigi',
      'closed-staff > marco',
    ]);
    const toAnna = mailTo(closed, 'anna@rossi.it');
    expect(toAnna.text).toContain('Sostituito il toner.');
    expect(toAnna.text).not.toContain('riservato');
    const again = await here.send(answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere'));
    expect(again.disposition).toBe('refused');
  });

  it('comunicazione interna and plain replies stay with the staff; a clerk writes to the technicians', async () => {
    const first = await opened();
    const note = await here.send(
      answer(mailTo(first, 'luigi@kybernes.it'), 'comunicazione interna: il cliente non ha pagato'),
    );
    expect(note.disposition).toBe('internal_note');
    expect(told(note)).toEqual([
      'internal-note-staff > ada',
      'internal-note-staff > carla',
      'internal-note-staff > luigi',
      'internal-note-staff > marco',
    ]);
    const plain = await here.send(
      answer(mailTo(first, 'carla@kybernes.it'), 'Ricordatevi il contratto scaduto'),
    );
    expect(told(plain)).toEqual([
      'internal-note-staff > ada',
      'internal-note-staff > carla',
      'internal-note-staff > luigi',
      'internal-note-staff > marco',
    ]);
    expect(await here.events(1001)).toEqual(['opened', 'internal_note', 'staff_message']);
    const refused = await here.send(answer(mailTo(first, 'carla@kybernes.it'), 'chiudere'));
    expect(refused.disposition).toBe('refused');
  });

  it('a solution that repeats an internal communication is shown to its writer first, and the client hears nothing', async () => {
    const first = await opened();
    await here.send(
      answer(
        mailTo(first, 'luigi@kybernes.it'),
        'comunicazione interna: il cliente non ha ancora pagato le ultime fatture',
      ),
    );
    const closed = await here.send(
      answer(
        mailTo(first, 'luigi@kybernes.it'),
        'chiudere: fatto. Il cliente non ha ancora pagato\nle ultime fatture',
      ),
    );
    expect(closed.disposition).toBe('confirm_asked');
    expect(told(closed)).toEqual(['confirm-staff > luigi']);
  });

  it('a solution above a line that says who said what, by hand, is asked about before its client reads it', async () => {
    const first = await opened();
    for (const line of ['Il 24 novembre Anna diceva:', 'Marco mi ha detto:', 'On Monday Luigi said:']) {
      const text = `chiudere\nSostituito il toner.\n\n${line}\nquesto cliente paga sempre tardi`;
      const asked = await here.send(answer(mailTo(first, 'luigi@kybernes.it'), text));
      expect({ line, ...asked }).toMatchObject({ line, disposition: 'confirm_asked' });
      expect(told(asked)).toEqual(['confirm-staff > luigi']);
      expect(mailTo(asked, 'luigi@kybernes.it').text).toContain('Sostituito il toner.');
    }
    const list = await here.send(
      answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere\nAbbiamo sostituito:\nil toner\nil fusore'),
    );
    expect(list.disposition).toBe('command');
  });

  it('a follow-up goes to the technician in charge, to all technicians where there is none', async () => {
    const first = await opened();
    const add = () =>
      here.send({ ...answer(mailTo(first, 'anna@rossi.it'), 'Aggiungo che fa anche rumore'), from: anna });
    const all = await add();
    expect(all).toMatchObject({ disposition: 'follow_up', ticket: 1001 });
    expect(told(all)).toEqual([
      'follow-up-staff > ada',
      'follow-up-staff > luigi',
      'follow-up-staff > marco',
    ]);
    await here.send(answer(mailTo(first, 'luigi@kybernes.it'), 'in lavorazione'));
    expect(told(await add())).toEqual(['follow-up-staff > luigi']);
  });

  it('thanks after closing reopen nothing; anything else reopens', async () => {
    const first = await opened();
    const closed = await here.send(answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere'));
    const thanks = await here.send({
      ...answer(mailTo(closed, 'anna@rossi.it'), 'Grazie mille!'),
      from: anna,
    });
    expect(thanks).toMatchObject({ disposition: 'follow_up', mails: [] });
    expect(await here.ticket(1001)).toMatchObject({ state: 'closed' });
    for (const text of ['Ora funziona, grazie!', 'It works now, thank you', 'Potete chiudere, grazie']) {
      const works = await here.send({ ...answer(mailTo(closed, 'anna@rossi.it'), text), from: anna });
      expect(works).toMatchObject({ disposition: 'follow_up', ticket: 1001, mails: [] });
    }
    expect(await here.ticket(1001)).toMatchObject({ state: 'closed' });
    const more = await here.send({
      ...answer(mailTo(closed, 'anna@rossi.it'), 'Grazie, ma non funziona ancora'),
      from: anna,
    });
    expect(told(more)).toEqual(['reopened-staff > ada', 'reopened-staff > luigi', 'reopened-staff > marco']);
    expect(await here.ticket(1001)).toMatchObject({ state: 'open', assignee_id: null });
  });

  it('that it works, on a ticket that is not closed, is told to whoever has it; thanks alone are not', async () => {
    const first = await opened();
    await here.send(answer(mailTo(first, 'luigi@kybernes.it'), 'in lavorazione'));
    const say = (text: string) => here.send({ ...answer(mailTo(first, 'anna@rossi.it'), text), from: anna });
    expect(told(await say('Ora funziona, grazie!'))).toEqual(['follow-up-staff > luigi']);
    expect(told(await say('Grazie mille!'))).toEqual([]);
  });

  it('after REOPEN_DAYS an answer opens a new, linked ticket with its own confirmation', async () => {
    const first = await opened();
    const closed = await here.send(answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere'));
    await here.db
      .updateTable('ticket')
      .set({ closed_at: new Date(Date.now() - 8 * 86_400_000) })
      .execute();
    const late = await here.send({
      ...answer(mailTo(closed, 'anna@rossi.it'), 'Non stampa di nuovo'),
      from: anna,
    });
    expect(late).toMatchObject({ disposition: 'opened', ticket: 1002 });
    expect(told(late)).toContain('opened-client > anna');
  });
});

/** A mail without a sender. */
const broken = (n: number): TakenIn => ({
  from: '',
  raw: Buffer.from(`Subject: Rotto ${n}\r\n\r\n${n}\r\n`),
});

describe('strangers', () => {
  it('are held: clerks and administrators are told, the stranger is not; accepting takes in all held mail in order', async () => {
    const stranger = 'Piero <piero@libero.it>';
    const held = await here.send({ from: stranger, subject: 'Aiuto' });
    expect(held.disposition).toBe('held');
    expect(told(held)).toEqual(['held-staff > ada', 'held-staff > carla']);
    const second = await here.send({ from: stranger, subject: 'Ancora io' });
    expect(second.disposition).toBe('held');
    expect(told(second)).toEqual(['held-staff > ada', 'held-staff > carla']);
    const third = await here.send({ from: 'terzo@libero.it', subject: 'Altro' });
    expect(third.mails).toEqual([]);

    const unknown = await here.send(answer(mailTo(held, 'carla@kybernes.it'), 'accetta Rosi Srl'));
    expect(unknown.disposition).toBe('refused');
    const accepted = await here.send(answer(mailTo(held, 'carla@kybernes.it'), 'accetta rossi s.r.l.'));
    expect(accepted.disposition).toBe('command');
    expect(await here.outcomeOf(held.id)).toMatchObject({ disposition: 'opened', ticket: 1001 });
    expect(await here.outcomeOf(second.id)).toMatchObject({ disposition: 'opened', ticket: 1002 });
    expect(told(accepted)).toContain('opened-client > piero');
  });

  it.each([
    ['commerciale', { commercialContact: 'Ufficio vendite, 06 555 9876' }, 'Ufficio vendite, 06 555 9876'],
    ['credenziali', { accessContact: 'accessi@kybernes.it' }, 'accessi@kybernes.it'],
    ['commerciale', {}, 'alla nostra segreteria amministrativa'],
    ['credenziali', {}, 'alla nostra segreteria amministrativa'],
  ])(
    'rifiuta %s (%o): one who is proven genuine is told whom to ask, once, and nobody else but whoever said so',
    async (about, settings, whom) => {
      const asked = await openDesk(settings);
      onTestFinished(() => asked.drop());
      const held = await asked.send({ from: 'Piero <piero@libero.it>', subject: 'Un preventivo?' });
      const declined = await asked.send(answer(mailTo(held, 'carla@kybernes.it'), `rifiuta ${about}`));
      expect(declined.disposition).toBe('command');
      expect(told(declined)).toEqual(['declined-stranger > piero', 'receipt-staff > carla']);
      expect(mailTo(declined, 'piero@libero.it').text).toContain(whom);
      expect(await asked.outcomeOf(held.id)).toMatchObject({ disposition: 'rejected', ticket: null });
      const again = await asked.send(answer(mailTo(held, 'carla@kybernes.it'), `rifiuta ${about}`));
      expect(told(again)).not.toContain('declined-stranger > piero');
    },
  );

  it('quarantined mail of an hour is one notice and one list, each entry answered by itself', async () => {
    const first = await here.send(broken(1));
    expect(told(first)).toEqual(['quarantine-administrator > ada']);
    const second = await here.send(broken(2));
    expect((await here.send(broken(3))).mails).toEqual([]);
    await here.send(broken(4));
    const [folded, ...none] = await here.outgoingSince(mailTo(first, 'ada@kybernes.it').id);
    expect(none).toEqual([]);
    expect(folded?.subject).toBe('Messaggio in quarantena: 4 e altri 2');
    const [, of3] = /Rotto 3[^+]*?assistenza%2B([a-z2-7]{26})@/su.exec(folded?.text ?? '') ?? [];
    const ada = { from: 'ada@kybernes.it', to: `assistenza+${of3}@kybernes.it` };
    const discarded = await here.send({ ...ada, text: 'scarta' });
    expect(discarded.disposition).toBe('command');
    // whoever decided learns that it was obeyed
    expect(told(discarded)).toEqual(['receipt-staff > ada']);
    expect(mailTo(discarded, 'ada@kybernes.it')).toMatchObject({
      subject: 'Messaggio 3 scartato',
      text: expect.stringContaining('Rotto 3'),
    });
    // written anew, the list leaves out what was decided meanwhile
    await here.send(broken(6));
    const [again] = await here.outgoingSince(mailTo(first, 'ada@kybernes.it').id);
    expect(again?.subject).toBe('Messaggio in quarantena: 6 e altri 2');
    expect(again?.text).not.toContain('Rotto 3');
    const [, of2] = /Rotto 2[^+]*?assistenza%2B([a-z2-7]{26})@/su.exec(again?.text ?? '') ?? [];
    const retried = await here.send({ ...ada, to: `assistenza+${of2}@kybernes.it`, text: 'riprova' });
    expect(mailTo(retried, 'ada@kybernes.it').subject).toBe('Messaggio 2 da rileggere');
    expect(await here.outcomeOf(second.id)).toMatchObject({ disposition: 'quarantined' });
  });

  it('a folded notice gives each held message a token of its own', async () => {
    await here.send({ from: 'uno@libero.it' });
    const due = await here.send({ from: 'due@libero.it', subject: 'Secondo' });
    const before = due.mails[0]?.id ?? 0;
    const three = await here.send({ from: 'tre@libero.it', subject: 'Terzo' });
    expect(three.mails).toEqual([]);
    const [folded] = (await here.outgoingSince(before - 1)).filter((m) => m.to === 'carla@kybernes.it');
    const [, other] = /Secondo[^+]*?assistenza(?:%2B|\+)([a-z2-7]{26})@/su.exec(folded?.text ?? '') ?? [];
    const rejected = await here.send({
      from: 'carla@kybernes.it',
      to: `assistenza+${other}@kybernes.it`,
      text: 'rifiuta',
    });
    expect(rejected.disposition).toBe('command');
    expect(await here.outcomeOf(due.id)).toMatchObject({ disposition: 'rejected' });
    expect(await here.outcomeOf(three.id)).toMatchObject({ disposition: 'held' });
  });
});

describe('authority', () => {
  it('without a verdict the enrolled address is asked, and its answer acts once', async () => {
    const first = await opened();
    const asked = await here.send({
      ...answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere: fatto tutto'),
      dmarc: null,
    });
    expect(asked.disposition).toBe('confirm_asked');
    expect(told(asked)).toEqual(['confirm-staff > luigi']);
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
    const yes = await here.send({ ...answer(mailTo(asked, 'luigi@kybernes.it'), 'conferma'), dmarc: null });
    expect(yes.disposition).toBe('command');
    expect(await here.outcomeOf(asked.id)).toMatchObject({ disposition: 'command', ticket: 1001 });
    expect(await here.ticket(1001)).toMatchObject({ state: 'closed' });
    const again = await here.send({ ...answer(mailTo(asked, 'luigi@kybernes.it'), 'conferma'), dmarc: null });
    expect(again.disposition).toBe('refused');
  });

  it('a token in a stranger’s hands is revoked, and its owner asked at the enrolled address', async () => {
    const first = await opened();
    const letter = answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere');
    const foreign = await here.send({ ...letter, from: 'luigi@casa.it' });
    expect(foreign.disposition).toBe('held');
    expect(told(foreign)).toEqual(['confirm-staff > luigi']);
    const later = await here.send(letter);
    expect(later.disposition).toBe('confirm_asked');
    const always = await here.send(answer(mailTo(foreign, 'luigi@kybernes.it'), 'conferma sempre'));
    expect(always.disposition).toBe('command');
    expect(await here.outcomeOf(foreign.id)).toMatchObject({ disposition: 'command' });
    expect(await here.ticket(1001)).toMatchObject({ state: 'closed' });
  });

  it('a word about a held message whose token had expired acts once its writer confirmed it', async () => {
    const held = await here.send({ from: 'Piero <piero@libero.it>', subject: 'Aiuto' });
    await here.db
      .updateTable('token')
      .set({ expires_at: new Date(0) })
      .execute();
    const asked = await here.send(answer(mailTo(held, 'carla@kybernes.it'), 'accetta Rossi S.r.l.'));
    expect(asked.disposition).toBe('confirm_asked');
    await here.send(answer(mailTo(asked, 'carla@kybernes.it'), 'conferma'));
    expect(await here.outcomeOf(asked.id)).toMatchObject({ disposition: 'command' });
    expect(await here.outcomeOf(held.id)).toMatchObject({ disposition: 'opened' });
  });

  it('a DMARC failure of a staff address is quarantined without a token, asked with one', async () => {
    const first = await opened();
    const bare = await here.send({ from: 'luigi@kybernes.it', text: 'elenco', dmarc: 'fail' });
    expect(bare.disposition).toBe('quarantined');
    expect(told(bare)).toEqual(['quarantine-administrator > ada']);
    const withToken = await here.send({
      ...answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere'),
      dmarc: 'fail',
    });
    expect(withToken.disposition).toBe('confirm_asked');
  });

  it('the subject carries the token where REPLY_ADDRESSING says so', async () => {
    const bySubject = await openDesk({ replyAddressing: 'subject' });
    const first = await bySubject.send({ from: anna, subject: 'La stampante non stampa' });
    const mail = mailTo(first, 'luigi@kybernes.it');
    expect(mail.replyTo).toBe(desk);
    const taken = await bySubject.send(answer(mail, 'in lavorazione'));
    expect(taken.disposition).toBe('command');
    await bySubject.drop();
  });

  it('opening and reading need no token: apri per, a forward, elenco, storico, aiuto', async () => {
    const phone = await here.send({
      from: 'luigi@kybernes.it',
      subject: 'Telefonata',
      text: 'apri per ugo@gmail.com\nIl monitor non si accende',
    });
    expect(phone).toMatchObject({ disposition: 'opened', ticket: 1001 });
    expect(mailTo(phone, 'ugo@gmail.com').text).toContain('Il monitor non si accende');
    const forward = await here.send({
      from: 'carla@kybernes.it',
      subject: 'I: Problema mail',
      text: 'vedete voi\n\n---------- Messaggio inoltrato ---------\nDa: Anna Rossi <anna@rossi.it>\nDate: mar 24 nov 2026 alle ore 09:12\nSubject: Problema mail\nTo: Carla Neri <carla@kybernes.it>\n\nNon riesco a spedire posta.',
    });
    expect(forward).toMatchObject({ disposition: 'opened', ticket: 1002 });
    expect(mailTo(forward, 'anna@rossi.it').text).toContain('Non riesco a spedire posta.');
    expect(mailTo(forward, 'anna@rossi.it').text).not.toContain('vedete voi');
    const list = await here.send({ from: 'marco@kybernes.it', text: 'elenco' });
    expect(mailTo(list, 'marco@kybernes.it').text).toContain('1002');
    const history = await here.send({ from: 'marco@kybernes.it', text: 'storico #1001' });
    expect(history.disposition).toBe('command');
    expect(told(await here.send({ from: 'marco@kybernes.it', text: 'aiuto' }))).toEqual([
      'help-staff > marco',
    ]);
    expect(await here.send({ from: 'marco@kybernes.it', text: 'ciao a tutti' })).toMatchObject({
      disposition: 'refused',
    });
  });

  it('no tag and no reference gives another company a word: it opens a ticket of its own', async () => {
    const first = await opened();
    const guess = await here.send({
      from: 'gino@bianchi.it',
      subject: '[#1001] e allora?',
      text: 'novità?',
      inReplyTo: mailTo(first, 'anna@rossi.it').messageId,
    });
    expect(guess).toMatchObject({ disposition: 'opened', ticket: 1002 });
    expect(guess.mails.every((m) => !m.text.includes('piano terra'))).toBe(true);
  });
});

describe('the same mail again', () => {
  it('is a duplicate; the same id with other content joins what the first became', async () => {
    const letter = { from: anna, subject: 'Rete lenta', id: '<uno@rossi.it>' };
    const first = await here.send(letter);
    expect(await here.send(letter)).toMatchObject({
      disposition: 'duplicate',
      ticket: first.ticket,
      mails: [],
    });
    const other = await here.send({ ...letter, text: 'Altro testo' });
    expect(other).toMatchObject({ disposition: 'follow_up', ticket: first.ticket });
    expect(told(other)).not.toContain('opened-client > anna');
    expect(await here.send({ ...letter, from: 'gino@bianchi.it', text: 'Mio' })).toMatchObject({
      disposition: 'opened',
      ticket: 1002,
    });
  });

  it('of a colleague under the same id is on its own', async () => {
    const first = await here.send({ from: anna, subject: 'Rete lenta', id: '<due@rossi.it>' });
    const other = await here.send({
      from: 'bea@rossi.it',
      subject: 'Altro',
      text: 'Il monitor è nero',
      id: '<due@rossi.it>',
    });
    expect(other).toMatchObject({ disposition: 'opened', ticket: (first.ticket ?? 0) + 1 });
  });

  it('a flood for several colleagues loses no number to staff', async () => {
    for (let i = 0; i < 26; i += 1) {
      const text =
        i % 2 === 0
          ? `Testo ${i}`
          : `Nominativo: Bea\nE-mail: bea@rossi.it\nProblematica: Altro\nDescrizione: Testo ${i}`;
      await here.send({ from: anna, subject: `Richiesta ${i}`, text });
    }
    const rows = await here.db
      .selectFrom('outbox')
      .select(['recipient', 'fold_items'])
      .where('fold_key', 'is not', null)
      .execute();
    const toStaff = rows.filter((row) => row.recipient.endsWith('@kybernes.it'));
    expect(toStaff.map((row) => row.fold_items?.length)).toEqual([6, 6, 6, 6]);
  });

  it('a flood of one sender: a ticket each, and above twenty one confirmation and one notice that list the numbers', async () => {
    for (let i = 0; i < 24; i += 1)
      await here.send({ from: anna, subject: `Richiesta ${i}`, text: `Testo ${i}` });
    const confirmations = (await here.outgoingSince(0)).filter((m) => m.template === 'opened-client');
    expect(confirmations).toHaveLength(21);
    const last = confirmations.at(-1)?.text ?? '';
    for (const number of [1021, 1022, 1023, 1024]) expect(last).toContain(`#${number}`);
    const notices = (await here.outgoingSince(0)).filter(
      (m) => m.template === 'opened-staff' && m.to === 'luigi@kybernes.it',
    );
    expect(notices).toHaveLength(21);
  });
});

describe('machines', () => {
  it('a delivery failure of a client’s mail: the outbox says failed, staff are told; a forged one is ignored', async () => {
    const first = await opened();
    const mail = mailTo(first, 'anna@rossi.it');
    const bounce = (recipient: string) =>
      Buffer.from(
        [
          'From: Mail Delivery System <MAILER-DAEMON@mx.kybernes.it>',
          `To: ${desk}`,
          'Subject: Undelivered Mail Returned to Sender',
          `Message-ID: <b${recipient.length}@mx.kybernes.it>`,
          'MIME-Version: 1.0',
          'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
          '',
          '--b',
          'Content-Type: text/plain',
          '',
          'failed',
          '--b',
          'Content-Type: message/delivery-status',
          '',
          'Reporting-MTA: dns; mx.kybernes.it',
          '',
          `Final-Recipient: rfc822; ${recipient}`,
          'Action: failed',
          'Status: 5.1.1',
          'Diagnostic-Code: smtp; 550 no such user',
          '',
          '--b',
          'Content-Type: text/rfc822-headers',
          '',
          `Message-ID: ${mail.messageId}`,
          `From: ${desk}`,
          '',
          '--b--',
          '',
        ].join('\r\n'),
      );
    expect(await here.send({ from: '', raw: bounce('altro@bianchi.it') })).toMatchObject({
      disposition: 'ignored',
    });
    const real = await here.send({ from: '', raw: bounce('anna@rossi.it') });
    expect(real).toMatchObject({ disposition: 'bounce', ticket: 1001 });
    expect(told(real)).toEqual([
      'delivery-failed-staff > ada',
      'delivery-failed-staff > luigi',
      'delivery-failed-staff > marco',
    ]);
  });
});
