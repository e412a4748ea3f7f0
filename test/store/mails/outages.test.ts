import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { historyLines } from '../../../src/core/commands/log-lines.ts';
import { noteDatabaseOutage, noteEnd, noteOutage } from '../../../src/store/mails/outages.ts';
import { readJournal } from '../../../src/store/reports/history.ts';
import { type ScratchDatabase, scratchDatabase } from '../../harness/database.ts';

let scratch: ScratchDatabase;
beforeEach(async () => {
  scratch = await scratchDatabase();
  return () => scratch.drop();
});

const away = { what: 'smtp', part: 'smtp.example:465', kind: 'unreachable', said: 'nobody answers' } as const;

/** What `kticket log` tells, without times. */
async function told(since = new Date(0)): Promise<string[]> {
  const lines = historyLines(await readJournal(scratch.db, { since, ticket: null }));
  return lines.map(({ tone, words }) => `${tone}: ${words}`);
}

test('an outage is one line from beginning to end, however often and by however many workers it is seen', async () => {
  await noteOutage(scratch.db, away, 60);
  await Promise.all([noteOutage(scratch.db, away), noteOutage(scratch.db, away)]);
  expect(await told()).toEqual([
    'bad: mail cannot be sent by smtp.example:465: nobody answers. It waits in the outbox; the desk keeps trying',
  ]);
  await noteEnd(scratch.db, away.part);
  await noteEnd(scratch.db, away.part);
  expect(await told()).toEqual([
    'plain: mail cannot be sent by smtp.example:465: nobody answers. It waits in the outbox; the desk keeps trying',
    'good: mail is sent again by smtp.example:465 after 1 min',
  ]);
});

test('one that lasts is told however early it began, one that is over only since its time', async () => {
  await noteOutage(scratch.db, away, 7200);
  const anHourAgo = new Date(Date.now() - 3_600_000);
  expect(await told(anHourAgo)).toHaveLength(1);
  await noteEnd(scratch.db, away.part);
  expect(await told(anHourAgo)).toEqual(['good: mail is sent again by smtp.example:465 after 2 h']);
});

test('one whose worker was killed wants nobody any more, and the next one is another', async () => {
  await noteOutage(scratch.db, away);
  await sql`update outage_history set began_at = began_at - interval '2 hours', seen_at = seen_at - interval '1 hour'`.execute(
    scratch.db,
  );
  expect((await told())[0]).toMatch(/^plain: /u);
  await noteOutage(scratch.db, away);
  expect(await told()).toEqual([
    expect.stringMatching(/^plain: mail cannot/u),
    'good: mail is sent again by smtp.example:465 after 1 h',
    expect.stringMatching(/^bad: mail cannot/u),
  ]);
});

test('one of the database is noted afterwards, and is one for all workers that saw it', async () => {
  const said = 'the connection to the database was lost';
  await Promise.all(
    [
      { said, began: 720, ended: 2 },
      { said, began: 700, ended: 1 },
    ].map((one) => noteDatabaseOutage(scratch.db, one)),
  );
  await noteDatabaseOutage(scratch.db, { said, began: 7200, ended: 7100 });
  expect(await told()).toEqual([
    `plain: the database cannot be used: ${said}. Everything waits until it is back; nothing is lost`,
    'good: the database works again after 2 min',
    `plain: the database cannot be used: ${said}. Everything waits until it is back; nothing is lost`,
    'good: the database works again after 12 min',
  ]);
});
