import { isCourtesy } from './courtesy.ts';
import { isMarkerLine } from './marker.ts';
import { findTokens } from './reply-token.ts';
import { normalise, splitLines } from './text.ts';

/** Whether a text may reach a client. `sentence`: what must not, as it was found. */
export type GuardedSolution =
  | { ok: true; text: string }
  | { ok: false; problem: 'token' | 'internal'; sentence: string };

/** A sentence is one from this many words or letters; anything shorter is anybody's. */
const fewestWords = 4;
const fewestLetters = 20;
/** Every comparison begins with this many letters; four words of fewer are no sentence either. */
const seed = 10;
/** A sentence's first letters stand for all of it: whoever quotes that much quotes the sentence. */
const compared = 64;

/**
 * The last guard before a client: refuses a text that holds anything of a reply token's form, or a sentence of an internal
 * communication, however it was wrapped, quoted, capitalised or punctuated on the way. Sentences of thanks and greetings are
 * everybody's. What stands below one of our marker lines was never meant as solution and is cut. Linear in the size of all
 * texts.
 * @param internalTexts what only staff may read about the ticket
 */
export function guardSolution(text: string, internalTexts: string[]): GuardedSolution {
  const [found] = findTokens(text);
  if (found !== undefined) return { ok: false, problem: 'token', sentence: text.slice(found.from, found.to) };
  const sentence = findSentence(lettersOf(text), internalTexts);
  return sentence === null
    ? { ok: true, text: aboveMarker(text) }
    : { ok: false, problem: 'internal', sentence };
}

function aboveMarker(text: string): string {
  const lines = splitLines(text);
  const marker = lines.findIndex(isMarkerLine);
  return marker === -1 ? text : lines.slice(0, marker).join('\n').trimEnd();
}

function findSentence(solution: string, internalTexts: readonly string[]): string | null {
  if (solution.length < seed) return null;
  /** first letters → length → sentences of that length */
  const known = new Map<string, Map<number, Map<string, string>>>();
  for (const { letters, sentence } of internalTexts.flatMap(sentencesOf)) {
    const start = letters.slice(0, seed);
    const byLength = known.get(start) ?? new Map<number, Map<string, string>>();
    const sentences = byLength.get(letters.length) ?? new Map<string, string>();
    known.set(start, byLength.set(letters.length, sentences.set(letters, sentence)));
  }
  if (known.size === 0) return null;
  for (let at = 0; at + seed <= solution.length; at++) {
    for (const [length, sentences] of known.get(solution.slice(at, at + seed)) ?? []) {
      const sentence = sentences.get(solution.slice(at, at + length));
      if (sentence !== undefined) return sentence;
    }
  }
  return null;
}

/** The sentences, lines and paragraphs of a text that are long enough to be known again. */
function sentencesOf(text: string): { letters: string; sentence: string }[] {
  const paragraphs = text.split(/\n[\s>|]*\n/u);
  const sentences = paragraphs.flatMap((paragraph) => paragraph.split(/[.!?;:…]+(?=\s|$)|[()[\]{}"«»“”]+/u));
  const parts = new Set([...paragraphs, ...sentences, ...splitLines(text)]);
  return Array.from(parts).flatMap((part) => {
    const words = part.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
    const letters = lettersOf(part);
    const isSentence = letters.length >= fewestLetters || (words >= fewestWords && letters.length >= seed);
    if (!isSentence || isCourtesy(part, 0)) return [];
    return [{ letters: letters.slice(0, compared), sentence: part.replace(/\s+/gu, ' ').trim() }];
  });
}

/** Letters and digits alone: what wrapping, quoting, case and punctuation leave as it is. */
function lettersOf(text: string): string {
  return normalise(text).replace(/[^\p{L}\p{N}]+/gu, '');
}
