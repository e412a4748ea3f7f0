import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { createSecureContext, getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findServers } from '../../src/cli/setup/find-servers.ts';
import type { Prompt } from '../../src/cli/setup/prompt.ts';
import { portOf } from '../../src/config/urls.ts';
import type { Network, NetworkAnswer } from '../../src/setup/discover.ts';
import { type CertificateAuthority, createCertificateAuthority } from '../harness/certificates.ts';

const known = getCACertificates('default');
let ca: CertificateAuthority;
beforeAll(async () => {
  ca = await createCertificateAuthority();
  setDefaultCACertificates([...known, await readFile(ca.file, 'utf8')]);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterAll(async () => {
  vi.restoreAllMocks();
  setDefaultCACertificates(known);
  await ca.remove();
});

/** A server with TLS on this machine's address, which is in no mail domain; what clients say is in `heard`. */
async function stranger(greeting: string): Promise<{ port: number; heard: string[] }> {
  const { keyFile, certificateFile } = await ca.issue(['IP:127.0.0.1']);
  const secureContext = createSecureContext({
    key: await readFile(keyFile),
    cert: await readFile(certificateFile),
  });
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const secured = new TLSSocket(socket, { isServer: true, secureContext });
    sockets.push(secured);
    secured.on('error', () => {}).on('secure', () => secured.write(greeting));
    secured.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: portOf(server.address()), heard };
}

const none: NetworkAnswer<never> = { ok: false, why: 'there is none' };

/** A network whose DNS names these servers as the domain's. */
function naming(imap: number, smtp: number): Network {
  const srv = new Map([
    ['_imaps._tcp.rossi.invalid', imap],
    ['_submissions._tcp.rossi.invalid', smtp],
  ]);
  return {
    mx: async () => none,
    https: async () => none,
    srv: async (name) => {
      const port = srv.get(name);
      return port === undefined ? none : { ok: true, value: [{ host: '127.0.0.1', port }] };
    },
  };
}

/** A terminal at which somebody gives these answers, and none once they are used up. */
function answering(...answers: string[]): Prompt & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    line: async (label) => {
      asked.push(label);
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`nobody answers: ${label}`);
      return answer;
    },
    secret: async () => '',
    meanwhile: (_, done) => done,
    beginWork: () => {},
    stopped: () => false,
    close: () => {},
  };
}

describe('servers that the network names outside the mail domain', () => {
  test('are not taken without a terminal, and said with the options that would take them', async () => {
    const [imap, smtp] = await Promise.all([stranger('* OK ready\r\n'), stranger('220 ready\r\n')]);
    const found = await findServers('desk@rossi.invalid', {}, naming(imap.port, smtp.port), null);
    expect(found).toMatchObject({
      ok: false,
      ended: {
        exit: 2,
        words: expect.stringMatching(/127\.0\.0\.1, outside rossi\.invalid.*--imap and --smtp/u),
      },
    });
    // they were greeted, and told nothing
    expect([...imap.heard, ...smtp.heard]).toEqual([]);
  });

  test('are asked about, once a host, and taken with a yes', async () => {
    const [imap, smtp] = await Promise.all([stranger('* OK ready\r\n'), stranger('220 ready\r\n')]);
    const prompt = answering('yes');
    const found = await findServers('desk@rossi.invalid', {}, naming(imap.port, smtp.port), prompt);
    expect(prompt.asked).toEqual([expect.stringContaining('127.0.0.1 is outside rossi.invalid')]);
    expect(found).toMatchObject({
      ok: true,
      value: { imap: { port: imap.port }, smtp: { port: smtp.port } },
    });
  });

  test('are left with a no: then their names are asked for', async () => {
    const [imap, smtp] = await Promise.all([stranger('* OK ready\r\n'), stranger('220 ready\r\n')]);
    const prompt = answering('no', `127.0.0.1:${imap.port}`, `smtps://127.0.0.1:${smtp.port}`);
    const found = await findServers('desk@rossi.invalid', {}, naming(imap.port, smtp.port), prompt);
    expect(prompt.asked.slice(1)).toEqual(['IMAP server', 'SMTP server']);
    expect(found).toMatchObject({ ok: true });
  });
});
