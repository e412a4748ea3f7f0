/**
 * Desks at work under fire: for each two workers as processes of their own against Dovecot, PostgreSQL and an SMTP server,
 * people who write to it and answer it, and SIGKILL at the instants that the seed picks. Then everything must have become
 * what it would have become without.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Random, randomFrom } from '../simulation/random.ts';
import { type Built, buildProgram } from '../harness/built.ts';
import { type Point, points, type Service } from './points.ts';
import { openStage } from './stage.ts';
import { type Direction, type Fate, startWire, type Wire } from './wire.ts';
import type { Worker } from './worker.ts';

/** Milliseconds to wait for an instant that does not come before a worker is killed just so: busy machines take long. */
const patience = 60_000;
/** Desks side by side: while one waits for a worker to start, the others go on. As many everywhere, for the seed. */
const desks = 3;
/** Attempts that killed the worker, after which a message is let through: nobody kills over one message for ever. */
const mostAttempts = 2;

export type Campaign = {
  /** number of kills at each instant */
  kills: Record<string, number>;
  mails: number;
  sent: number;
  /** mails that arrived twice, since the worker died before it knew that they had arrived */
  repeats: number;
};

/** Runs a campaign, the kills shared out among the desks. Throws an error that names what is wrong. */
export async function runCampaign(seed: number, kills: number): Promise<Campaign> {
  const seeds = randomFrom(seed);
  const built = await buildProgram();
  try {
    const ran = await Promise.allSettled(
      Array.from({ length: desks }, (_, desk) => {
        const share = Math.ceil((kills - desk) / desks);
        return runDesk(randomFrom(seeds.below(2 ** 32)), share, built);
      }),
    );
    const all: Campaign = { kills: {}, mails: 0, sent: 0, repeats: 0 };
    for (const one of ran) {
      if (one.status === 'rejected') throw one.reason;
      for (const [name, count] of Object.entries(one.value.kills))
        all.kills[name] = (all.kills[name] ?? 0) + count;
      all.mails += one.value.mails;
      all.sent += one.value.sent;
      all.repeats += one.value.repeats;
    }
    return all;
  } finally {
    await built.remove();
  }
}

/** Runs one desk with its share of the kills. */
async function runDesk(random: Random, kills: number, { main }: Built): Promise<Campaign> {
  const count: Record<string, number> = {};
  const killed = (): number => Object.values(count).reduce((sum, one) => sum + one, 0);
  let aim: Point | null = null;
  let shot: (() => void) | null = null;
  const dead = new Set<Worker>();
  const strike = (worker: Worker, name: string): void => {
    aim = null;
    count[name] = (count[name] ?? 0) + 1;
    dead.add(worker);
    shot?.();
  };
  const fateOf = (worker: Worker, service: Service, direction: Direction, text: string): Fate => {
    const point = aim;
    if (point === null || dead.has(worker)) return 'passes';
    if (point.service !== service || point.direction !== direction || !point.pattern.test(text))
      return 'passes';
    strike(worker, point.name);
    return point.fate;
  };
  /** Reader of the mailbox: one worker at a time. */
  let reader: Worker | null = null;
  const wires: Wire[] = [];
  const stage = await openStage({
    imapPort: async (port) => {
      const imap = await startWire(
        port,
        (direction, text) => (reader === null ? 'passes' : fateOf(reader, 'imap', direction, text)),
        () => reader?.kill(),
      );
      wires.push(imap);
      return imap.port;
    },
  });
  const { db, traffic, received } = stage;
  const start = (): Promise<Worker> => stage.start({ program: main, env: { LOG_LEVEL: 'warn' }, fateOf });
  let workers: Worker[] = [];

  const findReader = async (): Promise<boolean> => {
    const { rows } = await sql<{ worker: string }>`
      select worker from mailbox_reader where held_until > clock_timestamp()`.execute(db);
    reader = workers.find((worker) => !dead.has(worker) && worker.is(rows[0]?.worker ?? '')) ?? null;
    return reader !== null;
  };
  /** The dead are replaced. Their leases run out, which the database's clock would see to within 20 s. */
  const replace = async (): Promise<void> => {
    const fallen = workers.filter((worker) => dead.has(worker));
    for (const worker of fallen) {
      if (reader === worker) reader = null;
      await worker.ended();
      workers = [...workers.filter((one) => one !== worker), await start()];
      await sql`
        update message set leased_until = clock_timestamp()
         where leased_by = any(${worker.claimedAs()}::uuid[]) and disposition = 'pending'`.execute(db);
      await sql`select pg_notify('kticket', 'message'), pg_notify('kticket', 'outbox')`.execute(db);
    }
  };
  const isFair = async (): Promise<boolean> => {
    const { rows } = await sql<{ tired: boolean }>`
      select exists (select from message where disposition = 'pending' and attempts >= ${mostAttempts}) as tired`.execute(
      db,
    );
    return rows[0]?.tired === false;
  };

  try {
    workers = [await start(), await start()];
    while (killed() < kills) {
      const point = random.below(4) === 0 ? null : (points[random.below(points.length)] ?? null);
      const [delay, both] = [random.below(300), random.below(8) === 0];
      await stage.until('a message let through', isFair);
      if (point?.service === 'imap') await stage.until('a reader of the mailbox', findReader);
      for (let mails = random.below(4) === 0 ? 2 : 1; mails > 0; mails -= 1) await traffic.open();
      if (point !== null) {
        const struck = new Promise<boolean>((resolve) => {
          shot = () => resolve(true);
        });
        aim = point;
        const hit = await Promise.race([struck, pause(patience, false, { ref: false })]);
        aim = null;
        if (hit) {
          await replace();
          continue;
        }
      } else await pause(delay);
      for (const worker of both ? workers : [workers[random.below(workers.length)]]) {
        if (worker === undefined || dead.has(worker)) continue;
        worker.kill();
        strike(worker, both ? 'both at any instant' : 'at any instant');
      }
      await replace();
    }
    await stage.rest();
    const distinct = new Set(received.map(({ messageId }) => messageId)).size;
    return {
      kills: count,
      mails: traffic.expected.length,
      sent: distinct,
      repeats: received.length - distinct,
    };
  } finally {
    aim = null;
    await stage.close();
    for (const wire of wires) await wire.close();
  }
}
