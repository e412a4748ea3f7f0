import type { CommandName } from '../kinds.ts';

export type Command = {
  name: CommandName;
  /** what stands on the command's own line and belongs to it (an address, a company, a number), else null */
  argument: string | null;
};

/** What the new text of a mail orders. Whether its writer may is not asked here. */
export type Reading =
  | { kind: 'text'; text: string }
  /** certain: these commands, and the text that follows them */
  | { kind: 'commands'; commands: [Command, ...Command[]]; text: string }
  /**
   * nearly a command: nothing acts, its writer is asked which of these was meant. `rest`: what would be its text, where
   * that is certain; `forClient`: they seem to believe that the client reads it
   */
  | {
      kind: 'unsure';
      guesses: [CommandName, ...CommandName[]];
      found: string;
      text: string;
      rest: string;
      forClient: boolean;
    }
  /** commands that exclude each other (BAD-MAIL 60) */
  | { kind: 'contradiction'; commands: [Command, Command, ...Command[]]; text: string };

/**
 * A button of a staff mail: a mailto link to the mail's own Reply-To. `write_staff` and `write_client` order
 * nothing; the others write the command's first word. `text`: what was written already, so that nothing is typed twice.
 */
export type Button = {
  kind: CommandName | 'write_staff' | 'write_client';
  argument: string | null;
  text?: string;
};
