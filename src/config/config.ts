import type { z } from 'zod';
import { plusAddressTooLong } from '../core/address/address.ts';
import { defaultDataDirectory } from './data-directory.ts';
import { defaultBounds } from './limits.ts';
import {
  allSmtp,
  gapsForLogin,
  gapsForMail,
  type Gap,
  loginSettings,
  oauthSettings,
  oauthUsers,
} from './oauth.ts';
import { allSettings, appSettings, databaseSettings, intakeSettings, mailSettings } from './schema.ts';
import type { Config, MailConfig } from './settings.ts';
import { bytesOf } from './values.ts';

type Settings = z.output<typeof allSettings>;

const databaseConfig = (
  read: z.output<typeof databaseSettings>,
): Pick<Config, 'databaseUrl' | 'dataDirectory' | 'logLevel'> => ({
  databaseUrl: read.DATABASE_URL,
  dataDirectory: read.KTICKET_DATA ?? defaultDataDirectory(),
  logLevel: read.LOG_LEVEL,
});

const mailConfig = (read: z.output<typeof mailSettings>): MailConfig => ({
  companyColor: read.COMPANY_COLOR,
  commercialContact: read.COMMERCIAL_CONTACT,
  accessContact: read.ACCESS_CONTACT,
  remoteAssistanceUrl: read.REMOTE_ASSISTANCE_URL,
  templatesDirectory: read.TEMPLATES_DIR,
  locale: read.LOCALE,
  timeZone: read.TZ,
});

const config = (read: Settings): Config => ({
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
  logFormat: read.LOG_FORMAT,
  maxMessageBytes: bytesOf(read.MAX_MESSAGE_MB),
  reading: {
    seconds: read.MAX_READ_SECONDS,
    megabytes: read.MAX_READ_MB,
    limits: {
      ...defaultBounds.limits,
      headerBytes: bytesOf(read.MAX_HEADER_MB),
      headerFields: read.MAX_HEADERS,
      parts: read.MAX_PARTS,
      depth: read.MAX_DEPTH,
      recipients: read.MAX_RECIPIENTS,
    },
  },
});

/** Gaps in the settings for reply addresses: a desk address too long for the token of a plus-address. */
function gapsForReplies({ DESK_ADDRESS: desk, REPLY_ADDRESSING: addressing }: Partial<Settings>): Gap[] {
  const tooLong = desk === undefined || addressing === 'subject' ? null : plusAddressTooLong(desk.address);
  return tooLong === null
    ? []
    : [{ variable: 'DESK_ADDRESS', expected: `a shorter address, or REPLY_ADDRESSING=subject. ${tooLong}` }];
}

/** Adds problems that arise from several variables together. Variables with a problem of their own count as not set. */
function withGaps<V extends object>(gapsOf: (right: Partial<V>) => Gap[]) {
  return (values: V, context: z.RefinementCtx): void => {
    const wrong = new Set(context.issues.map(({ path }) => path?.[0]));
    const right: Partial<V> = { ...values };
    for (const name in right) if (wrong.has(name)) delete right[name];
    for (const { variable, expected } of gapsOf(right)) {
      if (!wrong.has(variable)) context.addIssue({ code: 'custom', path: [variable], message: expected });
    }
  };
}
/** Runs a check even if single settings are wrong: zod skips it only after a check marked `abort`, and none is. */
const always = { when: () => true };

/** The configuration each kind of command needs. */
export const needs = {
  /** commands that only read and write the database */
  database: databaseSettings.transform(databaseConfig),
  /** the time zone of the desk's people, for commands that tell what happened when */
  log: mailSettings.pick({ TZ: true }).transform((read) => ({ timeZone: read.TZ })),
  /** `receive` */
  intake: intakeSettings.transform((read) => ({
    ...databaseConfig(read),
    maxMessageBytes: bytesOf(read.MAX_MESSAGE_MB),
  })),
  /** the desk's own address, for commands that can name it */
  desk: allSettings.pick({ DESK_ADDRESS: true }).transform((read) => ({ desk: read.DESK_ADDRESS })),
  /** `run` and `check` */
  worker: allSettings
    .superRefine(
      withGaps<Settings>((right) => [...gapsForMail(right), ...gapsForReplies(right)]),
      always,
    )
    .transform(config),
  /** `demo --web` */
  demo: mailSettings.pick({ LOCALE: true }).transform((read) => ({ locale: read.LOCALE })),
  /** reply addressing, for commands that name an address */
  replies: allSettings
    .pick({ REPLY_ADDRESSING: true })
    .transform((read) => ({ replyAddressing: read.REPLY_ADDRESSING })),
  /** `oauth login`: the app, for a consent that gives it a refresh token */
  oauth: appSettings.superRefine(withGaps(gapsForLogin), always).transform((read) => ({
    oauth: loginSettings({ ...read, OAUTH_REFRESH_TOKEN: [] }),
    refreshTokenFile: read.OAUTH_REFRESH_TOKEN_FILE,
  })),
  /** `template`: only the appearance of mails */
  templates: mailSettings.transform((read) => ({
    ...mailConfig(read),
    companyName: read.COMPANY_NAME ?? 'Example S.r.l.',
  })),
};
