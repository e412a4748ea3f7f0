/** Every command word of the product; the contract of `explain`. */
export const commandNames = [
  'take',
  'close',
  'note',
  'accept',
  'reject',
  'confirm',
  'reopen',
  'assign',
  'take_over',
  'category',
  'priority',
  'time',
  'mode',
  'merge',
  'move',
  'split',
  'undo',
  'open_for',
  'list',
  'history',
  'help',
  'retry',
  'discard',
] as const;
export type CommandName = (typeof commandNames)[number];

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
  /** nearly a command: nothing acts, its writer is asked which of these was meant */
  | { kind: 'unsure'; guesses: [CommandName, ...CommandName[]]; found: string; text: string }
  /** commands that exclude each other (BAD-MAIL 60) */
  | { kind: 'contradiction'; commands: [Command, Command, ...Command[]]; text: string };
