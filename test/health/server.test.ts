import { once } from 'node:events';
import { request } from 'node:http';
import { sql } from 'kysely';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HealthConfig } from '../../src/health/examine.ts';
import { type HealthServer, serveHealth } from '../../src/health/server.ts';
import { connectDatabase } from '../../src/store/db/database.ts';
import { noteReached, vitalsOf } from '../../src/store/reports/health.ts';
import { scratchDatabase, type ScratchDatabase } from '../harness/database.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import { ticketStates } from '../../src/core/kinds.ts';

const name = 'desk@mail.example/INBOX';
const plain = { host: 'mail.example', secure: true, user: 'desk', password: '' };
const smtp = { ...plain, port: 465, name: 'mail.example:465' };
const config = (databaseUrl: string): HealthConfig => ({
  mailboxes: [{ ...plain, port: 993, folder: 'INBOX', name }],
  smtp,
  queueSmtp: [],
  pollSeconds: 60,
  databaseUrl,
  dataDirectory: '',
});
const said: string[] = [];
const log = pino({}, { write: (line: string) => void said.push(line) });

let scratch: ScratchDatabase;
const servers: HealthServer[] = [];
beforeEach(async () => {
  scratch = await scratchDatabase();
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await scratch.drop();
});
const serveAt = async (db = scratch.db, url = scratch.url): Promise<HealthServer> => {
  const server = await serveHealth(0, db, config(url), log);
  servers.push(server);
  return server;
};
/** Asks a health server of its own. */
const serve = async (db = scratch.db, url = scratch.url) => {
  const server = await serveAt(db, url);
  return async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  };
};

test('a success is noted at most every few seconds, by the database’s clock', async () => {
  const reached = noteReached(scratch.db);
  await reached.mailbox(name);
  await reached.smtp(smtp.name);
  await sql`update last_success set at = at - interval '1 hour'`.execute(scratch.db);
  await reached.mailbox(name);
  const vitals = await vitalsOf(scratch.db, config(''));
  expect(vitals.mailboxes[0]?.lastRead).toBeGreaterThan(3_599);
  expect(vitals.smtp[0]?.lastSent).toBeGreaterThan(3_599);
  await noteReached(scratch.db).mailbox(name);
  expect((await vitalsOf(scratch.db, config(''))).mailboxes[0]?.lastRead).toBeLessThan(60);
});

test('what waits is as old as its oldest, what is not due yet is no backlog', async () => {
  await sql`
    insert into message (received_at, taken_in_at, raw, size, sha256)
    values (now(), now() - interval '2 minutes', '', 0, ''), (now(), now(), '', 0, '')`.execute(scratch.db);
  await sql`
    insert into outbox (template, recipient, from_name, from_address, message_id, subject, text, html, state, next_attempt_at)
    select 'closed-client', 'a@b.example', '', '', '<' || state || wait || '>', '', '', '', state, now() + wait
      from (values ('queued', interval '1 hour'), ('deferred', '-3 minutes'), ('awaiting_release', '-1 day')) as mail (state, wait)`.execute(
    scratch.db,
  );
  const vitals = await vitalsOf(scratch.db, config(''));
  expect(Math.round((vitals.oldestWaiting ?? 0) / 60)).toBe(2);
  expect(Math.round((vitals.oldestDue ?? 0) / 60)).toBe(3);
  expect(vitals.held).toBeNull();
  await sql`update desk set restored_at = now()`.execute(scratch.db);
  expect((await vitalsOf(scratch.db, config(''))).held).toBe(1);
});

describe('over HTTP', () => {
  test('/healthz is 503 with what is wrong, and 200 where all is well', async () => {
    const get = await serve();
    expect(await get('/healthz')).toMatchObject({
      status: 503,
      text: expect.stringContaining(`FAIL  mailbox ${name}: never read yet`),
    });
    await noteReached(scratch.db).mailbox(name);
    const { status, text } = await get('/healthz');
    expect(
      text
        .replaceAll(/\d+ s/gu, 'N s')
        .split('\n')
        .map((line) => line.slice(0, 6).trim()),
    ).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'warn', '']);
    expect(status).toBe(200);
    expect((await get('/else')).status).toBe(404);
  });

  test.each([
    ['rebind.example.test', 421],
    ['rebind.example.test:PORT', 421],
    ['127.0.0.1.example.test:PORT', 421],
    ['127.0.0.1', 421],
    ['localhost:1', 421],
    ['localhost:PORT', 503],
    ['LOCALHOST:PORT', 503],
    ['127.0.0.1:PORT', 503],
  ])('a page that was reached by the name %j is answered with %i', async (host, status) => {
    const { port } = await serveAt();
    for (const path of ['/healthz', '/metrics', '/else']) {
      const asked = request({
        port,
        host: '127.0.0.1',
        path,
        headers: { host: host.replace('PORT', `${port}`) },
      }).end();
      const [response] = await once(asked, 'response');
      response.resume();
      const expected = status === 421 ? 421 : { '/healthz': 503, '/metrics': 200, '/else': 404 }[path];
      expect(response.statusCode).toBe(expected);
    }
  });

  test('/metrics are in the text format of Prometheus', async () => {
    await noteReached(scratch.db).mailbox(name);
    const get = await serve();
    const { status, type, text } = await get('/metrics');
    expect({ status, type }).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    const samples = text.split('\n').filter((line) => !line.startsWith('#'));
    for (const line of samples.filter((one) => one !== ''))
      expect(line).toMatch(/^kticket_[a-z_]+(?:\{[a-z]+="[^"]*"\})? -?\d+(?:\.\d+)?(?:e-?\d+)?$/u);
    expect(samples).toContain('kticket_healthy 1');
    expect(samples).toContain('kticket_messages{disposition="quarantined"} 0');
    expect(samples).toContain('kticket_outgoing_mails{state="awaiting_release"} 0');
    for (const state of ticketStates) expect(samples).toContain(`kticket_tickets{state="${state}"} 0`);
    expect(text).toContain(`kticket_mailbox_last_read_age_seconds{mailbox="${name}"} `);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('a database that is away is said, without its password, and in no line of the log for each who asks', async () => {
    const url = new URL(scratch.url);
    const wire = await startTcpProxy(Number(url.port));
    url.port = String(wire.port);
    const db = await connectDatabase({ databaseUrl: url.href, dataDirectory: '' });
    const get = await serve(db, url.href);
    await wire.refuse();
    for (const path of ['/healthz', '/metrics']) {
      const { status, text } = await get(path);
      expect(status).toBe(503);
      expect(text).toMatch(/^FAIL {2}database 127\.0\.0\.1:\d+\/scratch_\w+: /u);
      expect(text).not.toContain(url.password);
    }
    expect(said).toEqual([]);
    await db.close();
  });
});
