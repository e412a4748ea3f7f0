/**
 * Key for comparing names: lower case, no accents, runs of space as one. `ROSSI  S.r.l.` and `Rossi s.r.l.` are the same
 * company, `Università` and `universita` the same category.
 */
export function nameKey(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
