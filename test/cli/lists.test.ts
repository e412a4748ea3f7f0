import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { array, assert, constantFrom, property } from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { csvLine, withoutGuard } from '../../src/cli/terminal/lists/csv.ts';
import { terminalLocale } from '../../src/cli/terminal/output.ts';
import { scratchDatabase } from '../harness/database.ts';
import { fillDesk } from '../store/big-desk.ts';
import { kticket, onDatabase } from './kticket.ts';

/** A desk of 600 tickets, more than two pages, of two companies. */
async function desk() {
  const { url, db } = await scratchDatabase();
  await fillDesk(db, 600);
  const cli = onDatabase(url);
  const numbers = async (...args: string[]): Promise<number[]> => {
    const rows: { number: number }[] = JSON.parse(await cli.done('ticket', 'list', '--json', ...args));
    return rows.map(({ number }) => number);
  };
  return { cli, db, numbers };
}

describe('a list', () => {
  test('is as long as was asked for, from either end, over the bounds of its pages', async () => {
    const { cli, numbers } = await desk();
    const all = await numbers();
    expect(all).toEqual(Array.from({ length: 600 }, (_, i) => 1001 + i));
    expect(await numbers('--newest')).toEqual(all.toReversed());
    expect(await numbers('--limit', '251')).toEqual(all.slice(0, 251));
    expect(await numbers('--newest', '--limit', '500')).toEqual(all.toReversed().slice(0, 500));
    const ids = async (...args: string[]) => {
      const rows: { id: number }[] = JSON.parse(await cli.done(...args, '--json'));
      return rows.map(({ id }) => id);
    };
    expect(await ids('message', 'list', '--newest', '--limit', '2')).toEqual([600, 599]);
    expect(await ids('outbox', 'list', '--newest', '--limit', '2')).toEqual([1800, 1799]);
  });

  test('is of those that its filters name, all of them together', async () => {
    const { cli, numbers } = await desk();
    // of each company every second ticket, of each technician every second
    expect(await numbers('--company', 'ditta 1 srl', '--limit', '2')).toEqual([1002, 1004]);
    expect(await numbers('--assignee', 'bruno@bench.example', '--limit', '2')).toEqual([1002, 1004]);
    expect(await numbers('--company', 'Ditta 2 S.r.l.', '--assignee', 'bruno@bench.example')).toEqual([]);
    expect(await numbers('--assignee', 'none')).toEqual([]);
    expect(await numbers('--queue', 'desk@bench.example', '--limit', '1')).toEqual([1001]);
    // five minutes between two
    expect(await numbers('--since', '17m')).toEqual([1599, 1600]);
    for (const kind of ['message', 'outbox']) {
      const listed: { ticket: number }[] = JSON.parse(
        await cli.done(kind, 'list', '--company', 'Ditta 1 S.r.l.', '--since', '17m', '--json'),
      );
      expect(new Set(listed.map(({ ticket }) => ticket))).toEqual(new Set([1600]));
    }
  });

  test('says what it does not understand, what it takes, and what was probably meant', async () => {
    const { url } = await scratchDatabase();
    const cli = onDatabase(url);
    for (const [args, words] of [
      [
        ['ticket', 'list', '--state', 'opne'],
        /'opne' is invalid\. Expected one of: open, .*Did you mean open\?/u,
      ],
      [['ticket', 'list', '--sicne', '7d'], /unknown option '--sicne'\n\(Did you mean --since\?\)/u],
      [['ticket', 'list', '--since', 'ieri'], /'ieri' is invalid\. Expected a date such as 2026-11-24/u],
      [['outbox', 'list', '--limit', '0'], /'0' is invalid\. Expected a whole number from 1 on, such as 20/u],
      [['message', 'list', '--queue', 'pda'], /'pda' is invalid\. Expected a bare mail address such as/u],
      [['company', 'list', '--csv', '--json'], /'--csv' cannot be used with option '--json'/u],
    ] as const) {
      expect(await cli.wrong(...args)).toMatch(words);
    }
    expect(await cli.refused('ticket', 'list', '--company', 'Nessuno')).toContain(
      'No company is called "Nessuno"',
    );
    await cli.done('queue', 'add', 'pda@desk.example', '--name', 'PDA');
    for (const kind of ['ticket', 'message', 'outbox']) {
      expect(await cli.refused(kind, 'list', '--queue', 'pad@desk.example')).toContain(
        'pad@desk.example is no queue. There is pda@desk.example. `kticket queue list` shows all.',
      );
      expect(await cli.done(kind, 'list', '--queue', 'pda@desk.example')).toMatch(/^No /u);
    }
    expect(await cli.refused('contact', 'list', '--company', 'Nessuno')).toContain('No company is called');
    expect(await cli.refused('ticket', 'list', '--assignee', 'a@b.it')).toContain(
      'a@b.it is no staff member',
    );
  });
});

test('a ticket is shown in the language of the terminal, at the times of the desk, and its JSON in neither', async () => {
  const { url, db } = await scratchDatabase();
  await fillDesk(db, 1);
  const at = '2026-11-24T09:49:00Z';
  await sql`update ticket set opened_at = ${at}, taken_at = null, closed_at = null, state = 'open',
                               contracts = '{remote}'`.execute(db);
  const show = async (env: Record<string, string>, ...more: string[]) => {
    const ended = await kticket(['ticket', 'show', '1001', ...more], { env: { DATABASE_URL: url, ...env } });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    return ended.stdout;
  };
  const italian = await show({ LC_ALL: '', LC_MESSAGES: 'it_IT.UTF-8', LANG: 'de_DE.UTF-8', LOCALE: 'en' });
  for (const line of [
    /^numero: +#1001$/mu,
    /^stato: +aperto$/mu,
    /^contratti: +assistenza remota$/mu,
    /^aperto: +24 nov 2026, 10:49$/mu,
    /^preso in carico: +-$/mu,
    /  apertura  bruno@bench\.example$/mu,
  ])
    expect(italian).toMatch(line);
  const english = await show({ LC_ALL: 'C', LANG: 'it_IT.UTF-8', TZ: 'America/New_York' });
  for (const line of [
    /^state: +open$/mu,
    /^opened: +24 Nov 2026, 04:49$/mu,
    /  taken in charge  bruno@bench\.example$/mu,
  ])
    expect(english).toMatch(line);
  expect(await show({}, '--json')).toBe(
    await show({ LANG: 'it_IT.UTF-8', TZ: 'America/New_York' }, '--json'),
  );
  for (const [LANG, locale] of [
    ['it', 'it'],
    ['it.UTF-8', 'it'],
    ['ita_Other', 'en'],
    ['fr_FR.UTF-8', 'en'],
    ['POSIX', 'en'],
    [undefined, 'en'],
  ] as const)
    expect(terminalLocale({ LANG })).toBe(locale);
  const wrong = await kticket(['ticket', 'show', '1001'], { env: { DATABASE_URL: url, TZ: 'Mars/Base' } });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('TZ') });
});

test('of outgoing mail that is due a list says that it is tried now', async () => {
  const { url, db } = await scratchDatabase();
  await fillDesk(db, 1);
  await sql`update outbox set state = 'deferred', sent_at = null, attempts = 1, last_error = '451',
                              next_attempt_at = '2026-11-24T10:00:00Z'
             where id = (select max(id) from outbox)`.execute(db);
  const [, row] = (await onDatabase(url).done('outbox', 'list', '--newest', '--limit', '1')).split('\n');
  expect(row).toMatch(/ 1 +now +451$/u);
});

describe('CSV', () => {
  test('has the fields of the JSON, those of an object by both names, in its order', async () => {
    const { cli } = await desk();
    for (const kind of ['ticket', 'message', 'outbox', 'company', 'contact', 'staff', 'category', 'queue']) {
      const [header] = parse(await cli.done(kind, 'list', '--csv'));
      const [row]: unknown[] = JSON.parse(
        kind === 'queue' ? '[{"address":"","name":""}]' : await cli.done(kind, 'list', '--json'),
      );
      expect(header).toEqual(namesOf(row));
    }
  });

  test('is read again by any reader of RFC 4180 as it was, and by import without the guard', () => {
    assert(
      property(array(array(plainText, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        const width = Math.min(...rows.map((row) => row.length));
        const table = rows.map((row) => row.slice(0, width));
        const read: string[][] = parse(table.map(csvLine).join(''), { relax_column_count: true });
        expect(read.map((row) => row.map(withoutGuard))).toEqual(table);
        for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/u);
      }),
    );
  });

  test('holds times, lists and nothing as the contract writes them, and no token', () => {
    const at = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(csvLine([1, true, at, ['a', 'b c'], null, 'x, "y"\nz', '=1+1', '-', "'=1"])).toBe(
      `1,true,2026-01-02T03:04:05.000Z,a|b c,,"x, ""y""\nz",'=1+1,'-,''=1\r\n`,
    );
    expect(csvLine(['desk+mfrggzdfmztwq2lknnwg23tpoa@x.it', '\u001b[2J'])).toBe('desk+…@x.it,\\x1b[2J\r\n');
  });

  test('of companies, contacts, staff, queues and categories is imported again as it is', async () => {
    const [from, to] = [await scratchDatabase(), await scratchDatabase()];
    const one = onDatabase(from.url);
    await one.done('company', 'add', 'Rossi, "Figli"', '--domain', 'rossi.it', '--contract', 'remote');
    await one.done('company', 'add', '=Uno', '--domain', 'uno.it', '--domain', 'due.it');
    await one.done('company', 'end', '=Uno');
    await one.done('contact', 'add', '+a@gmail.com', '--company', '=Uno', '--name', '@nna');
    await one.done('staff', 'add', 'ugo@x.it', '--name', 'Ugo', '--role', 'technician', '--alias', 'u@y.it');
    await one.done('queue', 'add', 'pda@x.it', '--name', 'PDA');
    await one.done('category', 'add', 'Stampa', '--keyword', 'non stampa', '--keyword', 'toner');
    const two = onDatabase(to.url);
    const folder = mkdtempSync(join(tmpdir(), 'kticket-lists-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const [kind, kinds] of [
      ['company', 'companies'],
      ['contact', 'contacts'],
      ['staff', 'staff'],
      ['queue', 'queues'],
      ['category', 'categories'],
    ] as const) {
      const csv = await one.done(kind, 'list', '--csv');
      const file = join(folder, `${kinds}.csv`);
      writeFileSync(file, csv);
      expect(await two.done('import', file, '--kind', kinds)).toContain('registered or updated');
      expect(await two.done(kind, 'list', '--csv')).toBe(csv);
    }
  });
});

/** What a cell may hold: no control characters, which are made visible, nothing that is taken for a token. */
const plainText = array(constantFrom('=', '+', '-', '@', "'", '"', ',', ';', '\n', ' ', 'a', 'è', '1'), {
  maxLength: 12,
}).map((letters) => letters.join(''));

function namesOf(row: unknown): string[] {
  return Object.entries(row ?? {}).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.keys(value).map((inner) => `${name}.${inner}`)
      : [name],
  );
}
