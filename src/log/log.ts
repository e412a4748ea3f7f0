import pino, { type Logger } from 'pino';
import { jsonWithoutTokens, visibleJson } from './visible.ts';
import { type LogStyle, plainLine } from './plain.ts';
import { withoutTokens } from '../core/address/reply-token.ts';
import { messageInWords } from '../core/ticket/journal-words.ts';
import type { Disposition, OutboxState } from '../core/kinds.ts';

export type Log = Logger;

const secretFields = ['password', 'pass', 'token', 'secret', 'databaseUrl', 'replyTo', 'reply_to'];

/**
 * Creates the log on standard error: JSON lines with times in ISO 8601, or plain ones. Fields with secrets are blanked at any depth, and so are
 * reply tokens within any text; control characters of a mail are written out. Bodies, subjects, tokens and passwords are never
 * logged.
 */
export function createLog(level: string, style: LogStyle = { format: 'json' }): Log {
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
        const clean = isClean ? line : `${jsonWithoutTokens(JSON.parse(line))}\n`;
        lines.write(style.format === 'json' ? visibleJson(clean) : plainLine(JSON.parse(clean), style));
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

/** Logs the outcome of one message, in one line; one that wants somebody as a warning. */
export function logOutcome(
  log: Log,
  outcome: {
    /** id in the database, as `kticket message show` takes it */
    message: number;
    messageId: string | null;
    /** its sender's address; null where none could be read */
    from: string | null;
    disposition: Disposition;
    /** why, in English; never a body, a subject or a token */
    reason: string;
    ticket: number | null;
  },
): void {
  // field by field: whatever else the caller's value holds stays out of the log
  const { message, messageId, from, disposition, reason, ticket } = outcome;
  const wantsSomebody = messageInWords({ id: message }, disposition, null).tone === 'bad';
  log[wantsSomebody ? 'warn' : 'info'](
    { message, messageId, from, disposition, reason, ticket },
    'message decided',
  );
}

/** Logs the outcome of one try to send a mail, or that it came back; one that failed for good as an error. */
export function logDelivery(
  log: Log,
  delivery: {
    /** id in the database, as `kticket outbox show` takes it */
    outbox: number;
    /** null where a report tells of it, by its id here */
    messageId: string | null;
    template: string;
    to: string;
    state: OutboxState;
    ticket: number | null;
    /** the server's reply, if it refused */
    error: string | null;
  },
): void {
  const { outbox, messageId, template, to, state, ticket, error } = delivery;
  const sent = { outbox, messageId, template, to, state, ticket };
  if (error === null) log.info(sent, 'mail sent');
  else log[state === 'failed' ? 'error' : 'warn']({ ...sent, error }, 'mail not sent');
}
