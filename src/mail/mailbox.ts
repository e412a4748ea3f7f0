/**
 * A mailbox on an IMAP server, as the worker needs it: what waits there, its bytes in order, and the way out of the
 * inbox once they are committed.
 *
 * Messages are read in ranges, and each range leaves the inbox in one command: by MOVE into the folder `kTicket`, by
 * COPY and UID EXPUNGE where there is no MOVE, by a keyword where there is neither or the server says no. Nothing here
 * removes a message that was not handed out first, and nothing marks one as read.
 */
import type { FetchMessageObject } from 'imapflow';
import type { Logger } from 'pino';
import type { MailboxSettings } from '../config.ts';
import type { Arriving } from '../store/inbox.ts';
import { createSession, defaultTimeouts, filedKeyword, filingFolder } from './imap-session.ts';
import type { MailboxTimeouts, Session, Woken } from './imap-session.ts';
import { isDeliveryFailure, isLoginRefused, MailboxError, toMailboxError } from './mailbox-error.ts';
import { noTokens, type Tokens } from './oauth.ts';

/** messages read and filed together */
export const rangeLength = 50;
/** a range ends early at this many bytes, so that memory stays flat */
const rangeBytes = 8 * 1024 * 1024;
/** of a message over the limit, this much is asked for to find its headers */
export const headerBytes = 256 * 1024;
/** a message is set aside after so many tries to have it delivered, for so long */
const deliveryTries = 3;
const setAsideMs = 10 * 60_000;

export type MailboxOptions = {
  log: Logger;
  /** a larger message is recorded by its headers only */
  maxMessageBytes: number;
  timeouts?: Partial<MailboxTimeouts>;
  /** for a user without a password */
  tokens?: Tokens;
};

export type Mailbox = {
  /** `user@host/folder` */
  name: string;
  /**
   * UIDs of everything that waits in the folder, in order of arrival, under the folder's present UIDVALIDITY.
   * Connects first where there is no connection. Throws MailboxError, as do the next two.
   */
  waiting(): Promise<{ uidValidity: number; uids: number[] }>;
  /**
   * The messages of these UIDs in ranges, in order, until the signal. One that has gone meanwhile is left out; one
   * that the server fails to deliver stays where it is, with a warning, and the next ones go on.
   */
  read(uidValidity: number, uids: number[], signal: AbortSignal): AsyncGenerator<Arriving[], void>;
  /** Takes committed messages out of the way; the UIDs for which that is now true. */
  file(uidValidity: number, uids: number[]): Promise<number[]>;
  /** Sleeps until new mail is announced (IDLE), `ms` have passed, the connection is lost, or the signal. */
  waitForMail(ms: number, signal: AbortSignal): Promise<Woken>;
  /** Says goodbye, or hangs up where the server is slow to answer; commands under way fail. Never throws; may be used again. */
  close(): Promise<void>;
};

/** A mailbox to be read; nothing is connected until its first use. */
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
    const session = createSession(settings, timeouts, tokens);
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

  /** Runs commands on the connection; what they throw becomes a MailboxError that names `doing`. */
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

  /**
   * Whole messages, or their first bytes. Where the server refuses or hangs up they are asked for one by one, and one
   * that it fails to deliver again and again is set aside: a message it cannot read must not hold up the others.
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
          client.fetchAll(uids.join(','), items, { uid: true }),
        );
      } catch (error) {
        if (signal.aborted || !isDeliveryFailure(error)) throw error;
        const [uid] = uids;
        if (uids.length > 1 || uid === undefined) break;
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
      for (const range of chunksOf(due, rangeLength)) {
        const sizes = await askAbout(uidValidity, 'list messages', ({ client }) =>
          client.fetchAll(range.join(','), { uid: true, size: true }, { uid: true }),
        );
        for (const { oversized, ...batch } of batchesOf(sizes, maxMessageBytes)) {
          if (signal.aborted) return;
          const source = oversized ? { start: 0, maxLength: headerBytes } : (true as const);
          const fetched = await fetchMessages(uidValidity, batch.uids, source, signal);
          const arriving = fetched
            .flatMap((message) => arrivingFrom(message, settings.name, uidValidity, maxMessageBytes))
            .toSorted((a, b) => (a.uid ?? 0) - (b.uid ?? 0));
          if (arriving.length > 0) yield arriving;
        }
      }
    },

    async file(uidValidity, uids) {
      const filed: number[] = [];
      for (const range of chunksOf(uids, rangeLength)) {
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

/** A list in pieces of at most this length. */
export function* chunksOf<T>(list: T[], length: number): Generator<T[]> {
  for (let from = 0; from < list.length; from += length) yield list.slice(from, from + length);
}

/** Messages that are read together, in order: few enough bytes, and each over the limit on its own. */
export function batchesOf(
  sizes: Pick<FetchMessageObject, 'uid' | 'size'>[],
  maxMessageBytes: number,
): { uids: number[]; oversized: boolean }[] {
  const batches: { uids: number[]; oversized: boolean; bytes: number }[] = [];
  for (const { uid, size = 0 } of sizes.toSorted((a, b) => a.uid - b.uid)) {
    const last = batches.at(-1);
    const oversized = size > maxMessageBytes;
    if (last !== undefined && !last.oversized && !oversized && last.bytes + size <= rangeBytes) {
      last.uids.push(uid);
      last.bytes += size;
    } else {
      batches.push({ uids: [uid], oversized, bytes: size });
    }
  }
  return batches;
}

/** The message as the inbox takes it; nothing where the server sent no source, since it has gone meanwhile. */
export function arrivingFrom(
  message: FetchMessageObject,
  mailbox: string,
  uidValidity: number,
  maxMessageBytes: number,
): Arriving[] {
  const { uid, source } = message;
  if (source === undefined) return [];
  const internalDate = new Date(message.internalDate ?? Number.NaN);
  const size = Math.max(message.size ?? 0, source.length);
  const truncated = size > maxMessageBytes;
  return [
    {
      mailbox,
      uidValidity,
      uid,
      receivedAt: Number.isNaN(internalDate.getTime()) ? new Date() : internalDate,
      envelopeRecipient: null,
      envelopeSender: null,
      raw: truncated ? headersOf(source) : source,
      size,
      truncated,
    },
  ];
}

/** The header block, its closing blank line included; all of it where there is none. */
function headersOf(source: Buffer): Buffer {
  const ends = [source.indexOf('\r\n\r\n') + 4, source.indexOf('\n\n') + 2].filter((end) => end >= 4);
  return Buffer.from(source.subarray(0, Math.min(headerBytes, ...ends)));
}
