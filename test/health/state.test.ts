import { describe, expect, test } from 'vitest';
import { signsOf } from '../../src/health/state.ts';
import type { Vitals } from '../../src/store/reports/health.ts';

const well: Vitals = {
  mailboxes: [{ name: 'desk@mail.example/INBOX', lastRead: 42, refused: null }],
  smtp: [{ name: 'mail.example:465', lastSent: 7_300, refused: [] }],
  oldestWaiting: null,
  oldestDue: 3,
  held: null,
  activeStaff: 2,
};
const lines = (change: Partial<Vitals>, pollSeconds = 60): string[] =>
  signsOf({ ...well, ...change }, pollSeconds).map(({ how, what, words }) => `${how} ${what}: ${words}`);
const wrong = (change: Partial<Vitals>, pollSeconds = 60): string[] =>
  lines(change, pollSeconds).filter((line) => !line.startsWith('ok'));

test('a desk that is well says so of each thing', () => {
  expect(lines({})).toEqual([
    'ok mailbox desk@mail.example/INBOX: last read 42 s ago',
    'ok smtp mail.example:465: last took a mail 2 h ago',
    'ok incoming: no message waits',
    'ok outgoing: the oldest mail has been due for 3 s',
  ]);
});

const mailbox = (lastRead: number | null) => ({ mailboxes: [{ name: 'desk', lastRead, refused: null }] });

describe('wrong is', () => {
  test('a mailbox not read for ten minutes, or never', () => {
    expect(wrong(mailbox(600))).toEqual([]);
    expect(wrong(mailbox(601))).toEqual(['FAIL mailbox desk: last read 10 min ago; 10 min is the limit']);
    expect(wrong(mailbox(null))).toEqual(['FAIL mailbox desk: never read yet; does `kticket run` run?']);
  });

  test('one not read for three times POLL_SECONDS where that is longer', () => {
    expect(wrong(mailbox(2_700), 900)).toEqual([]);
    expect(wrong(mailbox(2_701), 900)).toHaveLength(1);
  });

  test('a message undecided for five minutes, a mail due for ten', () => {
    expect(wrong({ oldestWaiting: 300, oldestDue: 600 })).toEqual([]);
    expect(wrong({ oldestWaiting: 301, oldestDue: 601 })).toEqual([
      'FAIL incoming: the oldest message waits for 5 min; 5 min is the limit',
      'FAIL outgoing: the oldest mail has been due for 10 min; 10 min is the limit',
    ]);
  });
});

test('a mail server that took nothing yet, and mail held on purpose, are no trouble', () => {
  expect(wrong({ smtp: [{ name: 'mail.example:465', lastSent: null, refused: [] }], held: 4 })).toEqual([
    'warn held: 4 wait for release after a backup came back: kticket outbox release --all or discard --all',
  ]);
});

test('a login that was refused is wrong from the first time on, in the words of the log', () => {
  const why = 'mail.example:993 refuses the login of desk';
  expect(wrong({ mailboxes: [{ name: 'desk', lastRead: 3, refused: why }] })).toEqual([
    `FAIL mailbox desk: ${why}`,
  ]);
  expect(wrong({ smtp: [{ name: 'mail.example:465', lastSent: 3, refused: ['refused'] }] })).toEqual([
    'FAIL smtp mail.example:465: refused',
  ]);
});

test('a desk without active staff says that nobody will be told, and what mends it', () => {
  expect(wrong({ activeStaff: 0 })).toEqual([
    'warn staff: none is active: nobody will be told of what clients write; kticket staff add EMAIL --name NAME --role administrator',
  ]);
});
