import type { Queue } from '../core/ticket/ticket.ts';
import type { ReadingBounds } from './limits.ts';

export const oauthProviders = ['microsoft', 'google', 'custom'] as const;

export type OAuthProvider = (typeof oauthProviders)[number];

/** A refresh token, of one user or (null) of all users without one of their own. */
export type RefreshToken = { user: string | null; token: string };

/** An app registered with a provider. Its secrets never leave this value. */
export type OAuthSettings = {
  provider: OAuthProvider;
  tokenUrl: string;
  /** the consent page, or null if the provider's is not known */
  authorizeUrl: string | null;
  clientId: string;
  /** null for a public client (RFC 6749 §2.1) */
  clientSecret: string | null;
  /** separated by spaces; '' for the provider's default */
  scope: string;
  /** if empty, the app authenticates as itself (client credentials grant, RFC 6749 §4.4) */
  refreshTokens: RefreshToken[];
  /** absolute path of the file they came from; replacements from the provider are written to it */
  refreshTokenFile: string | null;
};

/** A mailbox to read. The password never leaves this value. */
export type MailboxSettings = {
  host: string;
  port: number;
  /** implicit TLS (`imaps:`) */
  secure: boolean;
  user: string;
  /** null for OAuth2, with a token from `Config.oauth` */
  password: string | null;
  /** IMAP folder, decoded, `INBOX` by default */
  folder: string;
  /** `user@host/folder` (`host:port` where the port is not the usual one): names it in logs and in the database */
  name: string;
};

export type SmtpSettings = {
  host: string;
  port: number;
  secure: boolean;
  /** null for no login */
  user: string | null;
  /** null with a user: OAuth2 */
  password: string | null;
  /** `host:port`, for logs */
  name: string;
};

/** The login that serves some queues, given by their addresses; `name` begins with its user. */
export type QueueSmtp = SmtpSettings & { queues: string[] };

export type Config = {
  /** null for the embedded PostgreSQL under `dataDirectory` */
  databaseUrl: string | null;
  dataDirectory: string;
  mailboxes: MailboxSettings[];
  /** for all mail that no login in `queueSmtp` serves */
  smtp: SmtpSettings;
  queueSmtp: QueueSmtp[];
  /** the app that gets tokens for users without a password, or null if every user has one */
  oauth: OAuthSettings | null;
  /** server for alerts to administrators that mail does not work, or null to use `smtp` alone */
  alertSmtp: SmtpSettings | null;
  /** From address of those alerts */
  alertFrom: Queue;
  /** address lower-case; `name` is its display name */
  desk: Queue;
  companyName: string;
  /** `#rrggbb`, dark enough for white letters */
  companyColor: string;
  /** contact for strangers who want an offer, or null for the office, without an address */
  commercialContact: string | null;
  /** contact for strangers who want to be enrolled */
  accessContact: string | null;
  /** download of the program for remote assistance */
  remoteAssistanceUrl: string | null;
  /** absolute path of an admin's own templates, which replace the built-in ones file by file */
  templatesDirectory: string | null;
  trustedAuthservIds: string[];
  authenticity: 'verified' | 'token';
  replyAddressing: 'plus' | 'subject';
  tokenDays: number;
  reopenDays: number;
  undoMinutes: number;
  pollSeconds: number;
  /** port on 127.0.0.1 for /healthz and /metrics, or null to disable them */
  httpPort: number | null;
  maxMessageBytes: number;
  /** limits on the resources for reading one mail, and on its structure */
  reading: ReadingBounds;
  locale: 'it' | 'en';
  timeZone: string;
  logLevel: string;
  /** null: by where it goes */
  logFormat: 'json' | 'plain' | null;
};

/** Appearance of mails and what they say about the company, except its name. */
export type MailConfig = Pick<
  Config,
  | 'companyColor'
  | 'commercialContact'
  | 'accessContact'
  | 'remoteAssistanceUrl'
  | 'templatesDirectory'
  | 'locale'
  | 'timeZone'
>;
