import { ImapFlow } from 'imapflow';
import type { MailboxSettings } from '../../src/config.ts';
import { startImapMailbox } from '../../src/demo/imap-mailbox.ts';
import { dovecotAvailable, startDovecot } from './dovecot.ts';
import type { DovecotOptions } from './dovecot.ts';

/** An IMAP server with one mailbox, seen from outside by a client of its own. */
export type ImapServer = {
  port: number;
  user: string;
  password: string;
  /** How to read it; `port` to go through a proxy, `password` to be refused. */
  settings(change?: Partial<MailboxSettings>): MailboxSettings;
  /** Appends messages, oldest first. */
  deliver(messages: string[], folder?: string): Promise<void>;
  /** What lies in a folder, oldest first; flags sorted. */
  contents(folder: string): Promise<{ raw: string; flags: string[] }[]>;
  /** Anything else, as another mail program would do it. */
  asOther<T>(act: (client: ImapFlow) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
};

export type ServerKind = 'embedded' | 'Dovecot';

/** The servers a suite can run on here; says what it leaves out. */
export function serverKinds(): ServerKind[] {
  return dovecotAvailable() ? ['embedded', 'Dovecot'] : ['embedded'];
}

/** Starts an empty mailbox of its own on a free port. */
export async function startImapServer(kind: ServerKind, options: DovecotOptions = {}): Promise<ImapServer> {
  const user = 'assistenza@desk.example';
  const server = await (kind === 'Dovecot' ? dovecot(options) : embedded(user));
  const settings = (change: Partial<MailboxSettings> = {}): MailboxSettings => ({
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    user,
    password: server.password,
    folder: 'INBOX',
    name: `${user}@127.0.0.1:${server.port}/INBOX`,
    ...change,
  });
  const asOther = async <T>(act: (client: ImapFlow) => Promise<T>): Promise<T> => {
    const { host, port, password } = settings();
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
    port: server.port,
    user,
    password: server.password,
    settings,
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
    stop: server.stop,
  };
}

type Running = { port: number; password: string; stop(): Promise<void> };

async function dovecot(options: DovecotOptions): Promise<Running> {
  const { imapPort, password, stop } = await startDovecot(options);
  return { port: imapPort, password, stop };
}

async function embedded(user: string): Promise<Running> {
  const password = 'segreto-embedded';
  const { port, close } = await startImapMailbox(user, password);
  return { port, password, stop: close };
}
