import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openMailbox } from '../../../src/mail/imap/mailbox.ts';
import { createTokens, type Tokens } from '../../../src/mail/oauth/oauth.ts';
import { openSmtp, verifySmtp } from '../../../src/mail/smtp/smtp.ts';
import { type Dovecot, startDovecot } from '../../harness/dovecot.ts';
import { dovecotAvailable } from '../../harness/servers.ts';
import { startSmtpServer, type TestSmtpServer } from '../../harness/smtp-server.ts';
import {
  clientId,
  clientSecret,
  startTokenEndpoint,
  type TokenEndpoint,
} from '../../harness/token-endpoint.ts';
import type { OAuthSettings, MailboxSettings } from '../../../src/config/settings.ts';

const user = 'desk@desk.example';
const envelope = { from: user, to: 'anna@rossi.example' };
const bytes = Buffer.from('Subject: x\r\n\r\nciao\r\n');

let endpoint: TokenEndpoint;
beforeEach(async () => {
  endpoint = await startTokenEndpoint();
  return () => endpoint.close();
});

const app = (refreshToken: string | null): OAuthSettings => ({
  provider: 'custom',
  tokenUrl: endpoint.tokenUrl,
  authorizeUrl: null,
  clientId,
  clientSecret,
  scope: '',
  refreshTokens: refreshToken === null ? [] : [{ user: null, token: refreshToken }],
  refreshTokenFile: null,
});
const tokensOf = (settings: OAuthSettings): Tokens => createTokens(settings, { onReplaced: () => {} });

describe('SMTP', () => {
  let server: TestSmtpServer;
  beforeEach(async () => {
    server = await startSmtpServer(null, 'none', (token) => endpoint.ownerOf(token));
    return () => server.close();
  });
  const settings = () => ({ ...server.settings, user });

  test('logs in with a token, by refresh token and in the app’s own name', async () => {
    for (const refreshToken of [endpoint.consent(user), null]) {
      const tokens = tokensOf(app(refreshToken));
      expect(await verifySmtp(settings(), tokens)).toEqual({ ok: true });
      const smtp = openSmtp(settings(), tokens);
      expect(await smtp.send(envelope, bytes)).toMatchObject({ kind: 'accepted' });
      smtp.close();
    }
    expect(endpoint.asked.map((asked) => asked.get('grant_type'))).toEqual([
      'refresh_token',
      'client_credentials',
    ]);
  });

  test('renews a token that the server no longer takes, once for all connections', async () => {
    const smtp = openSmtp(settings(), tokensOf(app(null)));
    onTestFinished(() => smtp.close());
    expect(await smtp.send(envelope, bytes)).toMatchObject({ kind: 'accepted' });
    endpoint.endTokens();
    server.hangUp();
    const sent = await Promise.all([1, 2, 3, 4].map(() => smtp.send(envelope, bytes)));
    expect(sent.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    expect(endpoint.asked).toHaveLength(2);
  });

  test('a refused grant is told as such, the provider’s words and what to do with it, no secret', async () => {
    const refreshToken = endpoint.consent(user);
    endpoint.withdraw();
    const smtp = openSmtp(settings(), tokensOf(app(refreshToken)));
    onTestFinished(() => smtp.close());
    const refused = await smtp.send(envelope, bytes);
    expect(refused).toEqual({
      kind: 'auth_refused',
      text: expect.stringMatching(
        /refuses the refresh token of .*: invalid_grant: Token has been expired or revoked\.; .*kticket oauth login/,
      ),
      outage: {
        kind: 'token_refused',
        host: expect.any(String),
        said: 'invalid_grant: Token has been expired or revoked.',
      },
    });
    expect(JSON.stringify(refused)).not.toContain('hush');
  });

  test('a server that refuses even a renewed token is tried no further', async () => {
    endpoint.appUser = 'somebody@desk.example';
    const smtp = openSmtp(settings(), tokensOf(app(null)));
    onTestFinished(() => smtp.close());
    for (let tries = 0; tries < 3; tries += 1) {
      expect(await smtp.send(envelope, bytes)).toEqual({
        kind: 'auth_refused',
        text: expect.stringContaining('with a token made just now'),
        outage: { kind: 'login_refused', user, said: expect.stringMatching(/^535 /) },
      });
    }
    expect(endpoint.asked).toHaveLength(2);
  });

  test('a provider that is away is no refusal', async () => {
    endpoint.reply = () => ({ status: 503, body: 'busy' });
    const smtp = openSmtp(settings(), tokensOf(app(null)));
    onTestFinished(() => smtp.close());
    expect(await smtp.send(envelope, bytes)).toMatchObject({ kind: 'unreachable' });
  });
});

// Exchange Online and Gmail offer one or both
describe.skipIf(!dovecotAvailable()).each(['xoauth2', 'oauthbearer'])(
  'IMAP with %s (Dovecot)',
  (mechanism) => {
    let dovecot: Dovecot;
    let shared: TokenEndpoint;
    let directory: string;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'kticket-oauth-'));
      shared = await startTokenEndpoint();
      const { extra, file } = shared.dovecot(join(directory, 'oauth2.conf'), mechanism);
      await writeFile(join(directory, 'oauth2.conf'), file);
      dovecot = await startDovecot({ extra });
    });
    afterAll(async () => {
      await dovecot.stop();
      await shared.close();
      await rm(directory, { recursive: true });
    });
    beforeEach(() => {
      shared.asked.length = 0;
      shared.reply = () => null;
    });

    const settings = (): MailboxSettings => ({
      host: '127.0.0.1',
      port: dovecot.imapPort,
      secure: false,
      user,
      password: null,
      folder: 'INBOX',
      name: `${user}@127.0.0.1/INBOX`,
    });
    const open = () => {
      const tokens = tokensOf({ ...app(null), tokenUrl: shared.tokenUrl });
      const mailbox = openMailbox(settings(), {
        log: pino({ level: 'silent' }),
        maxMessageBytes: 1024,
        tokens,
      });
      onTestFinished(() => mailbox.close());
      return mailbox;
    };

    test('logs in with a token', async () => {
      expect((await open().waiting()).uids).toEqual([]);
    });

    test('renews a token that the server no longer takes, and goes on', async () => {
      const mailbox = open();
      await mailbox.waiting();
      shared.endTokens();
      await mailbox.close();
      expect((await mailbox.waiting()).uids).toEqual([]);
      expect(shared.asked).toHaveLength(2);
    });

    test('a server that refuses even a renewed token refuses the login', async () => {
      shared.appUser = 'somebody@desk.example';
      const mailbox = open();
      await expect(mailbox.waiting()).rejects.toMatchObject({
        kind: 'auth_refused',
        message: expect.stringContaining('its token was made just now'),
      });
      expect(shared.asked).toHaveLength(2);
      shared.appUser = user;
    });

    test('a refused grant and a provider that is away are told apart', async () => {
      const mailbox = open();
      shared.reply = () => ({
        status: 401,
        body: { error: 'invalid_client' },
        headers: { 'www-authenticate': 'Basic' },
      });
      await expect(mailbox.waiting()).rejects.toMatchObject({
        kind: 'auth_refused',
        message: expect.stringContaining('invalid_client; check OAUTH_CLIENT_ID'),
      });
      shared.reply = () => ({ status: 429, body: { error: 'too_many' } });
      await expect(mailbox.waiting()).rejects.toMatchObject({ kind: 'unreachable' });
      shared.reply = () => null;
      expect((await mailbox.waiting()).uids).toEqual([]);
    });
  },
);
