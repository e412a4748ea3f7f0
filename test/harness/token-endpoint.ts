import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { portOf } from '../../src/config/urls.ts';

/** Answer of the endpoint in place of a token. */
type TokenReply = {
  status: number;
  body: Record<string, string> | string;
  headers?: Record<string, string>;
};

export type TokenEndpoint = {
  tokenUrl: string;
  authorizeUrl: string;
  /** every request for a token, as it was asked */
  asked: URLSearchParams[];
  /** told as each request comes in */
  onAsked(listener: (asked: URLSearchParams) => void): void;
  /** seconds that a token lives */
  life: number;
  /** true if a refresh token is replaced each time it is used, and refused from then on */
  rotates: boolean;
  /** mailboxes that an app may use in its own name */
  appUser: string;
  /** asked before each answer, null: a token; may wait */
  reply: (asked: URLSearchParams) => TokenReply | null | Promise<TokenReply | null>;
  /** a new refresh token of a user, as a consent gives it */
  consent(user: string): string;
  /** an authorization code, for a challenge and an address to return to */
  code(user: string, given: { challenge: string; redirectUri: string }): string;
  /** owner of an access token while it is valid, or null for nobody */
  ownerOf(token: string): string | null;
  /** all access tokens end at once, as if their time had come */
  endTokens(): void;
  /** every refresh token ends: the consent was withdrawn */
  withdraw(): void;
  /** Dovecot's settings for logins with these tokens alone; `directory` is where its own file goes */
  dovecot(file: string, mechanisms?: string): { extra: string; file: string };
  close(): Promise<void>;
};

export const clientId = 'kticket-app';
export const clientSecret = 'app-secret-hush';

/** A provider of OAuth2 on a free loopback port: tokens by refresh token, code and client credentials; token info. */
export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const access = new Map<string, { user: string; until: number }>();
  const refresh = new Map<string, string>();
  const codes = new Map<string, { user: string; challenge: string; redirectUri: string }>();
  const listeners: ((asked: URLSearchParams) => void)[] = [];
  let made = 0;
  const make = (kind: string): string => {
    made += 1;
    return `${kind}-hush-${made}`;
  };

  const grant = (user: string, refreshToken: string | null): TokenReply => {
    const token = make('access');
    access.set(token, { user, until: Date.now() + endpoint.life * 1000 });
    return {
      status: 200,
      body: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: String(endpoint.life),
        ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
      },
    };
  };
  const consent = (user: string): string => {
    const token = make('refresh');
    refresh.set(token, user);
    return token;
  };
  const answer = async (asked: URLSearchParams): Promise<TokenReply> => {
    const instead = await endpoint.reply(asked);
    if (instead !== null) return instead;
    if (asked.get('client_id') !== clientId) return refused('unauthorized_client', 'unknown app');
    const secret = asked.get('client_secret');
    switch (asked.get('grant_type')) {
      case 'client_credentials':
        return secret === clientSecret
          ? grant(endpoint.appUser, null)
          : refused('invalid_client', 'wrong secret');
      case 'refresh_token': {
        const token = asked.get('refresh_token') ?? '';
        const user = refresh.get(token);
        if (user === undefined) return refused('invalid_grant', 'Token has been expired or revoked.');
        if (!endpoint.rotates) return grant(user, null);
        refresh.delete(token);
        return grant(user, consent(user));
      }
      case 'authorization_code': {
        const code = codes.get(asked.get('code') ?? '');
        if (code === undefined || code.redirectUri !== asked.get('redirect_uri')) {
          return refused('invalid_grant', 'no such code');
        }
        const digest = await crypto.subtle.digest('SHA-256', Buffer.from(asked.get('code_verifier') ?? ''));
        if (Buffer.from(digest).toString('base64url') !== code.challenge) {
          return refused('invalid_grant', 'PKCE verification failed');
        }
        return grant(code.user, consent(code.user));
      }
      case null:
      default:
        return refused('unsupported_grant_type', 'no such grant');
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/tokeninfo') {
      const user = endpoint.ownerOf(url.searchParams.get('access_token') ?? '');
      send(
        response,
        user === null
          ? { status: 400, body: { error: 'invalid_token' } }
          : { status: 200, body: { email: user } },
      );
      return;
    }
    const asked = new URLSearchParams(await text(request));
    endpoint.asked.push(asked);
    for (const listener of listeners) listener(asked);
    send(response, await answer(asked));
  };
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${portOf(server.address())}`;

  const endpoint: TokenEndpoint = {
    tokenUrl: `${base}/token`,
    authorizeUrl: `${base}/authorize`,
    asked: [],
    onAsked: (listener) => void listeners.push(listener),
    life: 3600,
    rotates: false,
    appUser: 'desk@desk.example',
    reply: () => null,
    consent,
    code(user, given) {
      const code = make('code');
      codes.set(code, { user, ...given });
      return code;
    },
    ownerOf(token) {
      const found = access.get(token);
      return found === undefined || found.until <= Date.now() ? null : found.user;
    },
    endTokens: () => access.clear(),
    withdraw: () => refresh.clear(),
    dovecot: (file, mechanisms = 'oauthbearer xoauth2') => ({
      file: `tokeninfo_url = ${base}/tokeninfo?access_token=\nusername_attribute = email\n`,
      extra: `
auth_mechanisms = ${mechanisms}
auth_cache_size = 0
passdb {
  driver = oauth2
  mechanisms = ${mechanisms}
  args = ${file}
}
`,
    }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return endpoint;
}

function refused(error: string, description: string): TokenReply {
  return { status: 400, body: { error, error_description: description } };
}

function send(response: ServerResponse, { status, body, headers = {} }: TokenReply): void {
  const json = typeof body !== 'string';
  response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/html', ...headers });
  response.end(json ? JSON.stringify(body) : body);
}
