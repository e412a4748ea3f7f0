import { describe, expect, it } from 'vitest';
import { anna, given, mailTo } from './desk.ts';

const everyone = [
  'opened-staff > ada',
  'opened-staff > carla',
  'opened-staff > luigi',
  'opened-staff > marco',
];

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
