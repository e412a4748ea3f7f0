import { createTransport } from 'nodemailer';
import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startMailServer } from '../../src/demo/mail-server.ts';
import type { DeliveredMail, MailServer } from '../../src/demo/mail-server.ts';
import { withTraceHeaders } from '../../src/demo/trace-headers.ts';

let server: MailServer;
beforeEach(async () => {
  server = await startMailServer({ authservId: 'mail.desk.example' });
  await server.addMailbox('assistenza@desk.example', 'segreto:/@');
  await server.addMailbox('anna@rossi.example', 'anna-pw');
});
afterEach(() => server.close());

const send = async (
  mail: { from: string; to: string; headers?: Record<string, string>; text?: string },
  login?: string,
): Promise<void> => {
  const transport = createTransport(server.smtpUrl(login));
  try {
    await transport.sendMail({ subject: 'Prova', text: 'ciao', ...mail });
  } finally {
    transport.close();
  }
};
const topOf = async (address: string): Promise<string> =>
  (await server.messages(address)).at(-1)?.toString('latin1') ?? '';
const verdicts = (raw: string): string[] => raw.match(/^Authentication-Results:.*$/gim) ?? [];

describe('the embedded mail server', () => {
  test('keeps the plus-address in Delivered-To and delivers to the mailbox, whatever the case', async () => {
    await send({ from: 'anna@rossi.example', to: 'Assistenza+ABC123@Desk.example' }, 'anna@rossi.example');
    const raw = await topOf('assistenza@desk.example');
    expect(raw).toMatch(/^Delivered-To: Assistenza\+ABC123@Desk\.example\r$/im);
    expect(raw).toMatch(/^Return-Path: <anna@rossi\.example>\r\n/);
    expect(raw).toMatch(/\r\nReceived: from /);
    expect((await simpleParser(raw)).text?.trim()).toBe('ciao');
  });

  test('vouches for a user who writes as themselves, and for nobody else', async () => {
    await send({ from: 'Anna <ANNA@rossi.example>', to: 'assistenza@desk.example' }, 'anna@rossi.example');
    expect(verdicts(await topOf('assistenza@desk.example'))).toEqual([
      'Authentication-Results: mail.desk.example; dmarc=pass header.from=rossi.example',
    ]);
    await send({ from: 'assistenza@desk.example', to: 'assistenza@desk.example' }, 'anna@rossi.example');
    expect(verdicts(await topOf('assistenza@desk.example')).join()).toContain(
      'dmarc=fail header.from=desk.example',
    );
    await send({ from: 'anna@rossi.example', to: 'assistenza@desk.example' });
    expect(verdicts(await topOf('assistenza@desk.example')).join()).toContain(
      'dmarc=fail header.from=rossi.example',
    );
    await send({ from: 'chi@ignoto.example', to: 'assistenza@desk.example' });
    expect(verdicts(await topOf('assistenza@desk.example')).join()).toContain(
      'dmarc=none header.from=ignoto.example',
    );
  });

  test('an alias is the same mailbox, and its user may write as it', async () => {
    server.addAlias('pda@desk.example', 'assistenza@desk.example');
    await send({ from: 'pda@desk.example', to: 'pda@desk.example' }, 'assistenza@desk.example');
    expect(verdicts(await topOf('assistenza@desk.example')).join()).toContain('dmarc=pass');
  });

  test('removes verdicts that claim to be its own, however they are written, and no others', async () => {
    const forged = {
      authservId: 'mail.desk.example',
      heloName: 'x',
      remoteAddress: '127.0.0.1',
      authenticated: false,
    };
    const arrival = {
      ...forged,
      envelopeSender: '',
      envelopeRecipient: 'a@b.example',
      fromDomain: 'c.example',
    };
    const raw = withTraceHeaders(
      Buffer.from(
        'Authentication-Results: mail.desk.example; dmarc=pass\r\n' +
          'AUTHENTICATION-RESULTS :\r\n (so) MAIL.desk.example;\r\n\tdmarc=pass\r\n' +
          'Authentication-Results: mail.desk.example.evil.example; dmarc=pass\r\n' +
          'From: a@c.example\r\n\r\nAuthentication-Results: mail.desk.example; in the body\r\n',
      ),
      { ...arrival, verdict: 'none', at: new Date(0) },
    ).toString('latin1');
    expect(verdicts(raw)).toEqual([
      'Authentication-Results: mail.desk.example; dmarc=none header.from=c.example',
      'Authentication-Results: mail.desk.example.evil.example; dmarc=pass',
      'Authentication-Results: mail.desk.example; in the body',
    ]);
    expect(raw).toContain('; Thu, 01 Jan 1970 00:00:00 +0000\r\n');
  });

  test('refuses unknown recipients with 550, and mail to anywhere else', async () => {
    await expect(send({ from: 'anna@rossi.example', to: 'nessuno@desk.example' })).rejects.toMatchObject({
      responseCode: 550,
    });
    await expect(send({ from: 'anna@rossi.example', to: 'altri@altrove.example' })).rejects.toMatchObject({
      responseCode: 550,
    });
  });

  test('refuses a wrong password', async () => {
    const url = server.smtpUrl('anna@rossi.example').replace('anna-pw', 'sbagliata');
    const transport = createTransport(url);
    await expect(transport.verify()).rejects.toMatchObject({ responseCode: 535 });
    transport.close();
  });

  test('tells of each delivery as it happens, and finds a mail that came before it was asked for', async () => {
    const heard: DeliveredMail[] = [];
    const stop = server.onDelivered((delivered) => heard.push(delivered));
    const waited = server.waitForMessage('anna@rossi.example', (raw) => raw.includes('seconda'));
    await send({ from: 'assistenza@desk.example', to: 'anna@rossi.example', text: 'prima' });
    await send({ from: 'assistenza@desk.example', to: 'anna@rossi.example', text: 'seconda' });
    stop();
    await send({ from: 'assistenza@desk.example', to: 'anna@rossi.example', text: 'terza' });
    expect((await waited).toString()).toContain('seconda');
    expect(heard.map(({ mailbox }) => mailbox)).toEqual(['anna@rossi.example', 'anna@rossi.example']);
    const found = await server.waitForMessage('anna@rossi.example', (raw) => raw.includes('prima'));
    expect(found.toString()).toContain('prima');
    await expect(server.waitForMessage('anna@rossi.example', () => false, 10)).rejects.toThrow(
      'did not come',
    );
  });
});
