import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { serverWords } from '../../src/mail/server-words.ts';

const login = { user: 'desk@kybernes.example', password: 'Tr3 parole!' };
const tokenLogin = { user: login.user, password: null };

describe('what a server repeats of what it was given is not repeated', () => {
  test('the password, as it is and as AUTH PLAIN and AUTH LOGIN send it', () => {
    for (const sent of [
      login.password,
      Buffer.from(`\0${login.user}\0${login.password}`).toString('base64'),
      Buffer.from(login.password).toString('base64'),
    ]) {
      expect(serverWords(`535 5.7.8 bad login: AUTH ${sent}`, login)).toBe('535 5.7.8 bad login: AUTH …');
    }
  });

  test('an access token, as it is and within SASL’s words', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 2_000 }), (size) => {
        const token = `ya29.a0${randomBytes(size).toString('base64url')}`;
        const jwt = [
          'eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9eyJhdWQiOi',
          randomBytes(size).toString('base64url'),
        ].join('.');
        const sasl = Buffer.from(`user=${login.user}\u0001auth=Bearer ${token}\u0001\u0001`).toString(
          'base64',
        );
        for (const secret of [token, jwt, sasl]) {
          const shown = serverWords(`535 5.7.3 unsuccessful: ${secret} is no good`, tokenLogin);
          expect(shown).toMatch(/^535 5\.7\.3 unsuccessful: (?:ya29\.)?…(?:\.…)? is no good$/u);
        }
      }),
      { numRuns: 50 },
    );
  });
});

test.each([
  '250 2.0.0 OK 1732443712 ffacd0b85a97d-3825fbc3a55si13370482f8f.100 - gsmtp',
  '550 5.7.60 SMTP; Client does not have permissions to send as this sender [AM0PR04MB6516.eurprd04.prod.outlook.com 2026-11-24T10:00:00.000Z 08DD0B6F7E1A2B3C]',
  '452 4.2.2 The recipient’s inbox is out of storage space https://support.google.com/mail/?p=OverQuotaTemp',
  `554 5.7.1 ${'='.repeat(60)} refused`,
])('what helps to find the trouble stays: %s', (said) => {
  expect(serverWords(said, login)).toBe(said);
});
