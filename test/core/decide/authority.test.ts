import { beforeEach, describe, expect, it } from 'vitest';
import { anna, answer, type Desk, given, mailTo, problemOf, viewOf } from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';

let here: Desk;
let opened: Outcome;
beforeEach(async () => {
  here = given();
  opened = await here.when({ from: anna, subject: 'La stampante non stampa' });
});

const state = () => here.state.tickets.get(1001)?.state;
/** The answer to the one mail of an outcome, written by its recipient. */
const confirm = (asked: Outcome, text = 'conferma', change = {}) => {
  const [mail] = asked.mails;
  if (mail === undefined) throw new Error(`nobody was asked: ${asked.reason}`);
  return here.when(answer(mail, text, change));
};

describe('a command needs its writer’s own token', () => {
  it('without a token the enrolled address is asked, and nothing happens before the answer', async () => {
    const asked = await here.when(
      answer(mailTo(opened, 'luigi'), 'chiudere', { to: 'assistenza@kybernes.it' }),
    );
    expect(asked).toMatchObject({
      disposition: 'confirm_asked',
      told: ['confirm-staff > luigi'],
      events: [],
    });
    expect(viewOf(mailTo(asked, 'luigi'), 'confirm-staff')).toMatchObject({
      command: 'close',
      why: 'missing_token',
      ticket: { number: 1001 },
    });
    expect(state()).toBe('open');
    expect(await confirm(asked)).toMatchObject({ disposition: 'command', after: [{ events: ['closed'] }] });
    expect(state()).toBe('closed');
  });

  it('a reference finds the ticket and never grants', async () => {
    const asked = await here.when({
      from: 'luigi@kybernes.it',
      text: 'chiudere',
      inReplyTo: '<ticket.1001@kybernes.it>',
    });
    expect(asked).toMatchObject({ disposition: 'confirm_asked', ticket: 1001 });
  });

  it('a token in the body is none', async () => {
    const asked = await here.when({
      from: 'luigi@kybernes.it',
      subject: 'Re: [#1001] La stampante',
      text: `nota interna\n\n${mailTo(opened, 'luigi').replyTo}`,
    });
    expect(asked).toMatchObject({ disposition: 'confirm_asked', events: [] });
  });

  it('of another staff member: refused (BAD-MAIL 63)', async () => {
    const outcome = await here.when(
      answer(mailTo(opened, 'luigi'), 'chiudere', { from: 'marco@kybernes.it' }),
    );
    expect(outcome).toMatchObject({ disposition: 'refused', told: ['receipt-staff > marco'], events: [] });
    expect(problemOf(outcome)).toEqual({ kind: 'token_of_other_staff' });
  });

  it('of another ticket than the tag: refused (BAD-MAIL 63)', async () => {
    await here.when({ from: anna, subject: 'Altro guasto' });
    const outcome = await here.when(
      answer(mailTo(opened, 'luigi'), 'chiudere', { subject: 'Re: [#1002] Altro guasto' }),
    );
    expect(outcome).toMatchObject({ disposition: 'refused', events: [] });
    expect(problemOf(outcome)).toEqual({ kind: 'token_of_other_ticket', token: 1001, tag: 1002 });
  });

  it('two different valid ones: refused', async () => {
    const second = await here.when({ from: anna, subject: 'Altro guasto' });
    const outcome = await here.when(
      answer(mailTo(opened, 'luigi'), 'chiudere', { cc: mailTo(second, 'luigi').replyTo }),
    );
    expect(problemOf(outcome)).toEqual({ kind: 'two_tokens' });
  });

  it('expired: asked (BAD-MAIL 64)', async () => {
    here.pass({ days: 91 });
    const asked = await here.when(answer(mailTo(opened, 'luigi'), 'chiudere'));
    expect(asked).toMatchObject({ disposition: 'confirm_asked', events: [] });
    expect(viewOf(mailTo(asked, 'luigi'), 'confirm-staff').why).toBe('expired_token');
    await confirm(asked);
    expect(state()).toBe('closed');
  });

  it('an earlier one stays valid and acts again', async () => {
    const first = mailTo(opened, 'luigi');
    await here.when(answer(first, 'in lavorazione'));
    expect(await here.when(answer(first, 'chiudere'))).toMatchObject({ events: ['closed'] });
  });

  it('an alias writes for its staff member, who is answered at the enrolled address', async () => {
    expect(
      await here.when(answer(mailTo(opened, 'luigi'), 'in lavorazione', { from: 'luigi.verdi@libero.it' })),
    ).toMatchObject({
      disposition: 'command',
      told: ['in-progress-staff > ada', 'in-progress-staff > luigi', 'in-progress-staff > marco'],
    });
  });
});

describe('a command needs an authentic mail', () => {
  it('no verdict: asked, with exactly what would happen', async () => {
    const asked = await here.when(
      answer(mailTo(opened, 'luigi'), 'chiudere\nSostituito il toner.', { dmarc: null }),
    );
    expect(asked).toMatchObject({ disposition: 'confirm_asked', events: [] });
    expect(viewOf(mailTo(asked, 'luigi'), 'confirm-staff')).toMatchObject({
      command: 'close',
      why: 'no_verdict',
      outside: [{ to: { email: 'anna@rossi.it' }, mail: { view: { solution: 'Sostituito il toner.' } } }],
      text: null,
    });
    const done = await confirm(asked);
    expect(done.after[0]?.told).toContain('closed-client > anna');
  });

  it('DMARC fail with a valid token: asked; without one: quarantine, administrators told (BAD-MAIL 40)', async () => {
    const mail = mailTo(opened, 'luigi');
    expect(await here.when(answer(mail, 'chiudere', { dmarc: 'fail' }))).toMatchObject({
      disposition: 'confirm_asked',
      told: ['confirm-staff > luigi'],
    });
    expect(
      await here.when(answer(mail, 'chiudere', { dmarc: 'fail', to: 'assistenza@kybernes.it' })),
    ).toMatchObject({ disposition: 'quarantined', told: ['quarantine-administrator > ada'], events: [] });
  });

  it.each([
    [
      'below ours',
      [
        'Authentication-Results: mx.kybernes.it; dmarc=none',
        'Authentication-Results: mx.kybernes.it; dmarc=pass header.from=kybernes.it',
      ],
    ],
    [
      'of a look-alike',
      ['Authentication-Results: mx.kybernes.it.evil.example; dmarc=pass header.from=kybernes.it'],
    ],
  ])('a forged verdict %s does not count (BAD-MAIL 36)', async (_, headers) => {
    expect(
      await here.when(answer(mailTo(opened, 'luigi'), 'chiudere', { dmarc: null, headers })),
    ).toMatchObject({ disposition: 'confirm_asked', events: [] });
  });

  it('a subdomain’s pass is a pass (BAD-MAIL 39)', async () => {
    const headers = ['Authentication-Results: mx.kybernes.it; dkim=pass header.d=mail.kybernes.it'];
    expect(
      await here.when(answer(mailTo(opened, 'luigi'), 'chiudere', { dmarc: null, headers })),
    ).toMatchObject({ events: ['closed'] });
  });

  it.each([null, 'fail'] as const)(
    'a list rewrote it (Sender, verdict %s, token valid): asked (BAD-MAIL 39)',
    async (dmarc) => {
      const asked = await here.when(
        answer(mailTo(opened, 'luigi'), 'chiudere', { dmarc, headers: ['Sender: lista@lists.kybernes.it'] }),
      );
      expect(asked).toMatchObject({ disposition: 'confirm_asked', events: [] });
      expect(viewOf(mailTo(asked, 'luigi'), 'confirm-staff').command).toBe('close');
      await confirm(asked);
      expect(state()).toBe('closed');
    },
  );

  it.each([
    ['two Content-Type headers (12)', { headers: ['Content-Type: text/html'] }],
    ['another address in the display name (31)', { from: '"marco@kybernes.it" <luigi@kybernes.it>' }],
    ['another Reply-To (34)', { headers: ['Reply-To: altro@altrove.example'] }],
    ['another Sender (35)', { headers: ['Sender: altro@altrove.example'] }],
  ])('%s: taken as text, no command acts', async (_, change) => {
    expect(await here.when(answer(mailTo(opened, 'luigi'), 'chiudere', change))).toMatchObject({
      disposition: 'internal_note',
      events: ['internal_note'],
    });
    expect(state()).toBe('open');
  });

  it('AUTHENTICITY=token turns the check off for tickets; opening is confirmed, what only reads is answered at once', async () => {
    here.state.policy.authenticity = 'token';
    expect(await here.when(answer(mailTo(opened, 'luigi'), 'chiudere', { dmarc: null }))).toMatchObject({
      events: ['closed'],
    });
    for (const text of ['elenco', 'storico #1001', 'aiuto'])
      expect(await here.when({ from: 'luigi@kybernes.it', text, dmarc: null })).toMatchObject({
        disposition: 'command',
        told: ['help-staff > luigi'],
      });
    const text = 'apri per anna@rossi.it: non stampa';
    const asked = await here.when({ from: 'luigi@kybernes.it', text, dmarc: null });
    expect(asked).toMatchObject({ disposition: 'confirm_asked', told: ['confirm-staff > luigi'] });
    expect(await confirm(asked)).toMatchObject({ after: [{ disposition: 'opened' }] });
  });
});

const ask = () => here.when(answer(mailTo(opened, 'luigi'), 'in lavorazione', { dmarc: null }));

describe('conferma', () => {
  it('acts once', async () => {
    const asked = await ask();
    await confirm(asked);
    const again = await confirm(asked);
    expect(again).toMatchObject({ disposition: 'refused', after: [] });
    expect(problemOf(again)).toEqual({ kind: 'token_used' });
  });

  it('needs no verdict of its own', async () => {
    expect(await confirm(await ask(), 'conferma', { dmarc: null })).toMatchObject({
      after: [{ events: ['taken'] }],
    });
  });

  it('of somebody else does nothing', async () => {
    expect(await confirm(await ask(), 'conferma', { from: 'marco@kybernes.it' })).toMatchObject({
      disposition: 'refused',
      after: [],
    });
  });

  it('another word than "conferma" does nothing', async () => {
    expect(problemOf(await confirm(await ask(), 'boh'))).toEqual({
      kind: 'not_understood_here',
      expected: ['confirm'],
    });
  });

  it('about what the role would refuse: refused at once, nothing is asked', async () => {
    expect(await here.when(answer(mailTo(opened, 'carla'), 'chiudere', { dmarc: null }))).toMatchObject({
      disposition: 'refused',
      told: ['receipt-staff > carla'],
      events: [],
    });
  });
});

describe('a token in other hands', () => {
  it('of no staff member: held, the token ends, its owner is asked with a fresh one (BAD-MAIL 41)', async () => {
    const mail = mailTo(opened, 'luigi');
    const held = await here.when(answer(mail, 'chiudere', { from: 'luigi@casa.example' }));
    expect(held).toMatchObject({ disposition: 'held', told: ['confirm-staff > luigi'], events: [] });
    expect(viewOf(mailTo(held, 'luigi'), 'confirm-staff')).toMatchObject({
      why: 'foreign_address',
      writtenFrom: 'luigi@casa.example',
      command: 'close',
    });
    expect(await here.when(answer(mail, 'chiudere'))).toMatchObject({ disposition: 'confirm_asked' });
    await confirm(held, 'conferma sempre');
    expect(state()).toBe('closed');
    expect(here.state.staff[0]?.aliases).toContain('luigi@casa.example');
  });

  it('of the ticket’s own client: a follow-up, and the token ends (BAD-MAIL 46)', async () => {
    const mail = mailTo(opened, 'luigi');
    expect(await here.when(answer(mail, 'chiudere', { from: anna }))).toMatchObject({
      disposition: 'follow_up',
      ticket: 1001,
      events: ['client_replied'],
    });
    expect(here.state.tokens.filter((t) => t.revoked)).toHaveLength(1);
    expect(state()).toBe('open');
  });

  it('of its own client by a forged address: held, and the token ends', async () => {
    const outcome = await here.when(answer(mailTo(opened, 'luigi'), 'Salve', { from: anna, dmarc: 'fail' }));
    expect(outcome).toMatchObject({ disposition: 'held', events: [] });
    expect(here.state.tokens.filter((t) => t.revoked)).toHaveLength(1);
  });

  it('of another client: held, the owner asked', async () => {
    expect(
      await here.when(answer(mailTo(opened, 'luigi'), 'Salve', { from: 'bruno@bianchi.it' })),
    ).toMatchObject({ disposition: 'held', told: ['confirm-staff > luigi'], events: [] });
  });

  it('every valid token in the mail ends', async () => {
    await here.when(
      answer(mailTo(opened, 'luigi'), 'Salve', {
        from: 'x@altrove.example',
        cc: mailTo(opened, 'marco').replyTo,
      }),
    );
    expect(here.state.tokens.filter((t) => t.revoked)).toHaveLength(2);
  });

  it('of a disabled staff member: quarantine, administrators told (BAD-MAIL 42)', async () => {
    const mail = mailTo(opened, 'luigi');
    for (const s of here.state.staff) if (s.name === 'Luigi Verdi') s.disabled = true;
    expect(await here.when(answer(mail, 'chiudere'))).toMatchObject({
      disposition: 'quarantined',
      told: ['quarantine-administrator > ada'],
      events: [],
    });
  });

  it('a disabled staff member’s in a stranger’s hands: those who decide about strangers are told', async () => {
    const mail = mailTo(opened, 'luigi');
    for (const s of here.state.staff) if (s.name === 'Luigi Verdi') s.disabled = true;
    expect(await here.when(answer(mail, 'chiudere', { from: 'x@altrove.example' }))).toMatchObject({
      disposition: 'held',
      told: ['held-staff > ada', 'held-staff > carla'],
    });
  });
});

it('the same signed command mail sent again is a duplicate (BAD-MAIL 38)', async () => {
  const letter = answer(mailTo(opened, 'luigi'), 'in lavorazione', { id: '<comando@kybernes.it>' });
  expect(await here.when(letter)).toMatchObject({ disposition: 'command' });
  expect(await here.when(letter)).toMatchObject({ disposition: 'duplicate', told: [], events: [] });
});

it('answers to one address are limited by the hour, so that nothing loops', async () => {
  for (let i = 0; i < 40; i++) await here.when({ from: 'luigi@kybernes.it', text: `prova ${i}` });
  expect(here.state.outbox.filter((m) => m.template === 'help-staff')).toHaveLength(30);
});

const questions = () => here.state.outbox.filter((m) => m.template === 'confirm-staff');
const forge = async (count: number) => {
  for (let i = 0; i < count; i++)
    await here.when({
      from: 'luigi@kybernes.it',
      subject: 'Re: [#1001]',
      text: `chiudere\nFalso ${i}`,
      dmarc: null,
    });
};

describe('mails that somebody forges in a staff member’s name, for which nothing speaks', () => {
  it('ask ten times an hour at most, and the last question says that no more come', async () => {
    await forge(40);
    expect(questions().map((mail) => viewOf(mail, 'confirm-staff').last)).toEqual([
      ...Array.from({ length: 9 }, () => false),
      true,
    ]);
    here.pass({ minutes: 61 });
    await forge(1);
    expect(questions()).toHaveLength(11);
  });

  it.each([
    ['a verdict and no token', { to: 'assistenza@kybernes.it' }],
    ['a token and no verdict', { dmarc: null }],
  ] as const)('use up none of the questions about those that have %s', async (_, change) => {
    await forge(40);
    const mail = mailTo(opened, 'luigi');
    for (let i = 0; i < 40; i++) await here.when(answer(mail, `chiudere\nVero ${i}`, change));
    expect(questions()).toHaveLength(10 + 30);
    expect(questions().every((one) => viewOf(one, 'confirm-staff').last)).toBe(false);
  });

  it('take no receipt from what their owner writes wrong', async () => {
    await forge(40);
    expect(await here.when(answer(mailTo(opened, 'luigi'), 'chidere'))).toMatchObject({
      disposition: 'refused',
      told: ['receipt-staff > luigi'],
    });
  });

  it('with a token and a DMARC failure are the forger’s too', async () => {
    const mail = mailTo(opened, 'luigi');
    for (let i = 0; i < 40; i++) await here.when(answer(mail, `chiudere\nFalso ${i}`, { dmarc: 'fail' }));
    expect(questions()).toHaveLength(10);
    expect(await here.when(answer(mail, 'chiudere', { dmarc: null }))).toMatchObject({
      told: ['confirm-staff > luigi'],
    });
  });
});
