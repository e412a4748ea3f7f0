import { once } from 'node:events';
import { type DemoDesk, startDesk } from '../desk-server.ts';
import { company, desk as queue, pda } from '../people.ts';
import { narrate } from '../show.ts';
import { watchDesk } from './desk-view.ts';
import { openMailboxes } from './mailboxes.ts';
import { type PlaygroundServer, servePlayground } from './server.ts';
import type { DeskView } from './state.ts';
import type { Config } from '../../config/settings.ts';

export type PlaygroundOptions = { port: number; locale: Config['locale'] };

/** The page over a desk at work. */
export type Playground = Pick<PlaygroundServer, 'url'> & {
  /** settles when it cannot go on: rejects with why; resolves when it was closed */
  ended: Promise<void>;
  close(): Promise<void>;
};

/** Long enough to tap *Annulla ultimo*, and not long to wait for the client's closing mail. */
const undoMinutes = 0.5;

/**
 * `kticket demo --web`: the demo's desk, with a page that has everybody's mailbox, until the signal.
 * @throws what listening on the port throws, EADDRINUSE above all
 */
export async function runPlayground(options: PlaygroundOptions, signal: AbortSignal): Promise<void> {
  narrate(
    'kTicket: a desk to try, on this machine only. Starting PostgreSQL, a mail server and the worker …',
  );
  const desk = await startDesk(undefined, { locale: options.locale, undoMinutes });
  try {
    const playground = await startPlayground(desk, options);
    try {
      narrate(`\nOpen  ${playground.url}\n`);
      narrate('Everybody has a mailbox there: clients, technicians, the clerk. The page says what to try.');
      narrate('Ctrl-C stops and removes everything.');
      if (!signal.aborted) await Promise.race([once(signal, 'abort'), playground.ended]);
    } finally {
      await playground.close();
    }
  } finally {
    await desk.close();
    narrate('Everything is stopped and removed.');
  }
}

/** Serves the page over a desk that is at work already. */
export async function startPlayground(desk: DemoDesk, options: PlaygroundOptions): Promise<Playground> {
  const stop = new AbortController();
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    stop.abort();
    for (const step of undo.splice(0).toReversed()) await step();
  };
  const ending = Promise.withResolvers<void>();
  let server: PlaygroundServer | null = null;
  let view: DeskView = { tickets: [], messages: [], outbox: [] };
  const publish = (): void =>
    server?.publish({ mailboxes: mailboxes.list(), desk: view, queues: [queue, pda], company: company.name });
  const { locale, timeZone } = desk.config;
  const mailboxes = await openMailboxes(desk.server, { locale, timeZone }, publish, ending.reject);
  undo.push(() => mailboxes.close());
  try {
    server = await servePlayground(mailboxes, options);
    const serving = server;
    undo.push(() => serving.close());
    const watching = watchDesk(
      desk.db,
      (seen) => {
        view = seen;
        publish();
      },
      stop.signal,
    );
    watching.then(ending.resolve, ending.reject);
    // what it ends with is what `ended` says
    undo.push(() => Promise.allSettled([watching]));
    return { url: serving.url, ended: ending.promise, close };
  } catch (error) {
    await close();
    throw error;
  }
}
