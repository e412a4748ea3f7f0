import { z } from 'zod';
import type { RefreshToken } from './settings.ts';
import { words } from './values.ts';

/** OAUTH_REFRESH_TOKEN and its file: one token, or one a user as `user@example.it=token`, separated by spaces. */
export const refreshTokens = words.transform((texts, context): RefreshToken[] => {
  const tokens = texts.map((text) => {
    const [, user = null, token = text] = /^([^\s=@]+@[^\s=@]+)=(.+)$/.exec(text) ?? [];
    return { user: user?.toLowerCase() ?? null, token };
  });
  const users = tokens.map(({ user }) => user);
  const twice = users.find((user, at) => users.indexOf(user) !== at);
  if (twice !== undefined) {
    context.addIssue(
      twice === null
        ? 'one token, or several as user@example.it=token separated by spaces'
        : `one token for ${twice}`,
    );
    return z.NEVER;
  }
  return tokens;
});

/** A refresh token in the format of OAUTH_REFRESH_TOKEN and its file. */
export function writeRefreshTokens(tokens: RefreshToken[]): string {
  return `${tokens.map(({ user, token }) => (user === null ? token : `${user}=${token}`)).join('\n')}\n`;
}

/** The refresh token to use for a user, or undefined if there is none. */
export function refreshTokenOf(tokens: RefreshToken[], user: string): RefreshToken | undefined {
  return tokens.find((one) => one.user === user.toLowerCase()) ?? tokens.find((one) => one.user === null);
}
