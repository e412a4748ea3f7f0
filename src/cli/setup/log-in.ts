import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MailboxSettings } from '../../config/settings.ts';
import { codeOrWords } from '../../log/errors.ts';
import { toMailboxError } from '../../mail/imap/mailbox-error.ts';
import { createSession } from '../../mail/imap/session.ts';
import type { Tokens } from '../../mail/oauth/oauth.ts';
import { verifySmtp } from '../../mail/smtp/smtp.ts';
import { printText } from '../terminal/print.ts';
import { sayVerdict } from '../terminal/output.ts';
import { type Finding, fail, ok } from '../check/finding.ts';
import type { SmtpSettings } from '../../config/settings.ts';
import { endsFailed, endsUnreachable, done, type SetupAnswer } from './step.ts';

/** Shorter than a desk's: somebody waits. */
const timeouts = { connect: 15_000, greeting: 10_000, silence: 20_000, idle: 60_000, logout: 2_000 };

/** `refused`: the login; else the server or the folder. */
export type Tried = { ok: true } | { ok: false; refused: boolean; why: string };

/** Logs in to a mailbox, opens its folder, and says how it went. */
export async function tryMailbox(settings: MailboxSettings, tokens: Tokens): Promise<Tried> {
  const session = createSession(settings, timeouts, tokens);
  try {
    await session.open();
    const { mailbox } = session.client;
    const waiting = mailbox === false ? 0 : mailbox.exists;
    const taken = waiting === 0 ? '' : ', which the desk will take in';
    sayFinding(
      ok('mailbox', `${settings.name}: ${waiting} ${waiting === 1 ? 'message' : 'messages'}${taken}`),
    );
    return { ok: true };
  } catch (error) {
    const { kind, message: whole } = toMailboxError(error, settings, `open ${settings.folder}`);
    // no URL was typed
    const message = whole.replace('; check user and password in MAILBOX_URL', '');
    sayFinding(fail('mailbox', message));
    return { ok: false, refused: kind === 'auth_refused', why: message };
  } finally {
    await session.close();
  }
}

/** Logs in to the outgoing server, and says how it went. */
export async function trySmtp(settings: SmtpSettings, tokens: Tokens): Promise<Tried> {
  const tried = await verifySmtp(settings, tokens);
  sayFinding(tried.ok ? ok('smtp', `${settings.name} accepts us`) : fail('smtp', tried.why));
  return tried;
}

/** What cannot be asked again ends the command. */
export function endsTried(tried: Extract<Tried, { ok: false }>): SetupAnswer<never> {
  return tried.refused ? endsFailed(tried.why) : endsUnreachable(tried.why);
}

/** The result of one try, as `check` prints it. */
export function sayFinding({ how, what, words }: Finding): void {
  sayVerdict(`${how.padEnd(4)}  ${what.padEnd(13)}  `, words);
}

/** A secret from a file, `-` for standard input; without the break at its end. */
export function readSecret(path: string): SetupAnswer<string> {
  try {
    const text = readFileSync(path === '-' ? 0 : resolve(path), 'utf8').replace(/\r?\n$/u, '');
    if (text === '' || /\p{Cc}/u.test(text))
      return endsFailed(`${path} holds no password: expected one line.`);
    return done(text);
  } catch (error) {
    return endsFailed(`${path} cannot be read (${codeOrWords(error)}).`);
  }
}

/** A line between two parts of the conversation. */
export function sayPart(words: string): void {
  printText(`\n${words}`);
}
