import type { z } from 'zod';
import { refreshTokenOf } from './refresh-tokens.ts';
import type { allSettings, appSettings } from './schema.ts';
import {
  oauthProviders,
  type OAuthProvider,
  type OAuthSettings,
  type RefreshToken,
  type MailboxSettings,
  type SmtpSettings,
} from './settings.ts';

/** The OAuth2 variables, each validated by itself, or null if not set. */
type OAuthValues = z.output<typeof appSettings> & { OAUTH_REFRESH_TOKEN: RefreshToken[] };

/** A variable that is missing or wrong because of the value of another. */
export type Gap = { variable: string; expected: string };

const delegatedScope: Record<OAuthProvider, string> = {
  microsoft:
    'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access',
  google: 'https://mail.google.com/',
  custom: '',
};
/** Everything the app was granted in the tenant; delegated scopes do not apply there. */
const ownScope: Record<OAuthProvider, string> = {
  ...delegatedScope,
  microsoft: 'https://outlook.office365.com/.default',
};

/** Tenants that stand for many: a person may log in there, but an app cannot authenticate as itself. */
const manyTenants = new Set(['common', 'organizations', 'consumers']);

/** The app that the values describe, or null if they describe none, as reported by `gapsOfApp`. */
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

/** The same for a person's consent, with delegated scopes. */
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

/** The users who log in with a token. */
export function oauthUsers(mailboxes: MailboxSettings[], smtps: SmtpSettings[]): string[] {
  const users = [...mailboxes, ...smtps].flatMap(({ user, password }) =>
    user !== null && password === null ? [user] : [],
  );
  return [...new Set(users)];
}

/** The gaps that exist. */
const gapsWhere = (gaps: [isSo: boolean, variable: string, expected: string][]): Gap[] =>
  gaps.flatMap(([isSo, variable, expected]) => (isSo ? [{ variable, expected }] : []));

/** The missing settings of the app itself. */
const gapsOfApp = (values: Partial<OAuthValues>): Gap[] =>
  gapsWhere([
    [!values.OAUTH_PROVIDER, 'OAUTH_PROVIDER', `one of ${oauthProviders.join(', ')}`],
    [!values.OAUTH_CLIENT_ID, 'OAUTH_CLIENT_ID', 'the client id of the app in the provider’s console'],
    [
      values.OAUTH_PROVIDER === 'microsoft' && !values.OAUTH_TENANT,
      'OAUTH_TENANT',
      'the tenant’s id (Directory ID) or one of its domains',
    ],
    [
      values.OAUTH_PROVIDER === 'custom' && !values.OAUTH_TOKEN_URL,
      'OAUTH_TOKEN_URL',
      'the token endpoint of the provider',
    ],
  ]);

/** The missing settings for `kticket oauth login`. */
export function gapsForLogin(values: Partial<z.output<typeof appSettings>>): Gap[] {
  const unknown = values.OAUTH_PROVIDER === 'custom' && !values.OAUTH_AUTHORIZE_URL;
  return [
    ...gapsOfApp(values),
    ...gapsWhere([[unknown, 'OAUTH_AUTHORIZE_URL', 'where the provider asks for consent']]),
  ];
}

/** The missing settings for users without a password to log in. */
export function gapsForMail(values: Partial<z.output<typeof allSettings>>): Gap[] {
  const { OAUTH_PROVIDER: provider, OAUTH_REFRESH_TOKEN: tokens = [] } = values;
  const readers = oauthUsers(values.MAILBOX_URL ?? [], []);
  const senders = oauthUsers([], allSmtp(values.SMTP_URL));
  const users = [...new Set([...readers, ...senders])];
  if (users.length === 0) return [];
  if (!provider) {
    const expected = 'a password, as user:password@host (or, for OAuth2, OAUTH_PROVIDER)';
    return gapsWhere([
      [readers.length > 0, 'MAILBOX_URL', expected],
      [senders.length > 0, 'SMTP_URL', expected],
    ]);
  }
  const without = users.filter((user) => refreshTokenOf(tokens, user) === undefined);
  const forPerson = provider === 'google' || Boolean(values.OAUTH_REFRESH_TOKEN_FILE);
  const inOwnName = tokens.length === 0 && !forPerson;
  return [
    ...gapsOfApp(values),
    ...gapsWhere([
      [
        tokens.length > 0 && without.length > 0,
        'OAUTH_REFRESH_TOKEN',
        `a token for ${without.join(', ')} as well, as ${without[0]}=token (kticket oauth login --user ${without[0]})`,
      ],
      [
        tokens.length === 0 && forPerson,
        'OAUTH_REFRESH_TOKEN',
        'the refresh token, or its file in OAUTH_REFRESH_TOKEN_FILE, as `kticket oauth login` makes it',
      ],
      [
        inOwnName && !values.OAUTH_CLIENT_SECRET,
        'OAUTH_CLIENT_SECRET',
        'the app’s secret, with which it acts in its own name (or OAUTH_REFRESH_TOKEN, to act for a person)',
      ],
      [
        inOwnName && provider === 'microsoft' && manyTenants.has(values.OAUTH_TENANT ?? ''),
        'OAUTH_TENANT',
        'one tenant: without OAUTH_REFRESH_TOKEN the app acts in its own name there',
      ],
    ]),
  ];
}

/** The servers of SMTP_URL. */
export const allSmtp = (read: z.output<typeof allSettings>['SMTP_URL'] | undefined): SmtpSettings[] =>
  read === undefined ? [] : [read.general, ...read.queues];
