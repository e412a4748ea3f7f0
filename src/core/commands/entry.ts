import type { CommandSyntax } from '../grammar/read-line.ts';
import type { Locale, Words } from '../words/words.ts';
import type { Role } from '../kinds.ts';

/**
 * Everything the product knows of a command but what it does. The help mail, the buttons and the docs are made from it, so
 * that a new command is a new entry of the table. How its phrases are read: `CommandSyntax`.
 */
export type CommandEntry = Omit<CommandSyntax, 'name'> & {
  /** who may give it */
  roles: readonly Role[];
  label: Words;
  /** one line of the help mail: what it does, after the words to write */
  help: Words;
};

export const everyone: readonly Role[] = ['technician', 'clerk', 'administrator'];
export const technicians: readonly Role[] = ['technician', 'administrator'];
export const clerks: readonly Role[] = ['clerk', 'administrator'];
export const none: Record<Locale, readonly string[]> = { it: [], en: [] };
