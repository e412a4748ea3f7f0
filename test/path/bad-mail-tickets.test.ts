import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anna } from '../builders/bytes.ts';
import { answer, desk, mailTo, openDesk, type PathDesk, told } from '../builders/desk.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const gino = 'Gino <gino@bianchi.it>';
const stranger = 'Piero <piero@libero.it>';
const secret = 'il server della contabilità';

const opened = () => here.send({ from: anna, subject: 'Guasto riservato', text: `Fermo ${secret}.` });

const closeLongAgo = (days: number) =>
  here.db
    .updateTable('ticket')
    .set({ closed_at: new Date(Date.now() - days * 86_400_000) })
    .execute();

describe('numbers and references', () => {
  it('43: another vendor’s [Ticket #1001] names no ticket of ours', async () => {
    await opened();
    expect(await here.send({ from: anna, subject: '[Ticket #1001] Assistenza Telco' })).toMatchObject({
      disposition: 'opened',
      ticket: 1002,
    });
  });

  it.each([
    ['44: the guessed number', { subject: 'Re: [#1001] Guasto' }],
    ['48: a forged In-Reply-To of the client’s mail', { inReplyTo: '<segreto@rossi.it>' }],
  ])('%s of another company’s ticket opens a new one, without a word of the other', async (_, guess) => {
    await here.send({ from: anna, subject: 'Guasto riservato', text: secret, id: '<segreto@rossi.it>' });
    const outcome = await here.send({ from: gino, text: 'A che punto siamo?', ...guess });
    expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1002 });
    for (const mail of outcome.mails) {
      expect(`${mail.subject}\n${mail.text}`).not.toContain(secret);
      expect(`${mail.subject}\n${mail.text}`).not.toContain('riservato');
    }
    expect(await here.ticket(1002)).toMatchObject({ linked_to: null });
    expect(await here.events(1001)).toEqual(['opened']);
  });

  it('45: the right number from a stranger is held; the stranger hears nothing', async () => {
    await opened();
    const outcome = await here.send({ from: stranger, subject: 'Re: [#1001] Guasto' });
    expect(outcome).toMatchObject({ disposition: 'held', ticket: null });
    expect(told(outcome)).toEqual(['held-staff > ada', 'held-staff > carla']);
    expect(await here.events(1001)).toEqual(['opened']);
  });

  it('49: a reply to a ticket closed long ago opens a new one, linked to it', async () => {
    const first = await opened();
    await here.send(answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere'));
    await closeLongAgo(300);
    const late = await here.send({
      ...answer(mailTo(first, 'anna@rossi.it'), 'Di nuovo fermo'),
      from: anna,
    });
    expect(late).toMatchObject({ disposition: 'opened', ticket: 1002 });
    expect(await here.ticket(1002)).toMatchObject({ linked_to: expect.any(Number), state: 'open' });
    expect(await here.ticket(1001)).toMatchObject({ state: 'closed' });
  });
});

describe('a forwarded notification', () => {
  it('46: answered by a stranger with its token: held, revoked, its owner asked with a fresh one', async () => {
    const first = await opened();
    const letter = answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere');
    const outcome = await here.send({ ...letter, from: stranger });
    expect(outcome.disposition).toBe('held');
    expect(told(outcome)).toEqual(['confirm-staff > luigi']);
    expect(mailTo(outcome, 'luigi@kybernes.it').replyTo).not.toBe(letter.to);
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
    expect(await here.send(letter)).toMatchObject({ disposition: 'confirm_asked' });
  });

  it('46: answered by another company’s client with its token: the same, and not a word of it', async () => {
    const first = await opened();
    const outcome = await here.send({
      ...answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere'),
      from: gino,
    });
    expect(outcome.disposition).toBe('held');
    expect(told(outcome)).toEqual(['confirm-staff > luigi']);
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
  });

  it('46: answered by the ticket’s own client: a follow-up, and the token is revoked', async () => {
    const first = await opened();
    const letter = answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere');
    const outcome = await here.send({ ...letter, from: anna });
    expect(outcome).toMatchObject({ disposition: 'follow_up', ticket: 1001 });
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
    expect(await here.send(letter)).toMatchObject({ disposition: 'confirm_asked' });
    expect(await here.ticket(1001)).toMatchObject({ state: 'open' });
  });
});

describe('who else reads', () => {
  it('47: a stranger in Cc is kept with the mail and receives nothing', async () => {
    const outcome = await here.send({ from: anna, cc: stranger });
    expect(outcome.disposition).toBe('opened');
    expect(outcome.mails.some((mail) => mail.to === 'piero@libero.it')).toBe(false);
    const row = await here.db
      .selectFrom('message')
      .select('raw')
      .where('id', '=', outcome.id)
      .executeTakeFirstOrThrow();
    expect(row.raw.toString()).toContain(`Cc: ${stranger}`);
    expect((await here.send({ from: stranger, subject: 'Re: [#1001]' })).disposition).toBe('held');
  });

  it('53: with 10,000 recipients only From is answered', { timeout: 60_000 }, async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => `u${n}@rossi.it`).join(',\r\n ');
    const outcome = await here.send({ from: anna, to: `${desk},\r\n ${many}`, cc: many });
    expect(outcome.disposition).toBe('opened');
    expect(told(outcome)).toEqual([
      'opened-client > anna',
      'opened-staff > ada',
      'opened-staff > carla',
      'opened-staff > luigi',
      'opened-staff > marco',
    ]);
  });

  it('54: a third party’s verification code is held, and leaves only for staff', async () => {
    const outcome = await here.send({
      from: 'Cloud Example <verify@cloud.example>',
      subject: 'Your verification code',
      text: 'Your code is 481516. It expires in 10 minutes.',
    });
    expect(outcome.disposition).toBe('held');
    expect(outcome.mails.length).toBeGreaterThan(0);
    expect(outcome.mails.every((mail) => mail.to.endsWith('@kybernes.it'))).toBe(true);
    expect(
      (await here.outgoingSince(0)).every((m) => m.to.endsWith('@kybernes.it') || !m.text.includes('481516')),
    ).toBe(true);
  });
});

describe('the same Message-ID', () => {
  const letter = { from: anna, subject: 'Rete lenta', id: '<uno@rossi.it>' };

  it('50: with the same content is a duplicate, whatever path it took', async () => {
    const first = await here.send(letter);
    expect(await here.send({ ...letter, headers: ['Received: from altrove'] })).toMatchObject({
      disposition: 'duplicate',
      ticket: first.ticket,
      mails: [],
    });
  });

  it('51: with other content joins what the first became; its sender is not answered', async () => {
    await here.send(letter);
    const other = await here.send({ ...letter, text: 'Altro testo' });
    expect(other).toMatchObject({ disposition: 'follow_up', ticket: 1001 });
    expect(other.mails.some((mail) => mail.to === 'anna@rossi.it')).toBe(false);
  });

  it('51: from another sender stands on its own, also within the same company', async () => {
    await here.send(letter);
    expect(await here.send({ ...letter, from: gino })).toMatchObject({ disposition: 'opened', ticket: 1002 });
  });

  it('52: no Message-ID: the bytes tell whether it is the same mail', async () => {
    const bare = { ...letter, id: null };
    expect(await here.send(bare)).toMatchObject({ disposition: 'opened', ticket: 1001 });
    expect(await here.send(bare)).toMatchObject({ disposition: 'duplicate', ticket: 1001 });
    expect(await here.send({ ...bare, text: 'Altro' })).toMatchObject({
      disposition: 'opened',
      ticket: 1002,
    });
  });
});
