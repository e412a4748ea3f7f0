import { dailyTotals } from './watch/daily-totals.ts';
import { type Alerts, readingLoopName } from './watch/alert.ts';
import type { DeliveryPass } from './deliver.ts';
import { fetchOnce } from './fetch.ts';
import { holding } from './watch/keep-leases.ts';
import type { Log } from '../log/log.ts';
import { createBell, keepDoing, sleep } from './watch/loop.ts';
import type { Loop, Watch } from './watch/loop.ts';
import type { Mailbox } from '../mail/imap/mailbox.ts';
import { errorInWords, isOutage, kindOf, ServerAway } from './watch/outage.ts';
import { openOutageLog, type Progress } from './watch/outage-log.ts';
import type { OpenDatabase } from '../store/db/database.ts';
import type { Reached } from '../store/reports/health.ts';
import { comingWithin } from '../store/save/wait-for-dkim-key.ts';
import { holdMailbox, letGo, prolongEvery, prolongHolds } from '../store/mails/mailbox-lease.ts';

/** Dependencies of the worker. It opens and closes only the connections to the mailboxes. */
export type WorkerDeps = {
  db: OpenDatabase;
  mailboxes: Mailbox[];
  /** how often a mailbox is looked at where nothing announces new mail */
  pollSeconds: number;
  /** whose midnight begins a day of the audit's totals */
  timeZone: string;
  /** Decides all messages that are due, in order. */
  receive(signal: AbortSignal): Promise<{ decided: number }>;
  /** ways out, each by its own login */
  ways: DeliveryRoute[];
  /** Alerts administrators to failures that last, or will not resolve by themselves. */
  alerts: Alerts;
  /** Notes which servers did what they were asked. */
  reached: Reached;
  log: Log;
};

/** A way out: its loop's name, and what sends all mail that is due and goes by it. */
type DeliveryRoute = { loop: string; deliver(signal: AbortSignal): Promise<DeliveryPass> };

/** Milliseconds after which what nobody announced is looked for: messages set aside, mail whose time has come. */
const lookAgain = 5_000;
/** Seconds within which `run --once` waits for what is not due yet, and milliseconds between looks. */
const comingSoon = 60;
const lookForComing = 500;
const mostLooks = 240;
/** A mailbox that another worker reads is asked for again after so long. */
const standBy = 5_000;
/** Milliseconds between two lines on how far a backlog is taken in. */
const backlogEvery = 10_000;
/** Asked to stop, a mail server has this long to finish what it was asked; then we hang up. */
const stopGrace = 5_000;
/** A connection that was lost is not made again at once, or a server that hangs up each time would be hammered. */
const reconnectPause = 1_000;
/** Milliseconds after which an outage that lasts is looked at again. */
const alertAgain = 60_000;
/** The outbox has its own times for the next try, so that the loop need not wait long. */
const deliveryBackoff = { first: 1_000, last: 15_000 };

/**
 * The desk at work, until the signal: one loop for each mailbox, one that decides, one that sends. Each survives the
 * loss of what it needs and catches up by itself. When this resolves nothing is half done: a range of messages is
 * committed and filed or untouched, a message is decided or pending, a mail is sent and recorded or due.
 */
export async function runWorker(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  const { db, mailboxes, alerts, log } = deps;
  const incoming = createBell();
  const sending = deps.ways.map((way) => ({ way, outgoing: createBell() }));
  const stopListening = [
    db.onWake('message', () => incoming.ring()),
    ...sending.map(({ outgoing }) => db.onWake('outbox', () => outgoing.ring())),
  ];
  const hangUp = hangUpAfter(signal, mailboxes, stopGrace);

  const reading = mailboxes.map((mailbox) => readingLoop(deps, mailbox, () => incoming.ring(), signal));
  const deciding: Loop = {
    name: 'deciding',
    pass: async () => ({ done: (await deps.receive(signal)).decided }),
    rest: () => incoming.wait(lookAgain, signal),
  };
  const alarm = createBell();
  const watch: Watch = {
    failed(loop, error) {
      alerts.failed(loop, error);
      alarm.ring();
    },
    works(loop) {
      alerts.works(loop);
      alarm.ring();
    },
  };
  const alerting: Loop = {
    name: 'alerting',
    async pass() {
      await alerts.pass();
      return { done: 0 };
    },
    rest: () => alarm.wait(alertAgain, signal),
  };
  // each for itself, so that a server that is slow or away holds up no other
  const sendingLoops = sending.map(
    ({ way, outgoing }): Loop => ({
      name: way.loop,
      pass: async () => progressOf(await way.deliver(signal)),
      rest: () => outgoing.wait(lookAgain, signal),
    }),
  );

  log.info({ mailboxes: mailboxes.map(({ name }) => name) }, 'the desk is at work');
  const outages = openOutageLog(log, (outage) => {
    alerts.databaseWasAway(outage);
    alarm.ring();
  });
  const kept = { outages, signal };
  await Promise.all([
    keepDoing(dailyTotals(db, deps.timeZone, log, signal), kept),
    keepDoing(holding(db, signal), kept),
    ...reading.map((loop) => keepDoing(loop, { ...kept, watch })),
    keepDoing(deciding, kept),
    ...sendingLoops.map((loop) => keepDoing(loop, { ...kept, backoff: deliveryBackoff, watch })),
    keepDoing(alerting, kept),
  ]);
  hangUp.cancel();
  for (const stop of stopListening) stop();
  await closeAll(mailboxes);
  await leaveMailboxes(db, log);
  log.info('the desk has stopped; nothing is half done');
}

/** Reads a mailbox for as long as no other worker does; otherwise stands by to take its place. */
function readingLoop(deps: WorkerDeps, mailbox: Mailbox, arrived: () => void, signal: AbortSignal): Loop {
  const { db, log } = deps;
  let held: boolean | null = null;
  return {
    name: readingLoopName(mailbox.name),
    async pass() {
      const before = held;
      ({ held } = await holdMailbox(db, mailbox.name));
      if (!held) {
        if (before !== false) log.info({ mailbox: mailbox.name }, 'another worker reads it; standing by');
        await mailbox.close();
        return 'idle';
      }
      if (before === false) log.info({ mailbox: mailbox.name }, 'reads it now, in place of another worker');
      const taken = await fetchFrom(deps, mailbox, signal);
      // a message is locked while it is noted as filed, and a worker that claims just then skips it
      if (taken > 0) arrived();
      return { done: taken };
    },
    async rest() {
      if (held === false) return sleep(standBy, signal);
      const woken = await mailbox.waitForMail(deps.pollSeconds * 1000, signal);
      if (woken === 'closed') await sleep(reconnectPause, signal);
    },
  };
}

/** Takes in and files all that waits, and notes that it could; how many were new. */
async function fetchFrom(deps: WorkerDeps, mailbox: Mailbox, signal: AbortSignal): Promise<number> {
  const { taken } = await fetchOnce(deps.db, mailbox, signal, tellOfBacklog(deps.log, mailbox.name));
  await deps.reached.mailbox(mailbox.name);
  return taken;
}

/** Says every ten seconds how far a long backlog is taken in. */
function tellOfBacklog(log: Log, mailbox: string): (taken: number, of: number) => void {
  let toldAt = performance.now();
  return (taken, of) => {
    if (performance.now() - toldAt < backlogEvery) return;
    toldAt = performance.now();
    log.info({ mailbox, taken, waiting: of - taken }, `taking in a backlog: ${taken} of ${of}`);
  };
}

/** Prolongs what `run --once` reads. Where that fails, another takes over in time; its own parts say what is wrong. */
function keepHolds(db: OpenDatabase, log: Log): NodeJS.Timeout {
  return setInterval(() => {
    prolongHolds(db).catch((error: unknown) => {
      log.debug({ error: errorInWords(error) }, 'mailboxes not prolonged');
    });
  }, prolongEvery);
}

/** Lets others read at once; without the database they will see that this process has ended. */
async function leaveMailboxes(db: OpenDatabase, log: Log): Promise<void> {
  await letGo(db).catch((error: unknown) => {
    if (!isOutage(error)) throw error;
    log.debug({ error: errorInWords(error) }, 'mailboxes not let go');
  });
}

/** What `run --once` reads of a mailbox: nothing where a worker that lives reads it anyway. */
async function readOnce(deps: WorkerDeps, mailbox: Mailbox, signal: AbortSignal): Promise<number> {
  const { db, log } = deps;
  let first: Date | null = null;
  while (!signal.aborted) {
    const hold = await holdMailbox(db, mailbox.name);
    if (hold.held) {
      const taken = await fetchFrom(deps, mailbox, signal);
      deps.alerts.works(readingLoopName(mailbox.name));
      return taken;
    }
    first ??= hold.until;
    // prolonged meanwhile: it lives. One that froze is replaced when its time has run out
    if (hold.until > first) {
      log.info({ mailbox: mailbox.name }, 'another worker reads it');
      return 0;
    }
    await sleep(lookForComing, signal);
  }
  return 0;
}

/**
 * Everything that waits and is due, once: mailboxes, decisions, mail, and what comes of them, until there is no more.
 * `unreachable` where the database, a mailbox or the mail server was away; the rest is done all the same. Throws bugs.
 */
export async function runOnce(deps: WorkerDeps, signal: AbortSignal): Promise<'done' | 'unreachable'> {
  const { db, mailboxes, alerts, log } = deps;
  const hangUp = hangUpAfter(signal, mailboxes, stopGrace);
  const holds = keepHolds(db, log);
  const away = new Set<string>();
  /** The amount of work of a part; an unavailable one is logged once and skipped from then on. */
  const part = async (loop: string, pass: () => Promise<number>): Promise<number> => {
    if (away.has(loop) || signal.aborted) return 0;
    try {
      const done = await pass();
      if (done > 0) alerts.works(loop);
      return done;
    } catch (error) {
      if (!isOutage(error)) throw error;
      log.error({ loop, kind: kindOf(error) }, errorInWords(error));
      alerts.failed(loop, error);
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
        done += await part(readingLoopName(mailbox.name), () => readOnce(deps, mailbox, signal));
      }
      done += await part('deciding', async () => (await deps.receive(signal)).decided);
      const sent = deps.ways.map((way) =>
        part(way.loop, async () => {
          const pass = await way.deliver(signal);
          progressOf(pass);
          return pass.sent + pass.failed;
        }),
      );
      for (const count of await Promise.all(sent)) done += count;
      // what a worker that died still holds, or what is set aside for another try, waits here as well
      if (done === 0 && looks < mostLooks) done = await part('deciding', () => waitForComing(db, signal));
      looks += 1;
    } while (done > 0);
    await alerts.pass();
  } finally {
    hangUp.cancel();
    clearInterval(holds);
    await closeAll(mailboxes);
    await leaveMailboxes(db, log);
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
function progressOf({ unreachable, trouble, sent, deferred, failed }: DeliveryPass): Progress {
  // where one connection was refused and others sent all there was, nothing waits
  if (unreachable && trouble !== null) throw new ServerAway(trouble.kind, trouble.text, trouble.outage);
  const done = sent + deferred + failed;
  return done > 0 ? { done } : 'idle';
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
