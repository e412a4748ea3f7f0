import { beforeEach, describe, expect, it } from 'vitest';
import { anna, answer, type Desk, given, mailTo, viewOf } from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';

let here: Desk;
let opened: Outcome;
beforeEach(async () => {
  here = given();
  opened = await here.when({ from: anna, subject: 'La stampante non stampa' });
});

describe('automatic mail', () => {
  it('of the desk itself that came back is ignored, under another Message-ID too (BAD-MAIL 28)', async () => {
    const { messageId } = mailTo(opened, 'luigi');
    expect(await here.when({ from: 'assistenza+abc@kybernes.it', id: messageId })).toMatchObject({
      disposition: 'ignored',
      told: [],
    });
    const headers = ['Auto-Submitted: auto-generated', `Reply-To: ${mailTo(opened, 'luigi').replyTo}`];
    expect(await here.when({ from: 'pda@kybernes.it', headers })).toMatchObject({
      disposition: 'ignored',
      told: [],
    });
  });

  it('another desk’s answer to ours is recorded, never answered, reopens nothing (BAD-MAIL 84, 87)', async () => {
    await here.when(answer(mailTo(opened, 'luigi'), 'chiudere'));
    const auto = answer(mailTo(opened, 'anna'), 'Abbiamo ricevuto la Sua richiesta n. 77.', {
      from: anna,
      headers: ['Auto-Submitted: auto-replied'],
    });
    expect(await here.when(auto)).toMatchObject({
      disposition: 'follow_up',
      ticket: 1001,
      told: [],
      events: ['client_replied'],
    });
    expect(here.state.tickets.get(1001)?.state).toBe('closed');
  });

  it('an absence notice without any header is recorded, opens and reopens nothing (BAD-MAIL 89)', async () => {
    const away = {
      from: anna,
      text: 'Sono fuori sede fino al 30 novembre. Per urgenze chiamare il 06 1234567.',
    };
    expect(
      await here.when({
        ...answer(mailTo(opened, 'anna'), away.text),
        subject: 'Fuori sede: [#1001] La stampante non stampa',
      }),
    ).toMatchObject({
      disposition: 'follow_up',
      told: [],
    });
    expect(await here.when({ ...away, subject: 'Fuori sede' })).toMatchObject({
      disposition: 'ignored',
      told: [],
    });
  });

  it.each([
    ['an absence notice', { from: anna }, 'Sono in ferie fino al 30 novembre. Per urgenze contattare Mario.'],
    [
      'a program’s subject over other words',
      { from: anna, subject: 'Risposta automatica: [#1001] La stampante' },
      'Passate giovedì.',
    ],
    ['a sender that takes no answers', { from: 'no-reply@rossi.it' }, 'Passate giovedì.'],
  ])(
    'where only words or a name tell a machine, whoever has the ticket reads it, and it reopens nothing: %s (BAD-MAIL 89)',
    async (_, change, text) => {
      const mail = answer(mailTo(opened, 'anna'), text, change);
      expect(await here.when(mail)).toMatchObject({
        disposition: 'follow_up',
        told: expect.arrayContaining(['follow-up-staff > luigi']),
        events: ['client_replied'],
      });
      await here.when(answer(mailTo(opened, 'luigi'), 'chiudere'));
      const later = await here.when({ ...mail, id: '<later@rossi.it>' });
      expect(later).toMatchObject({ disposition: 'follow_up', events: ['client_replied'] });
      expect(later.told).toContain('follow-up-staff > luigi');
      expect(later.told.filter((each) => each.includes('client'))).toEqual([]);
      expect(here.state.tickets.get(1001)?.state).toBe('closed');
    },
  );

  it.each([
    ['Messaggio ricevuto, risponderò a breve.', []],
    ['Abbiamo ricevuto la vostra mail ma manca l’allegato. Vi risponderemo.', ['follow-up-staff > luigi']],
    [
      'Abbiamo ricevuto la richiesta, va bene giovedì. Vi risponderemo al più presto.',
      ['follow-up-staff > luigi'],
    ],
  ])(
    'a receipt without a header that says a word more is read by whoever has the ticket: %j (BAD-MAIL 87)',
    async (text, told) => {
      const outcome = await here.when(answer(mailTo(opened, 'anna'), text, { from: anna }));
      expect(outcome).toMatchObject({ disposition: 'follow_up', ticket: 1001 });
      expect(outcome.told.filter((each) => /luigi|anna/u.test(each))).toEqual(told);
    },
  );

  it('a program’s subject over a person’s words on no ticket joins their last one', async () => {
    const text = 'Sono in ferie fino al 30 novembre, provo al rientro e vi dico.';
    const outcome = await here.when({ from: anna, subject: 'Fuori sede', text });
    expect(outcome).toMatchObject({ disposition: 'follow_up', ticket: 1001, events: ['client_replied'] });
    expect(outcome.told).toContain('follow-up-staff > luigi');
  });

  it('a device that reports trouble opens a ticket, not confirmed (BAD-MAIL 84)', async () => {
    const outcome = await here.when({
      from: 'nas@rossi.it',
      headers: ['Auto-Submitted: auto-generated'],
      subject: 'Disco 2 guasto',
    });
    expect(outcome).toMatchObject({
      disposition: 'opened',
      told: ['opened-staff > ada', 'opened-staff > carla', 'opened-staff > luigi', 'opened-staff > marco'],
    });
  });

  it.each([
    ['a mailing list (85)', 'List-Id: <utenti.rossi.it>'],
    ['bulk mail (85)', 'Precedence: bulk'],
    ['a null Return-Path (86)', 'Return-Path: <>'],
    ['Auto-Submitted (86)', 'Auto-Submitted: auto-notified'],
  ])('%s is taken and not answered', async (_, header) => {
    const outcome = await here.when({ from: anna, subject: 'Altro guasto', headers: [header] });
    expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1002 });
    expect(outcome.told).not.toContain('opened-client > anna');
  });

  it.each([
    ['with its header', { headers: ['Auto-Submitted: auto-replied'] }],
    ['with a null Return-Path alone', { headers: ['Return-Path: <>'] }],
    ['with nothing but its words', { subject: 'Risposta automatica: [#1001] La stampante' }],
  ])('a technician’s vacation reply %s is ignored, whatever it says (BAD-MAIL 59)', async (_, change) => {
    expect(await here.when(answer(mailTo(opened, 'luigi'), 'chiudere', change))).toMatchObject({
      disposition: 'ignored',
      told: [],
      events: [],
    });
  });

  it('a read receipt is ignored (BAD-MAIL 83)', async () => {
    const outcome = await here.when(
      answer(
        mailTo(opened, 'anna'),
        '--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: manual-action; displayed\r\n--b--',
        {
          contentType: 'multipart/report; report-type=disposition-notification; boundary=b',
        },
      ),
    );
    expect(outcome).toMatchObject({ disposition: 'ignored', told: [] });
  });
});

const bounce = (
  messageId: string,
  recipients: { to: string; action?: string }[],
  from = 'From: MAILER-DAEMON@mx.rossi.it',
  { id = '<bounce@mx.rossi.it>', says = 'no such user', headers = [] as string[] } = {},
) =>
  here.when({
    from: '',
    raw: [
      ...headers,
      from,
      'To: assistenza@kybernes.it',
      'Subject: Undelivered Mail Returned to Sender',
      `Message-ID: ${id}`,
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'I am sorry.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.rossi.it',
      ...recipients.flatMap(({ to, action = 'failed' }) => [
        '',
        `Final-Recipient: rfc822; ${to}`,
        `Action: ${action}`,
        'Status: 5.1.1',
        `Diagnostic-Code: smtp; 550 ${says}`,
      ]),
      '',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      `Message-ID: ${messageId}`,
      '--b--',
      '',
    ].join('\r\n'),
  });
const confirmation = () => mailTo(opened, 'anna').messageId;

describe('delivery failures', () => {
  it('of a client’s mail: recorded, the technicians told, no ticket (BAD-MAIL 81)', async () => {
    const outcome = await bounce(confirmation(), [{ to: 'anna@rossi.it' }]);
    expect(outcome).toMatchObject({
      disposition: 'bounce',
      ticket: 1001,
      told: ['delivery-failed-staff > ada', 'delivery-failed-staff > luigi', 'delivery-failed-staff > marco'],
      events: ['delivery_failed'],
    });
    expect(outcome.decision.effects).toContainEqual(expect.objectContaining({ do: 'fail_outgoing' }));
    expect(viewOf(mailTo(outcome, 'luigi'), 'delivery-failed-staff')).toMatchObject({
      to: 'anna@rossi.it',
      mail: 'opened-client',
      cause: 'reported',
      error: '5.1.1 550 no such user',
    });
  });

  it.each(['From: <>', 'From: MAILER-DAEMON', 'X-No: From', 'From: MAILER-DAEMON (Mail Delivery System)'])(
    'from an address that is none (%s) it is a delivery failure all the same',
    async (from) => {
      expect(await bounce(confirmation(), [{ to: 'anna@rossi.it' }], from)).toMatchObject({
        disposition: 'bounce',
      });
    },
  );

  it('twice is told once', async () => {
    await bounce(confirmation(), [{ to: 'anna@rossi.it' }]);
    expect(await bounce(confirmation(), [{ to: 'anna@rossi.it' }])).toMatchObject({
      disposition: 'duplicate',
      told: [],
    });
  });

  it('of several recipients, ours among them', async () => {
    expect(await bounce(confirmation(), [{ to: 'altro@rossi.it' }, { to: 'anna@rossi.it' }])).toMatchObject({
      disposition: 'bounce',
      events: ['delivery_failed'],
    });
  });

  it('a delay is nothing final', async () => {
    expect(await bounce(confirmation(), [{ to: 'anna@rossi.it', action: 'delayed' }])).toMatchObject({
      disposition: 'bounce',
      told: [],
      events: [],
    });
  });

  it('forged ones are ignored (BAD-MAIL 82)', async () => {
    expect(await bounce('<altro@kybernes.it>', [{ to: 'anna@rossi.it' }])).toMatchObject({
      disposition: 'ignored',
      told: [],
    });
    expect(await bounce(confirmation(), [{ to: 'altro@rossi.it' }])).toMatchObject({
      disposition: 'ignored',
      told: [],
    });
  });

  it('of a staff member’s mail is recorded and told nobody', async () => {
    expect(await bounce(mailTo(opened, 'luigi').messageId, [{ to: 'luigi@kybernes.it' }])).toMatchObject({
      disposition: 'bounce',
      told: [],
      events: [],
    });
  });

  it('forty different reports on one mail are one notice, and one event (BAD-MAIL 82)', async () => {
    const outcomes = [];
    for (let i = 0; i < 40; i++) {
      const change = { id: `<bounce${i}@mx.rossi.it>`, says: `no such user ${i}` };
      outcomes.push(await bounce(confirmation(), [{ to: 'anna@rossi.it' }], undefined, change));
    }
    expect(outcomes.filter(({ told }) => told.length > 0)).toHaveLength(1);
    expect(outcomes.flatMap(({ events }) => events)).toEqual(['delivery_failed']);
    expect(outcomes.at(-1)).toMatchObject({ disposition: 'bounce', told: [] });
  });

  it('a report that fails DMARC is recorded, nobody is told (BAD-MAIL 82)', async () => {
    const headers = ['Authentication-Results: mx.kybernes.it; dmarc=fail header.from=mx.rossi.it'];
    expect(await bounce(confirmation(), [{ to: 'anna@rossi.it' }], undefined, { headers })).toMatchObject({
      disposition: 'ignored',
      told: [],
      events: [],
    });
  });

  it('a report of the seventh day counts, one of the eighth is recorded alone (BAD-MAIL 82)', async () => {
    here.pass({ days: 8 });
    expect(await bounce(confirmation(), [{ to: 'anna@rossi.it' }])).toMatchObject({
      disposition: 'ignored',
      told: [],
    });
    const later = await here.when({ from: anna, subject: 'Altro guasto' });
    here.pass({ days: 7 });
    expect(await bounce(mailTo(later, 'anna').messageId, [{ to: 'anna@rossi.it' }])).toMatchObject({
      disposition: 'bounce',
      events: ['delivery_failed'],
    });
  });

  it('what a report says is quoted as a report’s, and shortened (BAD-MAIL 82)', async () => {
    const says = `chiamare subito il numero verde ${'!'.repeat(400)}`;
    const outcome = await bounce(confirmation(), [{ to: 'anna@rossi.it' }], undefined, { says });
    const { cause, error } = viewOf(mailTo(outcome, 'luigi'), 'delivery-failed-staff');
    expect(cause).toBe('reported');
    expect(error.length).toBeLessThanOrEqual(200);
    expect(here.state.events.at(-1)?.event.text).toMatch(/^anna@rossi\.it: così dice un rapporto .*…”$/);
  });

  it('a receipt of certified mail that nobody verified ends no mail of ours (BAD-MAIL 94)', async () => {
    for (const kind of ['errore-consegna', 'non-accettazione', 'rilevazione-virus', 'mancata-consegna']) {
      const outcome = await here.when({
        from: 'posta-certificata@pec.example',
        headers: [`X-Ricevuta: ${kind}`, `X-Riferimento-Message-ID: ${confirmation()}`],
        subject: kind,
      });
      expect(outcome.events).toEqual([]);
      expect(outcome.decision.effects).toEqual([]);
    }
  });
});
