import { afterEach, beforeEach, expect, it } from 'vitest';
import { answer, desk, mailTo, openDesk, type PathDesk, type Sent } from '../builders/desk.ts';
import { addStaff, disableStaff } from '../../src/store/directory/staff.ts';

let here: PathDesk;
beforeEach(async () => {
  here = await openDesk();
});
afterEach(() => here.drop());

const luigi = 'luigi@kybernes.it';
const anna = 'anna@rossi.it';

/** The notification of a new ticket of Anna's. */
async function notified(): Promise<Sent> {
  return mailTo(await here.send({ from: anna, subject: 'La stampante non stampa' }), luigi);
}
const stateOf = async () => (await here.ticket(1001)).state;

it.each([
  ['a stranger', 'ladro@evil.example'],
  ['the client', anna],
  ['a client of another company', 'bruno@bianchi.it'],
  ['a staff member’s own address that is not enrolled', 'luigi.privato@posta.example'],
])(
  'a token that %s answered ends: its owner is told, and to answer the latest, which acts',
  async (_, whose) => {
    const mail = await notified();
    const written = await here.send(answer(mail, 'Non stampa nemmeno quella del primo piano.', whose));
    const asked = await here.send(answer(mail, 'chiudere'));
    expect(asked.disposition).toBe('confirm_asked');
    expect(mailTo(asked, luigi).text).toMatch(/non vale più.*rispondi all’ultima/u);
    expect(await stateOf()).toBe('open');
    const latest = mailTo(written, luigi);
    const word = latest.template === 'confirm-staff' ? 'conferma' : 'chiudere';
    expect((await here.send(answer(latest, word))).disposition).toBe('command');
  },
);

it('confirmed, what was written to an ended token is done', async () => {
  const mail = await notified();
  await here.send(answer(mail, 'Va ancora male', 'ladro@evil.example'));
  const asked = await here.send(answer(mail, 'chiudere'));
  await here.send(answer(mailTo(asked, luigi), 'conferma'));
  expect(await stateOf()).toBe('closed');
});

it('an alias that was taken away is a stranger’s: its mail ends the token', async () => {
  const alias = 'luigi.verdi@libero.it';
  const mail = await notified();
  await here.db.deleteFrom('staff_alias').where('email', '=', alias).execute();
  expect((await here.send(answer(mail, 'chiudere', alias))).disposition).toBe('held');
  const asked = await here.send(answer(mail, 'chiudere'));
  expect(mailTo(asked, luigi).text).toContain('non vale più');
});

it.each([
  ['cut', (token: string) => token.slice(1)],
  ['unknown', (token: string) => token.replaceAll(/[a-z]/gu, 'q')],
])('a token that is %s is not said to have ended', async (_, spoil) => {
  const mail = await notified();
  const [, token = ''] = /\+([a-z2-7]{26})@/u.exec(mail.replyTo) ?? [];
  const asked = await here.send({
    from: luigi,
    to: desk.replace('@', `+${spoil(token)}@`),
    subject: `Re: ${mail.subject}`,
    text: 'chiudere',
  });
  expect(asked.disposition).toBe('confirm_asked');
  expect(mailTo(asked, luigi).text).toContain('Non è arrivato a un indirizzo di risposta preparato per te');
});

it('another role ends no token: what the role allows is asked when it acts', async () => {
  const mail = await notified();
  const role = (to: 'technician' | 'clerk') =>
    here.db.updateTable('staff').set({ role: to }).where('email', '=', luigi).execute();
  await role('clerk');
  const refused = await here.send(answer(mail, 'chiudere'));
  expect(refused.disposition).toBe('refused');
  expect(mailTo(refused, luigi).text).not.toContain('non vale più');
  await role('technician');
  expect((await here.send(answer(mail, 'chiudere'))).disposition).toBe('command');
});

it('who was disabled and is staff again is not who they were: what they were sent before has ended', async () => {
  const mail = await notified();
  await disableStaff(here.db, luigi);
  expect((await here.send(answer(mail, 'chiudere'))).disposition).toBe('quarantined');
  await addStaff(here.db, { email: luigi, name: 'Luigi Verdi', role: 'technician', aliases: null });
  const asked = await here.send(answer(mail, 'chiudere'));
  expect(asked.disposition).toBe('confirm_asked');
  expect(mailTo(asked, luigi).text).toContain('non vale più');
  expect(await stateOf()).toBe('open');
});
