import { isFieldLine } from '../lines/header-block.ts';
import { readLines } from '../lines/lines.ts';
import type { Case } from '../case/case.ts';
import { isFooter } from '../lines/signature.ts';
import { normalise, splitLines, tidy } from '../letters/text.ts';

/** Each is looked for in all of ours. */
const mostCompared = 500;
/** Fewer letters may stand in any mail. */
const fewestLetters = 20;

/**
 * Words that stand below a quote whose end nothing marks, and in no mail of ours: of a program that quotes something else, or of
 * somebody who wrote there. `isOurs`: the quote is one of our mails, so that they are certainly no part of it.
 */
export function unreadWords({ message: { reply }, snapshot }: Case): { text: string; isOurs: boolean } {
  if (reply.unmarked === '' || reply.guessed) return { text: '', isOurs: false };
  const lines = splitLines(reply.unmarked);
  if (lines.length > mostCompared) return { text: reply.unmarked, isOurs: false };
  const sent = snapshot.sentTexts.flatMap(splitLines).map(lettersOf);
  const whole = new Set(sent);
  const all = sent.join('');
  const said = lines.map(lettersOf);
  const filled = said.filter((one) => one !== '');
  let at = -1;
  const known = said.map((own) => {
    if (own === '') return true;
    at++;
    // a program breaks our lines where it likes
    const around = [own, `${filled[at - 1] ?? ''}${own}`, `${own}${filled[at + 1] ?? ''}`];
    return whole.has(own) || around.some((one) => one.length >= fewestLetters && all.includes(one));
  });
  const isOurs = said.some((own, i) => known[i] === true && own.length >= fewestLetters);
  const fresh = lines.map((line, i) => (known[i] === true || isFieldLine(line) ? '' : line));
  const below = readLines(fresh.slice(known.findLastIndex((is, i) => is && said[i] !== '') + 1));
  // a name and a firm at the very end are what a server appends
  const kept = isOurs && isFooter(below, 0) ? fresh.slice(0, fresh.length - below.length) : fresh;
  return { text: tidy(kept).trim(), isOurs };
}

/** Letters and digits alone: what a program's wrapping leaves as it is; without the addresses that it writes behind links. */
function lettersOf(text: string): string {
  const shown = text.replace(/<[^<>\s]{3,2000}>|\[(?:cid|image|https?):?[^[\]]{0,2000}\]/giu, ' ');
  return normalise(shown).replace(/[^\p{L}\p{N}]+/gu, '');
}
