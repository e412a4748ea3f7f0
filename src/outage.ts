import { MailboxError } from './mail/mailbox-error.ts';

/**
 * Whether an error says that something outside could not be reached or could not go on (a server, the database, the
 * network), so that the same again may do later. Everything else that is thrown is a bug.
 */
export function isOutage(error: unknown): boolean {
  if (error instanceof MailboxError) return true;
  const code = codeOf(error);
  if (code === null)
    return (
      error instanceof Error &&
      /^Connection terminated|timeout exceeded when trying to connect/.test(error.message)
    );
  // SQLSTATE: connection lost, out of resources, shut down, system error; and a transaction that lost a race
  if (/^(08|53|57|58|40)[0-9A-Z]{3}$/.test(code)) return true;
  return /^E[A-Z]+$/.test(code) || code === 'CONNECT_TIMEOUT';
}

/** What sort of failure this is: two of one sort are one outage. */
export function kindOf(error: unknown): string {
  if (error instanceof MailboxError) return error.kind;
  if (isOutage(error)) return 'unreachable';
  return error instanceof Error ? error.name : 'error';
}

/** The error for the log: its message; of a bug also where it happened, since nobody could find it otherwise. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node tries several addresses of one name, and says nothing itself
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  const message =
    error.message || (inner instanceof Error ? inner.message : '') || codeOf(error) || error.name;
  if (isOutage(error)) return message;
  const where = /^\s*at .*$/m.exec(error.stack ?? '')?.[0].trim();
  return `${error.name}: ${message}${where === undefined ? '' : ` (${where})`}`;
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : null;
}
