import type { DeliveryPass } from './deliver.ts';
import { fetchOnce } from './fetch.ts';
import type { Log } from './log.ts';
import { createBell, keepDoing, sleep } from './loop.ts';
import type { Loop } from './loop.ts';
import type { Mailbox } from './mail/mailbox.ts';
import { inWords, isOutage, kindOf, ServerAway } from './outage.ts';
import type { OpenDatabase } from './store/database.ts';
import { comingWithin } from './store/inbox.ts';

/** What the worker works with. It opens nothing but the connections to the mailboxes, and closes those. */
export type WorkerDeps = {
  db: OpenDatabase;
  mailboxes: Mailbox[];
  /** how often a mailbox is looked at where nothing announces new mail */
  pollSeconds: number;
  /** Decides all messages that are due, in order. */
  receive(signal: AbortSignal): Promise<{ decided: number }>;
  /** Sends all mail that is due. */
  deliver(signal: AbortSignal): Promise<DeliveryPass>;
  log: Log;
};

/** Milliseconds after which what nobody announced is looked for: messages set aside, mail whose time has come. */
const lookAgain = 5_000;
/** Seconds within which `run --once` waits for what is not due yet, and milliseconds between looks. */
const comingSoon = 60;
const lookForComing = 500;
const mostLooks = 240;
/** Asked to stop, a mail server has this long to finish what it was asked; then we hang up. */
const stopGrace = 5_000;
/** A connection that was lost is not made again at once, or a server that hangs up each time would be hammered. */
const reconnectPause = 1_000;
/** The outbox has its own times for the next try, so that the loop need not wait long. */
const deliveryBackoff = { first: 1_000, last: 15_000 };

/**
 * The desk at work, until the signal: one loop for each mailbox, one that decides, one that sends. Each survives the
 * loss of what it needs and catches up by itself. When this resolves nothing is half done: a range of messages is
 * committed and filed or untouched, a message is decided or pending, a mail is sent and recorded or due.
 */
export async function runWorker(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  const { db, mailboxes, log } = deps;
  const incoming = createBell();
  const outgoing = createBell();
  const stopListening = [
    db.onWake('message', () => incoming.ring()),
    db.onWake('outbox', () => outgoing.ring()),
  ];
  const hangUp = hangUpAfter(signal, mailboxes, stopGrace);

  const reading = mailboxes.map(
    (mailbox): Loop => ({
      name: `reading ${mailbox.name}`,
      async pass() {
        const { taken } = await fetchOnce(db, mailbox, signal);
        // a message is locked while it is noted as filed, and whoever claims just then passes it over
        if (taken > 0) incoming.ring();
      },
      async rest() {
        const woken = await mailbox.waitForMail(deps.pollSeconds * 1000, signal);
        if (woken === 'closed') await sleep(reconnectPause, signal);
      },
    }),
  );
  const deciding: Loop = {
    name: 'deciding',
    pass: () => deps.receive(signal),
    rest: () => incoming.wait(lookAgain, signal),
  };
  const sending: Loop = {
    name: 'sending',
    pass: async () => progressOf(await deps.deliver(signal)),
    rest: () => outgoing.wait(lookAgain, signal),
  };

  log.info({ mailboxes: mailboxes.map(({ name }) => name) }, 'the desk is at work');
  await Promise.all([
    ...reading.map((loop) => keepDoing(loop, log, signal)),
    keepDoing(deciding, log, signal),
    keepDoing(sending, log, signal, deliveryBackoff),
  ]);
  hangUp.cancel();
  for (const stop of stopListening) stop();
  await closeAll(mailboxes);
  log.info('the desk has stopped; nothing is half done');
}

/**
 * Everything that waits and is due, once: mailboxes, decisions, mail, and what comes of them, until there is no more.
 * `unreachable` where the database, a mailbox or the mail server was away; the rest is done all the same. Throws bugs.
 */
export async function runOnce(deps: WorkerDeps, signal: AbortSignal): Promise<'done' | 'unreachable'> {
  const { db, mailboxes, log } = deps;
  const hangUp = hangUpAfter(signal, mailboxes, stopGrace);
  const away = new Set<string>();
  /** How much a part did; one that is away is said once and left out from then on. */
  const part = async (loop: string, pass: () => Promise<number>): Promise<number> => {
    if (away.has(loop) || signal.aborted) return 0;
    try {
      return await pass();
    } catch (error) {
      if (!isOutage(error)) throw error;
      log.error({ loop, kind: kindOf(error) }, inWords(error));
      away.add(loop);
      return 0;
    }
  };

  try {
    let done: number;
    let looks = 0;
    do {
      done = 0;
      for (const mailbox of mailboxes) {
        done += await part(
          `reading ${mailbox.name}`,
          async () => (await fetchOnce(db, mailbox, signal)).taken,
        );
      }
      done += await part('deciding', async () => (await deps.receive(signal)).decided);
      done += await part('sending', async () => {
        const pass = await deps.deliver(signal);
        progressOf(pass);
        return pass.sent + pass.failed;
      });
      // what a worker that died still holds, or what is set aside for another try, waits here as well
      if (done === 0 && looks < mostLooks) done = await part('deciding', () => waitForComing(db, signal));
      looks += 1;
    } while (done > 0);
  } finally {
    hangUp.cancel();
    await closeAll(mailboxes);
  }
  return away.size === 0 ? 'done' : 'unreachable';
}

/** Waits a moment if a message will be due soon; 1: look again, 0: there is none. */
async function waitForComing(db: OpenDatabase, signal: AbortSignal): Promise<number> {
  if (!(await comingWithin(db, comingSoon))) return 0;
  await sleep(lookForComing, signal);
  return 1;
}

/** Whether a pass of sending showed that the server is there; throws where it showed that it is not. */
function progressOf({ unreachable, trouble, sent, deferred, failed }: DeliveryPass): 'done' | 'idle' {
  // where one connection was refused and others sent all there was, nothing waits
  if (unreachable && trouble !== null) throw new ServerAway(trouble.kind, trouble.text);
  return sent + deferred + failed > 0 ? 'done' : 'idle';
}

/** Ends connections to servers that are too slow to let us stop. */
function hangUpAfter(signal: AbortSignal, mailboxes: Mailbox[], ms: number): { cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const onStop = (): void => {
    timer = setTimeout(() => void closeAll(mailboxes), ms);
  };
  signal.addEventListener('abort', onStop);
  return {
    cancel() {
      signal.removeEventListener('abort', onStop);
      clearTimeout(timer);
    },
  };
}

async function closeAll(mailboxes: Mailbox[]): Promise<void> {
  await Promise.all(mailboxes.map((mailbox) => mailbox.close()));
}
