import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliDesk, startCliDesk, workOnce } from './desk.ts';
import { kticket, launcher } from './kticket.ts';

let desk: CliDesk;
beforeAll(async () => {
  desk = await startCliDesk();
});
afterAll(() => desk.stop());

const mail = (from: string, subject: string): string =>
  [`From: ${from}`, 'To: assistenza@desk.example', `Subject: ${subject}`, '', 'Il toner è finito.', ''].join(
    '\r\n',
  );

const bring = (...mails: string[]) =>
  Promise.all(mails.map((input) => kticket(['receive', '-'], { env: desk.env, input })));
const decide = () => workOnce(desk.env);

describe('log', () => {
  test('tells what happened in plain words, mails of one kind in one line, and nothing of what was written', async () => {
    await bring(mail('Anna <anna@rossi.example>', 'Segretissimo 42'));
    await bring(mail('tizio@altrove.example', 'Offerta'));
    await decide();
    const said = await desk.cli.done('log');
    const lines = said.trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, ''))).toEqual(
      expect.arrayContaining([
        '   #1001   opened by anna@rossi.example (Rossi S.r.l.)',
        '   #1001   confirmation of opening to anna@rossi.example sent',
        '   #1001   notification of opening to luigi@desk.example, ada@desk.example sent',
        expect.stringMatching(
          /^ ! {9}message 2 of tizio@altrove\.example is held until somebody accepts or rejects its sender: /,
        ),
      ]),
    );
    expect(said).not.toContain('Segretissimo');
    expect(said).not.toContain('toner');
  });

  test('of a mail that came back the live log tells what this one does: whose, and what to do', async () => {
    await bring(mail('Anna <anna@rossi.example>', 'Per il rapporto'));
    await decide();
    const sent = await desk.scratch.db
      .selectFrom('outbox')
      .select(['id', 'message_id'])
      .where('recipient', '=', 'anna@rossi.example')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    const report = [
      'From: MAILER-DAEMON@mx.rossi.example',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '\r\n--b\r\n\r\nIt came back.',
      '--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.rossi.example\r\n',
      'Final-Recipient: rfc822; anna@rossi.example\r\nAction: failed\r\nStatus: 5.1.1',
      `--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${sent.message_id}`,
      '--b--\r\n',
    ].join('\r\n');
    await bring(report);
    const { stderr } = await kticket(['run', '--once'], { env: { ...desk.env, LOG_FORMAT: 'plain' } });
    const live = stderr.split('\n').find((line) => line.includes('failed for good'));
    const kept = (await desk.cli.done('log')).split('\n').find((line) => line.includes('failed for good'));
    expect(live?.slice(20)).toBe(kept?.slice(20));
    expect(live?.slice(20)).toMatch(
      /^! #\d+ +confirmation of opening to anna@rossi\.example failed for good: .*5\.1\.1\. Is the address right\?/u,
    );
    expect(live).toContain(`kticket outbox retry ${sent.id}`);
  });

  test('of one ticket it tells the whole story, and a number that nobody has is refused in words', async () => {
    expect(await desk.cli.done('log', '--ticket', '1001')).not.toContain('tizio');
    expect(await desk.cli.refused('log', '--ticket', '7')).toContain('There is no ticket #7.');
    expect(await kticket(['log', '--since', 'ieri'], { env: desk.env })).toMatchObject({ code: 2 });
  });

  test('--follow goes on with what happens, once each, until it is asked to stop', async () => {
    const child = spawn(process.execPath, [launcher, 'log', '--since', '0m', '--follow'], {
      env: { PATH: process.env.PATH, ...desk.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const lines: string[] = [];
    const read = createInterface({ input: child.stdout });
    const found = new Promise<void>((resolve) => {
      read.on('line', (line) => {
        lines.push(line);
        if (line.includes('confirmation of opening')) resolve();
      });
    });
    await expect
      .poll(
        async () => {
          await bring(mail('Anna <anna@rossi.example>', 'Un altro toner'));
          await decide();
          return lines.length;
        },
        { timeout: 90_000, interval: 10 },
      )
      .toBeGreaterThan(0);
    await found;
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.join('\n')).not.toContain('#1001 ');
  });
});

const onTerminal = async (columns: number, command: string, env: Record<string, string> = {}) => {
  const line = `stty cols ${columns}; '${process.execPath}' '${launcher}' ${command}`;
  const { stdout } = await promisify(execFile)('script', ['-qec', line, '/dev/null'], {
    env: { PATH: process.env.PATH, TERM: 'xterm-256color', ...desk.env, ...env },
  });
  return stdout.replaceAll('\r', '').trimEnd().split('\n');
};

describe.skipIf(process.platform !== 'linux')('lists on a terminal', () => {
  const escape = '\u{1b}[';

  test('are as wide as that, with states in colour; NO_COLOR is respected', async () => {
    const coloured = await onTerminal(70, 'message list');
    expect(coloured.join('\n')).toContain(`${escape}31mheld`);
    const plain = await onTerminal(70, 'message list', { NO_COLOR: '1' });
    expect(plain.join('\n')).not.toContain(escape);
    for (const line of plain) expect(line.length).toBeLessThanOrEqual(70);
    expect(plain[0]).toMatch(/^ *ID +RECEIVED/);
  });

  test('elsewhere have no colour and keep their cells', async () => {
    const piped = await desk.cli.done('message', 'list');
    expect(piped).not.toContain(escape);
    expect(piped).toContain('tizio@altrove.example');
  });
});
