import { callbackify } from 'node:util';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import { isLoopback } from '../../config/urls.ts';
import { oneLine } from '../../core/letters/clean.ts';
import { type OutageCause, tlsRemedies } from '../../core/words/outages.ts';
import { noTokens, sourceFor, type Tokens, type TokenSource } from '../oauth/oauth.ts';
import { type ConnectionLogin, type Connections, openConnections } from './connections.ts';
import { type Failure, meaningOf } from './refusal.ts';
import { serverWords } from '../server-words.ts';
import { mixUp, tlsTrouble } from '../tls-trouble.ts';
import type { SmtpSettings } from '../../config/settings.ts';
import { TokenError } from '../oauth/token-error.ts';
import { errorText, errorField, codeOf, messageOf } from '../../log/errors.ts';

type Envelope = { from: string; to: string };

/** The server accepted the mail. */
export type SmtpAccepted = { kind: 'accepted'; response: string };

/** Why a mail did not go out. `text` is one line for people and logs; it never holds the password. */
export type SmtpRefusal =
  /** for now, or by a setting of ours: the same again may work later */
  | { kind: 'temporary'; code: number | null; text: string }
  /** this recipient or this message, for good */
  | { kind: 'permanent'; code: number | null; text: string; overFiles: boolean }
  /** this login may not send as the sender of the envelope, or of the mail */
  | { kind: 'sender_refused'; code: number | null; text: string }
  /** no session could be had at all: nothing is wrong with this mail */
  | { kind: 'unreachable'; text: string; outage: OutageCause }
  /** user or password are refused: nothing is wrong with this mail */
  | { kind: 'auth_refused'; text: string; outage: OutageCause }
  /** we hung up while it was being sent: it may have arrived or not */
  | { kind: 'cut_off'; text: string };

export type Smtp = {
  /** `host:port` */
  name: string;
  /** Hands one mail over; `bytes` is the whole message and is sent as it is. `hangUp` cuts it off. Never throws. */
  send(envelope: Envelope, bytes: Uint8Array, hangUp?: AbortSignal): Promise<SmtpAccepted | SmtpRefusal>;
  /** Hangs up. What is being sent is finished first. */
  close(): void;
};

/** The most connections at once; all but a few are made only while a server takes its time. */
export const smtpConnections = 12;

/** Milliseconds; the longest whole send, with the look at the server after it below the time of a lease (`send-lease.ts`). */
const longestSend = 8 * 60_000;
const timeouts = {
  dnsTimeout: 20_000,
  connectionTimeout: 30_000,
  greetingTimeout: 30_000,
  // RFC 5321 §4.5.3.2: servers may take minutes over each block and over the end of the data
  socketTimeout: 5 * 60_000,
};

/** nodemailer would read anything else as a list, and might find another recipient in it. */
const plainAddress = /^[^\s\p{Cc}()<>[\]:;,\\"@]+@[^\s\p{Cc}()<>:;,\\"@]+$/u;

/** Opens nothing yet: connections are made, kept and shared (at most `smtpConnections`) as mails are sent. */
export function openSmtp(settings: SmtpSettings, tokens: Tokens = noTokens): Smtp {
  const source = sourceFor(settings, tokens);
  const connections = connectionsTo(settings, source);
  const verify = (): Promise<unknown> => withFreshToken(source, () => connections.verify());
  return {
    name: settings.name,
    async send(envelope, bytes, hangUp) {
      if (!plainAddress.test(envelope.to)) {
        const text = `${oneLine(envelope.to)} is no address mail goes to`;
        return { kind: 'permanent', code: null, text, overFiles: false };
      }
      try {
        const response = await withFreshToken(source, () => connections.send(envelope, bytes, hangUp));
        return { kind: 'accepted', response: oneLine(response).slice(0, 400) };
      } catch (error) {
        if (hangUp?.aborted === true)
          return { kind: 'cut_off', text: 'we hung up before the server had answered' };
        return inClearWords(await refusalOf(error, settings, verify), envelope, bytes, settings);
      }
    },
    close() {
      connections.close();
    },
  };
}

/** Adds to a refusal for good what the server's words may leave out. */
function inClearWords(
  refused: SmtpRefusal,
  { to }: Envelope,
  bytes: Uint8Array,
  { name }: SmtpSettings,
): SmtpRefusal {
  if (refused.kind !== 'permanent') return refused;
  if (/\bsize\b|too (?:large|big)|[25]\.[23]\.[34]\b/i.test(refused.text)) {
    return {
      ...refused,
      overFiles: true,
      text: `${refused.text} (the mail has ${bytes.byteLength} bytes, attachments included)`,
    };
  }
  if (/\P{ASCII}/u.test(to)) {
    const why = `${to} has letters beyond ASCII, which every server on the way must take (SMTPUTF8); ${name} does not`;
    return { ...refused, text: `${refused.text} (${why})` };
  }
  return refused;
}

/** Connects and logs in without sending. `refused`: it is the login that failed. */
export async function verifySmtp(
  settings: SmtpSettings,
  tokens: Tokens = noTokens,
): Promise<{ ok: true } | { ok: false; refused: boolean; why: string }> {
  const source = sourceFor(settings, tokens);
  const connections = connectionsTo(settings, source);
  try {
    await withFreshToken(source, () => connections.verify());
    return { ok: true };
  } catch (error) {
    const { kind, text } = noSession(error, settings);
    return { ok: false, refused: kind === 'auth_refused', why: text };
  } finally {
    connections.close();
  }
}

function connectionsTo(settings: SmtpSettings, source: TokenSource | null): Connections {
  const { host, port, secure } = settings;
  const onThisMachine = isLoopback(host);
  return openConnections({
    options: {
      host,
      port,
      secure,
      // off this machine never in the clear, and never to a server whose certificate is not its own
      requireTLS: !secure && !onThisMachine,
      tls: { minVersion: 'TLSv1.2', rejectUnauthorized: secure || !onThisMachine },
      ...timeouts,
    },
    login: () => loginOf(settings, source),
    longestSend,
  });
}

/** A failure with the server's word on who we are. */
function isLoginRefused(failure: Failure): boolean {
  const { reply } = failure;
  // 4xx: it cannot tell just now (RFC 4954 §6)
  return meaningOf(failure) === 'login_refused' && (reply === null || reply >= 500);
}

/** Does what logs in; a token that the server refuses is renewed, and it is done once more. */
async function withFreshToken<T>(source: TokenSource | null, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (source === null || error instanceof TokenError || !isLoginRefused(readFailure(error, noLogin)))
      throw error;
    await source.renewed();
    return attempt();
  }
}

/**
 * How a connection logs in: not at all, with the password, or with a token that it asks for as it is made (and once
 * more, renewed, where the server answers the first with a challenge, as Google does).
 */
function loginOf({ user, password }: SmtpSettings, source: TokenSource | null): ConnectionLogin | null {
  if (source !== null && user !== null) {
    const ask = callbackify((renew: boolean) => (renew ? source.renewed() : source.token()));
    const oauth2 = new XOAuth2({
      user,
      provisionCallback(_user, renew, done) {
        ask(renew, (error, token) => done(error, token?.value ?? '', token?.expiresAt ?? 0));
      },
    });
    oauth2.on('error', () => {
      // who asked for the token is told
    });
    return { oauth2 };
  }
  return user !== null && password !== null ? { credentials: { user, pass: password } } : null;
}

type Login = Pick<SmtpSettings, 'user' | 'password'>;
/** For callers that need only the kind of failure. */
const noLogin: Login = { user: null, password: null };

/** The error in words, without secrets. */
function readFailure(error: unknown, login: Login): Failure {
  const reply = errorField(error, 'responseCode');
  return {
    code: codeOf(error) ?? '',
    command: errorText(error, 'command') ?? '',
    reply: typeof reply === 'number' ? reply : null,
    text: serverWords(errorText(error, 'response') ?? messageOf(error), login),
  };
}

/** The kind of failure: of this mail, or of the connection to the server. */
async function refusalOf(
  error: unknown,
  settings: SmtpSettings,
  verify: () => Promise<unknown>,
): Promise<SmtpRefusal> {
  const failure = readFailure(error, settings);
  const { reply: code, text } = failure;
  const meaning = meaningOf(failure);
  switch (meaning) {
    case 'permanent':
      // after DATA it is the contents that are refused: Gmail's 552 5.7.0 for a program, a virus scanner's 554
      return { kind: meaning, code, text, overFiles: failure.command.startsWith('DATA') };
    case 'temporary':
    case 'sender_refused':
      return { kind: meaning, code, text };
    case 'login_refused':
      return noSession(error, settings);
    case 'no_answer':
      // over this mail, or can nobody reach it?
      try {
        await verify();
        return { kind: 'temporary', code, text };
      } catch (now) {
        return noSession(now, settings);
      }
    default:
      throw meaning satisfies never;
  }
}

/** Why the server cannot be reached, in words: what it said, and what to do where TLS is what failed. */
function notReached({ code, command, text }: Failure): { words: string; outage: OutageCause } {
  const mixed = mixUp(`${code} ${text}`, 'smtp');
  const trouble = mixed ?? tlsTrouble(`${code} ${text}`);
  if (trouble !== null) {
    const words = `${mixed === null ? `${text}; ` : ''}${tlsRemedies[trouble].en}`;
    return { words, outage: { kind: 'no_tls', trouble, said: text } };
  }
  if (code !== 'ETLS' || command !== 'STARTTLS')
    return { words: text, outage: { kind: 'no_connection', trouble: null, said: text } };
  return {
    words: `${text}; it has no STARTTLS, without which nothing is sent off this machine: is the port right, or is it one for smtps://?`,
    outage: { kind: 'no_starttls', said: text },
  };
}

/** Why no session could be had, naming server and user. */
function noSession(error: unknown, settings: SmtpSettings): Extract<SmtpRefusal, { outage: OutageCause }> {
  const { name, user, password } = settings;
  if (error instanceof TokenError) {
    return {
      kind: error.kind,
      text: `no login of ${user} at ${name}: ${error.message}`,
      outage: error.outage,
    };
  }
  const failure = readFailure(error, settings);
  if (!isLoginRefused(failure)) {
    const { words, outage } = notReached(failure);
    return { kind: 'unreachable', text: `${name} cannot be reached: ${words}`, outage };
  }
  const outage: OutageCause = { kind: 'login_refused', user, said: failure.text };
  if (user === null) {
    return {
      kind: 'auth_refused',
      text: `${name} wants a user and a password, and SMTP_URL has none: ${failure.text}`,
      outage,
    };
  }
  return {
    kind: 'auth_refused',
    outage,
    text:
      password === null
        ? `${name} refuses user ${user} with a token made just now: ${failure.text}; may the app send as that user, and is SMTP AUTH enabled for it?`
        : `${name} refuses user ${user} or the password: ${failure.text}`,
  };
}
