/**
 * Whether a short text is nothing but an absence notice, for mail programs that put no header on theirs
 * (BAD-MAIL 89). A client who is away and still has a problem must not be taken for one: every sentence has to be
 * of a kind that absence notices are made of.
 */

const absence =
  /\b(?:(?:sono|sarò|saro'|risulto|risulterò|siamo|saremo|è|e') (?:attualmente |al momento |momentaneamente )?(?:fuori (?:sede|ufficio)|assent[ei]|in ferie|in (?:congedo|malattia|maternità|vacanza|trasferta)|chius[oi])|fuori (?:sede|ufficio) (?:dal|fino|sino)|l'ufficio (?:è|e'|sarà|rimarrà|resterà|resta) chiuso|(?:gli )?uffici (?:sono|saranno|rimarranno|resteranno) chiusi|assente dal(?:l'ufficio)?|chiusura (?:estiva|natalizia)|(?:i am|i'm|i will be|i'll be|we are|we will be) (?:currently )?(?:out of (?:the )?office|away|on (?:vacation|holiday|leave|annual leave|parental leave))|out of (?:the )?office)\b/u;
const until =
  /\b(?:fino (?:al|all|a)|sino (?:al|all|a)|dal \S+ al|dal \d|rientr(?:o|erò|ero'|iamo|eremo)|(?:torn|ritorn)(?:o|erò|ero'|eremo)|di ritorno|riapr(?:iamo|iremo|irà)|until|will be back|i(?:'ll| will) return|returning|be back)\b/u;
const contact =
  /\b(?:per (?:qualsiasi |ogni |eventuali |questioni |comunicazioni |necessità |richieste |le )*(?:urgen\p{L}+|necessità|emergenz\p{L}+)|in (?:mia|caso di) (?:assenza|urgenz\p{L}+|necessità|emergenza)|(?:potete|può|puo'|si può|si prega di|prego|pregasi|vi prego di|la prego di) (?:contattare|rivolger\p{L}+|scrivere|chiamare|inviare)|contattare|rivolgersi|for urgent|in urgent|if (?:it is |your \p{L}+ is )?urgent|(?:please )?contact)\b/u;
const answerLater =
  /\b(?:(?:vi |le |ti )?risponder(?:ò|o'|emo)|(?:leggerò|leggero'|leggeremo)|legger(?:e|ò) (?:la|le|i)|accesso (?:limitato|saltuario)|non (?:ho|avrò|potrò) (?:accesso|leggere|rispondere|consultare)|al mio (?:rientro|ritorno)|risposta automatica|messaggio automatico|automatic(?:ally)? (?:reply|generated)|limited access|i will (?:reply|respond|answer)|respond to your|as soon as possible|appena possibile)\b/u;
const courtesy =
  /^(?:buon\p{L}*|gentil\p{L}*|salve|ciao|egregi\p{L}*|spett\p{L}*|cordial\p{L}*|distinti|saluti|grazie|un saluto|in fede|hello|hi|dear|thank|thanks|best|kind|regards)\b/u;

/**
 * @param text the new text of a mail, without what it quotes
 * @returns true only where it says that someone is away, and until when or whom to turn to, and nothing else
 */
export function isAbsenceNotice(text: string): boolean {
  const plain = text
    .slice(0, 2_000)
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[ \t]+/gu, ' ');
  if (text.length > 1_500 || plain.includes('?')) return false;
  const sentences = plain
    .split(/\n\s*\n|(?<=[.!;:])\s+|\n/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
  const away = sentences.some((sentence) => absence.test(sentence));
  const back = sentences.some((sentence) => until.test(sentence) || contact.test(sentence));
  return away && back && sentences.every(isPartOfNotice);
}

function isPartOfNotice(sentence: string): boolean {
  const known = [absence, until, contact, answerLater, courtesy].some((kind) => kind.test(sentence));
  // a clause of trouble rides on a sentence of absence: "sono in ferie fino a lunedì ma la stampante è ferma"
  const trouble =
    /\b(?:(?:ma|però|e) (?:il|la|lo|i|gli|le|non|mi|ci)\b(?! (?:potrò|leggerò|avrò|ho accesso))|non (?:funziona\p{L}*|riesc\p{L}+|stampa\p{L}*|parte|va|si (?:apre|accende|collega|avvia))|error\p{L}+|guast\p{L}+|problem\p{L}+|bloccat\p{L}+)/u;
  if (known) return !trouble.test(sentence);
  // names, telephone numbers, addresses
  return sentence.split(' ').length <= 5 || /^[\d\s+().\-/]+$|@/u.test(sentence);
}
