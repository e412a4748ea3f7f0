import { beforeEach, describe, expect, it } from 'vitest';
import { anna, answer, type Desk, given, mailTo, problemOf, viewOf } from '../../builders/pure-desk.ts';
import type { Outcome } from '../../builders/model.ts';

let here: Desk;
let opened: Outcome;
beforeEach(async () => {
  here = given((state) => {
    state.policy.categories = ['Stampa', 'Rete dati', 'Rete voce', 'Altro'].map((name) => ({
      name,
      keywords: name === 'Stampa' ? ['stampante'] : [],
    }));
  });
  opened = await here.when({ from: anna, subject: 'La stampante non stampa' });
});

/** A staff member's answer to their notification of the opening. */
const says = (name: string, text: string) => here.when(answer(mailTo(opened, name), text));
const ticket = () => here.state.tickets.get(1001);
const texts = () => here.state.events.map(({ event }) => event.text);

describe('attribute lines', () => {
  it.each([
    ['categoria altro', 'categorised', { category: 'Altro' }, 'Categoria: Stampa → Altro'],
    ['categoria rete voce', 'categorised', { category: 'Rete voce' }, 'Categoria: Stampa → Rete voce'],
    ['categoria voce', 'categorised', { category: 'Rete voce' }, 'Categoria: Stampa → Rete voce'],
    ['categoria Altra', 'categorised', { category: 'Altro' }, 'Categoria: Stampa → Altro'],
    ['priorità alta', 'prioritised', { priority: 'high' }, 'Priorità: normale → alta'],
    ['tempo 1h30', 'time_logged', { minutes: 90 }, 'Tempo: 0 min → 1 h 30 min'],
    ['modalità presso il cliente', 'mode_set', { mode: 'on-site' }, 'Modalità: non indicata → on site'],
  ])('%j changes the record, and nobody is told', async (line, event, changed, text) => {
    expect(await says('luigi', line)).toMatchObject({ disposition: 'command', told: [], events: [event] });
    expect(ticket()).toMatchObject({ ...changed, state: 'open' });
    expect(texts().at(-1)).toBe(text);
  });

  it('times add up', async () => {
    await says('luigi', 'tempo 45m');
    await says('marco', 'tempo mezz’ora');
    expect(ticket()?.minutes).toBe(75);
  });

  it('act with a closing, and stand nowhere in what the client reads', async () => {
    const outcome = await says(
      'luigi',
      'tempo 30m\nchiudere\nSostituito il toner.\npriorità bassa\nOra stampa.\ncategoria altro',
    );
    expect(outcome.events).toEqual(['time_logged', 'prioritised', 'categorised', 'closed']);
    expect(viewOf(mailTo(outcome, 'anna'), 'closed-client').solution).toBe(
      'Sostituito il toner.\nOra stampa.',
    );
    expect(viewOf(mailTo(outcome, 'marco'), 'closed-staff').ticket).toMatchObject({
      minutes: 30,
      priority: 'low',
      category: 'Altro',
    });
  });

  it('with a text that no command takes: the text is an internal communication', async () => {
    const outcome = await says('luigi', 'Passo domani.\ntempo 15m');
    expect(outcome).toMatchObject({ events: ['time_logged', 'internal_note'] });
    expect(texts().at(-1)).toBe('Passo domani.');
  });

  it('with apri per belong to the new ticket, and the client does not read them', async () => {
    const outcome = await here.when({
      from: 'luigi@kybernes.it',
      text: 'apri per anna@rossi.it\npriorità alta\nNon si accende.',
    });
    expect(outcome).toMatchObject({ ticket: 1002, events: ['opened', 'prioritised'] });
    expect(here.state.tickets.get(1002)).toMatchObject({ priority: 'high', description: 'Non si accende.' });
  });

  it('a clerk may say category and priority, not time and mode', async () => {
    expect(await says('carla', 'priorità alta')).toMatchObject({ events: ['prioritised'] });
    expect(problemOf(await says('carla', 'tempo 30m'))).toMatchObject({ kind: 'role', command: 'time' });
  });

  it('of a client order nothing', async () => {
    await here.when({ from: anna, subject: 'Re: [#1001] x', text: 'priorità alta\nÈ urgente.' });
    expect(ticket()?.priority).toBe('normal');
  });
});

describe('what is not understood or not allowed', () => {
  it('two values of one attribute: nothing of the mail acts', async () => {
    const outcome = await says('luigi', 'chiudere\ncategoria Stampa\ncategoria Altro');
    expect(outcome).toMatchObject({ disposition: 'refused', events: [], told: ['receipt-staff > luigi'] });
    expect(problemOf(outcome)).toEqual({
      kind: 'contradiction',
      lines: ['chiudere', 'categoria Stampa', 'categoria Altro'],
    });
  });

  it('a category that several fit is left open with a button each, the rest acts; one mail says so', async () => {
    const outcome = await says('luigi', 'chiudere\ntempo 30m\ncategoria rete\n\nSostituito lo switch.');
    expect(outcome).toMatchObject({ disposition: 'command', events: ['time_logged', 'closed'] });
    expect(outcome.told.filter((t) => t.startsWith('receipt'))).toEqual(['receipt-staff > luigi']);
    const receipt = outcome.mails.find((m) => m.template === 'receipt-staff');
    if (receipt === undefined) throw new Error('no receipt');
    const view = viewOf(receipt, 'receipt-staff');
    expect(view).toMatchObject({
      done: true,
      problems: [{ kind: 'category_unsure', fits: ['Rete dati', 'Rete voce'], several: true }],
      changes: ['Stato: aperto → chiuso', 'Tempo: 0 min → 30 min'],
    });
    expect(view.buttons).toEqual([
      { kind: 'category', argument: 'Rete dati' },
      { kind: 'category', argument: 'Rete voce' },
    ]);
  });

  it('a category like none of the list stops the whole mail: it may be a sentence', async () => {
    const outcome = await says('luigi', 'chiudere\ncategoria traslochi\nSostituito.');
    expect(outcome).toMatchObject({ disposition: 'refused', events: [] });
    const view = viewOf(mailTo(outcome, 'luigi'), 'receipt-staff');
    expect(view).toMatchObject({
      done: false,
      problems: [{ kind: 'category_unsure', several: false }],
      understood: ['chiudere'],
    });
    expect(view.text).toContain('Sostituito.');
  });

  it.each([
    'Categoria di cavo sbagliata, messo cat6.',
    'Tempo di attesa del corriere: due giorni.',
    'Modalità provvisoria disattivata sul PC.',
  ])('a sentence of the solution that begins with an attribute’s word is part of it: %s', async (line) => {
    const outcome = await says('luigi', `chiudere\nSostituito.\n${line}`);
    expect(outcome.events).toEqual(['closed']);
    expect(viewOf(mailTo(outcome, 'anna'), 'closed-client').solution).toBe(`Sostituito.\n${line}`);
  });

  it.each(['tempo 25h', 'tempo 0m', 'tempo 9999 ore'])('%j is out of bounds', async (line) => {
    expect(problemOf(await says('luigi', line))).toMatchObject({ kind: 'time_out_of_bounds', most: 1440 });
    expect(ticket()?.minutes).toBe(0);
  });

  it('one that is badly written is asked about, and nothing acts', async () => {
    for (const text of ['tempo 45', 'categora Stampa', 'chiudere\nSostituito\npriorità altissima'])
      expect(problemOf(await says('luigi', text))).toMatchObject({ kind: 'unsure_command' });
    expect(ticket()?.state).toBe('open');
  });

  it('a mail that must be confirmed says all that would be carried out, the closing first', async () => {
    const asked = await here.when(
      answer(mailTo(opened, 'luigi'), 'tempo 30m\nchiudere\nSostituito.', { dmarc: null }),
    );
    expect(viewOf(mailTo(asked, 'luigi'), 'confirm-staff')).toMatchObject({
      command: 'close',
      others: ['tempo 30m'],
      outside: [{ mail: { view: { solution: 'Sostituito.' } } }],
      text: 'Tempo: 0 min → 30 min',
    });
    await here.when(answer(mailTo(asked, 'luigi'), 'conferma'));
    expect(ticket()).toMatchObject({ state: 'closed', minutes: 30 });
  });
});
