// oxlint-disable-next-line no-restricted-imports -- asked of sentences that stand on tickets, of no mail that is being decided
import { isCourtesy } from '../classify/courtesy.ts';
import { splitLines, wordsOf } from '../letters/text.ts';

/**
 * Comparison of texts by numbers. Of internal text, a hash of each sentence and of each eight words in a row is stored; a text
 * for a client is searched for the same ones. Wrapping, quote marks, capitals, accents, punctuation, and words parted or
 * joined at a line's end do not change them.
 */

/** So many words in a row are somebody's. */
const inARow = 8;
/** A sentence is one from this many words or letters; anything shorter is anybody's. */
const fewestWords = 4;
const fewestLetters = 20;
/** Less than this four words, or eight, are none. */
const least = 10;
/** Most characters in eight words that a program's lines have broken. */
const mostPieces = 12;
/** Words compared of a longer text; no answer and no closing is longer. */
const mostWords = 20_000;

/** Numbers of a text's sentences, and of each eight words in a row; each once. Linear in its size. */
export function keysOf(text: string): number[] {
  const keys = new Set<number>();
  const words = wordsToCompare(text);
  for (let i = 0; i + inARow <= words.length; i++) {
    const letters = words.slice(i, i + inARow).join('');
    if (letters.length >= least) keys.add(hashOf(letters));
  }
  for (const sentence of sentencesOf(text)) {
    const own = wordsToCompare(sentence);
    // longer ones are eight words in a row
    if (own.length < inARow) keys.add(hashOf(own.join('')));
  }
  return [...keys];
}

/** Hashes of everything that a text may quote: up to twelve words from each word on, also around a bracket. Linear in its size. */
export function quotedKeys(text: string): number[] {
  const around = text.replace(/\([^()]{0,200}\)|\[[^[\]]{0,200}\]/gu, ' ');
  const keys = new Set(keysFromEach(wordsToCompare(text)));
  if (around !== text) for (const key of keysFromEach(wordsToCompare(around))) keys.add(key);
  return [...keys];
}

function keysFromEach(words: readonly string[]): number[] {
  const keys = new Set<number>();
  for (let from = 0; from < words.length; from++) {
    const hash = new Hash();
    let letters = 0;
    for (let i = from; i < Math.min(words.length, from + mostPieces); i++) {
      const word = words[i] ?? '';
      hash.add(word);
      letters += word.length;
      if (letters >= least) keys.add(hash.value());
    }
  }
  return [...keys];
}

/** True if a text has more words than are compared. */
export function isTooLongToCompare(text: string): boolean {
  return wordsOf(text).length > mostWords;
}

function wordsToCompare(text: string): string[] {
  return wordsOf(text)
    .slice(0, mostWords)
    .map((word) => word.replaceAll("'", ''));
}

/** The sentences, lines and paragraphs of a text that are long enough to be known again, and not what everybody writes. */
function sentencesOf(text: string): string[] {
  const paragraphs = text.split(/\n[\s>|]*\n/u);
  const sentences = paragraphs.flatMap((paragraph) =>
    paragraph.split(/(?<![.!?;:…])[.!?;:…]+(?![.!?;:…])(?=\s|$)|[()[\]{}"«»“”]+/u),
  );
  const parts = new Set([...paragraphs, ...sentences, ...splitLines(text)]);
  return Array.from(parts).filter((part) => {
    const words = wordsOf(part);
    const letters = words.join('').length;
    const isSentence = letters >= fewestLetters || (words.length >= fewestWords && letters >= least);
    return isSentence && !isCourtesy(part) && !reportsWork(part);
  });
}

/** Verbs of technicians' work; normalised, Italian and English. */
const done =
  'riavviat|riacces|spent|acces|sostituit|cambiat|aggiornat|installat|reinstallat|disinstallat|configurat|riconfigurat|ripristinat|verificat|controllat|pulit|collegat|ricollegat|spostat|sbloccat|resettat|reimpostat|creat|rimoss|eliminat|corrett|risolt|sistemat|riparat|testat|provat|abilitat|disabilitat|attivat|riattivat|disattivat|svuotat|liberat|recuperat|stampat|aggiunt|regolat|calibrat|montat|smontat|inserit|estratt';
const work = new RegExp(
  `^(?:(?:ho|abbiamo|ha|e|sono|stato|stata|stati|state|effettuat[oaie]|eseguit[oaie]|fatto|appena|gia|quindi|poi|i|we|ve|have|has|was|were|been|just) )*(?:(?:${done})[oaie]|riavvio|sostituzione|aggiornamento|verifica|controllo|pulizia|installazione|configurazione|ripristino|restarted|rebooted|replaced|updated|upgraded|installed|reinstalled|configured|restored|checked|cleaned|changed|connected|moved|unlocked|reset|created|removed|deleted|fixed|repaired|tested|enabled|disabled)(?: |$)`,
  'u',
);
/** With one of these it says more than that. */
const more =
  /(?:^| )(?:non|mai|ma|pero|perche|cliente|clienti|client|customers?|not|never|but|because|pag\w+|colp\w+|err\w+|sbagli\w+|guast\w+|not|senza|without|forse|sembra|credo)(?: |$)/u;

/** `Ho riavviato il server`: a short report of work says what any solution says. */
function reportsWork(sentence: string): boolean {
  const words = wordsOf(sentence);
  const said = words.join(' ').replaceAll("'", ' ');
  return words.length < inARow && !/[,;]/u.test(sentence) && work.test(said) && !more.test(said);
}

function hashOf(letters: string): number {
  const hash = new Hash();
  hash.add(letters);
  return hash.value();
}

function mixed(one: number, other: number): number {
  const half = Math.imul(one ^ (one >>> 16), 2246822507);
  return half ^ Math.imul(other ^ (other >>> 13), 3266489909);
}

/** A number of 53 bits for letters that are given piece by piece (cyrb53, public domain). */
class Hash {
  #a = 0xdeadbeef;
  #b = 0x41c6ce57;

  add(letters: string): void {
    for (let i = 0; i < letters.length; i++) {
      const code = letters.charCodeAt(i);
      this.#a = Math.imul(this.#a ^ code, 2654435761);
      this.#b = Math.imul(this.#b ^ code, 1597334677);
    }
  }

  value(): number {
    const a = mixed(this.#a, this.#b);
    return 4294967296 * (2097151 & mixed(this.#b, a)) + (a >>> 0);
  }
}
