/** The kinds of file for `kticket import`. */
export const importKinds = ['companies', 'contacts', 'staff'] as const;
export type ImportKind = (typeof importKinds)[number];
