import { connect, createServer, type Socket } from 'node:net';
import { portOf } from '../../src/config/urls.ts';

/** `out`: from the worker to the server. */
export type Direction = 'out' | 'in';

/**
 * Fate of a piece of the conversation: it passes, perhaps trickling at a byte a second; it is lost with the worker; or it
 * passes and then the worker dies.
 */
export type Fate = 'passes' | 'trickles' | 'is lost' | 'is the last';

export type Wire = { port: number; close(): Promise<void> };

/**
 * A wire between one worker and a server on a loopback port, on which every piece of the conversation is seen before it
 * goes on.
 * @param see decides what becomes of a piece (latin1, as it arrives)
 * @param kill ends the worker; called at once where the piece is lost, and once it is handed over where it is the last
 */
export async function startWire(
  target: number,
  see: (direction: Direction, text: string) => Fate,
  kill: () => void,
): Promise<Wire> {
  const sockets = new Set<Socket>();
  /** by socket, what it is still to get a byte at a time */
  const trickling = new Map<Socket, Buffer>();
  const pass = (direction: Direction, to: Socket, chunk: Buffer): void => {
    const fate = see(direction, chunk.toString('latin1'));
    switch (fate) {
      case 'passes':
        if (trickling.has(to)) trickle(trickling, to, chunk);
        else to.write(chunk);
        return;
      case 'trickles':
        trickle(trickling, to, chunk);
        return;
      case 'is lost':
        kill();
        return;
      case 'is the last':
        to.write(chunk, () => kill());
        return;
      default:
        throw fate satisfies never;
    }
  };
  const server = createServer((worker) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [worker, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      // a worker that was killed resets its connections
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        worker.destroy();
        // what was handed over is still the server's to act on
        upstream.end();
      });
    }
    worker.on('data', (chunk) => pass('out', upstream, chunk));
    upstream.on('data', (chunk) => pass('in', worker, chunk));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: portOf(server.address()),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** Pieces behind a trickling one trickle too, until all have passed. */
function trickle(trickling: Map<Socket, Buffer>, to: Socket, chunk: Buffer): void {
  const rest = trickling.get(to);
  trickling.set(to, Buffer.concat([rest ?? Buffer.alloc(0), chunk]));
  if (rest !== undefined) return;
  const dropping = setInterval(() => {
    const [next, ...more] = trickling.get(to) ?? [];
    if (next !== undefined) to.write(Uint8Array.of(next));
    if (more.length > 0) trickling.set(to, Buffer.from(more));
    else end();
  }, 1_000);
  const end = (): void => {
    clearInterval(dropping);
    trickling.delete(to);
  };
  to.once('close', end);
}
