/**
 * Whether a short text is nothing but an absence notice, for mail programs that put no header on theirs
 * (BAD-MAIL 89). A client who is away and still has a problem must not be taken for one: every sentence has to be
 * of a kind that absence notices are made of.
 */

const absence =
  /(?<![\p{L}\p{N}])(?:(?:sono|sarò|saro'|risulto|risulterò|siamo|saremo|è|e') (?:attualmente |al momento |momentaneamente )?(?:fuori (?:sede|ufficio)|assent[ei]|in ferie|in (?:congedo|malattia|maternità|vacanza|trasferta)|chius[oi])|fuori (?:sede|ufficio) (?:dal|fino|sino)|l'ufficio (?:è|e'|sarà|rimarrà|resterà|resta) chiuso|(?:gli )?uffici (?:sono|saranno|rimarranno|resteranno) chiusi|assente dal(?:l'ufficio)?|chiusura (?:estiva|natalizia)|(?:i am|i'm|i will be|i'll be|we are|we will be) (?:currently )?(?:out of (?:the )?office|away|on (?:vacation|holiday|leave|annual leave|parental leave))|out of (?:the )?office)(?![\p{L}\p{N}])/u;
const until =
  /(?<![\p{L}\p{N}])(?:fino (?:al|all|a)|sino (?:al|all|a)|dal \S+ al|dal \d|rientr(?:o|erò|ero'|iamo|eremo)|(?:torn|ritorn)(?:o|erò|ero'|eremo)|di (?:ritorno|nuovo in ufficio)|(?:a partire )?da(?:l| luned)[^.]{0,30} (?:di )?nuovo|riapr(?:iamo|iremo|irà)|until|will be back|i(?:'ll| will) return|returning|be back)(?![\p{L}\p{N}])/u;
const contact =
  /(?<![\p{L}\p{N}])(?:per (?:qualsiasi |ogni |eventuali |questioni |comunicazioni |necessità |richieste |le )*(?:urgen\p{L}+|necessità|emergenz\p{L}+)|in (?:mia|caso di) (?:assenza|urgenz\p{L}+|necessità|emergenza)|(?:potete|può|puo'|si può|si prega di|prego|pregasi|vi prego di|la prego di) (?:contattare|rivolger\p{L}+|scrivere|chiamare|inviare)|contattare|rivolgersi|for urgent|in urgent|if (?:it is |your \p{L}+ is )?urgent|(?:please )?contact)(?![\p{L}\p{N}])/u;
const answerLater =
  /(?<![\p{L}\p{N}])(?:(?:vi |le |ti )?risponder(?:ò|o'|emo)|(?:leggerò|leggero'|leggeremo)|legger(?:e|ò) (?:la|le|i)|accesso (?:limitato|saltuario)|non (?:ho|avrò|potrò) (?:accesso|leggere|rispondere|consultare)|al mio (?:rientro|ritorno)|risposta automatica|messaggio automatico|automatic(?:ally)? (?:reply|generated)|limited access|i will (?:reply|respond|answer)|respond to your|as soon as possible|appena possibile)(?![\p{L}\p{N}])/u;
const courtesy =
  /^(?:buon\p{L}*|gentil\p{L}*|salve|ciao|egregi\p{L}*|spett\p{L}*|cordial\p{L}*|distinti|saluti|grazie|un saluto|in fede|hello|hi|dear|thank|thanks|best|kind|regards)(?![\p{L}\p{N}])/u;

/** That a machine has taken note, and somebody will answer. */
const acknowledgement =
  /(?<![\p{L}\p{N}])(?:grazie per (?:averci|avermi|aver|il (?:suo|tuo|vostro)|la (?:sua|tua|vostra))|abbiamo (?:ricevuto|preso in carico)|ho ricevuto (?:il|la)|(?:la|vi|ti) (?:ricontatt|rispond|contatt)er(?:ò|emo)|rispond(?:o|iamo) (?:appena|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domani|entro)|questa (?:è una|casella)|risposta automatica|thank you for (?:your|contacting)|we have received|we will (?:get back|reply|respond))(?![\p{L}\p{N}])/u;

/** Words that ask for something. */
const request =
  /\?|(?<![\p{L}\p{N}])(?:vorre(?:i|mmo)|(?<!se (?:vi |le |ti )?)serv(?:e|ono|irebbe|irebbero)|occorr(?:e|ono|erebbe)|bisogna|(?:ho|abbiamo|avrei|avremmo) (?:bisogno|necessità)|necessit(?:o|iamo)|potreste|riuscite|riusciamo|dovreste|per (?:favore|cortesia|piacere)|cortesemente|gentilmente|chied(?:o|iamo)|richied(?:o|iamo)|come (?:si|faccio|posso|possiamo)|non (?:riesc\p{L}+|funziona\p{L}*)|(?:mi|ci) (?:aiut|attiv|abilit|install|configur|impost|cre|cambi|sistem|prepar|serv|dat|sblocc|controll)\p{L}*|could you|can you|(?:i|we) need|would like|how (?:do|can|to)|please (?!contact|note|call|write|e-?mail))/u;
/** A sentence that begins with one of these is an order: `Attivare la risposta automatica`. */
const order =
  /^(?:si (?:prega|chiede) di |da |(?:mi|ci) )?(?:attiv|abilit|impost|cambi|configur|registr|aggiorn|install|sistem|modific|prepar|togli|toglier|disattiv|rimuov|metter|crea|aggiung|control|verific|predispo|ripristin)\p{L}*(?:ar|er|ir|are|ere|ire|ate|ete|ite)(?:[lmcnt][aeio]|gli\p{L}{0,3}){0,2}\b/u;

/** Whether a sentence that is of no kind that notices are made of asks for something. */
export function asks(text: string): boolean {
  return sentencesOf(text).some(
    (sentence) => !isKnown(sentence) && (request.test(sentence) || order.test(sentence)),
  );
}

/**
 * Whether a text may be a program's under a subject that says so: each sentence is of a kind that absence notices or
 * automatic acknowledgements are made of, and none asks for anything. An empty one may.
 */
export function isNotice(text: string): boolean {
  const sentences = sentencesOf(text);
  if (text.length > 1_500 || text.includes('?')) return false;
  return sentences.length === 0 || (sentences.some(isKnown) && sentences.every(isPartOfNotice));
}

/**
 * @param text the new text of a mail, without what it quotes
 * @returns true only where it says that someone is away, and until when or whom to turn to, and nothing else
 */
export function isAbsenceNotice(text: string): boolean {
  if (text.length > 1_500 || text.includes('?')) return false;
  const sentences = sentencesOf(text);
  const away = sentences.some((sentence) => absence.test(sentence));
  const back = sentences.some((sentence) => until.test(sentence) || contact.test(sentence));
  return away && back && sentences.every(isPartOfNotice);
}

/** The sentences and lines of a text, lower-case. */
export function sentencesOf(text: string): string[] {
  return text
    .slice(0, 2_000)
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[ \t]+/gu, ' ')
    .split(/\n\s*\n|(?<=[.!;:])\s+|\n/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

function isKnown(sentence: string): boolean {
  return [absence, until, contact, answerLater, acknowledgement].some((kind) => kind.test(sentence));
}

/** A thing stands first, or a sentence ends: no name, however short. */
const sentenceOfThings = /^(?:il|lo|la|i|gli|le|un|una|uno|the|my|our) |^l'|^(?:\S+ ){2,}\p{L}{3,}[.!]$/u;

/** Whether a sentence is of a kind that absence notices are made of: of such, of courtesy, a name, a number to call. */
export function isPartOfNotice(sentence: string): boolean {
  // a clause of trouble rides on a sentence of absence: "sono in ferie fino a lunedì ma la stampante è ferma"
  const trouble =
    /(?<![\p{L}\p{N}])(?:(?:ma|però|e) (?:il|la|lo|i|gli|le|non|mi|ci)\b(?! (?:potrò|leggerò|avrò|ho accesso))|non (?:funziona\p{L}*|riesc\p{L}+|stampa\p{L}*|parte|va|si (?:apre|accende|collega|avvia))|error\p{L}+|guast\p{L}+|problem\p{L}+|bloccat\p{L}+)/u;
  if (trouble.test(sentence)) return false;
  if (contact.test(sentence)) return true;
  if (request.test(sentence) || order.test(sentence)) return false;
  if (isKnown(sentence) || courtesy.test(sentence)) return true;
  // names, telephone numbers, addresses
  const says =
    /(?<![\p{L}\p{N}])(?:è|e'|ha|hanno|sono|siamo|manca|mancano|va|vanno|is|are|has)(?![\p{L}\p{N}])/u;
  const isShort = sentence.split(' ').length <= 5 && !says.test(sentence);
  return (isShort && !sentenceOfThings.test(sentence)) || /^[\d\s+().\-/]+$|@/u.test(sentence);
}
