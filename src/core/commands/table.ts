import { attributeEntries } from './attribute-entries.ts';
import type { CommandEntry } from './entry.ts';
import { deskEntries } from './desk-entries.ts';
import { ticketEntries } from './ticket-entries.ts';
import type { CommandName } from '../kinds.ts';
/**
 * The commands the desk carries out, in the order of the help mail. The first phrase of each language is the one buttons
 * write.
 */
export const commandTable = {
  ...ticketEntries,
  ...attributeEntries,
  ...deskEntries,
} as const satisfies Partial<Record<CommandName, CommandEntry>>;
