import { withoutInvisible, wordsOf, shorten } from '../letters/text.ts';

const listed = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/u));

/** The names people use for the reader, */
const readers = listed('cliente clienti richiedente utente utenti client customer requester user');
/** Nouns for the reader, the client. */
const external =
  /^(?:comunicazion[ei]|com|messaggi?o?|nota|avviso|risposta|external|client|customer) (?:estern[aoe]|all' esterno|pubblic[aoe]|(?:message|note|reply|communication))$/u;
/** Nouns for a text meant for the client. */
const headings = listed(
  'comunicazione comunicazioni messaggio messaggi risposta mail email testo nota avviso message reply answer note',
);
const messages = listed(
  `comunicare comunico rispondere rispondi rispondo scrivere scrivi scrivete inviare invia inoltrare inoltra mandare manda
   domanda domande chiedi chiedere avvisare avvisa dire informare informa question write tell send ask
   ${Array.from(headings).join(' ')}`,
);
/** and the words between. */
const towards = listed('a al alla ai per x il la lo gli agli del da to for the this our');

const person = String.raw`(?:(?:gentile\s)?client(?:ela|e|i)|richiedente|utente|titolare|(?:gentil\w+\s)?(?:signor[ae]?|sig\.?(?:\s?ra)?\.?|dott\.?(?:ssa)?\.?|dottor(?:essa)?)\s\p{L}[\p{L}'’.]*(?:\s\p{Lu}[\p{L}'’]*)?)`;
const them = String.raw`(?:(?:al|alla|ai|il|lo|la|i|l['’]|all['’])\s?(?:nostr[oa]\s)?${person})`;
/** Polite lead-ins to the request, which add nothing to it. */
const leadIn = String.raw`(?:(?:ok|allora|quindi|e|poi|per (?:favore|cortesia|piacere)|cortesemente|gentilmente|si prega di|prego|(?:[vt]i\s)?chiedo di|vorr(?:ei|emmo)|vi prego di|ti prego di|potete|puoi|potresti|potreste|vogliate|da|please|could you|can you)[\s,:]+){0,3}`;
/** To tell somebody something, as an order or as a form: who did it, does it or has to is prose among colleagues. */
const telling = String.raw`(?:scriv(?:ere|i|ete|iamo|a)|inform(?:are|a|ate|iamo|o)|avvis(?:are|a|ate|iamo)|avvert(?:ire|i|ite|iamo)|dire|di['’]?|dì|dite|diciamo|comunic(?:are|a|ate|hiamo|o)|rispond(?:ere|i|ete|iamo)|rifer(?:ire|isci|ite)|spieg(?:are|a|ate)|segnal(?:are|a|ate)|notific(?:are|a|ate)|conferm(?:are|a|ate|iamo)|(?:far|fai|fate|fare|fa['’]?)\s+(?:sapere|presente)|(?:mand|invi)(?:are|a|ate)\s+(?:(?:un|una)\s)?(?:messaggio|mail|e-?mail|comunicazione|risposta)|si\s+(?:inform|avvis|comunic)a|tell|inform|notify|write\s+to)`;
const pronoun = String.raw`(?:scrivete(?:gli|le)|fate(?:gli|le)\s+(?:sapere|presente)|di(?:gli|lle|teglielo|tegli|tele)|dir(?:gli|le)|(?:scriv|rispond|riferisc)i(?:gli|le)|(?:scriver|risponder|comunicar)(?:gli|le)|comunica(?:gli|le)|(?:avvisa|informa|avverti|avvisate|informate|avvisar|informar|avvertir)(?:lo|la|li)|fa(?:gli|lle|r(?:gli|le))\s+(?:sapere|presente))`;
/** The reported content: a clause, or words in quotation marks. */
const clause = String.raw`\s+(?:(?:per\s+(?:dir|avvisar|informar|comunicar)(?:e|gli|le|lo|la)\s+)?che(?=\s)|di\s+(?:non\s+)?\p{L}+[aei]r(?:e|lo|la|li|si)(?![\p{L}])|["«“])`;
const told = new RegExp(
  `^${leadIn}(?:${telling}\\s+(?:(?:cortesemente|gentilmente|subito|pure|anche)\\s+)?${them}|${pronoun})(?:${clause})`,
  'iu',
);
const toldEnglish = new RegExp(
  String.raw`^${leadIn}(?:(?:tell|inform|notify)\s+(?:the|our)\s+(?:client|customer|user|requester)\s+(?:that|to)|let\s+(?:the|our)\s+(?:client|customer|user|requester)\s+know|let\s+(?:him|her|them)\s+know\s+that)(?=\s)`,
  'iu',
);
/** Nobody greets a colleague so. */
const greeted =
  /^(?:(?:gentil(?:e|i|issim[oa])|gent\.?\s?(?:m[oa]|le)?\.?|car[oaie]|egr?egi[oa]|egr\.?|spett(?:abile|\.?\s?le)\.?)\s+(?:client[ei]|clientela|utente|signor[ae]?|sig\.|dott|ing\.|avv\.|geom\.|rag\.)|(?:buon\s?giorno|buona\s?sera|salve)\s+(?:gentile\s|cara\s|caro\s)?(?:signor[ae]?|sig\.)\s?|dear\s+(?:customer|client|sir|madam|mr|mrs|ms)(?![\p{L}]))/iu;

const greetedByName =
  /^(?:[Gg]entil(?:e|issim[oa])|[Gg]ent(?:\.\s?)?(?:m[oa]|ma|le)\.?|[Gg]ent\.|[Ee]gregi[oa]|[Ee]gr\.|[Ss]pett(?:abile|\.?\s?le)\.?)\s+\p{Lu}/u;

/** `Alla signora Monti: …`, `Messaggio per il sig. Neri: …` */
const named = new RegExp(
  String.raw`^(?:(?:comunicazione|messaggio|risposta|avviso|scriv(?:ere|i)|dire)\s)?(?:al|alla|per il|per la|per)\s(?:signor[ae]?|sig\.?(?:\s?ra)?\.?|dott\.?(?:ssa)?\.?)\s\p{L}[\p{L}'’]*$`,
  'iu',
);

/** Lines, and characters of each, that are looked at. */
const most = { lines: 20, characters: 500 };

/**
 * Finds the words that address a text to the client, who reads only the solution of a closing: `Comunicazione al cliente: …`,
 * `avvisa il cliente che domani passiamo`, `Gentile signora Neri, …`. The writer is told so. Reports of what the client was
 * told (`ho informato il cliente che …`) and plans to inform them (`bisogna avvisare il cliente`) are addressed to colleagues.
 * @param lines the lines from the order's first one on
 * @returns the words, or null if the text is not addressed to the client
 */
export function addressesClient(lines: readonly string[]): string | null {
  const [first = '', ...below] = lines.slice(0, most.lines).map(cleaned);
  return (
    headingOf(
      first,
      below.some((line) => line !== ''),
    ) ??
    greetingOf(first) ??
    toldIn([first, ...below])
  );
}

function cleaned(line: string): string {
  return withoutInvisible(line.slice(0, most.characters))
    .replace(/^[\s*_]+/u, '')
    .trim();
}

/** `Messaggio per il cliente: …`, the same before a dash, or on a line of its own above the message. */
function headingOf(line: string, hasMore: boolean): string | null {
  const found = /^([^:：–—]{1,60}?)(?:[:：]|\s[-–—]\s|(,\s|[.\s]*$))/u.exec(line);
  const said = found?.[1]?.trim() ?? '';
  // `all'utente` is two words
  const words = wordsOf(
    said.replace(/(?<!\p{L})(?:(all)|dell|l)['’](?=\p{L})/giu, (_, to) => (to ? 'al ' : '')),
  );
  const mark = found?.[2];
  const isByMark = mark === undefined;
  if (!isByMark && !((hasMore || mark.startsWith(',')) && headings.has(words[0] ?? ''))) return null;
  if (isByMark && (named.test(said) || external.test(words.join(' ')))) return said;
  // `Cliente: domani passiamo` speaks to them, `Cliente: paga tardi` of them
  if (
    isByMark &&
    words.length === 1 &&
    readers.has(said.toLowerCase()) &&
    speaksToThem(line.slice(said.length + 1))
  )
    return said;
  const isAddressed =
    readers.has(words.at(-1) ?? '') &&
    words.slice(0, -1).some((word) => messages.has(word) || /^(?:al|per|to)$/u.test(word)) &&
    words.slice(0, -1).every((word) => messages.has(word) || towards.has(word));
  return isAddressed ? said : null;
}

/** True if the text addresses its reader on behalf of a desk that says `we`. */
function speaksToThem(text: string): boolean {
  const words = wordsOf(text);
  const isOfThem = words.some((word) =>
    /^(?:gli|lo|le|lui|lei|loro|suo|sua)$|r(?:gli|lo|la|le|li)$/u.test(word),
  );
  const isToThem = words.some((word) =>
    /^(?:vi|vostr[oaie]|potete|dovete|buongiorno|buonasera|gentile|you|your|we)$|.{3}iamo$|(?:at|et|it)eci$|^ci (?:scriva|chiami)$/u.test(
      word,
    ),
  );
  return isToThem && !isOfThem;
}

function greetingOf(line: string): string | null {
  return greeted.test(line) || greetedByName.test(line) ? shorten(line, 80) : null;
}

/** A sentence that orders to tell the client something. */
function toldIn(lines: readonly string[]): string | null {
  for (const line of lines) {
    if (/^[>|]/u.test(line)) continue;
    const sentence = line
      .split(/(?<!\b(?:sig|ra|dott|ssa|avv|ing|geom))[.;!]\s+/iu)
      .find((one) => (told.test(one) || toldEnglish.test(one)) && !/[?？]\s*$/u.test(one));
    if (sentence !== undefined) return shorten(sentence, 80);
  }
  return null;
}
