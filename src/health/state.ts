import type { Vitals } from '../store/reports/health.ts';

/** An item of the desk's health. `warn`: worth knowing, but no reason to wake anybody. */
export type Sign = { how: 'ok' | 'warn' | 'FAIL'; what: string; words: string };

/** What follows where nobody of the staff is active, and what mends it. */
export const nobodyIsTold =
  'nobody will be told of what clients write; kticket staff add EMAIL --name NAME --role administrator';

const minute = 60;
/** Seconds after which something is wrong. */
const patience = {
  /** since a mailbox was last read with success, or three times POLL_SECONDS */
  mailbox: 10 * minute,
  /** age of a message to be decided: three failures take 40 s */
  waiting: 5 * minute,
  /** age of a due mail */
  due: 10 * minute,
} as const;

/** The desk's health, a line for each item; healthy if none says FAIL. */
export function signsOf(vitals: Vitals, pollSeconds: number): Sign[] {
  const { mailboxes, smtp, oldestWaiting, oldestDue, held, activeStaff } = vitals;
  const reading = Math.max(patience.mailbox, 3 * pollSeconds);
  const signs: Sign[] = mailboxes.map(({ name, lastRead, refused }) => {
    const what = `mailbox ${name}`;
    if (refused !== null) return { how: 'FAIL', what, words: refused };
    if (lastRead === null) return { how: 'FAIL', what, words: 'never read yet; does `kticket run` run?' };
    const words = `last read ${inWords(lastRead)} ago`;
    return lastRead <= reading
      ? { how: 'ok', what, words }
      : { how: 'FAIL', what, words: words + beyond(reading) };
  });
  for (const { name, lastSent, refused } of smtp) {
    for (const words of refused) signs.push({ how: 'FAIL', what: `smtp ${name}`, words });
    if (refused.length > 0) continue;
    const words = lastSent === null ? 'has taken no mail yet' : `last took a mail ${inWords(lastSent)} ago`;
    signs.push({ how: 'ok', what: `smtp ${name}`, words });
  }
  signs.push(aged(incoming, oldestWaiting, patience.waiting), aged(outgoing, oldestDue, patience.due));
  if (activeStaff === 0) signs.push({ how: 'warn', what: 'staff', words: `none is active: ${nobodyIsTold}` });
  if (held !== null) {
    const words = `${held} ${held === 1 ? 'waits' : 'wait'} for release after a backup came back: kticket outbox release --all or discard --all`;
    signs.push({ how: 'warn', what: 'held', words });
  }
  return signs;
}

/** A queue: its name, and what is said of its oldest item or of none. */
type Queue = { what: string; oldest: string; empty: string };

const incoming: Queue = { what: 'incoming', oldest: 'the oldest message waits', empty: 'no message waits' };
const outgoing: Queue = { what: 'outgoing', oldest: 'the oldest mail has been due', empty: 'no mail is due' };

/** @param age of the queue's oldest item, or null where it is empty */
function aged({ what, oldest, empty }: Queue, age: number | null, limit: number): Sign {
  if (age === null) return { how: 'ok', what, words: empty };
  const words = `${oldest} for ${inWords(age)}`;
  return age <= limit ? { how: 'ok', what, words } : { how: 'FAIL', what, words: words + beyond(limit) };
}

const beyond = (limit: number): string => `; ${inWords(limit)} is the limit`;

/** A time in the largest unit that says enough. */
function inWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 2 * minute) return `${whole} s`;
  if (whole < 120 * minute) return `${Math.round(whole / minute)} min`;
  return `${Math.round(whole / (60 * minute))} h`;
}
