/**
 * A mailbox on an IMAP server, as the worker needs it: lists waiting messages, reads their bytes in order, and files
 * them out of the inbox once they are committed.
 *
 * Messages are read in ranges, and each range leaves the inbox in one command: by MOVE into the folder `kTicket`, by
 * COPY and UID EXPUNGE where there is no MOVE, by a keyword where there is neither or the server says no. Nothing here
 * removes a message that was not handed out first, and nothing marks one as read.
 */
import type { FetchMessageObject } from 'imapflow';
import type { Logger } from 'pino';
import {
  arrivalOf,
  arrivingFrom,
  headerBytes,
  sourceOf,
  type Arriving,
  type ArrivingInPieces,
} from './fetched-message.ts';
import { createSession, defaultTimeouts, filedKeyword, filingFolder } from './session.ts';
import type { Woken } from './mail-watch.ts';
import type { MailboxTimeouts, Session } from './session.ts';
import { isDeliveryFailure, isLoginRefused, MailboxError, toMailboxError } from './mailbox-error.ts';
import { noTokens, type Tokens } from '../oauth/oauth.ts';
import { batchesOf, chunksOf, rangeBounds, uidSet } from './uid-ranges.ts';
import type { MailboxSettings } from '../../config/settings.ts';

/** bytes of one piece of a message that is not held at once */
const pieceBytes = 1024 * 1024;
const firstBytes = {
  whole: true,
  'in pieces': { start: 0, maxLength: pieceBytes },
  headers: { start: 0, maxLength: headerBytes },
} as const;
/** attempts to fetch a message before it is set aside, and for how long */
const deliveryTries = 3;
const setAsideMs = 10 * 60_000;

export type MailboxOptions = {
  log: Logger;
  /** a larger message is recorded by its headers only */
  maxMessageBytes: number;
  timeouts?: Partial<MailboxTimeouts>;
  /** for a user without a password */
  tokens?: Tokens;
  /** whether a host is this machine, whose server is asked for new mail often */
  isNear?: (host: string) => Promise<boolean>;
};

export type Mailbox = {
  /** `user@host/folder` */
  name: string;
  /**
   * UIDs of all waiting messages in the folder, in order of arrival, under the folder's present UIDVALIDITY. Connects first if
   * necessary. Throws MailboxError, as do the next two.
   */
  waiting(): Promise<{ uidValidity: number; uids: number[] }>;
  /**
   * Fetches the messages of these UIDs in ranges, in order, until the signal; one of some megabytes comes alone, in pieces. A
   * message that is gone is left out; one that the server fails to deliver stays there, with a warning, and the next ones
   * follow.
   */
  read(
    uidValidity: number,
    uids: number[],
    signal: AbortSignal,
  ): AsyncGenerator<Arriving[] | ArrivingInPieces, void>;
  /** Takes committed messages out of the way; the UIDs for which that is now true. */
  file(uidValidity: number, uids: number[]): Promise<number[]>;
  /** Sleeps until new mail is there, `ms` have passed, the connection is lost, or the signal. */
  waitForMail(ms: number, signal: AbortSignal): Promise<Woken>;
  /** Says goodbye, or hangs up where the server is slow to answer; commands under way fail. Never throws; may be used again. */
  close(): Promise<void>;
};

/** A mailbox to read; connects on first use. */
export function openMailbox(settings: MailboxSettings, options: MailboxOptions): Mailbox {
  const { log, maxMessageBytes, tokens = noTokens } = options;
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  let current: Session | null = null;
  const said = new Set<string>();

  const warnOnce = (what: string, words: string): void => {
    if (said.has(what)) return;
    said.add(what);
    log.warn({ mailbox: settings.name }, words);
  };

  /** A session that is open. A token that the server refuses is renewed, and tried once more. */
  const opened = async (renewed: boolean): Promise<Session> => {
    const session = createSession(settings, timeouts, tokens, options.isNear);
    current = session;
    try {
      await session.open();
      return session;
    } catch (error) {
      session.client.close();
      if (!renewed && settings.password === null && isLoginRefused(error)) {
        await tokens(settings.user)
          .renewed()
          .catch((failure: unknown) => {
            throw toMailboxError(failure, settings, `open ${settings.folder}`);
          });
        return opened(true);
      }
      throw toMailboxError(error, settings, `open ${settings.folder}`);
    }
  };

  const connected = async (): Promise<Session> => {
    if (current?.client.usable) return current;
    const session = await opened(false);
    const filing = session.filing();
    if (!filing.possible) {
      warnOnce(
        'filing',
        `messages cannot be moved to ${filingFolder}, the keyword ${filedKeyword} marks them: ${filing.why}`,
      );
    }
    return session;
  };

  /** Runs commands on the connection and converts their exceptions to a MailboxError that names `doing`. */
  const ask = async <T>(doing: string, commands: (session: Session) => Promise<T>): Promise<T> => {
    const session = await connected();
    try {
      return await commands(session);
    } catch (error) {
      throw toMailboxError(error, settings, doing);
    }
  };

  /** The same for commands that name UIDs, which mean nothing once the server has numbered the folder anew. */
  const askAbout = <T>(
    uidValidity: number,
    doing: string,
    commands: (session: Session) => Promise<T>,
  ): Promise<T> =>
    ask(doing, async (session) => {
      if (session.uidValidity() !== uidValidity) {
        throw new MailboxError(
          'protocol',
          `${settings.name}: the server has numbered its messages anew (UIDVALIDITY)`,
        );
      }
      return await commands(session);
    });

  /** UIDs that the server could not deliver, and when (performance.now) they are asked for again. */
  const setAside = new Map<string, number>();
  /** UIDs of messages over the limit that the server had said to be smaller. */
  const oversized = new Set<string>();

  const isThere = async (uidValidity: number, uid: number): Promise<boolean> =>
    askAbout(uidValidity, 'look for a message', async (session) => (await session.present([uid])).length > 0);

  /**
   * Fetches whole messages, or ranges of their bytes; those that are gone are left out. If the server refuses, hangs up or
   * falls silent, they are requested one by one, and one that it repeatedly fails to deliver is set aside: a message it cannot
   * read must not hold up the others.
   */
  const fetchMessages = async (
    uidValidity: number,
    uids: number[],
    source: true | { start: number; maxLength: number },
    signal: AbortSignal,
  ): Promise<FetchMessageObject[]> => {
    const items = { uid: true, size: true, internalDate: true, source };
    for (let tries = 1; ; tries += 1) {
      // not being reachable at all is no message's fault
      await connected();
      try {
        return await askAbout(uidValidity, 'deliver messages', ({ client }) =>
          client.fetchAll(uidSet(uids), items, { uid: true }),
        );
      } catch (error) {
        if (signal.aborted || !isDeliveryFailure(error)) throw error;
        const [uid] = uids;
        if (uids.length > 1 || uid === undefined) break;
        // expunged by another after we saw it: a server may then say no (RFC 5530 §3, EXPUNGEISSUED)
        if (!(await isThere(uidValidity, uid))) return [];
        if (tries < deliveryTries) continue;
        setAside.set(`${uidValidity}/${uid}`, performance.now() + setAsideMs);
        const words = `message UID ${uid} stays where it is, the server cannot deliver it: ${error.message}`;
        warnOnce(`uid ${uidValidity}/${uid}`, words);
        return [];
      }
    }
    const fetched: FetchMessageObject[] = [];
    for (const uid of uids) fetched.push(...(await fetchMessages(uidValidity, [uid], source, signal)));
    return fetched;
  };

  /** Fetches the rest of a message after its first piece. */
  const inPieces = (
    { uid, size = 0, internalDate }: FetchMessageObject,
    first: Buffer,
    uidValidity: number,
    signal: AbortSignal,
  ): ArrivingInPieces => ({
    ...arrivalOf(uid, internalDate, settings.name, uidValidity),
    piece: async (start) => {
      if (start === 0) return first;
      if (start > maxMessageBytes) {
        oversized.add(`${uidValidity}/${uid}`);
        throw new MailboxError(
          'protocol',
          `${settings.name}: message UID ${uid} is over MAX_MESSAGE_MB, though the server gave its size as ${size} bytes; the next try takes its headers only`,
        );
      }
      const source = { start, maxLength: pieceBytes };
      const [message] = await fetchMessages(uidValidity, [uid], source, signal);
      if (message === undefined) return null;
      const bytes = sourceOf(message) ?? Buffer.alloc(0);
      // some servers answer for a message that has gone with nothing, as behind the end of one
      if (bytes.length === 0 && start < size && !(await isThere(uidValidity, uid))) return null;
      return bytes;
    },
  });

  return {
    name: settings.name,

    waiting: () =>
      ask(`search ${settings.folder}`, async (session) => {
        session.seen();
        await session.client.noop();
        const uids = await session.client.search({ unKeyword: filedKeyword }, { uid: true });
        if (!Array.isArray(uids)) throw session.unanswered(`search ${settings.folder}`);
        return { uidValidity: session.uidValidity(), uids: uids.toSorted((a, b) => a - b) };
      }),

    async *read(uidValidity, uids, signal) {
      const now = performance.now();
      const due = uids.filter((uid) => (setAside.get(`${uidValidity}/${uid}`) ?? 0) <= now);
      for (const range of chunksOf(due, rangeBounds.messages)) {
        const listed = await askAbout(uidValidity, 'list messages', ({ client }) =>
          client.fetchAll(uidSet(range), { uid: true, size: true }, { uid: true }),
        );
        const sizes = listed.map(({ uid, size = 0 }) => ({
          uid,
          size: oversized.has(`${uidValidity}/${uid}`) ? Number.POSITIVE_INFINITY : size,
        }));
        for (const batch of batchesOf(sizes, { ...rangeBounds, messageBytes: maxMessageBytes })) {
          if (signal.aborted) return;
          const fetched = await fetchMessages(uidValidity, batch.uids, firstBytes[batch.how], signal);
          if (batch.how === 'in pieces') {
            for (const message of fetched) {
              const first = sourceOf(message);
              if (first !== null) yield inPieces(message, first, uidValidity, signal);
            }
            continue;
          }
          const arriving = fetched
            .flatMap((message) => arrivingFrom(message, settings.name, uidValidity, maxMessageBytes))
            .toSorted((a, b) => (a.uid ?? 0) - (b.uid ?? 0));
          if (arriving.length > 0) yield arriving;
        }
      }
    },

    async file(uidValidity, uids) {
      const filed: number[] = [];
      for (const range of chunksOf(uids, rangeBounds.messages)) {
        const outcome = await askAbout(uidValidity, 'file messages', (session) => session.file(range));
        if (outcome === 'refused') {
          warnOnce(
            'file',
            'messages can neither be moved nor be marked: they stay where they are, taken in once',
          );
        } else {
          filed.push(...range);
        }
        if (outcome === 'marked' && current?.filing().possible) {
          warnOnce(
            'move',
            `the server refuses to move messages to ${filingFolder}: the keyword ${filedKeyword} marks them`,
          );
        }
      }
      return filed;
    },

    waitForMail: async (ms, signal) =>
      signal.aborted ? 'aborted' : (current?.waitForMail(ms, signal) ?? 'closed'),

    async close() {
      const closing = current;
      current = null;
      await closing?.close();
    },
  };
}
