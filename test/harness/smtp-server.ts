import { once } from 'node:events';
import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SmtpSettings } from '../../src/config/settings.ts';

/** A reply instead of acceptance; `hang_up`: the connection is cut instead of a reply. */
type Reply = { code: number; text: string } | 'hang_up' | null;

export type TestSmtpServer = {
  settings: SmtpSettings;
  /** mails that were received to their end, accepted or not */
  received: { from: string; to: string[]; bytes: Buffer }[];
  connections: () => number;
  /** may be replaced at any time; each is asked once a command, null: accepted */
  replies: {
    /** `place` counts the connections that were open before this one, and are */
    connect: (place: number) => Reply;
    mailFrom: (address: string) => Reply;
    rcptTo: (address: string) => Reply;
    data: (bytes: Buffer, to: string[]) => Reply | Promise<Reply>;
  };
  /** cuts all connections */
  hangUp: () => void;
  close: () => Promise<void>;
};

/** A real SMTP server on a free loopback port that answers as the test says. */
export async function startSmtpServer(
  login: { user: string; password: string } | null = null,
  tls: 'none' | 'starttls' | 'implicit' = 'none',
  /** owner of an access token, or null for nobody; if given, XOAUTH2 is the only login */
  ownerOf: ((token: string) => string | null) | null = null,
  /** bytes it says it takes at most; 0: it does not say */
  size = 0,
): Promise<TestSmtpServer> {
  const received: TestSmtpServer['received'] = [];
  const sockets = new Set<Socket>();
  const replies: TestSmtpServer['replies'] = {
    connect: () => null,
    mailFrom: () => null,
    rcptTo: () => null,
    data: () => null,
  };
  const answer = (reply: Reply, remotePort: number, callback: (error?: Error | null) => void): void => {
    if (reply === null) callback();
    else if (reply === 'hang_up')
      for (const socket of sockets) if (socket.remotePort === remotePort) socket.destroy();
    if (reply !== null && reply !== 'hang_up') {
      callback(Object.assign(new Error(reply.text), { responseCode: reply.code }));
    }
  };
  const hangUp = (): void => {
    // Node crashes where a socket is destroyed underneath its TLS
    if (tls === 'none') for (const socket of sockets) socket.destroy();
  };
  const server = new SMTPServer({
    authOptional: login === null && ownerOf === null,
    ...(ownerOf === null ? {} : { authMethods: ['XOAUTH2'] }),
    // with the library's own certificate, which nobody signed
    secure: tls === 'implicit',
    hideSTARTTLS: tls !== 'starttls',
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 500,
    size,
    onAuth(auth, _session, callback) {
      if (ownerOf !== null) {
        const owner = ownerOf(auth.accessToken ?? '');
        // no user and no error: a challenge, as Google answers
        callback(null, owner === auth.username ? { user: owner } : { data: { status: '400' } });
        return;
      }
      const right = login !== null && auth.username === login.user && auth.password === login.password;
      callback(
        right ? null : new Error('Invalid credentials'),
        right ? { user: auth.username ?? '' } : undefined,
      );
    },
    onConnect(session, callback) {
      const place = [...sockets].findIndex((socket) => socket.remotePort === session.remotePort);
      answer(replies.connect(place), session.remotePort, callback);
    },
    onMailFrom: (address, session, callback) =>
      answer(replies.mailFrom(address.address), session.remotePort, callback),
    onRcptTo: (address, session, callback) =>
      answer(replies.rcptTo(address.address), session.remotePort, callback),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map(({ address }) => address);
        received.push({ from: mailFrom === false ? '' : mailFrom.address, to, bytes });
        void Promise.resolve(replies.data(bytes, to)).then((reply) =>
          answer(reply, session.remotePort, callback),
        );
      });
    },
  });
  server.on('error', () => {
    // connections that a test cuts
  });
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const { port } = address;
  return {
    settings: {
      host: '127.0.0.1',
      port,
      secure: tls === 'implicit',
      user: login?.user ?? null,
      password: login?.password ?? null,
      name: `127.0.0.1:${port}`,
    },
    received,
    connections: () => sockets.size,
    replies,
    hangUp,
    async close() {
      hangUp();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
