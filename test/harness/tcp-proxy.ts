import { createServer, connect } from 'node:net';
import type { Socket } from 'node:net';
import { portOf } from '../../src/demo/imap-mailbox.ts';

/** A wire to a server that tests can cut, or leave hanging. */
export type TcpProxy = {
  port: number;
  /** Resolves when a client next sends something that fits (latin1, as it arrives). */
  sent(pattern: RegExp): Promise<void>;
  /** Ends every connection. */
  drop(): void;
  /** From now on nothing comes back from the server, and nothing is closed. */
  hang(): void;
  /** Cuts the connection behind this text (latin1), once, when the server next sends it. */
  dropAfter(text: string): void;
  /** New connections are refused from now on. */
  refuse(): Promise<void>;
  /** Listens again on the same port. */
  accept(): Promise<void>;
  close(): Promise<void>;
};

/** Passes bytes between clients and the server on `target`, a loopback port. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let hanging = false;
  let fuse: string | null = null;
  const waiting: { pattern: RegExp; tell: () => void }[] = [];

  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let sent = '';
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.end();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      upstream.write(chunk);
      const text = chunk.toString('latin1');
      for (const one of waiting.filter(({ pattern }) => pattern.test(text))) {
        waiting.splice(waiting.indexOf(one), 1);
        one.tell();
      }
    });
    upstream.on('data', (chunk) => {
      if (hanging) return;
      const before = sent.length;
      if (fuse !== null) sent += chunk.toString('latin1');
      const at = fuse === null ? -1 : sent.indexOf(fuse);
      if (fuse === null || at === -1) {
        client.write(chunk);
        return;
      }
      client.end(chunk.subarray(0, at + fuse.length - before));
      fuse = null;
      upstream.destroy();
    });
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const refuse = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      drop();
    });
  await listen(0);
  const port = portOf(server.address());

  return {
    port,
    sent: (pattern) => new Promise((tell) => waiting.push({ pattern, tell })),
    drop,
    hang() {
      hanging = true;
    },
    dropAfter(text) {
      fuse = text;
    },
    refuse,
    accept: () => listen(port),
    close: refuse,
  };
}
