import { editDistance, wordsOf } from './text.ts';

/** The matches for a name that somebody wrote. */
export type Found<T> = {
  /** its words are the name's own, or begin them */
  certain: T[];
  /** with a letter or two wrong; only where none is certain */
  near: T[];
};

/**
 * Looks for a name in a list, whatever its case and accents: the whole name; else names that have all the words said
 * (`verdi` in Luigi Verdi) or the same letters (`deluca` in Anna De Luca), else names whose words begin so (`stampa` in Stampanti), else with typing mistakes.
 */
export function findByName<T>(said: string, among: readonly T[], nameOf: (one: T) => string): Found<T> {
  const words = wordsOf(said);
  if (words.length === 0) return { certain: [], near: [] };
  const names = among.map((one) => ({ one, words: wordsOf(nameOf(one)) }));
  const those = (fits: (name: string[]) => boolean): T[] =>
    names.filter((name) => fits(name.words)).map(({ one }) => one);
  const every = (alike: (word: string, said: string) => boolean) => (name: string[]) =>
    words.every((word) => name.some((own) => alike(own, word)));

  const whole = those((name) => name.join(' ') === words.join(' '));
  if (whole.length > 0) return { certain: whole, near: [] };
  const parts = those(every((own, word) => own === word));
  if (parts.length > 0) return { certain: parts, near: [] };
  const letters = runTogether(words);
  const joined = those((name) => runsOf(name).some((run) => runTogether(run) === letters));
  if (joined.length > 0) return { certain: joined, near: [] };
  const beginnings = those(every((own, word) => word.length >= 3 && own.startsWith(word)));
  if (beginnings.length > 0) return { certain: beginnings, near: [] };
  return { certain: [], near: those(every(similar)) };
}

function runTogether(words: readonly string[]): string {
  return words.join('').replaceAll("'", '');
}

/** Words of a name that stand one after the other, as a name has few. */
function runsOf(name: readonly string[]): string[][] {
  const words = name.slice(0, 12);
  return words.flatMap((_, from) => words.slice(from).map((__, more) => words.slice(from, from + more + 1)));
}

function similar(own: string, said: string): boolean {
  const allowed = own.length < 4 ? 0 : own.length < 8 ? 1 : 2;
  return own === said || (allowed > 0 && editDistance(own, said, allowed) <= allowed);
}
