import type { MailboxSettings } from '../config.ts';
import { serverWords } from './server-words.ts';
import { tlsRemedy } from './tls-trouble.ts';
import { TokenError } from './token-error.ts';

/** Why a mailbox could not be read: the server refuses the login, cannot be talked to, or answers a command with no. */
export type MailboxErrorKind = 'auth_refused' | 'unreachable' | 'protocol';

/** The one error that mail/mailbox.ts throws. Its message names host and user, never the password. */
export class MailboxError extends Error {
  readonly kind: MailboxErrorKind;

  constructor(kind: MailboxErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'MailboxError';
    this.kind = kind;
  }
}

// a login refused for these is no word about the password (RFC 5530 §3)
const passing = new Set(['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG']);

const connectionWords: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there; is the port right and the server up?',
  ENOTFOUND: 'that host name does not exist; is it spelt right?',
  EAI_AGAIN: 'the name could not be looked up just now; does DNS work on this machine?',
  CONNECT_TIMEOUT: 'no answer; does a firewall stand between?',
  GREETING_TIMEOUT: 'connected, but no IMAP greeting came; is that an IMAP port, with TLS for imaps://?',
  ETIMEOUT: 'it fell silent',
  ETIMEDOUT: 'it fell silent',
  EPROTO: 'no TLS is spoken on that port; imaps:// is usually on 993',
};

/**
 * What went wrong, as a MailboxError, from whatever the IMAP library or Node threw. `doing` says what was tried.
 * The server's own words are passed on, without a password or token should it repeat them.
 */
export function toMailboxError(error: unknown, settings: MailboxSettings, doing: string): MailboxError {
  if (error instanceof MailboxError) return error;
  const server = `${settings.host}:${settings.port}`;
  if (error instanceof TokenError) {
    return new MailboxError(error.kind, `no login of ${settings.user} at ${server}: ${error.message}`, error);
  }
  const said = (text: string | undefined): string => {
    const line = serverWords(text ?? '', settings);
    return line === '' ? '' : ` (the server says: ${line})`;
  };
  const code = detail(error, 'code');
  const responseCode = detail(error, 'serverResponseCode');
  const responseText = detail(error, 'responseText') ?? detail(error, 'response') ?? detail(error, 'reason');

  if (isLoginRefused(error)) {
    const remedy =
      settings.password === null
        ? 'its token was made just now: may the app read that mailbox, and is IMAP enabled for it?'
        : 'check user and password in MAILBOX_URL';
    const message = `${server} refuses the login of ${settings.user}${said(responseText)}; ${remedy}`;
    return new MailboxError('auth_refused', message, error);
  }
  if (detail(error, 'responseStatus') !== undefined) {
    const message = `${server} answers ${settings.user} with no when asked to ${doing}${said(responseText)}`;
    return new MailboxError(passing.has(responseCode ?? '') ? 'unreachable' : 'protocol', message, error);
  }
  const remedy = tlsRemedy(`${code ?? ''} ${messageOf(error, settings)}`);
  if (remedy !== null) {
    const message = `no TLS with ${server}: ${messageOf(error, settings)} [${code ?? 'no code'}]; ${remedy}`;
    return new MailboxError('unreachable', message, error);
  }
  const known = code === undefined ? undefined : connectionWords[code];
  const what = known ?? messageOf(error, settings);
  const kind =
    code !== undefined && /^(Parser|Line|Literal|Response|TooMany)/.test(code) ? 'protocol' : 'unreachable';
  const message = `cannot ${doing} at ${server} for ${settings.user}: ${what}${code === undefined ? '' : ` [${code}]`}${said(responseText)}`;
  return new MailboxError(kind, message, error);
}

/** Whether the server refused who we are, from what the IMAP library threw. */
export function isLoginRefused(error: unknown): boolean {
  return isTrue(error, 'authenticationFailed') && !passing.has(detail(error, 'serverResponseCode') ?? '');
}

/** Whether the server itself said no to a command: the connection is fine, another command may do better. */
export function isRefusal(error: unknown): boolean {
  return detail(error, 'responseStatus') === 'NO';
}

/** Whether the server, asked for messages, said no, hung up or fell silent: each happens over a message that it cannot read. */
export function isDeliveryFailure(error: unknown): error is MailboxError {
  if (!(error instanceof MailboxError)) return false;
  return (
    isRefusal(error.cause) ||
    ['NoConnection', 'EConnectionClosed', 'ETIMEOUT'].includes(detail(error.cause, 'code') ?? '')
  );
}

/** Whether a folder that was asked for does not exist. */
export function isMissingFolder(error: unknown): boolean {
  return detail(error, 'code') === 'NotFound' || isTrue(error, 'mailboxMissing');
}

function detail(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const found: unknown = Reflect.get(error, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function isTrue(error: unknown, name: string): boolean {
  return typeof error === 'object' && error !== null && Reflect.get(error, name) === true;
}

function messageOf(error: unknown, settings: MailboxSettings): string {
  return serverWords(error instanceof Error ? error.message : String(error), settings);
}
