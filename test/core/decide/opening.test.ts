import { describe, expect, it } from 'vitest';
import { anna, bruno, given, mailTo, viewOf } from '../../builders/pure-desk.ts';

const everyone = [
  'opened-staff > ada',
  'opened-staff > carla',
  'opened-staff > luigi',
  'opened-staff > marco',
];

const earlierOf = (opened: Parameters<typeof mailTo>[0], name: string) =>
  viewOf(mailTo(opened, name), 'opened-staff').earlier.map(({ number }) => number);

describe('opening', () => {
  it('the client gets one confirmation, every staff member one notification, an administrator one copy', async () => {
    const here = given();
    const opened = await here.when({ from: anna, subject: 'La stampante non stampa' });
    expect(opened).toMatchObject({
      disposition: 'opened',
      ticket: 1001,
      told: ['opened-client > anna', ...everyone],
      events: ['opened'],
    });
    expect(here.state.tickets.get(1001)).toMatchObject({
      state: 'open',
      subject: 'La stampante non stampa',
      category: 'Stampa',
      contracts: ['remote'],
      requester: { name: 'Anna Rossi', email: 'anna@rossi.it' },
      queue: { address: 'assistenza@kybernes.it' },
    });
  });

  it('every staff mail has a token of its own and the root id of the ticket; the client’s has none', async () => {
    const opened = await given().when({ from: anna });
    const staff = ['ada', 'carla', 'luigi', 'marco'].map((name) => mailTo(opened, name));
    expect(new Set(staff.map((m) => m.replyTo)).size).toBe(4);
    expect(staff.every((m) => m.outgoing.references[0] === '<ticket.1001@kybernes.it>')).toBe(true);
    expect(mailTo(opened, 'anna')).toMatchObject({
      replyTo: 'assistenza@kybernes.it',
      outgoing: { token: null },
    });
  });

  it('the confirmation has the telephones and the words of the queue that was written to, no other', async () => {
    const here = given();
    const words = { phones: ['06 555 0100', '+39 346 5550101'], words: 'Dalle 8 alle 18.' };
    here.state.policy.queueWords = new Map([['pda@kybernes.it', words]]);
    const toPda = await here.when({ from: anna, to: 'pda@kybernes.it' });
    expect(viewOf(mailTo(toPda, 'anna'), 'opened-client')).toMatchObject({
      phones: [{ dial: '065550100' }, { dial: '+393465550101' }],
      words: 'Dalle 8 alle 18.',
    });
    const toDesk = await here.when({ from: anna, subject: 'Altro' });
    expect(viewOf(mailTo(toDesk, 'anna'), 'opened-client')).toMatchObject({ phones: [], words: null });
  });

  it('technicians have three buttons, clerks one', async () => {
    const opened = await given().when({ from: anna });
    const buttons = (name: string) => {
      const { mail } = mailTo(opened, name).outgoing;
      return mail.template === 'opened-staff' ? mail.view.buttons.map((b) => b.kind) : [];
    };
    expect(buttons('luigi')).toEqual(['take', 'close', 'note']);
    expect(buttons('ada')).toEqual(['take', 'close', 'note']);
    expect(buttons('carla')).toEqual(['write_staff']);
  });

  it('a new sender of a known company becomes a contact', async () => {
    const here = given();
    const opened = await here.when({ from: 'Piero <piero@rossi.it>' });
    expect(opened.told).toEqual([...everyone, 'opened-client > piero'].toSorted());
    expect(here.state.contacts.get('piero@rossi.it')).toMatchObject({ company: 1, name: 'Piero' });
  });

  it('two desks in To are one ticket, in the queue the server delivered to (BAD-MAIL 29, 30)', async () => {
    const here = given();
    await here.when({
      from: anna,
      to: 'assistenza@kybernes.it, pda@kybernes.it',
      headers: ['Delivered-To: pda@kybernes.it'],
    });
    await here.when({ from: anna, to: 'undisclosed-recipients:;', arrivedAt: 'pda@kybernes.it' });
    expect([...here.state.tickets.values()].map((t) => t.queue.address)).toEqual([
      'pda@kybernes.it',
      'pda@kybernes.it',
    ]);
  });

  it('10,000 recipients and a stranger in Cc receive nothing (BAD-MAIL 47, 53)', async () => {
    const opened = await given().when({
      from: anna,
      cc: Array.from({ length: 10_000 }, (_, i) => `u${i}@altrove.example`).join(',\r\n '),
    });
    expect(opened.told).toEqual(['opened-client > anna', ...everyone]);
  });

  it('an empty mail is taken as "(vuoto)" (BAD-MAIL 22)', async () => {
    const here = given();
    await here.when({ from: anna, text: '' });
    expect(here.state.tickets.get(1001)?.description).toBe('(vuoto)');
  });
});

describe('the notification of a new ticket', () => {
  it('lists the last three tickets of the company, newest first, whoever of it wrote, and none of another’s', async () => {
    const here = given();
    for (const from of [anna, bruno, anna, 'Piero <piero@rossi.it>', anna, bruno]) await here.when({ from });
    const opened = await here.when({ from: anna });
    expect(earlierOf(opened, 'luigi')).toEqual([1005, 1004, 1003]);
    expect(earlierOf(opened, 'carla')).toEqual([1005, 1004, 1003]);
    expect(earlierOf(await here.when({ from: bruno }), 'luigi')).toEqual([1006, 1002]);
    expect(earlierOf(await given().when({ from: anna }), 'luigi')).toEqual([]);
  });

  it('lists them too where staff open the ticket for the client', async () => {
    const here = given();
    for (const from of [anna, bruno]) await here.when({ from });
    const opened = await here.when({
      from: 'luigi@kybernes.it',
      text: 'apri per anna@rossi.it\n\nNon stampa.\n\n-- \nLuigi\nTel. 06 111111\n',
    });
    expect(earlierOf(opened, 'marco')).toEqual([1001]);
    // the number below it is a colleague's
    expect(viewOf(mailTo(opened, 'marco'), 'opened-staff').phone).toBeNull();
  });

  it('has the phone number of the client’s signature, and the client’s confirmation holds neither', async () => {
    const here = given();
    await here.when({ from: anna, subject: 'Il palmare non carica' });
    const opened = await here.when({ from: anna, text: 'Non stampa.\n\n-- \nAnna\nTel. 06 555 1234\n' });
    expect(viewOf(mailTo(opened, 'luigi'), 'opened-staff').phone).toEqual({
      written: '06 555 1234',
      dial: '065551234',
      from: 'signature',
    });
    expect(JSON.stringify(mailTo(opened, 'anna').outgoing.mail)).not.toMatch(/palmare|065551234/);
  });
});
