import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { refreshTokens, refreshTokenOf } from '../../../src/config/refresh-tokens.ts';
import { createTokens, renewalTime, type TokenSource } from '../../../src/mail/oauth/oauth.ts';
import {
  clientId,
  clientSecret,
  startTokenEndpoint,
  type TokenEndpoint,
} from '../../harness/token-endpoint.ts';
import type { OAuthSettings } from '../../../src/config/settings.ts';

const user = 'desk@desk.example';
const minutes = 60_000;

let endpoint: TokenEndpoint;
let directory: string;
let now: number;
let lost: string[];
beforeEach(async () => {
  endpoint = await startTokenEndpoint();
  directory = await mkdtemp(join(tmpdir(), 'kticket-oauth-'));
  now = Date.parse('2026-11-24T10:00:00Z');
  lost = [];
  return async () => {
    await endpoint.close();
    await rm(directory, { recursive: true });
  };
});

const app = (change: Partial<OAuthSettings> = {}): OAuthSettings => ({
  provider: 'custom',
  tokenUrl: endpoint.tokenUrl,
  authorizeUrl: null,
  clientId,
  clientSecret,
  scope: 'mail',
  refreshTokens: [],
  refreshTokenFile: null,
  ...change,
});
const sourceOf = (settings: OAuthSettings, timeout = 15): TokenSource =>
  createTokens(settings, { now: () => now, timeout, onReplaced: (why) => void lost.push(why) })(user);
/** An app whose refresh tokens stand in a file. */
const appWithFile = async (text: string): Promise<OAuthSettings & { refreshTokenFile: string }> => {
  const refreshTokenFile = join(directory, 'refresh-token');
  await writeFile(refreshTokenFile, text, { mode: 0o600 });
  return { ...app({ refreshTokens: refreshTokens.parse(text) }), refreshTokenFile };
};

describe('when a token is renewed', () => {
  test('always within its life, in its last fifth or its last 5 minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.nat(), (life, from) => {
        const at = renewalTime(from, life);
        expect(at).toBeGreaterThanOrEqual(from + life * 0.8);
        expect(at).toBeLessThan(from + life);
        expect(at).toBeGreaterThanOrEqual(from + life - 5 * minutes);
      }),
    );
  });

  test('one that lives a while yet is given out again, to everyone', async () => {
    const source = sourceOf(app());
    const first = await source.token();
    now += 54 * minutes;
    expect(await source.token()).toEqual(first);
    expect(first.expiresAt).toBe(Date.parse('2026-11-24T11:00:00Z'));
    expect(endpoint.asked).toHaveLength(1);
  });

  test('shortly before its end a new one is asked for, once, however many want it', async () => {
    const source = sourceOf(app());
    const first = await source.token();
    now += 56 * minutes;
    const next = await Promise.all(Array.from({ length: 10 }, () => source.token()));
    expect(new Set(next.map(({ value }) => value)).size).toBe(1);
    expect(next[0]?.value).not.toBe(first.value);
    expect(endpoint.asked).toHaveLength(2);
  });

  test('while the provider is away, one that still lives is given out; then it is said', async () => {
    const source = sourceOf(app());
    const first = await source.token();
    endpoint.reply = () => ({ status: 500, body: 'broken' });
    now += 56 * minutes;
    expect(await source.token()).toEqual(first);
    now += 5 * minutes;
    await expect(source.token()).rejects.toMatchObject({ kind: 'unreachable' });
    endpoint.reply = () => null;
    expect((await source.token()).value).not.toBe(first.value);
  });

  test('a grant that is refused is said even while an old token lives', async () => {
    const source = sourceOf(app());
    await source.token();
    endpoint.reply = () => ({ status: 400, body: { error: 'invalid_client' } });
    now += 56 * minutes;
    await expect(source.token()).rejects.toMatchObject({ kind: 'auth_refused' });
  });

  test('by force at most once a minute', async () => {
    const source = sourceOf(app());
    const first = await source.token();
    const second = await source.renewed();
    expect(second.value).not.toBe(first.value);
    expect(await source.renewed()).toEqual(second);
    now += 2 * minutes;
    expect((await source.renewed()).value).not.toBe(second.value);
  });

  test('one that a server has refused is not given out again, even where no other can be had', async () => {
    const source = sourceOf(app());
    const first = await source.token();
    for (const [status, kind] of [
      [503, 'unreachable'],
      [400, 'auth_refused'],
    ] as const) {
      endpoint.reply = () => ({ status, body: { error: 'invalid_client' } });
      await expect(source.renewed()).rejects.toMatchObject({ kind });
      await expect(source.token()).rejects.toMatchObject({ kind });
    }
    endpoint.reply = () => null;
    expect((await source.renewed()).value).not.toBe(first.value);
  });

  test('users with tokens of their own have grants of their own, the others share one', async () => {
    const own = endpoint.consent('pda@desk.example');
    const tokens = createTokens(
      app({
        refreshTokens: [
          { user: 'pda@desk.example', token: own },
          { user: null, token: endpoint.consent(user) },
        ],
      }),
      { onReplaced: () => {} },
    );
    const [pda, desk, other] = await Promise.all(
      ['PDA@desk.example', user, 'x@desk.example'].map((one) => tokens(one).token()),
    );
    expect(endpoint.ownerOf(pda?.value ?? '')).toBe('pda@desk.example');
    expect(other).toEqual(desk);
    expect(endpoint.asked).toHaveLength(2);
  });
});

describe('a request', () => {
  test('carries the app, its secret and its scope', async () => {
    await sourceOf(app()).token();
    expect(Object.fromEntries(endpoint.asked[0] ?? [])).toMatchObject({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'mail',
    });
  });

  test('of a public client carries no secret', async () => {
    const token = endpoint.consent(user);
    await sourceOf(app({ clientSecret: null, refreshTokens: [{ user: null, token }] })).token();
    expect(endpoint.asked[0]?.has('client_secret')).toBe(false);
  });

  test('that is never answered is given up', async () => {
    endpoint.reply = () => new Promise(() => {});
    await expect(sourceOf(app(), 0.1).token()).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('no answer in time'),
    });
  });

  test('to nobody is no refusal, and says where it went', async () => {
    await expect(sourceOf(app({ tokenUrl: 'http://127.0.0.1:1/token' })).token()).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/^127\.0\.0\.1:1 cannot be asked for a token.*/),
    });
  });

  test.each([
    [{ status: 400, body: { error: 'invalid_grant' } }, 'auth_refused', 'kticket oauth login'],
    [{ status: 401, body: { error: 'invalid_client' } }, 'auth_refused', 'OAUTH_CLIENT_SECRET'],
    [
      {
        status: 401,
        body: {
          error: 'invalid_client',
          error_description:
            'AADSTS7000222: The provided client secret keys are expired. Trace ID: 0-1 Correlation ID: 2 Timestamp: 3',
        },
      },
      'auth_refused',
      'AADSTS7000222: The provided client secret keys are expired.; the secret has expired',
    ],
    [{ status: 400, body: { error: 'interaction_required' } }, 'auth_refused', 'log in again'],
    [{ status: 400, body: { error: 'unauthorized_client' } }, 'auth_refused', 'OAUTH_TENANT'],
    [{ status: 400, body: { error: 'new_word' } }, 'auth_refused', 'kticket check'],
    [{ status: 404, body: 'nothing here' }, 'auth_refused', 'is that its token endpoint?'],
    [{ status: 200, body: { hello: 'x' } }, 'auth_refused', 'holds no token'],
    [{ status: 400, body: { error: 'temporarily_unavailable' } }, 'unreachable', 'just now'],
    [{ status: 429, body: { error: 'invalid_request' } }, 'unreachable', 'just now'],
    [{ status: 502, body: 'bad gateway' }, 'unreachable', 'HTTP 502'],
  ])('answered by %j is %s', async (reply, kind, words) => {
    endpoint.reply = () => reply;
    await expect(sourceOf(app()).token()).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(words),
    });
  });

  test('whose answer repeats our secrets, or breaks the line, shows neither', async () => {
    const token = endpoint.consent(user);
    endpoint.reply = () => ({
      status: 400,
      body: { error: 'invalid_grant', error_description: `no ${token}\r\nof ${clientSecret}` },
    });
    const refused = sourceOf(app({ refreshTokens: [{ user: null, token }] })).token();
    await expect(refused).rejects.toThrow('invalid_grant: no … of …');
    await expect(refused).rejects.not.toHaveProperty('cause');
  });
});

describe('a refresh token that the provider replaces', () => {
  beforeEach(() => {
    endpoint.rotates = true;
  });

  test('is used from then on, and told once where it cannot be kept', async () => {
    const source = sourceOf(app({ refreshTokens: [{ user: null, token: endpoint.consent(user) }] }));
    for (let renewals = 0; renewals < 3; renewals += 1) {
      await source.token();
      now += 60 * minutes;
    }
    expect(endpoint.asked).toHaveLength(3);
    expect(lost).toEqual([expect.stringContaining('OAUTH_REFRESH_TOKEN_FILE')]);
    expect(lost[0]).not.toContain('hush');
  });

  test('is written into its file, readable by its owner only, and nothing is left beside it', async () => {
    const settings = await appWithFile(endpoint.consent(user));
    await chmod(settings.refreshTokenFile, 0o644);
    await sourceOf(settings).token();
    expect(lost).toEqual([]);
    expect((await stat(settings.refreshTokenFile)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['refresh-token']);
    // the next process reads it there
    const written = refreshTokens.parse(await readFile(settings.refreshTokenFile, 'utf8'));
    await sourceOf({ ...settings, refreshTokens: written }).token();
    expect(endpoint.asked).toHaveLength(2);
  });

  test('leaves the other users’ as they are, and a link a link', async () => {
    const settings = await appWithFile(`${user}=${endpoint.consent(user)} pda@desk.example=kept`);
    const link = join(directory, 'link');
    await symlink(settings.refreshTokenFile, link);
    await sourceOf({ ...settings, refreshTokenFile: link }).token();
    const tokens = refreshTokens.parse(await readFile(settings.refreshTokenFile, 'utf8'));
    expect(refreshTokenOf(tokens, 'pda@desk.example')?.token).toBe('kept');
    expect(refreshTokenOf(tokens, user)?.token).not.toBe(settings.refreshTokens[0]?.token);
  });

  test('by another process is read from the file, so that both go on', async () => {
    const settings = await appWithFile(endpoint.consent(user));
    const [one, other] = [sourceOf(settings), sourceOf(settings)];
    await one.token();
    await other.token();
    now += 60 * minutes;
    await one.token();
    expect(endpoint.asked).toHaveLength(3);
  });

  test('or that a person makes anew in the file ends a refusal, without a restart', async () => {
    const settings = await appWithFile(endpoint.consent(user));
    const source = sourceOf(settings);
    endpoint.withdraw();
    await expect(source.token()).rejects.toMatchObject({ kind: 'auth_refused' });
    await writeFile(settings.refreshTokenFile, endpoint.consent(user));
    expect((await source.token()).value).toBeTypeOf('string');
  });

  test('whose file cannot be written is told, and goes on in memory', async () => {
    // a folder that is not there lets nobody write, not even root
    const source = sourceOf({
      ...(await appWithFile(endpoint.consent(user))),
      refreshTokenFile: join(directory, 'gone', 'refresh-token'),
    });
    await source.token();
    now += 60 * minutes;
    await source.token();
    expect(lost).toEqual([expect.stringMatching(/refresh-token cannot be written \(\w+\)/)]);
  });
});
