/** What a file of `kticket import` may hold. */
export const importKinds = ['companies', 'contacts', 'staff'] as const;
export type ImportKind = (typeof importKinds)[number];
