import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildProgram } from '../../src/cli/program.ts';
import { scratchDatabase } from '../harness/database.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import { kticket, onDatabase } from './kticket.ts';
import { companyPages } from '../../src/store/directory/companies.ts';
import { allOf } from '../../src/store/db/pages.ts';
import { contactPages } from '../../src/store/directory/contacts.ts';

/** Every command, groups included, by its full name. */
function everyCommand(program: Command, above = ''): { name: string; command: Command }[] {
  return program.commands.flatMap((command) => {
    const name = `${above} ${command.name()}`.trim();
    return [{ name, command }, ...everyCommand(command, name)];
  });
}

const program = buildProgram(() => {});
const commands = everyCommand(program);

describe('the contract', () => {
  test('has exactly these commands', () => {
    const leaves = commands.filter(({ command }) => command.commands.length === 0);
    expect(leaves.map(({ name }) => name).toSorted()).toEqual(
      [
        'demo',
        'setup',
        'run',
        'receive',
        'attachment list',
        'attachment save',
        'explain',
        'check',
        'migrate',
        'import',
        'log',
        ...['add', 'set', 'end', 'remove', 'list', 'show'].map((verb) => `company ${verb}`),
        ...['add', 'disable', 'remove', 'list'].flatMap((verb) => [`contact ${verb}`, `staff ${verb}`]),
        ...['list', 'remove'].map((verb) => `block ${verb}`),
        ...['add', 'remove', 'list'].flatMap((verb) => [`queue ${verb}`, `category ${verb}`]),
        'category set',
        ...['list', 'show'].flatMap((verb) => [`ticket ${verb}`, `message ${verb}`, `outbox ${verb}`]),
        ...['raw', 'retry', 'accept', 'reject'].map((verb) => `message ${verb}`),
        ...['retry', 'release', 'discard'].map((verb) => `outbox ${verb}`),
        ...['list', 'check', 'preview', 'eject'].map((verb) => `template ${verb}`),
        'health',
        'backup',
        'restore',
        'restored',
        'oauth login',
      ].toSorted(),
    );
  });

  test('list, show and explain take --json', () => {
    const readers = commands.filter((one) => /(list|show|explain)$/.test(one.name));
    const without = readers.filter(({ command }) => !command.options.some(({ long }) => long === '--json'));
    expect(without).toEqual([]);
  });

  test('every command says with --help how it is used, with examples', () => {
    for (const { name, command } of commands.filter((one) => one.command.commands.length === 0)) {
      let help = '';
      command.configureOutput({
        writeOut: (text) => {
          help += text;
        },
      });
      command.outputHelp();
      expect(help).toContain(`Usage: kticket ${name}`);
      // a setting it needs may stand before
      expect(help).toMatch(new RegExp(`^  \\$ (?:[A-Z_]+=\\S+ )?kticket ${name}`, 'm'));
    }
  });
});

describe('configuration', () => {
  test('everything that is wrong is listed at once, exit 2, nothing started', async () => {
    const ended = await kticket(['run'], {
      env: {
        SMTP_URL: 'smtp://:@',
        TOKEN_DAYS: '0',
        MAILBOX_URL: 'imaps://anna:hush/hush@mail.example.it/%',
      },
    });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    for (const name of ['SMTP_URL', 'TOKEN_DAYS', 'MAILBOX_URL', 'DESK_ADDRESS']) {
      expect(ended.stderr).toContain(`  ${name}\n`);
    }
    expect(ended.stderr).not.toContain('hush');
  });

  test('a .env file in the working directory is read', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kticket-env-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const { url } = await scratchDatabase();
    writeFileSync(join(directory, '.env'), `DATABASE_URL=${url}\nLOG_LEVEL=loud\n`);
    const wrong = await kticket(['company', 'list'], { cwd: directory });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('LOG_LEVEL') });
    const right = await kticket(['company', 'list'], { cwd: directory, env: { LOG_LEVEL: 'info' } });
    expect(right).toMatchObject({ code: 0 });
  });
});

test('wrong use repeats no value that was given with it, and of a secret nothing behind its name', async () => {
  for (const [args, words] of [
    [['setup', '--password=geheim'], /unknown option '--password…'\. .*--password-file/u],
    [['run', '--passwordgeheim'], /unknown option '--password…'\. /u],
    [['run', '--api-token', 'geheim'], /unknown option '--api-token'\. /u],
    [['ticket', 'list', '--secret=it\'s "geheim"\nand more'], /unknown option '--secret…'\. /u],
    [['ticket', 'list', '--sicne=geheim'], /unknown option '--sicne=…'/u],
    [['SMTP_URL=smtp://anna:geheim@mail.example', 'run'], /unknown command 'SMTP_URL=…'/u],
    [['run', 'geheim'], /too many arguments/u],
  ] as const) {
    const { code, stderr } = await kticket([...args]);
    expect({ args, code }).toEqual({ args, code: 2 });
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/geheim|and more/u);
  }
});

test('a database that goes away in the middle is said in words, with what to do, and asks for another try', async () => {
  const { url } = await scratchDatabase();
  const { port } = new URL(url);
  const wire = await startTcpProxy(Number(port));
  onTestFinished(() => wire.close());
  const through = new URL(url);
  through.host = `127.0.0.1:${wire.port}`;
  const env = { DATABASE_URL: through.href };

  wire.failAt(/from ticket\b/, 'cut');
  expect(await kticket(['ticket', 'list'], { env })).toMatchObject({
    code: 75,
    stderr: expect.stringMatching(
      /^The database went away: the connection to the database was lost\. See that it runs \(`kticket check` tries it\), then try again\.$/mu,
    ),
  });
  wire.failAt(/insert into "message"/, 'cut');
  expect(
    await kticket(['receive', '-'], { env, input: 'From: anna@rossi.example\r\n\r\nCiao.\r\n' }),
  ).toMatchObject({
    code: 75,
    stderr: expect.stringContaining('Not taken in, try again: the connection to the database was lost'),
  });
});

describe('import', () => {
  test('takes in all of a file, or none of it and every error by line', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kticket-csv-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const { url, db } = await scratchDatabase();
    const cli = onDatabase(url);
    const file = (name: string, text: string) => {
      writeFileSync(join(directory, name), text);
      return join(directory, name);
    };
    const wrong = file('wrong.csv', 'name;domains\nRossi;rossi.it\nVerdi;gmail.com\nNeri;rossi.it\n');
    const words = await cli.refused('import', wrong, '--kind', 'companies');
    expect(words).toContain('line 3: gmail.com is shared');
    expect(words).toContain('line 4: rossi.it belongs to Rossi');
    expect(await allOf(companyPages(db))).toEqual([]);

    await cli.done(
      'import',
      file('companies.csv', 'name;domains;contracts;ended\nRossi;rossi.it;remote|on-site;\nVecchi;;;true\n'),
      '--kind',
      'companies',
    );
    const people = file('people.csv', 'company,email\nrossi,a@gmail.com\n');
    expect(await cli.done('import', people, '--kind', 'contacts')).toContain(
      ': 1 contact registered or updated',
    );
    expect(await allOf(companyPages(db))).toEqual([
      { name: 'Rossi', domains: ['rossi.it'], contracts: ['remote', 'on-site'], ended: false },
      { name: 'Vecchi', domains: [], contracts: [], ended: true },
    ]);
    expect(await allOf(contactPages(db))).toMatchObject([{ email: 'a@gmail.com', company: 'Rossi' }]);
  });
});
