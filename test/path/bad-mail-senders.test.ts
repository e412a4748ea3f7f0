import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Header } from '../builders/mail.ts';
import { anna, clientMail } from '../builders/bytes.ts';
import { answer, authserv, desk, mailTo, openDesk, type PathDesk, told } from '../builders/desk.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const luigi = 'Luigi Verdi <luigi@kybernes.it>';

/** A client's mail in the form of the manual. */
const form = (email: string) => `Nominativo: Piero\nE-mail: ${email}\nDescrizione: non stampa`;

const opened = () => here.send({ from: anna, subject: 'La stampante non stampa' });

/** Luigi's answer to a notification, as bytes, so that its headers may be anything. */
function order(replyTo: string, headers: Header[], body = 'chiudere'): Uint8Array {
  return clientMail({
    from: luigi,
    headers: [['To', replyTo], ['Subject', 'Re: [#1001]'], ...headers],
    body,
  });
}

describe('nobody who can be told', () => {
  it.each([
    ['25: no From', { without: ['From'] }],
    [
      '26: two From headers',
      {
        headers: [
          ['From', anna],
          ['From', luigi],
        ],
      },
    ],
    ['26: two addresses in one From', { headers: [['From', `${anna}, ${luigi}`]] }],
    ['27: a group as From', { headers: [['From', 'Acquisti: anna@rossi.it;']] }],
    ['32: an address made by an encoded word', { headers: [['From', '=?utf-8?Q?luigi=40kybernes.it?=']] }],
  ] as [string, { without?: string[]; headers?: Header[] }][])(
    '%s is quarantined, and only administrators hear of it',
    async (_, options) => {
      const without = [...(options.without ?? []), 'Authentication-Results'];
      const made = clientMail({ ...options, without, body: 'chiudere' });
      const outcome = await here.send({ from: '', raw: made });
      expect(outcome).toMatchObject({ disposition: 'quarantined', ticket: null });
      expect(told(outcome)).toEqual(['quarantine-administrator > ada']);
    },
  );

  it.each([desk, 'pda@kybernes.it', 'assistenza+abc@kybernes.it'])(
    '28: a mail of ours that comes back to %s is ignored; any other from there is held, and clerks are told',
    async (own) => {
      const { messageId } = mailTo(await opened(), 'anna@rossi.it');
      expect(await here.send({ from: own, id: messageId })).toMatchObject({
        disposition: 'ignored',
        mails: [],
      });
      const scanned = await here.send({ from: own, subject: 'Message from KM_C258' });
      expect(scanned.disposition).toBe('held');
      expect(told(scanned)).toEqual(['held-staff > ada', 'held-staff > carla']);
    },
  );

  it('28: where From is ours and Reply-To names a client, it is that client’s, unproven; with a staff token its owner is asked', async () => {
    const filled = await here.send({
      from: `Sito <${desk}>`,
      headers: [`Reply-To: ${anna}`],
      subject: 'Dal sito',
    });
    expect(filled).toMatchObject({ disposition: 'opened', ticket: 1001 });
    expect(told(filled)).toContain('opened-client > anna');
    const { replyTo } = mailTo(filled, 'luigi@kybernes.it');
    const shared = { from: `Assistenza <${desk}>`, to: replyTo, text: 'chiudere' };
    const named = await here.send({ ...shared, headers: ['Sender: luigi@kybernes.it'] });
    expect(named.disposition).toBe('confirm_asked');
    expect(told(named)).toEqual(['confirm-staff > luigi']);
    const unnamed = await here.send(shared);
    expect(unnamed.disposition).toBe('held');
    expect(told(unnamed)).toEqual(['confirm-staff > luigi']);
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
  });

  it.each(['Ferri, Anna', 'Anna @ ROSSI', "'anna@rossi.it'", 'Ufficio: Anna', 'altro@altrove.example'])(
    '31: a phrase that nobody quoted (%s) before one bracketed address is only a phrase, and staff are shown it whole',
    async (phrase) => {
      const outcome = await here.send({ from: `${phrase} <anna@rossi.it>` });
      expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1001 });
      expect(mailTo(outcome, 'luigi@kybernes.it').text).toContain(phrase);
    },
  );

  it('34: staff are shown where a Reply-To elsewhere asks for answers, and whose client that is', async () => {
    const headers = ['Reply-To: Ugo Blu <ugo@gmail.com>'];
    const outcome = await here.send({ from: 'ERP <erp@rossi.it>', headers });
    expect(mailTo(outcome, 'luigi@kybernes.it').text).toContain('Ugo Blu <ugo@gmail.com> (Rossi S.r.l.)');
  });

  it('40: a client’s mail that fails a policy of none is held; once a clerk accepted one, taken as unproven', async () => {
    const verdict = `Authentication-Results: ${authserv}; dmarc=fail (p=NONE dis=NONE) header.from=rossi.it`;
    const failing = { from: anna, dmarc: null, headers: [verdict] };
    const held = await here.send(failing);
    expect(held.disposition).toBe('held');
    await here.send(answer(mailTo(held, 'carla@kybernes.it'), 'accetta Rossi S.r.l.'));
    expect((await here.outcomeOf(held.id)).disposition).toBe('opened');
    expect((await here.send({ ...failing, subject: 'Un altro' })).disposition).toBe('opened');
  });
});

describe('which desk', () => {
  it('29: two of our desks in To open one ticket, of the one it was delivered to', async () => {
    const both = `pda@kybernes.it, ${desk}`;
    const outcome = await here.send({ from: anna, to: both, headers: [`Delivered-To: ${desk}`] });
    expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1001 });
    expect(await here.ticket(1001)).toMatchObject({ queue_address: desk });
    const copy = { from: 'Ugo <ugo@gmail.com>', to: both, id: '<doppia@gmail.com>' };
    expect((await here.send(copy)).disposition).toBe('opened');
    expect(await here.send({ ...copy, headers: ['Delivered-To: pda@kybernes.it'] })).toMatchObject({
      disposition: 'duplicate',
      ticket: 1002,
      mails: [],
    });
  });

  it('30: a mail we are only blind-copied on is taken and confirmed, in the queue that Delivered-To tells', async () => {
    const outcome = await here.send({
      from: anna,
      to: 'undisclosed-recipients:;',
      headers: ['Delivered-To: pda@kybernes.it'],
    });
    expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1001 });
    expect(told(outcome)).toContain('opened-client > anna');
    expect(await here.ticket(1001)).toMatchObject({ queue_address: 'pda@kybernes.it' });
  });
});

describe('aliases of ours', () => {
  it('30: a mail to an address that the server rewrites to ours is taken and confirmed', async () => {
    const outcome = await here.send({ from: anna, to: 'info@kybernes.it' });
    expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1001 });
    expect(told(outcome)).toContain('opened-client > anna');
    expect(await here.ticket(1001)).toMatchObject({ queue_address: desk });
  });
});

describe('headers that contradict the sender', () => {
  it.each([
    ['31: an address in the display name', [['From', '"ada@kybernes.it" <luigi@kybernes.it>']]],
    ['34: a Reply-To elsewhere', [['Reply-To', 'altro@casa.it']]],
    ['35: a Sender elsewhere', [['Sender', 'segreteria@casa.it']]],
  ] as [string, Header[]][])('%s: a staff mail is text, no word of it commands', async (_, headers) => {
    const first = await opened();
    const raw = order(mailTo(first, 'luigi@kybernes.it').replyTo, headers);
    expect(await here.send({ from: luigi, raw })).toMatchObject({
      disposition: 'internal_note',
      ticket: 1001,
    });
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
  });

  it('34: a client is answered at From, whatever Reply-To says', async () => {
    const outcome = await here.send({ from: anna, headers: ['Reply-To: ladro@casa.it'] });
    expect(told(outcome)).toContain('opened-client > anna');
    expect(outcome.mails.some((mail) => mail.to === 'ladro@casa.it')).toBe(false);
  });

  it('34: … or at the address of the form’s E-mail line, if that is of the same company', async () => {
    const colleague = await here.send({ from: anna, text: form('piero@rossi.it') });
    expect(told(colleague)).toContain('opened-client > piero');
    const other = await here.send({ from: anna, text: form('gino@bianchi.it') });
    expect(told(other)).toContain('opened-client > anna');
    expect(told(other)).not.toContain('opened-client > gino');
  });
});

describe('look-alikes', () => {
  it.each(['anna@xn--rssi-55d.it', 'anna@r0ssi.it'])(
    '33: %s is held, and staff are warned of whom its domain imitates',
    async (from) => {
      const outcome = await here.send({ from });
      expect(outcome.disposition).toBe('held');
      expect(outcome.reason).toContain('imitates that of Rossi S.r.l.');
      expect(told(outcome)).toEqual(['held-staff > ada', 'held-staff > carla']);
      expect(mailTo(outcome, 'carla@kybernes.it').text).toContain('Rossi S.r.l.');
    },
  );
});

describe('whose verdict counts', () => {
  it.each([
    [
      '36: a forged header below ours',
      [
        ['Authentication-Results', `${authserv}; dmarc=none header.from=kybernes.it`],
        ['Authentication-Results', `${authserv}; dmarc=pass header.from=kybernes.it`],
      ],
    ],
    [
      '36: a look-alike authserv-id',
      [['Authentication-Results', 'mx.kybernes.it.evil.example; dmarc=pass header.from=kybernes.it']],
    ],
    [
      '36: a homograph authserv-id',
      [['Authentication-Results', 'mx.kyberne\u0455.it; dmarc=pass header.from=kybernes.it']],
    ],
  ] as [string, Header[]][])('%s proves nothing: its writer is asked', async (_, headers) => {
    const first = await opened();
    const raw = order(mailTo(first, 'luigi@kybernes.it').replyTo, headers);
    const outcome = await here.send({ from: luigi, raw });
    expect(outcome.disposition).toBe('confirm_asked');
    expect(told(outcome)).toEqual(['confirm-staff > luigi']);
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
  });

  it('38: the same signed command sent again is a duplicate, even after the ticket was reopened', async () => {
    const first = await opened();
    const close = { ...answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere'), id: '<una@kybernes.it>' };
    const closed = await here.send(close);
    expect(closed.disposition).toBe('command');
    await here.send({ ...answer(mailTo(closed, 'anna@rossi.it'), 'Non funziona ancora'), from: anna });
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
    expect(await here.send(close)).toMatchObject({ disposition: 'duplicate', ticket: 1001, mails: [] });
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
  });

  it('39: a staff mail that a list rewrote is asked about; relaxed alignment of a subdomain is a pass', async () => {
    const first = await opened();
    const { replyTo } = mailTo(first, 'luigi@kybernes.it');
    const rewritten = order(replyTo, [
      ['Authentication-Results', `${authserv}; dkim=fail header.d=kybernes.it; dmarc=none`],
    ]);
    expect((await here.send({ from: luigi, raw: rewritten })).disposition).toBe('confirm_asked');
    const failed = order(replyTo, [
      ['Authentication-Results', `${authserv}; dmarc=fail header.from=kybernes.it`],
    ]);
    expect((await here.send({ from: luigi, raw: failed })).disposition).toBe('confirm_asked');
    const relaxed = order(replyTo, [
      ['Authentication-Results', `${authserv}; dkim=pass header.d=posta.kybernes.it`],
    ]);
    expect((await here.send({ from: luigi, raw: relaxed })).disposition).toBe('command');
  });
});

describe('staff who are not', () => {
  it('40: a DMARC failure of a staff address without a token is quarantined, and only administrators hear of it', async () => {
    await opened();
    for (const letter of [
      { text: 'elenco' },
      { text: 'chiudere', subject: 'Re: [#1001] La stampante non stampa' },
      { text: 'apri per anna@rossi.it\nNon stampa.' },
    ]) {
      await here.db
        .updateTable('outbox')
        .set({ created_at: new Date(0) })
        .execute();
      const outcome = await here.send({ from: luigi, dmarc: 'fail', ...letter });
      expect(outcome.disposition).toBe('quarantined');
      expect(told(outcome)).toEqual(['quarantine-administrator > ada']);
    }
    expect(await here.events(1001)).toEqual(['opened']);
  });

  it('40: with a valid token its writer is asked at the enrolled address', async () => {
    const first = await opened();
    const outcome = await here.send({
      ...answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere'),
      dmarc: 'fail',
    });
    expect(outcome.disposition).toBe('confirm_asked');
    expect(told(outcome)).toEqual(['confirm-staff > luigi']);
    expect(await here.events(1001)).toEqual(['opened']);
  });

  it('41: a token from an address of no staff member is held and ends; its owner may make the address an alias', async () => {
    const first = await opened();
    const letter = answer(mailTo(first, 'luigi@kybernes.it'), 'in lavorazione');
    const foreign = await here.send({ ...letter, from: 'luigi@casa.it' });
    expect(foreign.disposition).toBe('held');
    expect(told(foreign)).toEqual(['confirm-staff > luigi']);
    const asked = mailTo(foreign, 'luigi@kybernes.it');
    expect(asked.replyTo).not.toBe(letter.to);
    expect(await here.events(1001)).toEqual(['opened']);
    expect((await here.send(letter)).disposition).toBe('confirm_asked');

    expect((await here.send(answer(asked, 'conferma sempre'))).disposition).toBe('command');
    expect(await here.outcomeOf(foreign.id)).toMatchObject({ disposition: 'command', ticket: 1001 });
    expect(await here.ticket(1001)).toMatchObject({ state: 'in_progress' });
    const news = (await here.outgoingSince(asked.id)).find(
      ({ to, template }) => to === 'luigi@kybernes.it' && template === 'in-progress-staff',
    );
    if (news === undefined) throw new Error('the one in charge was not told');
    expect((await here.send(answer(news, 'chiudere', 'luigi@casa.it'))).disposition).toBe('command');
    expect(await here.ticket(1001)).toMatchObject({ state: 'closed' });
  });

  it('42: a disabled staff member’s old token is quarantined, and acts no more', async () => {
    const first = await opened();
    await here.db
      .updateTable('staff')
      .set({ disabled_at: new Date() })
      .where('email', '=', 'luigi@kybernes.it')
      .execute();
    const outcome = await here.send(answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere'));
    expect(outcome.disposition).toBe('quarantined');
    expect(told(outcome)).toEqual(['quarantine-administrator > ada']);
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
  });
});

it('an address with a capital letter beyond ASCII is a contact like any other', async () => {
  const [address, other] = ['an\u00d1a@rossi.it', 'an\u00f1a@rossi.it'];
  expect((await here.send({ from: `Ana <${address}>` })).disposition).toBe('opened');
  expect((await here.send({ from: `Ana <${other}>` })).disposition).toBe('opened');
  const contacts = await here.db
    .selectFrom('contact')
    .select('email')
    .where('email', 'like', 'an_a@%')
    .execute();
  expect(contacts.map(({ email }) => email)).toEqual(expect.arrayContaining([address, other]));
});
