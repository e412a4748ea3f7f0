import { isLoopback, type ValueRead, words } from './values.ts';
import {
  oauthProviders,
  type OAuthProvider,
  type RefreshToken,
  type OAuthSettings,
  type MailboxSettings,
  type SmtpSettings,
} from './settings.ts';
/** What the variables of OAuth2 hold, each by itself; null: not set. */
export type OAuthValues = {
  OAUTH_PROVIDER: OAuthProvider | null;
  OAUTH_TENANT: string | null;
  OAUTH_TOKEN_URL: string | null;
  OAUTH_AUTHORIZE_URL: string | null;
  OAUTH_CLIENT_ID: string | null;
  OAUTH_CLIENT_SECRET: string | null;
  OAUTH_REFRESH_TOKEN: RefreshToken[];
  OAUTH_REFRESH_TOKEN_FILE: string | null;
  OAUTH_SCOPE: string | null;
};

/** Something that one variable lacks because of what others say. */
export type Gap = { variable: string; expected: string };

const delegatedScope: Record<OAuthProvider, string> = {
  microsoft:
    'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access',
  google: 'https://mail.google.com/',
  custom: '',
};
/** All that the app was granted in the tenant; delegated scopes mean nothing there. */
const ownScope: Record<OAuthProvider, string> = {
  ...delegatedScope,
  microsoft: 'https://outlook.office365.com/.default',
};

/** Tenants that stand for many: a person may log in there, an app in its own name may not. */
const manyTenants = new Set(['common', 'organizations', 'consumers']);

/** OAUTH_PROVIDER */
export function readProvider(text: string | undefined): ValueRead<OAuthProvider | null> {
  if (text === undefined) return { ok: true, value: null };
  const found = oauthProviders.find((provider) => provider === text.trim().toLowerCase());
  return found === undefined
    ? { ok: false, expected: [`one of ${oauthProviders.join(', ')}`] }
    : { ok: true, value: found };
}

/** OAUTH_TENANT: a tenant's id or one of its domains; it becomes part of an address. */
export function readTenant(text: string | undefined): ValueRead<string | null> {
  if (text === undefined) return { ok: true, value: null };
  return /^[\w.-]+$/.test(text.trim())
    ? { ok: true, value: text.trim() }
    : { ok: false, expected: ['the tenant’s id or one of its domains'] };
}

/** OAUTH_TOKEN_URL, OAUTH_AUTHORIZE_URL: `https://`; plain `http://` on this machine only. */
export function readEndpoint(text: string | undefined): ValueRead<string | null> {
  if (text === undefined) return { ok: true, value: null };
  const url = URL.parse(text.trim());
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url === null || !allowed || url.username !== '' || url.hash !== '') {
    return { ok: false, expected: ['a URL that begins with https:// (http:// on this machine only)'] };
  }
  return { ok: true, value: url.href };
}

/** OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET: one word, as the provider's console shows it. */
export function readWord(text: string | undefined): ValueRead<string | null> {
  if (text === undefined) return { ok: true, value: null };
  return /^\S+$/.test(text.trim())
    ? { ok: true, value: text.trim() }
    : { ok: false, expected: ['one word, without spaces'] };
}

const ofUser = /^([^\s=@]+@[^\s=@]+)=(.+)$/;

/** OAUTH_REFRESH_TOKEN: one token, or one a user as `user@example.it=token`, separated by spaces. */
export function readRefreshTokens(text: string | undefined): ValueRead<RefreshToken[]> {
  const tokens = words(text).map((word): RefreshToken => {
    const pair = ofUser.exec(word);
    return pair === null
      ? { user: null, token: word }
      : { user: (pair[1] ?? '').toLowerCase(), token: pair[2] ?? '' };
  });
  const users = tokens.map(({ user }) => user);
  const twice = users.find((user, at) => users.indexOf(user) !== at);
  if (twice === null) {
    return { ok: false, expected: ['one token, or several as user@example.it=token separated by spaces'] };
  }
  if (twice !== undefined) return { ok: false, expected: [`one token for ${twice}`] };
  return { ok: true, value: tokens };
}

/** A refresh token as OAUTH_REFRESH_TOKEN and its file hold it. */
export function writeRefreshTokens(tokens: RefreshToken[]): string {
  return `${tokens.map(({ user, token }) => (user === null ? token : `${user}=${token}`)).join('\n')}\n`;
}

/** The refresh token that counts for a user; undefined where there is none. */
export function refreshTokenOf(tokens: RefreshToken[], user: string): RefreshToken | undefined {
  return tokens.find((one) => one.user === user.toLowerCase()) ?? tokens.find((one) => one.user === null);
}

/** The app that the values describe; null where no app is described, which `gapsOfApp` tells. */
export function oauthSettings(values: OAuthValues): OAuthSettings | null {
  const { OAUTH_PROVIDER: provider, OAUTH_CLIENT_ID: clientId, OAUTH_REFRESH_TOKEN: refreshTokens } = values;
  if (provider === null || clientId === null) return null;
  const endpoints = endpointsOf(provider, values);
  if (endpoints === null) return null;
  const scopes = refreshTokens.length > 0 ? delegatedScope : ownScope;
  return {
    provider,
    ...endpoints,
    clientId,
    clientSecret: values.OAUTH_CLIENT_SECRET,
    scope: values.OAUTH_SCOPE ?? scopes[provider],
    refreshTokens,
    refreshTokenFile: values.OAUTH_REFRESH_TOKEN_FILE,
  };
}

/** The same for asking a person's consent: what is asked for is theirs to give. */
export function loginSettings(values: OAuthValues): OAuthSettings | null {
  const settings = oauthSettings(values);
  return settings === null
    ? null
    : { ...settings, scope: values.OAUTH_SCOPE ?? delegatedScope[settings.provider] };
}

function endpointsOf(
  provider: OAuthProvider,
  values: OAuthValues,
): Pick<OAuthSettings, 'tokenUrl' | 'authorizeUrl'> | null {
  switch (provider) {
    case 'microsoft': {
      if (values.OAUTH_TENANT === null) return null;
      const base = `https://login.microsoftonline.com/${values.OAUTH_TENANT}/oauth2/v2.0`;
      return { tokenUrl: `${base}/token`, authorizeUrl: `${base}/authorize` };
    }
    case 'google':
      return {
        tokenUrl: 'https://oauth2.googleapis.com/token',
        authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
      };
    case 'custom':
      return values.OAUTH_TOKEN_URL === null
        ? null
        : { tokenUrl: values.OAUTH_TOKEN_URL, authorizeUrl: values.OAUTH_AUTHORIZE_URL };
    default:
      throw provider satisfies never;
  }
}

/** What is missing of the app itself. */
export function gapsOfApp(values: OAuthValues): Gap[] {
  const gaps: Gap[] = [];
  if (values.OAUTH_PROVIDER === null) {
    gaps.push({ variable: 'OAUTH_PROVIDER', expected: `one of ${oauthProviders.join(', ')}` });
  }
  if (values.OAUTH_CLIENT_ID === null) {
    gaps.push({
      variable: 'OAUTH_CLIENT_ID',
      expected: 'the client id of the app in the provider’s console',
    });
  }
  if (values.OAUTH_PROVIDER === 'microsoft' && values.OAUTH_TENANT === null) {
    gaps.push({ variable: 'OAUTH_TENANT', expected: 'the tenant’s id (Directory ID) or one of its domains' });
  }
  if (values.OAUTH_PROVIDER === 'custom' && values.OAUTH_TOKEN_URL === null) {
    gaps.push({ variable: 'OAUTH_TOKEN_URL', expected: 'the token endpoint of the provider' });
  }
  return gaps;
}

/** What is missing for `kticket oauth login`. */
export function gapsForLogin(values: OAuthValues): Gap[] {
  const gaps = gapsOfApp(values);
  if (values.OAUTH_PROVIDER === 'custom' && values.OAUTH_AUTHORIZE_URL === null) {
    gaps.push({ variable: 'OAUTH_AUTHORIZE_URL', expected: 'where the provider asks for consent' });
  }
  return gaps;
}

/** Users who log in with a token. */
export function oauthUsers(mailboxes: MailboxSettings[], smtps: SmtpSettings[]): string[] {
  const users = [...mailboxes, ...smtps].flatMap(({ user, password }) =>
    user !== null && password === null ? [user] : [],
  );
  return [...new Set(users)];
}

/** What is missing so that everyone without a password can log in. */
export function gapsForMail(values: OAuthValues, mailboxes: MailboxSettings[], smtps: SmtpSettings[]): Gap[] {
  const users = oauthUsers(mailboxes, smtps);
  if (users.length === 0) return [];
  const { OAUTH_PROVIDER: provider, OAUTH_REFRESH_TOKEN: tokens, OAUTH_REFRESH_TOKEN_FILE: file } = values;
  if (provider === null) {
    const expected = 'a password, as user:password@host (or, for OAuth2, OAUTH_PROVIDER)';
    const gaps: Gap[] = [];
    if (mailboxes.some(({ password }) => password === null)) gaps.push({ variable: 'MAILBOX_URL', expected });
    if (oauthUsers([], smtps).length > 0) gaps.push({ variable: 'SMTP_URL', expected });
    return gaps;
  }
  const gaps = gapsOfApp(values);
  if (tokens.length > 0) {
    const without = users.filter((user) => refreshTokenOf(tokens, user) === undefined);
    if (without.length > 0) {
      gaps.push({
        variable: 'OAUTH_REFRESH_TOKEN',
        expected: `a token for ${without.join(', ')} as well, as ${without[0]}=token (kticket oauth login --user ${without[0]})`,
      });
    }
    return gaps;
  }
  if (provider === 'google' || file !== null) {
    gaps.push({
      variable: 'OAUTH_REFRESH_TOKEN',
      expected:
        'the refresh token, or its file in OAUTH_REFRESH_TOKEN_FILE, as `kticket oauth login` makes it',
    });
    return gaps;
  }
  if (values.OAUTH_CLIENT_SECRET === null) {
    gaps.push({
      variable: 'OAUTH_CLIENT_SECRET',
      expected:
        'the app’s secret, with which it acts in its own name (or OAUTH_REFRESH_TOKEN, to act for a person)',
    });
  }
  if (provider === 'microsoft' && manyTenants.has(values.OAUTH_TENANT ?? '')) {
    gaps.push({
      variable: 'OAUTH_TENANT',
      expected: 'one tenant: without OAUTH_REFRESH_TOKEN the app acts in its own name there',
    });
  }
  return gaps;
}
