import { beforeEach, describe, expect, it } from 'vitest';
import { anna, answer, type Desk, given, mailTo, problemOf, viewOf } from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';

let here: Desk;
beforeEach(() => {
  here = given();
});

const stranger = 'Ignoto <ignoto@altrove.example>';
const writes = (text = 'Il codice di verifica è 482913.', change = {}) =>
  here.when({ from: stranger, text, ...change });
const says = (held: Outcome, text: string, name = 'carla') => here.when(answer(mailTo(held, name), text));

/** Due time of a mail, in minutes after the desk's first. */
const minutes = (mail: { dueAt: Date } | undefined) =>
  (Number(mail?.dueAt) - Number(new Date('2026-11-24T09:00:00Z'))) / 60_000;

describe('a stranger’s mail', () => {
  it('is held; clerks and administrators are told, the stranger gets nothing (BAD-MAIL 54)', async () => {
    expect(await writes()).toMatchObject({
      disposition: 'held',
      told: ['held-staff > ada', 'held-staff > carla'],
      events: [],
    });
    expect(here.state.outbox.every((m) => m.to.endsWith('@kybernes.it'))).toBe(true);
  });

  it.each([
    ['ended company', 'capo@verdi-snc.it', 'ended_company'],
    ['disabled contact', 'ex@rossi.it', 'disabled_contact'],
    ['free-mail address', 'anna.rossi@gmail.com', 'unknown_sender'],
  ])('as is one of an %s', async (_, from, reason) => {
    const held = await here.when({ from });
    expect(held).toMatchObject({ disposition: 'held', told: ['held-staff > ada', 'held-staff > carla'] });
    expect(viewOf(mailTo(held, 'carla'), 'held-staff').reason).toBe(reason);
  });

  it('a client’s that fails DMARC is held', async () => {
    const held = await here.when({ from: anna, dmarc: 'fail' });
    expect(held).toMatchObject({ disposition: 'held', events: [] });
    expect(viewOf(mailTo(held, 'carla'), 'held-staff').reason).toBe('dmarc_fail');
  });

  it('a client’s without a verdict is taken, and staff are shown', async () => {
    const opened = await here.when({ from: anna, dmarc: null });
    expect(viewOf(mailTo(opened, 'luigi'), 'opened-staff').unproven).toBe(true);
  });

  it('a look-alike domain is held with a warning (BAD-MAIL 33)', async () => {
    const held = await here.when({ from: 'anna@r0ssi.it' });
    expect(held.disposition).toBe('held');
    expect(viewOf(mailTo(held, 'carla'), 'held-staff').lookalike).toBe('Rossi S.r.l.');
  });

  it.each([
    ['spam', ['X-Spam-Flag: YES']],
    ['a newsletter (BAD-MAIL 85)', ['List-Id: <novita.altrove.example>']],
  ])('%s is held without a word', async (_, headers) => {
    expect(await writes('Offerte!', { headers })).toMatchObject({ disposition: 'held', told: [] });
  });

  it('further ones within the hour fold into one list, each with a token of its own', async () => {
    const first = await writes('uno');
    await here.when({ from: 'b@altrove.example', text: 'due' });
    const third = await here.when({ from: 'c@altrove.example', text: 'tre' });
    const toCarla = here.state.outbox.filter((m) => m.to === 'carla@kybernes.it');
    expect(toCarla).toHaveLength(2);
    const list = toCarla[1];
    expect(list?.outgoing.delayMinutes).toBe(5);
    expect(first.mails[0]?.outgoing.fold).toBeNull();
    // the newest is the first of the list, and has a button of its own as well
    expect(list?.outgoing.token).toEqual({ purpose: 'list', held: [3, 2] });
    expect(Object.keys(list?.entries ?? {})).toEqual(['2', '3']);
    const entry = list?.entries[2] ?? '';
    const rejected = await here.when({ ...answer(mailTo(third, 'carla'), 'rifiuta'), to: entry });
    expect(rejected.disposition).toBe('command');
    expect(here.state.inbox.map((m) => m.disposition)).toEqual(['held', 'rejected', 'held', 'command']);
  });

  it('the first is told of at once, the next within five minutes together, then once an hour while it goes on', async () => {
    const due = async (n: number) =>
      (await here.when({ from: `n${n}@altrove.example`, text: 'Salve' })).mails[0];
    expect(minutes(await due(1))).toBe(0);
    here.pass({ minutes: 1 });
    expect(minutes(await due(2))).toBe(6);
    here.pass({ minutes: 3 });
    expect(minutes(await due(3))).toBe(6);
    // that list has left
    here.pass({ minutes: 6 });
    expect(minutes(await due(4))).toBe(66);
    here.pass({ minutes: 20 });
    expect(minutes(await due(5))).toBe(66);
    here.pass({ minutes: 40 });
    expect(minutes(await due(6))).toBe(126);
    // an hour of quiet
    here.pass({ minutes: 120 });
    expect(minutes(await due(7))).toBe(190);
  });

  it('one rejected for good is not even told', async () => {
    expect(await here.when({ from: 'spam@noia.example' })).toMatchObject({
      disposition: 'rejected',
      told: [],
    });
  });
});

describe('accetta', () => {
  it('enrols the address and takes in all its held mail in order', async () => {
    const held = await writes('Primo guasto.');
    await writes('Secondo guasto.');
    const accepted = await says(held, 'accetta Rossi S.r.l.');
    expect(accepted).toMatchObject({
      disposition: 'command',
      after: [
        { disposition: 'opened', ticket: 1001 },
        { disposition: 'opened', ticket: 1002 },
      ],
    });
    expect(here.state.tickets.get(1001)).toMatchObject({ description: 'Primo guasto.', company: { id: 1 } });
    expect(accepted.after[0]?.told).toContain('opened-client > ignoto');
  });

  it('takes in what failed DMARC, as a staff member vouches for it', async () => {
    const held = await here.when({ from: anna, dmarc: 'fail' });
    expect(await says(held, 'accetta Rossi S.r.l.')).toMatchObject({ after: [{ disposition: 'opened' }] });
  });

  it('creates no company unless told to', async () => {
    const held = await writes();
    const refused = await says(held, 'accetta Gialli S.r.l.');
    expect(problemOf(refused)).toMatchObject({ kind: 'company_unknown', name: 'Gialli S.r.l.' });
    expect(await says(held, 'accetta Gialli S.r.l. nuova')).toMatchObject({
      after: [{ disposition: 'opened' }],
    });
    expect(here.state.companies.map((c) => c.name)).toContain('Gialli S.r.l.');
  });

  it('needs a name', async () => {
    const asked = await says(await writes(), 'accetta');
    expect(problemOf(asked)).toEqual({
      kind: 'company_wanted',
      companies: ['Bianchi S.p.A.', 'Rossi S.r.l.'],
      more: 0,
    });
    const { buttons } = viewOf(mailTo(asked, 'carla'), 'receipt-staff');
    expect(buttons).toEqual([
      { kind: 'accept', argument: 'Bianchi S.p.A.' },
      { kind: 'accept', argument: 'Rossi S.r.l.' },
    ]);
    expect(await says(asked, 'accetta Rossi S.r.l.')).toMatchObject({ after: [{ disposition: 'opened' }] });
  });

  it('twice is told that nothing waits any more', async () => {
    const held = await writes();
    await says(held, 'accetta Rossi S.r.l.');
    expect(problemOf(await says(held, 'accetta Bianchi S.p.A.', 'ada'))).toEqual({
      kind: 'no_longer_waiting',
      disposition: 'opened',
    });
  });

  it('is not a technician’s to say', async () => {
    const held = await writes();
    const token = here.state.tokens[0];
    if (token !== undefined) token.owner = 1;
    expect(
      problemOf(
        await here.when(
          answer({ ...mailTo(held, 'ada'), to: 'luigi@kybernes.it' }, 'accetta Rossi S.r.l.', {
            to: here.state.outbox.find((m) => token?.mail === m)?.replyTo ?? '',
          }),
        ),
      ),
    ).toMatchObject({ kind: 'role', role: 'technician' });
  });
});

describe('rifiuta', () => {
  it('ends all held mail of the address, and tells whoever said it', async () => {
    const held = await writes();
    await writes('Ancora.');
    expect(await says(held, 'rifiuta')).toMatchObject({
      disposition: 'command',
      told: ['receipt-staff > carla'],
    });
    expect(here.state.inbox.map((m) => m.disposition)).toEqual(['rejected', 'rejected', 'command']);
    expect(await writes('E ancora.')).toMatchObject({ disposition: 'held' });
  });

  it('sempre rejects what comes later too', async () => {
    await says(await writes(), 'rifiuta sempre');
    expect(await writes('E ancora.')).toMatchObject({ disposition: 'rejected', told: [] });
  });

  it.each(['commerciale', 'credenziali'])('%s is the one thing a stranger is told', async (about) => {
    expect(await says(await writes(), `rifiuta ${about}`)).toMatchObject({
      told: ['declined-stranger > ignoto', 'receipt-staff > carla'],
    });
  });

  it('nobody proven genuine, nobody told', async () => {
    const held = await writes('Vorrei un preventivo.', { dmarc: null });
    expect(await says(held, 'rifiuta commerciale')).toMatchObject({
      disposition: 'command',
      told: ['receipt-staff > carla'],
    });
  });
});

/** A mail without a sender. */
const broken = (n: number) => ({ from: '', raw: `Message-ID: <q${n}@x.example>\r\n\r\nTesto ${n}.\r\n` });

describe('quarantine', () => {
  it.each([
    ['no From (25)', '', 'there is no From header', 'manca l’intestazione From'],
    [
      'two From headers (26)',
      'From: anna@rossi.it\r\nFrom: luigi@kybernes.it\r\n',
      'there are 2 From headers, not one',
      'ci sono 2 intestazioni From, non una',
    ],
    [
      'two addresses in one (26)',
      'From: anna@rossi.it, luigi@kybernes.it\r\n',
      'From names 2 addresses, not one',
      'From contiene 2 indirizzi, non uno',
    ],
    [
      'a group (27)',
      'From: Tutti: anna@rossi.it, bruno@bianchi.it;\r\n',
      'From is a group, not an address',
      'From è un gruppo, non un indirizzo',
    ],
    [
      'an address made by an encoded word (32)',
      'From: =?utf-8?q?luigi=40kybernes=2Eit?=\r\n',
      'From holds an address made by an encoded word',
      'From contiene un indirizzo scritto in forma codificata (encoded word)',
    ],
  ])('%s: administrators are told once, in their language', async (_, from, recorded, told) => {
    const raw = `${from}To: assistenza@kybernes.it\r\nSubject: Prova\r\nMessage-ID: <q@x.example>\r\n\r\nTesto.\r\n`;
    const outcome = await here.when({ from: '', raw });
    expect(outcome).toMatchObject({ disposition: 'quarantined', told: ['quarantine-administrator > ada'] });
    expect(outcome.reason).toBe(recorded);
    expect(viewOf(mailTo(outcome, 'ada'), 'quarantine-administrator').reason).toBe(told);
    expect(await says(outcome, 'scarta', 'ada')).toMatchObject({ disposition: 'command' });
    expect(here.state.inbox[0]?.disposition).toBe('rejected');
    expect(problemOf(await says(outcome, 'riprova', 'ada'))).toMatchObject({ kind: 'no_longer_waiting' });
  });

  it('further ones within the hour fold into one list, each with its reason and a token of its own', async () => {
    const first = await here.when(broken(1));
    await here.when(broken(2));
    const third = await here.when(broken(3));
    expect(first.mails[0]?.outgoing.fold).toBeNull();
    const toAda = here.state.outbox.filter((m) => m.to === 'ada@kybernes.it');
    expect(toAda).toHaveLength(2);
    const list = mailTo(third, 'ada');
    expect(list.outgoing.delayMinutes).toBe(60);
    expect(viewOf(list, 'quarantine-administrator')).toMatchObject({
      message: 3,
      also: [{ id: 2, reason: 'manca l’intestazione From' }],
    });
    const discarded = await here.when({ ...answer(list, 'scarta'), to: list.entries[2] ?? '' });
    expect(discarded).toMatchObject({ disposition: 'command', told: ['receipt-staff > ada'] });
    expect(viewOf(mailTo(discarded, 'ada'), 'receipt-staff')).toMatchObject({
      problems: [],
      decided: { command: 'discard', message: 2 },
    });
    expect(here.state.inbox.slice(0, 3).map((m) => m.disposition)).toEqual([
      'quarantined',
      'rejected',
      'quarantined',
    ]);
    here.pass({ minutes: 61 });
    expect((await here.when(broken(4))).mails[0]?.outgoing.fold).toBeNull();
  });
});
