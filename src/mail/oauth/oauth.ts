import type { Granted } from './grants.ts';
import { keepRefreshTokens } from './refresh-tokens.ts';
import { TokenError } from './token-error.ts';
import type { OAuthSettings, MailboxSettings, SmtpSettings } from '../../config/settings.ts';
type AccessToken = {
  value: string;
  /** milliseconds since 1970, by this machine's clock */
  expiresAt: number;
};

export type TokenSource = {
  /** for people: which grant of which provider */
  grant: string;
  /** A token that still lives a while. Throws TokenError. */
  token(): Promise<AccessToken>;
  /** A new token in place of one that a server refused; the current one if it was renewed just now. Throws TokenError. */
  renewed(): Promise<AccessToken>;
};

/** The source for a user, as MAILBOX_URL and SMTP_URL name them. */
export type Tokens = (user: string) => TokenSource;

export type TokenOptions = {
  /** milliseconds since 1970 */
  now?: () => number;
  /** Called once when the provider has replaced a refresh token that cannot be saved; `why` never contains it. */
  onReplaced: (why: string) => void;
  /** seconds until a request is given up */
  timeout?: number;
};

/** A token is renewed so long before its end, one of a short life at four fifths of it; milliseconds. */
const ahead = 5 * 60_000;
/** A server that refuses even a renewed token is not helped by another; milliseconds. */
const renewalPause = 60_000;
const requestTimeout = 15;

/** Renewal time of a token got at `from` for `life` milliseconds. */
export function renewalTime(from: number, life: number): number {
  return from + Math.max(life - ahead, life * 0.8);
}

/** For a desk without OAuth users: all have passwords. */
export const noTokens: Tokens = (user) => {
  throw new Error(`${user} has no password, and no OAuth2 is configured`);
};

/** The sources of an app's tokens, to be shared by all connections of the process. Asks for nothing yet. */
export function createTokens(settings: OAuthSettings | null, options: TokenOptions): Tokens {
  if (settings === null) return noTokens;
  const sources = new Map<string, TokenSource>();
  const refreshTokens = keepRefreshTokens(settings);
  const say = once(options.onReplaced);
  const ownName = settings.refreshTokens.length === 0;
  const request = (user: string) => async (): Promise<Granted> => {
    // most desks have passwords, and this takes its time to load
    const { clientCredentials, describeApp, refreshed } = await import('./grants.ts');
    const app = describeApp(settings, options.timeout ?? requestTimeout);
    return ownName ? clientCredentials(app) : refreshed(app, user, refreshTokens, say);
  };
  return (user) => {
    const own = settings.refreshTokens.some((one) => one.user === user.toLowerCase());
    const key = own ? user.toLowerCase() : '';
    const source =
      sources.get(key) ??
      createSource(
        ownName
          ? `client credentials grant of app ${settings.clientId}`
          : `refresh token of ${own ? user : 'all users'}`,
        request(user),
        options.now ?? Date.now,
      );
    sources.set(key, source);
    return source;
  };
}

function createSource(grant: string, request: () => Promise<Granted>, now: () => number): TokenSource {
  let current: (AccessToken & { renewAt: number }) | null = null;
  let underWay: Promise<AccessToken> | null = null;
  let forcedAt = Number.NEGATIVE_INFINITY;

  const ask = async (): Promise<AccessToken> => {
    const asked = now();
    const { value, life } = await request();
    const expiresAt = asked + life * 1000;
    current = { value, expiresAt, renewAt: renewalTime(asked, life * 1000) };
    return current;
  };
  /** However many want a new one, it is asked for once. */
  const renew = (): Promise<AccessToken> => {
    underWay ??= ask().finally(() => {
      underWay = null;
    });
    return underWay;
  };

  return {
    grant,
    async token() {
      const had = current;
      if (had !== null && now() < had.renewAt) return had;
      try {
        return await renew();
      } catch (error) {
        const lives = had !== null && now() < had.expiresAt;
        if (lives && error instanceof TokenError && error.kind === 'unreachable') return had;
        throw error;
      }
    },
    async renewed() {
      if (current !== null && now() - forcedAt < renewalPause && now() < current.expiresAt) return current;
      // the one that was refused is given to nobody any more, however the request goes
      current = null;
      const renewed = await renew();
      forcedAt = now();
      return renewed;
    },
  };
}

function once(tell: (why: string) => void): (why: string) => void {
  let told = false;
  return (why) => {
    if (!told) tell(why);
    told = true;
  };
}

/** The source of a user without a password; null where they have one, or do not log in. */
export function sourceFor(
  { user, password }: Pick<MailboxSettings | SmtpSettings, 'user' | 'password'>,
  tokens: Tokens,
): TokenSource | null {
  return user !== null && password === null ? tokens(user) : null;
}
