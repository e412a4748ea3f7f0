import { expect, test } from 'vitest';
import { deliverDue } from '../../src/desk/deliver.ts';
import type { TestSmtpServer } from '../harness/smtp-server.ts';
import { queue, rowOf, sendingDesk } from '../harness/sending.ts';

const slowDomains = ['slow1.test', 'slow2.test', 'slow3.test', 'slow4.test'];
const isSlow = (address: string): boolean => slowDomains.includes(address.split('@')[1] ?? '');

/** From now on the server keeps mail to slow domains waiting after its data, until it is let go. */
function keepWaiting(server: TestSmtpServer): { waiting: string[]; letGo: () => void } {
  const gate = Promise.withResolvers<null>();
  const waiting: string[] = [];
  server.replies.data = async (_bytes, [to = '']) => {
    if (!isSlow(to)) return null;
    waiting.push(to);
    await gate.promise;
    return null;
  };
  return { waiting, letGo: () => gate.resolve(null) };
}

const arrived = (server: TestSmtpServer): number =>
  server.received.filter(({ to: [to = ''] }) => !isSlow(to)).length;

test('one domain whose server is slow takes one lane, and 100 mails to others go out meanwhile', async () => {
  const { db, server, pass } = await sendingDesk();
  for (let i = 0; i < 10; i += 1) await queue(db, { recipient: `c${i}@slow1.test` });
  for (let i = 0; i < 100; i += 1) await queue(db, { recipient: `c${i}@d${i % 7}.test` });
  const { waiting, letGo } = keepWaiting(server);
  const passing = pass();
  await expect.poll(() => arrived(server), { timeout: 25_000 }).toBe(100);
  expect(waiting).toEqual(['c0@slow1.test']);
  letGo();
  expect(await passing).toMatchObject({ sent: 110, deferred: 0 });
});

test('as many slow domains as there are lanes leave them to the others, and to mail that comes later', async () => {
  const { db, server, pass } = await sendingDesk();
  for (const domain of slowDomains) for (const n of [1, 2]) await queue(db, { recipient: `c${n}@${domain}` });
  for (let i = 0; i < 20; i += 1) await queue(db, { recipient: `c${i}@rossi.test` });
  const { waiting, letGo } = keepWaiting(server);
  const passing = pass();
  await expect.poll(() => arrived(server), { timeout: 25_000 }).toBe(20);
  await queue(db, { recipient: 'later@rossi.test' });
  await expect.poll(() => arrived(server), { timeout: 25_000 }).toBe(21);
  expect(waiting.toSorted()).toEqual(slowDomains.map((domain) => `c1@${domain}`));
  expect(server.connections()).toBeLessThanOrEqual(8);
  letGo();
  expect(await passing).toMatchObject({ sent: 29 });
});

test.each([
  ['answers later', { code: 451, text: '4.4.1 no answer from host' }],
  ['drops the connection', 'hang_up'],
] as const)('a domain whose server %s holds up no other', async (_, reply) => {
  const { db, server, pass } = await sendingDesk();
  for (let i = 0; i < 10; i += 1) await queue(db, { recipient: `c${i}@slow1.test` });
  for (let i = 0; i < 100; i += 1) await queue(db, { recipient: `c${i}@d${i % 7}.test` });
  server.replies.rcptTo = (address) => (isSlow(address) ? reply : null);
  expect(await pass()).toMatchObject({ sent: 100, deferred: 10, unreachable: false });
});

test('asked to stop, it hangs up on a server that does not answer, and the mail stays due as it is', async () => {
  const { db, server, delivery } = await sendingDesk();
  const id = await queue(db, { recipient: 'c@slow1.test' });
  const stop = new AbortController();
  const gate = Promise.withResolvers<null>();
  server.replies.data = () => {
    stop.abort();
    return gate.promise;
  };
  expect(await deliverDue({ ...delivery, signal: stop.signal })).toMatchObject({ sent: 0, deferred: 0 });
  gate.resolve(null);
  expect(await rowOf(db, id)).toMatchObject({ state: 'queued', attempts: 0, last_error: null });
});
