import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';

/** A mail server that takes everything and forgets it, but for what is counted. */
export type Sink = {
  port: number;
  /** different mails, by their Message-ID, since `reset` */
  mails(): number;
  /** bytes of all that came, repeated ones included */
  bytes(): number;
  /** Called with each mail. */
  onMail(listener: () => void): void;
  reset(): void;
  close(): Promise<void>;
};

export async function startSink(): Promise<Sink> {
  const seen = new Set<string>();
  let bytes = 0;
  let listener: (() => void) | null = null;
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    size: 0,
    onData(stream, _session, callback) {
      let head = '';
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        // Message-IDs stand in the first lines
        if (head.length < 4096) head += chunk.toString('latin1');
      });
      stream.on('end', () => {
        const id = /^message-id:\s*(<[^>]+>)/im.exec(head)?.[1];
        if (id !== undefined) seen.add(id);
        callback(id === undefined ? new Error('a mail without Message-ID') : null);
        listener?.();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the sink has no port');
  return {
    port: address.port,
    mails: () => seen.size,
    bytes: () => bytes,
    onMail(next) {
      listener = next;
    },
    reset() {
      seen.clear();
      bytes = 0;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
