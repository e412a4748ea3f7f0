import type { Case } from '../case/case.ts';
import { splitLines, wordsOf } from '../letters/text.ts';
import type { CommandName } from '../kinds.ts';

/**
 * The part of a staff mail that a client would read: the text that follows its command, from the strict cut (promise 2). If
 * nothing follows it in a button's draft, the text below the draft's line.
 * @param command the command whose text it is, which stands last
 * @param text what follows the command in the new text, for where the strict cut lost the command
 * @returns `sure` is false where the command does not stand in the strict text, or the cut itself is in doubt
 */
export function clientText(c: Case, command: CommandName, text: string): { text: string; sure: boolean } {
  const {
    reply,
    orders: { strict },
  } = c.message;
  const isThere = strict.kind === 'commands' && strict.commands.at(-1)?.name === command;
  const said = withoutName(c, (isThere ? strict.text : text).trim());
  if (said === '' && reply.belowDraft) return { text: reply.below.trim(), sure: false };
  return { text: said, sure: isThere && reply.sure };
}

/** Without the lines at its end that are the name of who wrote it, or its initials. */
function withoutName({ message: { from }, snapshot }: Case, text: string): string {
  if (!from.ok) return text;
  const { name, email } = from.address;
  const enrolled = snapshot.staff.filter((one) => one.email === email || one.aliases.includes(email));
  const names = new Set([name, ...enrolled.map((one) => one.name)].flatMap(wordsOf));
  const initials = new Set(
    [name, ...enrolled.map((one) => one.name)].map((one) =>
      wordsOf(one)
        .map((word) => word[0])
        .join(''),
    ),
  );
  const lines = splitLines(text);
  const isName = (line: string): boolean => {
    const words = wordsOf(line);
    return words.every((word) => names.has(word)) || (words.length > 0 && initials.has(words.join('')));
  };
  return lines.slice(0, lines.findLastIndex((line) => !isName(line)) + 1).join('\n');
}

/** Text for staff only, with its writer's text below a quoted mail of ours. */
export function withBelow(c: Case, text: string): string {
  const { unread, quotesOurs } = c.snapshot.newWords;
  return [text, c.message.reply.below, quotesOurs ? unread : ''].filter((part) => part !== '').join('\n\n');
}
