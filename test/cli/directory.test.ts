import { expect, test } from 'vitest';
import { scratchDatabase } from '../harness/database.ts';
import { kticket, onDatabase } from './kticket.ts';

test('what was added is listed in the shapes of the contract', async () => {
  const cli = onDatabase((await scratchDatabase()).url);
  await cli.done('company', 'add', 'Rossi  S.r.l.', '--domain', '@Rossi.IT', '--contract', 'pay-per-use');
  await Promise.all([
    cli.done('contact', 'add', 'Lucia@Gmail.com', '--company', 'rossi s.r.l.'),
    cli.done('staff', 'add', 'Anna@x.it', '--name', 'Anna', '--role', 'clerk', '--alias', 'A@y.it'),
    cli.done('queue', 'add', 'pda@x.it', '--name', 'PDA'),
    cli.done('category', 'add', 'Stampa', '--keyword', 'toner'),
  ]);
  Object.assign(cli.env, { DESK_ADDRESS: 'Assistenza <desk@x.it>' });
  const [companies, shown, contacts, staff, queues, categories] = await Promise.all([
    cli.json('company', 'list'),
    cli.json('company', 'show', 'ROSSI S.R.L.'),
    cli.json('contact', 'list'),
    cli.json('staff', 'list'),
    cli.json('queue', 'list'),
    cli.json('category', 'list'),
  ]);
  expect(shown).toEqual({
    name: 'Rossi S.r.l.',
    domains: ['rossi.it'],
    contracts: ['pay-per-use'],
    ended: false,
  });
  expect(companies).toEqual([shown]);
  expect(contacts).toEqual([
    { email: 'lucia@gmail.com', name: null, company: 'Rossi S.r.l.', disabled: false },
  ]);
  expect(staff).toEqual([
    { email: 'anna@x.it', name: 'Anna', role: 'clerk', aliases: ['a@y.it'], disabled: false },
  ]);
  expect(queues).toEqual([
    { address: 'desk@x.it', name: 'Assistenza' },
    { address: 'pda@x.it', name: 'PDA' },
  ]);
  expect(categories).toEqual([
    { name: 'Altro', keywords: [] },
    { name: 'Stampa', keywords: ['toner'] },
  ]);
});

test('a refusal exits 1 with its words on standard error and changes nothing', async () => {
  const cli = onDatabase((await scratchDatabase()).url);
  expect(await cli.refused('company', 'add', 'Bianchi', '--domain', 'gmail.com')).toContain('gmail.com');
  expect(await cli.done('company', 'list')).toBe('No company is registered.\n');
});

test('wrong use exits 2 and says what was expected', async () => {
  const env = { DATABASE_URL: 'postgres://127.0.0.1:1/never-asked' };
  const wrong: [string[], string][] = [
    [['company', 'add', 'Rossi', '--domain', 'rossi'], 'Expected a domain such as rossi.it.'],
    [['company', 'add', ' '], 'Expected a name'],
    [['staff', 'add', 'anna@x.it', '--name', 'Anna', '--role', 'boss'], 'technician, clerk, administrator'],
    [['ticket', 'show', 'one'], 'Expected a whole number'],
    [['company'], 'Usage: kticket company'],
    [['frobnicate'], "unknown command 'frobnicate'"],
  ];
  const ended = await Promise.all(wrong.map(([args]) => kticket(args, { env })));
  for (const [index, [, words]] of wrong.entries()) {
    expect(ended[index]).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) });
  }
});

test('a database that is away exits 75', async () => {
  const ended = await kticket(['company', 'list'], {
    env: { DATABASE_URL: 'postgres://u:hush@127.0.0.1:1/x' },
  });
  expect(ended).toMatchObject({ code: 75, stdout: '' });
  expect(ended.stderr).toContain('127.0.0.1:1/x');
  expect(ended.stderr).not.toContain('hush');
});

test('a queue has telephones and words for its clients, which are listed; a number that cannot be dialled is refused', async () => {
  const cli = onDatabase((await scratchDatabase()).url);
  const add = ['queue', 'add', 'pda@x.it', '--name', 'PDA'];
  await cli.done(
    ...add,
    '--phone',
    '06 555 0100',
    '--phone',
    '+39 346 5550101',
    '--words',
    'Dalle 8 alle 18.',
  );
  expect(await cli.done('queue', 'list')).toMatch(
    /PHONES +WORDS\npda@x\.it .*06 555 0100, \+39 346 5550101 +Dalle 8 alle 18\./,
  );
  expect(await kticket([...add, '--phone', 'interno'], { env: cli.env })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Expected a telephone number such as 06 5550100.'),
  });
  await cli.done(...add, '--phone', '', '--words', '');
  expect(await cli.done('queue', 'list')).toMatch(/pda@x\.it +PDA +pda@x\.it +- +-\n/);
});
