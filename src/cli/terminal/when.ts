/** A time as lists show it: UTC, to the second. */
export function instant(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}
