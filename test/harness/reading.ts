import pino from 'pino';
import { afterEach } from 'vitest';
import { MailboxError } from '../../src/mail/imap/mailbox-error.ts';
import { openMailbox } from '../../src/mail/imap/mailbox.ts';
import type { Mailbox, MailboxOptions } from '../../src/mail/imap/mailbox.ts';
import type { DovecotOptions } from './dovecot.ts';
import { startImapHost } from './imap-server.ts';
import type { TestMailbox } from './imap-server.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import type { Arriving } from '../../src/mail/imap/fetched-message.ts';
import type { MailboxSettings } from '../../src/config/settings.ts';

/** A signal that never comes. */
export const never = new AbortController().signal;

export const mail = (subject: string, body = 'La stampante non stampa.'): string =>
  `From: Anna Rossi <anna@rossi.example>\r\nTo: assistenza@desk.example\r\nSubject: ${subject}\r\n\r\n${body}\r\n`;
export const mails = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => mail(`Richiesta ${n + 1}`));
export const texts = (contents: { raw: string }[]): string[] => contents.map(({ raw }) => raw);

/** Mailboxes, proxies and servers of one test file; each test's end closes what it opened. */
export function reading() {
  const cleanUp: (() => Promise<void>)[] = [];
  const logged: string[] = [];
  afterEach(async () => {
    for (const end of cleanUp.splice(0).toReversed()) await end();
    logged.length = 0;
  });
  return {
    /** lines that the mailboxes of the test logged */
    logged,
    cleanUp,
    open: (settings: MailboxSettings, change: Partial<MailboxOptions> = {}): Mailbox => {
      const log = pino({}, { write: (line: string) => void logged.push(line) });
      const mailbox = openMailbox(settings, { log, maxMessageBytes: 1024 * 1024, ...change });
      cleanUp.push(() => mailbox.close());
      return mailbox;
    },
    startDovecot: async (options: DovecotOptions = {}): Promise<TestMailbox> => {
      const host = await startImapHost('Dovecot', options);
      cleanUp.push(() => host.stop());
      return await host.mailbox();
    },
    proxyTo: async (server: { port: number }): Promise<TcpProxy> => {
      const proxy = await startTcpProxy(server.port);
      cleanUp.push(() => proxy.close());
      return proxy;
    },
  };
}

/** Messages that a mailbox yields, range by range; a message fetched in pieces is a range of its own. */
export async function* rangesOf(
  mailbox: Mailbox,
  uidValidity: number,
  uids: number[],
  signal: AbortSignal = never,
): AsyncGenerator<Arriving[], void> {
  for await (const arriving of mailbox.read(uidValidity, uids, signal)) {
    if (Array.isArray(arriving)) {
      yield arriving;
      continue;
    }
    const { piece: next, ...where } = arriving;
    const pieces: Uint8Array[] = [];
    let size = 0;
    let piece = await next(size);
    while (piece !== null && piece.length > 0) {
      pieces.push(piece);
      size += piece.length;
      piece = await next(size);
    }
    if (piece !== null) yield [{ ...where, raw: Buffer.concat(pieces), size, truncated: false }];
  }
}

export async function all(ranges: AsyncIterable<Arriving[]>): Promise<Arriving[][]> {
  const read: Arriving[][] = [];
  for await (const range of ranges) read.push(range);
  return read;
}

/** Everything that waits, range by range, left where it is. */
export async function readAll(mailbox: Mailbox): Promise<Arriving[][]> {
  const { uidValidity, uids } = await mailbox.waiting();
  return await all(rangesOf(mailbox, uidValidity, uids));
}

/** Reads and files everything that waits; the texts, in order. */
export async function takeAll(mailbox: Mailbox): Promise<string[]> {
  const { uidValidity, uids } = await mailbox.waiting();
  const taken: string[] = [];
  for await (const range of rangesOf(mailbox, uidValidity, uids)) {
    taken.push(...range.map(({ raw }) => Buffer.from(raw).toString('latin1')));
    await mailbox.file(
      uidValidity,
      range.flatMap(({ uid }) => uid ?? []),
    );
  }
  return taken;
}

/** The MailboxError in which a promise ends. */
export async function failure(promise: Promise<unknown>): Promise<MailboxError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MailboxError)) throw new Error(`expected a MailboxError, got ${String(error)}`);
  return error;
}
