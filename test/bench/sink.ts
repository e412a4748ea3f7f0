import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';

/** What a sink is to wait for: so many different mails, counted from now. */
export const expectation = z.object({ mails: z.number() });

const taken = z.object({
  /** different mails, by their Message-ID */
  mails: z.number(),
  /** of all that came, repeated ones included */
  bytes: z.number(),
  /** when the last new mail had come, in milliseconds since 1970, by a clock that never jumps */
  lastAt: z.number(),
  /** of its process so far */
  cpuSeconds: z.number(),
  /** all that were expected */
  all: z.boolean(),
});
/** What a sink has counted since it was told what to expect. */
export type Taken = z.infer<typeof taken>;

/** A local mail server that forgets what it takes (`sink-server.ts`). */
export type Sink = {
  port: number;
  /** Counts anew, up to so many different mails. */
  expect(mails: number): Promise<void>;
  /** All that were expected. Throws where none has come for so many milliseconds, or at the signal. */
  all(patience: number, signal: AbortSignal): Promise<Taken>;
  /** as far as it is known */
  taken(): Taken;
  close(): Promise<void>;
};

export async function startSink(): Promise<Sink> {
  const server = fork(new URL('sink-server.ts', import.meta.url), { execArgv: [] });
  const [said]: unknown[] = await once(server, 'message');
  const { port } = z.object({ port: z.number() }).parse(said);
  let last: Taken = { mails: 0, bytes: 0, lastAt: 0, cpuSeconds: 0, all: false };
  const listeners = new Set<() => void>();
  server.on('message', (message) => {
    last = taken.parse(message);
    for (const listener of listeners) listener();
  });
  return {
    port,
    async expect(mails) {
      const counting = once(server, 'message');
      server.send({ mails });
      await counting;
    },
    async all(patience, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<Taken>();
      const hangs = (): void => reject(new Error(`no mail for ${patience / 1000} s; ${last.mails} had come`));
      const aborted = (): void => reject(new Error(`${last.mails} mails had come`));
      const timer = setTimeout(hangs, patience);
      const listener = (): void => {
        timer.refresh();
        if (last.all) resolve(last);
      };
      listeners.add(listener);
      signal.addEventListener('abort', aborted);
      listener();
      try {
        return await promise;
      } finally {
        listeners.delete(listener);
        signal.removeEventListener('abort', aborted);
        clearTimeout(timer);
      }
    },
    taken: () => last,
    close: () => ended(server),
  };
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  if (server.connected) server.disconnect();
  await exit;
}
