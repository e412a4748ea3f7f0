import { once } from 'node:events';
import type { Socket } from 'node:net';
import hoodiecrow from 'hoodiecrow-imap';
import { portOf } from '../config/urls.ts';

/** One person's mailbox on an IMAP server of its own: all users of one server would share a store. */
export type ImapMailbox = {
  /** loopback */
  port: number;
  /** Puts a message into a folder; programs that idle there are told at once. */
  append(folder: string, raw: Buffer): void;
  /** Messages in a folder now, oldest first; empty if there is no such folder. */
  contents(folder: string): Buffer[];
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
};

const folders = { Sent: '\\Sent', Drafts: '\\Drafts', Trash: '\\Trash' };

/**
 * Starts an IMAP server on a free loopback port that holds one mailbox in memory, with the folders that mail
 * programs look for. `user` and `password` are what a program logs in with.
 */
export async function startImapMailbox(user: string, password: string): Promise<ImapMailbox> {
  // the store begins anew with each start, so the UIDs of an earlier one must mean nothing (RFC 9051 §2.3.1.1)
  const uidvalidity = Math.floor(Date.now() / 1000);
  const server = hoodiecrow({
    plugins: [
      'ID',
      'IDLE',
      'NAMESPACE',
      'SPECIAL-USE',
      'UNSELECT',
      'LITERALPLUS',
      'ENABLE',
      'MOVE',
      'UIDPLUS',
    ],
    users: { [user]: { password } },
    storage: {
      INBOX: { uidvalidity },
      '': {
        type: 'personal',
        separator: '/',
        folders: Object.fromEntries(
          Object.entries(folders).map(([name, use]) => [name, { uidvalidity, 'special-use': use }]),
        ),
      },
    },
    id: { name: 'kTicket demo' },
  });

  const connections = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    // without this every answer waits for the delayed acknowledgement of the one before
    socket.setNoDelay(true);
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    port: portOf(server.server.address()),
    append(folder, raw) {
      server.appendMessage(folder, [], null, raw.toString('latin1'));
    },
    contents(folder) {
      return (server.getMailbox(folder)?.messages ?? []).map((message) => Buffer.from(message.raw, 'latin1'));
    },
    async close() {
      const closed = once(server.server, 'close');
      server.server.close();
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}
