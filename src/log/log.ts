import pino, { type Logger } from 'pino';
import { jsonWithoutTokens, visibleJson } from './visible.ts';
import { withoutTokens } from '../core/address/reply-token.ts';

export type Log = Logger;

const secretFields = ['password', 'pass', 'token', 'secret', 'databaseUrl', 'replyTo', 'reply_to'];

/**
 * Creates the log: JSON lines on standard error, times in ISO 8601. Fields with secrets are blanked at any depth, and so are
 * reply tokens within any text; control characters of a mail are written out. Bodies, subjects, tokens and passwords are never
 * logged.
 */
export function createLog(level: string): Log {
  const lines = inOneWrite(pino.destination({ fd: 2, sync: true }));
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '[hidden]',
      },
    },
    {
      write(line: string) {
        const isClean = withoutTokens(line) === line;
        lines.write(visibleJson(isClean ? line : `${jsonWithoutTokens(JSON.parse(line))}\n`));
      },
    },
  );
}

/** What is to be written when the process ends. */
const unwritten = new Set<() => void>();
process.once('exit', () => {
  for (const write of unwritten) write();
});

/** Lines that are logged one after the other are written together, before anything else is done, and before an exit. */
function inOneWrite(to: { write(lines: string): unknown }): { write(line: string): void } {
  let lines = '';
  const write = (): void => {
    const all = lines;
    lines = '';
    unwritten.delete(write);
    if (all !== '') to.write(all);
  };
  return {
    write(line) {
      if (lines === '') {
        // the last line before an exit is the one that matters most
        unwritten.add(write);
        queueMicrotask(write);
      }
      lines += line;
    },
  };
}

/** Logs the outcome of one message, in one line. */
export function logOutcome(
  log: Log,
  outcome: {
    /** id in the database, as `kticket message show` takes it */
    message: number;
    messageId: string | null;
    disposition: string;
    /** why, in English; never a body, a subject or a token */
    reason: string;
    ticket: number | null;
  },
): void {
  // field by field: whatever else the caller's value holds stays out of the log
  const { message, messageId, disposition, reason, ticket } = outcome;
  log.info({ message, messageId, disposition, reason, ticket }, 'message decided');
}

/** Logs the outcome of one try to send a mail. */
export function logDelivery(
  log: Log,
  delivery: {
    /** id in the database, as `kticket outbox show` takes it */
    outbox: number;
    messageId: string;
    state: string;
    ticket: number | null;
    /** the server's reply, if it refused */
    error: string | null;
  },
): void {
  const { outbox, messageId, state, ticket, error } = delivery;
  if (error === null) log.info({ outbox, messageId, state, ticket }, 'mail sent');
  else log.warn({ outbox, messageId, state, ticket, error }, 'mail not sent');
}
