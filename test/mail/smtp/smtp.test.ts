import { expect, onTestFinished, test } from 'vitest';
import { openSmtp, verifySmtp } from '../../../src/mail/smtp/smtp.ts';
import { startSmtpServer, type TestSmtpServer } from '../../harness/smtp-server.ts';
import type { SmtpSettings } from '../../../src/config/settings.ts';

const envelope = { from: 'desk@kybernes.test', to: 'anna@rossi.test' };
const login = { user: 'desk', password: 'right' };

async function server(...given: Parameters<typeof startSmtpServer>): Promise<TestSmtpServer> {
  const started = await startSmtpServer(...given);
  onTestFinished(() => started.close());
  return started;
}

async function sendWith(settings: SmtpSettings, bytes = Buffer.from('Subject: x\r\n\r\nciao\r\n')) {
  const smtp = openSmtp(settings);
  onTestFinished(() => smtp.close());
  return smtp.send(envelope, bytes);
}

test('bytes arrive exactly as they are: lone dots, long lines, eight bits', async () => {
  const { settings, received } = await server();
  const bytes = Buffer.from(`Subject: però\r\n\r\n.\r\n..x\r\n${'è'.repeat(2000)}\r\n\r\n`);
  expect(await sendWith(settings, bytes)).toMatchObject({ kind: 'accepted' });
  expect(received).toMatchObject([{ from: envelope.from, to: [envelope.to], bytes }]);
});

test('a certificate that is not the server’s stops everything before a password is said', async () => {
  const { settings, received } = await server(login, 'implicit');
  const sent = await sendWith(settings);
  expect(sent).toMatchObject({ kind: 'unreachable' });
  expect(sent).toMatchObject({ text: expect.stringContaining('certificate') });
  expect(await verifySmtp(settings)).toMatchObject({
    ok: false,
    why: expect.stringContaining('certificate'),
  });
  expect(received).toEqual([]);
});

// 0.0.0.0 reaches this machine, and is no loopback address
test('off loopback nothing is sent to a server without TLS', async () => {
  const { settings, received } = await server(login);
  const sent = await sendWith({ ...settings, host: '0.0.0.0' });
  expect(sent.kind).toBe('unreachable');
  expect(received).toEqual([]);
});

test('off loopback STARTTLS is no use with a certificate that nobody signed', async () => {
  const { settings, received } = await server(login, 'starttls');
  expect((await sendWith({ ...settings, host: '0.0.0.0' })).kind).toBe('unreachable');
  expect(received).toEqual([]);
});

test('on loopback plain SMTP goes through, and so does a local server with a certificate of its own', async () => {
  const plain = await server(login);
  expect(await sendWith(plain.settings)).toMatchObject({ kind: 'accepted' });
  const local = await server(login, 'starttls');
  expect(await sendWith(local.settings)).toMatchObject({ kind: 'accepted' });
});

test('verify logs in and sends nothing', async () => {
  const { settings, received } = await server(login);
  expect(await verifySmtp(settings)).toEqual({ ok: true });
  expect(received).toEqual([]);
  const wrong = await verifySmtp({ ...settings, password: 'wr0ng' });
  expect(wrong).toMatchObject({ ok: false, why: expect.stringContaining('refuses user desk') });
  expect(JSON.stringify(wrong)).not.toContain('wr0ng');
});

test('one mail after another goes over one connection, which is replaced after a hundred', async () => {
  const { settings, received, replies } = await server();
  const smtp = openSmtp(settings);
  onTestFinished(() => smtp.close());
  let made = 0;
  replies.connect = () => {
    made += 1;
    return null;
  };
  const bytes = Buffer.from('Subject: x\r\n\r\nciao\r\n');
  for (let i = 0; i < 100; i += 1) await smtp.send(envelope, bytes);
  expect(made).toBe(1);
  await smtp.send(envelope, bytes);
  expect(made).toBe(2);
  expect(received).toHaveLength(101);
});

test('a connection that the server closed while it was idle costs nothing', async () => {
  const { settings, received, hangUp } = await server();
  const smtp = openSmtp(settings);
  onTestFinished(() => smtp.close());
  const bytes = Buffer.from('Subject: x\r\n\r\nciao\r\n');
  expect(await smtp.send(envelope, bytes)).toMatchObject({ kind: 'accepted' });
  hangUp();
  expect(await smtp.send(envelope, bytes)).toMatchObject({ kind: 'accepted' });
  expect(received).toHaveLength(2);
});

test.each(['', 'no address', 'a@b.test\r\nRCPT TO:<c@d.test>'])(
  'an address that cannot be told to a server is refused for good: %j',
  async (to) => {
    const { settings, received } = await server();
    const smtp = openSmtp(settings);
    onTestFinished(() => smtp.close());
    expect(await smtp.send({ from: envelope.from, to }, Buffer.from('Subject: x\r\n\r\n'))).toMatchObject({
      kind: 'permanent',
    });
    expect(received.flatMap((mail) => mail.to)).not.toContain('c@d.test');
  },
);

test('a mail larger than the server says it takes fails for good before a byte is sent, in clear words', async () => {
  const { settings, received } = await server(null, 'none', null, 1000);
  const sent = await sendWith(settings, Buffer.alloc(2000, 'x'));
  expect(sent).toMatchObject({ kind: 'permanent', text: expect.stringContaining('the mail has 2000 bytes') });
  expect(sent).toMatchObject({ text: expect.stringContaining('larger than allowed 1000') });
  expect(received).toEqual([]);
});

test('an address beyond ASCII that the server cannot take fails for good, in clear words', async () => {
  const { settings, replies } = await server();
  replies.rcptTo = () => ({ code: 553, text: '5.6.7 non-ASCII address' });
  const smtp = openSmtp(settings);
  onTestFinished(() => smtp.close());
  const sent = await smtp.send({ ...envelope, to: 'niccolò@rossi.test' }, Buffer.from('Subject: x\r\n\r\n'));
  expect(sent).toMatchObject({ kind: 'permanent', text: expect.stringContaining('SMTPUTF8') });
});
