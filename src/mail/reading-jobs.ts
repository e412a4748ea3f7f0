import type { DkimCheck } from '../core/authentication.ts';
import type { Message } from '../core/message.ts';
import type { KnownKey } from './known-keys.ts';

/** What is known of a mail from outside; `truncated`: only its headers are there. */
export type Outside = { deliveredTo: string[]; nullSender: boolean; truncated: boolean };

/** What the reading thread is asked. The bytes are a copy of its own: the thread may die with them. */
export type Job =
  | { do: 'read'; raw: Uint8Array; outside: Outside }
  | { do: 'list_keys'; raw: Uint8Array }
  | { do: 'check_dkim'; raw: Uint8Array; keys: KnownKey[] };

/** What it answers: `ready` once, then one answer for each job, in order. `failed`: our own code threw. */
export type Answer =
  | { did: 'ready' }
  | { did: 'read'; message: Message }
  | { did: 'list_keys'; names: string[] }
  | { did: 'check_dkim'; check: DkimCheck }
  | { did: 'failed'; error: Error };
