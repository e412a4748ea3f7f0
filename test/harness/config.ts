import { defaultBounds } from '../../src/config/limits.ts';
import type { Config } from '../../src/config/settings.ts';

/** The settings of a desk without servers, for tests that bring their own database, mailbox and mail server. */
export const testConfig = (address: string, authservId: string): Config => ({
  databaseUrl: null,
  dataDirectory: '',
  mailboxes: [],
  smtp: { host: '127.0.0.1', port: 1, secure: false, user: null, password: null, name: 'none' },
  queueSmtp: [],
  oauth: null,
  alertSmtp: null,
  alertFrom: { address, name: 'Assistenza KYBERNES' },
  desk: { address, name: 'Assistenza KYBERNES' },
  companyName: 'KYBERNES',
  companyColor: '#1f4e79',
  commercialContact: null,
  accessContact: null,
  remoteAssistanceUrl: null,
  templatesDirectory: null,
  trustedAuthservIds: [authservId],
  authenticity: 'verified',
  replyAddressing: 'plus',
  tokenDays: 90,
  reopenDays: 7,
  undoMinutes: 2,
  pollSeconds: 60,
  httpPort: null,
  maxMessageBytes: 50 * 1024 * 1024,
  reading: defaultBounds,
  locale: 'it',
  timeZone: 'Europe/Rome',
  logLevel: 'silent',
});
