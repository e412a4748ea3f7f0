import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchDatabase } from '../harness/database.ts';
import { fillDesk } from '../store/big-desk.ts';
import { kticket, launcher } from './kticket.ts';

const tickets = Number(process.env.KTICKET_TICKETS ?? 2_500);

describe(`the lists of a desk of ${tickets} tickets`, () => {
  let env: Record<string, string> = {};
  beforeAll(async () => {
    const { db, url } = await scratchDatabase();
    await fillDesk(db, tickets);
    env = { DATABASE_URL: url };
  }, 1_800_000);

  /** Lines of a list, counted as they come. */
  const lines = async (...args: string[]): Promise<{ count: number; first: string; last: string }> => {
    const child = spawn(process.execPath, [launcher, ...args], { env: { PATH: process.env.PATH, ...env } });
    const exit = once(child, 'exit');
    const seen = { count: 0, first: '', last: '' };
    for await (const line of createInterface(child.stdout)) {
      if (seen.count === 0) seen.first = line;
      seen.last = line;
      seen.count += 1;
    }
    expect((await exit)[0]).toBe(0);
    return seen;
  };

  test('are whole, in their order, however many pages they have', { timeout: 900_000 }, async () => {
    expect(await lines('ticket', 'list')).toMatchObject({
      count: tickets + 1,
      first: expect.stringMatching(/^TICKET/u),
      last: expect.stringMatching(new RegExp(`^#${1000 + tickets} `, 'u')),
    });
    expect((await lines('message', 'list')).count).toBe(tickets + 1);
    expect((await lines('outbox', 'list')).count).toBe(3 * tickets + 1);
    expect((await lines('ticket', 'list', '--json')).last).toBe(']');
  });

  test('are one JSON array, though they are printed page by page', { timeout: 900_000 }, async () => {
    if (tickets > 10_000) return;
    const { stdout } = await kticket(['ticket', 'list', '--json'], { env });
    const listed: unknown = JSON.parse(stdout);
    expect(listed).toHaveLength(tickets);
    expect(stdout).toBe(`${JSON.stringify(listed, null, 2)}\n`);
  });

  test('of nothing are an empty array, or say so', async () => {
    const none = await kticket(['ticket', 'list', '--state', 'open', '--json'], { env });
    const said = await kticket(['outbox', 'list', '--state', 'failed'], { env });
    expect([none.stdout, said.stdout]).toEqual(['[]\n', 'No outgoing mail.\n']);
  });

  test('end quietly where their reader has seen enough', async () => {
    const child = spawn(process.execPath, [launcher, 'ticket', 'list', '--json'], {
      env: { PATH: process.env.PATH, ...env },
    });
    let complaint = '';
    child.stderr.on('data', (said: Buffer) => {
      complaint += said.toString();
    });
    child.stdout.once('data', () => child.stdout.destroy());
    expect([(await once(child, 'close'))[0], complaint]).toEqual([0, '']);
  });
});
