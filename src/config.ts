import type { Queue } from './core/ticket.ts';

/** A mailbox to read. The password never leaves this value. */
export type MailboxSettings = {
  host: string;
  port: number;
  /** implicit TLS (`imaps:`) */
  secure: boolean;
  user: string;
  password: string;
  /** IMAP folder, decoded, `INBOX` by default */
  folder: string;
  /** `user@host/folder`: names it in logs and in the database; no password */
  name: string;
};

export type SmtpSettings = {
  host: string;
  port: number;
  secure: boolean;
  user: string | null;
  password: string | null;
  /** `host:port`, for logs */
  name: string;
};

export type Config = {
  /** null: the embedded PostgreSQL under `dataDirectory` */
  databaseUrl: string | null;
  dataDirectory: string;
  mailboxes: MailboxSettings[];
  smtp: SmtpSettings;
  /** address lower-case; `name` is its display name */
  desk: Queue;
  companyName: string;
  trustedAuthservIds: string[];
  authenticity: 'verified' | 'token';
  replyAddressing: 'plus' | 'subject';
  tokenDays: number;
  reopenDays: number;
  undoMinutes: number;
  pollSeconds: number;
  maxMessageBytes: number;
  locale: 'it' | 'en';
  timeZone: string;
  logLevel: string;
};
