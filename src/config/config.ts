import { resolve } from 'node:path';
import { need, type Texts } from './load.ts';
import {
  type Gap,
  gapsForLogin,
  gapsForMail,
  loginSettings,
  oauthSettings,
  oauthUsers,
  type OAuthValues,
  readEndpoint,
  readProvider,
  readRefreshTokens,
  readTenant,
  readWord,
} from './oauth.ts';
import { readingBounds, readingVariables } from './reading.ts';
import {
  bytesOf,
  type ValueRead,
  readAlertSmtp,
  readChoice,
  readColor,
  readDatabaseUrl,
  readDeskAddress,
  readLine,
  readMailboxes,
  readNumber,
  readPort,
  readSender,
  readSmtps,
  readTimeZone,
  readWebAddress,
  words,
} from './values.ts';
import { plusAddressTooLong } from '../core/address/address.ts';
import { defaultMessageMegabytes } from './limits.ts';
import { defaultDataDirectory } from './data-directory.ts';
import type { SmtpSettings, QueueSmtp, Config, MailConfig } from './settings.ts';
const logLevels = ['info', 'trace', 'debug', 'warn', 'error', 'fatal', 'silent'] as const;

/** Any text will do; null: it is not set. */
const optional =
  <T>(read: (text: string) => T) =>
  (text: string | undefined): ValueRead<T | null> => ({
    ok: true,
    value: text === undefined ? null : read(text),
  });

const logVariables = { LOG_LEVEL: readChoice(logLevels) };

const databaseVariables = {
  ...logVariables,
  DATABASE_URL: readDatabaseUrl,
  KTICKET_DATA: optional((text) => text),
};

const intakeVariables = {
  ...databaseVariables,
  MAX_MESSAGE_MB: readNumber(defaultMessageMegabytes, { from: 0.01, to: 200, fractions: true }),
};

/** What mails look like and say of the company. */
const mailVariables = {
  COMPANY_NAME: optional((text) => text.trim()),
  COMPANY_COLOR: readColor,
  COMMERCIAL_CONTACT: readLine,
  ACCESS_CONTACT: readLine,
  REMOTE_ASSISTANCE_URL: readWebAddress,
  TEMPLATES_DIR: optional((path) => resolve(path)),
  LOCALE: readChoice(['it', 'en']),
  TZ: readTimeZone,
};

/** The app that gets tokens, and the file its refresh tokens are kept in. */
const appVariables = {
  OAUTH_PROVIDER: readProvider,
  OAUTH_TENANT: readTenant,
  OAUTH_TOKEN_URL: readEndpoint,
  OAUTH_AUTHORIZE_URL: readEndpoint,
  OAUTH_CLIENT_ID: readWord,
  OAUTH_CLIENT_SECRET: readWord,
  OAUTH_SCOPE: readLine,
  // read as a path: what it holds is OAUTH_REFRESH_TOKEN
  OAUTH_REFRESH_TOKEN_FILE: optional((path) => resolve(path)),
};

const workerVariables = {
  ...intakeVariables,
  ...readingVariables,
  ...mailVariables,
  MAILBOX_URL: readMailboxes,
  SMTP_URL: readSmtps,
  ...appVariables,
  OAUTH_REFRESH_TOKEN: readRefreshTokens,
  ALERT_SMTP_URL: readAlertSmtp,
  ALERT_FROM: readSender,
  DESK_ADDRESS: readDeskAddress,
  TRUSTED_AUTHSERV_IDS: (text: string | undefined): ValueRead<string[]> => ({
    ok: true,
    value: words(text?.toLowerCase()),
  }),
  AUTHENTICITY: readChoice(['verified', 'token']),
  REPLY_ADDRESSING: readChoice(['plus', 'subject']),
  TOKEN_DAYS: readNumber(90, { from: 1, to: 3650 }),
  REOPEN_DAYS: readNumber(7, { from: 0, to: 3650 }),
  UNDO_MINUTES: readNumber(2, { from: 0, to: 1440, fractions: true }),
  HTTP_PORT: readPort,
  POLL_SECONDS: readNumber(60, { from: 1, to: 86_400, fractions: true }),
};

function mailConfig(read: {
  COMPANY_COLOR: string;
  COMMERCIAL_CONTACT: string | null;
  ACCESS_CONTACT: string | null;
  REMOTE_ASSISTANCE_URL: string | null;
  TEMPLATES_DIR: string | null;
  LOCALE: 'it' | 'en';
  TZ: string;
}): MailConfig {
  return {
    companyColor: read.COMPANY_COLOR,
    commercialContact: read.COMMERCIAL_CONTACT,
    accessContact: read.ACCESS_CONTACT,
    remoteAssistanceUrl: read.REMOTE_ASSISTANCE_URL,
    templatesDirectory: read.TEMPLATES_DIR,
    locale: read.LOCALE,
    timeZone: read.TZ,
  };
}

type DatabaseConfig = Pick<Config, 'databaseUrl' | 'dataDirectory' | 'logLevel'>;

function databaseConfig(read: {
  DATABASE_URL: string | null;
  KTICKET_DATA: string | null;
  LOG_LEVEL: string;
}): DatabaseConfig {
  return {
    databaseUrl: read.DATABASE_URL,
    dataDirectory: read.KTICKET_DATA === null ? defaultDataDirectory() : resolve(read.KTICKET_DATA),
    logLevel: read.LOG_LEVEL,
  };
}

/** What a reader finds, where the text is right; what is wrong with it is told by the variable itself. */
function orElse<T, E>(read: ValueRead<T>, otherwise: E): T | E {
  return read.ok ? read.value : otherwise;
}

/** An empty variable counts as unset. */
const textIn = (texts: Texts, name: string): string | undefined => texts[name]?.trim() || undefined;

/** What the variables of OAuth2 hold, so far as they are right. */
function oauthValues(texts: Texts): OAuthValues {
  const text = (name: string): string | undefined => textIn(texts, name);
  return {
    OAUTH_PROVIDER: orElse(readProvider(text('OAUTH_PROVIDER')), null),
    OAUTH_TENANT: text('OAUTH_TENANT') ?? null,
    OAUTH_TOKEN_URL: text('OAUTH_TOKEN_URL') ?? null,
    OAUTH_AUTHORIZE_URL: text('OAUTH_AUTHORIZE_URL') ?? null,
    OAUTH_CLIENT_ID: text('OAUTH_CLIENT_ID') ?? null,
    OAUTH_CLIENT_SECRET: text('OAUTH_CLIENT_SECRET') ?? null,
    OAUTH_SCOPE: text('OAUTH_SCOPE') ?? null,
    OAUTH_REFRESH_TOKEN: orElse(readRefreshTokens(text('OAUTH_REFRESH_TOKEN')), []),
    OAUTH_REFRESH_TOKEN_FILE: text('OAUTH_REFRESH_TOKEN_FILE') ?? null,
  };
}

/** A desk that plus-addresses are made of has room for the token. */
function gapsForReplies(desk: string | undefined, addressing: string | undefined): Gap[] {
  const address = orElse(readDeskAddress(desk), null)?.address;
  if (address === undefined || addressing?.trim() === 'subject') return [];
  const tooLong = plusAddressTooLong(address);
  return tooLong === null
    ? []
    : [{ variable: 'DESK_ADDRESS', expected: `a shorter address, or REPLY_ADDRESSING=subject. ${tooLong}` }];
}

const allSmtp = (read: { general: SmtpSettings; queues: QueueSmtp[] } | null): SmtpSettings[] =>
  read === null ? [] : [read.general, ...read.queues];

/** What each kind of command asks for. */
export const needs = {
  /** commands that only read and write the database */
  database: need(databaseVariables, databaseConfig),
  /** `receive` */
  intake: need(intakeVariables, (read) => ({
    ...databaseConfig(read),
    maxMessageBytes: bytesOf(read.MAX_MESSAGE_MB),
  })),
  /** the desk's own address, for commands that can name it */
  desk: need({ DESK_ADDRESS: workerVariables.DESK_ADDRESS }, (read) => ({ desk: read.DESK_ADDRESS })),
  /** `run` and `check` */
  worker: need(
    workerVariables,
    (read): Config => ({
      ...databaseConfig(read),
      ...mailConfig(read),
      mailboxes: read.MAILBOX_URL,
      smtp: read.SMTP_URL.general,
      queueSmtp: read.SMTP_URL.queues,
      oauth: oauthUsers(read.MAILBOX_URL, allSmtp(read.SMTP_URL)).length === 0 ? null : oauthSettings(read),
      alertSmtp: read.ALERT_SMTP_URL,
      alertFrom: read.ALERT_FROM ?? read.DESK_ADDRESS,
      desk: read.DESK_ADDRESS,
      companyName: read.COMPANY_NAME ?? read.DESK_ADDRESS.name,
      trustedAuthservIds: read.TRUSTED_AUTHSERV_IDS,
      authenticity: read.AUTHENTICITY,
      replyAddressing: read.REPLY_ADDRESSING,
      tokenDays: read.TOKEN_DAYS,
      reopenDays: read.REOPEN_DAYS,
      undoMinutes: read.UNDO_MINUTES,
      pollSeconds: read.POLL_SECONDS,
      httpPort: read.HTTP_PORT,
      maxMessageBytes: bytesOf(read.MAX_MESSAGE_MB),
      reading: readingBounds(read),
    }),
    (texts) => [
      ...gapsForMail(
        oauthValues(texts),
        orElse(readMailboxes(textIn(texts, 'MAILBOX_URL')), []),
        allSmtp(orElse(readSmtps(textIn(texts, 'SMTP_URL')), null)),
      ),
      ...gapsForReplies(textIn(texts, 'DESK_ADDRESS'), textIn(texts, 'REPLY_ADDRESSING')),
    ],
  ),
  /** `demo --web` */
  demo: need({ LOCALE: mailVariables.LOCALE }, (read) => ({ locale: read.LOCALE })),
  /** how replies find their ticket, for commands that name an address */
  replies: need({ REPLY_ADDRESSING: workerVariables.REPLY_ADDRESSING }, (read) => ({
    replyAddressing: read.REPLY_ADDRESSING,
  })),
  /** `oauth login`: the app, for a consent that gives it a refresh token */
  oauth: need(
    appVariables,
    (read) => ({
      oauth: loginSettings({ ...read, OAUTH_REFRESH_TOKEN: [] }),
      refreshTokenFile: read.OAUTH_REFRESH_TOKEN_FILE,
    }),
    (texts) => gapsForLogin(oauthValues(texts)),
  ),
  /** `template`: nothing but what mails look like */
  templates: need(mailVariables, (read) => ({
    ...mailConfig(read),
    companyName: read.COMPANY_NAME ?? 'Example S.r.l.',
  })),
};
