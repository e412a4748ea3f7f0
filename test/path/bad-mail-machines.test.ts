import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytesKept } from '../builders/outbox.ts';
import { multipart, part } from '../builders/mail.ts';
import { anna, clientMail } from '../builders/bytes.ts';
import {
  answer,
  authserv,
  desk,
  mailTo,
  openDesk,
  type PathDesk,
  type Sent,
  told,
} from '../builders/desk.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const opened = () => here.send({ from: anna, subject: 'La stampante non stampa' });

/** A mail server's report that one of our mails did not arrive. */
function bounce(mail: { messageId: string }, recipient: string): Uint8Array {
  const { header, body } = multipart('report; report-type=delivery-status', [
    part('text/plain', 'Undelivered'),
    part(
      'message/delivery-status',
      `Reporting-MTA: dns; ${authserv}\r\n\r\nFinal-Recipient: rfc822; ${recipient}\r\nAction: failed\r\nStatus: 5.1.1`,
    ),
    part('text/rfc822-headers', `Message-ID: ${mail.messageId}\r\nFrom: ${desk}`),
  ]);
  return clientMail({
    from: `Mail Delivery System <MAILER-DAEMON@${authserv}>`,
    headers: [['Return-Path', '<>'], ['Subject', 'Undelivered Mail Returned to Sender'], header],
    body,
  });
}

async function outboxState(mail: Sent): Promise<string> {
  const row = await here.db
    .selectFrom('outbox')
    .select('state')
    .where('id', '=', mail.id)
    .executeTakeFirstOrThrow();
  return row.state;
}

describe('delivery failures', () => {
  it('81: of a client’s mail: no ticket, the outbox row says failed, staff are told', async () => {
    const first = await opened();
    const mail = mailTo(first, 'anna@rossi.it');
    const outcome = await here.send({ from: '', raw: bounce(mail, 'anna@rossi.it') });
    expect(outcome).toMatchObject({ disposition: 'bounce', ticket: 1001 });
    expect(told(outcome)).toEqual([
      'delivery-failed-staff > ada',
      'delivery-failed-staff > luigi',
      'delivery-failed-staff > marco',
    ]);
    expect(await outboxState(mail)).toBe('failed');
    expect(await here.events(1001)).toEqual(['opened', 'delivery_failed']);
  });

  it('81: of a staff member’s mail: the row says failed, nobody is told', async () => {
    const mail = mailTo(await opened(), 'marco@kybernes.it');
    const outcome = await here.send({ from: '', raw: bounce(mail, 'marco@kybernes.it') });
    expect(outcome).toMatchObject({ disposition: 'bounce', mails: [] });
    expect(await outboxState(mail)).toBe('failed');
  });

  it('81: of a mail that is being sent, to a server that takes its time: nothing waits for that server', async () => {
    const mail = mailTo(await opened(), 'anna@rossi.it');
    const gate = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const sending = here.db.transaction().execute(async (tx) => {
      await tx.selectFrom('outbox').select('id').where('id', '=', mail.id).forUpdate().execute();
      locked.resolve();
      await gate.promise;
    });
    await locked.promise;
    const outcome = await here.send({ from: '', raw: bounce(mail, 'anna@rossi.it') });
    expect(outcome).toMatchObject({ disposition: 'bounce', ticket: 1001 });
    expect(await here.events(1001)).toEqual(['opened', 'delivery_failed']);
    gate.resolve();
    await sending;
  });

  it('82: many reports on one mail of ours are one notice, and their words are never shown as our server’s', async () => {
    const mail = mailTo(await opened(), 'anna@rossi.it');
    const notices = [];
    for (let i = 0; i < 10; i += 1) {
      const raw = Buffer.from(
        Buffer.from(bounce(mail, 'anna@rossi.it'))
          .toString()
          .replace('Status: 5.1.1', `Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 chiamare il ${i}`),
      );
      notices.push(...(await here.send({ from: '', raw })).mails);
    }
    expect(notices.map(({ to }) => to).toSorted()).toEqual([
      'ada@kybernes.it',
      'luigi@kybernes.it',
      'marco@kybernes.it',
    ]);
    expect(notices[0]?.text).toContain('chiamare il 0');
    expect(notices[0]?.text).toContain('rapporto arrivato per posta');
    expect(notices[0]?.text).not.toContain('Il server di posta risponde');
    expect(await here.events(1001)).toEqual(['opened', 'delivery_failed']);
    const { last_error: error } = await here.db
      .selectFrom('outbox')
      .select('last_error')
      .where('id', '=', mail.id)
      .executeTakeFirstOrThrow();
    expect(error).toMatch(/^a delivery report says: /);
  });

  it('82: a forged one, of a mail never sent or of another recipient, changes nothing', async () => {
    const mail = mailTo(await opened(), 'anna@rossi.it');
    const invented = { messageId: '<inventato@kybernes.it>' };
    expect(await here.send({ from: '', raw: bounce(invented, 'anna@rossi.it') })).toMatchObject({
      disposition: 'ignored',
      mails: [],
    });
    expect(await here.send({ from: '', raw: bounce(mail, 'gino@bianchi.it') })).toMatchObject({
      disposition: 'ignored',
      mails: [],
    });
    expect(await outboxState(mail)).toBe('queued');
  });
});

describe('read receipts', () => {
  it('83: one is ignored, and none is ever sent', async () => {
    const { header, body } = multipart('report; report-type=disposition-notification', [
      part('text/plain', 'Letto'),
      part('message/disposition-notification', 'Disposition: manual-action/MDN-sent-manually; displayed'),
    ]);
    const receipt = await here.send({ from: '', raw: clientMail({ from: anna, headers: [header], body }) });
    expect(receipt).toMatchObject({ disposition: 'ignored', ticket: null, mails: [] });

    const wanting = await here.send({ from: anna, headers: [`Disposition-Notification-To: ${anna}`] });
    expect(told(wanting)).toHaveLength(5);
    expect(wanting.mails.filter((mail) => mail.to === 'anna@rossi.it')).toHaveLength(1);
  });
});

describe('automatic mail', () => {
  it.each([
    ['84: another desk’s answer', 'Auto-Submitted: auto-replied'],
    ['86: an unknown Auto-Submitted', 'Auto-Submitted: auto-notified'],
    ['84: an old autoresponder', 'X-Autoreply: yes'],
  ])(
    '%s to our mail is recorded on the ticket, answered to nobody, and reopens nothing',
    async (_, header) => {
      const first = await opened();
      const letter = {
        ...answer(mailTo(first, 'anna@rossi.it'), 'Abbiamo ricevuto la Sua richiesta.'),
        from: anna,
        headers: [header],
      };
      expect(await here.send(letter)).toMatchObject({ disposition: 'follow_up', ticket: 1001, mails: [] });
      await here.send(answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere'));
      expect(await here.send(letter)).toMatchObject({ disposition: 'follow_up', ticket: 1001, mails: [] });
      expect(await here.ticket(1001)).toMatchObject({ state: 'closed' });
      expect(await here.events(1001)).toEqual(['opened', 'client_replied', 'closed', 'client_replied']);
    },
  );

  it('84: a device’s automatic mail from a known address opens a ticket without a confirmation', async () => {
    const outcome = await here.send({
      from: 'nas@rossi.it',
      subject: 'Volume degradato',
      headers: ['Auto-Submitted: auto-generated'],
    });
    expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1001 });
    expect(told(outcome)).toEqual([
      'opened-staff > ada',
      'opened-staff > carla',
      'opened-staff > luigi',
      'opened-staff > marco',
    ]);
  });

  it.each(['List-Id: <soci.rossi.it>', 'Precedence: bulk', 'Return-Path: <>'])(
    '85, 86: a client’s mail with %s is taken and not answered',
    async (header) => {
      const outcome = await here.send({ from: anna, headers: [header] });
      expect(outcome.disposition).toBe('opened');
      expect(outcome.mails.some((mail) => mail.to === 'anna@rossi.it')).toBe(false);
      expect(outcome.mails).toHaveLength(4);
    },
  );

  it('85: a client’s mail that only offers to be unsubscribed from is confirmed', async () => {
    const outcome = await here.send({ from: anna, headers: ['List-Unsubscribe: <mailto:x@y.example>'] });
    expect(outcome.disposition).toBe('opened');
    expect(outcome.mails.map((mail) => mail.to)).toContain('anna@rossi.it');
  });

  it('86: a null envelope sender that no header repeats says the same', async () => {
    const outcome = await here.send({ from: anna, envelopeSender: '' });
    expect(outcome.disposition).toBe('opened');
    expect(outcome.mails.map((mail) => mail.to)).not.toContain('anna@rossi.it');
  });

  it('85: a stranger’s newsletter is held without a word to anybody', async () => {
    const outcome = await here.send({
      from: 'novita@negozio.example',
      headers: ['List-Unsubscribe: <mailto:x@y.example>'],
    });
    expect(outcome).toMatchObject({ disposition: 'held', mails: [] });
  });

  it('86: a null Return-Path on a follow-up changes nothing for staff, and nobody outside hears of it', async () => {
    const first = await opened();
    const outcome = await here.send({
      ...answer(mailTo(first, 'anna@rossi.it'), 'Ora fa anche rumore.'),
      from: anna,
      headers: ['Return-Path: <>'],
    });
    expect(outcome).toMatchObject({ disposition: 'follow_up', ticket: 1001 });
    expect(outcome.mails.every((mail) => mail.to.endsWith('@kybernes.it'))).toBe(true);
  });

  it.each(['Fuori sede', 'Fuori ufficio: La stampante non stampa', 'Assente fino al 30 novembre'])(
    '89: an out-of-office with no header (%s) opens and reopens nothing, and is not answered',
    async (subject) => {
      const text = 'Sono assente fino al 30 novembre. Per urgenze scrivere a info@rossi.it.';
      expect(await here.send({ from: anna, subject, text, inReplyTo: '<x@altrove.example>' })).toMatchObject({
        disposition: 'ignored',
        ticket: null,
        mails: [],
      });
      const first = await opened();
      await here.send(answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere'));
      const { messageId } = mailTo(first, 'anna@rossi.it');
      expect(await here.send({ from: anna, subject, text, inReplyTo: messageId })).toMatchObject({
        disposition: 'follow_up',
        ticket: 1001,
        mails: [],
      });
      expect(await here.ticket(1001)).toMatchObject({ state: 'closed' });
    },
  );
});

describe('loops and floods', () => {
  it('87: two desks that answer each other stop after one mail', async () => {
    const other = await openDesk({ desk: { address: 'help@rossi.it', name: 'Help Rossi' } });
    try {
      await other.db
        .updateTable('company')
        .set({ name: 'Kybernes' })
        .where('name', '=', 'Bianchi S.p.A.')
        .execute();
      await other.db
        .updateTable('company_domain')
        .set({ domain: 'kybernes.it' })
        .where('domain', '=', 'bianchi.it')
        .execute();
      await other.db.deleteFrom('staff_alias').execute();
      await other.db.deleteFrom('staff').execute();
      const first = await here.send({ from: 'help@rossi.it', subject: 'Ticket aperto' });
      const confirmation = mailTo(first, 'help@rossi.it');
      const mime = await bytesKept(here.db, confirmation.id);
      const there = await other.send({ from: '', raw: mime });
      expect(there.mails.some((mail) => mail.to === desk)).toBe(false);
    } finally {
      await other.drop();
    }
  });

  it('88: of 500 mails every one is recorded with a ticket of its own; above 20 the answers are one list', {
    timeout: 240_000,
  }, async () => {
    const count = 500;
    for (let i = 0; i < count; i += 1)
      expect((await here.send({ from: anna, subject: `Allarme ${i}`, text: `Testo ${i}` })).disposition).toBe(
        'opened',
      );
    const { tickets } = await here.db
      .selectFrom('ticket')
      .select((eb) => eb.fn.countAll<number>().as('tickets'))
      .executeTakeFirstOrThrow();
    expect(tickets).toBe(count);
    const sent = await here.outgoingSince(0);
    for (const to of ['anna@rossi.it', 'luigi@kybernes.it']) {
      const mails = sent.filter((mail) => mail.to === to);
      expect(mails).toHaveLength(21);
      const last = mails.at(-1);
      const folded = `${last?.subject} ${last?.text}`;
      for (let i = 21; i <= count; i += 1) expect(folded).toContain(`#${1000 + i}`);
    }
  });
});
