import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliDesk, clientMail, startCliDesk, workOnce } from './desk.ts';
import { makeWorkerRole } from './worker-role.ts';

/** Roles are the whole server's: this one is only for this run. */
const role = `kticket_worker_${process.pid}`;

let desk: CliDesk;
let admin: Client;
let workerUrl: string;

/** Over the size from which a message is taken in by pieces. */
const large = 'Ancora una riga.\r\n'.repeat(300_000);

beforeAll(async () => {
  desk = await startCliDesk();
  admin = new Client({ connectionString: desk.scratch.url });
  await admin.connect();
  workerUrl = await makeWorkerRole(admin, desk.scratch.url, role);
});
afterAll(async () => {
  await admin.query(`drop owned by ${role}`);
  await admin.query(`drop role ${role}`);
  await admin.end();
  await desk.stop();
});

test('the role of the page runs the whole desk, large mails included', async () => {
  await desk.mailbox.deliver([clientMail('Non si stampa'), clientMail('Enorme') + large]);
  await workOnce({ ...desk.env, DATABASE_URL: workerUrl });
  const messages = await desk.scratch.db.selectFrom('message').select('disposition').execute();
  expect(messages).toEqual([{ disposition: 'opened' }, { disposition: 'opened' }]);
  expect(desk.smtp.received.length).toBeGreaterThanOrEqual(6);
});

test('and can neither make nor drop a table, nor change what was', async () => {
  const worker = new Client({ connectionString: workerUrl });
  await worker.connect();
  try {
    for (const sql of [
      'create table mine (n int)',
      'drop table ticket',
      'alter table ticket add column n int',
    ])
      await expect(worker.query(sql)).rejects.toThrow(/permission denied|must be owner/);
  } finally {
    await worker.end();
  }
});
