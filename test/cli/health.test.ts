import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../harness/dovecot.ts';
import { type CliDesk, clientMail, startCliDesk, workOnce } from './desk.ts';
import { kticket, launcher } from './kticket.ts';

let desk: CliDesk;
beforeEach(async () => {
  desk = await startCliDesk();
});
afterEach(() => desk.stop());

test('health is 1 before anything was read, and 0 once the desk has worked', async () => {
  const before = await kticket(['health'], { env: desk.env });
  expect(before).toMatchObject({ code: 1, stderr: '' });
  expect(before.stdout).toMatch(/^FAIL {2}mailbox .*never read yet/mu);
  const json = await kticket(['health', '--json'], { env: desk.env });
  expect(json).toMatchObject({ code: 1, stderr: '' });
  expect(JSON.parse(json.stdout)).toMatchObject([
    { state: 'ok', what: expect.stringMatching(/^database /u), words: 'answers' },
    { state: 'fail', what: expect.stringMatching(/^mailbox /u) },
    { state: 'ok', what: expect.stringMatching(/^smtp /u) },
    { state: 'ok', what: 'incoming' },
    { state: 'ok', what: 'outgoing' },
  ]);
  await desk.mailbox.deliver([clientMail('Prima')]);
  await workOnce(desk.env);
  const after = await kticket(['health'], { env: desk.env });
  expect(after).toMatchObject({ code: 0, stderr: '' });
  expect(after.stdout).toMatch(/^ok {4}smtp .*last took a mail \d+ s ago$/mu);
});

test('the worker serves its health on HTTP_PORT, and ends where it may not', async () => {
  const env = { ...desk.env, HTTP_PORT: String(await freePort()) };
  const child = spawn(process.execPath, [launcher, 'run'], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stderr);
  for await (const line of lines) if (line.includes('health is served')) break;
  const response = await fetch(`http://127.0.0.1:${env.HTTP_PORT}/healthz`);
  expect(await response.text()).toMatch(/^ok {4}database /u);
  const second = await kticket(['run'], { env });
  expect(second).toMatchObject({ code: 1 });
  expect(second.stderr).toContain('EADDRINUSE');
  child.stderr.resume();
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
