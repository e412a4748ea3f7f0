import { bytesKept, wordsKept } from '../builders/outbox.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { deliverDue } from '../../src/desk/deliver.ts';
import { openSmtp } from '../../src/mail/smtp/smtp.ts';
import { connectDatabase } from '../../src/store/db/database.ts';
import { cancel } from '../../src/store/mails/outbox.ts';
import { retryOutgoing } from '../../src/store/save/retry.ts';
import { later, queue, rowOf, sender, sendingDesk, untilRetry } from '../harness/sending.ts';

const deliverOnce = fileURLToPath(new URL('../harness/deliver-once.ts', import.meta.url));

/** A loopback port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

test('all that is due goes out once, from the desk, over few connections', async () => {
  const { db, server, pass } = await sendingDesk();
  for (let i = 0; i < 60; i += 1) await queue(db, { recipient: `c${i}@rossi.test` });
  let most = 0;
  server.replies.data = () => {
    most = Math.max(most, server.connections());
    return null;
  };
  expect(await pass()).toMatchObject({ sent: 60, deferred: 0, failed: 0, unreachable: false });
  expect(await pass()).toMatchObject({ sent: 0 });
  expect(new Set(server.received.map(({ to }) => to[0])).size).toBe(60);
  expect(server.received.every(({ from }) => from === sender)).toBe(true);
  expect(most).toBeLessThanOrEqual(4);
});

test('a mail that waits for its time is not sent before', async () => {
  const { db, pass } = await sendingDesk();
  const id = await queue(db, { next_attempt_at: sql<Date>`now() + interval '2 minutes'` });
  expect(await pass()).toMatchObject({ sent: 0 });
  expect(await rowOf(db, id)).toMatchObject({
    state: 'queued',
    sent_as: null,
    next_attempt_at: expect.any(Date),
  });
});

test('a sent mail is recorded with its try and its bytes', async () => {
  const { db, server, pass } = await sendingDesk();
  const id = await queue(db);
  await pass();
  const row = await rowOf(db, id);
  expect(row).toMatchObject({ state: 'sent', attempts: 1, last_error: null });
  expect(row.sent_at).toBeInstanceOf(Date);
  expect(await bytesKept(db, id)).toEqual(server.received[0]?.bytes);
});

test('two workers send each mail once', async () => {
  const { db, url, server, delivery, pass } = await sendingDesk();
  for (let i = 0; i < 40; i += 1) await queue(db);
  const second = openSmtp(server.settings);
  const its = await connectDatabase({ databaseUrl: url, dataDirectory: '' });
  const passes = await Promise.all([
    pass(),
    deliverDue({ ...delivery, db: its, route: { smtp: second, queues: null, user: null } }),
  ]);
  second.close();
  await its.close();
  expect(passes.reduce((sum, { sent }) => sum + sent, 0)).toBe(40);
  expect(server.received).toHaveLength(40);
});

test('when the connection drops after the data, the same bytes are sent again', async () => {
  const { db, server, pass } = await sendingDesk();
  const id = await queue(db);
  server.replies.data = () => 'hang_up';
  expect(await pass()).toMatchObject({ sent: 0, deferred: 1, unreachable: false });
  expect(await rowOf(db, id)).toMatchObject({ state: 'deferred', attempts: 1 });
  server.replies.data = () => null;
  await later(db);
  expect(await pass()).toMatchObject({ sent: 1 });
  const [first, second] = server.received;
  expect(second?.bytes).toEqual(first?.bytes);
  expect(await rowOf(db, id)).toMatchObject({ state: 'sent', attempts: 2 });
});

test('a worker that is killed while it sends loses nothing: another sends the same bytes at once', async () => {
  const { db, url, server, pass } = await sendingDesk();
  const id = await queue(db);
  const worker = spawn(process.execPath, [deliverOnce, url, String(server.settings.port), sender], {
    stdio: 'inherit',
  });
  const killed = once(worker, 'exit');
  const received = new Promise<void>((resolve) => {
    server.replies.data = async () => {
      // its data are here, its worker has no answer, and lives
      expect(await pass()).toMatchObject({ sent: 0 });
      worker.kill('SIGKILL');
      resolve();
      return null;
    };
  });
  await received;
  await killed;
  server.replies.data = () => null;
  await expect.poll(pass, { timeout: 10_000 }).toMatchObject({ sent: 1 });
  expect(server.received[1]?.bytes).toEqual(server.received[0]?.bytes);
  expect(await rowOf(db, id)).toMatchObject({ state: 'sent', attempts: 1 });
});

test('a mail over which the server always hangs up holds up no other', async () => {
  const { db, server, pass } = await sendingDesk();
  const poison = await queue(db, { recipient: 'poison@rossi.test' });
  server.replies.rcptTo = (address) => (address === 'poison@rossi.test' ? 'hang_up' : null);
  for (let i = 0; i < 12; i += 1) await queue(db);
  expect(await pass()).toMatchObject({ sent: 12, deferred: 1, unreachable: false });
  expect(await rowOf(db, poison)).toMatchObject({ state: 'deferred', attempts: 1 });
});

test('a temporary refusal defers the mail, for less than 30 seconds at first', async () => {
  const { db, server, failures, pass } = await sendingDesk();
  const id = await queue(db);
  server.replies.rcptTo = () => ({ code: 450, text: '4.2.1 greylisted' });
  expect(await pass()).toMatchObject({ sent: 0, deferred: 1, failed: 0, unreachable: false });
  const row = await rowOf(db, id);
  expect(row).toMatchObject({ state: 'deferred', attempts: 1 });
  expect(row.last_error).toContain('450 4.2.1 greylisted');
  expect(untilRetry(row)).toBeGreaterThan(5);
  expect(untilRetry(row)).toBeLessThanOrEqual(30);
  expect(failures).toEqual([]);
});

test.each([
  ['the recipient', 'rcptTo', { code: 550, text: '5.1.1 no such user' }],
  ['the message', 'data', { code: 554, text: '5.7.1 looks like spam' }],
] as const)(
  'a permanent refusal of %s fails the mail, and staff hear of a client’s',
  async (_, at, reply) => {
    const { db, server, failures, pass } = await sendingDesk();
    const id = await queue(db);
    server.replies[at] = () => reply;
    expect(await pass()).toMatchObject({ sent: 0, deferred: 0, failed: 1, unreachable: false });
    const row = await rowOf(db, id);
    expect(row).toMatchObject({ state: 'failed', attempts: 1 });
    expect(row.last_error).toContain(`${reply.code} ${reply.text}`);
    expect(failures).toMatchObject([
      { id, recipient: 'anna@rossi.test', attempts: 1, error: row.last_error },
    ]);
  },
);

test('mails to one reader leave in order, also where the first is put off', async () => {
  const { db, server, pass } = await sendingDesk();
  const ids: number[] = [];
  for (let i = 0; i < 30; i += 1) ids.push(await queue(db));
  const other = await queue(db, { recipient: 'bruno@rossi.test' });
  let refused = 0;
  server.replies.data = (_bytes, [to]) => {
    if (to !== 'anna@rossi.test' || refused === 3) return null;
    refused += 1;
    return { code: 451, text: '4.7.1 try again later' };
  };
  for (const _ of ['first', 'second', 'third']) {
    expect(await pass()).toMatchObject({ deferred: 1 });
    await later(db);
  }
  expect((await rowOf(db, other)).state).toBe('sent');
  expect(await pass()).toMatchObject({ sent: 30 });
  const bytes = await Promise.all(ids.map((id) => bytesKept(db, id)));
  const arrived = server.received.filter(({ to: [to] }) => to === 'anna@rossi.test').slice(3);
  expect(arrived.map((one) => bytes.findIndex((kept) => kept.equals(one.bytes)))).toEqual([...ids.keys()]);
});

test('a refused sender is the desk’s own trouble: no mail is given up for it', async () => {
  const { db, server, pass } = await sendingDesk();
  await queue(db);
  server.replies.mailFrom = () => ({ code: 550, text: '5.7.1 you may not send as this' });
  expect(await pass()).toMatchObject({ deferred: 1, failed: 0, unreachable: false });
});

test('a staff member’s mail that fails is recorded, and told to nobody', async () => {
  const { db, server, failures, pass } = await sendingDesk();
  const staff = await db
    .insertInto('staff')
    .values({ email: 'marco@kybernes.test', name: 'Marco', role: 'technician' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const id = await queue(db, { template: 'opened-staff', staff_id: staff.id });
  server.replies.rcptTo = () => ({ code: 550, text: '5.1.1 no such user' });
  expect(await pass()).toMatchObject({ failed: 1 });
  expect(await rowOf(db, id)).toMatchObject({ state: 'failed' });
  expect(failures).toEqual([]);
});

test('what is written about a failure is committed with it or not at all', async () => {
  const { db, server, delivery } = await sendingDesk();
  const id = await queue(db);
  server.replies.rcptTo = () => ({ code: 550, text: '5.1.1 no such user' });
  const broken = deliverDue({
    ...delivery,
    onFailed: async (tx) => {
      await tx.insertInto('blocked_sender').values({ email: 'x@y.test', proof: 'none' }).execute();
      throw new Error('a bug');
    },
  });
  await expect(broken).rejects.toThrow('a bug');
  expect(await rowOf(db, id)).toMatchObject({ state: 'queued', attempts: 0 });
  expect(await db.selectFrom('blocked_sender').selectAll().execute()).toEqual([]);
});

test('after five days of temporary refusals the mail fails', async () => {
  const { db, server, failures, pass } = await sendingDesk();
  const id = await queue(db, { state: 'deferred', attempts: 70 });
  server.replies.rcptTo = () => ({ code: 450, text: '4.2.2 mailbox full' });
  expect(await pass()).toMatchObject({ failed: 1 });
  expect((await rowOf(db, id)).last_error).toContain('given up after 5 days');
  expect(failures).toHaveLength(1);
});

test('a failed mail is sent again with the same bytes when an admin says so', async () => {
  const { db, server, pass } = await sendingDesk();
  const id = await queue(db);
  server.replies.data = () => ({ code: 554, text: '5.7.1 no' });
  await pass();
  server.replies.data = () => null;
  expect(await retryOutgoing(db, id)).toEqual({ ok: true });
  expect(await pass()).toMatchObject({ sent: 1 });
  expect(server.received[1]?.bytes).toEqual(server.received[0]?.bytes);
});

test('a server that is away costs no mail a try', async () => {
  const { db, delivery, pass } = await sendingDesk();
  const id = await queue(db);
  const away = openSmtp({ ...nobody(await closedPort()) });
  const outage = await deliverDue({ ...delivery, route: { smtp: away, queues: null, user: null } });
  away.close();
  expect(outage).toMatchObject({ sent: 0, deferred: 1, failed: 0, unreachable: true });
  expect(outage.trouble?.kind).toBe('unreachable');
  expect(outage.trouble?.text).toMatch(/^127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/);
  const row = await rowOf(db, id);
  expect(row).toMatchObject({ state: 'deferred', attempts: 0 });
  expect(untilRetry(row)).toBeLessThanOrEqual(30);
  await later(db);
  expect(await pass()).toMatchObject({ sent: 1, unreachable: false });
});

const nobody = (port: number) => ({
  host: '127.0.0.1',
  port,
  secure: false,
  user: null,
  password: null,
  name: `127.0.0.1:${port}`,
});

test('a server that is busy at its greeting costs no mail a try', async () => {
  const { db, server, pass } = await sendingDesk();
  await queue(db);
  server.replies.connect = () => ({ code: 421, text: '4.3.2 come back later' });
  expect(await pass()).toMatchObject({ sent: 0, deferred: 1, failed: 0, unreachable: true });
});

test('a server that takes one connection at a time gets everything', async () => {
  const { db, server, pass } = await sendingDesk();
  for (let i = 0; i < 20; i += 1) await queue(db);
  server.replies.connect = (place) => (place > 0 ? { code: 421, text: 'one at a time' } : null);
  expect(await pass()).toMatchObject({ sent: 20, unreachable: false });
  expect(server.received).toHaveLength(20);
});

test('a refused password names host and user, never the password, and costs no mail a try', async () => {
  const { db, server, delivery } = await sendingDesk({ user: 'desk', password: 'right' });
  const id = await queue(db);
  const smtp = openSmtp({ ...server.settings, password: 'wr0ng-secret' });
  const refused = await deliverDue({ ...delivery, route: { smtp, queues: null, user: null } });
  smtp.close();
  expect(refused).toMatchObject({ unreachable: true, trouble: { kind: 'auth_refused' } });
  expect(refused.trouble?.text).toContain('desk');
  expect(refused.trouble?.text).toContain(server.settings.name);
  expect(JSON.stringify([refused, await rowOf(db, id)])).not.toContain('wr0ng-secret');
  expect(await rowOf(db, id)).toMatchObject({ state: 'deferred', attempts: 0 });
});

test('a server that wants a login where none is configured says so', async () => {
  const { db, server, delivery } = await sendingDesk({ user: 'desk', password: 'right' });
  await queue(db);
  const smtp = openSmtp({ ...server.settings, user: null, password: null });
  const refused = await deliverDue({ ...delivery, route: { smtp, queues: null, user: null } });
  smtp.close();
  expect(refused.trouble).toMatchObject({ kind: 'auth_refused' });
  expect(refused.trouble?.text).toContain('SMTP_URL has none');
});

test('bytes are written before the first try, and no one can change them after', async () => {
  const { db, server, pass } = await sendingDesk();
  const id = await queue(db);
  let written: Buffer | null = null;
  server.replies.data = async () => {
    written = await bytesKept(db, id);
    return { code: 450, text: 'later' };
  };
  await pass();
  expect(written).toEqual(server.received[0]?.bytes);
  const changed = db
    .updateTable('outbox')
    .set({ slots: ['To: other@x.test'] })
    .where('id', '=', id)
    .execute();
  await expect(changed).rejects.toThrow('never change');
});

test('a mail that is taken back in time is never sent; one that is being sent is not taken back', async () => {
  const { db, server, pass } = await sendingDesk();
  const early = await queue(db, { next_attempt_at: sql<Date>`now() + interval '2 minutes'` });
  expect(await cancel(db, [early])).toEqual([early]);
  const late = await queue(db);
  let takenBack: number[] | null = null;
  server.replies.data = async () => {
    takenBack = await cancel(db, [late]);
    return null;
  };
  await pass();
  expect(takenBack).toEqual([]);
  expect(await rowOf(db, early)).toMatchObject({ state: 'cancelled' });
  expect(await rowOf(db, late)).toMatchObject({ state: 'sent' });
});

test('what an earlier version composed is sent as it is, and what it queued is composed now; both stay the same', async () => {
  const { db, server, pass } = await sendingDesk();
  const bytes = Buffer.from(`From: <${sender}>\r\nTo: anna@rossi.test\r\n\r\nCiao.\r\n`);
  const composed = await queue(db, { mime: bytes, sent_as: sender });
  const queued = await queue(db, { recipient: 'bruno@rossi.test', text: 'Il testo di prima.\n' });
  server.replies.data = () => ({ code: 450, text: 'later' });
  await pass();
  const first = server.received.map((mail) => mail.bytes);
  expect(first).toContainEqual(bytes);
  expect(await bytesKept(db, composed)).toEqual(bytes);
  expect((await wordsKept(db, queued)).text).toBe('Il testo di prima.\n');
  server.replies.data = () => null;
  await later(db);
  expect(await pass()).toMatchObject({ sent: 2 });
  expect(server.received.slice(2).map((mail) => mail.bytes)).toEqual(first);
});

test('the bytes that an earlier version wrote of a large mail are dropped once it is sent, its text is kept', async () => {
  const { db, server, pass } = await sendingDesk();
  const text = 'stampante '.repeat(60_000);
  const mime = Buffer.from(`From: <${sender}>\r\n\r\n${'stampante\r\n'.repeat(60_000)}`);
  const id = await queue(db, { text, mime, sent_as: sender });
  await pass();
  expect(server.received.map(({ bytes }) => bytes)).toEqual([mime]);
  expect(await rowOf(db, id)).toMatchObject({ state: 'sent', mime: null, text });
});

test('asked to stop, it finishes what is being sent and begins nothing', async () => {
  const { db, server, delivery } = await sendingDesk();
  for (let i = 0; i < 20; i += 1) await queue(db);
  const stop = new AbortController();
  server.replies.data = () => {
    stop.abort();
    return null;
  };
  const { sent } = await deliverDue({ ...delivery, signal: stop.signal });
  expect(sent).toBeGreaterThanOrEqual(1);
  expect(sent).toBeLessThanOrEqual(4);
  expect(server.received).toHaveLength(sent);
});
