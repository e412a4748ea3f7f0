/**
 * A few kept connections to one mail server. They are nodemailer's, which knows greeting, TLS, login and replies; what is
 * ours is when one is made, used again and closed, and that a whole message is written at once: as a stream, in several
 * small writes, it costs several times the processor time, and up to 40 ms of waiting (Nagle's algorithm).
 */
import { Readable, Transform } from 'node:stream';
import { domainToASCII } from 'node:url';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { codeOf, errorField } from '../../log/errors.ts';
import { unlessTlsPort } from '../tls-port.ts';
import { atDataEnd } from './data-lines.ts';

/** What a connection logs in with, in nodemailer's terms. */
export type ConnectionLogin = Parameters<SMTPConnection['login']>[0];

/** `login`: what a new connection logs in with, where the server offers it; null: nothing. */
export type ConnectionSettings = {
  options: SMTPConnection.Options;
  login: () => ConnectionLogin | null;
  /** milliseconds for one whole message */
  longestSend: number;
};

export type Connections = {
  /** Hands over one message. @returns the server's reply; throws nodemailer's error, or that it was cut off */
  send(envelope: { from: string; to: string }, bytes: Uint8Array, hangUp?: AbortSignal): Promise<string>;
  /** Connects and logs in, and hangs up. @throws nodemailer's error */
  verify(): Promise<void>;
  /** Closes all that is idle; what is being sent is finished first. */
  close(): void;
};

/** Milliseconds after which an idle connection is closed. */
const idleFor = 60_000;
/** Messages after which a connection is replaced: servers set such limits, often to 100. */
const mostMessages = 100;

/**
 * A message for nodemailer, which pipes it, once the server has asked for it, into a stream that doubles dots and then ends the
 * message with a second write. This one puts out at that stream's far end what is to be written, and its end.
 */
class WholeMessage extends Readable {
  readonly #written: Buffer;
  begun = false;

  /** @param written as it is to be written, its end included */
  constructor(written: Buffer) {
    super();
    this.#written = written;
  }

  override pipe<T extends NodeJS.WritableStream>(stream: T): T {
    if (!(stream instanceof Transform))
      throw new Error('nodemailer pipes a message into no Transform any more');
    this.begun = true;
    stream.push(this.#written);
    stream.push(null);
    return stream;
  }

  override _read(): void {
    // nothing comes this way
  }
}

/** A connection that is logged in; `idling` closes it in time. */
type Session = { connection: SMTPConnection; messages: number; idling: NodeJS.Timeout | undefined };

/** Opens nothing yet. */
export function openConnections(settings: ConnectionSettings): Connections {
  const idle = new Set<Session>();
  let closed = false;

  /** The connection used last, so that those not needed any more end. */
  const takeIdle = (): Session | undefined => {
    const session = [...idle].at(-1);
    if (session !== undefined) leave(session);
    return session;
  };
  const leave = (session: Session): void => {
    idle.delete(session);
    clearTimeout(session.idling);
  };
  const keep = (session: Session): void => {
    const { connection } = session;
    if (connection.destroyed) return;
    if (closed || session.messages >= mostMessages) {
      connection.quit();
      return;
    }
    session.idling = setTimeout(() => {
      leave(session);
      connection.quit();
    }, idleFor);
    session.idling.unref();
    idle.add(session);
  };
  const openSession = async (signal: AbortSignal): Promise<Session> => {
    const session: Session = { connection: await connect(settings, signal), messages: 0, idling: undefined };
    session.connection.once('end', () => leave(session));
    return session;
  };
  /** Hands over one message, and keeps the connection for the next where it can. */
  const hand = async (
    session: Session,
    envelope: SMTPConnection.Envelope,
    message: WholeMessage,
    signal: AbortSignal,
  ): Promise<string> => {
    const { connection } = session;
    session.messages += 1;
    try {
      const sent = await untilEnd<SMTPConnection.SentMessageInfo>(connection, signal, (done) =>
        connection.send(envelope, message, done),
      );
      keep(session);
      return sent?.response ?? '';
    } catch (error) {
      // where it is the message that was refused, the session begins anew
      if (isLost(error) || connection.destroyed || !isRefusal(error)) connection.close();
      else connection.reset((failed) => (failed === null ? keep(session) : connection.close()));
      throw error;
    }
  };

  return {
    async send({ from, to }, bytes, hangUp) {
      const written = atDataEnd(bytes);
      const envelope = { from: asciiDomain(from), to: asciiDomain(to), size: bytes.byteLength };
      const limit = limited(settings.longestSend, hangUp);
      try {
        const kept = takeIdle();
        const message = new WholeMessage(written);
        if (kept === undefined)
          return await hand(await openSession(limit.signal), envelope, message, limit.signal);
        try {
          return await hand(kept, envelope, message, limit.signal);
        } catch (error) {
          if (message.begun || !isLost(error) || limit.signal.aborted) throw error;
        }
        // the server had ended it while it was idle
        const session = await openSession(limit.signal);
        return await hand(session, envelope, new WholeMessage(written), limit.signal);
      } finally {
        limit.end();
      }
    },
    async verify() {
      const connection = await connect(settings, null);
      connection.quit();
    },
    close() {
      closed = true;
      for (const session of idle) {
        leave(session);
        session.connection.quit();
      }
    },
  };
}

/** A new connection, logged in. @throws nodemailer's error */
async function connect(
  { options, login }: ConnectionSettings,
  signal: AbortSignal | null,
): Promise<SMTPConnection> {
  const connection = new SMTPConnection(options);
  connection.on('error', () => {
    // whoever waits is told; one that is idle ends
  });
  try {
    const connected = untilEnd<void>(connection, signal, (done) =>
      connection.connect((error) => done(error)),
    );
    const { host = '', port, secure } = options;
    await (secure === true ? connected : unlessTlsPort({ host, port: Number(port) }, connected));
    const auth = login();
    if (auth !== null && connection.allowsAuth)
      await untilEnd<boolean | undefined>(connection, signal, (done) => connection.login(auth, done));
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

type Done<T> = (error: Error | null | undefined, value?: T) => void;

/** What a step of a connection comes to: its answer, the connection's error or end, or the signal. */
function untilEnd<T>(
  connection: SMTPConnection,
  signal: AbortSignal | null,
  step: (done: Done<T>) => void,
): Promise<T | undefined> {
  return new Promise<T | undefined>((resolve, reject) => {
    const onEnd = (): void => reject(lost('Connection closed unexpectedly'));
    const onAbort = (): void => {
      reject(lost('it did not answer in time'));
      connection.close();
    };
    const settled = (): void => {
      connection.off('error', reject);
      connection.off('end', onEnd);
      signal?.removeEventListener('abort', onAbort);
    };
    connection.once('error', reject);
    connection.once('end', onEnd);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted === true) onAbort();
    else
      step((error, value) => {
        settled();
        if (error === null || error === undefined) resolve(value);
        else reject(error);
      });
  });
}

const lost = (words: string): Error =>
  Object.assign(new Error(words), { code: 'ECONNECTION', command: 'CONN' });

/** Whether the server refused the sender, the reader or the message. */
function isRefusal(error: unknown): boolean {
  return codeOf(error) === 'EENVELOPE' || codeOf(error) === 'EMESSAGE';
}

/** Whether an error says that the session is over, rather than anything of the message. */
function isLost(error: unknown): boolean {
  const code = codeOf(error);
  return (
    errorField(error, 'responseCode') === 421 ||
    code === 'ECONNECTION' ||
    code === 'ESOCKET' ||
    code === 'ETIMEDOUT'
  );
}

type Limit = { signal: AbortSignal; end(): void };

/** A signal after so many milliseconds, or with another. */
function limited(ms: number, hangUp: AbortSignal | undefined): Limit {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, ms);
  hangUp?.addEventListener('abort', abort);
  if (hangUp?.aborted === true) abort();
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      hangUp?.removeEventListener('abort', abort);
    },
  };
}

/** The address with its domain in ASCII (RFC 5891), as servers without SMTPUTF8 take it. */
function asciiDomain(address: string): string {
  if (!/\P{ASCII}/u.test(address)) return address;
  const at = address.lastIndexOf('@') + 1;
  return address.slice(0, at) + (domainToASCII(address.slice(at)) || address.slice(at));
}
