import {
  connectionWords,
  isConnectionTrouble,
  isMixUp,
  type OutageCause,
  tlsRemedies,
} from '../../core/words/outages.ts';
import { serverWords } from '../server-words.ts';
import { mixUp, tlsTrouble } from '../tls-trouble.ts';
import { TokenError } from '../oauth/token-error.ts';
import type { MailboxSettings } from '../../config/settings.ts';
import { errorText, errorField, codeOf, messageOf } from '../../log/errors.ts';

/** Why a mailbox could not be read: the server refuses the login, cannot be talked to, or answers a command with no. */
export type MailboxErrorKind = 'auth_refused' | 'unreachable' | 'protocol';

/** The one error that mail/imap/mailbox.ts throws. Its message names host and user, never the password. */
export class MailboxError extends Error {
  readonly kind: MailboxErrorKind;
  readonly outage: OutageCause;

  constructor(
    kind: MailboxErrorKind,
    message: string,
    cause?: unknown,
    outage: OutageCause = { kind: 'other', said: message },
  ) {
    super(message, { cause });
    this.outage = outage;
    this.name = 'MailboxError';
    this.kind = kind;
  }
}

// a login refused for these is no word about the password (RFC 5530 §3)
const passing = new Set(['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG']);

/**
 * Converts an exception of the IMAP library or Node to a MailboxError. `doing` says what was attempted. The server's own words
 * are kept, without a password or token that they may repeat.
 */
export function toMailboxError(error: unknown, settings: MailboxSettings, doing: string): MailboxError {
  if (error instanceof MailboxError) return error;
  const server = `${settings.host}:${settings.port}`;
  if (error instanceof TokenError) {
    return new MailboxError(
      error.kind,
      `no login of ${settings.user} at ${server}: ${error.message}`,
      error,
      error.outage,
    );
  }
  const code = codeOf(error);
  const responseCode = errorText(error, 'serverResponseCode');
  const responseText =
    errorText(error, 'responseText') ?? errorText(error, 'response') ?? errorText(error, 'reason');
  const answer = serverWords(responseText ?? '', settings);
  const said = answer === '' ? '' : ` (the server says: ${answer})`;

  if (isLoginRefused(error)) {
    const remedy =
      settings.password === null
        ? 'its token was made just now: may the app read that mailbox, and is IMAP enabled for it?'
        : 'check user and password in MAILBOX_URL';
    const message = `${server} refuses the login of ${settings.user}${said}; ${remedy}`;
    return new MailboxError('auth_refused', message, error, {
      kind: 'login_refused',
      user: settings.user,
      said: answer,
    });
  }
  if (errorText(error, 'responseStatus') !== null) {
    const message = `${server} answers ${settings.user} with no when asked to ${doing}${said}`;
    const kind = passing.has(responseCode ?? '') ? 'unreachable' : 'protocol';
    return new MailboxError(kind, message, error, { kind: 'command_refused', said: answer });
  }
  const words = serverWords(messageOf(error), settings);
  const found = `${words} [${code ?? 'no code'}]`;
  const tls = mixUp(`${code ?? ''} ${words}`, 'imap') ?? tlsTrouble(`${code ?? ''} ${words}`);
  if (tls !== null) {
    const message = `no TLS with ${server}: ${isMixUp(tls) ? '' : `${found}; `}${tlsRemedies[tls].en}`;
    return new MailboxError('unreachable', message, error, { kind: 'no_tls', trouble: tls, said: found });
  }
  const trouble = code !== null && isConnectionTrouble(code) ? code : null;
  const what = trouble === null ? words : connectionWords[trouble].en;
  const kind =
    code !== null && /^(Parser|Line|Literal|Response|TooMany)/.test(code) ? 'protocol' : 'unreachable';
  const message = `cannot ${doing} at ${server} for ${settings.user}: ${what}${code === null ? '' : ` [${code}]`}${said}`;
  const whole = answer === '' ? (trouble ?? words) : answer;
  const outage: OutageCause =
    kind === 'protocol' ? { kind: 'other', said: whole } : { kind: 'no_connection', trouble, said: whole };
  return new MailboxError(kind, message, error, outage);
}

/** True if an exception of the IMAP library says that the server refused our login. */
export function isLoginRefused(error: unknown): boolean {
  return (
    errorField(error, 'authenticationFailed') === true &&
    !passing.has(errorText(error, 'serverResponseCode') ?? '')
  );
}

/** True if the server itself rejected a command: the connection works, another command may succeed. */
export function isRefusal(error: unknown): boolean {
  return errorText(error, 'responseStatus') === 'NO';
}

/** True if the server, asked for messages, refused, hung up or fell silent: each happens over a message that it cannot read. */
export function isDeliveryFailure(error: unknown): error is MailboxError {
  if (!(error instanceof MailboxError)) return false;
  return (
    isRefusal(error.cause) ||
    ['NoConnection', 'EConnectionClosed', 'ETIMEOUT'].includes(codeOf(error.cause) ?? '')
  );
}

/** True if a requested folder does not exist. */
export function isMissingFolder(error: unknown): boolean {
  return codeOf(error) === 'NotFound' || errorField(error, 'mailboxMissing') === true;
}
