import { execFileSync, spawnSync } from 'node:child_process';
import { fstatSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, boolean, constantFrom, property, string } from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dispositions } from '../../src/core/kinds.ts';
import { localTime, plainLine } from '../../src/log/plain.ts';

const rome = { timeZone: 'Europe/Rome', journald: false };
const journal = { timeZone: 'Europe/Rome', journald: true };
const at = { time: '2026-07-01T22:30:00.000Z', level: 'info' };

const line = (event: object): string => plainLine({ ...at, ...event }, journal);

describe('a plain line', () => {
  test('begins with the time of the desk’s zone, a mark where it wants somebody, and the ticket', () => {
    const held = {
      ...at,
      level: 'warn',
      message: 17,
      messageId: '<a@b.example>',
      from: 'a@b.example',
      disposition: 'held',
      reason: 'its sender is no client',
      ticket: null,
    };
    expect(plainLine(held, rome)).toBe(
      '2026-07-02 00:30:00 !         message 17 of a@b.example is held until somebody accepts or rejects its sender: its sender is no client <a@b.example>. Answer the notice, or run kticket message accept 17 --company NAME or kticket message reject 17\n',
    );
    expect(plainLine({ ...held, reason: 'its sender is no client; nobody told: list mail' }, rome)).toContain(
      '. Run kticket message accept 17 ',
    );
    expect(plainLine({ ...held, level: 'info', disposition: 'opened', ticket: 1042 }, rome)).toMatch(
      /^2026-07-02 00:30:00 {3}#1042 {3}message 17 of a@b\.example opened the ticket/u,
    );
  });

  test.each([
    ['debug', 7],
    ['info', 6],
    ['warn', 4],
    ['error', 3],
    ['fatal', 2],
  ])('of level %s has the priority %i under journald, which adds the time itself', (level, priority) => {
    expect(plainLine({ ...at, level, msg: 'the desk has stopped' }, journal)).toBe(
      `<${priority}>the desk has stopped\n`,
    );
  });

  test('of an outage says what fails, why and what follows; its end says how long it lasted', () => {
    expect(line({ loop: 'reading a@b/INBOX', msg: 'b does not answer' })).toBe(
      '<6>mailbox a@b/INBOX cannot be read: b does not answer. New mail waits on its server; the desk keeps trying\n',
    );
    expect(line({ loop: 'sending', msg: 'is the server up?' })).toContain('is the server up? It waits');
    expect(line({ loop: 'database', seconds: 3900, waited: 7, msg: '' })).toBe(
      '<6>the database works again after 1 h 05 min; 7 waited\n',
    );
    expect(line({ loop: 'deciding', msg: 'no room' })).toBe(
      '<6>deciding failed and is tried again: no room\n',
    );
  });

  test('is one line without control characters, whatever a mail or a server says', () => {
    assert(
      property(
        string({ unit: 'binary' }),
        constantFrom(...dispositions),
        boolean(),
        (text, disposition, journald) => {
          for (const event of [
            { message: 1, messageId: text, disposition, reason: text },
            { loop: `reading ${text}`, msg: text },
            { outbox: 1, state: 'failed', template: 'help-staff', to: text, error: text },
            { msg: text, mailbox: text },
            { msg: text, other: text },
          ]) {
            const said = plainLine({ ...at, ...event }, { timeZone: 'UTC', journald });
            expect(said.slice(0, -1)).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}|\u202e/u);
            expect(said.endsWith('\n')).toBe(true);
          }
        },
      ),
    );
  });

  test('tells time as people write it there, in summer and winter', () => {
    expect(localTime(new Date('2026-12-01T08:14:03Z'), 'Europe/Rome')).toBe('2026-12-01 09:14:03');
    expect(localTime(new Date('2026-07-01T08:14:03Z'), 'America/New_York')).toBe('2026-07-01 04:14:03');
  });
});

const source = new URL('../../src/log', import.meta.url).pathname;

/** What a process logs to its standard error, a file, under these variables. */
function logOf(asked: string, stream: (file: number) => string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'kticket-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'stderr');
  const file = openSync(path, 'w');
  const named = stream(file);
  const program = `
    const { createLog } = await import('${source}/log.ts');
    const { styleOfLog } = await import('${source}/plain.ts');
    const log = createLog('info', styleOfLog(${asked}, 'Europe/Rome'));
    log.error({ loop: 'sending' }, 'nobody answers desk+abcdefghijklmnopqrstuvwxyz@desk.example');`;
  spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env['PATH'], ...(named === undefined ? {} : { JOURNAL_STREAM: named }) },
    stdio: ['ignore', 'ignore', file],
  });
  return readFileSync(path, 'utf8');
}

const nameOf = (file: number): string => {
  const { dev, ino } = fstatSync(file, { bigint: true });
  return `${dev}:${ino}`;
};

describe('the log', () => {
  test('is JSON for programs, plain with priorities where JOURNAL_STREAM names its stream', () => {
    expect(JSON.parse(logOf('null', () => undefined))).toMatchObject({ level: 'error' });
    expect(logOf('null', nameOf)).toMatch(/^<3>mail cannot be sent: nobody answers /u);
  });

  test('is JSON where JOURNAL_STREAM names another stream, as it does for what a service starts', () => {
    expect(JSON.parse(logOf('null', (file) => `${nameOf(file)}0`))).toMatchObject({ level: 'error' });
  });

  test('is as LOG_FORMAT says; plain has priorities only under journald', () => {
    expect(JSON.parse(logOf("'json'", nameOf))).toMatchObject({ level: 'error' });
    expect(logOf("'plain'", () => undefined)).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ! {9}mail cannot be sent/u,
    );
  });

  test('holds no reply token, plain or JSON', () => {
    for (const asked of ["'plain'", "'json'"])
      expect(logOf(asked, () => undefined)).not.toContain('abcdefghijklmnopqrstuvwxyz');
  });

  test.skipIf(process.platform !== 'linux')('is plain on a terminal', () => {
    const command = `'${process.execPath}' --input-type=module -e "const { styleOfLog } = await import('${source}/plain.ts'); console.log(styleOfLog(null, 'UTC').format)"`;
    const said = execFileSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8' });
    expect(said).toContain('plain');
  });
});
