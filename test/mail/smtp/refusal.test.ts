import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { meaningOf } from '../../../src/mail/smtp/refusal.ts';

const rows: [meaning: string, command: string, text: string][] = [
  // the recipient
  [
    'permanent',
    'RCPT TO',
    '550 5.1.1 <x@y.test>: Recipient address rejected: User unknown in virtual mailbox table',
  ],
  ['permanent', 'RCPT TO', '550 no such user here'],
  [
    'permanent',
    'RCPT TO',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
  ],
  ['permanent', 'RCPT TO', '550 5.4.1 Recipient address rejected: Access denied.'],
  ['permanent', 'RCPT TO', '550 5.4.4 Unable to route: host not found'],
  ['permanent', 'RCPT TO', '554 5.4.6 too many hops, mail loop'],
  ['permanent', 'RCPT TO', '553 5.1.3 bad recipient address syntax'],
  ['permanent', 'RCPT TO', '550 5.2.1 mailbox disabled'],
  ['permanent', 'RCPT TO', '550 5.7.1 this recipient takes mail of members only'],
  ['permanent', 'RCPT TO', '551 5.1.6 user has moved'],
  ['permanent', 'RCPT TO', '556 5.1.10 domain accepts no mail'],
  ['temporary', 'RCPT TO', '450 4.2.0 greylisted'],
  ['temporary', 'RCPT TO', '451 4.4.1 no answer from host'],
  ['temporary', 'RCPT TO', '451 4.7.1 try again later'],
  ['temporary', 'RCPT TO', '450 5.1.1 not now'],
  ['temporary', 'RCPT TO', '550 4.4.7 expired'],
  ['temporary', 'RCPT TO', '452 4.2.2 mailbox full'],
  ['temporary', 'RCPT TO', '452 4.5.3 too many recipients'],
  ['temporary', 'RCPT TO', '552 5.2.2 mailbox full'],
  ['temporary', 'DATA', '552 5.2.2 over quota'],
  ['temporary', 'RCPT TO', '552 requested mail action aborted: exceeded storage allocation'],
  // the message
  ['permanent', 'MAIL FROM', '552 5.3.4 message size exceeds fixed limit'],
  ['permanent', 'MAIL FROM', '552 message too large'],
  ['permanent', 'DATA', '552 5.3.4 message size exceeds fixed limit'],
  ['permanent', 'DATA', '554 5.7.1 looks like spam'],
  ['permanent', 'DATA', '554 5.6.0 malformed'],
  ['permanent', 'DATA', '550 5.7.23 SPF validation failed'],
  ['permanent', 'RCPT TO', '553 5.6.7 address needs SMTPUTF8'],
  ['permanent', 'MAIL FROM', '550 5.6.7 must issue a STARTTLS or SMTPUTF8'],
  ['temporary', 'DATA', '451 4.3.0 local error'],
  ['temporary', 'DATA', '452 4.3.1 insufficient system storage'],
  ['temporary', 'DATA', '552 5.3.1 mail system full'],
  // limits and settings of ours
  ['temporary', 'MAIL FROM', '450 4.7.1 too much mail'],
  ['temporary', 'MAIL FROM', '451 4.1.8 sender address rejected: domain not found'],
  ['temporary', 'DATA', '550 5.4.5 Daily user sending limit exceeded. For more information on Gmail'],
  ['temporary', 'RCPT TO', '550 5.7.705 Access denied, tenant has exceeded threshold'],
  ['temporary', 'DATA', '550 5.1.90 reached your daily limit for message recipients'],
  ['temporary', 'RCPT TO', '554 5.7.1 <x@y.test>: Relay access denied'],
  ['temporary', 'RCPT TO', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain'],
  ['temporary', 'RCPT TO', '503 5.5.1 valid MAIL FROM required'],
  ['temporary', 'DATA', '503 no valid recipients'],
  ['temporary', 'MAIL FROM', '555 5.5.4 unsupported parameter'],
  // the sender
  ['sender_refused', 'MAIL FROM', '550 5.7.1 you may not send as this'],
  ['sender_refused', 'MAIL FROM', '553 5.1.8 sender domain does not exist'],
  ['sender_refused', 'MAIL FROM', '550 5.1.7 bad sender'],
  [
    'sender_refused',
    'RCPT TO',
    '553 5.7.1 <pda@y.test>: Sender address rejected: not owned by user desk@y.test',
  ],
  ['sender_refused', 'DATA', '550 5.7.60 SMTP; Client does not have permissions to send as this sender'],
  ['sender_refused', 'DATA', '554 5.2.252 SendAsDenied; desk@y.test not allowed to send as pda@y.test'],
  [
    'sender_refused',
    'DATA',
    '550 5.7.1 SendAsDeniedException: client is not allowed to send as this address',
  ],
  ['sender_refused', 'DATA', '554 Message rejected: Email address is not verified.'],
  ['sender_refused', 'DATA', '550 5.7.0 From address is not one of your addresses'],
  ['sender_refused', 'DATA', '551 5.7.1 Not authorised to send from this header address'],
  ['sender_refused', 'RCPT TO', '553 Relaying disallowed as pda@y.test'],
  ['sender_refused', 'DATA', '550 The from address does not match a verified Sender Identity'],
  // the login, and the way to the server
  ['login_refused', 'AUTH PLAIN', '535 5.7.8 authentication failed'],
  ['login_refused', 'MAIL FROM', '530 5.7.57 Client not authenticated to send mail'],
  ['login_refused', 'RCPT TO', '530 5.7.0 Authentication required'],
  ['no_answer', 'CONN', '421 4.3.2 not now'],
  ['no_answer', 'MAIL FROM', '421 4.7.0 closing'],
  ['no_answer', 'RCPT TO', '421 4.7.0 closing'],
  ['no_answer', 'DATA', '421 4.7.0 closing'],
  ['no_answer', 'CONN', '554 5.7.1 no service'],
  ['no_answer', 'EHLO', '550 who are you'],
];

const failure = (command: string, text: string) => ({
  code: command.startsWith('AUTH') ? 'EAUTH' : command === 'DATA' ? 'EMESSAGE' : 'EENVELOPE',
  command,
  reply: Number(text.slice(0, 3)),
  text,
});

test.each(rows)('%s: %s %s', (meaning, command, text) => {
  expect(meaningOf(failure(command, text))).toBe(meaning);
});

test('without a reply only what no server needs to be asked is for good', () => {
  const silent = { reply: null, text: 'Connection closed unexpectedly' };
  expect(meaningOf({ ...silent, code: 'ECONNECTION', command: 'CONN' })).toBe('no_answer');
  expect(meaningOf({ ...silent, code: 'ETIMEDOUT', command: 'DATA' })).toBe('no_answer');
  expect(meaningOf({ ...silent, code: 'EENVELOPE', command: 'API' })).toBe('permanent');
  expect(meaningOf({ ...silent, code: 'EMESSAGE', command: 'MAIL FROM' })).toBe('permanent');
});

test('no reply of class 4 ever gives a mail up, whatever it says beside', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('MAIL FROM', 'RCPT TO', 'DATA'),
      fc.integer({ min: 400, max: 499 }),
      fc.constantFrom('', '4.2.2 ', '5.1.1 ', '5.7.60 '),
      fc.string(),
      (command, reply, enhanced, words) => {
        const text = `${reply} ${enhanced}${words}`;
        expect(['temporary', 'no_answer']).toContain(meaningOf(failure(command, text)));
      },
    ),
  );
});
