import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { createBell, keepDoing } from '../../../src/desk/watch/loop.ts';
import { MailboxError } from '../../../src/mail/imap/mailbox-error.ts';
import { DatabaseUnavailable } from '../../../src/store/unavailable.ts';
import { openOutageLog, type Progress } from '../../../src/desk/watch/outage-log.ts';

const never = new AbortController().signal;
const brief = { first: 1, last: 4 };

/** Runs a loop whose passes go as `script` says (null: well), then stops it; what was logged, in order. */
async function play(script: (Error | 'idle' | null)[]): Promise<{ level: string; msg: string }[]> {
  const logged: { level: string; msg: string }[] = [];
  const log = pino(
    { formatters: { level: (level) => ({ level }) } },
    { write: (line: string) => void logged.push(JSON.parse(line)) },
  );
  const stop = new AbortController();
  const passes = script[Symbol.iterator]();
  await keepDoing(
    {
      name: 'reading',
      async pass() {
        const next = passes.next();
        if (next.done === true) stop.abort();
        else if (next.value instanceof Error) throw next.value;
        return next.value === 'idle' ? 'idle' : { done: 3 };
      },
      async rest() {},
    },
    { outages: openOutageLog(log), signal: stop.signal, backoff: brief },
  );
  return logged;
}

const away = (): Error => new MailboxError('unreachable', 'no answer from imap.example');
const refused = (): Error => new MailboxError('auth_refused', 'imap.example refuses the login of desk');

const gone = (): Error => new DatabaseUnavailable('the database went away');

describe('a loop', () => {
  test('says an outage once when it begins and once when it ends, however often it tries', async () => {
    const logged = await play([null, away(), away(), away(), null, null]);
    expect(logged.map(({ level, msg }) => `${level}: ${msg}`)).toEqual([
      'error: no answer from imap.example',
      'info: works again after 0 s; 3 waited',
    ]);
  });

  test('says it anew when an outage turns into another: away, then the password refused', async () => {
    const logged = await play([away(), refused(), refused(), null]);
    expect(logged.map(({ msg }) => msg)).toEqual([
      'no answer from imap.example',
      'imap.example refuses the login of desk',
      'works again after 0 s; 3 waited',
    ]);
  });

  test('having nothing to do does not tell that an outage is over', async () => {
    const logged = await play([away(), 'idle', away(), 'idle', null]);
    expect(logged.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  test('one of the database is said once for all loops, and is over when each that it stopped works again', () => {
    const logged: string[] = [];
    const outages = openOutageLog(
      pino({}, { write: (line: string) => void logged.push(JSON.parse(line).msg) }),
    );
    for (const loop of ['reading', 'sending', 'reading']) outages.failed(loop, gone());
    outages.worked('deciding', { done: 9 });
    outages.worked('sending', 'idle');
    outages.failed('reading', gone());
    outages.worked('reading', { done: 2 });
    expect(logged).toEqual([
      'the database cannot be used: the database went away',
      'works again after 0 s; 2 waited',
    ]);
  });

  test('one of the database waits for the loops that were under way when it began, which hang or fail later', () => {
    const logged: string[] = [];
    const outages = openOutageLog(
      pino({}, { write: (line: string) => void logged.push(JSON.parse(line).msg) }),
    );
    for (const loop of ['reading', 'deciding', 'sending']) outages.begins(loop);
    outages.worked('deciding', 'idle');
    outages.begins('accounting');
    outages.failed('accounting', gone());
    outages.worked('accounting', { done: 0 });
    // a mail server was slow to answer it, and it learns only now that its connection is gone
    outages.failed('sending', gone());
    outages.worked('sending', { done: 1 });
    // the question it had asked is answered at last
    outages.worked('reading', { done: 3 });
    expect(logged).toEqual([
      'the database cannot be used: the database went away',
      'works again after 0 s; 4 waited',
    ]);
  });

  test('what a loop found first is what waited for it, however many passes it makes before the last one works again', () => {
    const logged: string[] = [];
    const outages = openOutageLog(
      pino({}, { write: (line: string) => void logged.push(JSON.parse(line).msg) }),
    );
    for (const loop of ['reading', 'deciding', 'sending']) outages.begins(loop);
    outages.failed('sending', gone());
    outages.worked('deciding', 'idle');
    outages.worked('reading', { done: 5 });
    outages.worked('deciding', { done: 3 });
    outages.worked('reading', 'idle');
    outages.worked('deciding', { done: 1 });
    outages.worked('sending', 'idle');
    expect(logged.at(-1)).toBe('works again after 0 s; 8 waited');
  });

  test('one of the database and one of its own are two', () => {
    const logged: string[] = [];
    const outages = openOutageLog(
      pino({}, { write: (line: string) => void logged.push(JSON.parse(line).msg) }),
    );
    outages.failed('reading', away());
    outages.failed('reading', gone());
    // the mailbox is asked behind the database
    outages.failed('reading', away());
    expect(outages.worked('reading', { done: 1 })).toBe(true);
    expect(logged).toEqual([
      'no answer from imap.example',
      'the database cannot be used: the database went away',
      'works again after 0 s; nothing waited',
      'works again after 0 s; 1 waited',
    ]);
  });

  test('two outages are two', async () => {
    expect(await play([away(), null, away(), null])).toHaveLength(4);
  });

  test('goes on after a bug of ours, which is said with the place where it happened', async () => {
    const logged = await play([new TypeError('undefined is not a function'), null]);
    expect(logged[0]?.msg).toMatch(/^TypeError: undefined is not a function \(at .+\)$/);
  });

  test('ends at once while it waits out an outage', async () => {
    const stop = new AbortController();
    const log = pino({}, { write: () => stop.abort() });
    const loop = { name: 'reading', pass: () => Promise.reject(away()), rest: async () => {} };
    const ended = keepDoing(loop, {
      outages: openOutageLog(log),
      signal: stop.signal,
      backoff: { first: 600_000, last: 600_000 },
    });
    expect(await ended).toBeUndefined();
  });

  test('what fails because it was stopped is no outage', async () => {
    const logged: string[] = [];
    const log = pino({}, { write: (line: string) => void logged.push(line) });
    const stop = new AbortController();
    const pass = async (): Promise<Progress> => {
      stop.abort();
      throw away();
    };
    await keepDoing(
      { name: 'reading', pass, rest: async () => {} },
      { outages: openOutageLog(log), signal: stop.signal },
    );
    expect(logged).toEqual([]);
  });
});

describe('a bell', () => {
  test('wakes the one who waits', async () => {
    const bell = createBell();
    const woken = bell.wait(600_000, never);
    bell.ring();
    expect(await woken).toBe(true);
  });

  test('keeps a ring that nobody waited for, but only one', async () => {
    const bell = createBell();
    bell.ring();
    bell.ring();
    expect(await bell.wait(600_000, never)).toBe(true);
    expect(await bell.wait(1, never)).toBe(false);
  });

  test('the signal ends the wait', async () => {
    const stop = new AbortController();
    const woken = createBell().wait(600_000, stop.signal);
    stop.abort();
    expect(await woken).toBe(false);
  });
});
