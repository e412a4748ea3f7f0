import { beforeEach, describe, expect, it } from 'vitest';
import { anna, answer, deskAddress, type Desk, given, mailTo, viewOf } from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';

let here: Desk;
let opened: Outcome;
beforeEach(async () => {
  here = given();
  opened = await here.when({ from: anna, subject: 'La stampante non stampa' });
});

const luigi = 'Luigi Verdi <luigi@kybernes.it>';
const us = `Assistenza <${deskAddress}>`;

describe('From is an address of the desk, and the mail is somebody’s (BAD-MAIL 28)', () => {
  it.each([
    ['Reply-To: Anna Rossi <anna@rossi.it>'],
    ['X-Original-From: Anna Rossi <anna@rossi.it>'],
    ['X-Original-Sender: anna@rossi.it'],
    ['Sender: Anna Rossi <anna@rossi.it>'],
    [`Reply-To: ${deskAddress}, Anna Rossi <anna@rossi.it>`],
  ])('of the client whom %s names: a ticket of theirs, shown as unproven, confirmed', async (header) => {
    for (const from of [us, 'Anna via PDA <pda@kybernes.it>']) {
      const outcome = await here.when({ from, subject: 'Nuovo guasto', headers: [header] });
      expect(outcome).toMatchObject({ disposition: 'opened' });
      expect(outcome.told).toContain('opened-client > anna');
      expect(here.state.tickets.get(outcome.ticket ?? 0)?.requester.email).toBe('anna@rossi.it');
      const view = viewOf(mailTo(outcome, 'luigi'), 'opened-staff');
      expect(view.unproven).toBe(true);
      expect(view.warnings.join(' ')).toContain('nostro indirizzo');
    }
  });

  it('what the list of the desk’s own address passes on is confirmed, and a stranger’s is told', async () => {
    const headers = ['Reply-To: anna@rossi.it', 'List-Id: <assistenza.kybernes.it>', 'Precedence: list'];
    expect((await here.when({ from: us, headers })).told).toContain('opened-client > anna');
    const stranger = ['Reply-To: nuovo@altrove.example', ...headers.slice(1)];
    expect(await here.when({ from: us, headers: stranger })).toMatchObject({
      disposition: 'held',
      told: ['held-staff > ada', 'held-staff > carla'],
    });
  });

  it('a DMARC failure of our domain is held, whomever it names', async () => {
    const forged = { from: us, dmarc: 'fail' as const, headers: ['Reply-To: anna@rossi.it'] };
    expect(await here.when(forged)).toMatchObject({ disposition: 'held' });
    here.state.failsDmarc.add('anna@rossi.it');
    const verdict = 'Authentication-Results: mx.kybernes.it; dmarc=fail (p=none) header.from=kybernes.it';
    const unasked = { ...forged, dmarc: null, headers: [verdict, ...forged.headers] };
    expect(await here.when(unasked)).toMatchObject({ disposition: 'held' });
  });

  it.each([
    {},
    { headers: [`Reply-To: ${deskAddress}`] },
    { headers: ['Reply-To: a@rossi.it, b@bianchi.it'] },
  ])('of nobody it names: held, clerks are told whose address it is (%j)', async (change) => {
    const outcome = await here.when({ from: us, subject: 'Message from KM_C258', ...change });
    expect(outcome).toMatchObject({ disposition: 'held', told: ['held-staff > ada', 'held-staff > carla'] });
    expect(viewOf(mailTo(outcome, 'carla'), 'held-staff').reason).toBe('own_address');
  });

  it('of a staff member whom Sender names: asked at the enrolled address, whatever AUTHENTICITY says', async () => {
    for (const authenticity of ['verified', 'token'] as const) {
      here.state.policy.authenticity = authenticity;
      const letter = answer(mailTo(opened, 'luigi'), 'chiudere', {
        from: us,
        headers: ['Sender: luigi@kybernes.it'],
      });
      const asked = await here.when(letter);
      expect(asked).toMatchObject({
        disposition: 'confirm_asked',
        told: ['confirm-staff > luigi'],
        events: [],
      });
    }
    const order = { from: us, text: 'elenco', headers: ['Reply-To: luigi@kybernes.it'] };
    expect(await here.when(order)).toMatchObject({ disposition: 'refused', told: ['help-staff > luigi'] });
  });

  it('with a token and nobody named: its owner is asked, and our address never becomes an alias', async () => {
    const asked = await here.when(answer(mailTo(opened, 'luigi'), 'chiudere', { from: us }));
    expect(asked).toMatchObject({ disposition: 'held', told: ['confirm-staff > luigi'], events: [] });
    const question = mailTo(asked, 'luigi');
    expect(viewOf(question, 'confirm-staff').buttons).toEqual([{ kind: 'confirm', argument: null }]);
    await here.when(answer(question, 'conferma sempre', { from: luigi }));
    expect(here.state.staff.find(({ email }) => email === 'luigi@kybernes.it')?.aliases).not.toContain(
      deskAddress,
    );
  });

  it('and proves nobody: a "conferma" sent as the shared mailbox is no yes', async () => {
    const asked = await here.when(answer(mailTo(opened, 'luigi'), 'chiudere', { dmarc: null }));
    const yes = answer(mailTo(asked, 'luigi'), 'conferma', {
      from: us,
      headers: ['Sender: luigi@kybernes.it'],
    });
    await here.when(yes);
    expect(here.state.tickets.get(1001)?.state).toBe('open');
  });
});

describe('Reply-To elsewhere (BAD-MAIL 34)', () => {
  it('staff read where answers are asked for, and whose client that is; a client’s mail is answered at From', async () => {
    const headers = ['Reply-To: Piero Rossi <piero@rossi.it>'];
    const outcome = await here.when({ from: 'ERP <erp@rossi.it>', subject: 'Ordine bloccato', headers });
    expect(outcome.told).toContain('opened-client > erp');
    const [warning] = viewOf(mailTo(outcome, 'luigi'), 'opened-staff').warnings;
    expect(warning).toContain('Piero Rossi <piero@rossi.it> (Rossi S.r.l.)');
    const followUp = await here.when({
      from: anna,
      subject: 'Re: [#1001] La stampante',
      text: 'Allora?',
      headers,
    });
    expect(viewOf(mailTo(followUp, 'luigi'), 'follow-up-staff').warnings.join()).toContain('piero@rossi.it');
  });

  it('so does the clerk who is asked about a stranger', async () => {
    const headers = ['Reply-To: Anna Rossi <anna@rossi.it>'];
    const held = await here.when({ from: 'Sito <modulo@webhost.example>', subject: 'Richiesta', headers });
    expect(viewOf(mailTo(held, 'carla'), 'held-staff').warnings.join()).toContain(
      'anna@rossi.it> (Rossi S.r.l.)',
    );
  });

  it('an address of ours, or From itself, is no other', async () => {
    for (const to of [deskAddress, 'anna@rossi.it']) {
      const outcome = await here.when({ from: anna, subject: 'Altro', headers: [`Reply-To: ${to}`] });
      expect(viewOf(mailTo(outcome, 'luigi'), 'opened-staff').warnings).toEqual([]);
    }
  });
});

const failing = (policy: string) => ({
  from: anna,
  subject: 'Guasto',
  dmarc: null,
  headers: [
    `Authentication-Results: mx.kybernes.it; spf=softfail; dmarc=fail ${policy} header.from=rossi.it`,
  ],
});
/** Effect of `accetta` on all mail held from her. */
const accept = async (held: Outcome) =>
  here.when(
    answer(mailTo(held, 'carla'), 'accetta Rossi S.r.l.', { from: 'Carla Neri <carla@kybernes.it>' }),
  );

describe('a client whose genuine mail fails DMARC', () => {
  it('p=none: held; once a clerk accepted one, later ones are taken as unproven', async () => {
    const held = await here.when(failing('(p=NONE sp=NONE dis=NONE)'));
    expect(held).toMatchObject({ disposition: 'held' });
    const accepted = await accept(held);
    expect(accepted.after).toMatchObject([{ disposition: 'opened' }]);
    const next = await here.when(failing('(p=none dis=none)'));
    expect(next).toMatchObject({ disposition: 'opened' });
    expect(viewOf(mailTo(next, 'luigi'), 'opened-staff').unproven).toBe(true);
  });

  it.each(['(p=reject)', '(p=quarantine dis=none)', '', '(p=reject) policy.dmarc=none'])(
    '%s: each is held, whatever was accepted before',
    async (policy) => {
      await accept(await here.when(failing('(p=none)')));
      expect(await here.when(failing(policy))).toMatchObject({ disposition: 'held' });
      here.pass({ minutes: 120 });
      const held = await here.when(failing(policy));
      await accept(held);
      expect(await here.when(failing(policy))).toMatchObject({ disposition: 'held' });
    },
  );

  it('that is for the one who was accepted, and never for staff', async () => {
    await accept(await here.when(failing('(p=none)')));
    expect(await here.when({ ...failing('(p=none)'), from: 'Piero <piero@rossi.it>' })).toMatchObject({
      disposition: 'held',
    });
    const staff = ['Authentication-Results: mx.kybernes.it; dmarc=fail (p=none) header.from=kybernes.it'];
    here.state.failsDmarc.add('luigi@kybernes.it');
    expect(await here.when({ from: luigi, text: 'elenco', dmarc: null, headers: staff })).toMatchObject({
      disposition: 'quarantined',
    });
  });
});

const request = () => {
  const ticket = here.state.tickets.get(1001);
  if (ticket === undefined) throw new Error('no ticket');
  here.state.tickets.set(1001, {
    ...ticket,
    requester: { name: 'Luigi Verdi', email: 'luigi@kybernes.it' },
  });
};

describe('a staff member who asked the desk for something', () => {
  it('answers the client’s mail as a client does: it joins, and the others are told', async () => {
    request();
    const outcome = await here.when({
      from: luigi,
      subject: 'Re: [#1001] La stampante',
      text: 'Anche il toner è finito.',
    });
    expect(outcome).toMatchObject({ disposition: 'follow_up', events: ['client_replied'] });
    expect(outcome.told).toContain('follow-up-staff > marco');
  });

  it('commands nothing by it, and what orders something is still asked about', async () => {
    request();
    const order = { from: luigi, subject: 'Re: [#1001] La stampante', text: 'chiudere' };
    expect(await here.when(order)).toMatchObject({ disposition: 'confirm_asked', events: [] });
    const acts = await here.when(answer(mailTo(opened, 'luigi'), 'in lavorazione'));
    expect(acts).toMatchObject({ disposition: 'command', events: ['taken'] });
  });

  it('a DMARC failure in their name stays one, and another’s request is not theirs', async () => {
    const text = { from: luigi, subject: 'Re: [#1001] La stampante', text: 'Anche il toner.' };
    expect(await here.when(text)).toMatchObject({ disposition: 'confirm_asked' });
    request();
    expect(await here.when({ ...text, dmarc: 'fail' })).toMatchObject({ disposition: 'quarantined' });
  });
});

describe('List-Unsubscribe', () => {
  it.each([
    ['alone, on a person’s mail: confirmed', [], true],
    ['with a list’s own header', ['List-Id: <a.rossi.it>'], false],
    ['with Precedence: bulk', ['Precedence: bulk'], false],
    ['with one-click unsubscribing', ['List-Unsubscribe-Post: List-Unsubscribe=One-Click'], false],
  ])('%s', async (_, more, confirmed) => {
    const headers = ['List-Unsubscribe: <mailto:no@rossi.it>', ...more];
    const outcome = await here.when({ from: anna, subject: 'Altro guasto', headers });
    expect(outcome).toMatchObject({ disposition: 'opened' });
    expect(outcome.told.includes('opened-client > anna')).toBe(confirmed);
  });

  it('a stranger’s is held without a word, as any newsletter (BAD-MAIL 85)', async () => {
    const headers = ['List-Unsubscribe: <mailto:no@altrove.example>'];
    expect(await here.when({ from: 'a@altrove.example', headers })).toMatchObject({
      disposition: 'held',
      told: [],
    });
  });
});
