import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Client } from 'pg';
import { inject, onTestFinished, test, expect, beforeEach, afterEach, describe, vi } from 'vitest';
import { connectDatabase } from '../../src/store/db/database.ts';
import { noteStart } from '../../src/store/mails/outages.ts';
import { restoredAt } from '../../src/store/mails/restore.ts';
import { onDatabase as databaseUrl } from '../harness/postgres.ts';
import { type CliDesk, clientMail, startCliDesk, workOnce } from './desk.ts';
import { kticket, onDatabase } from './kticket.ts';

let desk: CliDesk;
beforeEach(async () => {
  desk = await startCliDesk();
});
afterEach(() => desk.stop());

/** A copy of the desk's database as it stands: what a backup is. Its URL; the test's end removes it. */
async function backup(): Promise<string> {
  const server = new Client({ connectionString: inject('postgresUrl') });
  await server.connect();
  const name = `backup_${randomBytes(6).toString('hex')}`;
  onTestFinished(async () => {
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  });
  await desk.scratch.db.close();
  await server.query(`create database ${name} template ${new URL(desk.scratch.url).pathname.slice(1)}`);
  return databaseUrl(inject('postgresUrl'), name);
}

describe('after an older backup came back', () => {
  test('the worker refuses to start until it was told with `restored`, and starts on any other database', async () => {
    const data = mkdtempSync(join(tmpdir(), 'kticket-seen-'));
    onTestFinished(() => rmSync(data, { recursive: true }));
    const env = { ...desk.env, KTICKET_DATA: data };
    const once = (change: Record<string, string> = {}) =>
      kticket(['run', '--once'], { env: { ...env, ...change } });
    await noteStart(desk.scratch.db, '1.0.0');
    expect(await once()).toMatchObject({ code: 0 });
    const old = await backup();
    await desk.mailbox.deliver([clientMail('Prima')]);
    expect(await once()).toMatchObject({ code: 0 });
    // the backup comes back under the database's own name
    const server = new Client({ connectionString: inject('postgresUrl') });
    await server.connect();
    const name = new URL(desk.scratch.url).pathname.slice(1);
    await server.query(`alter database ${name} rename to ${name}_lost`);
    await server.query(`create database ${name} template ${new URL(old).pathname.slice(1)}`);
    try {
      const refused = await once();
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain('kticket restored');
      expect(await kticket(['restored'], { env })).toMatchObject({ code: 0 });
      expect(await once()).toMatchObject({ code: 0 });
      expect(await kticket(['outbox', 'discard', '--all'], { env })).toMatchObject({ code: 0 });
      expect(await once()).toMatchObject({ code: 0 });
      // another database by the same name is none that came back
      const another = new Client({ connectionString: desk.scratch.url });
      await another.connect();
      await another.query('update worker_run set started_at = started_at - interval $$1 day$$');
      await another.query('delete from worker_run where id > 1');
      await another.end();
      expect(await once()).toMatchObject({ code: 0 });
    } finally {
      await server.query(`drop database ${name}_lost with (force)`);
      await server.end();
    }
  });

  test('nothing is sent and no number given twice until an administrator has looked', async () => {
    await desk.mailbox.deliver([clientMail('Prima')]);
    await workOnce(desk.env);
    // two were to be sent when the backup was made
    desk.smtp.replies.rcptTo = () => ({ code: 451, text: '4.3.0 later' });
    await desk.mailbox.deliver([clientMail('Seconda')]);
    await workOnce(desk.env);
    const old = await backup();
    desk.smtp.replies.rcptTo = () => null;
    await desk.mailbox.deliver([
      clientMail('Terza'),
      clientMail('Quarta'),
      clientMail('Re: [#1207] Lontana', { id: '<lontana@rossi.example>' }),
    ]);
    await workOnce(desk.env);
    const before = desk.smtp.received.length;

    const env = { ...desk.env, DATABASE_URL: old };
    const cli = onDatabase(old);
    const restoredDatabase = await connectDatabase({ databaseUrl: old, dataDirectory: '' });
    onTestFinished(() => restoredDatabase.close());
    const restored = await kticket(['restored'], { env });
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    expect(restored.stdout.split('\n').map((line) => line.replace(/;.*/u, ''))).toEqual([
      'held: 3 outgoing mails wait for release, and so does all that is written from now on',
      'numbers: the next ticket is #1308',
      'taken in: 3 messages that the backup did not know',
      'next: kticket run',
      '',
    ]);
    // a second run does nothing again
    expect((await kticket(['restored'], { env })).stdout).toMatch(/next ticket is #1308.*\ntaken in: 0 /u);
    expect((await kticket(['outbox', 'release', '--all'], { env })).stderr).toContain(
      '3 messages are not decided yet',
    );

    await workOnce(env);
    expect(desk.smtp.received).toHaveLength(before);
    const tickets = await cli.json('ticket', 'list');
    expect(tickets).toMatchObject([
      { number: 1001 },
      { number: 1002 },
      { number: 1308 },
      { number: 1309 },
      { number: 1310 },
    ]);
    const { rows } = await sql<{ id: number }>`
      select id from outbox where state = 'awaiting_release' order by id`.execute(restoredDatabase);
    const waiting = rows.map(({ id }) => id);
    expect(await cli.json('outbox', 'list', '--state', 'awaiting_release')).toHaveLength(waiting.length);
    expect(waiting).toHaveLength(3 + 3 * 3);
    const check = await kticket(['check', '--ledger'], { env });
    expect(check).toMatchObject({ code: 0 });
    expect(check.stdout).toMatch(/warn +restored +since .* all mail is held/u);
    expect(check.stdout).toMatch(/ok +ledger +5 filed on the server, all of them in the database/u);

    // what was sent in the lost time is taken back, the rest goes out
    const ids = waiting.map(String);
    expect(await cli.done('outbox', 'discard', ...ids.slice(3))).toBe('9 outgoing mails: cancelled\n');
    expect(await cli.refused('outbox', 'release', ids[0] ?? '', ids[5] ?? '')).toContain(
      'does not wait for release',
    );
    expect(await cli.done('outbox', 'release', '--all')).toBe(
      '3 outgoing mails: queued\nthe desk sends by itself again\n',
    );
    // where nothing was held, nothing begins again
    expect(await cli.done('outbox', 'release', '--all')).toBe('0 outgoing mails: queued\n');
    expect(await cli.done('outbox', 'show', ids[0] ?? '')).toMatch(/^ticket: +#1\d{3}$/mu);
    await desk.mailbox.deliver([clientMail('Ultima')]);
    await workOnce(env);
    expect(desk.smtp.received.length - before).toBe(3 + 3);
  });

  test('beside a worker that is sending, decisions go on, and what it puts off is held as well', async () => {
    desk.smtp.replies.rcptTo = () => ({ code: 451, text: '4.3.0 later' });
    await desk.mailbox.deliver([clientMail('Prima')]);
    await workOnce(desk.env);
    const { db } = desk.scratch;
    // as a worker does while a slow server takes a mail
    const [sent, locked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const sending = db.transaction().execute(async (tx) => {
      await sql`select from outbox where id = 1 for update`.execute(tx);
      locked.resolve();
      await sent.promise;
    });
    await locked.promise;
    const restored = kticket(['restored'], { env: desk.env });
    await vi.waitUntil(async () => (await restoredAt(db)) !== null, { timeout: 20_000 });
    await desk.mailbox.deliver([clientMail('Seconda')]);
    await workOnce(desk.env);
    expect(await onDatabase(desk.scratch.url).json('ticket', 'list')).toHaveLength(2);
    sent.resolve();
    await sending;

    expect((await restored).stdout).toContain('held: 3 outgoing mails');
    const { rows } = await sql`select distinct state from outbox`.execute(db);
    expect(rows).toEqual([{ state: 'awaiting_release' }]);
  });

  test('a number an administrator knows is respected', async () => {
    const restored = async (...options: string[]): Promise<string | undefined> =>
      /^numbers: (.*)$/mu.exec((await kticket(['restored', ...options], { env: desk.env })).stdout)?.[1];
    expect(await restored('--next-number', '5000')).toBe(
      'the next ticket is #5000; the backup would have gone on with #1001',
    );
    expect(await restored('--next-number', '4000')).toBe('the next ticket is #5000, as was settled before');
    expect(await restored('--next-number', '6000')).toBe('the next ticket is #6000; until now it was #5000');
    expect(await kticket(['outbox', 'release'], { env: desk.env })).toMatchObject({ code: 2 });
    expect(await onDatabase(desk.scratch.url).done('outbox', 'discard', '--all')).toContain(
      'by itself again',
    );
  });
});
