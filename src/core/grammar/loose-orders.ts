import { isHedge, isLater, isTime } from './hesitation.ts';
import { normalise, wordsOf } from '../letters/text.ts';

/**
 * Words that add nothing to an order that is spoken as people speak: `possiamo chiudere il ticket`, `procedo alla chiusura,
 * grazie`. No negation, no condition, nobody's name: with one of those it is prose.
 */
const around = new Set(
  (
    'a al alla ad da di del della in il lo la l i un una con per pure anche io noi me mia mi ci ce ne si e ed ho abbiamo ' +
    'puo possiamo potete puoi potremmo deve dobbiamo va vada sia essere stato stata gia ora adesso subito definitivamente ' +
    'ok okay bene perfetto grazie mille favore cortesia cortesemente gentilmente quindi allora direttamente parte questo ' +
    'questa ticket intervento chiamata richiesta segnalazione pratica problema guasto lavoro lavori attivita tutto tutti ' +
    'tutta direi secondo penso credo possa procedo procedere procedi procediamo procedete confermo remoto sede telefono telefonicamente ' +
    'the it this can be you please we have has been all now go ahead and to is'
  ).split(' '),
);

/** More words than this are no order. */
const mostWords = 8;

/** True if a clause consists of one of these keywords and filler words only. */
export function speaksOf(clause: string, keywords: ReadonlySet<string>): boolean {
  const words = wordsOf(clause.slice(0, 120));
  // `chiudiamolo`, `chiuderla`
  const isHeart = (word: string): boolean => {
    const stem = word.replace(/l[oaie]$/u, '');
    return keywords.has(word) || keywords.has(stem) || keywords.has(`${stem}e`);
  };
  return (
    words.length > 0 &&
    words.length <= mostWords &&
    words.some(isHeart) &&
    words.every((word) => isHeart(word) || around.has(word))
  );
}

/** Words that doubt an order, or ask for it. */
const doubting = new Set('forse magari prego pregasi maybe perhaps'.split(' '));

/** The same of an order that is doubted or put off: `forse chiudere`, `da chiudere domani`, `si può chiudere entro venerdì`. */
export function speaksOfLater(clause: string, keywords: ReadonlySet<string>): boolean {
  const words = wordsOf(clause.slice(0, 120));
  const from = doubting.has(words[0] ?? '') ? 1 : 0;
  const to = words.findIndex((_, i) => i > from && isTime(words.slice(i).join(' ')));
  const rest = words.slice(from, to === -1 ? words.length : to);
  // what was done, or is closed tomorrow, is no order
  const isOrder = rest.some((word) => /^(?:(?:ri)?chiud|riapr|(?:close|reopen)$)/u.test(word));
  return rest.length < words.length && isOrder && speaksOf(rest.join(' '), keywords);
}

/** First clause of a line, up to its closing punctuation; null if the line asks, or continues with `ma` or the like. */
export function firstClause(line: string): string | null {
  const mark = /[.:;,–—!?？]|\s-\s/u.exec(line);
  if (mark === null) return line;
  const rest = line.slice(mark.index + mark[0].length);
  return /[?？]/u.test(mark[0]) || isHedge(rest) ? null : line.slice(0, mark.index);
}

const assent = /^(?:ok|okay)(?![\p{L}\p{N}])[\s,.!:;–—-]{0,5}(?=\S)/iu;
const opening =
  /^(?:buon\s?giorno|buona\s?sera|buon\s?pomeriggio|ciao|salve|hello|hi|grazie|ok|okay|va bene|bene|perfetto|ottimo|certo|s[iì]['’]?|yes)(?![\p{L}\p{N}])/iu;
/** Addressee of a greeting, up to the punctuation that must end it: `Ciao Luigi,` `Buongiorno a tutti.` */
const addressed = /^(?:\s[\p{L}.'’]{1,20}){1,3}\s?[,.!:;–—-](?=\s)/u;

const toNobody =
  /^(?:buon\s?giorno|buona\s?sera|buon\s?pomeriggio|ciao|salve|hello|hi|good (?:morning|afternoon|evening))(?: (?:a )?(?:tutti|tutte|voi|ragazzi|colleghi|all|everyone|team))?[\s,.!:;–—-]*$/iu;

/** True if a line is a greeting that names nobody: the text starts below it. */
export function isGreeting(line: string): boolean {
  return line.length < 60 && toNobody.test(line.trim());
}

/** Text after an `ok` at the start of a line, or null if the line starts otherwise. */
export function afterAssent(line: string): string | null {
  const found = assent.exec(line);
  return found === null ? null : line.slice(found[0].length);
}

/** Text after a greeting or a word of assent on the same line, or null if the line opens with neither. */
export function afterOpening(line: string): string | null {
  const found = opening.exec(line);
  if (found === null) return null;
  const tail = line.slice(found[0].length);
  const whom = addressed.exec(tail)?.[0] ?? '';
  const rest = tail.slice(whom.length).replace(/^[\s,.!:;–—-]{1,5}/u, '');
  return rest === '' || rest === tail ? null : rest;
}

/**
 * Last clause of a line: `chiudere` in `Sostituito il toner, chiudere.`
 * @returns null if the text before it rules out an order (`Se funziona, chiudere`), or if there is none
 */
export function lastClause(line: string): string | null {
  const said = withoutEnd(line, /[\s.!]/u);
  if (/[?？]$/u.test(said)) return null;
  const sentence = said.split(/[.;!?]\s+/u).at(-1) ?? '';
  const clauses = sentence.split(/,\s*|\s[-–—]\s|\s[([](?=[^()[\]]{0,60}[)\]]$)|[:：]\s+/u);
  const last = clauses.at(-1) ?? '';
  if (last === said) return null;
  const before = sentence.slice(0, sentence.length - last.length);
  if (clauses.slice(0, -1).some(binds) || (/[:：([]\s*$/u.test(before.slice(-20)) && quotes(before)))
    return null;
  return last.replace(/[)\]]$/u, '').trim();
}

/** Words behind which a colon brings what somebody else says, or asks. */
const speaking =
  /^(?:dic[eao]\p{L}*|detto|scriv\p{L}+|scritto|chied\p{L}+|chiesto|domanda\p{L}*|rispos\p{L}+|rispond\p{L}+|propon\p{L}+|legge|messaggio|avviso|errore|scritta|pulsante|tasto|voce|comando|menu|opzione|opzioni|procedura|says?|said|asks?|asked|message|error|button)$/u;

/** True if a clause attributes the words that follow to a speaker. */
function quotes(clause: string): boolean {
  return wordsOf(clause.slice(-200)).some((word) => speaking.test(word));
}

/** A text without the characters of this kind at its end. A pattern with `+$` would begin anew at each of a long run. */
function withoutEnd(text: string, kind: RegExp): string {
  let end = text.length;
  while (end > 0 && kind.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Words before an infinitive that make it a part of their sentence: `chiede di chiudere`, `si può chiudere`. */
const governing = new Set(
  (
    'di a ad da per non posso puo possono possiamo potete puoi deve devo devono dobbiamo dovete devi vuole voglio vogliono ' +
    'vogliamo vuoi prima dopo quando se che e o ma fa far fare lasciare senza al nel come dove chi bisogna occorre conviene ' +
    'sa so sai sanno poi domani to can could must should will not please'
  ).split(' '),
);

/**
 * The word a line ends with, as dictation leaves it: `sostituito il toner chiudere`.
 * @returns null where the words before it govern it, or are too few to be a sentence of their own
 */
export function lastWord(line: string): string | null {
  // a word after a colon or in quotation marks is somebody else's
  const said = line.slice(0, 2_000);
  const words = /[\p{L}\p{N}]\s+\p{L}+[.!\s]*$/u.test(said) ? wordsOf(said) : [];
  const [last, before] = [words.at(-1), words.at(-2)];
  if (last === undefined || before === undefined || words.length < 3) return null;
  return governing.has(before) || /^d[aei]l/u.test(before) || binds(line) ? null : last;
}

/** True if a text contains a condition, a negation or a later time. */
function binds(text: string): boolean {
  return wordsOf(text.slice(0, 400)).some((word) => isHedge(word) || isLater(word));
}

/** True if a clause uses any form of the command's own word, rather than a word for its result. */
export function namesCommand(clause: string, phrase: string): boolean {
  const stem = normalise(phrase).slice(0, 4);
  return wordsOf(clause).some((word) => word.startsWith(stem));
}
