import { commandsByName } from './table.ts';
import { commandReader } from '../grammar/read-mail.ts';
import { isSentence } from '../grammar/prose.ts';
import { readHeldOrders } from './held-list.ts';
import type { Orders, Reading } from '../message/orders.ts';
import type { Reply } from '../message/reply.ts';
import { shorten } from '../letters/text.ts';
import { replyMarks } from '../message/thread.ts';

/**
 * Reads the orders in the new text of a staff mail. A command takes effect only where it is certain: its words make up the
 * first line, or stand before `. : ; , – —` there; further commands on lines of their own may follow. Case, accents, width and
 * invisible characters do not matter (BAD-MAIL 62). A near miss is `unsure`, anything else is text. Linear in the length of
 * the text.
 * @param input.text the new text, without quotes and signature
 * @param input.subject read if the text is empty, as our buttons write it: `chiudere [#1042] …`
 */
export const readCommands: (input: { text: string; subject: string }) => Reading = commandReader([
  ...commandsByName.values(),
]);

/** Above these nothing is the writer's by mistake: what stands below is what somebody else wrote. */
const introductions: readonly Reply['cuts'][number]['reason'][] = ['attribution', 'header_block', 'marker'];
/** Every mail of a person may end in them. */
const trimmings: readonly Reply['cuts'][number]['reason'][] = [
  'signature',
  'disclaimer',
  'tagline',
  'banner',
];

/** All that a mail orders: each of its texts that may order something is read here, and nowhere else. Linear in its length. */
export function ordersOf(reply: Reply, subject: string): Orders {
  const { text, below } = reply;
  const strict = readCommands({ text: reply.strict, subject });
  const own = readingOf(reply, subject, text === reply.strict ? strict : null);
  return {
    own,
    strict,
    below: below !== '' && readCommands({ text: below, subject }).kind !== 'text',
    held: readHeldOrders(text.trim() === '' ? orderInSubject(subject) : text),
    acceptsInProse:
      own.kind === 'commands' &&
      own.commands.every(({ name, argument }) => name === 'accept' && isSentence(argument ?? '')),
  };
}

const answerMarks = new RegExp(String.raw`^(?:(?:${replyMarks}|ris)\s?[:：]\s*)+`, 'iu');

function orderInSubject(subject: string): string {
  return subject
    .replace(/\(\s*rif\.\s*[a-z2-7]{26}\s*\)/giu, ' ')
    .trim()
    .replace(answerMarks, '');
}

/**
 * Reads the orders of a mail. A text of which nothing is certainly new orders nothing: if it reads as a command, or stands
 * below a subject that one of our buttons wrote, its writer is asked.
 * @param plain the orders of its text alone, if already read
 */
function readingOf(reply: Reply, subject: string, plain: Reading | null): Reading {
  const { text, guessed, cuts, indented } = reply;
  if (!guessed) {
    const quoted = readCommands({ text: indented, subject: '' });
    return quoted.kind === 'commands'
      ? unsure(quoted.commands, indented.split('\n', 1)[0] ?? '', text)
      : (plain ?? readCommands({ text, subject }));
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
