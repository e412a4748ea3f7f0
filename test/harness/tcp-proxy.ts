import { createServer, connect } from 'node:net';
import type { Socket } from 'node:net';
import { portOf } from '../../src/config/urls.ts';

/** Ways in which a connection fails: cut, or left open without another byte. */
export type Failing = 'cut' | 'silent';

/** A wire to a server that tests can cut, or leave hanging. All texts and patterns are latin1, as it arrives. */
export type TcpProxy = {
  port: number;
  /** Resolves when a client next sends something that fits. */
  sent(pattern: RegExp): Promise<void>;
  /** Ends every connection. */
  drop(): void;
  /** From now on all that comes back takes so many milliseconds. */
  delay(ms: number): void;
  /** From now on nothing comes back from the server, and nothing is closed. */
  hang(): void;
  /** Once, when the server next sends this text: that is the last that comes back on that connection. */
  failAfter(text: string, how: Failing): void;
  /** Once, when a client next sends something that fits: it reaches the server, but no answer comes back. */
  failAt(pattern: RegExp, how: Failing): void;
  /** Once: holds back what a client next sends that fits; resolves then, with what lets it pass. */
  holdAt(pattern: RegExp): Promise<() => void>;
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
  let late = 0;
  let fuse: { text: string; how: Failing } | null = null;
  const waiting: { pattern: RegExp; tell: () => void }[] = [];
  const failing: { pattern: RegExp; how: Failing }[] = [];
  const holding: { pattern: RegExp; tell: (release: () => void) => void }[] = [];

  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let sent = '';
    let failed: Failing | null = null;
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
      const text = chunk.toString('latin1');
      failed = takeFitting(failing, text)?.how ?? failed;
      takeFitting(waiting, text)?.tell();
      const hold = takeFitting(holding, text);
      if (hold === undefined) upstream.write(chunk);
      else hold.tell(() => void upstream.write(chunk));
    });
    upstream.on('data', (chunk) => {
      if (failed === 'cut') client.end();
      if (hanging || failed !== null) return;
      const before = sent.length;
      if (fuse !== null) sent += chunk.toString('latin1');
      const at = fuse === null ? -1 : sent.indexOf(fuse.text);
      if (fuse === null || at === -1) {
        if (late === 0) client.write(chunk);
        else setTimeout(() => client.write(chunk), late);
        return;
      }
      client.write(chunk.subarray(0, at + fuse.text.length - before));
      failed = fuse.how;
      if (failed === 'cut') client.end();
      fuse = null;
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
    delay(ms) {
      late = ms;
    },
    hang() {
      hanging = true;
    },
    failAfter(text, how) {
      fuse = { text, how };
    },
    failAt: (pattern, how) => void failing.push({ pattern, how }),
    holdAt: (pattern) => new Promise((tell) => holding.push({ pattern, tell })),
    refuse,
    accept: () => listen(port),
    close: refuse,
  };
}

/** The first one whose pattern fits, taken out of the list. */
function takeFitting<T extends { pattern: RegExp }>(list: T[], text: string): T | undefined {
  const index = list.findIndex(({ pattern }) => pattern.test(text));
  return index === -1 ? undefined : list.splice(index, 1)[0];
}
