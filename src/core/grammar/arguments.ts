import { isHedge, isLater } from './hesitation.ts';
import {
  beginsAsThing,
  isPersonsName,
  isRemark,
  namesSomebodyFirst,
  opensOther,
  tellsMore,
} from './prose.ts';
import { normalise, splitLines, wordsOf } from '../letters/text.ts';
import type { Locale, Words } from '../words/words.ts';

/** The rest of a command's line: the argument, and the beginning of the text. */
type ArgumentReading = { argument: string | null; text: string };

/** The syntax of a command's argument. */
export type Argument = {
  /** placeholder in the help: `NOME AZIENDA` */
  shown: Words;
  /**
   * Reads the rest of the line after the command's word.
   * @param tail trimmed, with punctuation; '' for none
   * @param phrase the command's words, normalised; absent if unknown
   * @returns null if it cannot be such an argument
   */
  read: (tail: string, phrase?: string) => ArgumentReading | null;
  /** a button's words and label for an argument that the code has its own form of; absent: the argument itself */
  write?: (argument: string, locale: Locale) => string;
  /**
   * true if the line continues as a sentence rather than an argument: then it is a note
   * @param phrase the command's words, normalised
   */
  isProse?: (tail: string, phrase: string) => boolean;
  /** its values are a few known ones, not names: where one stands near the command's word it was meant */
  fixed?: boolean;
};

const locales: readonly Locale[] = ['it', 'en'];

/** An argument longer than this, in characters, is prose. */
const longest = 120;

/**
 * The text after punctuation that may end a command: one of `. : ; , – —`, or a hyphen between spaces. A full stop inside a
 * word (`close.com`) and an ellipsis do not.
 * @param tail the rest of the line after the command, with leading spaces
 * @returns `by`: the punctuation; null if the line continues without any
 */
export function afterTerminator(tail: string): { by: string; text: string } | null {
  const mark = /^\s*(?:([:：;；,，、–—])|([.．。])(?=\s|$)|(?<=\s)([-‐‑‒−])(?=\s))/u.exec(tail);
  if (mark === null) return null;
  const by = mark[1] ?? mark[2] ?? '-';
  return { by: by.normalize('NFKC'), text: tail.slice(mark[0].length).trim() };
}

/** `accetta NOME AZIENDA`: everything to the line's end, dots and commas included. */
export const companyName: Argument = {
  shown: { it: 'NOME AZIENDA', en: 'COMPANY NAME' },
  read: (tail) => {
    const name = tail.replace(/^[:：]/u, '').trim();
    if (name === '') return { argument: null, text: '' };
    if (name.length > longest || !/^["'«“(]?[\p{L}\p{N}]/u.test(name) || name.endsWith('?')) return null;
    return { argument: name, text: '' };
  },
};
const address = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/giu;

/** `apri per EMAIL`: a bare address, one after a name in angle brackets, or what mail programs make of either. */
export const emailAddress: Argument = {
  shown: { it: 'EMAIL', en: 'EMAIL' },
  read: (tail) => {
    if (tail === '') return { argument: null, text: '' };
    if (tail.length > 4000) return null;
    const found = Array.from(tail.slice(0, 500).matchAll(address));
    const [first] = found;
    if (first === undefined) return null;
    const name = tail.slice(0, first.index);
    const marked = /[<([]\s*(?:mailto:)?$/iu.test(name);
    // Without brackets whatever stands before the address could be anything: `apri per favore un ticket ad …`.
    if (!/^[:：\s]*(?:mailto:)?$/iu.test(name) && !(marked && name.length <= 80)) return null;
    let end = first.index + first[0].length;
    // `anna@rossi.it<mailto:anna@rossi.it>`, `[anna@rossi.it](mailto:anna@rossi.it)`: the same address once more.
    for (const again of found.slice(1)) {
      const between = tail.slice(end, again.index);
      if (!/^[\s>)\]]*[<([]\s*(?:mailto:)?\s*$/iu.test(between)) break;
      if (again[0].toLowerCase() !== first[0].toLowerCase()) return null;
      end = again.index + again[0].length;
    }
    const rest = tail.slice(end).replace(/^[\s>)\]]*(?=$|\s|[.:;,–—])/u, '');
    const after = rest.trim() === '' ? '' : afterTerminator(rest)?.text;
    return after === undefined ? null : { argument: first[0].toLowerCase(), text: after };
  },
  isProse: opensOther,
};

/** `storico #1042`: a ticket's number; the digits are the argument. */
export const ticketNumber: Argument = {
  shown: { it: '#NUMERO', en: '#NUMBER' },
  read: (tail) => {
    if (tail === '') return { argument: null, text: '' };
    const number =
      /^[:：]?\s*(?:(?:del|of)\s+)?(?:ticket\s*)?(?:n\.?\s*)?\[?#?\s?(\d{1,9})\]?\s*[.!]?$/iu.exec(
        withoutPlease(tail.slice(0, longest)).replace(/[\s,]+$/u, ''),
      );
    return number?.[1] === undefined ? null : { argument: String(Number(number[1])), text: '' };
  },
};

/** `unire a #1040: stesso guasto`: another ticket's number, and text behind a mark. Without a number it is prose. */
export const otherTicket: Argument = {
  shown: { it: '#NUMERO', en: '#NUMBER' },
  write: (argument) => `#${argument}`,
  read: (tail) => {
    const number =
      /^[:：]?\s*(?:(?:il\s+)?ticket\s*)?(?:n\.?\s*)?\[?#?\s?(\d{1,9})\]?(?![\p{L}\p{N}])/iu.exec(tail);
    if (number?.[1] === undefined) return null;
    const rest = tail.slice(number[0].length);
    const text = /^[\s.!]*$/u.test(rest) ? '' : afterTerminator(rest)?.text;
    return text === undefined ? null : { argument: String(Number(number[1])), text };
  },
  isProse: (tail) => !/^[^\p{L}]*\d|^(?:(?:il\s+)?ticket|quello)(?!\p{L})/iu.test(tail),
};

/**
 * Argument of a few fixed words, or none: `rifiuta`, `rifiuta sempre`.
 * @param spelled the argument's name in the code → the words people write for it
 * @param textFollows true if the line may continue after punctuation (`rifiuta: è pubblicità`)
 */
export function oneOfWords(spelled: Record<string, Words>, textFollows: boolean): Argument {
  const words = Object.entries(spelled);
  return {
    shown: {
      it: `[${words.map(([, { it }]) => it).join(' | ')}]`,
      en: `[${words.map(([, { en }]) => en).join(' | ')}]`,
    },
    write: (argument, locale) => spelled[argument]?.[locale] ?? argument,
    read: (tail) => {
      if (tail === '') return { argument: null, text: '' };
      // `priorità: alta` and `rifiuta: è pubblicità` begin alike.
      const said = tail.replace(/^[:：]\s*/u, '');
      const [first = ''] = said.split(/[\s.:;,–—!]/u, 1);
      const meant = words.find(([, spelling]) =>
        locales.some((l) => normalise(spelling[l]) === normalise(first)),
      );
      const argument = meant?.[0] ?? null;
      const rest = meant === undefined ? tail : said.slice(first.length);
      if (meant !== undefined && /^[\s.!]*$/u.test(rest)) return { argument, text: '' };
      const after = textFollows ? afterTerminator(rest) : null;
      return after === null ? null : { argument, text: after.text };
    },
  };
}

/**
 * Required argument with a few fixed values: `priorità alta`, `modalità presso il cliente`.
 * @param values the value's name in the code → the words written for it
 * @param also further words for it, in any language
 */
export function choice<Value extends string>(
  values: Record<Value, Words>,
  also: Record<Value, readonly string[]>,
): Argument {
  const shown: Words = { it: '', en: '' };
  const meaning = new Map<string, string>();
  for (const [name, words] of Object.entries<Words>(values)) {
    for (const locale of locales) {
      shown[locale] += `${shown[locale] === '' ? '' : ' | '}${words[locale]}`;
      meaning.set(normalise(words[locale]), name);
    }
  }
  for (const [name, words] of Object.entries<readonly string[]>(also))
    for (const word of words) meaning.set(normalise(word), name);
  const names = new Map<string, Words>(Object.entries<Words>(values));
  return {
    shown,
    fixed: true,
    write: (argument, locale) => names.get(argument)?.[locale] ?? argument,
    read: (tail) => {
      const { name, text } = upToTerminator(tail, ',');
      const argument = meaning.get(normalise(withoutPlease(name)));
      return argument === undefined ? null : { argument, text };
    },
    isProse: (tail) => tellsMore(upToTerminator(tail, ',').name),
  };
}

/** Categories of other things than a ticket: `categoria energetica A`, `categoria catastale`. */
const otherCategories =
  /^(?:energetic|catastal|merceologic|contrattual|fiscal|protett|lavorativ|professional|sismic|di rischio|di peso)/u;

/** `categoria Stampa`: a name from the admin's list, which is found in it later. */
export const categoryName: Argument = {
  shown: { it: 'NOME', en: 'NAME' },
  read: (tail) => {
    const { name: said, text } = beforeSentence(upToTerminator(tail));
    const name = withoutPlease(said);
    const isName = name.length <= 60 && /^["'«“]?[\p{L}\p{N}]/u.test(name) && wordsOf(name).length <= 6;
    return isName && !name.endsWith('?') && !isRemark(name) && !otherCategories.test(normalise(name))
      ? { argument: name.replace(/["'«»“”!]|,$/gu, '').trim(), text }
      : null;
  },
  isProse: (tail) => {
    const { name } = beforeSentence(upToTerminator(tail));
    // `categoria giusta: Stampa`, `categoria stampa non rete`: may be meant
    const isMeant =
      /^(?:giusta|corretta|esatta|right)\s*[:è]/iu.test(tail) || /^\S+\s+non\s+\S+$/iu.test(name);
    return !isMeant && (isRemark(name) || wordsOf(name).length > 6);
  },
};

const attribute = /^(?:priorit[àa]['’]?|tempo|modalit[àa]['’]?|priority|time|mode)(?!\p{L})/iu;

/** `Rete, ho cambiato lo switch`: a comma ends the name where a sentence follows it. */
function beforeSentence({ name, text }: { name: string; text: string }): { name: string; text: string } {
  const parts = /^([^,]+),\s+(.+)$/su.exec(name);
  const [head = '', rest = ''] = parts?.slice(1) ?? [];
  return parts !== null && (wordsOf(name).length > 4 || isRemark(rest) || attribute.test(rest))
    ? { name: head.trim(), text: [rest, text].filter((part) => part !== '').join('. ') }
    : { name, text };
}

/** `assegnare Luigi`, `assegnare a Luigi Verdi: è in zona`: a colleague's name or address, who is looked for later. */
export const colleagueName: Argument = {
  shown: { it: 'NOME', en: 'NAME' },
  read: (tail, phrase = '') => {
    const { name, text } = upToTerminator(tail, ',');
    const said = personIn(name);
    // "Assegnato indirizzo statico" tells what was done
    if (participles.has(phrase) && /^\p{Ll}\S*\s/u.test(said) && said === withoutPlease(name)) return null;
    const isName = said.length <= 80 && /^[\p{L}][\p{L}\p{M}\p{N}\s.'’@_+-]*$/u.test(said);
    return isName && isPersonsName(said) && !isHedge(said) && !isLater(said)
      ? { argument: said.trim(), text }
      : null;
  },
  isProse: (tail, phrase) => {
    const { name } = upToTerminator(tail, ',');
    const said = personIn(name);
    // whom it is for is said: only what can be nobody makes it prose
    const isSaid = / (?:a|to)$/u.test(phrase) || said !== withoutPlease(name) || /^[:：]/u.test(tail);
    if (isSaid) return beginsAsThing(said);
    return !isPersonsName(said) && !namesSomebodyFirst(said);
  },
};

const participles = new Set(['assegnato', 'assegnata', 'assegnati', 'assegnate', 'assigned']);

/** A colleague's name without the words that lead to it. */
function personIn(name: string): string {
  return withoutPlease(name)
    .replace(
      /^(?:(?:il|la|l['’]|questo|questa|the|this)\s?)?(?:ticket|intervento|chiamata|richiesta|pratica)\s+(?=(?:ad?|al|alla|to)\s)/iu,
      '',
    )
    .replace(/^(?:ad?|to)\s+(?=\S)/iu, '')
    .replace(/^(?:(?:al|alla) )?(?:collega|tecnico)\s+(?=\S)/iu, '')
    .replace(/^(?:al|alla)\s+(?=\p{Lu})/u, '');
}

/** A value without the courtesy after it: `Luigi per favore`, `alta grazie!` */
function withoutPlease(value: string): string {
  return value.replace(
    /(?:\s+(?:per (?:favore|cortesia|piacere)|cortesemente|gentilmente|pls|please|grazie(?: mille)?|thanks))?[\s!]*$/iu,
    '',
  );
}

const terminator = /[:;；](?=\s|$)|[.。](?=\s|$)|\s[-‐‑‒−–—](?=\s)/u;
const terminatorOrComma = /[:;；,](?=\s|$)|[.。](?=\s|$)|\s[-‐‑‒−–—](?=\s)/u;

/** A line's argument up to the mark that ends it (a comma only where told so), and the text after the mark. */
function upToTerminator(tail: string, comma: ',' | '' = ''): { name: string; text: string } {
  const said = tail.replace(/^[:：]/u, '').trim();
  const mark = (comma === '' ? terminator : terminatorOrComma).exec(said);
  if (mark === null) return { name: said, text: '' };
  return { name: said.slice(0, mark.index).trim(), text: said.slice(mark.index + mark[0].length).trim() };
}

/** True if the text after a command that takes none is short enough to be a greeting, or a name below the command. */
export function isSignOff(text: string): boolean {
  if (text.length > 80) return false;
  const lines = splitLines(text).filter((line) => line.trim() !== '');
  return lines.length <= 2 && text.split(/\s+/u).length <= 6;
}
