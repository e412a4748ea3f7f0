import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBounded } from '../../src/cli/terminal/message-file.ts';
import { scratchDatabase } from '../harness/database.ts';
import { kticket, onDatabase } from './kticket.ts';

const mail = [
  'From: "Anna \u{1b}[31mRossi" <anna@rossi.it>',
  'To: desk@x.it',
  'Subject: fattura\u{202e}fdp.exe',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Non stampa.\u{1b}]0;titolo\u{7}',
  '',
].join('\r\n');

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'kticket-cli-'));
  writeFileSync(join(directory, 'a.eml'), mail);
  writeFileSync(join(directory, 'big.eml'), `${mail}${'x'.repeat(200_000)}`);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('receive', () => {
  test('commits every message, its envelope and its bytes, and exits 0', async () => {
    const { url, db } = await scratchDatabase();
    const env = { DATABASE_URL: url, MAX_MESSAGE_MB: '0.1' };
    const files = ['a.eml', 'big.eml', '-'];
    const envelope = ['--recipient', '<Desk+x@X.it>', '--sender', ''];
    const ended = await kticket(['receive', ...envelope, ...files], {
      env,
      cwd: directory,
      input: 'Subject: b\n\n',
    });
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    const rows = await db
      .selectFrom('message')
      .select(['raw', 'size', 'truncated', 'envelope_recipient', 'envelope_sender', 'disposition', 'mailbox'])
      .orderBy('id')
      .execute();
    const common = {
      envelope_recipient: 'desk+x@x.it',
      envelope_sender: '',
      disposition: 'pending',
      mailbox: null,
    };
    const [headers] = mail.split('\r\n\r\n');
    const size = Buffer.byteLength(mail);
    expect(rows).toEqual([
      { ...common, raw: Buffer.from(mail), size, truncated: false },
      { ...common, raw: Buffer.from(`${headers}\r\n\r\n`), size: size + 200_000, truncated: true },
      { ...common, raw: Buffer.from('Subject: b\n\n'), size: 12, truncated: false },
    ]);
    const raw = await kticket(['message', 'raw', '1'], { env });
    expect(raw.stdout).toBe(mail);
  });

  test('wrong settings are wrong use, exit 2, whether files or a pipe are read', async () => {
    const env = { MAX_MESSAGE_MB: 'many' };
    for (const file of ['a.eml', '-']) {
      const refused = await kticket(['receive', file], { env, cwd: directory, input: mail });
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('MAX_MESSAGE_MB') });
    }
  });

  test('exits 75 while the database is away, and 1 for a file that is not there, taking in nothing', async () => {
    const { url } = await scratchDatabase();
    const cli = onDatabase(url);
    const [away, missing] = await Promise.all([
      kticket(['receive', '-'], { env: { DATABASE_URL: 'postgres://u:hush@127.0.0.1:1/x' }, input: mail }),
      kticket(['receive', 'a.eml', 'nowhere.eml'], { env: cli.env, cwd: directory }),
    ]);
    expect(away.code).toBe(75);
    expect(away.stderr).not.toContain('hush');
    expect(missing).toMatchObject({
      code: 1,
      stderr: 'nowhere.eml cannot be read: there is no such file.\n',
    });
    expect(await cli.json('message', 'list')).toEqual([]);
  });
});

/** A pipe that nobody writes to. */
function pipe(): string {
  const name = join(directory, 'pipe');
  if (!existsSync(name)) spawnSync('mkfifo', [name]);
  return 'pipe';
}

/** A mail that never ends. */
async function* endless(): AsyncGenerator<Buffer> {
  for (;;) yield Buffer.from('From: anna@rossi.it\r\n\r\n'.padEnd(65_536, 'x'));
}

describe('what is no regular file', () => {
  test.each([
    ['a device that never ends', () => '/dev/zero', 'it is a device'],
    ['a pipe that nobody writes to', pipe, 'it is a pipe'],
    ['a folder', () => '.', 'it is a directory'],
  ])('%s is refused unread, by receive and explain', async (_what, name, why) => {
    const cli = onDatabase((await scratchDatabase()).url);
    const [received, explained] = await Promise.all([
      kticket(['receive', 'a.eml', name()], { env: cli.env, cwd: directory }),
      kticket(['explain', name()], { cwd: directory }),
    ]);
    for (const refused of [received, explained]) {
      expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(why) });
    }
    expect(await cli.json('message', 'list')).toEqual([]);
  });

  test('standard input that goes on for ever is read no further than can be counted', async () => {
    const read = await readBounded(Readable.from(endless()), 1_000_000);
    expect(read).toMatchObject({ truncated: true, raw: Buffer.from('From: anna@rossi.it\r\n\r\n') });
    expect(read.size).toBeLessThan(21_000_000);
  });
});

describe('explain', () => {
  test('says what each message says, in order, without any setting', async () => {
    const ended = await kticket(['explain', '--json', 'a.eml', '-'], { cwd: directory, input: mail });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const explained: unknown = JSON.parse(ended.stdout);
    expect(explained).toMatchObject([
      {
        file: 'a.eml',
        kind: 'person',
        from: { email: 'anna@rossi.it' },
        commands: [],
        attachments: [],
        warnings: expect.any(Array),
      },
      { file: '-' },
    ]);
  });

  test('a file that is not there is named, and the others are explained all the same', async () => {
    const [json, words] = await Promise.all([
      kticket(['explain', '--json', 'a.eml', 'nowhere.eml', '-'], { cwd: directory, input: mail }),
      kticket(['explain', 'nowhere.eml'], { cwd: directory }),
    ]);
    expect(json).toMatchObject({ code: 1, stderr: 'nowhere.eml cannot be read: there is no such file.\n' });
    expect(JSON.parse(json.stdout)).toMatchObject([{ file: 'a.eml' }, { file: '-' }]);
    expect(words).toMatchObject({ code: 1, stdout: '' });
  });

  test('prints nothing that a terminal would obey', async () => {
    const [words, json] = await Promise.all([
      kticket(['explain', 'a.eml'], { cwd: directory }),
      kticket(['explain', '--json', 'a.eml'], { cwd: directory }),
    ]);
    expect(words.stdout).toContain('anna@rossi.it');
    for (const { stdout } of [words, json]) {
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u{202e}]/u);
    }
  });
});

test('an id that nothing has is said so, with the command that lists what there is', async () => {
  const cli = onDatabase((await scratchDatabase()).url);
  expect(await cli.refused('message', 'accept', '7', '--company', 'Rossi')).toContain(
    '`kticket message list --disposition held`',
  );
  expect(await cli.refused('ticket', 'show', '#7')).toContain('`kticket ticket list`');
});
