import type { PostgresPool } from 'kysely';
import { Pool, type PoolClient, type QueryResult } from 'pg';
import { OpenDatabase, ourTypes } from '../../src/store/db/database.ts';
import type { Killable, Scheduler } from './scheduler.ts';

/** True if these backends of PostgreSQL wait for a lock. */
export type LockWatch = (backend: number) => Promise<boolean>;

/** Begins or ends a worker's lasting connection, by which others see that it lives. */
export type Presence = (worker: string, lives: boolean) => Promise<void>;

/** A worker's process: what dies with it is its connections. */
export type SimulatedWorker = Killable & { db: OpenDatabase };

/** A place for one worker after another; its real connections are kept for the next, but for those a death broke. */
export type Slot = { start(name: string): SimulatedWorker; end(): Promise<void> };

/** Statements that begin a transaction, and that end one. */
const begins = /^(?:begin|start transaction)\b/iu;
const ends = /^(?:commit|rollback)\b/iu;

/** Error of pg for a cut connection. */
const lost = (): Error => new Error('Connection terminated unexpectedly');

/** A database whose lasting connection is simulated. */
class SimulatedDatabase extends OpenDatabase {
  readonly #presence: Presence;
  #seen = false;

  constructor(url: string, pool: PostgresPool, presence: Presence) {
    super(url, null, pool);
    this.#presence = presence;
  }

  override async present(): Promise<boolean> {
    if (!this.#seen) await this.#presence(this.worker, true);
    this.#seen = true;
    return true;
  }

  /** The connection ends, though its worker lives, or has died. */
  async lose(): Promise<void> {
    this.#seen = false;
    await this.#presence(this.worker, false);
  }
}

/** @param url of the database; its connections see the simulated clock, and who lives */
export function createSlot(
  url: string,
  scheduler: () => Scheduler,
  { watch, presence }: { watch: LockWatch; presence: Presence },
): Slot {
  const pool = new Pool({
    connectionString: url,
    max: 12,
    // as the product's own connections are
    pipeline: true,
    options: '-c search_path=sim,public,pg_catalog',
    types: ourTypes,
  });
  pool.on('error', connectionBroke);
  pool.on('connect', (client) => client.on('error', connectionBroke));
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
          void db.lose();
        },
        loseSign: () => void db.lose(),
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
      const db = new SimulatedDatabase(url, simulated, (one, lives) =>
        scheduler().meanwhile(presence(one, lives)),
      );
      return Object.assign(worker, { db });
    },
    end: () => pool.end(),
  };
}

function connectionBroke(): void {
  // its next query says so
}

/** Statements that undo what the end of a connection undoes, once the server has finished the last request. */
const undo = 'rollback; select pg_advisory_unlock_all(); unlisten *; close all; reset all';

/** Leaves a connection as the end of its worker would: the server undoes what was not committed, and frees its locks. */
function breakUp(client: PoolClient, scheduler: Scheduler, watch: LockWatch): void {
  const undone = client.query(undo).then(
    () => client.release(),
    () => client.release(true),
  );
  void scheduler.meanwhile(undone, () => waits(client, watch));
}

/** The name under which every connection keeps the plan of a query. */
const planNames = new Map<string, string>();
function planName(text: string): string {
  const name = planNames.get(text) ?? `q${planNames.size}`;
  planNames.set(text, name);
  return name;
}

async function waits(client: PoolClient, watch: LockWatch): Promise<boolean> {
  const backend: unknown = Reflect.get(client, 'processID');
  return typeof backend === 'number' && watch(backend);
}

/** A query that waits to be sent. */
type Asked = { text: string; parameters: unknown[]; answer: PromiseWithResolvers<QueryResult> };

/**
 * A connection on which what was asked for at the same time is one step, as it leaves in one packet; now and then each of
 * these queries is a step of its own.
 */
function connection(
  client: PoolClient,
  worker: Killable,
  scheduler: Scheduler,
  watch: LockWatch,
  released: () => boolean,
): PoolClient {
  let cut = false;
  let inside = false;
  let asked: Asked[] = [];
  let sending = false;

  const query = (text: string, parameters: unknown[] = []): Promise<QueryResult> => {
    const answer = Promise.withResolvers<QueryResult>();
    asked.push({ text, parameters, answer });
    // leaves with what follows it, and changes nothing: it is no step of its own
    if (begins.test(text)) inside = true;
    else if (!sending) void sendAll();
    return answer.promise;
  };
  const sendAll = async (): Promise<void> => {
    sending = true;
    while (asked.some(({ text }) => !begins.test(text))) await step();
    sending = false;
  };
  const step = async (): Promise<void> => {
    let sent: Asked[] = [];
    const first = asked.find(({ text }) => !begins.test(text))?.text ?? '';
    const lose = (): void => {
      cut = true;
      for (const { answer } of [...sent, ...asked]) answer.reject(lost());
      asked = [];
    };
    if (cut) return lose();
    const answers = await scheduler.step<PromiseSettledResult<QueryResult>[] | null>({
      worker,
      what: first.replace(/\s+/g, ' ').trim().slice(0, 60),
      act() {
        const alone = scheduler.oneIn(8)
          ? asked.findIndex(({ text }) => !begins.test(text)) + 1
          : asked.length;
        sent = asked.splice(0, alone);
        if (sent.some(({ text }) => ends.test(text))) inside = false;
        return Promise.allSettled(sent.map(send));
      },
      lost() {
        lose();
        return null;
      },
      blocked: () => waits(client, watch),
      frees: () => !inside,
    });
    answers?.forEach((answer, i) => {
      if (answer.status === 'fulfilled') sent[i]?.answer.resolve(answer.value);
      else sent[i]?.answer.reject(answer.reason);
    });
  };
  const send = ({ text, parameters }: Asked): Promise<QueryResult> =>
    begins.test(text) || ends.test(text)
      ? client.query(text, parameters)
      : client.query({ name: planName(text), text, values: parameters });
  const release = (): void => {
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
