import { errorField, codeOf, messageOf, isMissing } from '../log/errors.ts';

/** The database cannot be reached or used now; `message` says in words which one, why, and what to do. No password. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** The schema does not fit this program, or may not be brought up to date; `message` says what to do. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/** Codes of Node's network errors that mean nobody answers. */
const network = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
  'EPIPE',
  // the socket file of a local server that does not run
  'ENOENT',
]);

/** pg's messages, which have no code, for a connection that ended or could not be made. */
const words =
  /^(?:Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired|Query read timeout)/;

/** Explanations of pg's messages about its own internals. */
const meanings: [RegExp, string][] = [
  [/^(?:Connection terminated due to|timeout)/, 'no connection to the database came about in time'],
  [/^(?:Connection terminated|Client has encountered)/, 'the connection to the database was lost'],
  [/^Query read timeout/, 'the database did not answer in time'],
];

/**
 * Whether a connection's kept plan is of no use any more: a migration changed what it reads, or the server on the other
 * end is another one (a connection pooler that does not keep track of prepared statements).
 */
export function lostPlan(error: unknown): boolean {
  const code = codeOf(error);
  // "cached plan must not change result type", in whatever language
  if (code === '0A000') return errorField(error, 'routine') === 'RevalidateCachedQuery';
  return code === '26000' || code === '42P05';
}

/** Why the database cannot be used now, from an error that says so: a sentence goes on with it. */
export function whyUnavailable(error: unknown): string {
  const said = messageOf(error) || (codeOf(error) ?? 'the database does not answer');
  return meanings.find(([pattern]) => pattern.test(said))?.[1] ?? said;
}

/**
 * Whether an error says that the database went away or cannot go on now (lost connection, shutdown, too many
 * connections, disk full, a lost race of transactions, a plan that a migration overtook), so that the same may work later. Everything else is a bug.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  if (lostPlan(error)) return true;
  const code = codeOf(error);
  if (code === null) return error instanceof Error && words.test(error.message);
  // 08 connection, 40 a race of transactions was lost, 53 out of resources, 57P shut down, 58 the server's own system;
  // 25P03 it waited too long inside a transaction, 25006 the server is a read-only stand-by
  if (/^(?:08|40|53|57P|58)[0-9A-Z]+$/.test(code) || code === '25P03' || code === '25006') return true;
  return network.has(code) && isFromNetwork(error);
}

/** An ENOENT of a file is a bug of ours; that of a connection is not. */
function isFromNetwork(error: unknown): boolean {
  return !isMissing(error) || errorField(error, 'syscall') === 'connect';
}
