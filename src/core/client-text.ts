import { readCommands, type CommandName } from './commands.ts';
import type { Case } from './outcome.ts';

/**
 * What a client would read of a staff mail: the text that follows its command, of the text cut without mercy (promise 2).
 * @param command the command whose text it is, which stands last
 * @param text what follows the command in the new text, for where the strict cut lost the command
 * @returns `sure` is false where the command does not stand in the strict text, or the cut itself is in doubt
 */
export function clientText(c: Case, command: CommandName, text: string): { text: string; sure: boolean } {
  const { reply, subject } = c.message;
  const strict = readCommands({ text: reply.strict, subject });
  const isThere = strict.kind === 'commands' && strict.commands.at(-1)?.name === command;
  return isThere ? { text: strict.text.trim(), sure: reply.sure } : { text: text.trim(), sure: false };
}

/** A text that stays inside, and what its writer wrote below a quoted mail of ours. */
export function withBelow({ message: { reply } }: Case, text: string): string {
  return [text, reply.below].filter((part) => part !== '').join('\n\n');
}
