import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { needs } from '../../src/config/config.ts';
import { describeProblems, loadConfig } from '../../src/config/load.ts';

const right = {
  MAILBOX_URL: 'imaps://d%40e.it:hushhush@mail.e.it/INBOX',
  SMTP_URL: 'smtps://d%40e.it:hushhush@mail.e.it:465',
  DESK_ADDRESS: 'Assistenza <d@e.it>',
};

/** What an administrator may write, and what must be said of it. */
const mistakes: [string, string, RegExp][] = [
  ['MAILBOX_URL', 'https://d:hushhush@mail.e.it', /begins with imaps:\/\//u],
  ['MAILBOX_URL', 'pop3s://d:hushhush@mail.e.it', /begins with imaps:\/\//u],
  ['MAILBOX_URL', 'd%40e.it:hushhush@mail.e.it:993', /begins with imaps:\/\//u],
  ['MAILBOX_URL', 'mail.e.it', /begins with imaps:\/\//u],
  ['MAILBOX_URL', '"imaps://d:hushhush@mail.e.it"', /without quotes/u],
  ['MAILBOX_URL', 'imap://d:hushhush@mail.e.it', /this machine only/u],
  ['MAILBOX_URL', 'imaps://d:hush#hush@mail.e.it', /%23/u],
  ['MAILBOX_URL', 'imaps://d:hush/hush@mail.e.it', /%2F/u],
  ['MAILBOX_URL', 'imaps://d:hush%hush@mail.e.it', /%25/u],
  ['MAILBOX_URL', 'imaps://d:hush?hush@mail.e.it', /write @ : /u],
  ['MAILBOX_URL', 'imaps://d:hush hush@mail.e.it', /%20/u],
  ['MAILBOX_URL', 'imaps://d:hushhush@mail.e.it:imap', /port as a number/u],
  ['MAILBOX_URL', 'imaps://d:hushhush@mail.e.it:99300', /up to 65535/u],
  ['MAILBOX_URL', 'imaps://a:hushhush@e.it,imaps://b:hushhush@e.it', /spaces between them/u],
  ['MAILBOX_URL', 'imaps://a:hushhush@e.it, imaps://b:hushhush@e.it', /spaces between them/u],
  ['MAILBOX_URL', 'imaps://d:hushhush@e.it;imaps://b:hushhush@e.it', /spaces between them/u],
  ['MAILBOX_URL', 'imaps://d:hushhush@mail,e.it', /a host name of letters/u],
  ['MAILBOX_URL', 'imaps://:hushhush@mail.e.it', /a user before the @/u],
  ['MAILBOX_URL', 'imaps://d@mail.e.it', /OAUTH_PROVIDER/u],
  ['MAILBOX_URL', 'imaps://d:hushhush@e.it imaps://d:hushhush@e.it', /stands there twice/u],
  ['SMTP_URL', 'imaps://d:hushhush@mail.e.it', /smtps:\/\/ or smtp:\/\//u],
  ['SMTP_URL', 'smtps://d:hushhush@mail.e.it/INBOX', /nothing after the port/u],
  ['SMTP_URL', 'smtps://:hushhush@mail.e.it', /a user before/u],
  ['SMTP_URL', 'smtps://a:hushhush@e.it,smtps://b:hushhush@e.it', /spaces between them/u],
  ['ALERT_SMTP_URL', 'smtps://a@e.it', /a password beside the user/u],
  ['ALERT_FROM', 'nobody', /one address/u],
  ['DESK_ADDRESS', 'd@e.it', /a display name and one address/u],
  ['DESK_ADDRESS', 'Assistenza <d>', /one address in <>/u],
  ['DESK_ADDRESS', '<d@e.it>', /a display name/u],
  ['DESK_ADDRESS', 'A <a@e.it>, B <b@e.it>', /kticket queue add/u],
  ['TZ', 'Rome', /Continent\/City/u],
  ['TZ', 'CEST', /Europe\/Rome/u],
  ['LOCALE', 'italiano', /one of it, en/u],
  ['LOCALE', 'it_IT.UTF-8', /one of it, en/u],
  ['UNDO_MINUTES', '2m', /a number from 0 to 1440/u],
  ['UNDO_MINUTES', '2,5', /a number from 0/u],
  ['REOPEN_DAYS', '-1', /a whole number from 0/u],
  ['TOKEN_DAYS', 'forever', /a whole number from 1/u],
  ['POLL_SECONDS', '0', /a number from 1/u],
  ['MAX_MESSAGE_MB', '50MB', /a number from 0\.01 to 200/u],
  ['MAX_MESSAGE_MB', '5000', /to 200/u],
  ['HTTP_PORT', '127.0.0.1:9464', /a port from 1/u],
  ['LOG_LEVEL', 'verbose', /one of info/u],
  ['LOG_FORMAT', 'text', /json or plain/u],
  ['AUTHENTICITY', 'yes', /one of verified, token/u],
  ['REPLY_ADDRESSING', '+', /one of plus, subject/u],
  ['TRUSTED_AUTHSERV_IDS', 'mx.e.it,mx2.e.it', /separated by spaces/u],
  ['TRUSTED_AUTHSERV_IDS', 'https://mx.e.it', /without commas and https/u],
  ['COMPANY_COLOR', 'blue', /#rrggbb/u],
  ['COMPANY_COLOR', '#ffff00', /a darker colour/u],
  ['REMOTE_ASSISTANCE_URL', 'www.e.it', /begins with https/u],
  ['OAUTH_PROVIDER', 'office365', /one of microsoft/u],
  ['DATABASE_URL', 'mysql://u:hushhush@h/d', /postgres:\/\/user/u],
  ['DATABASE_URL', 'jdbc:postgresql://u:hushhush@h/d', /postgres:\/\/user/u],
  ['DATABASE_URL', 'postgres://u:hush#hush@h/d', /%23/u],
  ['TLS_CA_FILE', '/nowhere/ca.pem', /cannot be read \(ENOENT\)/u],
  ['TLS_CA_FILE', tmpdir(), /cannot be read \(EISDIR\)/u],
  ['TLS_CA_FILE', import.meta.filename, /holds none/u],
  ['COMPANY_NAME_FILE', '/nowhere/name', /a readable file/u],
  ['SMTP_URL_FILE', '/nowhere/smtp', /not both/u],
];

test.each(mistakes)(
  '%s=%s is told once, with what was expected and an example, and without a password',
  (name, value, expected) => {
    const environment = { ...right, [name]: value };
    const loaded = loadConfig(needs.worker, { environment, directory: '/nowhere' });
    const problems = loaded.ok ? [] : loaded.problems;
    expect(problems).toMatchObject([{ variable: name, expected: expect.stringMatching(expected) }]);
    const said = describeProblems(problems);
    expect(said).toMatch(/^ {4}found: {4}\S/mu);
    expect(said).toMatch(/^ {4}example: {2}\w+=\S/mu);
    expect(said).not.toContain('hush');
  },
);

test('what is meant well is taken: spaces around a value, Windows line ends, an @ in user or password', () => {
  const environment = {
    ...right,
    MAILBOX_URL: ' imaps://d@e.it:hush@hush@mail.e.it/INBOX \r',
    LOCALE: 'it\r',
    TOKEN_DAYS: ' 30 ',
  };
  expect(loadConfig(needs.worker, { environment, directory: '/nowhere' })).toMatchObject({
    ok: true,
    config: { mailboxes: [{ user: 'd@e.it', password: 'hush@hush', folder: 'INBOX' }], tokenDays: 30 },
  });
});
