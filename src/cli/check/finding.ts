/** The result of one check. `warn`: it works, but is most likely not intended. */
export type Finding = { how: 'ok' | 'warn' | 'FAIL'; what: string; words: string };

export const ok = (what: string, words: string): Finding => ({ how: 'ok', what, words });
export const warn = (what: string, words: string): Finding => ({ how: 'warn', what, words });
export const fail = (what: string, words: string): Finding => ({ how: 'FAIL', what, words });
