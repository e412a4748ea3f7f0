import { keepBodies } from '../../src/store/mails/mail-bodies.ts';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { deliverDue } from '../../src/desk/deliver.ts';
import { createLog } from '../../src/log/log.ts';
import { openSmtp } from '../../src/mail/smtp/smtp.ts';
import { queue, rowOf, sender, sendingDesk } from '../harness/sending.ts';
import { startSmtpServer } from '../harness/smtp-server.ts';
import { addQueue } from '../../src/store/directory/queues.ts';

const pda = 'pda@kybernes.test';
const user = 'login@kybernes.test';

const fromOf = (bytes: Buffer): string =>
  /^From: .*?<?([^<>\s]+@[^<>\s]+?)>?\r$/m.exec(bytes.toString())?.[1] ?? '';
const idOf = (bytes: Buffer | undefined) => /^Message-ID: (.*)\r$/m.exec(bytes?.toString() ?? '')?.[1];

/** A desk whose login is an address, at a server that lets it send only as some. */
async function deskThatMaySendAs(...allowed: string[]) {
  const desk = await sendingDesk();
  const warnings: string[] = [];
  const log = createLog('silent');
  log.warn = (...words: unknown[]) => void warnings.push(String(words[1]));
  const may = [...allowed];
  const arrived: { from: string; envelope: string }[] = [];
  desk.server.replies.data = (bytes) => {
    if (!may.includes(fromOf(bytes)))
      return { code: 550, text: '5.7.60 no permissions to send as this sender' };
    arrived.push({ from: fromOf(bytes), envelope: desk.server.received.at(-1)?.from ?? '' });
    return null;
  };
  const delivery = { ...desk.delivery, log, route: { ...desk.delivery.route, user } };
  return { ...desk, may, warnings, arrived, pass: () => deliverDue(delivery) };
}

test('where the server refuses the queue’s address, mails are from the desk at once and from then on, and it is said once', async () => {
  const { db, server, pass, arrived, warnings } = await deskThatMaySendAs(sender);
  const id = await queue(db, { from_address: pda, from_name: 'Assistenza PDA' });
  expect(await pass()).toMatchObject({ sent: 1, deferred: 0, failed: 0 });
  expect(await rowOf(db, id)).toMatchObject({ state: 'sent', attempts: 1, sent_as: sender });
  await queue(db, { from_address: pda });
  expect(await pass()).toMatchObject({ sent: 1 });
  expect(arrived).toEqual([
    { from: sender, envelope: sender },
    { from: sender, envelope: sender },
  ]);
  expect(server.received).toHaveLength(3);
  expect(idOf(server.received[1]?.bytes)).toBe(idOf(server.received[0]?.bytes));
  expect(server.received[1]?.bytes.toString()).toContain('From: Assistenza PDA <');
  expect(warnings.filter((line) => line.includes('does not let this login send as'))).toEqual([
    expect.stringContaining(`send as ${pda}: mails of ${pda} are from ${sender} instead`),
  ]);
});

test('where only the login’s own address may send, mails are from it, and come back to it', async () => {
  const { db, pass, arrived } = await deskThatMaySendAs(user);
  await queue(db, { from_address: pda });
  await queue(db);
  expect(await pass()).toMatchObject({ sent: 2 });
  expect(arrived).toEqual([
    { from: user, envelope: user },
    { from: user, envelope: user },
  ]);
});

test('a queue is registered with the From to use: no other is tried', async () => {
  const { db, server, pass, arrived } = await deskThatMaySendAs('shared@kybernes.test');
  await addQueue(db, { address: pda, name: 'PDA' }, { from: 'shared@kybernes.test' });
  await queue(db, { from_address: pda });
  expect(await pass()).toMatchObject({ sent: 1 });
  expect(arrived).toEqual([{ from: 'shared@kybernes.test', envelope: sender }]);
  expect(server.received).toHaveLength(1);
});

test('where every sender is refused the mail waits, says what to set, and is tried from the first again', async () => {
  const { db, pass, may } = await deskThatMaySendAs();
  const id = await queue(db, { from_address: pda });
  expect(await pass()).toMatchObject({ sent: 0, deferred: 1, failed: 0, unreachable: false });
  const row = await rowOf(db, id);
  expect(row).toMatchObject({ state: 'deferred', attempts: 1, sent_as: null });
  expect(row.last_error).toContain(`none of ${pda}, ${sender}, ${user}`);
  expect(row.last_error).toContain('kticket queue add');
  may.push(pda);
  await db.updateTable('outbox').set({ next_attempt_at: sql<Date>`now()` }).execute();
  expect(await pass()).toMatchObject({ sent: 1 });
  expect(await rowOf(db, id)).toMatchObject({ sent_as: pda });
});

test('registering the queue again, or a week, lets its own address be tried anew', async () => {
  const { db, pass, may, arrived } = await deskThatMaySendAs(sender);
  await queue(db, { from_address: pda });
  await pass();
  may.push(pda);
  await addQueue(db, { address: pda, name: 'PDA' });
  await queue(db, { from_address: pda });
  await pass();
  expect(arrived.map(({ from }) => from)).toEqual([sender, pda]);
  await db
    .insertInto('sender_refused')
    .values({ queue: pda, sender: pda, refused_at: new Date(0) })
    .execute();
  await queue(db, { from_address: pda });
  await pass();
  expect(arrived[2]).toEqual({ from: pda, envelope: sender });
});

test('a queue with a login of its own goes out by it, from and back to the queue, and its trouble holds up no other', async () => {
  const { db, server, delivery } = await sendingDesk();
  const own = await startSmtpServer();
  const smtp = openSmtp(own.settings);
  onTestFinished(async () => {
    smtp.close();
    await own.close();
  });
  const route = { smtp, queues: [pda], user: pda };
  const mine = { ...delivery, others: [route] };
  const its = { ...delivery, route, others: [delivery.route] };
  await queue(db);
  const theirs = await queue(db, { from_address: pda });
  expect(await deliverDue(mine)).toMatchObject({ sent: 1 });
  expect(await deliverDue(its)).toMatchObject({ sent: 1 });
  expect(server.received.map(({ from }) => from)).toEqual([sender]);
  expect(own.received.map(({ from }) => from)).toEqual([pda]);
  expect(await rowOf(db, theirs)).toMatchObject({ sent_as: pda });
  own.replies.connect = () => ({ code: 421, text: 'not now' });
  own.hangUp();
  const waits = await queue(db, { from_address: pda });
  await queue(db);
  expect(await deliverDue(its)).toMatchObject({ sent: 0, deferred: 1, unreachable: true });
  expect(await deliverDue(mine)).toMatchObject({ sent: 1, unreachable: false });
  expect(await rowOf(db, waits)).toMatchObject({ state: 'deferred', attempts: 0 });
});

test('bytes are given up only with the server’s refusal of their sender; nothing else changes or drops them', async () => {
  const { db, server, pass } = await sendingDesk();
  const id = await queue(db);
  server.replies.data = () => ({ code: 450, text: 'later' });
  await pass();
  const row = await rowOf(db, id);
  const [body] = await keepBodies(db, [
    { body: { bytes: Buffer.from('x'), gaps: [] }, subject: '', files: [] },
  ]);
  type Change = Partial<
    Pick<typeof row, 'sent_as' | 'slots' | 'body_id' | 'mime' | 'sender_refused_at' | 'state'>
  >;
  const change = (set: Change) => db.updateTable('outbox').set(set).where('id', '=', id).execute();
  const others: Change[] = [
    { sent_as: 'other@x.test' },
    { slots: ['To: other@x.test'] },
    { body_id: body ?? 0 },
  ];
  for (const other of others) {
    await expect(change(other)).rejects.toThrow('never change');
    await expect(change({ ...other, sender_refused_at: new Date() })).rejects.toThrow('never change');
  }
  await expect(change({ mime: Buffer.from('other') })).rejects.toThrow('never change');
  await expect(change({ sent_as: null })).rejects.toThrow('never change');
  await expect(change({ sent_as: null, state: 'failed', sender_refused_at: new Date() })).rejects.toThrow(
    'never change',
  );
  await expect(
    db
      .updateTable('mail_body')
      .set({ encoded: Buffer.from('other') })
      .execute(),
  ).rejects.toThrow('never change');
  await change({ sent_as: null, sender_refused_at: new Date() });
  await expect(change({ slots: ['To: other@x.test'] })).rejects.toThrow('never change');
  server.replies.data = () => null;
  await db.updateTable('outbox').set({ next_attempt_at: sql<Date>`now()` }).execute();
  expect(await pass()).toMatchObject({ sent: 1 });
  await expect(change({ sent_as: 'other@x.test' })).rejects.toThrow('never change');
});
