import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { startImapMailbox } from '../../src/demo/imap-mailbox.ts';
import type { ImapMailbox } from '../../src/demo/imap-mailbox.ts';
import { startDovecot } from './dovecot.ts';
import type { DovecotOptions } from './dovecot.ts';
import { dovecotAvailable } from './servers.ts';
import type { MailboxSettings } from '../../src/config/settings.ts';

/** An IMAP server that hands out empty mailboxes. */
export type ImapHost = {
  mailbox(): Promise<TestMailbox>;
  /** File in which Dovecot keeps a message of INBOX. */
  messageFile(user: string, uid: number): string;
  stop(): Promise<void>;
};

/** A mailbox of its own on an IMAP server, seen from outside by another mail program. */
export type TestMailbox = {
  port: number;
  user: string;
  password: string;
  /** Settings for reading the mailbox; `port` to go through a proxy, `password` to be refused. */
  settings(change?: Partial<MailboxSettings>): MailboxSettings;
  /** Appends messages, oldest first. */
  deliver(messages: string[], folder?: string): Promise<void>;
  /** Messages in a folder, oldest first; flags sorted. */
  contents(folder: string): Promise<{ raw: string; flags: string[] }[]>;
  /** Anything else, as another mail program would do it. */
  asOther<T>(act: (client: ImapFlow) => Promise<T>): Promise<T>;
};

export type ServerKind = 'embedded' | 'Dovecot';

/** The kinds of server, for `describe.each`; a suite skips those that are not installed here, which is said. */
export const serverKinds: readonly { kind: ServerKind; missing: boolean }[] = [
  { kind: 'embedded', missing: false },
  { kind: 'Dovecot', missing: !dovecotAvailable() },
];

/** Starts a server on a free port; the options are Dovecot's. */
export async function startImapHost(kind: ServerKind, options: DovecotOptions = {}): Promise<ImapHost> {
  return await (kind === 'Dovecot' ? dovecotHost(options) : embeddedHost());
}

async function dovecotHost(options: DovecotOptions): Promise<ImapHost> {
  const dovecot = await startDovecot(options);
  let users = 0;
  return {
    async mailbox() {
      users += 1;
      return mailboxOn(dovecot.imapPort, `desk${users}@desk.example`, dovecot.password);
    },
    messageFile: (user, uid) =>
      join(dovecot.mailDirectory, user, `sdbox/mailboxes/INBOX/dbox-Mails/u.${uid}`),
    stop: () => dovecot.stop(),
  };
}

async function embeddedHost(): Promise<ImapHost> {
  const started: ImapMailbox[] = [];
  return {
    async mailbox() {
      const [user, password] = ['assistenza@desk.example', 'segreto-embedded'];
      const server = await startImapMailbox(user, password);
      started.push(server);
      return mailboxOn(server.port, user, password);
    },
    messageFile() {
      throw new Error('the embedded server keeps its messages in memory');
    },
    async stop() {
      await Promise.all(started.map((server) => server.close()));
    },
  };
}

/** The mailbox of a user on an IMAP server on this loopback port. */
export function mailboxOn(port: number, user: string, password: string): TestMailbox {
  const host = '127.0.0.1';
  const asOther = async <T>(act: (client: ImapFlow) => Promise<T>): Promise<T> => {
    const client = new ImapFlow({
      host,
      port,
      doSTARTTLS: false,
      auth: { user, pass: password },
      logger: false,
    });
    await client.connect();
    try {
      return await act(client);
    } finally {
      await client.logout();
    }
  };

  return {
    port,
    user,
    password,
    settings: (change = {}) => ({
      host,
      port,
      secure: false,
      user,
      password,
      folder: 'INBOX',
      name: `${user}@${host}:${port}/INBOX`,
      ...change,
    }),
    asOther,
    deliver: (messages, folder = 'INBOX') =>
      asOther(async (client) => {
        for (const message of messages) {
          if ((await client.append(folder, Buffer.from(message, 'latin1'))) === false) {
            throw new Error(`${folder} took no message`);
          }
        }
      }),
    contents: (folder) =>
      asOther(async (client) => {
        await client.mailboxOpen(folder, { readOnly: true });
        const found = await client.fetchAll('1:*', { source: true, flags: true });
        return found.map(({ source, flags }) => ({
          raw: source?.toString('latin1') ?? '',
          flags: [...(flags ?? [])].filter((flag) => flag !== '\\Recent').toSorted(),
        }));
      }),
  };
}
