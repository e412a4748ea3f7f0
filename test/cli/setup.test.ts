import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { DemoMailServer } from '../../src/demo/desk-server.ts';
import { startMailServer } from '../../src/demo/mail-server.ts';
import { createCertificateAuthority } from '../harness/certificates.ts';
import { scratchDatabase } from '../harness/database.ts';
import { startPostfixMailServer } from '../harness/postfix-mail-server.ts';
import { postfixAvailable } from '../harness/servers.ts';
import { startInTerminal, type Terminal, terminalAvailable } from '../harness/terminal.ts';
import { clientMail } from './desk.ts';
import { kticket, launcher, onDatabase } from './kticket.ts';

const desk = 'assistenza@kybernes.example';
const password = 'hush "#$ %é';

let server: DemoMailServer;
let isPostfix = false;
beforeAll(async () => {
  isPostfix = postfixAvailable();
  if (isPostfix) server = await startPostfixMailServer();
  else {
    const embedded = await startMailServer({ authservId: 'mail.kybernes.example' });
    await embedded.addMailbox(desk, 'secret');
    server = embedded;
  }
});
afterAll(() => server.close());

let folder: string;
let database: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kticket-setup-'));
  database = (await scratchDatabase()).url;
  return () => rm(folder, { recursive: true, force: true });
});

/** The place of a URL, as a person types it: without user and password. */
const placeOf = (url: string): string => {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
};
const imap = (): string => placeOf(server.imapUrl(desk));
const smtp = (): string => placeOf(server.smtpUrl(desk));

const readEnv = async (): Promise<Record<string, string | undefined>> =>
  parseEnv(await readFile(join(folder, '.env'), 'utf8'));

/** Runs it without a terminal, in the folder. */
const run = (args: string[], more: { env?: Record<string, string>; input?: string } = {}) =>
  kticket(['setup', ...args], {
    cwd: folder,
    env: { DATABASE_URL: database, ...more.env },
    ...(more.input === undefined ? {} : { input: more.input }),
  });

const complete = (): string[] => [
  '--address',
  desk,
  '--name',
  'Assistenza "KYBERNES"',
  '--password-file',
  '-',
  '--imap',
  imap(),
  '--smtp',
  smtp(),
  '--administrator',
  'Marco Neri <marco@kybernes.example>',
];

describe('without a terminal', () => {
  test('all that is missing is named at once, with the option that says it', async () => {
    const ended = await run([]);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    for (const option of ['--address', '--name', '--password-file', '--administrator'])
      expect(ended.stderr).toContain(`  ${option} `);
    expect((await run(['--address', desk, '--domain', 'rossi.it'])).stderr).not.toContain('--address');
  });

  test('by its options it makes a desk that opens its first ticket', async () => {
    const ended = await run(
      [
        ...complete(),
        '--technician',
        'Luigi Verdi <luigi@kybernes.example>',
        '--clerk',
        'none',
        '--company',
        'Rossi S.r.l.',
        '--domain',
        'rossi.example',
      ],
      { input: 'secret\n' },
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).not.toContain('secret');
    expect(await readEnv()).toMatchObject({
      DESK_ADDRESS: `Assistenza "KYBERNES" <${desk}>`,
      TRUSTED_AUTHSERV_IDS: 'mail.kybernes.example',
      AUTHENTICITY: 'verified',
      REPLY_ADDRESSING: 'plus',
      DATABASE_URL: database,
    });
    expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);

    const file = join(folder, 'mail.eml');
    await writeFile(
      file,
      clientMail('La stampante non stampa').replaceAll('desk.example', 'kybernes.example'),
    );
    // nothing but the folder says where the desk is
    expect(await kticket(['receive', file], { cwd: folder })).toMatchObject({ code: 0 });
    expect(await kticket(['run', '--once'], { cwd: folder, env: { LOG_LEVEL: 'error' } })).toMatchObject({
      code: 0,
    });
    expect(await onDatabase(database).json('ticket', 'list')).toMatchObject([
      { subject: 'La stampante non stampa', company: 'Rossi S.r.l.' },
    ]);
  });

  test('people and companies that cannot be registered are refused before anything is written', async () => {
    await onDatabase(database).done(
      'staff',
      'add',
      'anna@kybernes.example',
      '--name',
      'Anna',
      '--role',
      'clerk',
      '--alias',
      'conti@kybernes.example',
    );
    const before = await onDatabase(database).json('staff', 'list');
    const twice = [...complete(), '--no-send'];
    for (const [more, why] of [
      [['--technician', 'M <MARCO@kybernes.example>'], 'the administrator already, who counts as technician'],
      [['--technician', 'A <anna@kybernes.example>'], 'is the clerk already, and a person has one role'],
      [['--clerk', 'A <conti@kybernes.example>'], 'another address of anna@kybernes.example'],
      [['--company', 'Rossi', '--domain', 'gmail.com'], 'shared by people of many companies'],
      [['--company', 'Rossi', '--domain', 'legalmail.it'], 'shared by people of many companies'],
      [['--company', 'Rossi'], 'all of it would be held'],
    ] as const) {
      expect(await run([...twice, ...more], { input: 'secret\n' })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(why),
      });
    }
    await expect(stat(join(folder, '.env'))).rejects.toThrow('ENOENT');
    expect(await onDatabase(database).json('staff', 'list')).toEqual(before);
  });

  test('a mailbox at Microsoft asks for the app that logs in instead of a password', async () => {
    const ended = await run(['--address', 'desk@outlook.it', '--name', 'A']);
    expect(ended.code).toBe(2);
    for (const option of ['--oauth-client-id', '--oauth-tenant']) expect(ended.stderr).toContain(option);
    expect(ended.stderr).not.toContain('--password-file');
  });

  test('a refused password ends it, and nothing is written', async () => {
    const ended = await run(complete(), { input: `${password}\n` });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('refuses the login') });
    expect(ended.stdout + ended.stderr).not.toContain('hush');
    await expect(stat(join(folder, '.env'))).rejects.toThrow('ENOENT');
    expect(await onDatabase(database).json('staff', 'list')).toEqual([]);
  });

  test('a server that is not there ends it with 75', async () => {
    const ended = await run([...complete(), '--imap', 'imap://127.0.0.1:1'], { input: 'secret\n' });
    expect(ended).toMatchObject({ code: 75, stdout: expect.stringContaining('nothing listens there') });
  });

  test('--dry-run shows what it would write, without the password, and writes nothing', async () => {
    const ended = await run([...complete(), '--dry-run'], { input: 'secret\n' });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain(`write ${join(folder, '.env')}`);
    expect(ended.stdout).toContain(
      "$ kticket staff add marco@kybernes.example --name 'Marco Neri' --role administrator",
    );
    expect(ended.stdout).not.toContain('secret');
    await expect(stat(join(folder, '.env'))).rejects.toThrow('ENOENT');
  });

  test('run again it changes what is given and keeps the rest, comments and unknown settings too', async () => {
    await run([...complete(), '--no-send'], { input: 'secret\n' });
    const before = await readEnv();
    const text = await readFile(join(folder, '.env'), 'utf8');
    await writeFile(join(folder, '.env'), `# ours\nTOKEN_DAYS=30\n${text}`);
    const ended = await run(['--name', 'Assistenza Rossi', '--no-send']);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(await readEnv()).toEqual({
      ...before,
      TOKEN_DAYS: '30',
      DESK_ADDRESS: `Assistenza Rossi <${desk}>`,
    });
    expect(await readFile(join(folder, '.env'), 'utf8')).toMatch(/^# ours\nTOKEN_DAYS=30\n/u);
  });

  test('run again with the same answers it says that nothing changes', async () => {
    await run([...complete(), '--no-send'], { input: 'secret\n' });
    expect(await run(['--no-send', '--yes'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing changes.'),
    });
  });

  test('without a database that is named, a desk begins one beside its settings', async () => {
    const ended = await kticket(['setup', ...complete(), '--no-send', '--dry-run'], {
      cwd: folder,
      input: 'secret\n',
    });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining(`KTICKET_DATA=${folder}/data`) });
  });

  test('the certificate authority of the option is trusted, and written', async () => {
    const authority = await createCertificateAuthority();
    onTestFinished(() => authority.remove());
    const ended = await run([...complete(), '--no-send', '--dry-run', '--tls-ca-file', authority.file], {
      input: 'secret\n',
    });
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`TLS_CA_FILE=${authority.file}`),
    });
    expect(await run([...complete(), '--tls-ca-file', 'nowhere.pem'], { input: 'secret\n' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--tls-ca-file: expected certificates in PEM'),
    });
    const env = { TLS_CA_FILE: 'nowhere.pem' };
    expect(await run(complete(), { input: 'secret\n', env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('TLS_CA_FILE: expected certificates in PEM'),
    });
  });

  test('a setting of the environment that would win over what it writes is named', async () => {
    const ended = await run([...complete(), '--no-send'], {
      input: 'secret\n',
      env: { DESK_ADDRESS: 'Other <other@example.it>' },
    });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('DESK_ADDRESS') });
    await expect(stat(join(folder, '.env'))).rejects.toThrow('ENOENT');
  });

  test('a service is a unit with the user and folder of the desk', async () => {
    const unit = join(folder, 'desk.service');
    const user = process.getuid?.() === 0 ? ['--service-user', 'root'] : [];
    const ended = await run(
      [...complete(), '--no-send', '--directory', folder, '--service', ...user, '--service-file', unit],
      {
        input: 'secret\n',
      },
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(unit, 'utf8')).toContain(`WorkingDirectory=${folder}\n`);
    expect(await readFile(unit, 'utf8')).toMatch(/^ExecStart=\S*node\S* \S+kticket\.js run$/mu);
  });
});

/** The conversation, from its beginning. */
function start(): Terminal {
  const terminal = startInTerminal([process.execPath, launcher, 'setup'], {
    cwd: folder,
    env: { PATH: process.env.PATH, DATABASE_URL: database, TERM: 'dumb' },
  });
  onTestFinished(() => terminal.interrupt());
  return terminal;
}

describe.runIf(terminalAvailable())('in a terminal', () => {
  test('every wrong answer is asked again with what was expected, and it ends in a desk', async () => {
    const { shows, type, ended } = start();
    const answers: [question: string | RegExp, answer: string][] = [
      ['as a service', 'perhaps'],
      ['Expected yes or no', 'no'],
      ['Address of the desk', 'marco'],
      ['Expected a bare mail address', desk],
      ['as clients read it [Assistenza]', 'Assistenza KYBERNES'],
      ['IMAP server:', 'imaps://nowhere'],
      ['Expected a server such as imap.example.it', '127.0.0.1:1'],
      ['nothing listens there', imap()],
      ['SMTP server:', 'smtps://'],
      ['Expected a server such as smtp.example.it', smtp()],
      [`Password of ${desk}`, ''],
      ['Expected the password', password],
      ['User of the mailbox', ''],
      [`Password of ${desk}`, 'secret'],
      ['Send a mail to itself', ''],
      ['First administrator', desk],
      ['is the desk itself', ''],
      ['Nothing was typed', 'marco@kybernes.example'],
      ['Name, as colleagues know them', ''],
      ['Expected a name', 'Marco Neri'],
      ['First technician', 'Marco Neri <marco@kybernes.example'],
      ['Expected a name and an address', 'Marco Neri <Marco@KYBERNES.example>'],
      [
        'the administrator already, who counts as technician and clerk',
        'Luigi Verdi <luigi@kybernes.example>',
      ],
      ['First clerk', ''],
      ['First client company', 'Rossi S.r.l.'],
      ['Its mail domain', ''],
      ['all of it would be held', 'gmail.com'],
      ['is shared by people of many companies', 'rossi'],
      ['Expected a domain', 'rossi.example'],
      ['Do that', ''],
    ];
    for (const [question, answer] of answers) {
      await shows(question);
      await shows(/: ?$/u);
      type(answer);
    }
    const { code, shown } = await ended;
    expect({ code, shown }).toMatchObject({ code: 0, shown: expect.stringContaining('Start it:') });
    expect(shown).not.toMatch(/secret|hush/u);
    expect(await readEnv()).toMatchObject({
      DESK_ADDRESS: `Assistenza KYBERNES <${desk}>`,
      TRUSTED_AUTHSERV_IDS: 'mail.kybernes.example',
    });
    expect(await onDatabase(database).json('staff', 'list')).toMatchObject([
      { email: 'marco@kybernes.example', role: 'administrator' },
      { email: 'luigi@kybernes.example', role: 'technician' },
    ]);
  });

  test('at Microsoft it asks for the app, and has a person log in there', async () => {
    const terminal = startInTerminal(
      [
        process.execPath,
        launcher,
        ...['setup', '--address', 'desk@outlook.it', '--name', 'A', '--no-service'].concat([
          '--imap',
          imap(),
          '--smtp',
          smtp(),
        ]),
      ],
      { cwd: folder, env: { PATH: process.env.PATH, DATABASE_URL: database, TERM: 'dumb' } },
    );
    for (const [question, answer] of [
      ['Client ID of the app', 'client-7'],
      ['Directory (tenant) ID', 'tenant-7'],
      ['Client secret (empty', ''],
    ] as const) {
      await terminal.shows(question);
      await terminal.shows(/: ?$/u);
      terminal.type(answer);
    }
    await terminal.shows('https://login.microsoftonline.com/tenant-7/oauth2/v2.0/authorize?');
    await terminal.shows('client_id=client-7');
    await terminal.shows('paste it here');
    terminal.type('http://localhost/');
    await terminal.shows('That address carries no answer');
    terminal.interrupt();
    expect(await terminal.ended).toMatchObject({ code: 1 });
    await expect(stat(join(folder, '.env'))).rejects.toThrow('ENOENT');
  });

  test('Ctrl-C leaves nothing behind', async () => {
    const { shows, type, interrupt, ended } = start();
    await shows('as a service');
    type('no');
    await shows('Address of the desk');
    interrupt();
    const { code, shown } = await ended;
    expect(code).toBe(1);
    expect(shown.split('nothing was written')).toHaveLength(2);
    await expect(stat(join(folder, '.env'))).rejects.toThrow('ENOENT');
  });

  test('what the database refuses is asked again', async () => {
    await onDatabase(database).done('company', 'add', 'Bianchi', '--domain', 'bianchi.example');
    await onDatabase(database).done('contact', 'add', 'marco@bianchi.example', '--company', 'Bianchi');
    await writeFile(join(folder, 'password'), 'secret');
    const terminal = startInTerminal(
      [
        process.execPath,
        launcher,
        'setup',
        '--address',
        desk,
        '--name',
        'A',
        '--password-file',
        'password',
        '--imap',
        imap(),
        '--smtp',
        smtp(),
        '--no-send',
        '--no-service',
        '--clerk',
        'none',
        '--technician',
        'none',
      ],
      { cwd: folder, env: { PATH: process.env.PATH, DATABASE_URL: database, TERM: 'dumb' } },
    );
    for (const [question, answer] of [
      ['First administrator', 'Marco Neri <marco@bianchi.example>'],
      ['Do that', 'yes'],
      ['staff cannot be clients', 'Ada Neri <ada@kybernes.example>'],
    ] as const) {
      await terminal.shows(question);
      await terminal.shows(/: ?$/u);
      terminal.type(answer);
    }
    expect(await terminal.ended).toMatchObject({ code: 0 });
    expect(await onDatabase(database).json('staff', 'list')).toMatchObject([
      { email: 'ada@kybernes.example' },
    ]);
  });
});
