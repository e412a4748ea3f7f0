import { once } from 'node:events';
import { createServer as createPlainServer, type Server } from 'node:net';
import { createServer } from 'node:tls';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { portOf } from '../../src/config/urls.ts';
import { toMailboxError } from '../../src/mail/imap/mailbox-error.ts';
import { createSession, defaultTimeouts } from '../../src/mail/imap/session.ts';
import { verifySmtp } from '../../src/mail/smtp/smtp.ts';
import { type CertificateAuthority, createCertificateAuthority } from '../harness/certificates.ts';

let ca: CertificateAuthority;
beforeAll(async () => {
  ca = await createCertificateAuthority();
});
afterAll(() => ca.remove());

const host = '127.0.0.1';
const password = 'segreto';

async function listening(server: Server): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return portOf(server.address());
}

/** A server that greets once TLS is there, as at 993 and 465. */
async function tlsServer(greeting: string): Promise<number> {
  const { keyFile, certificateFile } = await ca.issue([`IP:${host}`]);
  const [key, cert] = await Promise.all([readFile(keyFile), readFile(certificateFile)]);
  return listening(createServer({ key, cert }, (socket) => socket.on('error', () => {}).write(greeting)));
}

/** A server that greets in plain text, as at 143 and 587. */
const plainServer = (greeting: string): Promise<number> =>
  listening(createPlainServer((socket) => socket.on('error', () => {}).write(greeting)));

async function imap(secure: boolean, port: number): Promise<string> {
  const settings = { host, port, secure, user: 'desk', password, folder: 'INBOX', name: 'desk' };
  const session = createSession(settings, defaultTimeouts);
  try {
    await session.open();
    return '';
  } catch (error) {
    return toMailboxError(error, settings, 'connect').message;
  } finally {
    session.client.close();
  }
}

async function smtp(secure: boolean, port: number): Promise<string> {
  const tried = await verifySmtp({ host, port, secure, user: 'desk', password, name: `${host}:${port}` });
  return tried.ok ? '' : tried.why;
}

describe('TLS where plain text was expected, and the reverse, is told in words within five seconds', () => {
  test.each([
    [
      'imaps:// at a plain port',
      () => plainServer('* OK there\r\n'),
      (port: number) => imap(true, port),
      /found plain text, expected TLS.*usually 993/u,
    ],
    [
      'imap:// at a TLS port',
      () => tlsServer('* OK there\r\n'),
      (port: number) => imap(false, port),
      /found TLS.*write imaps:\/\//u,
    ],
    [
      'smtps:// at a plain port',
      () => plainServer('220 there\r\n'),
      (port: number) => smtp(true, port),
      /found plain text, expected TLS.*write smtp:\/\/ .*587/u,
    ],
    [
      'smtp:// at a TLS port',
      () => tlsServer('220 there\r\n'),
      (port: number) => smtp(false, port),
      /found TLS.*write smtps:\/\//u,
    ],
  ])('%s', { timeout: 15_000 }, async (_, start, tried, words) => {
    const port = await start();
    const began = performance.now();
    const said = await tried(port);
    expect(said).toMatch(words);
    expect(said).toContain(String(port));
    expect(said).not.toContain(password);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
