import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import {
  maskUrl,
  type Read,
  readChoice,
  readColor,
  readDatabaseUrl,
  readDesk,
  readLine,
  readMailboxes,
  readNumber,
  readSmtp,
  readTimeZone,
  readWebAddress,
  splitUrls,
  words,
} from './config-values.ts';
import type { Queue } from './core/ticket.ts';
import { defaultDataDirectory } from './store/embedded-place.ts';

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
  /** `user@host/folder` (`host:port` where the port is not the usual one): names it in logs and in the database */
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
  /** `#rrggbb`, dark enough for white letters */
  companyColor: string;
  /** where strangers are pointed for an offer; null: to the office, without an address */
  commercialContact: string | null;
  /** where they are pointed to be let in */
  accessContact: string | null;
  /** where a client gets the program for remote assistance */
  remoteAssistanceUrl: string | null;
  /** an admin's own templates, file by file in place of the package's; absolute */
  templatesDirectory: string | null;
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

/** Something wrong with one variable. `found` never shows a secret; null: it is not set. */
export type ConfigProblem = { variable: string; found: string | null; expected: string; example: string };

export type Loaded<T> = { ok: true; config: T } | { ok: false; problems: ConfigProblem[] };

/** What a command asks of the configuration, and the value it gets. Made by `need`. */
export type Need<T> = { variables: string[]; schema: z.ZodType<T> };

/** Where variables come from: the process's environment, and the directory whose `.env` is read. */
export type Source = { environment: Record<string, string | undefined>; directory: string };

const logLevels = ['info', 'trace', 'debug', 'warn', 'error', 'fatal', 'silent'] as const;
const BYTES_A_MB = 1024 * 1024;

/** An example of every variable, shown beside what is wrong with it. */
const examples: Record<string, string> = {
  DATABASE_URL: 'postgres://kticket:password@127.0.0.1/kticket',
  KTICKET_DATA: '/var/lib/kticket',
  MAILBOX_URL: 'imaps://assistenza%40example.it:password@mail.example.it:993/INBOX',
  SMTP_URL: 'smtps://assistenza%40example.it:password@mail.example.it:465',
  DESK_ADDRESS: 'Assistenza Example <assistenza@example.it>',
  COMPANY_NAME: 'Example S.r.l.',
  COMPANY_COLOR: '#1f4e79',
  COMMERCIAL_CONTACT: 'commerciale@example.it, tel. 06 5550100',
  ACCESS_CONTACT: 'segreteria@example.it, tel. 06 5550101',
  REMOTE_ASSISTANCE_URL: 'https://www.example.it/assistenza',
  TEMPLATES_DIR: '/etc/kticket/templates',
  TRUSTED_AUTHSERV_IDS: 'mail.example.it',
  AUTHENTICITY: 'verified',
  REPLY_ADDRESSING: 'plus',
  TOKEN_DAYS: '90',
  REOPEN_DAYS: '7',
  UNDO_MINUTES: '2',
  POLL_SECONDS: '60',
  MAX_MESSAGE_MB: '50',
  LOCALE: 'it',
  TZ: 'Europe/Rome',
  LOG_LEVEL: 'info',
};
const secrets = new Set(['DATABASE_URL', 'MAILBOX_URL', 'SMTP_URL']);

/** A variable read by `read`; empty counts as unset, as service managers leave it. */
function variable<T>(read: (text: string | undefined) => Read<T>) {
  return z
    .string()
    .optional()
    .transform((text, context) => {
      const result = read(text === undefined || text.trim() === '' ? undefined : text);
      if (result.ok) return result.value;
      for (const line of result.expected) context.addIssue({ code: 'custom', message: line });
      return z.NEVER;
    });
}

function need<S extends z.ZodRawShape, T>(
  shape: S,
  settings: (read: z.output<z.ZodObject<S>>) => T,
): Need<T> {
  return { variables: Object.keys(shape), schema: z.object(shape).transform(settings) };
}

const logVariables = { LOG_LEVEL: variable(readChoice(logLevels)) };

const databaseVariables = {
  ...logVariables,
  DATABASE_URL: variable(readDatabaseUrl),
  KTICKET_DATA: variable((text) => ({ ok: true, value: text ?? null })),
};

const intakeVariables = {
  ...databaseVariables,
  MAX_MESSAGE_MB: variable(readNumber(50, { from: 0.01, to: 200, fractions: true })),
};

/** What mails look like and say of the company. */
const mailVariables = {
  COMPANY_NAME: variable((text) => ({ ok: true, value: text?.trim() ?? null })),
  COMPANY_COLOR: variable(readColor),
  COMMERCIAL_CONTACT: variable(readLine),
  ACCESS_CONTACT: variable(readLine),
  REMOTE_ASSISTANCE_URL: variable(readWebAddress),
  TEMPLATES_DIR: variable((text) => ({ ok: true, value: text === undefined ? null : resolve(text) })),
  LOCALE: variable(readChoice(['it', 'en'])),
  TZ: variable(readTimeZone),
};

const workerVariables = {
  ...intakeVariables,
  ...mailVariables,
  MAILBOX_URL: variable(readMailboxes),
  SMTP_URL: variable(readSmtp),
  DESK_ADDRESS: variable(readDesk),
  TRUSTED_AUTHSERV_IDS: variable((text) => ({ ok: true, value: words(text?.toLowerCase()) })),
  AUTHENTICITY: variable(readChoice(['verified', 'token'])),
  REPLY_ADDRESSING: variable(readChoice(['plus', 'subject'])),
  TOKEN_DAYS: variable(readNumber(90, { from: 1, to: 3650 })),
  REOPEN_DAYS: variable(readNumber(7, { from: 0, to: 3650 })),
  UNDO_MINUTES: variable(readNumber(2, { from: 0, to: 1440, fractions: true })),
  POLL_SECONDS: variable(readNumber(60, { from: 1, to: 86_400, fractions: true })),
};

type MailConfig = Pick<
  Config,
  | 'companyColor'
  | 'commercialContact'
  | 'accessContact'
  | 'remoteAssistanceUrl'
  | 'templatesDirectory'
  | 'locale'
  | 'timeZone'
>;

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

const megabytes = (count: number): number => Math.floor(count * BYTES_A_MB);

/** What each kind of command asks for. */
export const needs = {
  /** commands that only read and write the database */
  database: need(databaseVariables, databaseConfig),
  /** `receive` */
  intake: need(intakeVariables, (read) => ({
    ...databaseConfig(read),
    maxMessageBytes: megabytes(read.MAX_MESSAGE_MB),
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
      smtp: read.SMTP_URL,
      desk: read.DESK_ADDRESS,
      companyName: read.COMPANY_NAME ?? read.DESK_ADDRESS.name,
      trustedAuthservIds: read.TRUSTED_AUTHSERV_IDS,
      authenticity: read.AUTHENTICITY,
      replyAddressing: read.REPLY_ADDRESSING,
      tokenDays: read.TOKEN_DAYS,
      reopenDays: read.REOPEN_DAYS,
      undoMinutes: read.UNDO_MINUTES,
      pollSeconds: read.POLL_SECONDS,
      maxMessageBytes: megabytes(read.MAX_MESSAGE_MB),
    }),
  ),
  /** `template`: nothing but what mails look like */
  templates: need(mailVariables, (read) => ({
    ...mailConfig(read),
    companyName: read.COMPANY_NAME ?? 'Example S.r.l.',
  })),
};

/**
 * Reads what a command needs from the environment, a `.env` file in the working directory (the environment
 * wins) and the files that `…_FILE` variables name. Starts nothing; gives every problem at once.
 */
export function loadConfig<T>(
  asked: Need<T>,
  source: Source = { environment: process.env, directory: process.cwd() },
): Loaded<T> {
  const problems: ConfigProblem[] = [];
  const layers = [source.environment, dotEnv(source.directory, problems)];
  const texts = Object.fromEntries(
    asked.variables.map((name) => [name, textOf(name, layers, source.directory, problems)]),
  );
  const parsed = asked.schema.safeParse(texts);
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    if (problems.some((problem) => problem.variable === `${name}_FILE`)) continue;
    const text = texts[name];
    const found = text === undefined || text.trim() === '' ? null : shown(name, text);
    problems.push({ variable: name, found, expected: issue.message, example: `${name}=${examples[name]}` });
  }
  return parsed.success && problems.length === 0
    ? { ok: true, config: parsed.data }
    : { ok: false, problems };
}

function shown(name: string, text: string): string {
  return secrets.has(name) ? splitUrls(text).map(maskUrl).join(' ') : text;
}

/** Variables of the directory's `.env`; none where there is no such file. */
function dotEnv(directory: string, problems: ConfigProblem[]): Record<string, string | undefined> {
  const path = resolve(directory, '.env');
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!isMissing(error)) {
      problems.push({
        variable: '.env',
        found: `${path}, which cannot be read (${reasonOf(error)})`,
        expected: 'a readable file, or none',
        example: `chmod u+r ${path}`,
      });
    }
    return {};
  }
}

/** The text of a variable: its own, or that of the file its `…_FILE` names; the first layer that has either wins. */
function textOf(
  name: string,
  layers: Record<string, string | undefined>[],
  directory: string,
  problems: ConfigProblem[],
): string | undefined {
  const fileVariable = `${name}_FILE`;
  for (const layer of layers) {
    const text = layer[name];
    const path = layer[fileVariable];
    if (path === undefined || path === '') {
      if (text !== undefined) return text;
      continue;
    }
    const problem = { variable: fileVariable, example: `${fileVariable}=/run/secrets/${name.toLowerCase()}` };
    if (text !== undefined && text !== '') {
      problems.push({ ...problem, found: path, expected: `either ${name} or ${fileVariable}, not both` });
      return text;
    }
    try {
      return readFileSync(resolve(directory, path), 'utf8').trim();
    } catch (error) {
      problems.push({
        ...problem,
        found: `${path} (${reasonOf(error)})`,
        expected: 'a readable file that holds the value',
      });
      return undefined;
    }
  }
  return undefined;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** The problems as a person reads them: what was found, what was expected, an example; one block a problem. */
export function describeProblems(problems: ConfigProblem[]): string {
  const blocks = problems.map(
    ({ variable: name, found, expected, example }) =>
      `  ${name}\n    found:    ${found ?? 'nothing, it is not set'}\n    expected: ${expected}\n    example:  ${example}`,
  );
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  return `The configuration has ${count}; nothing was started.\n\n${blocks.join('\n\n')}`;
}
