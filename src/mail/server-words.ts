import { withoutTokens } from '../core/address/reply-token.ts';

/** Longer runs of such letters in a server's answer repeat our input, or are meaningless to people. */
const opaque = /[A-Za-z0-9+/_=~-]{40,}/gu;

/**
 * A server's reply as one line for people and logs, without secrets it repeats: the password, plain
 * and as AUTH sends it (RFC 4616, RFC 4954), access tokens, reply addresses. At most 400 letters.
 */
export function serverWords(
  said: string,
  { user, password }: { user: string | null; password: string | null },
): string {
  const line = said
    .slice(0, 10_000)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  const secrets =
    password === null || password === ''
      ? []
      : [password, base64(`\0${user ?? ''}\0${password}`), base64(password)];
  const shown = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), line);
  return withoutTokens(shown.replace(opaque, (run) => (isOpaque(run) ? '…' : run))).slice(0, 400);
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Not a line of dashes, a long word or a number. */
function isOpaque(run: string): boolean {
  return /[a-z]/u.test(run) && /[A-Z]/u.test(run) && /\d/u.test(run);
}
