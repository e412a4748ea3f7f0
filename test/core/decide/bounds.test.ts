import { describe, expect, it } from 'vitest';
import { anna, answer, type Desk, given, mailTo, viewOf } from '../../builders/pure-desk.ts';

const to = ({ state }: Desk, email: string, template: string) =>
  state.outbox.filter((m) => m.to === email && m.template === template);

/** A ticket that was just closed, and what became of its client's reply. */
const closedAndAnswered = async (dmarc: 'pass' | null) => {
  const here = given();
  const opened = await here.when({ from: anna, subject: 'Guasto' });
  await here.when(answer(mailTo(opened, 'luigi'), 'chiudere\nSostituito il pezzo.'));
  const reply = { from: anna, subject: 'R: [#1001] Guasto', text: 'Non va ancora.', dmarc };
  const outcome = await here.when(reply);
  return { here, reply, outcome, closing: to(here, 'anna@rossi.it', 'closed-client')[0] };
};

describe('a reader', () => {
  it('named by others under however many addresses gets so many mails an hour, then one list (BAD-MAIL 96)', async () => {
    const here = given();
    for (let i = 0; i < 60; i++)
      await here.when({
        from: `Ufficio ${i} <ufficio${i}@rossi.it>`,
        text: `Nominativo: X\nE-mail: piero@rossi.it\nDescrizione: guasto ${i}`,
      });
    const mails = to(here, 'piero@rossi.it', 'opened-client');
    expect(mails).toHaveLength(21);
    const last = viewOf(mails[20] ?? mailTo({ mails, told: [] }, 'piero'), 'opened-client');
    expect(last.also.map(({ number }) => number)).toEqual(Array.from({ length: 39 }, (_, i) => 1021 + i));
  });

  it('is one mailbox behind all its plus-addresses (BAD-MAIL 96)', async () => {
    const here = given();
    for (let i = 0; i < 50; i++) await here.when({ from: `anna+${i}@rossi.it`, subject: `Guasto ${i}` });
    const mails = here.state.outbox.filter(({ toClient }) => toClient);
    expect(mails.filter(({ dueAt }) => dueAt <= here.state.now)).toHaveLength(20);
  });

  it('of closings gets each one, above the bound later (BAD-MAIL 96)', async () => {
    const here = given((state) => {
      state.policy.limits.mailsPerHour = 2;
    });
    for (let i = 0; i < 4; i++) {
      const opened = await here.when({ from: anna, subject: `Guasto ${i}` });
      await here.when(answer(mailTo(opened, 'luigi'), `chiudere\nSostituito il pezzo ${i}.`));
    }
    const mails = to(here, 'anna@rossi.it', 'closed-client');
    expect(mails.map(({ outgoing }) => outgoing.ticket)).toEqual([1001, 1002, 1003, 1004]);
    const soon = new Date(here.state.now.getTime() + 30 * 60_000);
    expect(mails.filter(({ dueAt }) => dueAt < soon)).toHaveLength(1);
  });

  it('gets no more where one of its mails was taken back after others were timed behind it (BAD-MAIL 96)', async () => {
    const here = given((state) => {
      state.policy.limits.mailsPerHour = 2;
    });
    const closed = async (serial: number) => {
      const opened = await here.when({ from: anna, subject: `Guasto ${serial}` });
      await here.when(answer(mailTo(opened, 'luigi'), `chiudere\nSostituito il pezzo ${serial}.`));
    };
    await closed(0);
    await closed(1);
    const reopened = await here.when({ from: anna, subject: 'R: [#1001] Guasto', text: 'Non va ancora.' });
    await here.when(answer(mailTo(reopened, 'luigi'), 'chiudere\nOra è sostituito anche il cavo.'));
    const due = here.state.outbox
      .filter(({ toClient, cancelled }) => toClient && !cancelled)
      .map(({ dueAt }) => dueAt.getTime());
    expect(due).toHaveLength(4);
    expect(due.filter((at) => at - here.state.now.getTime() < 60 * 60_000)).toHaveLength(1);
    expect(new Set(due).size).toBe(3);
  });

  it('of the staff is told of the first replies to a ticket at once, of the further ones in one list (BAD-MAIL 96)', async () => {
    const here = given();
    await here.when({ from: anna, subject: 'Guasto' });
    for (let i = 0; i < 200; i++)
      await here.when({
        from: anna,
        subject: 'R: [#1001] Guasto',
        text: `Serve il pezzo ${i}?`,
        dmarc: null,
      });
    const mails = to(here, 'luigi@kybernes.it', 'follow-up-staff');
    expect(mails).toHaveLength(6);
    const { fold } = mails[5]?.outgoing ?? { fold: null };
    expect(fold?.below?.map(({ subject }) => subject)).toEqual(
      Array.from({ length: 194 }, (_, i) => `Serve il pezzo ${i + 5}?`),
    );
    here.pass({ minutes: 11 });
    await here.when({ from: anna, subject: 'R: [#1001] Guasto', text: 'Ancora niente?' });
    expect(to(here, 'luigi@kybernes.it', 'follow-up-staff')).toHaveLength(7);
  });

  it('of the staff gets so many mails an hour about one ticket, of notes too, and of another at once', async () => {
    const here = given();
    const opened = await here.when({ from: anna, subject: 'Guasto' });
    const notice = mailTo(opened, 'luigi');
    for (let i = 0; i < 60; i++) await here.when(answer(notice, `Controllato il pezzo ${i}.`));
    const mails = here.state.outbox.filter((m) => m.to === 'marco@kybernes.it' && m.outgoing.ticket === 1001);
    expect(mails).toHaveLength(21);
    expect(mails.at(-1)?.outgoing.fold?.items).toHaveLength(41);
    const other = await here.when({ from: anna, subject: 'Altro guasto' });
    expect(mailTo(other, 'marco').outgoing.fold).toBeNull();
  });
});

describe('a mail that nothing proves', () => {
  it('of a company’s domain is confirmed, and enrols nobody (BAD-MAIL 97)', async () => {
    const here = given();
    expect(await here.when({ from: 'nuovo@rossi.it', dmarc: null })).toMatchObject({ disposition: 'opened' });
    expect(await here.when({ from: 'nuovo@rossi.it', dmarc: null, subject: 'R: [#1001] x' })).toMatchObject({
      disposition: 'follow_up',
    });
    expect([...here.state.contacts.keys()]).not.toContain('nuovo@rossi.it');
    await here.when({ from: 'nuovo@rossi.it', subject: 'R: [#1001] x', text: 'Serve ancora.' });
    expect([...here.state.contacts.keys()]).toContain('nuovo@rossi.it');
  });

  it('speaks for no colleague, whose address stays readable (BAD-MAIL 97)', async () => {
    const here = given();
    const text = 'Nominativo: Piero\nE-mail: piero@rossi.it\nDescrizione: la porta non chiude';
    const opened = await here.when({ from: 'nuovo@rossi.it', dmarc: null, text });
    expect(opened.told.filter((one) => one.startsWith('opened-client'))).toEqual(['opened-client > nuovo']);
    expect(here.state.tickets.get(1001)?.description).toContain('piero@rossi.it');
    const proven = await here.when({ from: anna, text });
    expect(proven.told).toContain('opened-client > piero');
  });

  it('of a company beyond so many an hour is held, where its sender is no contact (BAD-MAIL 97)', async () => {
    const here = given();
    const outcomes = [];
    for (let i = 0; i < 30; i++) outcomes.push(await here.when({ from: `r${i}@rossi.it`, dmarc: null }));
    const kinds = Map.groupBy(outcomes, ({ disposition }) => disposition);
    expect(kinds.get('opened')).toHaveLength(20);
    expect(kinds.get('held')).toHaveLength(10);
    // a contact's, a proven one, and another company's go on
    here.state.contacts.set('anna@rossi.it', { name: 'Anna', company: 1, disabled: false });
    for (const letter of [
      { from: anna, dmarc: null },
      { from: 'r40@rossi.it' },
      { from: 'x@bianchi.it', dmarc: null },
    ])
      expect(await here.when(letter)).toMatchObject({ disposition: 'opened' });
    here.pass({ minutes: 61 });
    expect(await here.when({ from: 'r50@rossi.it', dmarc: null })).toMatchObject({ disposition: 'opened' });
  });

  it('proven mail is never counted per company', async () => {
    const here = given();
    for (let i = 0; i < 40; i++)
      expect(await here.when({ from: `r${i}@rossi.it` })).toMatchObject({ disposition: 'opened' });
  });

  it('does not keep the closing mail from the client while that waits: staff are told', async () => {
    const { here, reply, outcome, closing } = await closedAndAnswered(null);
    expect(outcome).toMatchObject({ disposition: 'follow_up', events: ['client_replied'] });
    expect(outcome.told.length).toBeGreaterThan(0);
    expect(outcome.told.every((one) => one.startsWith('follow-up-staff'))).toBe(true);
    expect(here.state.tickets.get(1001)?.state).toBe('closed');
    expect(closing?.cancelled).toBe(false);
    here.pass({ minutes: 5 });
    await here.when({ ...reply, text: 'Ho letto: non va ancora.' });
    expect(here.state.tickets.get(1001)?.state).toBe('open');
  });

  it('and a proven one reopens, and the closing mail is not sent', async () => {
    const { here, closing } = await closedAndAnswered('pass');
    expect(here.state.tickets.get(1001)?.state).toBe('open');
    expect(closing?.cancelled).toBe(true);
  });
});

describe('a staff member', () => {
  it('who wrote more than can be answered at once gets one list, and what they wrote stays with the ticket', async () => {
    const here = given((state) => {
      state.policy.limits.askedPerHour = 2;
    });
    const opened = await here.when({ from: anna, subject: 'Guasto' });
    const refused = [];
    for (const word of ['chidere', 'chuidere', 'ciudere', 'chiuderre'])
      refused.push(await here.when(answer(mailTo(opened, 'luigi'), `${word}: sostituito il pezzo ${word}`)));
    expect(refused.map(({ disposition, events }) => [disposition, events])).toEqual([
      ['refused', []],
      ['refused', []],
      ['refused', ['internal_note']],
      ['refused', ['internal_note']],
    ]);
    const receipts = to(here, 'luigi@kybernes.it', 'receipt-staff');
    expect(receipts.map(({ dueAt }) => dueAt > here.state.now)).toEqual([false, false, true]);
    const [, , list] = receipts;
    expect(list?.outgoing.fold?.items.map(({ subject }) => subject)).toEqual([
      'ciudere: sostituito il pezzo ciudere',
      'chiuderre: sostituito il pezzo chiuderre',
    ]);
  });

  it('in whose name somebody forges mails is told of them in a list, and none of their words gets into a ticket', async () => {
    const here = given((state) => {
      state.policy.limits.askedUnvouchedPerHour = 1;
    });
    const opened = await here.when({ from: anna, subject: 'Guasto' });
    const forge = (text: string) =>
      here.when({
        from: 'Luigi Verdi <luigi@kybernes.it>',
        subject: `R: [#${opened.ticket}] Guasto`,
        text,
        dmarc: null,
      });
    await forge('chiudere: uno');
    const later = [await forge('chiudere: due'), await forge('chiudere: tre')];
    expect(later.map(({ disposition, events }) => [disposition, events])).toEqual([
      ['confirm_asked', []],
      ['confirm_asked', []],
    ]);
    const [list, ...others] = to(here, 'luigi@kybernes.it', 'receipt-staff');
    expect(others).toEqual([]);
    expect(list?.outgoing.fold?.items).toHaveLength(2);
  });
});
