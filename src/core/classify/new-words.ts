import { isFieldLine } from '../lines/header-block.ts';
import { readLines } from '../lines/lines.ts';
import { isFooter } from '../lines/signature.ts';
import { normalise, splitLines, tidy } from '../letters/text.ts';
import type { Gist, NewWords } from '../message/client-words.ts';
import type { Reply } from '../message/reply.ts';
import { isAcknowledgement, isWhollyReceipt } from './acknowledgement.ts';
import { isCourtesy } from './courtesy.ts';
import { saysItWorks } from './works-now.ts';

/** Each is looked for in all of ours. */
const mostCompared = 500;
/** Fewer letters may stand in any mail. */
const fewestLetters = 20;

/** The kind of a text that asks for nothing, or null if it has no word. */
export function gistOf(text: string): Gist | null {
  return text.trim() === ''
    ? null
    : {
        thanks: isCourtesy(text),
        works: saysItWorks(text),
        receipt: isAcknowledgement(text),
        wholly: isWhollyReceipt(text),
      };
}

/**
 * The new text of a mail. If its quotes are unclear, our own mails identify them: such a mail is read again once they are
 * loaded. That is the only reading outside of the bounded process, and compares at most 500 lines.
 * @param sent texts of our mails that it may quote; none where it is plain, or none is known yet
 */
export function newWordsOf(reply: Reply, sent: readonly string[]): NewWords {
  const text = newText(reply, sent);
  const { unread, quotesOurs } = unreadWords(reply, sent);
  const below = reply.below.split('\n').filter((line) => !line.startsWith('>'));
  const said = [reply.guessed ? text : reply.text, ...below, quotesOurs ? unread : ''].join('\n').trim();
  return { text, unread, quotesOurs, gist: gistOf(said) };
}

/** The new text of a mail; if none was recognisable, the lines that are not in our mails and open no quote. */
function newText(reply: Reply, sent: readonly string[]): string {
  if (!reply.guessed || sent.length === 0) return reply.textWithContext.trim();
  const whole = splitLines(reply.whole);
  const openings = reply.cuts
    .filter(({ reason }) => reason === 'attribution' || reason === 'header_block')
    .flatMap(({ fromLine, toLine }) => whole.slice(fromLine - 1, toLine));
  const known = alphanumerics([...sent, ...openings].join('\n'));
  const lines = splitLines(reply.textWithContext);
  if (lines.length > mostCompared) return reply.textWithContext.trim();
  const fresh = lines.filter((line) => !known.includes(alphanumerics(line)) || alphanumerics(line) === '');
  return fresh.some((line) => alphanumerics(line) !== '') ? tidy(fresh).trim() : '';
}

/** Words below a quote without a visible end that are in no mail of ours. */
function unreadWords(reply: Reply, ours: readonly string[]): Pick<NewWords, 'unread' | 'quotesOurs'> {
  if (reply.unmarked === '' || reply.guessed) return { unread: '', quotesOurs: false };
  const lines = splitLines(reply.unmarked);
  if (lines.length > mostCompared) return { unread: reply.unmarked, quotesOurs: false };
  const sent = ours.flatMap(splitLines).map(withoutLinks);
  const whole = new Set(sent);
  const all = sent.join('');
  const said = lines.map(withoutLinks);
  const filled = said.filter((one) => one !== '');
  let at = -1;
  const known = said.map((own) => {
    if (own === '') return true;
    at++;
    // a program breaks our lines where it likes
    const around = [own, `${filled[at - 1] ?? ''}${own}`, `${own}${filled[at + 1] ?? ''}`];
    return whole.has(own) || around.some((one) => one.length >= fewestLetters && all.includes(one));
  });
  const quotesOurs = said.some((own, i) => known[i] === true && own.length >= fewestLetters);
  const fresh = lines.map((line, i) => (known[i] === true || isFieldLine(line) ? '' : line));
  const below = readLines(fresh.slice(known.findLastIndex((is, i) => is && said[i] !== '') + 1));
  // a name and a firm at the very end are what a server appends
  const kept = quotesOurs && isFooter(below, 0) ? fresh.slice(0, fresh.length - below.length) : fresh;
  return { unread: tidy(kept).trim(), quotesOurs };
}

/** Letters and digits alone: what a program's wrapping leaves as it is. */
function alphanumerics(text: string): string {
  return normalise(text).replace(/[^\p{L}\p{N}]+/gu, '');
}

/** The same without the addresses that programs write behind links. */
function withoutLinks(text: string): string {
  return alphanumerics(text.replace(/<[^<>\s]{3,2000}>|\[(?:cid|image|https?):?[^[\]]{0,2000}\]/giu, ' '));
}
