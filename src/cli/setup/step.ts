import { type Outcome, failed, tryAgain, wrongUse } from '../terminal/outcome.ts';

/** What a step of the conversation comes to: an answer, or the end of the command. */
export type SetupAnswer<T> = { ok: true; value: T } | { ok: false; ended: Outcome };

export const done = <T>(value: T): SetupAnswer<T> => ({ ok: true, value });
export const endsFailed = (words: string): SetupAnswer<never> => ({ ok: false, ended: failed(words) });
export const endsUnreachable = (words: string): SetupAnswer<never> => ({ ok: false, ended: tryAgain(words) });
export const endsWrong = (words: string): SetupAnswer<never> => ({ ok: false, ended: wrongUse(words) });
