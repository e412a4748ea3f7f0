import { commandsByName } from './commands.ts';
import { commandReader } from '../grammar/read-mail.ts';
import { shorten } from '../message/subject-token.ts';
import type { Reading } from '../message/orders.ts';
import type { Reply } from '../message/reply.ts';

/**
 * What the new text of a staff mail orders. A command acts only where it certainly is one: its words make up the first line,
 * or stand before `. : ; , – —` there; further commands on lines of their own may follow. Case, accents, width and invisible
 * characters do not matter (BAD-MAIL 62). What nearly is one is `unsure`, whatever else is text. Linear in its length.
 * @param input.text the new text, quotes and signature gone
 * @param input.subject read where the text is empty, as our buttons write it: `chiudere [#1042] …`
 */
export const readCommands: (input: { text: string; subject: string }) => Reading = commandReader(
  Array.from(commandsByName, ([name, entry]) => ({ name, ...entry })),
);

/** Above these nothing is the writer's by mistake: what stands below is what somebody else wrote. */
const introductions: readonly Reply['cuts'][number]['reason'][] = ['attribution', 'header_block', 'marker'];
/** Every mail of a person may end in them. */
const trimmings: readonly Reply['cuts'][number]['reason'][] = [
  'signature',
  'disclaimer',
  'tagline',
  'banner',
];

/**
 * What a mail orders. A text of which nothing could be told as new orders nothing: where it reads as a command, or stands below a
 * subject that one of our buttons wrote, its writer is asked.
 */
export function readingOf(reply: Reply, subject: string): Reading {
  const { text, guessed, cuts, indented } = reply;
  if (!guessed) {
    const quoted = readCommands({ text: indented, subject: '' });
    return quoted.kind === 'commands'
      ? unsure(quoted.commands, indented.split('\n', 1)[0] ?? '', text)
      : readCommands({ text, subject });
  }
  const isQuoted = cuts.some(({ reason }) => introductions.includes(reason));
  const isTrimmings = cuts.length > 0 && cuts.every(({ reason }) => trimmings.includes(reason));
  const ordered = readCommands({ text: '', subject });
  if (ordered.kind === 'commands')
    return isQuoted || isTrimmings ? ordered : unsure(ordered.commands, subject, text);
  const said = readCommands({ text, subject: '' });
  if (isQuoted || said.kind !== 'commands') return { kind: 'text', text };
  return unsure(said.commands, text.split('\n', 1)[0] ?? '', text);
}

function unsure(
  commands: (Reading & { kind: 'commands' })['commands'],
  found: string,
  text: string,
): Reading {
  const [first, ...more] = commands.map(({ name }) => name);
  return {
    kind: 'unsure',
    guesses: [first ?? 'note', ...more],
    found: shorten(found.trim(), 80),
    text,
    rest: text,
    forClient: false,
  };
}
