import { resolve } from 'node:path';
import { z } from 'zod';
import { readAuthorities } from './authorities.ts';
import { defaultBounds, defaultMessageMegabytes } from './limits.ts';
import { refreshTokens } from './refresh-tokens.ts';
import { alertUrl, mailboxUrls, smtpUrls } from './servers.ts';
import { oauthProviders } from './settings.ts';
import { maskUrl, splitUrls } from './urls.ts';
import {
  bytesOf,
  oneWordOf,
  color,
  databaseUrl,
  endpoint,
  line,
  logFormat,
  namedAddress,
  number,
  optional,
  portNumber,
  sender,
  serverNames,
  timeZone,
  webAddress,
  word,
} from './values.ts';

/** Additions to the error about a setting: an example, and the part of the value that may be shown. */
type About = { example: string; show: (text: string) => string };

const about = new Map<z.ZodType, About>();

function setting<S extends z.ZodType>(schema: S, example: string, show: About['show'] = (text) => text): S {
  const own = schema.clone();
  about.set(own, { example, show });
  return own;
}

/** Asking for any other setting is a bug. */
export function aboutSetting(schema: z.ZodType | undefined): About {
  const found = schema && about.get(schema);
  if (found === undefined) throw new Error('a setting without an example');
  return found;
}

const withoutPasswords = (text: string): string => splitUrls(text).map(maskUrl).join(' ');
const hidden = (): string => '…';

const path = z.string().transform((text) => resolve(text));
const { limits, seconds, megabytes } = defaultBounds;

/** An own certificate authority, which `loadConfig` makes this process trust. */
const tlsAuthorities = setting(
  optional(
    z.string().superRefine((file, context) => {
      const read = readAuthorities(file);
      if (!read.ok)
        context.addIssue(`a file of certificates in PEM (-----BEGIN CERTIFICATE-----); ${read.found}`);
    }),
  ),
  '/etc/kticket/ca.pem',
);

/** The settings of every command that opens the database. */
export const databaseSettings = z.object({
  LOG_LEVEL: setting(oneWordOf(['info', 'trace', 'debug', 'warn', 'error', 'fatal', 'silent']), 'info'),
  DATABASE_URL: setting(
    optional(databaseUrl),
    'postgres://kticket:password@127.0.0.1/kticket',
    withoutPasswords,
  ),
  KTICKET_DATA: setting(optional(path), '/var/lib/kticket'),
  TLS_CA_FILE: tlsAuthorities,
});

export const intakeSettings = databaseSettings.extend({
  MAX_MESSAGE_MB: setting(number(defaultMessageMegabytes, { from: 0.01, to: 200, fractions: true }), '50'),
});

/** Limits against malicious mail: a mail that exceeds one is quarantined, and the reason names the variable. */
const boundSettings = z.object({
  MAX_READ_SECONDS: setting(number(seconds, { from: 1, to: 600 }), '2'),
  MAX_READ_MB: setting(number(megabytes, { from: 64, to: 16_384 }), '256'),
  MAX_HEADER_MB: setting(
    number(limits.headerBytes / bytesOf(1), { from: 0.01, to: 50, fractions: true }),
    '4.5',
  ),
  MAX_HEADERS: setting(number(limits.headerFields, { from: 50, to: 1_000_000 }), '20000'),
  MAX_PARTS: setting(number(limits.parts, { from: 1, to: 100_000 }), '1000'),
  MAX_DEPTH: setting(number(limits.depth, { from: 1, to: 1_000 }), '100'),
  MAX_RECIPIENTS: setting(number(limits.recipients, { from: 1, to: 1_000_000 }), '50000'),
});

/** Appearance of mails and what they say about the company. */
export const mailSettings = z.object({
  COMPANY_NAME: setting(optional(z.string().trim()), 'Example S.r.l.'),
  COMPANY_COLOR: setting(color, '#1f4e79'),
  COMMERCIAL_CONTACT: setting(optional(line), 'commerciale@example.it, tel. 06 5550100'),
  ACCESS_CONTACT: setting(optional(line), 'segreteria@example.it, tel. 06 5550101'),
  REMOTE_ASSISTANCE_URL: setting(optional(webAddress), 'https://www.example.it/assistenza'),
  TEMPLATES_DIR: setting(optional(path), '/etc/kticket/templates'),
  LOCALE: setting(oneWordOf(['it', 'en']), 'it'),
  TZ: setting(timeZone, 'Europe/Rome'),
});

const tenant = z
  .string()
  .trim()
  // it becomes part of an address
  .regex(/^[\w.-]+$/, 'the tenant’s id or one of its domains');
const provider = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(oauthProviders, `one of ${oauthProviders.join(', ')}`));

/** The app that gets tokens, and the file its refresh tokens are kept in. */
export const appSettings = z.object({
  TLS_CA_FILE: tlsAuthorities,
  OAUTH_PROVIDER: setting(optional(provider), 'microsoft'),
  OAUTH_TENANT: setting(optional(tenant), '0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f'),
  OAUTH_TOKEN_URL: setting(optional(endpoint), 'https://login.example.it/token'),
  OAUTH_AUTHORIZE_URL: setting(optional(endpoint), 'https://login.example.it/authorize'),
  OAUTH_CLIENT_ID: setting(optional(word), '5f4e3d2c-0000-4000-8000-5f4e3d2c1b0a'),
  OAUTH_CLIENT_SECRET: setting(optional(word), 'secret', hidden),
  OAUTH_SCOPE: setting(optional(line), 'https://mail.google.com/'),
  // read as a path: what it holds is OAUTH_REFRESH_TOKEN
  OAUTH_REFRESH_TOKEN_FILE: setting(optional(path), '/var/lib/kticket/refresh-token'),
});

/** All of them: `run` and `check` ask for these. */
export const allSettings = z.object({
  ...intakeSettings.shape,
  ...boundSettings.shape,
  ...mailSettings.shape,
  MAILBOX_URL: setting(
    mailboxUrls,
    'imaps://assistenza%40example.it:password@mail.example.it:993/INBOX',
    withoutPasswords,
  ),
  SMTP_URL: setting(
    smtpUrls,
    'smtps://assistenza%40example.it:password@mail.example.it:465',
    withoutPasswords,
  ),
  ...appSettings.shape,
  OAUTH_REFRESH_TOKEN: setting(refreshTokens, 'token', hidden),
  ALERT_SMTP_URL: setting(
    optional(alertUrl),
    'smtps://avvisi%40example.com:password@smtp.example.com:465',
    withoutPasswords,
  ),
  ALERT_FROM: setting(optional(sender), 'avvisi@example.com'),
  DESK_ADDRESS: setting(namedAddress, 'Assistenza Example <assistenza@example.it>'),
  TRUSTED_AUTHSERV_IDS: setting(
    serverNames.transform((ids) => ids.map((id) => id.toLowerCase())),
    'mail.example.it',
  ),
  AUTHENTICITY: setting(oneWordOf(['verified', 'token']), 'verified'),
  REPLY_ADDRESSING: setting(oneWordOf(['plus', 'subject']), 'plus'),
  TOKEN_DAYS: setting(number(90, { from: 1, to: 3650 }), '90'),
  REOPEN_DAYS: setting(number(7, { from: 0, to: 3650 }), '7'),
  UNDO_MINUTES: setting(number(2, { from: 0, to: 1440, fractions: true }), '2'),
  LOG_FORMAT: setting(optional(logFormat), 'plain'),
  HTTP_PORT: setting(optional(portNumber), '9464'),
  POLL_SECONDS: setting(number(60, { from: 1, to: 86_400, fractions: true }), '60'),
});
