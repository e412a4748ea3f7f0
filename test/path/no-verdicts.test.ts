import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anna } from '../builders/bytes.ts';
import { openDesk, type PathDesk, told } from '../builders/desk.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk({ authenticity: 'token' });
});
afterEach(() => here.drop());

const luigi = 'Luigi Verdi <luigi@kybernes.it>';
const opened = () => here.send({ from: anna, subject: 'La stampante non stampa' });
const says = (text: string, more: object = {}) => here.send({ from: luigi, text, dmarc: null, ...more });

describe('where no server gives verdicts (AUTHENTICITY=token)', () => {
  it.each(['elenco', 'storico #1001', 'storico', 'aiuto', 'help'])(
    'what only reads is answered at once, to the enrolled address: %s',
    async (order) => {
      await opened();
      const outcome = await says(order);
      expect(outcome.disposition).toBe(order === 'storico' ? 'refused' : 'command');
      expect(outcome.mails.map(({ to }) => to)).toEqual(['luigi@kybernes.it']);
      expect(told(outcome)).not.toContain('confirm-staff > luigi');
    },
  );

  it('from another address of theirs the answer goes to the enrolled one', async () => {
    const outcome = await says('elenco', { from: 'luigi.verdi@libero.it' });
    expect(outcome.mails.map(({ to, template }) => `${template} > ${to}`)).toEqual([
      'help-staff > luigi@kybernes.it',
    ]);
  });

  it('what opens a ticket is confirmed first', async () => {
    const asked = await says('apri per anna@rossi.it: non stampa');
    expect(asked).toMatchObject({ disposition: 'confirm_asked', ticket: null });
    expect(told(asked)).toEqual(['confirm-staff > luigi']);
  });

  it.each([
    ['that was not written to us', { to: 'altri@kybernes.it' }],
    ['of last week', { date: new Date(Date.now() - 7 * 24 * 3_600_000) }],
    ['without a date', { date: null }],
  ])('an order %s is asked about, whatever it asks', async (_, more) => {
    expect(told(await says('elenco', more))).toEqual(['confirm-staff > luigi']);
  });

  it('ten an hour are answered, the further ones together in one list', async () => {
    for (let i = 0; i < 10; i++) expect(told(await says('elenco'))).toEqual(['help-staff > luigi']);
    const [first, second] = [await says('elenco'), await says('storico #1001')];
    expect([first.disposition, second.disposition]).toEqual(['refused', 'refused']);
    expect(told(first)).toEqual(['receipt-staff > luigi']);
    const waiting = await here.db
      .selectFrom('outbox')
      .select(['template', 'fold_key'])
      .where('state', '=', 'queued')
      .where('fold_key', 'is not', null)
      .execute();
    expect(waiting).toHaveLength(1);
    expect(waiting[0]).toMatchObject({ template: 'receipt-staff' });
  });
});
