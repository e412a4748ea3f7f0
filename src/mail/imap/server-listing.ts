/**
 * The messages of one mailbox on its server, filed or waiting, for an audit: each with its size and its Message-ID,
 * without its body. Nothing here changes a folder.
 */
import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { arrivingFrom, headerBytes, type Arriving } from './fetched-message.ts';
import { createSession, defaultTimeouts, filedKeyword, filingFolder } from './session.ts';
import { isMissingFolder, toMailboxError } from './mailbox-error.ts';
import type { Tokens } from '../oauth/oauth.ts';
import { batchesOf, chunksOf, rangeBounds, uidSet } from './uid-ranges.ts';
import type { MailboxSettings } from '../../config/settings.ts';

/** messages listed by one command */
const listedAtOnce = 1_000;

/** A message on the server. */
export type ServerMessage = {
  /** `user@host/folder`, as the database names it */
  mailbox: string;
  uidValidity: number;
  uid: number;
  size: number;
  receivedAt: Date;
  /** with brackets */
  messageId: string | null;
  /** taken in and filed: in the folder kTicket, or marked if it could not be moved */
  filed: boolean;
};

export type Folders = {
  /** Everything in the folder kTicket and in the inbox, by UID. The first is read first, so that a message that is filed meanwhile is missed in neither. */
  list(): Promise<ServerMessage[]>;
  /** Decoded subjects of the messages there whose subject contains this text. */
  subjects(text: string): Promise<string[]>;
  /** The bytes of these messages in ranges, as the inbox takes them; one that has gone meanwhile is left out. */
  read(messages: readonly ServerMessage[], maxMessageBytes: number): AsyncGenerator<Arriving[], void>;
  close(): Promise<void>;
};

/** The name of the folder kTicket beside a mailbox, as stored in the database. */
export function filingName({ name, folder }: MailboxSettings): string {
  return name.slice(0, name.length - folder.length) + filingFolder;
}

/** Connects to a mailbox for an audit. Throws MailboxError, as do the other two. */
export async function openFolders(settings: MailboxSettings, tokens: Tokens): Promise<Folders> {
  const session = createSession(settings, defaultTimeouts, tokens);
  const { client } = session;
  const ask = async <T>(doing: string, commands: () => Promise<T>): Promise<T> => {
    try {
      return await commands();
    } catch (error) {
      throw toMailboxError(error, settings, doing);
    }
  };
  /** Selects the inbox or kTicket read-only. @returns its UIDVALIDITY, or null if there is no such folder */
  const select = async (mailbox: string): Promise<number | null> => {
    const path = mailbox === settings.name ? settings.folder.split('/') : await filingPath(client);
    return path === null ? null : Number((await client.mailboxOpen(path, { readOnly: true })).uidValidity);
  };
  try {
    await ask(`open ${settings.folder}`, () => session.open());
  } catch (error) {
    client.close();
    throw error;
  }

  return {
    list: () =>
      ask('list messages', async () => {
        const filing = filingName(settings);
        const filedThere = await select(filing);
        const there = filedThere === null ? [] : await listSelected(client, filing, filedThere, () => true);
        const inbox = (await select(settings.name)) ?? 0;
        const waiting = await client.search({ unKeyword: filedKeyword }, { uid: true });
        if (!Array.isArray(waiting)) throw session.unanswered('list messages');
        const unmarked = new Set(waiting);
        return [...there, ...(await listSelected(client, settings.name, inbox, (uid) => !unmarked.has(uid)))];
      }),

    subjects: (text) =>
      ask('search subjects', async () => {
        const subjects: string[] = [];
        for (const mailbox of [filingName(settings), settings.name]) {
          if ((await select(mailbox)) === null) continue;
          const found = await client.search({ subject: text }, { uid: true });
          for (const range of chunksOf(Array.isArray(found) ? found : [], listedAtOnce)) {
            const messages = await client.fetchAll(uidSet(range), { envelope: true }, { uid: true });
            subjects.push(...messages.map(({ envelope }) => envelope?.subject ?? ''));
          }
        }
        return subjects;
      }),

    async *read(messages, maxMessageBytes) {
      const whole = { ...rangeBounds, heldBytes: maxMessageBytes, messageBytes: maxMessageBytes };
      for (const [mailbox, these] of Map.groupBy(messages, (one) => one.mailbox)) {
        const uidValidity = await ask('open a folder', () => select(mailbox));
        const still = these.filter((one) => one.uidValidity === uidValidity);
        for (const range of chunksOf(still, rangeBounds.messages)) {
          for (const { how, uids } of batchesOf(range, whole)) {
            const source = how === 'headers' ? { start: 0, maxLength: headerBytes } : (true as const);
            const items = { uid: true, size: true, internalDate: true, source };
            const fetched = await ask('deliver messages', () =>
              client.fetchAll(uidSet(uids), items, { uid: true }),
            );
            const arriving = fetched
              .flatMap((message) => arrivingFrom(message, mailbox, uidValidity ?? 0, maxMessageBytes))
              .toSorted((a, b) => (a.uid ?? 0) - (b.uid ?? 0));
            if (arriving.length > 0) yield arriving;
          }
        }
      }
    },

    close: () => session.close(),
  };
}

/** The folder's path with the server's own prefix and separator, or null if there is no such folder. */
async function filingPath(client: ImapFlow): Promise<string | null> {
  try {
    const found = await client.status(filingFolder, { messages: true });
    return found === false ? null : found.path;
  } catch (error) {
    if (isMissingFolder(error)) return null;
    throw error;
  }
}

async function listSelected(
  client: ImapFlow,
  mailbox: string,
  uidValidity: number,
  isFiled: (uid: number) => boolean,
): Promise<ServerMessage[]> {
  const found = await client.search({ all: true }, { uid: true });
  const uids = Array.isArray(found) ? found.toSorted((a, b) => a - b) : [];
  const items = { uid: true, size: true, internalDate: true, headers: ['message-id'] };
  const lying: ServerMessage[] = [];
  for (const range of chunksOf(uids, listedAtOnce)) {
    for (const message of await client.fetchAll(`${range[0]}:${range.at(-1)}`, items, { uid: true })) {
      lying.push({
        mailbox,
        uidValidity,
        uid: message.uid,
        size: message.size ?? 0,
        receivedAt: new Date(message.internalDate ?? 0),
        messageId: messageIdIn(message),
        filed: isFiled(message.uid),
      });
    }
  }
  return lying.toSorted((a, b) => a.uid - b.uid);
}

function messageIdIn({ headers }: FetchMessageObject): string | null {
  return /<[^<>\s]+>/u.exec(headers?.toString('latin1') ?? '')?.[0] ?? null;
}
