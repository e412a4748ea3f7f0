import type { PoolClient, QueryResult } from 'pg';
import { lostPlan } from '../unavailable.ts';

/** A connection keeps at most so many plans, then it drops all of them: lists of every length make many. */
const mostKept = 250;
/** Texts that are remembered. */
const mostKnown = 1_000;

/** By text, for all connections; null for one that came once. */
const names = new Map<string, string | null>();
let named = 0;

/** The name of a query's plan, from its second time on. */
function nameOf(text: string): string | null {
  const known = names.get(text);
  if (typeof known === 'string') return known;
  if (known === undefined) {
    const [oldest] = names.size < mostKnown ? [] : names.keys();
    if (oldest !== undefined) names.delete(oldest);
    names.set(text, null);
    return null;
  }
  named += 1;
  const name = `kticket_${named}`;
  names.set(text, name);
  return name;
}

/**
 * From now on the connection parses a query with parameters once, plans it a few times, and keeps that under a name
 * (PostgreSQL manual, "PREPARE"): parsing and planning take longer than most queries of a decision. If a migration changed
 * what a plan reads, its query fails as in an outage (`isUnavailable`), and the connection makes all its plans anew.
 */
export function keepPlans(client: PoolClient): void {
  const send = client.query.bind(client);
  let kept = new Set<string>();
  let generation = 0;
  const startOver = (): void => {
    kept = new Set();
    generation += 1;
    // inside a transaction that has failed the server refuses: they go with the connection then
    send('deallocate all').catch(() => {});
  };
  const sendNamed = async (name: string, text: string, values: unknown[]): Promise<QueryResult> => {
    if (kept.size >= mostKept) startOver();
    kept.add(name);
    const of = generation;
    try {
      return await send({ name: `${name}_${generation}`, text, values });
    } catch (error) {
      if (lostPlan(error) && of === generation) startOver();
      throw error;
    }
  };
  let gathering = false;
  /** What is asked for at the same time leaves in one packet: a system call costs as much as a small query. */
  const gather = (): void => {
    if (gathering) return;
    gathering = true;
    const { stream } = client.connection;
    stream.cork();
    process.nextTick(() => {
      gathering = false;
      stream.uncork();
    });
  };
  Object.assign(client, {
    query(text: string, values?: unknown[]): Promise<QueryResult> {
      gather();
      const name =
        typeof text === 'string' && values !== undefined && values.length > 0 ? nameOf(text) : null;
      return name === null || values === undefined ? send(text, values) : sendNamed(name, text, values);
    },
  });
}
