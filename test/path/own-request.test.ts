import { afterEach, beforeEach, expect, it } from 'vitest';
import { answer, mailTo, openDesk, type PathDesk, told } from '../builders/desk.ts';
import { addCompany } from '../../src/store/directory/companies.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const luigi = 'Luigi Verdi <luigi@kybernes.it>';
const order = {
  from: luigi,
  subject: 'Il mio monitor',
  text: 'apri per luigi@kybernes.it\nSi spegne da solo.',
};

const ourCompany = () =>
  here.db
    .transaction()
    .execute((tx) => addCompany(tx, { name: 'Kybernes', domains: ['kybernes.it'], contracts: [] }));

it('a technician whose domain is a company’s asks for something by apri per, follows it up, and reads the closing as its client', async () => {
  await ourCompany();
  const outcome = await here.send(order);
  expect(outcome).toMatchObject({ disposition: 'opened', ticket: 1001 });
  expect(told(outcome)).toContain('opened-client > luigi');
  const confirmation = outcome.mails.find(({ template }) => template === 'opened-client');
  if (confirmation === undefined) throw new Error('no confirmation');
  const more = await here.send({ ...answer(confirmation, 'Ora fa anche rumore.'), from: luigi });
  expect(more).toMatchObject({ disposition: 'follow_up', ticket: 1001 });
  const closed = await here.send(answer(mailTo(outcome, 'marco@kybernes.it'), 'chiudere\nSostituito.'));
  expect(told(closed)).toContain('closed-client > luigi');
  expect(await here.events(1001)).toEqual(['opened', 'client_replied', 'closed']);
});

it('one of no company under contract is told so, and nothing opens', async () => {
  expect(await here.send(order)).toMatchObject({ disposition: 'refused', ticket: null });
});

it('a mail of staff to a colleague whose company is the desk’s own is no mail to a client for its address alone', async () => {
  await ourCompany();
  const outcome = await here.send(order);
  const note = await here.send({
    from: 'Marco Gialli <marco@kybernes.it>',
    subject: `Re: [#${outcome.ticket}] x`,
    text: 'Domani.',
  });
  expect(note.disposition).toBe('confirm_asked');
});
