import type { CommandName } from '../kinds.ts';
import type { Locale } from '../words/words.ts';
import type { Argument } from './arguments.ts';

type PhrasesByLocale = Record<Locale, readonly string[]>;

/** The syntax of a command, for reading. `withDefaults` supplies omitted fields. */
export type CommandWords = {
  name: CommandName;
  /** act on a line of their own or before punctuation; if the line just continues, the writer is asked */
  phrases: PhrasesByLocale;
  /** act as `phrases` do, but are ordinary words too: if the line continues it is prose */
  standsAlone?: PhrasesByLocale;
  /** act like those that stand alone, and also before a time, which is text: `vado io domattina` */
  plans?: PhrasesByLocale;
  /** its text has the same readers as text without the command, so no punctuation is required between them */
  runsOn?: boolean;
  /** never act: the writer is asked whether the command was meant */
  hints?: PhrasesByLocale;
  /** so does one of these words among others that add nothing: `possiamo chiudere il ticket` */
  keywords?: PhrasesByLocale;
  argument?: Argument | null;
  /** readers of the text that follows; `nobody`: it takes no text */
  textFor?: 'client' | 'staff' | 'nobody';
  /** words such as `ma non oggi` or `domani` after it take it back: then its writer is asked */
  canBeTakenBack?: boolean;
  /** object of the command; in a subject, a ticket's command counts only beside the ticket's tag */
  about: 'ticket' | 'held' | 'confirmation' | 'quarantine' | 'desk';
  /** always read as a line of its own, and never part of the text */
  anywhere?: boolean;
  /** commands that cannot be meant beside it; said by one of the two, it counts for both */
  opposites?: readonly CommandName[];
};

/** The same with nothing left out. */
export type CommandSyntax = Required<CommandWords>;

const none: PhrasesByLocale = { it: [], en: [] };

/** A command with what its file leaves out. */
export function withDefaults<Entry extends CommandWords>(entry: Entry): Entry & CommandSyntax {
  return {
    standsAlone: none,
    plans: none,
    runsOn: false,
    hints: none,
    keywords: none,
    argument: null,
    textFor: 'nobody',
    canBeTakenBack: false,
    anywhere: false,
    opposites: [],
    ...entry,
  };
}
