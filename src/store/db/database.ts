import { randomUUID } from 'node:crypto';
import { Kysely, PostgresDialect, type PostgresPool, type TransactionBuilder } from 'kysely';
import { Pool, TypeOverrides, types } from 'pg';
import { type Embedded, openEmbedded } from '../embedded/embedded.ts';
import { applyMigrations } from './migrate.ts';
import { PipelinedTransactions } from './pipeline.ts';
import { keepPlans } from './prepared.ts';
import type { Tables } from './schema.ts';
import { DatabaseUnavailable, isUnavailable, whyUnavailable } from '../unavailable.ts';
import { type Subject, Wake } from './wake.ts';
import { codeOf, messageOf } from '../../log/errors.ts';
/** The database, or a transaction on it. */
export type Database = Kysely<Tables>;

export type DatabaseSettings = {
  /** null for the embedded PostgreSQL under `dataDirectory` */
  databaseUrl: string | null;
  dataDirectory: string;
};

/** A worker that froze inside a transaction is freed of it then. Longer than a mail server takes over one piece of a large mail. */
const idleInTransaction = 5 * 60_000;
const statement = 2 * 60_000;
const connecting = 10_000;
/** Nothing holds one while it waits for a mail server, but a large mail that is taken in. */
const poolSize = 10;

/** The name of a worker's lasting connection in pg_stat_activity. */
export const presenceName = (worker: string): string => `kticket ${worker}`;

/** An open database. `close` (or `destroy`) ends its connections and, where nobody else uses it, the embedded server. */
export class OpenDatabase extends Kysely<Tables> {
  /** a UUID of this process, new at each start; it marks the locks and leases of the process in the database */
  readonly worker = randomUUID();
  readonly #pool: PostgresPool;
  readonly #wake: Wake;
  readonly #embedded: Embedded | null;
  readonly #transactions: PipelinedTransactions;
  #closed: Promise<void> | null = null;

  /** @param pool where its connections come from; connections to `url` where none is given */
  constructor(url: string, embedded: Embedded | null, pool: PostgresPool = openPool(url)) {
    const dialect = new PostgresDialect({ pool });
    super({ dialect });
    this.#transactions = new PipelinedTransactions({
      config: { dialect },
      dialect,
      driver: dialect.createDriver(),
      executor: this.getExecutor(),
    });
    this.#pool = pool;
    this.#embedded = embedded;
    this.#wake = new Wake(url, presenceName(this.worker));
    embedded?.onMoved((moved) => {
      // the pool makes its next connections from these
      Object.assign(this.#pool.options, { connectionString: moved });
      this.#wake.move(moved);
    });
  }

  /** A transaction in which what is asked for at the same time is sent at the same time, and run in that order. */
  override transaction(): TransactionBuilder<Tables> {
    return this.#transactions;
  }

  /**
   * Calls back whenever there may be new incoming messages or outgoing mail: soon after the transaction that
   * wrote them, from any process, and after every interruption of the connection that listens.
   * @returns stops it
   */
  onWake(subject: Subject, callback: () => void): () => void {
    return this.#wake.on(subject, callback);
  }

  /**
   * Opens the connection by whose name (`presenceName`) others see at once when this process has died.
   * @returns whether it is open
   */
  present(): Promise<boolean> {
    return this.#wake.connect();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  override destroy(): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.#wake.close();
    await super.destroy();
    await this.#embedded?.close();
  }
}

/**
 * Opens the database, brings its schema up to date where this role may, and hands it out ready for use.
 * @throws DatabaseUnavailable where it cannot be reached, MigrationRefused where its schema does not fit
 */
export async function openDatabase(settings: DatabaseSettings): Promise<OpenDatabase> {
  const db = await connectDatabase(settings);
  try {
    await applyMigrations(db);
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/**
 * Opens the database as it is, whatever its schema.
 * @throws DatabaseUnavailable where it cannot be reached
 */
export async function connectDatabase(settings: DatabaseSettings): Promise<OpenDatabase> {
  const embedded = settings.databaseUrl === null ? await openEmbedded(settings.dataDirectory) : null;
  const url = settings.databaseUrl ?? embedded?.url ?? '';
  const db = new OpenDatabase(url, embedded);
  try {
    await db.executeQuery(ping(db));
    return db;
  } catch (error) {
    await db.close();
    throw unreachable(url, error) ?? error;
  }
}

const ping = (db: Database) => db.selectNoFrom((eb) => eb.lit(1).as('one')).compile();

/** Why this database cannot be reached, in words, or null if it was reached and the error is another one. */
function unreachable(url: string, error: unknown): DatabaseUnavailable | null {
  const name = nameOfDatabase(url);
  const said = messageOf(error);
  const because = (words: string): DatabaseUnavailable => new DatabaseUnavailable(words, { cause: error });
  switch (codeOf(error)) {
    case '28P01':
    case '28000':
      return because(
        `The database ${name} refused us: ${said}. Check user and password in DATABASE_URL, and pg_hba.conf of the server.`,
      );
    case '3D000':
      return because(`There is no such database: ${name}. Create it, or correct DATABASE_URL.`);
    case null:
    default: {
      if (/SSL|certificate|self.signed/i.test(said))
        return because(
          `No TLS with the database ${name}: ${said}. DATABASE_URL must name the server as its certificate does; an own certificate authority is named in TLS_CA_FILE.`,
        );
      return isUnavailable(error)
        ? because(
            `The database ${name} cannot be reached: ${whyUnavailable(error)}. Check DATABASE_URL and that the server runs.`,
          )
        : null;
    }
  }
}

/** `host:port/database`, without user and password, for messages and logs. */
export function nameOfDatabase(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? (decodeURIComponent(hostname) || 'localhost');
  return `${host}:${port || '5432'}${pathname}`;
}

/**
 * The server gives up a machine that is gone, and frees its locks, within a minute: whether it was quiet, or had not taken an
 * answer. It compiles no query to machine code, which takes longer than ours run.
 */
const serverOptions =
  '-c jit=off -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 -c tcp_user_timeout=60000';

function openPool(url: string): Pool {
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    pipeline: true,
    application_name: 'kticket',
    connectionTimeoutMillis: connecting,
    idleTimeoutMillis: 30_000,
    // plans made for small tables go with their connection
    maxLifetimeSeconds: 600,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    statement_timeout: statement,
    idle_in_transaction_session_timeout: idleInTransaction,
    options: serverOptions,
    types: ourTypes,
  });
  pool.on('error', connectionBroke);
  pool.on('connect', (client) => {
    client.on('error', connectionBroke);
    keepPlans(client);
  });
  return pool;
}

function connectionBroke(): void {
  // its next query says so, and idle ones the pool drops; an error event that nobody hears would end the process
}

/** bigint as number: every one of ours counts rows, bytes or tickets. One beyond 2^53 throws instead of being rounded. */
export const ourTypes = new TypeOverrides();
ourTypes.setTypeParser(types.builtins.INT8, safeInteger);
// bigint[], which has no name there
ourTypes.setTypeParser(1016, (text: string) => text.slice(1, -1).split(',').filter(Boolean).map(safeInteger));

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`the database holds ${text}, a number beyond 2^53`);
  return number;
}
