/** Requests to a provider's token endpoint (RFC 6749 §4.4 and §6). */
import * as client from 'openid-client';
import { isLoopback } from '../../config/urls.ts';
import { toTokenError } from './error.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import { TokenError } from './token-error.ts';
import type { RefreshToken, OAuthSettings } from '../../config/settings.ts';

/** lifetime in seconds of a token for which the provider states none (RFC 6749 §5.1) */
const assumedLife = 10 * 60;

/** The result of one request: the token, and its lifetime from now, in seconds. */
export type Granted = { value: string; life: number };

export type App = {
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

export async function clientCredentials({ settings, configuration, parameters }: App): Promise<Granted> {
  try {
    return grantedBy(await client.clientCredentialsGrant(configuration, parameters));
  } catch (error) {
    const grant = `client credentials grant of app ${settings.clientId}`;
    throw await toTokenError(error, settings, grant, [settings.clientSecret ?? '']);
  }
}

/** Uses the user's refresh token. If another process has replaced it meanwhile, tries the new one too. */
export async function refreshed(
  app: App,
  user: string,
  kept: RefreshTokens,
  say: (why: string) => void,
): Promise<Granted> {
  const current = async (): Promise<RefreshToken> => {
    const found = await kept.current(user);
    if (found === undefined)
      throw new TokenError('auth_refused', `there is no refresh token of ${user}`, {
        kind: 'no_refresh_token',
        user,
      });
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
  /** the refresh token to use from now on, or null if unchanged */
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
