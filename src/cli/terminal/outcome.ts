/**
 * Result of a command. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 75 temporary failure, try again
 * (EX_TEMPFAIL of sysexits.h, which mail servers understand).
 */
export type Outcome = { exit: 0 } | { exit: 1 | 2 | 75; words: string | null };

export const succeeded: Outcome = { exit: 0 };

/** `words` goes to standard error; null where the command has said all there is to say. */
export const failed = (words: string | null): Outcome => ({ exit: 1, words });
export const wrongUse = (words: string): Outcome => ({ exit: 2, words });
export const tryAgain = (words: string): Outcome => ({ exit: 75, words });

/**
 * Turns what a command does into a commander action; its outcome is handed to `report`. What it does is loaded when it is
 * asked for: `load` imports it.
 */
export type Action = <A extends unknown[]>(
  load: () => Promise<(...given: A) => Promise<Outcome>>,
) => (...given: A) => Promise<void>;
