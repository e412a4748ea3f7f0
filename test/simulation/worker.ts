import type { PostgresPool } from 'kysely';
import { Pool, type PoolClient, type QueryResult } from 'pg';
import { OpenDatabase, ourTypes } from '../../src/store/database.ts';
import type { Killable, Scheduler } from './scheduler.ts';

/** Whether these backends of PostgreSQL wait for a lock. */
export type LockWatch = (backend: number) => Promise<boolean>;

/** A worker's process: what dies with it is its connections. */
export type SimulatedWorker = Killable & { db: OpenDatabase };

/** A place for one worker after another; its real connections are kept for the next, but for those a death broke. */
export type Slot = { start(name: string): SimulatedWorker; end(): Promise<void> };

/** What pg says where a connection was cut. */
const lost = (): Error => new Error('Connection terminated unexpectedly');

/** @param url of the database; its connections see the simulated clock */
export function createSlot(url: string, scheduler: () => Scheduler, watch: LockWatch): Slot {
  const pool = new Pool({
    connectionString: url,
    max: 12,
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
          for (const client of clients) client.release(true);
          clients.clear();
        },
      };
      const simulated: PostgresPool = {
        options: {},
        async end() {
          // the slot's own connections stay
        },
        async connect() {
          const client = await pool.connect();
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

/** A connection whose every query is a step, one after the other in the order in which they were asked for. */
function connection(
  client: PoolClient,
  worker: Killable,
  scheduler: Scheduler,
  watch: LockWatch,
  released: () => boolean,
): PoolClient {
  let cut = false;
  const backend: unknown = Reflect.get(client, 'processID');
  const onError = (): void => {
    cut = true;
  };
  client.on('error', onError);
  let last: Promise<unknown> = Promise.resolve();
  const query = (text: string, parameters: unknown[] = []): Promise<QueryResult> => {
    // those sent behind one that fails are run all the same, and fail by themselves
    const next = last.catch(() => null).then(() => step(text, parameters));
    last = next;
    return next;
  };
  const step = (text: string, parameters: unknown[]): Promise<QueryResult> => {
    if (cut) return Promise.reject(lost());
    return scheduler.step<QueryResult>({
      worker,
      what: text.replace(/\s+/g, ' ').trim().slice(0, 60),
      act: () => client.query(text, parameters),
      lost() {
        cut = true;
        throw lost();
      },
      blocked: async () => typeof backend === 'number' && (await watch(backend)),
    });
  };
  const release = (): void => {
    client.off('error', onError);
    if (released()) client.release(cut);
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
