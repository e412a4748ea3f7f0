import { allSettings } from './schema.ts';

const settings = Object.keys(allSettings.shape);
const names = new Set(settings.flatMap((name) => [name, `${name}_FILE`]));

/** A name that is nearly a setting's. */
export type Misspelt = { name: string; nearest: string };

/** Names of `.env` that nobody reads: those that are nearly a setting's, and the others. */
export type UnreadNames = { misspelt: Misspelt[]; others: string[] };

/** The names of `.env` that no setting has. */
export function unreadNames(file: Record<string, string | undefined>): UnreadNames {
  const unread: UnreadNames = { misspelt: [], others: [] };
  for (const name of Object.keys(file)) {
    if (names.has(name)) continue;
    const nearest = nearestTo(name, 2);
    if (nearest === null) unread.others.push(name);
    else unread.misspelt.push({ name, nearest });
  }
  return unread;
}

/**
 * The names of the environment that are nearly a setting's. Most there belong to other programs: only one letter may be wrong,
 * the setting's name must be long, and the setting itself not set.
 */
export function misspeltInEnvironment(
  environment: Record<string, string | undefined>,
  isSet: (name: string) => boolean,
): Misspelt[] {
  return Object.keys(environment).flatMap((name) => {
    if (names.has(name) || environment[name] === '') return [];
    const nearest = nearestTo(name, 1);
    return nearest === null || nearest.length < 8 || isSet(nearest) ? [] : [{ name, nearest }];
  });
}

/** The setting whose name is at most so many edits away, of a short one at most one; upper and lower case are the same. */
function nearestTo(name: string, most: number): string | null {
  const written = name.toUpperCase();
  let best: { name: string; edits: number } | null = null;
  for (const known of names) {
    if (Math.abs(known.length - written.length) > most) continue;
    const edits = editsBetween(written, known);
    const allowed = known.length < 4 ? 0 : known.length < 8 ? Math.min(1, most) : most;
    if (edits <= allowed && (best === null || edits < best.edits)) best = { name: known, edits };
  }
  return best?.name ?? null;
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text of another (optimal string alignment). */
function editsBetween(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
