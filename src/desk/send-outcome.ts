import { type Log, logDelivery } from '../log/log.ts';
import type { Deferred, DueMail, Failed, Settled } from '../store/mails/outbox.ts';

const minute = 60;
const hour = 60 * minute;
const firstRetry = 20;
const longestRetry = 2 * hour;
const givenUpAfter = 5 * 24 * hour;

/** The outcome of a mail after a server's answer. */
export function settledBy(
  answer: { kind: 'accepted' } | { kind: 'temporary' | 'permanent'; text: string },
  mail: DueMail,
): Settled {
  if (answer.kind === 'accepted') return { state: 'sent' };
  if (answer.kind === 'permanent') return { state: 'failed', error: answer.text, cause: 'server' };
  return deferOrGiveUp(answer.text, mail);
}

/** A try ended without success: when the mail is tried again, or that it is given up. */
export function deferOrGiveUp(error: string, mail: DueMail): Deferred | Failed {
  const seconds = retryDelay(mail.attempts + 1, Math.random());
  return seconds === null
    ? { state: 'failed', error: `given up after 5 days: ${error}`, cause: 'server' }
    : { state: 'deferred', error, seconds };
}

/**
 * Seconds until a mail is tried again: 20 at first, then three times as long each time up to two hours, a quarter more or
 * less by chance, so that mails that failed together do not come back together.
 * @param attempts tries counted so far, the one that failed included
 * @param chance from 0 to 1
 * @returns null after five days of failures: never again (RFC 5321 §4.5.4.1)
 */
export function retryDelay(attempts: number, chance: number): number | null {
  let waited = 0;
  let next = firstRetry;
  for (let attempt = 1; attempt < attempts; attempt += 1) {
    waited += next;
    next = Math.min(next * 3, longestRetry);
  }
  return waited + next > givenUpAfter ? null : next * (0.75 + chance / 2);
}

/** Says in the log what became of a mail. */
export function logSettled(log: Log, mail: DueMail, settled: Settled): void {
  logDelivery(log, {
    outbox: mail.id,
    messageId: mail.messageId,
    template: mail.template,
    to: mail.recipient,
    state: settled.state,
    ticket: mail.ticket,
    error: settled.state === 'sent' ? null : settled.error,
  });
}
