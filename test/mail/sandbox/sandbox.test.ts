import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Message } from '../../../src/core/message/message.ts';
import { readingFailure } from '../../../src/core/words/quarantine.ts';
import { defaultBounds, processorMs, type ReadingBounds } from '../../../src/config/limits.ts';
import { parseMessage } from '../../../src/mail/parse/parse.ts';
import { openReader, type Sandbox, ReaderDown } from '../../../src/mail/sandbox/sandbox.ts';
import { endless, endlessLimits } from '../../harness/endless-mail.ts';
import { serversAway, signingDomain } from '../../harness/keys.ts';
import { mail, multipartMail, part } from '../../builders/mail.ts';

const nothingElse = { deliveredTo: [], nullSender: false, truncated: false };
const limits = endlessLimits;

const of = (file: string): URL => new URL(`../../harness/${file}`, import.meta.url);
const unlucky = of('unlucky-process.ts');

let reader: Sandbox;
const open = (bounds: ReadingBounds): void => {
  reader = openReader(bounds);
};
afterEach(() => reader.close());

/** Subjects of what was read, and words for what was not. */
async function readAll(mails: Uint8Array[]): Promise<string[]> {
  const reads = await Promise.all(mails.map((raw) => reader.read(raw, nothingElse)));
  return reads.map((read) => (read.ok ? read.message.subject : readingFailure(read.why, 'en')));
}
const named = (subject: string): Buffer => mail({ headers: [['Subject', subject]] });

describe('a mail that passes a bound fails alone, with the bound and its setting named:', () => {
  test('time', { timeout: 120_000 }, async () => {
    open({ limits, seconds: 2, megabytes: 4_000 });
    expect(await readAll([named('1'), endless, named('2'), endless, named('3')])).toEqual([
      '1',
      'reading it took longer than 2 s (MAX_READ_SECONDS)',
      '2',
      'reading it took longer than 2 s (MAX_READ_SECONDS)',
      '3',
    ]);
  });

  test('time, also of a process that had nothing to do', { timeout: 120_000 }, async () => {
    open({ limits, seconds: 2, megabytes: 4_000 });
    expect(await readAll([named('1')])).toEqual(['1']);
    expect(await readAll([endless])).toEqual([expect.stringContaining('MAX_READ_SECONDS')]);
    expect(await readAll([named('2')])).toEqual(['2']);
  });

  test('time, of one that stands still and uses no processor', { timeout: 60_000 }, async () => {
    reader = openReader({ ...defaultBounds, seconds: 2 }, { program: unlucky });
    expect(await readAll(['1', 'stands still', '2'].map(named))).toEqual([
      '1',
      'reading it stood still for 2 s (MAX_READ_SECONDS)',
      '2',
    ]);
  });

  test.skipIf(process.platform !== 'linux')(
    'but not one that others keep from the processor: that stands still as well',
    { timeout: 60_000 },
    async () => {
      const child = await started(() => {
        reader = openReader({ ...defaultBounds, seconds: 2 }, { program: unlucky });
      });
      expect(await readAll([named('1')])).toEqual(['1']);
      const cpu =
        /^Cpus_allowed_list:\s*(\d+)/mu.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
      // its main thread gets what another one leaves, which is nothing
      const thread = String(child);
      execFileSync('chrt', ['--idle', '--pid', '0', thread]);
      execFileSync('taskset', ['--cpu-list', '--pid', cpu, thread]);
      const hog = spawn('taskset', [
        '--cpu-list',
        cpu,
        process.execPath,
        '-e',
        'process.stdout.write(" "); for (const end = Date.now() + 3_000; Date.now() < end; );',
      ]);
      hog.once('exit', () => execFileSync('chrt', ['--other', '--pid', '0', thread]));
      await once(hog.stdout, 'data');
      expect(await readAll([named('takes long')])).toEqual(['takes long']);
    },
  );

  test('memory', { timeout: 120_000 }, async () => {
    open({ limits, seconds: 100, megabytes: 48 });
    expect(await readAll([named('1'), endless, named('2')])).toEqual([
      '1',
      'reading it needed more than 48 MB of memory (MAX_READ_MB)',
      '2',
    ]);
  });
});

test('a mail has two seconds of processor; one larger than MAX_MESSAGE_MB usually is has as much more', () => {
  const megabyte = 1024 * 1024;
  const allowed = (size: number) => processorMs(defaultBounds.seconds, size * megabyte);
  expect([0, 1, 50, 100, 200].map(allowed)).toEqual([2_000, 2_000, 2_000, 4_000, 8_000]);
});

describe('the process that reads', () => {
  test('has none of our settings, may write no file and start no program', async () => {
    reader = openReader(defaultBounds, { program: of('prying-process.ts') });
    const read = await reader.read(named('1'), nothingElse);
    expect(read.ok ? null : JSON.parse(readingFailure(read.why, 'en'))).toEqual({
      environment: [],
      write: 'ERR_ACCESS_DENIED',
      spawn: 'ERR_ACCESS_DENIED',
    });
  });

  test('that is ended from outside costs no mail, and it is said by what', async () => {
    const told: string[] = [];
    const child = await started(() => {
      reader = openReader(defaultBounds, { onEnded: (why) => told.push(why) });
    });
    expect(await readAll([named('1')])).toEqual(['1']);
    process.kill(child, 'SIGSTOP');
    const reads = readAll([named('2'), named('3')]);
    process.kill(child, 'SIGKILL');
    expect(await reads).toEqual(['2', '3']);
    expect(told).toEqual(['the process that read it ended (SIGKILL)']);
  });

  test('that is ended from outside three times over one mail takes only that one along', {
    timeout: 60_000,
  }, async () => {
    const told: string[] = [];
    reader = openReader(defaultBounds, { program: unlucky, onEnded: (why) => told.push(why) });
    expect(await readAll(['1', 'killed', '2', 'killed', '3'].map(named))).toEqual([
      '1',
      'the process that read it ended (SIGKILL), three times',
      '2',
      'the process that read it ended (SIGKILL), three times',
      '3',
    ]);
    expect(told).toHaveLength(6);
  });

  test('goes on through the signals that ask the worker to stop', async () => {
    const child = await started(() => open(defaultBounds));
    expect(await readAll([named('1')])).toEqual(['1']);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.kill(child, signal);
    expect(await readAll([named('2')])).toEqual(['2']);
  });

  test('does not outlive who waits for it, even when it hangs', { timeout: 60_000 }, async () => {
    const parent = spawn(process.execPath, [fileURLToPath(of('endless-reading.ts'))]);
    const [line] = await once(parent.stdout, 'data');
    const child = Number(line);
    expect(runs(child)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitUntil(() => !runs(child), { timeout: 30_000 });
  });
});

/** Reads these at once; each answer, and each mail that is slow, by its subject and as they come. */
async function events(subjects: string[]): Promise<string[]> {
  const seen: string[] = [];
  await Promise.all(
    subjects.map(async (subject) => {
      const read = await reader.readSoon(
        subject.startsWith('endless') ? endless : named(subject),
        nothingElse,
        () => seen.push(`${subject} is slow`),
      );
      if (read === 'put_off') seen.push(`${subject} is put off`);
      else seen.push(`${subject} ${read.ok ? 'is read' : 'is not'}`);
    }),
  );
  return seen;
}

describe('a mail that is slow to read', () => {
  test('that is read in the end leaves one process, which of the two does not matter', {
    timeout: 120_000,
  }, async () => {
    const children = await startedBy(async () => {
      reader = openReader({ ...defaultBounds, seconds: 60 }, { program: unlucky, idleSeconds: 0.05 });
      const longer = 'b'.repeat(100);
      expect(await events(['takes long', longer])).toEqual([
        'takes long is slow',
        `${longer} is not`,
        'takes long is not',
      ]);
    });
    expect(children).toHaveLength(2);
    await vi.waitUntil(() => children.filter(runs).length === 1, { timeout: 30_000 });
    expect(await readAll([named('2')])).toEqual(['2']);
  });

  test('keeps nobody waiting: a second process reads the others meanwhile, and goes on where the first dies', {
    timeout: 120_000,
  }, async () => {
    const children = await startedBy(async () => {
      reader = openReader({ limits, seconds: 2, megabytes: 4_000 }, { idleSeconds: 0.05 });
      expect(await readAll([named('0')])).toEqual(['0']);
      const seen = await events(['endless', '1', '2']);
      expect(seen[0]).toBe('endless is slow');
      expect(seen.slice(1, 3).toSorted()).toEqual(['1 is read', '2 is read']);
      expect(seen[3]).toBe('endless is not');
      // the first has died over it, the second stays
      expect(await readAll([named('3')])).toEqual(['3']);
    });
    expect(children).toHaveLength(2);
    expect(children.filter(runs)).toEqual([children[1]]);
  });

  test('and another one put off the others that waited for both; none is blamed', {
    timeout: 120_000,
  }, async () => {
    open({ limits, seconds: 2, megabytes: 4_000 });
    const seen = await events(['endless 1', 'endless 2', 'endless 3', 'endless 4']);
    expect(seen.filter((one) => one.endsWith('is put off'))).toHaveLength(2);
    expect(seen.filter((one) => one.endsWith('is not'))).toHaveLength(2);
    expect(await readAll([named('1')])).toEqual(['1']);
  });

  test('is begun after the smaller ones that wait with it', { timeout: 60_000 }, async () => {
    open(defaultBounds);
    const seen = await events(['first', 'a'.repeat(5_000), 'b'.repeat(50_000), 'short']);
    expect(seen.map((one) => one.slice(0, 5))).toEqual(['first', 'short', 'aaaaa', 'bbbbb']);
  });
});

describe('a process that cannot be had is no mail’s fault:', () => {
  test('one that never gets ready is ended', async () => {
    reader = openReader(defaultBounds, {
      program: of('silent-process.ts'),
      seconds: 0.1,
    });
    await expect(reader.read(named('1'), nothingElse)).rejects.toThrow('was not ready after 0.1 s');
  });

  test('one whose program is not there', async () => {
    const program = new URL('./no-such-program.ts', import.meta.url);
    reader = openReader(defaultBounds, { program });
    await expect(reader.read(named('1'), nothingElse)).rejects.toThrow('cannot be started');
  });
});

describe('within the bounds', () => {
  beforeEach(() => open(defaultBounds));

  test('a process reads what would be read without one', { timeout: 60_000 }, async () => {
    const folder = new URL('../../mails/', import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith('.eml'));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const raw = readFileSync(new URL(file, folder));
      const read = await reader.read(raw, { ...nothingElse, deliveredTo: ['assistenza@kybernes.it'] });
      if (!read.ok) throw new Error(`${file}: ${readingFailure(read.why, 'en')}`);
      const here = await parseMessage(raw, { deliveredTo: ['assistenza@kybernes.it'] });
      expect({ file, ...inHex(read.message) }).toEqual({ file, ...inHex(here) });
    }
  });

  test('attachments of all encodings come out whole, and the bytes that went in stay as they are', async () => {
    const content = Buffer.from('a,b\r\n1,2').toString();
    const raw = multipartMail('mixed', [
      part('text/plain', 'Ecco.'),
      part('text/csv; name=a.csv', content),
      part('text/csv; name=b.csv', Buffer.from(content).toString('base64'), [
        ['Content-Transfer-Encoding', 'base64'],
      ]),
      part('text/csv; name=c.csv', content, [['Content-Transfer-Encoding', 'quoted-printable']]),
    ]);
    const before = raw.toString('hex');
    const [read] = await Promise.all([reader.read(raw, nothingElse), reader.read(raw, nothingElse)]);
    expect(raw.toString('hex')).toBe(before);
    if (!read.ok) throw new Error(readingFailure(read.why, 'en'));
    expect(read.message.attachments.map((one) => Buffer.from(one.content).toString())).toEqual([
      content,
      content,
      content,
    ]);
  });

  test('answers belong to their questions, however many are asked at once', async () => {
    const subjects = Array.from({ length: 200 }, (_, i) => `richiesta ${i}`);
    expect(await readAll(subjects.map(named))).toEqual(subjects);
  });

  test('what is said of a mail from outside, and that it was cut off, is told', async () => {
    const read = await reader.read(mail(), {
      deliveredTo: ['pda@kybernes.it'],
      nullSender: true,
      truncated: true,
    });
    expect(read).toMatchObject({
      ok: true,
      message: {
        deliveredTo: ['pda@kybernes.it'],
        noAnswer: true,
        defect: { kind: 'over_size' },
      },
    });
  });

  test('a signature is verified with the key that is looked up outside of the process', async () => {
    const acme = signingDomain('acme.it');
    expect(await reader.checkDkim(await acme.sign(mail()), acme.keys)).toEqual({
      signatures: [{ result: 'pass', domain: 'acme.it', uncovered: null }],
    });
  });

  test('a mail without a signature is checked without asking anybody', async () => {
    expect(await reader.checkDkim(mail(), serversAway)).toEqual({ signatures: [] });
  });

  test('a reader that is closed is no fault of the mail', async () => {
    const waiting = reader.read(mail(), nothingElse);
    await Promise.all([expect(waiting).rejects.toThrow(ReaderDown), reader.close()]);
    await expect(reader.read(mail(), nothingElse)).rejects.toThrow(ReaderDown);
  });
});

/** The id of the process that this starts. */
async function started(start: () => void): Promise<number> {
  const [first] = await startedBy(async () => start());
  return first ?? Number.NaN;
}

/** The ids of the processes that are started meanwhile. */
async function startedBy(meanwhile: () => Promise<void>): Promise<number[]> {
  const children: ChildProcess[] = [];
  const note = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('process' in message)) return;
    if (message.process instanceof ChildProcess) children.push(message.process);
  };
  subscribe('child_process', note);
  await meanwhile();
  unsubscribe('child_process', note);
  await vi.waitUntil(() => children.every(({ pid }) => pid !== undefined));
  return children.flatMap(({ pid }) => pid ?? []);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function inHex(message: Message): Record<string, unknown> {
  const attachments = message.attachments.map((one) => ({
    ...one,
    content: Buffer.from(one.content).toString('hex'),
  }));
  return { ...message, attachments };
}
