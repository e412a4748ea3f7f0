import { beforeEach, describe, expect, it } from 'vitest';
import { anna, answer, bruno, type Desk, given, mailTo, viewOf } from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';

const first = {
  from: anna,
  subject: 'La stampante non stampa',
  text: 'La stampante del piano terra non stampa.',
};
let here: Desk;
let opened: Outcome;
beforeEach(async () => {
  here = given();
  opened = await here.when(first);
});

const says = (text: string) => here.when(answer(mailTo(opened, 'anna'), text, { from: anna }));
const staffSays = (name: string, text: string) => here.when(answer(mailTo(opened, name), text));

describe('a client’s answer', () => {
  it('goes to all technicians where nobody is in charge', async () => {
    expect(await says('Ora non si accende più.')).toMatchObject({
      disposition: 'follow_up',
      ticket: 1001,
      told: ['follow-up-staff > ada', 'follow-up-staff > luigi', 'follow-up-staff > marco'],
      events: ['client_replied'],
    });
  });

  it('goes to the technician in charge alone', async () => {
    await staffSays('luigi', 'in lavorazione');
    expect(await says('Ora non si accende più.')).toMatchObject({ told: ['follow-up-staff > luigi'] });
  });

  it('a client who writes "chiudere" commands nothing (BAD-MAIL 58)', async () => {
    expect(await says('chiudere')).toMatchObject({ disposition: 'follow_up', events: ['client_replied'] });
    expect(here.state.tickets.get(1001)?.state).toBe('open');
  });

  it('a courtesy is recorded and mails nobody, open or closed', async () => {
    expect(await says('Grazie mille!')).toMatchObject({
      disposition: 'follow_up',
      told: [],
      events: ['client_replied'],
    });
    await staffSays('luigi', 'chiudere');
    expect(await says('Grazie mille!')).toMatchObject({
      disposition: 'follow_up',
      told: [],
      events: ['client_replied'],
    });
    expect(here.state.tickets.get(1001)?.state).toBe('closed');
  });

  it.each(['Grazie', 'Ora funziona, grazie'])(
    '%j with a file is a message: told, and reopens',
    async (text) => {
      const parts = `--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n--B\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="errore.pdf"\r\n\r\n%PDF-1.4\r\n--B--\r\n`;
      const withFile = () =>
        here.when(
          answer(mailTo(opened, 'anna'), parts, { from: anna, contentType: 'multipart/mixed; boundary=B' }),
        );
      expect(await withFile()).toMatchObject({ disposition: 'follow_up', events: ['client_replied'] });
      await staffSays('marco', 'chiudere\nCavo sostituito.');
      here.pass({ minutes: 30 });
      expect(await withFile()).toMatchObject({ ticket: 1001, events: ['client_replied', 'reopened'] });
    },
  );

  it('a courtesy in a mail of its own belongs to the sender’s last ticket', async () => {
    expect(await here.when({ from: anna, subject: 'Grazie', text: 'Grazie mille!' })).toMatchObject({
      disposition: 'follow_up',
      ticket: 1001,
      told: [],
    });
  });

  it('within REOPEN_DAYS of closing reopens; nobody stays in charge, the technicians are told', async () => {
    await staffSays('luigi', 'in lavorazione');
    await staffSays('luigi', 'chiudere');
    here.pass({ days: 6 });
    expect(await says('Non funziona ancora.')).toMatchObject({
      disposition: 'follow_up',
      told: ['reopened-staff > ada', 'reopened-staff > luigi', 'reopened-staff > marco'],
      events: ['client_replied', 'reopened'],
    });
    expect(here.state.tickets.get(1001)).toMatchObject({ state: 'open', assignee: null, closedAt: null });
    expect(await staffSays('marco', 'chiudere')).toMatchObject({ events: ['closed'] });
  });

  it('later opens a new, linked ticket with its own confirmation (BAD-MAIL 49)', async () => {
    await staffSays('luigi', 'chiudere');
    here.pass({ days: 8 });
    const later = await says('Non funziona di nuovo.');
    expect(later).toMatchObject({ disposition: 'opened', ticket: 1002 });
    expect(later.told).toContain('opened-client > anna');
    expect(here.state.tickets.get(1002)).toMatchObject({
      linkedTo: 1001,
      subject: 'La stampante non stampa',
    });
    expect(here.state.tickets.get(1001)?.state).toBe('closed');
  });
});

const later = (minutes: number): void => {
  here.state.now = new Date(here.state.now.getTime() + minutes * 60_000);
};

const under = (subject: string, text: string) =>
  here.when({ ...answer(mailTo(opened, 'anna'), text, { from: anna }), subject });
const read = (outcome: Outcome) => viewOf(mailTo(outcome, 'luigi'), 'follow-up-staff').text;
const writes = (from: string, subject: string, text = 'È ancora ferma.') =>
  here.when({ from, subject, text });

describe('what a client says in the subject', () => {
  it('is what staff read where the text is empty, and stands above it where it is another', async () => {
    expect(read(await under('[#1001] Ora nemmeno lo scanner', ''))).toBe('Ora nemmeno lo scanner');
    expect(read(await under('R: [#1001] Anche il fax', 'È fermo da ieri.'))).toBe(
      'Oggetto: Anche il fax\n\nÈ fermo da ieri.',
    );
    expect(read(await under('R: [#1001] La stampante non stampa', 'Serve oggi.'))).toBe('Serve oggi.');
    expect(read(await under('[EXTERNAL] Re: [#1001] LA STAMPANTE non stampa', 'Oggi!'))).toBe('Oggi!');
  });

  it('makes no courtesy of thanks below it', async () => {
    await staffSays('luigi', 'chiudere');
    expect(await under('[#1001] NON STAMPA ANCORA', 'Grazie')).toMatchObject({
      events: ['client_replied', 'reopened'],
    });
  });
});

describe('a number that somebody typed', () => {
  it.each(['#1001', '[1001] stampante', 'ticket 1001', 'Sollecito tk n. 1001', 'n. 1001', 'Rif. 1001'])(
    '%s joins an open ticket of the sender’s own company',
    async (subject) => {
      expect(await writes(anna, subject)).toMatchObject({ disposition: 'follow_up', ticket: 1001 });
    },
  );

  it('joins one that was closed lately, and opens another later on', async () => {
    await staffSays('luigi', 'chiudere');
    expect(await writes(anna, 'ticket 1001')).toMatchObject({ events: ['client_replied', 'reopened'] });
    await staffSays('luigi', 'chiudere');
    later(8 * 24 * 60);
    expect(await writes(anna, 'ticket 1001', 'Un’altra cosa.')).toMatchObject({ disposition: 'opened' });
  });

  it('is nobody else’s: another company’s mail opens its own (BAD-MAIL 44)', async () => {
    expect(await writes(bruno, 'ticket 1001')).toMatchObject({ disposition: 'opened', ticket: 1002 });
  });

  it.each(['Fattura n. 1001', 'Ordine 1001', '[Ticket #1001] altro', 'Ticket 1001/2026'])(
    '%s is no ticket’s (BAD-MAIL 43)',
    async (subject) => {
      expect(await writes(anna, subject)).toMatchObject({ disposition: 'opened' });
    },
  );
});

describe('the same subject and text again', () => {
  it('within ten minutes belongs to what the first became, and nobody is told', async () => {
    expect(await here.when({ ...first })).toMatchObject({ disposition: 'follow_up', ticket: 1001, told: [] });
  });

  it('later, from somebody else, or with other words opens', async () => {
    expect(await here.when({ ...first, text: 'Nemmeno lo scanner.' })).toMatchObject({
      disposition: 'opened',
    });
    expect(await here.when({ ...first, from: bruno })).toMatchObject({ disposition: 'opened' });
    later(11);
    expect(await here.when({ ...first })).toMatchObject({ disposition: 'opened' });
  });
});

describe('whose ticket', () => {
  it('another vendor’s [Ticket #1] is a new ticket (BAD-MAIL 43)', async () => {
    expect(await here.when({ from: anna, subject: 'Re: [Ticket #1001] Fattura' })).toMatchObject({
      ticket: 1002,
    });
  });

  it.each([
    ['a guessed number (BAD-MAIL 44)', { subject: 'Re: [#1001] La stampante non stampa' }],
    ['a forged reference (BAD-MAIL 48)', { inReplyTo: '<m1@rossi.it>' }],
    ['the root of the thread', { inReplyTo: '<ticket.1001@kybernes.it>' }],
  ])('%s on another company’s ticket is a new ticket without a word of it', async (_, forged) => {
    const outcome = await here.when({
      from: bruno,
      subject: 'Ciao',
      text: 'Il monitor è spento.',
      ...forged,
    });
    expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1002 });
    const mail = JSON.stringify(mailTo(outcome, 'bruno').outgoing);
    expect(mail).not.toMatch(/piano terra|rossi/i);
    expect(here.state.events.filter((e) => e.ticket === 1001)).toHaveLength(1);
  });

  it('the right number from a stranger is held (BAD-MAIL 45)', async () => {
    expect(
      await here.when({ from: 'ignota@altrove.example', subject: 'Re: [#1001] La stampante non stampa' }),
    ).toMatchObject({ disposition: 'held', events: [] });
  });

  it('the same mail again is a duplicate (BAD-MAIL 50), also without a Message-ID (52)', async () => {
    expect(await here.when({ ...first, id: '<m1@rossi.it>' })).toMatchObject({
      disposition: 'duplicate',
      told: [],
      ticket: 1001,
    });
    const bare = { from: anna, subject: 'Altro', id: null };
    expect(await here.when(bare)).toMatchObject({ disposition: 'opened' });
    expect(await here.when(bare)).toMatchObject({ disposition: 'duplicate', told: [] });
  });

  it('the same Message-ID with other content joins what the first became (BAD-MAIL 51)', async () => {
    expect(await here.when({ from: anna, id: '<m1@rossi.it>', text: 'Anche lo scanner.' })).toMatchObject({
      disposition: 'follow_up',
      ticket: 1001,
      events: ['client_replied'],
    });
  });

  it('and is never answered, even where it opens a ticket', async () => {
    await staffSays('luigi', 'chiudere');
    here.pass({ days: 30 });
    const again = await here.when({ from: anna, id: '<m1@rossi.it>', text: 'Anche lo scanner.' });
    expect(again).toMatchObject({ disposition: 'opened', ticket: 1002 });
    expect(again.told.filter((t) => t.includes('client'))).toEqual([]);
  });

  it('the same Message-ID of another sender is on its own (BAD-MAIL 51)', async () => {
    expect(await here.when({ from: bruno, id: '<m1@rossi.it>' })).toMatchObject({
      disposition: 'opened',
      ticket: 1002,
    });
  });
});

const form = (email: string, category: string) =>
  here.when({
    from: anna,
    subject: 'Richiesta',
    text: `Nominativo: Piero Neri\nE-mail: ${email}\nProblematica: ${category}\nDescrizione: Non va nulla.\n`,
  });

it('name a colleague of the same company, who gets the confirmation', async () => {
  const outcome = await form('piero@rossi.it', 'Stampa');
  expect(outcome.told).toContain('opened-client > piero');
  expect(here.state.tickets.get(1002)).toMatchObject({
    requester: { name: 'Piero Neri', email: 'piero@rossi.it' },
    category: 'Stampa',
    description: 'Non va nulla.',
  });
});

describe('the fields of the form', () => {
  it('never anyone of another company', async () => {
    const outcome = await form('bruno@bianchi.it', 'Stampa');
    expect(outcome.told.filter((t) => t.startsWith('opened-client'))).toEqual(['opened-client > anna']);
  });

  it('a problem that is on no list is not lost to staff', async () => {
    await form('anna@rossi.it', 'Centralino');
    expect(here.state.tickets.get(1002)).toMatchObject({
      category: 'Altro',
      description: 'Problematica: Centralino\nNon va nulla.',
    });
  });
});

describe('floods', () => {
  it('500 mails are 500 tickets; above 20 an hour one confirmation lists every number (BAD-MAIL 88)', async () => {
    for (let i = 2; i <= 60; i++)
      expect(await here.when({ from: anna, subject: `Guasto ${i}` })).toMatchObject({
        disposition: 'opened',
      });
    const numbers = here.state.outbox.flatMap(({ outgoing: { mail } }) =>
      mail.template === 'opened-client'
        ? [mail.view.ticket.number, ...mail.view.also.map((a) => a.number)]
        : [],
    );
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => 1001 + i));
    const toLuigi = here.state.outbox.filter(
      (m) => m.template === 'opened-staff' && m.to === 'luigi@kybernes.it',
    );
    expect(toLuigi).toHaveLength(21);
  });

  it('a folded confirmation lists its reader’s tickets and no colleague’s', async () => {
    here.state.policy.limits.mailsPerHour = 0;
    for (const [i, email] of ['anna', 'piero', 'anna', 'piero'].entries())
      await here.when({
        from: anna,
        text: `Nominativo: X\nE-mail: ${email}@rossi.it\nProblematica: Stampa\nGuasto ${i}`,
      });
    const toPiero = here.state.outbox.filter((m) => m.to === 'piero@rossi.it');
    expect(toPiero).toHaveLength(1);
    const view = viewOf(toPiero[0] ?? mailTo(opened, 'piero'), 'opened-client');
    expect([view.ticket.number, ...view.also.map((a) => a.number)]).toEqual([1005, 1003]);
  });
});
