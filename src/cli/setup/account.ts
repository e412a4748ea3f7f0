import { resolve } from 'node:path';
import { needs } from '../../config/config.ts';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/settings.ts';
import { createTokens, type Tokens } from '../../mail/oauth/oauth.ts';
import type { MailProvider } from '../../setup/providers.ts';
import { deskAddress, mailboxUrl, smtpUrl, withFirstUrl } from '../../setup/settings.ts';
import { describeProblems } from '../../config/load.ts';
import { printText } from '../terminal/print.ts';
import { askConsent } from './consent.ts';
import type { FoundServers } from './find-servers.ts';
import { endsTried, readSecret, tryMailbox, trySmtp, type Tried } from './log-in.ts';
import type { SetupOptions } from './options.ts';
import { configWith, type Present } from './present.ts';
import { askUntil, type Prompt } from './prompt.ts';
import { done, endsFailed, endsWrong, type SetupAnswer } from './step.ts';

/** The desk's mail settings, tried: what is to be written, and what they come to. */
export type Account = {
  changes: Map<string, string | null>;
  /** of a person's consent, kept in a file of its own; null for none */
  refreshToken: string | null;
  config: Config;
  tokens: Tokens;
};

type Asked = {
  address: string;
  name: string;
  servers: FoundServers;
  options: SetupOptions;
  present: Present;
  prompt: Prompt | null;
};

/** `user` as both servers know it; without a password the app logs in for it. */
type Credentials = {
  user: string;
  password: string | null;
  app: Map<string, string | null>;
  refreshToken: string | null;
};

/** Asks for what logs in, and tries it at both servers until they accept it. Without a terminal the first refusal ends. */
export async function logIn(asked: Asked): Promise<SetupAnswer<Account>> {
  const { servers, options, prompt } = asked;
  if (servers.provider !== null && servers.provider.note !== '')
    printText(`${servers.provider.name}: ${servers.provider.note}.`);
  let user = options.user ?? usualUser(asked);
  let given = true;
  for (;;) {
    const credentials = await credentialsFor(asked, user, given);
    if (!credentials.ok) return credentials;
    const account = accountOf(asked, credentials.value, sendingLogin(asked, credentials.value, given));
    if (!account.ok) return account;
    const [mailbox] = account.value.config.mailboxes;
    if (mailbox === undefined) throw new Error('a mailbox is among the changes');
    const tried = await tryMailbox(mailbox, account.value.tokens);
    if (tried.ok) return sendingAccount(asked, credentials.value, account.value);
    if (prompt === null) return endsTried(tried);
    given = false;
    await afterRefusal(tried, servers.provider);
    user = await askUntil(prompt, 'User of the mailbox', notEmpty, user);
  }
}

const notEmpty = (text: string): { ok: true; value: string } | { ok: false; why: string } =>
  text === '' ? { ok: false, why: 'Nothing was typed. Expected a user.' } : { ok: true, value: text };

async function afterRefusal(
  tried: Extract<Tried, { ok: false }>,
  provider: MailProvider | null,
): Promise<void> {
  if (tried.refused && provider?.login === 'app_password')
    printText(`  ${provider.name} takes the password of a program, not the one of the account.`);
}

/** What sends: the mailbox's login, unless another is configured for that very server. */
function sendingLogin(
  { servers, options, present }: Asked,
  mailbox: Credentials,
  given: boolean,
): { user: string; password: string | null } {
  const kept = present.smtp;
  const isKept = given && options.passwordFile === undefined && kept?.host === servers.smtp.host;
  return isKept && kept.user !== null && kept.user !== mailbox.user
    ? { user: kept.user, password: kept.password }
    : mailbox;
}

/** The outgoing server, with the mailbox's login or, where that is refused, another. */
async function sendingAccount(
  asked: Asked,
  mailbox: Credentials,
  account: Account,
): Promise<SetupAnswer<Account>> {
  const { options, prompt } = asked;
  let current = account;
  if (options.smtpUser !== undefined || options.smtpPasswordFile !== undefined) {
    const password =
      options.smtpPasswordFile === undefined ? done(mailbox.password) : readSecret(options.smtpPasswordFile);
    if (!password.ok) return password;
    const other = accountOf(asked, mailbox, {
      user: options.smtpUser ?? mailbox.user,
      password: password.value,
    });
    if (!other.ok) return other;
    current = other.value;
  }
  for (;;) {
    const tried = await trySmtp(current.config.smtp, current.tokens);
    if (tried.ok) return done(current);
    if (prompt === null) return endsTried(tried);
    const user = await askUntil(
      prompt,
      'User for sending',
      notEmpty,
      current.config.smtp.user ?? mailbox.user,
    );
    const password = await prompt.secret(
      mailbox.password === null ? 'Password for sending' : 'Password for sending (empty: as the mailbox’s)',
    );
    const other = accountOf(asked, mailbox, {
      user,
      password: password === '' ? mailbox.password : password,
    });
    if (!other.ok) return other;
    current = other.value;
  }
}

function usualUser({ address, servers, present }: Asked): string {
  if (present.mailbox !== null && present.desk?.address === address) return present.mailbox.user;
  return servers.user === 'local_part' ? address.slice(0, address.lastIndexOf('@')) : address;
}

/** What logs in: by options and what is there already while `given`, else as the terminal is asked. */
async function credentialsFor(asked: Asked, user: string, given: boolean): Promise<SetupAnswer<Credentials>> {
  const { address, servers, options, present, prompt } = asked;
  const none = new Map<string, string | null>();
  const withPassword = (password: string): SetupAnswer<Credentials> =>
    done({ user, password, app: none, refreshToken: null });
  if (given && options.passwordFile !== undefined) {
    const read = readSecret(options.passwordFile);
    return read.ok ? withPassword(read.value) : read;
  }
  const login = servers.provider?.login ?? 'password';
  if (options.oauthClientId !== undefined || login === 'microsoft') return appFor(asked, user);
  const kept = present.mailbox;
  const isSame = kept !== null && kept.user === user && present.desk?.address === address;
  if (given && isSame && kept.password === null)
    return done({ user, password: null, app: none, refreshToken: null });
  if (prompt === null)
    return isSame && kept.password !== null
      ? withPassword(kept.password)
      : endsWrong('--password-file is missing.');
  const hints = [
    ...(given && isSame && kept.password !== null ? ['empty: the one in .env'] : []),
    ...(login === 'google' ? ['empty: OAuth2'] : []),
  ];
  for (;;) {
    const typed = await prompt.secret(
      `Password of ${user}${hints.length === 0 ? '' : ` (${hints.join('; ')})`}`,
    );
    // Google shows app passwords in groups of four
    if (typed !== '') return withPassword(login === 'google' ? typed.replaceAll(' ', '') : typed);
    if (given && isSame && kept.password !== null) return withPassword(kept.password);
    if (login === 'google') return appFor(asked, user);
    printText('  Nothing was typed. Expected the password of the mailbox.');
  }
}

/** OAuth2: the app as it stands in the provider’s console, and the consent of a person where the app does not act as itself. */
async function appFor(asked: Asked, user: string): Promise<SetupAnswer<Credentials>> {
  const { servers, options, present, prompt } = asked;
  const kind = servers.provider?.login === 'google' ? 'google' : 'microsoft';
  const app = new Map<string, string | null>([['OAUTH_PROVIDER', kind]]);
  const answer = async (name: string, label: string, option: string | undefined): Promise<string | null> =>
    option ??
    (prompt === null
      ? present.value(name)
      : await askUntil(prompt, label, notEmpty, present.value(name) ?? ''));
  const missing: string[] = [];
  const clientId = await answer('OAUTH_CLIENT_ID', 'Client ID of the app', options.oauthClientId);
  if (clientId === null) missing.push('--oauth-client-id');
  else app.set('OAUTH_CLIENT_ID', clientId);
  if (kind === 'microsoft') {
    const tenant = await answer('OAUTH_TENANT', 'Directory (tenant) ID', options.oauthTenant);
    if (tenant === null) missing.push('--oauth-tenant');
    else app.set('OAUTH_TENANT', tenant);
  }
  if (missing.length > 0)
    return endsWrong(`${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing.`);
  let secret = present.value('OAUTH_CLIENT_SECRET');
  if (options.oauthClientSecretFile !== undefined) {
    const read = readSecret(options.oauthClientSecretFile);
    if (!read.ok) return read;
    secret = read.value;
    app.set('OAUTH_CLIENT_SECRET_FILE', resolve(options.oauthClientSecretFile));
  } else if (prompt !== null && secret === null) {
    const typed = await prompt.secret(
      kind === 'google' ? 'Client secret' : 'Client secret (empty: no secret, a person logs in)',
    );
    if (typed !== '') {
      secret = typed;
      app.set('OAUTH_CLIENT_SECRET', typed);
    }
  }
  if (kind === 'microsoft' && secret !== null) return done({ user, password: null, app, refreshToken: null });
  const environment = {
    ...Object.fromEntries(app),
    ...(secret === null ? {} : { OAUTH_CLIENT_SECRET: secret }),
  };
  const loaded = loadConfig(needs.oauth, {
    environment: withoutNulls(environment),
    directory: present.folder,
  });
  if (!loaded.ok) return endsWrong(describeProblems(loaded.problems));
  const { oauth } = loaded.config;
  if (oauth === null) throw new Error('a complete configuration describes an app');
  const consent = await consentOf(oauth, user, prompt);
  return consent.ok ? done({ user, password: null, app, refreshToken: consent.value }) : consent;
}

const withoutNulls = (of: Record<string, string | null>): Record<string, string> =>
  Object.fromEntries(Object.entries(of).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));

async function consentOf(
  oauth: NonNullable<Config['oauth']>,
  user: string,
  prompt: Prompt | null,
): Promise<SetupAnswer<string>> {
  const stop = new AbortController();
  const asked = { user, port: 0, signal: stop.signal };
  const typed: { take: (line: string) => void } = { take: () => {} };
  const consenting = askConsent(oauth, asked, (take) => {
    typed.take = take;
  });
  const ended = await (prompt === null
    ? consenting
    : prompt.meanwhile((line) => typed.take(line), consenting));
  return ended.ok ? done(ended.refreshToken) : endsFailed(ended.why);
}

/** The settings that these answers come to. */
function accountOf(
  { address, name, servers, present }: Asked,
  mailbox: Credentials,
  sending: { user: string; password: string | null },
): SetupAnswer<Account> {
  const folder = present.mailbox?.folder ?? 'INBOX';
  const changes = new Map<string, string | null>([
    [
      'MAILBOX_URL',
      withFirstUrl(present.value('MAILBOX_URL'), mailboxUrl({ ...mailbox, server: servers.imap }, folder)),
    ],
    ['SMTP_URL', withFirstUrl(present.value('SMTP_URL'), smtpUrl({ ...sending, server: servers.smtp }))],
    ['DESK_ADDRESS', deskAddress(name, address)],
    ...mailbox.app,
  ]);
  const { refreshToken } = mailbox;
  const tried =
    refreshToken === null ? changes : new Map([...changes, ['OAUTH_REFRESH_TOKEN', refreshToken]]);
  const loaded = configWith(present, tried);
  if (!loaded.ok) return endsWrong(describeProblems(loaded.problems));
  const { config } = loaded;
  return done({
    changes,
    refreshToken,
    config,
    tokens: createTokens(config.oauth, { onReplaced: () => {} }),
  });
}
