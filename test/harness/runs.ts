/** The long form: `npm run test:long`. */
export const isLong = process.env['KTICKET_LONG'] !== undefined;

/** How often a property is tried: a fifth of it in the short form, where every run draws other cases. */
export function runs(all: number): number {
  return isLong ? all : Math.min(all, Math.max(40, Math.ceil(all / 5)));
}
