import type { PostgresPool } from 'kysely';
import { Pool, type PoolClient, type QueryResult } from 'pg';
import { BatchedSocket } from '../../src/store/batched-socket.ts';
import { OpenDatabase, ourTypes } from '../../src/store/database.ts';
import type { Killable, Scheduler } from './scheduler.ts';

/** Whether these backends of PostgreSQL wait for a lock. */
export type LockWatch = (backend: number) => Promise<boolean>;

/** A worker's process: what dies with it is its connections. */
export type SimulatedWorker = Killable & { db: OpenDatabase };

/** A place for one worker after another; its real connections are kept for the next, but for those a death broke. */
export type Slot = { start(name: string): SimulatedWorker; end(): Promise<void> };

/** What begins a transaction, and what ends it. */
const begins = /^(?:begin|start transaction)\b/iu;
const ends = /^(?:commit|rollback)\b/iu;

/** What pg says where a connection was cut. */
const lost = (): Error => new Error('Connection terminated unexpectedly');

/** @param url of the database; its connections see the simulated clock */
export function createSlot(url: string, scheduler: () => Scheduler, watch: LockWatch): Slot {
  const pool = new Pool({
    connectionString: url,
    max: 12,
    // as the product's own connections are
    pipeline: true,
    stream: () => new BatchedSocket(),
    options: '-c search_path=sim,public,pg_catalog',
    types: ourTypes,
  });
  pool.on('error', () => {
    // a connection that was cut while it was idle
  });
  return {
    start(name) {
      const clients = new Set<PoolClient>();
      const worker: Killable = {
        name,
        dead: false,
        kill() {
          worker.dead = true;
          for (const client of clients) breakUp(client, scheduler(), watch);
          clients.clear();
        },
      };
      const simulated: PostgresPool = {
        options: {},
        async end() {
          // the slot's own connections stay
        },
        async connect() {
          const client = await scheduler().meanwhile(pool.connect());
          if (worker.dead) {
            client.release();
            return new Promise<never>(() => {});
          }
          clients.add(client);
          return connection(client, worker, scheduler(), watch, () => clients.delete(client));
        },
      };
      return Object.assign(worker, { db: new OpenDatabase(url, null, simulated) });
    },
    end: () => pool.end(),
  };
}

/** Cuts a connection, whose locks are free once the server has heard of it. */
function breakUp(client: PoolClient, scheduler: Scheduler, watch: LockWatch): void {
  const ended = new Promise<void>((resolve) => {
    client.once('end', resolve);
  });
  void scheduler.meanwhile(ended, () => waits(client, watch));
  client.release(true);
}

async function waits(client: PoolClient, watch: LockWatch): Promise<boolean> {
  const backend: unknown = Reflect.get(client, 'processID');
  return typeof backend === 'number' && watch(backend);
}

/** A connection whose every query is a step, one after the other in the order in which they were asked for. */
function connection(
  client: PoolClient,
  worker: Killable,
  scheduler: Scheduler,
  watch: LockWatch,
  released: () => boolean,
): PoolClient {
  let cut = false;
  const onError = (): void => {
    cut = true;
  };
  client.on('error', onError);
  let last: Promise<unknown> = Promise.resolve();
  let inside = false;
  /** leaves with what follows it, and changes nothing: it is no step of its own */
  let beginning: { text: string; begun: PromiseWithResolvers<QueryResult> } | null = null;
  const query = (text: string, parameters: unknown[] = []): Promise<QueryResult> => {
    if (begins.test(text)) {
      inside = true;
      beginning = { text, begun: Promise.withResolvers() };
      return beginning.begun.promise;
    }
    // those sent behind one that fails are run all the same, and fail by themselves
    const next = last.catch(() => null).then(() => step(text, parameters));
    last = next;
    return next;
  };
  const step = (text: string, parameters: unknown[]): Promise<QueryResult> => {
    const first = beginning;
    beginning = null;
    if (cut) {
      first?.begun.reject(lost());
      return Promise.reject(lost());
    }
    const frees = !inside || ends.test(text);
    if (ends.test(text)) inside = false;
    return scheduler.step<QueryResult>({
      worker,
      what: text.replace(/\s+/g, ' ').trim().slice(0, 60),
      act() {
        if (first !== null)
          client.query<QueryResult>(first.text).then(first.begun.resolve, first.begun.reject);
        return client.query(text, parameters);
      },
      lost() {
        cut = true;
        first?.begun.reject(lost());
        throw lost();
      },
      blocked: () => waits(client, watch),
      frees,
    });
  };
  const release = (): void => {
    client.off('error', onError);
    if (!released()) return;
    if (cut) breakUp(client, scheduler, watch);
    else client.release();
  };
  return new Proxy(client, {
    get(target, name) {
      if (name === 'query') return query;
      if (name === 'release') return release;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
