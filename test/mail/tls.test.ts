import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import {
  createSecureContext,
  getCACertificates,
  type SecureContext,
  type SecureContextOptions,
  setDefaultCACertificates,
  TLSSocket,
} from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createSession, defaultTimeouts } from '../../src/mail/imap/session.ts';
import { toMailboxError } from '../../src/mail/imap/mailbox-error.ts';
import { verifySmtp } from '../../src/mail/smtp/smtp.ts';
import { type CertificateAuthority, createCertificateAuthority } from '../harness/certificates.ts';
import { portOf } from '../../src/config/urls.ts';

const password = 'segreto';
/** It reaches this machine, and is no loopback address: there STARTTLS is required. */
const host = '0.0.0.0';

type Protocol = 'imap' | 'smtp';
type Start = 'implicit' | 'STARTTLS';
const ways = (['imap', 'smtp'] as const).flatMap((protocol) =>
  (['implicit', 'STARTTLS'] as const).map((start) => ({ protocol, start })),
);

let ca: CertificateAuthority;
let other: CertificateAuthority;
const known = getCACertificates('default');
beforeAll(async () => {
  [ca, other] = await Promise.all([createCertificateAuthority(), createCertificateAuthority()]);
  setDefaultCACertificates([...known, await readFile(ca.file, 'utf8')]);
});
afterAll(async () => {
  setDefaultCACertificates(known);
  await Promise.all([ca.remove(), other.remove()]);
});

async function contextOf(
  names: string[],
  change: { by?: CertificateAuthority; days?: number; tls?: SecureContextOptions } = {},
): Promise<SecureContext> {
  const { keyFile, certificateFile } = await (change.by ?? ca).issue(names, change.days);
  const [key, cert] = await Promise.all([readFile(keyFile), readFile(certificateFile)]);
  return createSecureContext({ key, cert, ...change.tls });
}

/** Answers of these servers: a greeting, and one to each line that may delay a client before it sends its password. */
function answerTo(protocol: Protocol, line: string, offersTls: boolean): string {
  if (protocol === 'smtp') {
    if (/^ehlo/iu.test(line))
      return `250-there\r\n${offersTls ? '250-STARTTLS\r\n' : ''}250 AUTH PLAIN LOGIN\r\n`;
    return /^starttls/iu.test(line)
      ? '220 go on\r\n'
      : /^auth/iu.test(line)
        ? '235 welcome\r\n'
        : '250 ok\r\n';
  }
  const [tag = '*', command = ''] = line.split(' ');
  const capabilities = `* CAPABILITY IMAP4rev1 ${offersTls ? 'STARTTLS' : 'AUTH=PLAIN SASL-IR'}\r\n`;
  return `${/^capability/iu.test(command) ? capabilities : ''}${tag} OK done\r\n`;
}
const greeting = { imap: '* OK ready\r\n', smtp: '220 there ESMTP\r\n' };

/** A server that shows this certificate, and writes down all that it is told once TLS stands. */
async function serve(protocol: Protocol, start: Start, context: SecureContext) {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const talk = (socket: Socket, isSecure: boolean, greets: boolean): void => {
    if (greets) socket.write(greeting[protocol]);
    const listen = (chunk: Buffer): void => {
      const line = chunk.toString('latin1');
      heard.push(line);
      socket.write(answerTo(protocol, line, !isSecure));
      if (isSecure || !/starttls/iu.test(line)) return;
      socket.off('data', listen);
      talk(secure(socket), true, false);
    };
    socket.on('data', listen);
  };
  const secure = (socket: Socket): Socket => {
    const above = new TLSSocket(socket, { isServer: true, secureContext: context });
    above.on('error', () => {
      // the client hangs up: that is what is asked for
    });
    return above;
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {
      // as above
    });
    if (start === 'STARTTLS') talk(socket, false, true);
    else {
      const above = secure(socket);
      above.once('secure', () => talk(above, true, true));
    }
  });
  server.listen(0);
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { port: portOf(server.address()), heard };
}

/** Logs in; null: it worked, else the words an administrator reads. */
async function logIn(protocol: Protocol, start: Start, port: number, name: string): Promise<string | null> {
  const settings = { host: name, port, secure: start === 'implicit', user: 'desk', password };
  if (protocol === 'smtp') {
    const verified = await verifySmtp({ ...settings, name: `${name}:${port}` });
    return verified.ok ? null : verified.why;
  }
  const mailbox = { ...settings, folder: 'INBOX', name: `desk@${name}:${port}/INBOX` };
  const session = createSession(mailbox, defaultTimeouts);
  try {
    await session.client.connect();
    return null;
  } catch (error) {
    return toMailboxError(error, mailbox, 'connect').message;
  } finally {
    session.client.close();
  }
}

const said = ({ heard }: { heard: string[] }): string => heard.join('');

describe.each(ways)('$protocol with $start TLS', ({ protocol, start }) => {
  test('logs in at a server that shows a certificate of its own with TLS 1.2', async () => {
    const tls = { maxVersion: 'TLSv1.2' } as const;
    const server = await serve(protocol, start, await contextOf([`IP:${host}`], { tls }));
    expect(await logIn(protocol, start, server.port, host)).toBeNull();
    expect(said(server)).toMatch(/auth|login/iu);
  });

  test.each([
    [
      'nothing newer than TLS 1.1',
      () =>
        contextOf([`IP:${host}`], {
          tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' },
        }),
      /speaks no TLS 1\.2 or newer, which must be turned on there/u,
    ],
    [
      'a certificate that nobody known has signed',
      () => contextOf([`IP:${host}`], { by: other }),
      /certificate.*TLS_CA_FILE/u,
    ],
    [
      'the certificate of another name',
      () => contextOf(['IP:192.0.2.7']),
      /certificate.*192\.0\.2\.7.*the URL must name the server as its certificate does/u,
    ],
    [
      'a certificate that has expired',
      () => contextOf([`IP:${host}`], { days: -1 }),
      /certificate has expired.*it must be renewed on that server/u,
    ],
  ] as const)('says no password to a server with %s, and what to do', async (_, context, words) => {
    const server = await serve(protocol, start, await context());
    expect(await logIn(protocol, start, server.port, host)).toMatch(words);
    expect(said(server)).not.toMatch(/auth |login|authenticate/iu);
    expect(said(server)).not.toContain(password);
  });
});
