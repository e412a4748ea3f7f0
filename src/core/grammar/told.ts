import { wordsOf } from '../letters/text.ts';

/*
 * Words that both order and report: `Chiuso, ripasso alle 15` is about a shop, `Subentro: pratica inviata a TIM` about a
 * contract. If punctuation and a text follow such a word, the text decides which is meant; if it does not, the writer is
 * asked.
 */

/** Characters of a text that are looked at. */
const reach = 300;

const closing = /^(?:chiud[io]|chiuso|clos(?:e|ed|ing))$/u;
const undoing = /^(?:annull(?:a|are|o)|cancel)$/u;
const reopening = /^(?:riaperto|reopened)$/u;
const taking = /^pres[ao] in carico$/u;
const succeeding = /^subentro$/u;

/** Work done, or the fault found: what a client is told at the end. */
const work =
  /(?<!\p{L})(?:\p{L}+(?:at|ut|it|tt|rs|nt)[oaie]|(?:ri)?(?:mess|tolt|corrett|access|spent|rimoss|res)[oaie]|era|erano|mancava\p{L}*|c'era\p{L}*|ora|adesso|funziona\p{L}*|ok|posto|bene|nuov[oaie]|fatt[oaie]|grazie|guast[oi]|difett\p{L}+|contatto|problema|colpa|causa|pulizia|cambio|riavvio|reset|replacement|\p{L}{3,}zione|was|were|works?|working|now|fixed|new|\p{L}{3,}ed)(?!\p{L})/u;
/** Nouns and states that look like work done. */
const noWork =
  /(?<!\p{L})(?:nott[ei]|minut[oi]|cont[oi]|punt[oi]|mont[ei]|client[ei]|utent[ei]|subito|sabato|tutt[oaie]|quant[oaie]|tant[oaie]|niente|lett[oi]|sit[oi]|stat[oaie]|uscit[oaie]|andat[oaie]|partit[oaie]|trovato nessuno|serrat[oaie]|sbarrat[oaie]|disdetto|appuntament[oi]|need|speed|feed|locked|shut)(?!\p{L})/gu;
/** Nobody is there, somebody comes back, it is not done: never a solution. */
const news =
  /(?<!\p{L})(?:(?:ri)?(?:pass|torn|prov|chiam|telefon|contatt|tent)(?:o|iamo|er[oò]|eremo)|vad[oa]|andiamo|riaprono|riapre|riapriranno|apre|aprono|nessun[oa]?|non (?:c'e|c'era|risponde|rispondono|ha risposto|mi apr\p{L}+|apr\p{L}+|si entra|posso|riesc\p{L}+|va|funziona)|ancora|ferie|assente|assenti|domani|domattina|lunedi|martedi|mercoledi|giovedi|venerdi|citofon\p{L}*|suonat[oa]|bussat[oa]|ripassare|tornare|hanno detto|lasciat[oa] (?:un |il |dett[oa] )?(?:avviso|biglietto|messaggio|bigliettino)|saracinesca|serranda|cancello|nobody|no one|opens?|reopens?|come back|back (?:on|at)|tomorrow|monday|tuesday|wednesday|thursday|friday)(?!\p{L})/u;

/** Words that call an order a mistake. */
const mistake =
  /^(?:sbagl\p{L}*|error[ei]|errato|svista|altro|ticket|comand[oi]|chiusura|scus\p{L}*|grazie|avevo|ho|cliccato|wrong|mistake|other|sorry|thanks)$/u;
/** A fault that came back, or somebody who says so. */
const again =
  /(?<!\p{L})(?:di nuovo|ancora|nuovamente|non|si|torna\p{L}*|ricompar\p{L}+|ripresent\p{L}+|problema|guasto|errore|cliente|again|not|still|back)(?!\p{L})/u;
/** Other parties' cases, and with whom they were opened. */
const othersCase =
  /^(?:(?:la|il|una|un|nostra|vostra|vs|ns) )*(?:pratica|caso|segnalazione|contratto|voltura|linea|utenza|modulo|modulistica|domanda|documenti|chiamata|case|tt|rma|fornitore|gestore|corriere|produttore|contract|line)(?: |$)/u;

/**
 * True if the text after a command's word and a mark reports something else, so that the word may not be an order.
 * @param phrase the command's words, normalised
 * @param text the text behind the mark
 */
export function isNews(phrase: string, text: string): boolean {
  const words = wordsOf(text.slice(0, reach));
  if (words.length === 0) return false;
  const plain = words.join(' ');
  if (closing.test(phrase))
    return phrase !== 'close' && (news.test(plain) || !work.test(plain.replace(noWork, ' ')));
  if (undoing.test(phrase)) return !words.some((word) => mistake.test(word));
  if (reopening.test(phrase)) return !again.test(plain);
  if (taking.test(phrase) || succeeding.test(phrase)) return othersCase.test(plain);
  return false;
}
