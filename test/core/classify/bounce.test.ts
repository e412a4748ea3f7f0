import { describe, expect, test } from 'vitest';
import { readBounce } from '../../../src/core/classify/bounce.ts';

const prose = (text: string) => [{ contentType: 'text/plain', text }];

test('a delivery status report names recipient, action, status, diagnostic and the original (RFC 3464)', () => {
  expect(
    readBounce([
      { contentType: 'text/plain', text: 'This is the mail system at host mx.acme.it.' },
      {
        contentType: 'message/delivery-status',
        text: 'Reporting-MTA: dns; mx.acme.it\n\nFinal-Recipient: rfc822; Anna@acme.it\nOriginal-Recipient: rfc822;anna.rossi@acme.it\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 <anna@acme.it>:\n    Recipient address rejected\n',
      },
      { contentType: 'message/rfc822', text: 'Subject: x\nMessage-ID:\n <ticket-1@kybernes.it>\n\ntesto' },
    ]),
  ).toEqual({
    originalMessageId: '<ticket-1@kybernes.it>',
    recipients: [
      {
        email: 'anna.rossi@acme.it',
        action: 'failed',
        status: '5.1.1',
        diagnostic: '550 5.1.1 <anna@acme.it>: Recipient address rejected',
      },
    ],
  });
});

test('a delay is no failure', () => {
  const report = readBounce([
    {
      contentType: 'message/delivery-status',
      text: 'Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822;a@acme.it\nAction: delayed\nStatus: 4.4.1',
    },
    { contentType: 'text/rfc822-headers', text: 'Message-Id: <m@kybernes.it>' },
  ]);
  expect(report).toMatchObject({ originalMessageId: '<m@kybernes.it>', recipients: [{ action: 'delayed' }] });
});

describe('free-form notices', () => {
  test('qmail', () => {
    const text =
      "Hi. This is the qmail-send program at mx.acme.it.\nI'm afraid I wasn't able to deliver your message.\n\n<anna@acme.it>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <desk@kybernes.it>\nMessage-ID: <q@kybernes.it>\nTo: altri@acme.it\n";
    expect(readBounce(prose(text))).toEqual({
      originalMessageId: '<q@kybernes.it>',
      recipients: [{ email: 'anna@acme.it', action: 'failed', status: '5.1.1', diagnostic: null }],
    });
  });

  test('Exim', () => {
    const text =
      'This message was created automatically by mail delivery software.\n\n  anna@acme.it\n    host mx.acme.it [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<anna@acme.it>:\n    550 Unknown user\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-Id: <e@kybernes.it>\n';
    expect(readBounce(prose(text), ['anna@acme.it'])).toEqual({
      originalMessageId: '<e@kybernes.it>',
      recipients: [{ email: 'anna@acme.it', action: 'failed', status: null, diagnostic: '550 Unknown user' }],
    });
  });

  test('what names neither mail nor recipient is no report', () => {
    expect(readBounce(prose('Something went wrong.'))).toBeNull();
  });

  test.each(['<a@', ' ', '\n ', 'Message-ID:', '--- ', ':\n', '<'])(
    'a long run of %j is read in linear time',
    (piece) => {
      expect(readBounce(prose(piece.repeat(300_000)))).toBeNull();
    },
  );
});

describe('a notice in prose names the returned mail in its own way', () => {
  const ours = '<t1042@kybernes.it>';
  const headers = `Received: from a by b\nTo: anna@acme.it\nSubject: [#1042] Stampante\nMessage-ID: ${ours}\n`;
  test.each([
    [
      'an Italian heading',
      `Impossibile recapitare il messaggio a anna@acme.it.\n\nMessaggio originale:\n\n${headers}`,
    ],
    ['no heading', `Delivery to anna@acme.it failed: 550 5.1.1 user unknown\n\n${headers}`],
    [
      'nothing but the returned headers',
      `La casella è piena.\n\n--- Intestazioni del messaggio ---\n${headers}`,
    ],
    ['headers that are indented', `anna@acme.it\n  550 user unknown\n\n  Message-ID: ${ours}\n`],
    ['headers that are quoted', `anna@acme.it: user unknown\n\n> To: anna@acme.it\n> Message-ID: ${ours}\n`],
    ['a sentence', `The message ${ours} to anna@acme.it was rejected.`],
    ['HTML', `<p>anna@acme.it</p><p>550 user unknown</p><pre>Message-ID: &lt;t1042@kybernes.it&gt;</pre>`],
  ])('%s', (_, text) => {
    const contentType = text.startsWith('<p>') ? 'text/html' : 'text/plain';
    const report = readBounce([{ contentType, text }]);
    expect(report?.originalMessageId).toBe(ours);
    expect(report?.recipients).toMatchObject([{ email: 'anna@acme.it', action: 'failed' }]);
  });

  test('or by answering it', () => {
    const text = 'Indirizzo non trovato: anna@acme.it';
    expect(readBounce([{ contentType: 'text/plain', text }], [], [ours])).toMatchObject({
      originalMessageId: ours,
      recipients: [{ email: 'anna@acme.it' }],
    });
  });
});
