import { type Sign, signsOf } from './state.ts';
import { errorInWords } from '../desk/watch/outage.ts';
import { type Database, nameOfDatabase } from '../store/db/database.ts';
import { vitalsOf } from '../store/reports/health.ts';
import type { Config } from '../config/settings.ts';
import { isUnavailable } from '../store/unavailable.ts';

export type HealthConfig = Pick<
  Config,
  'mailboxes' | 'smtp' | 'queueSmtp' | 'pollSeconds' | 'databaseUrl' | 'dataDirectory'
>;

/** The desk's health, a line for each thing, the database first. Throws bugs. */
export async function examine(db: Database, config: HealthConfig): Promise<Sign[]> {
  const what = databaseName(config);
  try {
    const vitals = await vitalsOf(db, config);
    return [{ how: 'ok', what, words: 'answers' }, ...signsOf(vitals, config.pollSeconds)];
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return [{ how: 'FAIL', what, words: errorInWords(error) }];
  }
}

/** `database host:port/name`, without user and password. */
export function databaseName({ databaseUrl, dataDirectory }: HealthConfig): string {
  return `database ${databaseUrl === null ? dataDirectory : nameOfDatabase(databaseUrl)}`;
}

/** Line of a sign, as `kticket health` and /healthz show it. */
export function lineOf({ how, what, words }: Sign): string {
  return `${how.padEnd(4)}  ${what}: ${words}`;
}

/** True if the desk is healthy. */
export function isWell(signs: readonly Sign[]): boolean {
  return signs.every(({ how }) => how !== 'FAIL');
}
