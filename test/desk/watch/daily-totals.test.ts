import { sql } from 'kysely';
import pino from 'pino';
import { expect, test } from 'vitest';
import { dailyTotals } from '../../../src/desk/watch/daily-totals.ts';
import { auditTotals } from '../../../src/store/reports/audit.ts';
import { scratchDatabase } from '../../harness/database.ts';
import { dispositions } from '../../../src/core/kinds.ts';

const never = new AbortController().signal;
const mails = (disposition: string, count: number) => sql`
  insert into message (received_at, raw, size, sha256, disposition, reason, decided_at)
  select now(), '', 0, '', ${disposition},
         case when ${disposition} <> 'pending' then 'for the test' end,
         case when ${disposition} <> 'pending' then now() end
    from generate_series(1, ${count})`;

test('what came in is the sum of all dispositions, pending and quarantined ones too', async () => {
  const { db } = await scratchDatabase();
  await mails('pending', 2).execute(db);
  await mails('quarantined', 1).execute(db);
  await mails('ignored', 4).execute(db);
  const account = await auditTotals(db);
  expect(Object.keys(account.incoming)).toEqual([...dispositions]);
  expect(account).toMatchObject({
    cameIn: 7,
    incoming: { pending: 2, quarantined: 1, ignored: 4, opened: 0 },
  });
  expect(Object.values(account.incoming).reduce((sum, count) => sum + count)).toBe(account.cameIn);
});

test('each worker says it when it starts, and one for all after midnight', async () => {
  const { db } = await scratchDatabase();
  await mails('ignored', 1).execute(db);
  const lines: string[] = [];
  const worker = (name: string) =>
    dailyTotals(
      db,
      'Europe/Rome',
      pino({}, { write: (line: string) => void lines.push(`${name} ${JSON.parse(line).msg}`) }),
      never,
    );
  const [one, two] = [worker('one'), worker('two')];
  const words = 'account: 1 came in = 1 ignored; outgoing: 0';
  for (const loop of [one, two, one, two]) await loop.pass();
  expect(lines).toEqual([`one ${words}`, `two ${words}`]);
  await sql`update desk set accounted_on = accounted_on - 1`.execute(db);
  lines.length = 0;
  for (const loop of [two, one]) await loop.pass();
  expect(lines).toEqual([`two ${words}`]);
});

test('the day is that of the desk’s time zone', async () => {
  const { db } = await scratchDatabase();
  const log = pino({ level: 'silent' });
  await dailyTotals(db, 'Pacific/Kiritimati', log, never).pass();
  const { rows } = await sql<{ same: boolean }>`
    select accounted_on = (now() at time zone 'Pacific/Kiritimati')::date as same from desk`.execute(db);
  expect(rows).toEqual([{ same: true }]);
});
