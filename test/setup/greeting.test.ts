import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import {
  createSecureContext,
  getCACertificates,
  type SecureContext,
  setDefaultCACertificates,
  TLSSocket,
} from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { portOf } from '../../src/config/urls.ts';
import { greet } from '../../src/setup/greeting.ts';
import { type CertificateAuthority, createCertificateAuthority } from '../harness/certificates.ts';

/** It reaches this machine, and is no loopback address: there STARTTLS is required. */
const host = '0.0.0.0';
const known = getCACertificates('default');
let ca: CertificateAuthority;
let own: SecureContext;
let foreign: SecureContext;
beforeAll(async () => {
  ca = await createCertificateAuthority();
  setDefaultCACertificates([...known, await readFile(ca.file, 'utf8')]);
  own = await contextOf(['IP:0.0.0.0', 'DNS:localhost']);
  foreign = await contextOf(['DNS:mail.elsewhere.example']);
});
afterAll(async () => {
  setDefaultCACertificates(known);
  await ca.remove();
});

async function contextOf(names: string[]): Promise<SecureContext> {
  const { keyFile, certificateFile } = await ca.issue(names);
  return createSecureContext({ key: await readFile(keyFile), cert: await readFile(certificateFile) });
}

/** Listens until the test has ended, and hangs up then. @returns the port */
async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return portOf(server.address());
}

const plain = (greeting: string): Promise<number> =>
  listening(createServer((socket) => socket.write(greeting)));
const withTls = (context: SecureContext, greeting: string): Promise<number> =>
  listening(
    createServer((socket) => {
      const secured = new TLSSocket(socket, { isServer: true, secureContext: context });
      secured.on('error', () => {}).on('secure', () => secured.write(greeting));
    }),
  );

/** SMTP that offers STARTTLS or not. @param heard every line that a client says */
function submission(context: SecureContext | null, heard: string[] = []): Promise<number> {
  return listening(
    createServer((socket) => {
      socket.write('220-there\r\n220 mail\r\n');
      socket.on('data', (chunk: Buffer) => {
        heard.push(chunk.toString().trim());
        if (chunk.toString().startsWith('EHLO'))
          socket.write(`250-mail\r\n${context === null ? '' : '250-STARTTLS\r\n'}250 AUTH PLAIN\r\n`);
        else if (context !== null) {
          socket.write('220 go on\r\n');
          socket.removeAllListeners('data');
          new TLSSocket(socket, { isServer: true, secureContext: context }).on('error', () => {});
        }
      });
    }),
  );
}

describe('a server that greets', () => {
  test('with TLS from the first byte, in its own name', async () => {
    const imap = await withTls(own, '* OK ready\r\n');
    expect(await greet({ host, port: imap, tls: 'implicit' }, 'imap')).toEqual({ ok: true });
    const smtp = await withTls(own, '220-mail\r\n220 ready\r\n');
    expect(await greet({ host: 'localhost', port: smtp, tls: 'implicit' }, 'smtp')).toEqual({ ok: true });
  });

  test('with STARTTLS, before which nothing but the offer is asked for', async () => {
    const heard: string[] = [];
    const port = await submission(own, heard);
    expect(await greet({ host, port, tls: 'starttls' }, 'smtp')).toEqual({ ok: true });
    expect(heard).toEqual(['EHLO localhost', 'STARTTLS']);
  });

  test('plain, on this machine', async () => {
    const port = await plain('* OK ready\r\n');
    expect(await greet({ host: '127.0.0.1', port, tls: 'starttls' }, 'imap')).toEqual({ ok: true });
  });
});

describe('why a server is not taken is said in words', () => {
  test.each([
    [
      'a certificate of another name',
      () => withTls(foreign, '* OK\r\n'),
      'implicit',
      'imap',
      'must name the server as its certificate does',
    ],
    [
      'STARTTLS with a certificate of another name',
      () => submission(foreign),
      'starttls',
      'smtp',
      'must name the server as its certificate does',
    ],
    ['no STARTTLS', () => submission(null), 'starttls', 'smtp', 'it offers no STARTTLS'],
    [
      'plain where TLS was to begin',
      () => plain('* OK ready\r\n'),
      'implicit',
      'imap',
      'TLS does not begin with the first byte',
    ],
    [
      'SMTP that is plain where TLS was to begin',
      () => plain('220 mail\r\n'),
      'implicit',
      'smtp',
      'for STARTTLS write smtp://0.0.0.0:',
    ],
    [
      'TLS where a plain greeting was due',
      () => withTls(own, '220 mail\r\n'),
      'starttls',
      'smtp',
      'is it a port where TLS begins with the first byte',
    ],
    [
      'another protocol',
      () => withTls(own, '220 mail\r\n'),
      'implicit',
      'imap',
      'it greets as no IMAP server: “220 mail”',
    ],
    [
      'IMAP with STARTTLS off this machine',
      () => plain('* OK ready\r\n'),
      'starttls',
      'imap',
      'mostly at 993',
    ],
  ] as const)('%s', async (_, listen, tls, kind, words) => {
    const port = await listen();
    expect(await greet({ host, port, tls }, kind, 1_000)).toEqual({
      ok: false,
      why: expect.stringContaining(words),
    });
  });

  test('nobody there', async () => {
    expect(await greet({ host, port: 1, tls: 'implicit' }, 'imap')).toEqual({
      ok: false,
      why: expect.stringContaining('nothing listens there'),
    });
  });

  test('a certificate that nobody vouches for', async () => {
    const port = await withTls(own, '* OK\r\n');
    setDefaultCACertificates(known);
    const greeted = await greet({ host, port, tls: 'implicit' }, 'imap');
    setDefaultCACertificates([...known, await readFile(ca.file, 'utf8')]);
    expect(greeted).toEqual({ ok: false, why: expect.stringContaining('certificate authority') });
  });
});
