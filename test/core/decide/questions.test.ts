import { array, assert, asyncProperty, constantFrom, nat, oneof, record } from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OutsideMail } from '../../../src/core/ticket/template-views.ts';
import {
  anna,
  answer,
  bruno,
  type Desk,
  given,
  type PlayedLetter,
  mailTo,
  problemOf,
  viewOf,
} from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';
import { runs } from '../../harness/runs.ts';

const luigi = 'luigi@kybernes.it';

let here: Desk;
let opened: Outcome;
beforeEach(async () => {
  here = given();
  opened = await here.when({ from: anna, subject: 'La stampante non stampa' });
});

const question = (outcome: Outcome, name = 'luigi') => viewOf(mailTo(outcome, name), 'confirm-staff');
const yes = (asked: Outcome, text = 'conferma', name = 'luigi') =>
  here.when(answer(mailTo(asked, name), text));
const states = () => [...here.state.tickets.values()].map((ticket) => ticket.state);

/** A mail of Anna’s as it stands in one that passes it on. */
const original = (subject: string, text: string) =>
  [
    '---------- Forwarded message ---------',
    'Da: Anna Rossi <anna@rossi.it>',
    'Date: mar 24 nov 2026 alle ore 09:15',
    `Subject: ${subject}`,
    'To: Luigi Verdi <luigi@kybernes.it>',
    '',
    text,
  ].join('\n');

// ── what is shown ────────────────────────────────────────────────────────────

describe('a question shows', () => {
  it('of a forward the ticket it opens, for whom, and what that client reads, subject included', async () => {
    const asked = await here.when({
      from: luigi,
      subject: 'Fwd: Preventivo',
      text: `Vedi sotto.\n\n${original('Preventivo', 'Ci serve un server.')}`,
      dmarc: null,
    });
    expect(question(asked)).toMatchObject({
      opens: { requester: { email: 'anna@rossi.it' }, company: 'Rossi S.r.l.', subject: 'Preventivo' },
      outside: [
        {
          to: { email: 'anna@rossi.it' },
          mail: {
            template: 'opened-client',
            view: { ticket: { subject: 'Preventivo', description: 'Ci serve un server.' } },
          },
        },
      ],
      text: 'Vedi sotto.',
    });
  });

  it('of `apri per` the title that the client reads, and the attributes given with it', async () => {
    const asked = await here.when({
      from: luigi,
      subject: 'Telefonata del direttore',
      text: 'apri per anna@rossi.it\npriorità alta\nIl server è fermo.',
      dmarc: null,
    });
    expect(question(asked)).toMatchObject({
      opens: { subject: 'Telefonata del direttore', priority: 'high' },
      outside: [{ mail: { view: { ticket: { subject: 'Telefonata del direttore' } } } }],
    });
  });

  it('of `accetta` whose mail is accepted, at which company, and which one the address leaves', async () => {
    const held = await here.when({ from: anna, subject: 'Cambio azienda', dmarc: 'fail' });
    const asked = await here.when(answer(mailTo(held, 'carla'), 'accetta Bianchi S.p.A.', { dmarc: null }));
    expect(question(asked, 'carla')).toMatchObject({
      enrols: { address: { email: 'anna@rossi.it' }, company: 'Bianchi S.p.A.', movedFrom: 'Rossi S.r.l.' },
      held: { from: { email: 'anna@rossi.it' }, subject: 'Cambio azienda' },
    });
    const stranger = await here.when({ from: 'ugo@altrove.example', subject: 'Salve' });
    const other = await here.when(
      answer(mailTo(stranger, 'carla'), 'accetta Bianchi S.p.A.', { dmarc: null }),
    );
    expect(question(other, 'carla')).toMatchObject({
      enrols: { address: { email: 'ugo@altrove.example' }, company: 'Bianchi S.p.A.', movedFrom: null },
      held: { from: { email: 'ugo@altrove.example' }, subject: 'Salve' },
    });
  });

  it('of `rifiuta commerciale` what the stranger reads', async () => {
    const held = await here.when({ from: 'ugo@altrove.example', subject: 'Offerta' });
    const asked = await here.when(answer(mailTo(held, 'carla'), 'rifiuta commerciale', { dmarc: null }));
    expect(question(asked, 'carla')).toMatchObject({
      held: { from: { email: 'ugo@altrove.example' } },
      outside: [{ to: { email: 'ugo@altrove.example' }, mail: { template: 'declined-stranger' } }],
    });
  });

  it('of a reopening that the closing mail is stopped; of taking it back the mail that leaves after all', async () => {
    await here.when(answer(mailTo(opened, 'luigi'), 'chiudere\nSostituito il toner.'));
    const stops = await here.when(answer(mailTo(opened, 'luigi'), 'riaprire', { dmarc: null }));
    expect(question(stops)).toMatchObject({ stopsMail: true, outside: [] });
    await yes(stops);
    const restores = await here.when(answer(mailTo(opened, 'luigi'), 'annulla ultimo', { dmarc: null }));
    const { outside } = question(restores);
    expect(outside).toMatchObject([{ to: { email: 'anna@rossi.it' } }]);
    expect(JSON.stringify(outside)).toContain('Sostituito il toner.');
  });

  it('that a text stays inside, and to whom `conferma sempre` gives a voice', async () => {
    const held = await here.when(
      answer(mailTo(opened, 'luigi'), 'Passo domani.', { from: 'luigi@casa.example' }),
    );
    expect(question(held)).toMatchObject({
      outside: [],
      text: 'Passo domani.',
      writtenFrom: 'luigi@casa.example',
      alias: 'luigi@casa.example',
    });
  });

  it('no way to make an address that is a client’s, or that the mail itself enrols, one of the staff’s', async () => {
    const client = await here.when(answer(mailTo(opened, 'luigi'), 'Salve', { from: bruno }));
    expect(question(client)).toMatchObject({ alias: null, buttons: [{ kind: 'confirm', argument: null }] });
    const refused = await yes(client, 'conferma sempre');
    expect(problemOf(refused)).toEqual({ kind: 'no_alias', email: 'bruno@bianchi.it' });
    const stranger = await here.when({ from: 'yan@altrove.example', subject: 'Salve' });
    const own = await here.when(
      answer(mailTo(stranger, 'carla'), 'accetta Bianchi S.p.A.', { from: 'yan@altrove.example' }),
    );
    expect(question(own, 'carla').alias).toBeNull();
    expect(problemOf(await yes(own, 'conferma sempre', 'carla'))).toMatchObject({ kind: 'no_alias' });
  });
});

describe('nothing is asked', () => {
  it.each([
    ['`apri per` of nobody we know', 'apri per nessuno@altrove.example\nGuasto.', 'client_unknown'],
    ['a typing mistake', 'chidere', 'unsure_command'],
    ['what contradicts itself', 'chiudere\nriaprire', 'contradiction'],
    ['a reply token for the client', `chiudere\nScriva a ${'x'.repeat(26)}@kybernes.it`, 'token_in_solution'],
  ])('about what would be refused: %s', async (_, text, kind) => {
    const outcome = await here.when(answer(mailTo(opened, 'luigi'), text, { dmarc: null }));
    expect(outcome).toMatchObject({ disposition: 'refused', told: ['receipt-staff > luigi'], events: [] });
    expect(problemOf(outcome)).toMatchObject({ kind });
  });

  it('about what would be refused, and such refusals are bounded as questions are, for mail that nothing vouches for', async () => {
    here = given((state) => {
      state.policy.limits.askedUnvouchedPerHour = 3;
    });
    await here.when({ from: anna, subject: 'Guasto' });
    const forged = { from: luigi, subject: 'Re: [#1001] Guasto', text: 'chidere', dmarc: null };
    for (let i = 0; i < 8; i++) await here.when(forged);
    const answers = here.state.outbox.filter(({ template }) => template === 'receipt-staff');
    expect(answers.filter(({ outgoing: { fold } }) => fold === null)).toHaveLength(3);
    expect(answers.length).toBeLessThanOrEqual(4);
  });

  it('about more than a question can show whole: refused, and said', async () => {
    const long = await here.when(
      answer(mailTo(opened, 'luigi'), `chiudere\n${'Riga innocua.\n'.repeat(6000)}fine`, { dmarc: null }),
    );
    expect(problemOf(long)).toEqual({ kind: 'too_long_to_ask' });
    const proven = await here.when(
      answer(mailTo(opened, 'luigi'), `chiudere\n${'Riga innocua.\n'.repeat(6000)}fine`),
    );
    expect(proven.events).toEqual(['closed']);
  });

  it('about the answer to a question: in other hands it ends, and its owner is told so', async () => {
    const asked = await here.when(answer(mailTo(opened, 'luigi'), 'chiudere', { dmarc: null }));
    const thief = await here.when(
      answer(mailTo(asked, 'luigi'), 'conferma', { from: 'ladro@altrove.example' }),
    );
    expect(thief).toMatchObject({ disposition: 'held', told: ['receipt-staff > luigi'], events: [] });
    expect(viewOf(mailTo(thief, 'luigi'), 'receipt-staff')).toMatchObject({
      writtenFrom: 'ladro@altrove.example',
      problems: [{ kind: 'question_over' }],
    });
    expect(await yes(asked)).toMatchObject({ disposition: 'refused', events: [], after: [] });
    expect(states()).toEqual(['open']);
  });
});

/** Luigi is asked whether to close the ticket. */
const closing = () =>
  here.when(answer(mailTo(opened, 'luigi'), 'chiudere\nSostituito il toner.', { dmarc: null }));

describe('a yes to what is otherwise by now does nothing, and its writer is asked anew', () => {
  it.each([
    ['a colleague logged time', (desk: Desk) => desk.when(answer(mailTo(opened, 'marco'), 'tempo 30m'))],
    [
      'the client is no longer of the company',
      (desk: Desk) => desk.state.contacts.set('anna@rossi.it', { name: 'Anna', company: 2, disabled: false }),
    ],
    [
      'the queue is called elsewhere',
      (desk: Desk) =>
        Object.assign(desk.state.policy, {
          queueWords: new Map([['assistenza@kybernes.it', { phones: ['06 555 0100'], words: null }]]),
        }),
    ],
  ])('%s', async (_, change) => {
    const asked = await closing();
    await change(here);
    const answered = await yes(asked);
    expect(answered.after).toMatchObject([
      { disposition: 'confirm_asked', told: ['confirm-staff > luigi'], events: [] },
    ]);
    expect(states()).toEqual(['open']);
    const again = answered.after[0];
    if (again === undefined) throw new Error('nobody was asked');
    expect(question(again).why).toBe('changed');
    expect(await yes(again)).toMatchObject({ after: [{ disposition: 'command' }] });
    expect(states()).toEqual(['closed']);
  });

  it('what would be refused by now is refused, with the reason', async () => {
    const asked = await closing();
    await here.when(answer(mailTo(opened, 'marco'), 'chiudere\nFatto.'));
    const { after } = await yes(asked);
    expect(after).toMatchObject([{ disposition: 'refused', told: ['receipt-staff > luigi'], events: [] }]);
  });

  it('a new ticket may have another number by then', async () => {
    const asked = await here.when({
      from: luigi,
      subject: 'Telefonata',
      text: 'apri per anna@rossi.it\nGuasto.',
      dmarc: null,
    });
    await here.when({ from: bruno, subject: 'Un altro guasto' });
    expect((await yes(asked)).after).toMatchObject([{ disposition: 'opened', ticket: 1003 }]);
  });
});

// ── the rule ─────────────────────────────────────────────────────────────────

const texts = constantFrom(
  'chiudere\nSostituito il toner.',
  'tempo 30m\nchiudere\nFatto.',
  'chiudere',
  'in lavorazione\nPasso domani.',
  'assegnare Marco',
  'nota interna\nIl cliente è nervoso.',
  'riaprire',
  'annulla ultimo',
  'priorità alta',
  'elenco',
  'apri per anna@rossi.it\nIl server è fermo.',
  'apri per bruno@bianchi.it\ncategoria Stampa\nToner finito.',
  'chidere',
  'Ho parlato con il fornitore.',
  original('Preventivo', 'Ci serve un server.'),
);
const meanwhile = oneof(
  record({
    does: constantFrom('client', 'time', 'take', 'close', 'reopen', 'move', 'waits' as const),
    at: nat(3),
  }),
);

it('a yes sends people outside exactly what its question showed them, or nothing happens and its writer is told', async () => {
  await assert(
    asyncProperty(
      texts,
      constantFrom('Guasto', 'Fwd: Preventivo'),
      constantFrom('luigi', 'carla', 'stranger'),
      constantFrom('reply', 'desk'),
      array(meanwhile, { maxLength: 3 }),
      array(meanwhile, { maxLength: 3 }),
      async (text, subject, who, how, before, between) => {
        here = given();
        opened = await here.when({ from: anna, subject: 'La stampante non stampa' });
        for (const step of before) await happens(step.does);
        const name = who === 'carla' ? 'carla' : 'luigi';
        const from = who === 'stranger' ? 'luigi@casa.example' : `${name}@kybernes.it`;
        const letter: PlayedLetter =
          how === 'reply' || who === 'stranger'
            ? answer(mailTo(opened, name), text, { from, dmarc: null })
            : { from, subject, text, dmarc: null };
        const asked = await here.when(letter);
        const mail = asked.mails.find(({ template }) => template === 'confirm-staff');
        if (mail === undefined) return;
        for (const step of between) await happens(step.does);
        const [done] = (await here.when(answer(mail, 'conferma'))).after;
        if (done === undefined) throw new Error('a yes was not carried out');
        const shown = viewOf(mail, 'confirm-staff').outside;
        const isNothing =
          done.events.length === 0 && done.told.some((one) => /^(?:confirm|receipt)-staff/u.test(one));
        const restored = shown.filter((one) => !('mail' in one));
        const sent = [...sentOutside(done), ...(isNothing ? [] : restored.map(words))];
        expect(sent).toEqual(isNothing ? [] : shown.map(words));
      },
    ),
    { numRuns: runs(400) },
  );
}, 120_000);

const marco = (text: string) => here.when(answer(mailTo(opened, 'marco'), text));

/** Changes to the desk by others, before the question or between it and its answer. */
async function happens(
  what: 'client' | 'time' | 'take' | 'close' | 'reopen' | 'move' | 'waits',
): Promise<void> {
  switch (what) {
    case 'client':
      await here.when({ from: bruno, subject: 'Un altro guasto' });
      return;
    case 'time':
      await marco('tempo 15m');
      return;
    case 'take':
      await marco('in lavorazione');
      return;
    case 'close':
      await marco('chiudere\nFatto da Marco.');
      return;
    case 'reopen':
      await marco('riaprire');
      return;
    case 'move':
      here.state.contacts.set('anna@rossi.it', { name: 'Anna', company: 2, disabled: false });
      return;
    case 'waits':
      here.pass({ minutes: 3 });
      return;
    default:
      throw what satisfies never;
  }
}

function sentOutside(outcome: Outcome): string[] {
  return outcome.mails
    .filter(({ toClient }) => toClient)
    .map(({ to, outgoing: { mail } }) => JSON.stringify([to, mail.template, withoutNumber(mail.view)]));
}

function words(one: OutsideMail): string {
  return 'mail' in one
    ? JSON.stringify([one.to.email, one.mail.template, withoutNumber(one.mail.view)])
    : JSON.stringify([one.to.email, one.text]);
}

/** A ticket that is opened gets its number and its time then. */
function withoutNumber(view: object): object {
  return 'ticket' in view
    ? { ...view, ticket: Object.assign({}, view.ticket, { number: null, openedAt: null }) }
    : view;
}
