/** The long form: `npm run test:long`. */
export const isLong = process.env['KTICKET_LONG'] !== undefined;

/** Number of runs of a property: a fifth in the short form, in which every run draws other cases. */
export function runs(all: number): number {
  return isLong ? all : Math.min(all, Math.max(40, Math.ceil(all / 5)));
}
