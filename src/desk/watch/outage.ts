import type { OutageCause } from '../../core/words/outages.ts';
import { MailboxError } from '../../mail/imap/mailbox-error.ts';
import { ReaderDown } from '../../mail/sandbox/sandbox.ts';
import { codeOf, messageOf } from '../../log/errors.ts';
import { isUnavailable, whyUnavailable } from '../../store/unavailable.ts';

/** An outgoing server is unavailable, or refuses our login. The message names server and user, no password. */
export class ServerAway extends Error {
  override readonly name = 'ServerAway';
  readonly kind: 'unreachable' | 'auth_refused';
  readonly outage: OutageCause;

  constructor(kind: 'unreachable' | 'auth_refused', message: string, outage: OutageCause) {
    super(message);
    this.kind = kind;
    this.outage = outage;
  }
}

/**
 * Whether an error says that something outside could not be reached or could not go on (a mailbox, the mail server, the database, room for a process), so
 * that the same again may do later. Everything else that is thrown is a bug.
 */
export function isOutage(error: unknown): boolean {
  return (
    error instanceof MailboxError ||
    error instanceof ServerAway ||
    error instanceof ReaderDown ||
    isUnavailable(error)
  );
}

/** The kind of a failure: two of one kind are one outage. */
export function kindOf(error: unknown): string {
  if (error instanceof MailboxError || error instanceof ServerAway) return error.kind;
  if (isUnavailable(error)) return 'database_away';
  return error instanceof Error ? error.name : 'error';
}

/** The error for the log: its message; of a bug also where it happened, since nobody could find it otherwise. */
export function errorInWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isUnavailable(error)) return whyUnavailable(error);
  const message = messageOf(error) || (codeOf(error) ?? error.name);
  if (isOutage(error)) return message;
  const where = /^\s*at .*$/m.exec(error.stack ?? '')?.[0].trim();
  return `${error.name}: ${message}${where === undefined ? '' : ` (${where})`}`;
}
