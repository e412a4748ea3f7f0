import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type MailServer, startMailServer } from '../../src/demo/mail-server.ts';
import { addStaff } from '../../src/store/directory/staff.ts';
import { scratchDatabase } from '../harness/database.ts';
import { kticket, launcher } from './kticket.ts';

const desk = 'assistenza@example.it';

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
  await server.addMailbox(desk, 'hush-hush');
});
afterAll(() => server.close());

async function settings(): Promise<Record<string, string>> {
  const { db, url } = await scratchDatabase();
  // of a desk without staff the worker warns
  await addStaff(db, { email: 'ada@example.it', name: 'Ada Neri', role: 'administrator', aliases: null });
  return {
    DATABASE_URL: url,
    MAILBOX_URL: server.imapUrl(desk),
    SMTP_URL: server.smtpUrl(desk),
    DESK_ADDRESS: `Assistenza <${desk}>`,
  };
}

type Running = {
  process: ChildProcessByStdio<null, null, Readable>;
  /** Waits for a line of the log that holds these words; all lines until then. */
  logged(words: string): Promise<string[]>;
};

/** Starts the worker in a process of its own. */
function start(env: Record<string, string>): Running {
  const child = spawn(process.execPath, [launcher, 'run'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const seen: string[] = [];
  const lines = createInterface(child.stderr);
  lines.on('line', (line) => seen.push(line));
  return {
    process: child,
    async logged(words) {
      while (!seen.some((line) => line.includes(words))) await once(lines, 'line');
      return seen;
    },
  };
}

describe('run', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal} ends it with nothing half done, exit 0`, async () => {
      const running = start({ ...(await settings()), AUTHENTICITY: 'token' });
      const lines = await running.logged('the desk is at work');
      expect(lines[0]).toContain('kTicket 0.1.0 starts');
      expect(lines[0]).toContain(desk);
      expect(lines[0]).not.toContain('hush');
      expect(lines.join('\n')).toContain('AUTHENTICITY=token');
      running.process.kill(signal);
      const [code] = await once(running.process, 'exit');
      expect(code).toBe(0);
      expect(await running.logged('nothing is half done')).toHaveLength(lines.length);
    });
  }

  test('every line of the log is JSON', async () => {
    const running = start(await settings());
    for (const line of await running.logged('the desk is at work')) {
      expect(JSON.parse(line)).toMatchObject({
        level: 'info',
        time: expect.any(String),
        msg: expect.any(String),
      });
    }
    running.process.kill('SIGTERM');
    await once(running.process, 'exit');
  });
});

describe('SIGHUP', () => {
  test('has the templates read anew; one that cannot be used leaves the old ones in place', async () => {
    const own = mkdtempSync(join(tmpdir(), 'kticket-hup-'));
    onTestFinished(() => rmSync(own, { recursive: true, force: true }));
    const running = start({ ...(await settings()), TEMPLATES_DIR: own });
    await running.logged('the desk is at work');
    running.process.kill('SIGHUP');
    await running.logged('the templates were read anew');
    const file = join(own, 'it', 'closed-client', 'subject.hbs');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{{nothing.like.it}}');
    running.process.kill('SIGHUP');
    const lines = await running.logged('the templates were not changed');
    expect(lines.at(-1)).toContain(`${file}:1`);
    running.process.kill('SIGTERM');
    expect((await once(running.process, 'exit'))[0]).toBe(0);
  });
});

describe('run --once', () => {
  test('exits 0 when all was reached and nothing is left to do', async () => {
    expect(await kticket(['run', '--once'], { env: await settings() })).toMatchObject({
      code: 0,
      stdout: '',
    });
  });

  test('exits 75 when the mailbox or the database could not be reached', async () => {
    const env = await settings();
    const [mailbox, database] = await Promise.all([
      kticket(['run', '--once'], { env: { ...env, MAILBOX_URL: 'imap://a:b@127.0.0.1:1' } }),
      kticket(['run', '--once'], { env: { ...env, DATABASE_URL: 'postgres://127.0.0.1:1/x' } }),
    ]);
    expect(mailbox.code).toBe(75);
    expect(database.code).toBe(75);
  });
});
