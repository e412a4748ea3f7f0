import { readCommands } from './commands.ts';
import { shorten } from '../message/subject-token.ts';
import type { Reading } from '../message/orders.ts';
import type { Reply } from '../message/reply.ts';

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
