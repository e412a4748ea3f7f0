import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type MailServer, startMailServer } from '../../src/demo/mail-server.ts';
import { scratchDatabase } from '../harness/database.ts';
import { kticket, onDatabase } from './kticket.ts';

const desk = 'assistenza@example.it';

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer({ authservId: 'mx.example.it' });
  await server.addMailbox(desk, 'hush-hush');
});
afterAll(() => server.close());

/** Settings of a desk on this server and a database of its own. */
async function settings() {
  const { url } = await scratchDatabase();
  return {
    DATABASE_URL: url,
    MAILBOX_URL: server.imapUrl(desk),
    SMTP_URL: server.smtpUrl(desk),
    DESK_ADDRESS: `Assistenza <${desk}>`,
  };
}

/** The same URL with another password. */
const wrong = (url: string): string => url.replace(/:[^:@]*@/, ':wr0ng@');

/** Checks and their results, in order. */
function results(stdout: string): string[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/\s+/, 2).join(' '));
}

describe('a desk that works', () => {
  test('is ok in every line and exits 0', async () => {
    const env = await settings();
    const cli = onDatabase(env.DATABASE_URL);
    await cli.done('staff', 'add', 'anna@example.it', '--name', 'Anna', '--role', 'administrator');
    const ended = await kticket(['check'], { env });
    expect(results(ended.stdout)).toEqual([
      'ok configuration',
      'ok database',
      'ok migrations',
      'ok staff',
      'ok templates',
      'ok mailbox',
      'ok smtp',
    ]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('writes to itself with --send, tells what to believe, and leaves the mailbox as it was', async () => {
    const env = await settings();
    const unset = await kticket(['check', '--send'], { env });
    expect(unset.stdout).toContain(`a mail to ${desk} arrives`);
    expect(unset.stdout).toMatch(/ok +plus-address/);
    expect(unset.stdout).toMatch(
      /warn +settings +set TRUSTED_AUTHSERV_IDS=mx\.example\.it, AUTHENTICITY=verified, REPLY_ADDRESSING=plus/,
    );
    expect(unset.code).toBe(0);
    const set = await kticket(['check', '--send'], {
      env: { ...env, TRUSTED_AUTHSERV_IDS: 'mx.example.it' },
    });
    expect(set.stdout).toMatch(/ok +verdict +mx\.example\.it says .*, and no forged verdict got past it/);
    expect(set.stdout).toMatch(/ok +settings +as they should be/);
    expect(set.code).toBe(0);
    expect(await server.folder(desk, 'INBOX')).toEqual([]);
    expect(await server.folder(desk, 'kTicket')).toEqual([]);
  });
});

test('--send writes to each queue, and fails where its mail arrives in no mailbox', async () => {
  const env = await settings();
  const [nowhere, there] = ['ordini@example.it', 'pda@example.it'];
  await server.addMailbox(nowhere, 'hush-hush');
  await server.addMailbox(there, 'hush-hush');
  const cli = onDatabase(env.DATABASE_URL);
  await cli.done('queue', 'add', nowhere, '--name', 'Ordini');
  await cli.done('queue', 'add', there, '--name', 'PDA');
  const ended = await kticket(['check', '--send'], {
    env: { ...env, MAILBOX_URL: `${env.MAILBOX_URL} ${server.imapUrl(there)}` },
  });
  expect(ended.stdout).toMatch(/ok +queue +a mail to pda@example\.it arrives in pda@example\.it@/u);
  expect(ended.stdout).toMatch(
    /FAIL +queue +a mail to the queue ordini@example\.it .*add its mailbox to MAILBOX_URL/u,
  );
  expect(ended.code).toBe(1);
  expect(await server.folder(there, 'INBOX')).toEqual([]);
});

test('a name in .env that nobody reads is warned of, and a desk without staff says that nobody will be told', async () => {
  const env = await settings();
  const cwd = mkdtempSync(join(tmpdir(), 'kticket-check-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, '.env'), 'POSTGRES_PASSWORD=hush-hush\n');
  const ended = await kticket(['check'], { env, cwd });
  expect(ended.stdout).toMatch(/warn +configuration +\.env sets POSTGRES_PASSWORD, which nobody reads/u);
  expect(ended.stdout).toMatch(/warn +staff +.*nobody will be told.*kticket staff add/u);
  expect(ended.stdout).not.toContain('hush-hush');
  expect(ended.code).toBe(0);
  const once = await kticket(['run', '--once'], { env, cwd });
  expect(once.stderr).toContain('POSTGRES_PASSWORD');
  expect(once.stderr).toContain('nobody will be told');
});

describe('what fails', () => {
  test('a configuration is told whole, and what can be tried without it is tried', async () => {
    const { url } = await scratchDatabase();
    const ended = await kticket(['check'], { env: { DATABASE_URL: url, TOKEN_DAYS: 'x' } });
    expect(results(ended.stdout)).toEqual([
      'FAIL configuration',
      'FAIL configuration',
      'FAIL configuration',
      'FAIL configuration',
      'ok database',
      'ok migrations',
      'warn staff',
    ]);
    expect(ended.code).toBe(1);
  });

  test('refused passwords name host and user, never the password', async () => {
    const env = await settings();
    const ended = await kticket(['check'], {
      env: { ...env, MAILBOX_URL: wrong(env.MAILBOX_URL), SMTP_URL: wrong(env.SMTP_URL) },
    });
    expect(results(ended.stdout)).toContain('FAIL mailbox');
    expect(results(ended.stdout)).toContain('FAIL smtp');
    expect(ended.stdout).toContain(desk);
    expect(ended.stdout + ended.stderr).not.toContain('wr0ng');
    expect(ended.code).toBe(1);
  });

  test('servers that do not answer are each said in a line, and nothing is sent', async () => {
    const ended = await kticket(['check', '--send'], {
      env: {
        DATABASE_URL: 'postgres://u:hush@127.0.0.1:1/x',
        MAILBOX_URL: 'imap://a:hush@127.0.0.1:1',
        SMTP_URL: 'smtp://127.0.0.1:1',
        DESK_ADDRESS: `Assistenza <${desk}>`,
      },
    });
    expect(results(ended.stdout)).toEqual([
      'ok configuration',
      'FAIL database',
      'ok templates',
      'FAIL mailbox',
      'FAIL smtp',
      'FAIL send',
    ]);
    expect(ended.stdout).not.toContain('hush');
  });

  test('nothing is sent by a server that works where a mailbox cannot be read', async () => {
    const env = await settings();
    const ended = await kticket(['check', '--send'], {
      env: { ...env, MAILBOX_URL: wrong(env.MAILBOX_URL) },
    });
    expect(results(ended.stdout).slice(-3)).toEqual(['FAIL mailbox', 'ok smtp', 'FAIL send']);
    expect(ended).toMatchObject({ code: 1, stderr: '' });
  });
});
