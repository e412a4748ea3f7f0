import type { Config } from '../../src/config.ts';

/** The desk of the simulation. */
export const simulatedConfig: Config = {
  databaseUrl: null,
  dataDirectory: '',
  mailboxes: [],
  smtp: { host: '127.0.0.1', port: 1, secure: false, user: null, password: null, name: 'none' },
  desk: { address: 'assistenza@kybernes.example', name: 'Assistenza KYBERNES' },
  companyName: 'KYBERNES',
  companyColor: '#1f4e79',
  commercialContact: null,
  accessContact: null,
  remoteAssistanceUrl: null,
  templatesDirectory: null,
  trustedAuthservIds: ['mx.kybernes.example'],
  authenticity: 'verified',
  replyAddressing: 'plus',
  tokenDays: 90,
  reopenDays: 7,
  undoMinutes: 0,
  pollSeconds: 60,
  maxMessageBytes: 50 * 1024 * 1024,
  locale: 'it',
  timeZone: 'Europe/Rome',
  logLevel: 'silent',
};
