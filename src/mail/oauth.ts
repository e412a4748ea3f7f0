/**
 * Access tokens for IMAP and SMTP (SASL XOAUTH2 and OAUTHBEARER, RFC 7628).
 *
 * There is one source for each grant, whoever logs in with it and over however many connections. A token is renewed
 * when somebody asks for it shortly before its end, by one request at a time; while the provider is away, one that
 * still lives is given out. A server may refuse a token that looks fresh: it is then renewed once.
 */
import * as client from 'openid-client';
import { isLoopback } from '../config-values.ts';
import type { OAuthSettings, RefreshToken } from '../config-oauth.ts';
import type { MailboxSettings, SmtpSettings } from '../config.ts';
import { TokenError, toTokenError } from './oauth-error.ts';
import { keepRefreshTokens, type RefreshTokens } from './oauth-refresh-tokens.ts';

export { TokenError } from './oauth-error.ts';

export type AccessToken = {
  value: string;
  /** milliseconds since 1970, by this machine's clock */
  expiresAt: number;
};

export type TokenSource = {
  /** for people: which grant of which provider */
  grant: string;
  /** A token that still lives a while. Throws TokenError. */
  token(): Promise<AccessToken>;
  /** One in place of a token that a server has refused; the same where that was renewed just now. Throws TokenError. */
  renewed(): Promise<AccessToken>;
};

/** The source for a user, as MAILBOX_URL and SMTP_URL name them. */
export type Tokens = (user: string) => TokenSource;

export type TokenOptions = {
  /** milliseconds since 1970 */
  now?: () => number;
  /** Told once when the provider has replaced a refresh token that cannot be kept; `why` never holds it. */
  onReplaced: (why: string) => void;
  /** seconds until a request is given up */
  timeout?: number;
};

/** seconds that a token lives whose end the provider does not tell (RFC 6749 §5.1) */
const assumedLife = 10 * 60;
/** A token is renewed so long before its end, one of a short life at four fifths of it; milliseconds. */
const ahead = 5 * 60_000;
/** A server that refuses even a renewed token is not helped by another; milliseconds. */
const renewalPause = 60_000;
const requestTimeout = 15;

/** When a token got at `from` for `life` milliseconds is renewed. */
export function renewalTime(from: number, life: number): number {
  return from + Math.max(life - ahead, life * 0.8);
}

/** For a desk whose users all have passwords. */
export const noTokens: Tokens = (user) => {
  throw new Error(`${user} has no password, and no OAuth2 is configured`);
};

/** The sources of an app's tokens, to be shared by all connections of the process. Asks for nothing yet. */
export function createTokens(settings: OAuthSettings | null, options: TokenOptions): Tokens {
  if (settings === null) return noTokens;
  const sources = new Map<string, TokenSource>();
  const app = describeApp(settings, options.timeout ?? requestTimeout);
  const refreshTokens = keepRefreshTokens(settings);
  const say = once(options.onReplaced);
  const ownName = settings.refreshTokens.length === 0;
  return (user) => {
    const own = settings.refreshTokens.some((one) => one.user === user.toLowerCase());
    const key = own ? user.toLowerCase() : '';
    const source =
      sources.get(key) ??
      createSource(
        ownName
          ? `client credentials grant of app ${settings.clientId}`
          : `refresh token of ${own ? user : 'all users'}`,
        ownName ? () => clientCredentials(app) : () => refreshed(app, user, refreshTokens, say),
        options.now ?? Date.now,
      );
    sources.set(key, source);
    return source;
  };
}

/** What one request gave: the token, and how long it lives from now, in seconds. */
type Granted = { value: string; life: number };

function createSource(
  grant: string,
  request: (grant: string) => Promise<Granted>,
  now: () => number,
): TokenSource {
  let current: (AccessToken & { renewAt: number }) | null = null;
  let underWay: Promise<AccessToken> | null = null;
  let forcedAt = Number.NEGATIVE_INFINITY;

  const ask = async (): Promise<AccessToken> => {
    const asked = now();
    const { value, life } = await request(grant);
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

type App = {
  settings: OAuthSettings;
  configuration: client.Configuration;
  parameters: Record<string, string>;
};

/** The provider and the app as the library wants them. */
export function describeApp(settings: OAuthSettings, timeout: number): App {
  const { tokenUrl, authorizeUrl, clientId, clientSecret, scope } = settings;
  const configuration = new client.Configuration(
    {
      issuer: new URL(tokenUrl).origin,
      token_endpoint: tokenUrl,
      ...(authorizeUrl === null ? {} : { authorization_endpoint: authorizeUrl }),
    },
    clientId,
    clientSecret ?? undefined,
    clientSecret === null ? client.None() : client.ClientSecretPost(clientSecret),
  );
  configuration.timeout = timeout;
  // the settings let plain http through on this machine only
  if (isLoopback(new URL(tokenUrl).hostname)) client.allowInsecureRequests(configuration);
  return { settings, configuration, parameters: scope === '' ? {} : { scope } };
}

async function clientCredentials({ settings, configuration, parameters }: App): Promise<Granted> {
  try {
    return grantedBy(await client.clientCredentialsGrant(configuration, parameters));
  } catch (error) {
    const grant = `client credentials grant of app ${settings.clientId}`;
    throw await toTokenError(error, settings, grant, [settings.clientSecret ?? '']);
  }
}

/** By the user's refresh token. One that another process has replaced meanwhile is read anew and tried as well. */
async function refreshed(
  app: App,
  user: string,
  kept: RefreshTokens,
  say: (why: string) => void,
): Promise<Granted> {
  const current = async (): Promise<RefreshToken> => {
    const found = await kept.current(user);
    if (found === undefined) throw new TokenError('auth_refused', `there is no refresh token of ${user}`);
    return found;
  };
  let by = await current();
  let answer: Refreshed;
  try {
    answer = await refreshBy(app, user, by);
  } catch (error) {
    const newer = await current();
    if (newer.token === by.token) throw error;
    by = newer;
    answer = await refreshBy(app, user, by);
  }
  if (answer.replacement !== null && answer.replacement !== by.token) {
    const why = await kept.replace(by, answer.replacement);
    if (why !== null) {
      say(
        `the provider has replaced the refresh token of ${user}, and the new one is lost when this process ends: ${why}`,
      );
    }
  }
  return answer;
}

type Refreshed = Granted & {
  /** the refresh token to be used from now on; null: the same */
  replacement: string | null;
};

async function refreshBy(
  { settings, configuration, parameters }: App,
  user: string,
  { token }: RefreshToken,
): Promise<Refreshed> {
  try {
    const answer = await client.refreshTokenGrant(configuration, token, parameters);
    return { ...grantedBy(answer), replacement: answer.refresh_token ?? null };
  } catch (error) {
    const grant = `refresh token of ${user}`;
    throw await toTokenError(error, settings, grant, [token, settings.clientSecret ?? '']);
  }
}

function grantedBy(answer: { access_token: string; expires_in?: number }): Granted {
  return { value: answer.access_token, life: answer.expires_in ?? assumedLife };
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
