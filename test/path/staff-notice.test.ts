import { afterAll, beforeAll, expect, test } from 'vitest';
import { answer, mailTo, openDesk, type PathDesk } from '../builders/desk.ts';

let desk: PathDesk;
beforeAll(async () => {
  desk = await openDesk();
}, 60_000);
afterAll(() => desk.drop());

const from = { rossi: 'Anna Rossi <anna@rossi.it>', bianchi: 'Bruno Bianchi <bruno@bianchi.it>' };
const tagsIn = (text: string): string[] => (text.split('Ultimi ticket di')[1] ?? '').match(/\[#\d+\]/g) ?? [];

test('the notification of a new ticket lists the last three of its own company, with state and date, and the client’s phone', async () => {
  const first = await desk.send({ from: from.rossi, subject: 'Il palmare non carica' });
  await desk.send({ from: from.bianchi, subject: 'Il server segreto è fermo' });
  await desk.send({ from: 'Ugo <ugo@gmail.com>', subject: 'La rete è lenta' });
  await desk.send({ from: from.rossi, subject: 'Il monitor lampeggia' });
  await desk.send(answer(mailTo(first, 'luigi@kybernes.it'), 'chiudere\n\nCavo sostituito.'));
  const opened = await desk.send({
    from: from.rossi,
    subject: 'La stampante non stampa',
    text: 'Non stampa.\n\n-- \nAnna Rossi\nTel. 06 555 1234\nFax 06 555 9999',
  });

  for (const email of ['luigi@kybernes.it', 'carla@kybernes.it', 'ada@kybernes.it']) {
    const { text } = mailTo(opened, email);
    expect(tagsIn(text)).toEqual(['[#1004]', '[#1003]', '[#1001]']);
    expect(text).toMatch(/\[#1001\] Il palmare non carica\n {4}chiuso, \d{1,2} \p{L}+ \d{4}\n/u);
    expect(text).toContain('Telefono:     06 555 1234 (dalla firma della mail)');
    expect(text).not.toContain('segreto');
  }
  expect(mailTo(opened, 'anna@rossi.it').text).not.toMatch(/palmare|monitor|#100[1-4]/);
  const other = await desk.send({ from: from.bianchi, subject: 'Ancora fermo' });
  expect(tagsIn(mailTo(other, 'luigi@kybernes.it').text)).toEqual(['[#1002]']);
});

test('it lists them for a ticket that staff open for the client, without a colleague’s phone', async () => {
  const opened = await desk.send({
    from: 'luigi@kybernes.it',
    text: 'apri per bruno@bianchi.it\n\nNon si accende.\n\n-- \nLuigi\nTel. 06 111 1111',
  });
  const { text } = mailTo(opened, 'marco@kybernes.it');
  expect(tagsIn(text)).toEqual(['[#1006]', '[#1002]']);
  expect(text).not.toContain('06 111 1111');
});
