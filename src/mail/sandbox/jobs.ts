import type { DkimCheck } from '../../core/message/authentication.ts';
import type { Message } from '../../core/message/message.ts';
import type { KnownKey } from '../dkim/dkim-keys.ts';
import type { ReadingBounds } from '../../config/limits.ts';

/** The data about a mail from outside it; `truncated`: only its headers are there. */
export type Outside = { deliveredTo: string[]; nullSender: boolean; truncated: boolean };

/** Requests to the reading process: `begin` first, and once. */
export type Job =
  | { do: 'begin'; bounds: ReadingBounds }
  | { do: 'read'; raw: Uint8Array; outside: Outside }
  | { do: 'list_keys'; raw: Uint8Array }
  | { do: 'check_dkim'; raw: Uint8Array; keys: KnownKey[] };

/** Its answers, one for each job and in order. `failed`: an exception in our code, in one line without any text of the mail. */
export type Answer =
  | { did: 'begin' }
  | { did: 'read'; message: Message }
  | { did: 'list_keys'; names: string[] }
  | { did: 'check_dkim'; check: DkimCheck }
  | { did: 'failed'; why: string };

/** The state watched by the guard of the reading process. */
export type GuardedProcess = {
  /** a number, odd while a job is being done, and the milliseconds of processor time that the job may take */
  jobs: Int32Array<SharedArrayBuffer>;
  /** of processor time that most jobs may take */
  seconds: number;
  /** the process id of the one waiting for the answers */
  parent: number;
};

/** The file descriptor to which the guard writes the number of a job that is slow. */
export const slowJobs = 4;
