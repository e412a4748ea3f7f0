/** The kinds of file for `kticket import`. */
export const importKinds = ['companies', 'contacts', 'staff', 'queues', 'categories'] as const;
export type ImportKind = (typeof importKinds)[number];
