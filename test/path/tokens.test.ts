import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answer,
  desk,
  type TakenIn,
  mailTo,
  openDesk,
  type PathDesk,
  type Sent,
  told,
} from '../builders/desk.ts';
import { disableStaff } from '../../src/store/directory/staff.ts';

// one desk for all: every test opens a ticket of its own
let here: PathDesk;
beforeAll(async () => {
  here = await openDesk();
});
afterAll(() => here.drop());

const luigi = 'luigi@kybernes.it';
const marco = 'marco@kybernes.it';
const ada = 'ada@kybernes.it';

type Opened = { number: number; client: string; to(email: string): Sent };
let clients = 0;

/** A new ticket of a client of its own, so that many are no flood, and the notifications of it. */
async function opened(): Promise<Opened> {
  clients += 1;
  const client = `cliente${clients}@rossi.it`;
  const outcome = await here.send({ from: client, subject: 'La stampante non stampa' });
  if (outcome.ticket === null) throw new Error(outcome.reason);
  return { number: outcome.ticket, client, to: (email) => mailTo(outcome, email) };
}
const stateOf = async (ticket: { number: number }) => (await here.ticket(ticket.number)).state;

/** `chiudere` to the desk, as a mail that carries no token yet; changed as the test says. */
const order = (as: Partial<TakenIn>): TakenIn => ({ from: luigi, text: 'chiudere', ...as });
const tokenIn = (mail: Sent) => /\+([a-z2-7]{26})@/u.exec(mail.replyTo)?.[1] ?? '';
const at = (detail: string) => desk.replace('@', `+${detail}@`);

/** Changes the token's row. */
async function change(mail: Sent, set: { revoked_at?: Date; expires_at?: Date }) {
  await here.db
    .updateTable('token')
    .set(set)
    .where('id', '=', (eb) =>
      eb
        .selectFrom('token')
        .innerJoin('staff', 'staff.id', 'token.staff_id')
        .innerJoin('ticket', 'ticket.id', 'token.ticket_id')
        .where('staff.email', '=', mail.to)
        .select((of) => of.fn.max('token.id').as('id')),
    )
    .execute();
}

describe('a token that ended', () => {
  it.each([
    ['revoked', { revoked_at: new Date() }],
    ['expired', { expires_at: new Date() }],
  ])('%s: nothing acts, its owner is asked', async (_, set) => {
    const ticket = await opened();
    const mail = ticket.to(luigi);
    await change(mail, set);
    const outcome = await here.send(answer(mail, 'chiudere'));
    expect(outcome.disposition).toBe('confirm_asked');
    expect(told(outcome)).toEqual(['confirm-staff > luigi']);
    expect(await stateOf(ticket)).toBe('open');
  });
});

describe('a token that is not whole', () => {
  it.each([
    ['the last letter missing', (token: string) => token.slice(0, -1)],
    ['a letter more', (token: string) => `${token}a`],
    ['another last letter', (token: string) => token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a')],
    ['written twice', (token: string) => token + token],
    ['a letter that only looks like one', (token: string) => token.replace(/[a-z]/u, '\u212a')],
    ['full-width letters', (token: string) => token.replace(/[a-z]/u, '\uff41')],
    ['a dot in it', (token: string) => `${token.slice(0, 13)}.${token.slice(13)}`],
    ['a space in it', (token: string) => `${token.slice(0, 13)} ${token.slice(13)}`],
    ['percent signs for letters', (token: string) => `%${token.charCodeAt(0).toString(16)}${token.slice(1)}`],
  ])('%s: none, its writer is asked', async (_, spoil) => {
    const ticket = await opened();
    const mail = ticket.to(luigi);
    const to = at(spoil(tokenIn(mail)));
    const outcome = await here.send(order({ to, subject: `Re: ${mail.subject}` }));
    expect(outcome.disposition).toBe('confirm_asked');
    expect(await stateOf(ticket)).toBe('open');
  });

  it('folded to upper case by a server on the way it is the same token', async () => {
    const ticket = await opened();
    const mail = ticket.to(luigi);
    expect(await here.send(order({ to: at(tokenIn(mail).toUpperCase()) }))).toMatchObject({
      disposition: 'command',
      ticket: ticket.number,
    });
  });

  it('in several headers it is one token', async () => {
    const ticket = await opened();
    const { replyTo } = ticket.to(luigi);
    const outcome = await here.send(
      order({
        to: `${replyTo}, ${replyTo.toUpperCase()}`,
        cc: replyTo,
        headers: [`Delivered-To: ${replyTo}`],
      }),
    );
    expect(outcome).toMatchObject({ disposition: 'command', ticket: ticket.number });
  });

  it('in Cc alone, a colleague and the client in To, it counts as it does in To', async () => {
    const ticket = await opened();
    const { replyTo, subject } = ticket.to(luigi);
    const outcome = await here.send(
      order({ to: `${marco}, ${ticket.client}`, cc: replyTo, subject: `Re: ${subject}` }),
    );
    expect(outcome).toMatchObject({ disposition: 'command', ticket: ticket.number });
  });

  it('with a second valid one beside it neither acts', async () => {
    const one = await opened();
    const other = await opened();
    const outcome = await here.send(
      order({ to: one.to(luigi).replyTo, headers: [`Delivered-To: ${other.to(luigi).replyTo}`] }),
    );
    expect(outcome.disposition).toBe('refused');
    expect([await stateOf(one), await stateOf(other)]).toEqual(['open', 'open']);
  });

  it('with a colleague’s beside it neither acts', async () => {
    const ticket = await opened();
    const outcome = await here.send(order({ to: ticket.to(luigi).replyTo, cc: ticket.to(marco).replyTo }));
    expect(outcome.disposition).toBe('refused');
    expect(await stateOf(ticket)).toBe('open');
  });
});

describe('a token where none is read', () => {
  it.each([
    'Bcc',
    'Sender',
    'Resent-To',
    'X-Forwarded-To',
    'Envelope-To',
    'References',
    'Comments',
    'X-Kticket-Token',
  ])('the header %s: its writer is asked', async (header) => {
    const ticket = await opened();
    const mail = ticket.to(luigi);
    const outcome = await here.send(
      order({ subject: `Re: ${mail.subject}`, headers: [`${header}: <${mail.replyTo}>`] }),
    );
    expect(outcome.disposition).not.toBe('command');
    expect(await stateOf(ticket)).toBe('open');
  });

  it.each([
    ['the subject', (token: string) => ({ subject: `Re: [#1] (${token})` })],
    ['the name of the recipient', (token: string) => ({ to: `"${at(token)}" <${desk}>` })],
    ['a comment of the recipient', (token: string) => ({ to: `${desk} (${at(token)})` })],
    ['a comment inside the address', (token: string) => ({ to: `assistenza(+${token})@kybernes.it` })],
    ['the text', (token: string) => ({ text: `in lavorazione\n\n${at(token)}` })],
    ['the domain of another', (token: string) => ({ to: `${desk}, x@${token}.example` })],
    ['the Message-ID', (token: string) => ({ id: `<${token}@kybernes.it>` })],
  ] as [string, (token: string) => Partial<TakenIn>][])('%s: its writer is asked', async (_, place) => {
    const ticket = await opened();
    const mail = ticket.to(luigi);
    const outcome = await here.send(
      order({ subject: `Re: ${mail.subject}`, inReplyTo: mail.messageId, ...place(tokenIn(mail)) }),
    );
    expect(outcome.disposition).toBe('confirm_asked');
    expect(await stateOf(ticket)).toBe('open');
  });
});

const setRole = (role: 'technician' | 'clerk') =>
  here.db.updateTable('staff').set({ role }).where('email', '=', luigi).execute();

describe('a token whose owner changed', () => {
  it('a technician who has become a clerk closes no more; become a technician again, they do', async () => {
    const ticket = await opened();
    const mail = ticket.to(luigi);
    await setRole('clerk');
    expect((await here.send(answer(mail, 'chiudere'))).disposition).toBe('refused');
    expect(await stateOf(ticket)).toBe('open');
    await setRole('technician');
    expect((await here.send(answer(mail, 'chiudere'))).disposition).toBe('command');
  });

  it('a role that changes between question and answer is asked for when it acts', async () => {
    const ticket = await opened();
    const asked = await here.send({ ...answer(ticket.to(luigi), 'chiudere'), dmarc: null });
    await setRole('clerk');
    await here.send(answer(mailTo(asked, luigi), 'conferma'));
    expect((await here.outcomeOf(asked.id)).disposition).toBe('refused');
    expect(await stateOf(ticket)).toBe('open');
    await setRole('technician');
  });

  it('an alias writes for its owner; taken away, it is a stranger, and the token ends', async () => {
    const ticket = await opened();
    const alias = 'luigi.verdi@libero.it';
    const taken = await here.send(answer(ticket.to(luigi), 'in lavorazione', alias));
    expect(taken.disposition).toBe('command');
    expect(taken.mails.map(({ to }) => to)).not.toContain(alias);
    await here.db.deleteFrom('staff_alias').where('email', '=', alias).execute();
    const outcome = await here.send(answer(ticket.to(luigi), 'chiudere', alias));
    expect(outcome.disposition).toBe('held');
    expect(told(outcome)).toEqual(['confirm-staff > luigi']);
    expect(await stateOf(ticket)).toBe('in_progress');
    expect((await here.send(answer(ticket.to(luigi), 'chiudere'))).disposition).toBe('confirm_asked');
  });

  it('disabled while a confirmation was under way: neither the answer nor the question acts', async () => {
    const ticket = await opened();
    const asked = await here.send({ ...answer(ticket.to(marco), 'chiudere'), dmarc: null });
    await disableStaff(here.db, marco);
    const outcome = await here.send(answer(mailTo(asked, marco), 'conferma'));
    expect(outcome.disposition).toBe('quarantined');
    expect(told(outcome)).toEqual(['quarantine-administrator > ada']);
    expect(await stateOf(ticket)).toBe('open');
    await here.db.updateTable('staff').set({ disabled_at: null }).where('email', '=', marco).execute();
  });
});

describe('the token of an answer that lists no held mail', () => {
  it.each(['conferma', 'Grazie!', 'chiudere', 'accetta Rossi S.r.l.'])(
    'answered by “%s”: no ticket, and nothing fails',
    async (text) => {
      const listed = await here.send({ from: ada, subject: 'elenco', text: 'elenco' });
      const outcome = await here.send(answer(mailTo(listed, ada), text));
      expect(outcome.disposition).toBe('refused');
      expect(told(outcome)).toHaveLength(1);
    },
  );
});

const ask = async (ticket: Opened) =>
  mailTo(await here.send({ ...answer(ticket.to(marco), 'chiudere'), dmarc: null }), marco);
const reopen = (ticket: Opened) =>
  here.send({ from: ticket.client, subject: `Re: [#${ticket.number}]`, text: 'Non funziona ancora' });

describe('a confirmation', () => {
  it('replayed acts no second time, as the same bytes or as a new mail', async () => {
    const ticket = await opened();
    const yes = { ...answer(await ask(ticket), 'conferma'), id: `<si.${ticket.number}@kybernes.it>` };
    expect((await here.send(yes)).disposition).toBe('command');
    expect(await stateOf(ticket)).toBe('closed');
    await reopen(ticket);
    expect(await here.send(yes)).toMatchObject({ disposition: 'duplicate', mails: [] });
    expect(await here.send({ ...yes, id: `<di.nuovo.${ticket.number}@kybernes.it>` })).toMatchObject({
      disposition: 'refused',
    });
    expect(await stateOf(ticket)).toBe('open');
  });

  it.each([
    ['a colleague', luigi, 'refused'],
    ['the client', null, 'held'],
    ['a stranger', 'ladro@evil.example', 'held'],
  ] as const)('by %s does nothing', async (_, from, disposition) => {
    const ticket = await opened();
    expect((await here.send(answer(await ask(ticket), 'conferma', from ?? ticket.client))).disposition).toBe(
      disposition,
    );
    expect(await stateOf(ticket)).toBe('open');
  });

  it('confirms what was asked, not what the answer says beside it', async () => {
    const ticket = await opened();
    const outcome = await here.send(answer(await ask(ticket), 'conferma\nin lavorazione'));
    expect(outcome.disposition).toBe('command');
    expect(await here.events(ticket.number)).toEqual(['opened', 'closed']);
  });
});
