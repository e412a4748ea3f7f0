import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../src/config/config.ts';
import { defaultBounds } from '../../src/config/limits.ts';
import { maskUrl } from '../../src/config/urls.ts';
import { describeProblems, loadConfig, namesNobodyReads } from '../../src/config/load.ts';

const complete = {
  MAILBOX_URL: 'imaps://desk%40example.it:s%2Fecret%20@mail.example.it/Posta%20in%20arrivo',
  SMTP_URL: 'smtp://desk%40example.it:s%2Fecret%20@mail.example.it',
  DESK_ADDRESS: 'Assistenza Esempio <Assistenza@Example.IT>',
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kticket-config-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const worker = (environment: Record<string, string>) => loadConfig(needs.worker, { environment, directory });

/** The variables that are complained of. */
function wrong(environment: Record<string, string>): string[] {
  const loaded = worker(environment);
  return loaded.ok ? [] : loaded.problems.map((problem) => problem.variable);
}

describe('a complete configuration', () => {
  test('defaults are those of the contract', () => {
    expect(worker(complete)).toMatchObject({
      ok: true,
      config: {
        databaseUrl: null,
        companyName: 'Assistenza Esempio',
        trustedAuthservIds: [],
        authenticity: 'verified',
        replyAddressing: 'plus',
        tokenDays: 90,
        reopenDays: 7,
        undoMinutes: 2,
        pollSeconds: 60,
        httpPort: null,
        logFormat: null,
        maxMessageBytes: 50 * 1024 * 1024,
        locale: 'it',
        timeZone: 'Europe/Rome',
        logLevel: 'info',
      },
    });
  });

  test('user, password and folder of a URL are percent-decoded', () => {
    expect(worker(complete)).toMatchObject({
      config: {
        mailboxes: [
          {
            host: 'mail.example.it',
            port: 993,
            secure: true,
            user: 'desk@example.it',
            password: 's/ecret ',
            folder: 'Posta in arrivo',
            name: 'desk@example.it@mail.example.it/Posta in arrivo',
          },
        ],
        smtp: {
          host: 'mail.example.it',
          port: 587,
          secure: false,
          user: 'desk@example.it',
          password: 's/ecret ',
        },
      },
    });
  });

  test('addresses are kept in lower case, display names as written', () => {
    expect(worker(complete)).toMatchObject({
      config: { desk: { name: 'Assistenza Esempio', address: 'assistenza@example.it' } },
    });
  });

  test('several mailboxes are separated by spaces; two on one host differ by port', () => {
    const MAILBOX_URL = 'imap://a:b@127.0.0.1:1143  imap://a:b@127.0.0.1:2143';
    expect(worker({ ...complete, MAILBOX_URL })).toMatchObject({
      config: { mailboxes: [{ name: 'a@127.0.0.1:1143/INBOX' }, { name: 'a@127.0.0.1:2143/INBOX' }] },
    });
  });

  test('`none` is a desk without a mailbox, and must be said', () => {
    expect(worker({ ...complete, MAILBOX_URL: 'none' })).toMatchObject({ config: { mailboxes: [] } });
    expect(wrong({ ...complete, MAILBOX_URL: '' })).toEqual(['MAILBOX_URL']);
  });

  test('SMTP credentials may be absent', () => {
    expect(worker({ ...complete, SMTP_URL: 'smtp://localhost:2525' })).toMatchObject({
      config: { smtp: { host: 'localhost', port: 2525, user: null, password: null } },
    });
  });

  test('further SMTP logins serve the queue that is their user, or those they name', () => {
    const urls = [
      complete.SMTP_URL,
      'smtps://pda%40example.it:x@mail.example.it',
      'smtps://login:x@mail.example.it?from=a%40example.it&from=B@example.it',
    ];
    expect(worker({ ...complete, SMTP_URL: urls.join(' ') })).toMatchObject({
      ok: true,
      config: {
        smtp: { user: 'desk@example.it' },
        queueSmtp: [
          { queues: ['pda@example.it'], port: 465, name: 'pda@example.it@mail.example.it:465' },
          { queues: ['a@example.it', 'b@example.it'], user: 'login' },
        ],
      },
    });
    const twice = [complete.SMTP_URL, urls[1], urls[1]].join(' ');
    expect(wrong({ ...complete, SMTP_URL: twice })).toEqual(['SMTP_URL']);
    expect(wrong({ ...complete, SMTP_URL: `${complete.SMTP_URL} smtps://login:x@mail.example.it` })).toEqual([
      'SMTP_URL',
    ]);
  });

  test('bounds for mails that mean harm have defaults, and are set in megabytes, seconds and numbers', () => {
    expect(worker(complete)).toMatchObject({ config: { reading: defaultBounds } });
    const set = { MAX_READ_SECONDS: '30', MAX_READ_MB: '512', MAX_HEADER_MB: '0.5', MAX_RECIPIENTS: '50' };
    expect(worker({ ...complete, ...set })).toMatchObject({
      config: {
        reading: {
          seconds: 30,
          megabytes: 512,
          limits: { headerBytes: 524_288, recipients: 50, parts: defaultBounds.limits.parts },
        },
      },
    });
    expect(wrong({ ...complete, MAX_READ_MB: '8', MAX_PARTS: '0', MAX_DEPTH: '1e9' })).toEqual([
      'MAX_READ_MB',
      'MAX_PARTS',
      'MAX_DEPTH',
    ]);
  });

  test('the desk’s address has room for a plus and a token, unless tokens stand in the subject', () => {
    const fits = `<${'d'.repeat(64 - 27)}@example.it>`;
    const long = `<${'d'.repeat(64 - 26)}@example.it>`;
    expect(wrong({ ...complete, DESK_ADDRESS: `Desk ${fits}` })).toEqual([]);
    expect(wrong({ ...complete, DESK_ADDRESS: `Desk ${long}` })).toEqual(['DESK_ADDRESS']);
    expect(wrong({ ...complete, DESK_ADDRESS: `Desk ${long}`, REPLY_ADDRESSING: 'subject' })).toEqual([]);
  });

  test('lists are separated by spaces and authserv-ids compared in lower case', () => {
    expect(worker({ ...complete, TRUSTED_AUTHSERV_IDS: ' MX.example.it  mx2.example.it ' })).toMatchObject({
      config: { trustedAuthservIds: ['mx.example.it', 'mx2.example.it'] },
    });
  });

  test('an empty variable is an unset one', () => {
    expect(worker({ ...complete, TOKEN_DAYS: '', DATABASE_URL: ' ' })).toMatchObject({
      config: { tokenDays: 90, databaseUrl: null },
    });
  });
});

describe('where variables come from', () => {
  test('a .env file is read, and the environment wins', () => {
    writeFileSync(
      join(directory, '.env'),
      'SMTP_URL="smtps://mail.example.it"\nTOKEN_DAYS=5\nREOPEN_DAYS=6\n',
    );
    const { SMTP_URL: _, ...rest } = complete;
    expect(worker({ ...rest, TOKEN_DAYS: '4' })).toMatchObject({
      config: { smtp: { port: 465 }, tokenDays: 4, reopenDays: 6 },
    });
  });

  test('…_FILE reads any variable from a file, without the line end', () => {
    writeFileSync(join(directory, 'mailbox'), 'imaps://desk:fromfile@mail.example.it\n');
    const { MAILBOX_URL: _, ...rest } = complete;
    expect(worker({ ...rest, MAILBOX_URL_FILE: 'mailbox' })).toMatchObject({
      config: { mailboxes: [{ password: 'fromfile' }] },
    });
  });

  test('…_FILE in the environment wins over the variable in .env', () => {
    writeFileSync(join(directory, '.env'), 'TOKEN_DAYS=5\n');
    writeFileSync(join(directory, 'days'), '9');
    expect(worker({ ...complete, TOKEN_DAYS_FILE: join(directory, 'days') })).toMatchObject({
      config: { tokenDays: 9 },
    });
  });

  test('a file that cannot be read is a problem of its own, said once', () => {
    const { MAILBOX_URL: _, ...rest } = complete;
    expect(wrong({ ...rest, MAILBOX_URL_FILE: 'nowhere' })).toEqual(['MAILBOX_URL_FILE']);
    expect(wrong({ ...complete, MAILBOX_URL_FILE: 'nowhere' })).toEqual(['MAILBOX_URL_FILE']);
  });
});

describe('a wrong configuration', () => {
  test('everything missing is listed at once', () => {
    expect(wrong({})).toEqual(['MAILBOX_URL', 'SMTP_URL', 'DESK_ADDRESS']);
  });

  test('everything wrong is listed at once, with what was found, what was expected and an example', () => {
    const loaded = worker({
      MAILBOX_URL: 'pop://a:b@c',
      SMTP_URL: 'smtp://:@x',
      DESK_ADDRESS: 'assistenza@example.it',
      AUTHENTICITY: 'perhaps',
      REPLY_ADDRESSING: 'minus',
      TOKEN_DAYS: '0',
      REOPEN_DAYS: '-1',
      UNDO_MINUTES: 'two',
      POLL_SECONDS: '1e3',
      MAX_MESSAGE_MB: '5000',
      LOCALE: 'de',
      TZ: 'Roma',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
      DATABASE_URL: 'mysql://localhost/x',
    });
    expect(loaded.ok).toBe(false);
    const problems = loaded.ok ? [] : loaded.problems;
    expect(problems.map((problem) => problem.variable).toSorted()).toEqual(
      [
        'AUTHENTICITY',
        'DATABASE_URL',
        'DESK_ADDRESS',
        'LOCALE',
        'LOG_FORMAT',
        'LOG_LEVEL',
        'MAILBOX_URL',
        'MAX_MESSAGE_MB',
        'POLL_SECONDS',
        'REOPEN_DAYS',
        'REPLY_ADDRESSING',
        'TOKEN_DAYS',
        'TZ',
        'UNDO_MINUTES',
      ].toSorted(),
    );
    const words = describeProblems(problems);
    expect(words).toContain('found:    xml\n    expected: json or plain; unset means plain on a terminal');
    expect(words).toContain('found:    perhaps');
    expect(words).toContain('expected: one of verified, token');
    expect(words).toContain('example:  TZ=Europe/Rome');
  });

  test('a command asks only for what it uses', () => {
    expect(loadConfig(needs.database, { environment: { TOKEN_DAYS: '0' }, directory }).ok).toBe(true);
    expect(loadConfig(needs.intake, { environment: {}, directory }).ok).toBe(true);
  });

  test('plain IMAP goes to this machine only', () => {
    expect(wrong({ ...complete, MAILBOX_URL: 'imap://a:b@mail.example.it' })).toEqual(['MAILBOX_URL']);
    expect(wrong({ ...complete, MAILBOX_URL: 'imap://a:b@[::1]:1143 imap://c:d@localhost' })).toEqual([]);
  });

  test('every mailbox of a list is judged, and named twice it is an error', () => {
    const MAILBOX_URL = 'imaps://a:b@c imaps://nobody imaps://a:b@c';
    expect(wrong({ ...complete, MAILBOX_URL })).toEqual(['MAILBOX_URL', 'MAILBOX_URL', 'MAILBOX_URL']);
  });
});

describe('a secret is never shown', () => {
  test('whatever is wrong with the URL it stands in', () => {
    const secret = fc.stringMatching(/^[a-z0-9#?/%@: ]{0,8}sEcReT[a-z0-9#?/%@: ]{0,8}$/);
    const scheme = fc.constantFrom('imaps', 'imap', 'smtp', 'smtps', 'postgres', 'http', '');
    const rest = fc.constantFrom(
      '@mail.example.it',
      '',
      '@',
      '@mail.example.it:99999',
      '@mail.example.it/%zz',
    );
    fc.assert(
      fc.property(scheme, secret, rest, (protocol, password, ending) => {
        // what stands behind the last @ is the host, and hosts are shown
        fc.pre(ending.includes('@') || !password.includes('@'));
        const url = `${protocol}://user:${password}${ending}`;
        const loaded = worker({ DATABASE_URL: url, MAILBOX_URL: url, SMTP_URL: url, DESK_ADDRESS: '' });
        expect(loaded.ok ? '' : describeProblems(loaded.problems)).not.toContain('sEcReT');
      }),
    );
  });

  test('user and host stay readable', () => {
    expect(maskUrl('imaps://anna:secret@mail.example.it/INBOX')).toBe('imaps://anna:…@mail.example.it/INBOX');
    expect(maskUrl('smtp://mail.example.it:25')).toBe('smtp://mail.example.it:…');
  });
});

describe('OAuth2: a user without a password', () => {
  const withTokens = {
    ...complete,
    MAILBOX_URL: 'imaps://desk%40example.it@outlook.office365.com',
    SMTP_URL: 'smtp://desk%40example.it@smtp.office365.com',
  };
  const microsoft = {
    ...withTokens,
    OAUTH_PROVIDER: 'microsoft',
    OAUTH_TENANT: 'example.onmicrosoft.com',
    OAUTH_CLIENT_ID: 'app',
  };

  test('an app in its own name asks for all that it was granted', () => {
    expect(worker({ ...microsoft, OAUTH_CLIENT_SECRET: 's' })).toMatchObject({
      config: {
        mailboxes: [{ user: 'desk@example.it', password: null }],
        smtp: { user: 'desk@example.it', password: null },
        oauth: {
          tokenUrl: 'https://login.microsoftonline.com/example.onmicrosoft.com/oauth2/v2.0/token',
          scope: 'https://outlook.office365.com/.default',
          refreshTokens: [],
        },
      },
    });
  });

  test('one with a refresh token asks for what a person may give, and knows its file', () => {
    writeFileSync(join(directory, 'token'), '0.abc$!\n');
    const loaded = worker({ ...microsoft, OAUTH_REFRESH_TOKEN_FILE: join(directory, 'token') });
    expect(loaded).toMatchObject({
      config: {
        oauth: {
          scope: expect.stringContaining('IMAP.AccessAsUser.All'),
          refreshTokens: [{ user: null, token: '0.abc$!' }],
          refreshTokenFile: join(directory, 'token'),
        },
      },
    });
  });

  test('without any, everything that is missing is named at once, beside what is wrong', () => {
    expect(wrong({ ...withTokens })).toEqual(['MAILBOX_URL', 'SMTP_URL']);
    expect(wrong({ ...withTokens, OAUTH_PROVIDER: 'microsoft', TOKEN_DAYS: 'x' })).toEqual([
      'TOKEN_DAYS',
      'OAUTH_CLIENT_ID',
      'OAUTH_TENANT',
      'OAUTH_CLIENT_SECRET',
    ]);
    expect(wrong({ ...withTokens, OAUTH_PROVIDER: 'google' })).toEqual([
      'OAUTH_CLIENT_ID',
      'OAUTH_REFRESH_TOKEN',
    ]);
    expect(
      wrong({ ...withTokens, OAUTH_PROVIDER: 'custom', OAUTH_CLIENT_ID: 'app', OAUTH_CLIENT_SECRET: 's' }),
    ).toEqual(['OAUTH_TOKEN_URL']);
    expect(wrong({ ...withTokens, OAUTH_PROVIDER: 'yahoo' })).toContain('OAUTH_PROVIDER');
  });

  test('a token endpoint off this machine is never asked in the clear', () => {
    const custom = {
      ...withTokens,
      OAUTH_PROVIDER: 'custom',
      OAUTH_CLIENT_ID: 'app',
      OAUTH_CLIENT_SECRET: 's',
    };
    expect(wrong({ ...custom, OAUTH_TOKEN_URL: 'http://login.example.it/token' })).toEqual([
      'OAUTH_TOKEN_URL',
    ]);
    expect(wrong({ ...custom, OAUTH_TOKEN_URL: 'http://127.0.0.1:8080/token' })).toEqual([]);
  });

  test('an app in its own name needs one tenant', () => {
    expect(wrong({ ...microsoft, OAUTH_TENANT: 'common', OAUTH_CLIENT_SECRET: 's' })).toEqual([
      'OAUTH_TENANT',
    ]);
    expect(wrong({ ...microsoft, OAUTH_TENANT: 'common', OAUTH_REFRESH_TOKEN: 't' })).toEqual([]);
  });

  test('tokens of several users are told apart, and each user has one', () => {
    const two = { ...microsoft, SMTP_URL: 'smtp://pda%40example.it@smtp.office365.com' };
    expect(worker({ ...two, OAUTH_REFRESH_TOKEN: 'Desk@example.it=a= pda@example.it=b' })).toMatchObject({
      config: {
        oauth: {
          refreshTokens: [
            { user: 'desk@example.it', token: 'a=' },
            { user: 'pda@example.it', token: 'b' },
          ],
        },
      },
    });
    const loaded = worker({ ...two, OAUTH_REFRESH_TOKEN: 'desk@example.it=hush' });
    expect(loaded).toMatchObject({
      problems: [{ variable: 'OAUTH_REFRESH_TOKEN', expected: expect.stringContaining('pda@example.it') }],
    });
    expect(JSON.stringify(loaded)).not.toContain('hush');
  });

  test('secrets are never shown', () => {
    const loaded = worker({
      ...microsoft,
      OAUTH_CLIENT_SECRET: 'hush hush',
      OAUTH_REFRESH_TOKEN: 'hush hush',
    });
    expect(loaded).toMatchObject({
      problems: [{ variable: 'OAUTH_CLIENT_SECRET' }, { variable: 'OAUTH_REFRESH_TOKEN' }],
    });
    expect(loaded.ok ? '' : describeProblems(loaded.problems)).not.toContain('hush');
  });

  test('the other way out for alerts has a password of its own', () => {
    expect(wrong({ ...complete, ALERT_SMTP_URL: 'smtps://a%40b.it@mail.b.it' })).toEqual(['ALERT_SMTP_URL']);
    expect(
      worker({ ...complete, ALERT_SMTP_URL: 'smtps://a%40b.it:p@mail.b.it', ALERT_FROM: 'a@b.it' }),
    ).toMatchObject({
      config: { alertSmtp: { user: 'a@b.it' }, alertFrom: { name: '', address: 'a@b.it' } },
    });
    expect(worker(complete)).toMatchObject({
      config: { alertSmtp: null, alertFrom: { address: 'assistenza@example.it' } },
    });
  });
});

const dotenv = (text: string): void => writeFileSync(join(directory, '.env'), text);
const problems = (environment: Record<string, string> = complete) => {
  const loaded = worker(environment);
  return loaded.ok ? [] : loaded.problems;
};

describe('a name that no setting has', () => {
  test.each([
    ['MAILBOXURL', 'MAILBOX_URL'],
    ['SMPT_URL', 'SMTP_URL'],
    ['TRUSTED_AUTHSERV_ID', 'TRUSTED_AUTHSERV_IDS'],
    ['COMPANY_COLOUR', 'COMPANY_COLOR'],
    ['poll_seconds', 'POLL_SECONDS'],
    ['SMTP_URL_FLIE', 'SMTP_URL_FILE'],
  ])('%s in .env is an error that names %s, and shows no value', (name, nearest) => {
    dotenv(`${name}=hush-hush`);
    expect(problems()).toMatchObject([{ variable: name, expected: nearest }]);
    expect(describeProblems(problems())).not.toContain('hush-hush');
    expect(namesNobodyReads({ environment: {}, directory })).toEqual([]);
  });

  test('the setting that was meant is not told as missing beside it', () => {
    const { SMTP_URL: _, ...rest } = complete;
    expect(problems({ ...rest, SMTP_ULR: complete.SMTP_URL })).toMatchObject([{ variable: 'SMTP_ULR' }]);
  });

  test('one that is nothing like a setting is left, and told of', () => {
    dotenv('POSTGRES_PASSWORD=x\nNODE_EXTRA_CA_CERTS=/ca.pem\nTOKEN_DAYS=30');
    expect(problems()).toEqual([]);
    expect(namesNobodyReads({ environment: {}, directory }).toSorted()).toEqual([
      'NODE_EXTRA_CA_CERTS',
      'POSTGRES_PASSWORD',
    ]);
  });

  test('what other programs have in the environment is no error', () => {
    const others = {
      HTTP_PROXY: 'x',
      http_proxy: 'x',
      LOCALES: 'x',
      TX: '1',
      MAILBOX_URLS: 'x',
      LOG_LEVELS_MAX: 'x',
    };
    expect(problems({ ...complete, ...others })).toEqual([]);
  });

  test('a byte order mark before the first name is no part of it', () => {
    dotenv('\u{FEFF}TOKEN_DAYS=30\r\nREOPEN_DAYS=3\r\n');
    expect(worker(complete)).toMatchObject({ config: { tokenDays: 30, reopenDays: 3 } });
  });
});
