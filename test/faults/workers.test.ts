/** Three workers on one database: one reads each mailbox, all decide and send, whoever dies, freezes or has a wrong clock. */
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dovecotAvailable } from '../harness/servers.ts';
import { openStage, type Stage } from './stage.ts';
import { deskAddress } from './traffic.ts';
import type { Worker } from './worker.ts';

const wrongClock = fileURLToPath(new URL('../harness/wrong-clock.ts', import.meta.url));
/** Milliseconds within which a mailbox has another reader. */
const aMinute = 60_000;

const opened = async (besides: string[] = []): Promise<Stage> => {
  const stage = await openStage({ besides });
  onTestFinished(() => stage.close());
  return stage;
};

/** Current reader of a mailbox; null if none of these workers. */
async function readerOf({ db }: Stage, workers: readonly Worker[], address: string): Promise<Worker | null> {
  const { rows } = await sql<{ worker: string }>`
    select worker from mailbox_reader
     where mailbox like ${`${address}@%`} and held_until > clock_timestamp()`.execute(db);
  return workers.find((worker) => worker.is(rows[0]?.worker ?? '')) ?? null;
}

async function untilRead(stage: Stage, workers: readonly Worker[], address = deskAddress): Promise<Worker> {
  let reader: Worker | null = null;
  await stage.until(`a reader of ${address}`, async () => {
    reader = await readerOf(stage, workers, address);
    return reader !== null;
  });
  if (reader === null) throw new Error('nobody reads');
  return reader;
}

/** Milliseconds from now until one of the others reads what this one read, mail coming in all the while. */
async function untilReplaced(
  stage: Stage,
  others: readonly Worker[],
  address = deskAddress,
): Promise<number> {
  const began = performance.now();
  for (let n = 0; n < 3; n += 1) await stage.traffic.open();
  await untilRead(stage, others, address);
  return performance.now() - began;
}

const say = (what: string, ms: number): void => {
  process.stderr.write(`${what}: another reads after ${(ms / 1000).toFixed(1)} s\n`);
};

describe.skipIf(!dovecotAvailable())('three workers', { timeout: 400_000 }, () => {
  test.each([
    ['one mailbox', []],
    ['two mailboxes', ['guasti@desk.example']],
  ])(
    'on %s: read by one at a time, replaced within a minute where it dies or freezes; all share the work',
    async (what, besides) => {
      const stage = await opened(besides);
      let workers = [await stage.start(), await stage.start(), await stage.start()];
      const address = besides[0] ?? deskAddress;
      const first = await untilRead(stage, workers, address);
      await stage.traffic.open();

      first.kill();
      workers = workers.filter((worker) => worker !== first);
      const afterDeath = await untilReplaced(stage, workers, address);
      say(`${what}, killed`, afterDeath);
      expect(afterDeath).toBeLessThan(aMinute);

      const second = await untilRead(stage, workers, address);
      second.freeze();
      const afterFreezing = await untilReplaced(
        stage,
        workers.filter((worker) => worker !== second),
        address,
      );
      say(`${what}, frozen`, afterFreezing);
      expect(afterFreezing).toBeLessThan(aMinute);
      second.goOn();

      workers.push(await stage.start());
      const takesPart = (worker: Worker): boolean =>
        worker.claimedAs().length > 0 &&
        stage.happenings.some((one) => one.what === 'handed over' && one.process === worker.name);
      await stage.until('a part for each', async () => {
        if (workers.every(takesPart)) return true;
        await stage.traffic.open();
        return false;
      });
      await stage.rest();
      expect(workers.every((worker) => worker.runs())).toBe(true);
    },
  );

  test('whose clocks are ten minutes ahead and behind do as those that are right', async () => {
    const stage = await opened();
    const workers: Worker[] = [];
    for (const minutes of [-10, 0, 10]) {
      workers.push(
        await stage.start({
          env: { CLOCK_OFF_BY_MS: String(minutes * 60_000) },
          nodeOptions: ['--import', wrongClock],
        }),
      );
    }
    for (let n = 0; n < 10; n += 1) await stage.traffic.open();
    await stage.rest();
    // none was taken from another, and every time is the database's
    const { rows } = await sql<{ attempts: number; off: boolean }>`
      select max(attempts) as attempts,
             bool_or(abs(extract(epoch from clock_timestamp() - decided_at)) > 300) as off from message`.execute(
      stage.db,
    );
    expect(rows).toEqual([{ attempts: 1, off: false }]);

    const reader = await untilRead(stage, workers);
    reader.kill();
    const replaced = await untilReplaced(
      stage,
      workers.filter((worker) => worker !== reader),
    );
    say('wrong clocks, killed', replaced);
    expect(replaced).toBeLessThan(aMinute);
    await stage.rest();
  });
});
