import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { mailboxUrls, smtpUrls } from '../../src/config/servers.ts';
import { describeStep, shellWords, unitText } from '../../src/setup/plan.ts';
import { mailboxUrl, smtpUrl, withFirstUrl } from '../../src/setup/settings.ts';

const server = { host: 'mail.example.it', port: 993, tls: 'implicit' } as const;
const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => one.isWellFormed());

describe('the settings of a login', () => {
  test('are read back as they were typed, whatever user and password are', () => {
    fc.assert(
      fc.property(text, text, (user, password) => {
        const mailbox = mailboxUrls.parse(mailboxUrl({ server, user, password }, 'INBOX/Desk'));
        expect(mailbox).toMatchObject([{ ...location, user, password, folder: 'INBOX/Desk' }]);
        const smtp = smtpUrls.parse(smtpUrl({ server, user, password }));
        expect(smtp.general).toMatchObject({ ...location, user, password });
      }),
    );
  });
  const location = { host: 'mail.example.it', port: 993, secure: true };

  test('replace the first server of several, and keep the others', () => {
    expect(withFirstUrl('imaps://a@b.it imaps://c@d.it', 'imaps://x@y.it')).toBe(
      'imaps://x@y.it imaps://c@d.it',
    );
    expect(withFirstUrl(null, 'imaps://x@y.it')).toBe('imaps://x@y.it');
  });
});

describe('what is shown before it is done', () => {
  test('holds no password or secret', () => {
    const changes = new Map([
      ['MAILBOX_URL', 'imaps://a%40b.it:hush@mail.b.it:993/INBOX imaps://c:hush@d.it'],
      ['SMTP_URL', 'smtps://a%40b.it:hush@mail.b.it:465'],
      ['DATABASE_URL', 'postgres://kticket:hush@db/kticket'],
      ['OAUTH_CLIENT_SECRET', 'hush'],
      ['OLD', null],
    ]);
    const shown = [
      ...describeStep({ kind: 'env', path: '/etc/kticket/.env', changes, text: 'hush' }),
      ...describeStep({ kind: 'secret', path: '/etc/kticket/refresh-token', text: 'hush', what: 'a token' }),
    ].join('\n');
    expect(shown).not.toContain('hush');
    expect(shown).toContain('MAILBOX_URL=imaps://a%40b.it:…@mail.b.it:993/INBOX');
    expect(shown).toContain('OLD is taken out');
  });

  test('is a command that a shell takes apart again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '$', '\\', '`', '*', 'é') }), {
          minLength: 1,
          maxLength: 3,
        }),
        (words) => {
          const line = `for word in ${shellWords(words)}; do printf '%s\\0' "$word"; done`;
          const back = execFileSync('/bin/sh', ['-c', line]).toString();
          expect(z.array(z.string()).parse(back.split('\0').slice(0, -1))).toEqual(words);
        },
      ),
      { numRuns: 30 },
    );
  });
});

test('a unit names user, folder and program, with what systemd would expand written twice', () => {
  const unit = unitText({
    user: 'kticket',
    folder: '/srv/100%',
    program: ['/usr/bin/node', '/opt/k ticket/$x.js'],
  });
  expect(unit).toContain(
    'User=kticket\nWorkingDirectory=/srv/100%%\nExecStart=/usr/bin/node "/opt/k ticket/$$x.js" run\n',
  );
});
