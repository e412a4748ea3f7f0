import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CliDesk, clientMail, startCliDesk, workOnce } from './desk.ts';
import { kticket } from './kticket.ts';

describe('check --ledger', () => {
  let desk: CliDesk;
  beforeEach(async () => {
    desk = await startCliDesk();
  });
  afterEach(() => desk.stop());

  const ledger = async (): Promise<{ code: number | null; lines: string[] }> => {
    const { code, stdout } = await kticket(['check', '--ledger'], { env: desk.env });
    const lines = stdout.split('\n').filter((line) => / ledger /.test(line));
    return { code, lines: lines.map((line) => line.replace(/\s+/gu, ' ')) };
  };

  test('accounts for every message, and names what either side lacks', async () => {
    await desk.mailbox.deliver([clientMail('Uno'), clientMail('Due'), clientMail('Tre')]);
    await workOnce(desk.env);
    expect(await ledger()).toEqual({
      code: 0,
      lines: [
        'ok ledger 3 came in = 3 opened; outgoing: 9 sent',
        'ok ledger 3 filed on the server, all of them in the database',
      ],
    });

    await desk.mailbox.deliver([clientMail('Persa')], 'kTicket');
    await desk.mailbox.asOther(async (client) => {
      await client.mailboxOpen('kTicket');
      await client.messageDelete('1:2');
    });
    const { code, lines } = await ledger();
    expect(code).toBe(1);
    const name = new RegExp(
      `^FAIL ledger not in the database: .*/kTicket UID 4, received .*Z, <Persa@rossi\\.example>$`,
    );
    expect(lines[1]).toMatch(name);
    expect(lines[2]).toContain('1 of 2 filed on the server is not in the database');
    expect(lines[3]).toMatch(
      /^warn ledger 2 in the database but no longer .*, received (?:\S+|from (\S+) to (?!\1)\S+); .* cleaned up: message 1-2$/u,
    );
  });

  test('a message that waits too long is named, and whether anybody reads', async () => {
    await desk.mailbox.asOther(async (client) => {
      const anHourAgo = new Date(Date.now() - 60 * 60_000);
      await client.append('INBOX', Buffer.from(clientMail('Tardi')), [], anHourAgo);
    });
    await desk.mailbox.deliver([clientMail('Adesso')]);
    const { code, lines } = await ledger();
    expect(code).toBe(0);
    expect(lines.slice(2)).toEqual([
      expect.stringMatching(/^warn .*no worker reads .*<Tardi@rossi\.example>$/u),
    ]);
    const [name] = /\S+@127\.0\.0\.1:\d+\/INBOX/u.exec(lines[2] ?? '') ?? [''];
    await sql`
      insert into mailbox_reader (mailbox, worker, held_until)
      values (${name}, gen_random_uuid(), now() + interval '1 minute')`.execute(desk.scratch.db);
    const read = await ledger();
    expect(read.code).toBe(1);
    expect(read.lines[2]).toMatch(/^FAIL ledger waits for more than 10 minutes though a worker reads: /u);
  });
});
