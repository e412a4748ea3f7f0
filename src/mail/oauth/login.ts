/**
 * Gets the first refresh token: a person consents in a browser, which then returns to this machine with a
 * code (RFC 8252 §7.3), and PKCE (RFC 7636) ties the code to this process.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import * as client from 'openid-client';
import { oneLine } from '../../core/letters/clean.ts';
import { toTokenError } from './error.ts';
import { describeApp } from './grants.ts';
import type { OAuthSettings } from '../../config/settings.ts';
import { portOf } from '../../config/urls.ts';

export type OAuthLogin = {
  /** URL to open in a browser */
  url: string;
  /** URL the browser is redirected to; on another machine nothing answers there */
  redirectUri: string;
  /** Takes the address that a person copied from their browser: returns the problem, in words, or null. */
  paste(address: string): string | null;
  /** Resolves with the redirect address, from either source, or with null on the signal. */
  returned: Promise<URL | null>;
  close(): Promise<void>;
};

const seconds = 15;
/** The relevant parameters of the redirect (RFC 6749 §4.1.2). */
const fields = ['code', 'state', 'error', 'error_description'];

/** Begins a login and listens on loopback. `port` 0: a free one. Throws what listening throws. */
export async function beginLogin(
  settings: OAuthSettings,
  given: { user: string | null; port: number; signal: AbortSignal },
): Promise<OAuthLogin & { finish(returned: URL): Promise<LoginOutcome> }> {
  const { configuration, parameters } = describeApp(settings, seconds);
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const arrived = Promise.withResolvers<URL | null>();
  given.signal.addEventListener('abort', () => arrived.resolve(null));

  const server = createServer((request, response) => {
    const wrong = take(request.url ?? '/');
    response.writeHead(wrong === null ? 200 : 400, {
      'content-type': 'text/plain; charset=utf-8',
      connection: 'close',
    });
    response.end(wrong ?? 'kTicket has the answer. This window may be closed.\n');
  });
  server.listen(given.port, '127.0.0.1');
  await once(server, 'listening');
  // Microsoft lets an app return to any port, by this name only
  const host = settings.provider === 'microsoft' ? 'localhost' : '127.0.0.1';
  const redirectUri = `http://${host}:${portOf(server.address())}/`;

  const take = (text: string): string | null => {
    const from = URL.parse(text.trim(), redirectUri);
    const answer = from?.searchParams;
    if (!answer?.has('code') && !answer?.has('error'))
      return 'That address carries no answer of the provider.\n';
    if (answer.get('state') !== state) return 'That is the answer to another login, not to this one.\n';
    const returned = new URL(redirectUri);
    for (const name of fields) {
      const value = answer.get(name);
      if (value !== null) returned.searchParams.set(name, value);
    }
    arrived.resolve(returned);
    return null;
  };

  const url = client.buildAuthorizationUrl(configuration, {
    ...parameters,
    redirect_uri: redirectUri,
    state,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(given.user === null ? {} : { login_hint: given.user }),
    // Google gives a refresh token only then
    ...(settings.provider === 'google' ? { access_type: 'offline', prompt: 'consent' } : {}),
  });
  return {
    url: url.href,
    redirectUri,
    paste: take,
    returned: arrived.promise,
    finish: (returned) => exchange(settings, configuration, returned, { verifier, state }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type LoginOutcome = { ok: true; refreshToken: string } | { ok: false; why: string };

async function exchange(
  settings: OAuthSettings,
  configuration: client.Configuration,
  returned: URL,
  { verifier, state }: { verifier: string; state: string },
): Promise<LoginOutcome> {
  try {
    const answer = await client.authorizationCodeGrant(configuration, returned, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    });
    if (answer.refresh_token !== undefined) return { ok: true, refreshToken: answer.refresh_token };
    return {
      ok: false,
      why: 'the provider gave no refresh token; with Microsoft OAUTH_SCOPE has to hold offline_access',
    };
  } catch (error) {
    if (error instanceof client.AuthorizationResponseError) {
      const { error: word, error_description: words = '' } = error;
      return { ok: false, why: oneLine(`the provider answers ${word}: ${words}`).slice(0, 400) };
    }
    const secrets = [returned.searchParams.get('code') ?? '', verifier, settings.clientSecret ?? ''];
    return { ok: false, why: (await toTokenError(error, settings, 'code', secrets)).message };
  }
}
