import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** The kind of new work: incoming messages to decide, outgoing mail to send. The payloads of the channel `kticket`. */
export type Subject = 'message' | 'outbox';

const firstWait = 500;
const longestWait = 30_000;

/**
 * Listens on a connection of its own, which it opens with the first callback and again whenever it is lost. What was
 * announced while it was lost is unknown, so every callback is called then.
 */
export class Wake {
  #url: string;
  readonly #name: string;
  readonly #callbacks: { subject: Subject; callback: () => void }[] = [];
  readonly #closing = new AbortController();
  #socket: Socket | null = null;
  #listening: Promise<void> | null = null;
  /** resolved once the connection that is being made was made or has failed */
  #tried = Promise.withResolvers<void>();
  #connected = false;
  /** ends the pause before the next try */
  #hurry = new AbortController();

  /** @param name the connection's application_name, by which other sessions see that this process lives */
  constructor(url: string, name: string) {
    this.#url = url;
    this.#name = name;
  }

  /** Connects, where it is not connected; whether it is now, at the latest after 10 s. */
  async connect(): Promise<boolean> {
    this.#listening ??= this.#listen();
    if (this.#connected) return true;
    this.#hurry.abort();
    await this.#tried.promise;
    return this.#connected;
  }

  /** Calls back from now on, until the function it returns is called. */
  on(subject: Subject, callback: () => void): () => void {
    const entry = { subject, callback };
    this.#callbacks.push(entry);
    this.#listening ??= this.#listen();
    return () => {
      const at = this.#callbacks.indexOf(entry);
      if (at >= 0) this.#callbacks.splice(at, 1);
    };
  }

  /** The server is at another address from now on. */
  move(url: string): void {
    this.#url = url;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    // hanging up is all there is to say, even to a server that has not answered yet
    this.#socket?.destroy();
    await this.#listening;
    this.#tried.resolve();
  }

  async #listen(): Promise<void> {
    const { signal } = this.#closing;
    let wait = firstWait;
    while (!signal.aborted) {
      const lasted = await this.#connection();
      wait = lasted ? firstWait : Math.min(wait * 2, longestWait);
      this.#tried = Promise.withResolvers();
      this.#hurry = new AbortController();
      await pause(wait, undefined, { signal: AbortSignal.any([signal, this.#hurry.signal]) }).catch(() => {
        // closing ends a pause early, and who wants the connection now
      });
    }
  }

  /** Listens for as long as one connection lasts. @returns false if none could be made */
  async #connection(): Promise<boolean> {
    const socket = new Socket();
    this.#socket = socket;
    const client = new Client({
      stream: () => socket,
      connectionString: this.#url,
      application_name: this.#name,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
    });
    const ended = new Promise<void>((resolve) => {
      client.once('end', resolve);
    });
    client.on('error', () => {
      // the end of the connection says enough: the next one is tried
    });
    client.on('notification', ({ payload }) => this.#ring(payload));
    try {
      await client.connect();
      await client.query('listen kticket');
    } catch {
      // all other users of the database meet the same error and report it
      socket.destroy();
      this.#tried.resolve();
      return false;
    }
    this.#connected = true;
    this.#tried.resolve();
    this.#ring(null);
    await ended;
    this.#connected = false;
    return true;
  }

  /** null if there may be anything */
  #ring(payload: string | null | undefined): void {
    for (const { subject, callback } of this.#callbacks.slice()) {
      if (payload === null || payload === subject) callback();
    }
  }
}
