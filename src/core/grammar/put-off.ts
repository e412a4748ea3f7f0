import { isLater, isTime } from './hesitation.ts';
import { splitLines, withoutInvisible, wordsOf } from '../letters/text.ts';

/*
 * `Chiudere: dopo la conferma del cliente` orders nothing yet, `chiudere: dopo il riavvio funziona` tells the client what was
 * done. Both begin alike: what tells them apart is whether anything is said beside the condition: a report (`funziona`,
 * `ripristinato`) or advice to the reader (`scriveteci`, `deve attendere`). Where nothing is, the writer is asked.
 */

const listed = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/u));

/** Characters of a sentence that are looked at. */
const reach = 300;

/** Words that may precede a condition. */
const leadIns = listed(
  'ma pero e poi solo soltanto solamente ok prego forse magari anzi si but only just maybe',
);

/** They begin a clause with a verb of its own. */
const clausal = listed('se quando appena finche purche affinche qualora if when once until unless');
/** They begin one only before `che` or a participle. */
const clausalPhrase =
  /^(?:dopo che|a patto che|a condizione che|sempre che|prima che|after (?:the|he|she|they|it)\b|as soon as)(?: |$)/u;
/** They begin a condition that is a thing or a time: `dopo la conferma`, `previa verifica`. */
const nominal = listed(
  `dopo previa previo salvo entro domani domattina dopodomani stasera stanotte lunedi martedi mercoledi giovedi venerdi sabato
   domenica prima pending after before tomorrow later tonight monday tuesday wednesday thursday friday saturday sunday`,
);
const nominalPhrase =
  /^(?:una volta|a fine|subito dopo|qualche \S+ dopo|tranne (?:se|che)|trascors[oaie]|passat[oaie] (?:un|una|due|tre|qualche|\d+) |in attesa|in sospeso|in stand ?by|piu (?:tardi|avanti)|la (?:prossima settimana|settimana prossima)|(?:tra|fra|entro|within|in) (?:\d+|poco|pochi|poche|qualche|un|una|uno|un'ora|due|tre|quattro|cinque|sei|sette|otto|dieci|two|three|a few) ?(?:giorn|or[ae]|minut|settiman|mes[ei]|day|hour|week)?|not before|next week)/u;
const unit = /^(?:tra|fra) (?:poco$|(?:\S+ )?\S*(?:giorn|or[ae]|minut|settiman|mes[ei]|ora)\S*)/u;

const months =
  /(?<!\p{L})(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)(?!\p{L})/gu;

/** Verbs by which a report says how things are now, in the third person. */
const reporting = listed(
  `sono era erano ha hanno aveva avevano funziona funzionano funzionava stampa stampano parte partono riparte ripartono va vanno
   andava torna tornano risulta risultano resta restano rimane rimangono viene vengono compare compaiono appare appaiono esce
   escono legge risponde rispondono riceve ricevono invia inviano scarica carica salva apre aprono chiude collega collegano
   accende accendono connette connettono avvia avviano vede vedono trova serve servono ripristina sincronizza sincronizzano
   aggiorna aggiornano chiede chiedono scansiona accede accedono raggiunge raggiungono
   works work worked is are was were has have had prints starts runs`,
);
/** Verbs that say what must, can or need be done. */
const advising = listed(
  `basta occorre bisogna conviene deve devono dovete dovra dovranno dovrebbe puo possono potete potra potranno potrebbe sara
   saranno avra avranno siamo scegliete scelga
   riavviate riavvii premete prema spegnete spenga accendete accenda provate provi chiamate chiami scrivete scriva contattate
   contatti richiamate richiami inviate invii usate usi utilizzate utilizzi aprite apra staccate stacchi attendete attenda
   cliccate clicchi selezionate selezioni inserite inserisca tenete tenga fate faccia ricordate ricordi lasciate lasci evitate
   eviti segnalate segnali rivolgetevi rivolga riavvia premi spegni accendi usa
   please should must call contact write restart press can you`,
);
/** Words that report without a verb. */
const reported = listed(
  'risolto risolta tutto regolare regolarmente correttamente normalmente nessun nessuna funzionante solved fixed',
);
const participle =
  /(?:(?:at|ut|it)|^(?:ri)?(?:fatt|mess|tolt|vist|corrett|apert|acces|spent|rimoss|ripres))[oaie]$/u;
/** Words that look like participles, and are none. */
const noParticiples = listed(
  `sabato minuto minuti subito appuntamento aiuto mercato privato preventivato stato stata rete utente cliente contatto partita
   visita uscita vita lunedi finito finita rate date lite ditta`,
);
/** Before these a word is a thing. */
const determiners = listed(
  `il lo la l i gli le un uno una del dello della dei degli delle dell dal dalla dai dall al allo alla ai agli all nel nella nei
   di con per su sul sulla a da in the a an of`,
);
/** After these a verb belongs to them. */
const governing = listed(
  `di a ad da per non posso puo possiamo potete possono devo deve dobbiamo devono dovete vuole vuoi vogliamo riesce riesco
   riusciamo far fare fa finisce finito lasciare senza prima aver avere essere aspetto to`,
);
const advisingEnding =
  /(?:(?:at|et|it)e(?:ci|celo|cela|lo|la)|^(?:chiama|scrivi|contatta|avvisa|richiama)ci)$/u;
const infinitive = /(?:are|ere|ire|urre|orre)$|(?:ar|er|ir)(?:si|ci|lo|la|li|le)$/u;
/** Verbs for dealings between colleagues or with a ticket: as infinitives they are no advice to the client. */
const colleagueVerbs =
  /^(?:ri)?(?:chiud|apr|avvis|avvert|inform|sent|chied|aspett|attend|conferm|verific|controll|fattur|ordin|mont|consegn|pass|contatt|chiam|telefon|parl|vist|guard|fin|arriv)/u;

/** Words that say it is not done yet: `non ancora`, `non è risolto`, `non io`. */
const notYet =
  /^(?:non (?:ancora|subito|ora|adesso|oggi|prima|io|tu|lui|lei|noi|voi|chiud\w+|prend\w+|riapr\w+|risolt\w+|finit\w+|se|quando|appena|finche)(?: |$)|non (?:\S+ ){0,3}ancora(?: |$)|not (?:yet|now|me|before|until)(?: |$))/u;
/** `da verificare`, `ancora da ordinare`, `manca il pezzo`, `rimandato a lunedì` */
const leftToDo =
  /^(?:(?:ancora |tutto )?da \S+(?:are|ere|ire|rre|arsi|irsi|arlo|erlo|irlo)(?: |$)|manc(?:a|ano) (?:ancora|solo) |(?:rimand|rinvi|posticip)(?:are|ato|ata|iamo|o)(?: |$)|sospendere(?: |$)|(?:bisogna|occorre) (?:aspettare|attendere)|rest(?:a|ano) da |(?:devo|dobbiamo|(?:il|la) client\w deve|l'utente deve)(?: ancora)? \S+re(?: |$)|(?:todo|tbd|x{3,}|soluzione|testo|text|solution)$|to be (?:checked|done|verified))/u;
/** Somebody waits: said to a colleague, unless it says for how long. */
const waiting = /^(?:aspett(?:are|o|iamo|a|ate)|attend(?:ere|o|iamo|ete|i)|wait|waiting|hold)(?: |$)/u;
const forAWhile =
  /^\S+ (?:(?:almeno|circa|sempre|about|at least) )*(?:\d+|un|una|due|tre|quattro|cinque|dieci|qualche|alcuni|alcune|pochi|il|lo|la|che|l'\S+|a few|two|some)(?: |$).*(?:second|minut|or[ae]\b|hour|prima di (?!chiud|ri|mett)\S+re|che (?:si|il|la|lo|l') ?|before \w+ing)/u;
/** `avvisate prima il cliente`, `sentire Luigi prima`, `prima avvisa il cliente` */
const toldColleague =
  /^(?:prima )?(?:ri)?(?:avvis|avvert|inform|sent|chied|contatt|chiam|telefon)(?:are|ere|ire|a|i|ate|ete|ite|iamo|it)(?: (?:prima|pure|anche|subito|tu|voi|pero))*(?: con)?(?: il| lo| la| al| alla| ai| i)? ?(?:l'|all')?(?:client\w|utent\w|titolare|richiedente|signor\w?)/u;
const checkFirst =
  /^(?:avvis|avvert|inform|sent|chied|contatt|chiam|telefon|verific|controll|guard|prov|fa|fat|test|parl)(?:are|ere|ire|a|i|e|ate|ete|ite|iamo)? (?:.* )?prima(?! (?:di|che|era|non)(?: |$))/u;
const byName =
  /^(?!(?:Ora|Adesso|Poi|Ok|Se|Prima|Dopo) )\p{Lu}\p{Ll}{2,},?\s(?:verifica|controlla|senti|chiama|avvisa|guarda|pensaci|fai|puoi|vedi|occupatene|aspetta|attendi|chiudi|sentila|sentilo)(?!\p{L})/u;
/** Nobody is done with it: `non ci riesco`, `ci pensa Luigi`, `chiedere a Luigi`, `vedi sopra`, `fatturare 2h`. */
const unfinished =
  /^(?:non (?:(?:ci|lo|la|li|mi|si) )?(?:riesco|riusciamo|so|sappiamo|capisc\w+|capiamo|posso|possiamo|trovo|ho (?:idea|capito|tempo|finito))(?: |$)|(?:\S+ )?(?:ci|se ne|me ne) (?:pens[aio]|occup\S*|pensano|pensiamo)(?: |$)|(?:lo|la) (?:segue|segu[io]|chiude|prende|fa|vede|guarda|finisce|sistema) \S+$|chied(?:ere|i|o|ete|iamo)(?: |$)|(?:sent|parl|telefon|pass|gir|inoltr|deleg)(?:ire|are|i|a|o|iamo|ite|ate|arne|arlo|arla) (?:(?:a|ad|con) )?\S+$|(?:sto|stiamo|ci sto) (?:ancora )?\S+ndo(?: |$)|(?:vedi|vedere|leggi|cfr|come) (?:sopra|sotto|mail|email|la mail|il ticket|ticket|allegat\S+|note|la nota|storico|lo storico|da mail|precedent\S+)(?: |$)|(?:da )?(?:fattur|addebit|scal)(?:are|iamo|ate|a)(?: |$)|(?:ask|see above|bill|invoice|no idea)(?: |$))/u;
/** Continuing work: `si chiude da solo, indago`. */
const goingOn =
  /(?:^|[,;:]\s*|\se\s)(?:(?:poi|ora|adesso|io|ci|lo|la|domani) )*(?:indag(?:o|hiamo)|approfondisc\p{L}+|approfondiamo|verific(?:o|hiamo)|riprov(?:o|iamo)|ripass(?:o|iamo)|richiam(?:o|iamo)|(?:controllo|controlliamo|guardo|guardiamo|provo|torno|passo|ci lavoro|ci studio)(?=$|[.,;]|\s(?:io|ora|adesso|domani|dopo|poi)(?!\p{L})))(?!\p{L})/iu;
/** Words that only doubt. */
const doubting = listed(
  'direi credo penso forse magari immagino suppongo spero secondo me no io di si i think guess maybe perhaps',
);
/** `[testo per il cliente]`: what a form leaves to be filled in. */
const placeholder =
  /^(?:[[<{][^\n]*[\]>}]|\(?(?:testo|soluzione|descrizione)(?: (?:qui|da scrivere|per il cliente|del ticket))\)?)[.\s]*$/iu;

/**
 * True if the text behind an order's mark, or below the order, takes it back: it only states a condition or a time, says that
 * it is too early, or what a colleague has to do first.
 * @param readBy the text's reader: plans among colleagues (`in lavorazione: domani passo`) are text for staff
 */
export function isOnlyPutOff(text: string, readBy: 'client' | 'staff'): boolean {
  const said =
    splitLines(withoutInvisible(text))
      .find((line) => line.trim() !== '')
      ?.slice(0, reach)
      .trim() ?? '';
  if (said === '') return false;
  if (placeholder.test(text.trim().slice(0, reach)) || !/[\p{L}\p{N}]/u.test(text))
    return !/^[\p{Extended_Pictographic}\s]*$/u.test(text);
  const sentence = said.split(/[.;!…](?=\s|$)/u).find((part) => part.trim() !== '') ?? '';
  const words = wordsOf(sentence);
  while (words.length > 1 && leadIns.has(words[0] ?? '')) words.shift();
  const plain = words.join(' ');
  if (notYet.test(plain)) return true;
  if (readBy === 'client' && isUnfinished(said, sentence, plain)) return true;
  if (isConditionOnly(sentence, words, readBy)) return true;
  if (isTime(plain.replaceAll(months, 'oggi'))) return true;
  if (readBy === 'staff') return startsOnly(words);
  return (
    (words.length <= 4 && wordsOf(sentence).every((word) => doubting.has(word))) ||
    leftToDo.test(plain) ||
    (waiting.test(plain) && !forAWhile.test(plain) && !words.some((word) => reporting.has(word))) ||
    toldColleague.test(plain) ||
    checkFirst.test(plain) ||
    byName.test(sentence.trim()) ||
    words.slice(0, 6).includes('tu')
  );
}

/** True if a text asks a question, says that its writer has not finished, or tells a colleague what is left to do. */
function isUnfinished(said: string, sentence: string, plain: string): boolean {
  const asksOnly = /^[^.;!?]+\?[\s?!]*$/u.test(said);
  return asksOnly || unfinished.test(plain) || goingOn.test(sentence.trim());
}

/** `da lunedì`, `dal 12`, and nothing else. */
function startsOnly(words: readonly string[]): boolean {
  const [first = '', ...rest] = words;
  return /^(?:da|dal|dalla|dalle|from|starting)$/u.test(first) && isTime(rest.join(' '));
}

/** True if a sentence consists of a condition or a time and nothing else. */
function isConditionOnly(sentence: string, words: readonly string[], readBy: 'client' | 'staff'): boolean {
  const plain = words.join(' ');
  const [first = '', second = ''] = words;
  if (clausal.has(first) || clausalPhrase.test(plain)) return !goesOn(sentence, words, readBy);
  if (readBy === 'staff') return false;
  const isStart =
    /^(?:da|dal|dalla|dalle|from|starting)$/u.test(first) &&
    (isLater(second) || isTime(words.slice(1, 3).join(' ')));
  if (!nominal.has(first) && !isStart && !nominalPhrase.test(plain) && !unit.test(plain)) return false;
  // what is tied to a further condition reports nothing: `domani, se Anna è d'accordo`
  const tied = words.findIndex((word, i) => i > 0 && /^(?:se|quando|appena|if|when|unless)$/u.test(word));
  const before = /^.+?(?=[\s,](?:se|quando|appena|if|when|unless)\s)/iu.exec(sentence)?.[0] ?? sentence;
  return !reports(before, tied === -1 ? words : words.slice(0, tied));
}

/** True if a main clause follows a condition that has a verb of its own: after a comma, or as advice. */
function goesOn(sentence: string, words: readonly string[], readBy: 'client' | 'staff'): boolean {
  const comma = sentence.indexOf(',');
  const main = comma === -1 ? [] : wordsOf(sentence.slice(comma + 1));
  if (main.length > 1 && !main.some((word) => /^(?:ri)?chiud|^(?:clos|reopen)/u.test(word)))
    return readBy === 'staff' || !(colleagueVerbs.test(main[0] ?? '') && infinitive.test(main[0] ?? ''));
  if (readBy === 'staff')
    return (
      words.some(
        (word, i) =>
          i > 2 && /^(?:lo|la|li|le|ci|vi|gli)$/u.test(word) && words[i + 1]?.endsWith('o') === true,
      ) || words.length > 7
    );
  if (
    words.some((word) => /^(?:l'|dell'|all')?(?:client[ei]|utent[ei]|client|customer|titolare)$/u.test(word))
  )
    return false;
  if (words.some((word) => /^(?:ri)?chiud/u.test(word))) return false;
  return words.some((word, i) => {
    if (i < 2) return false;
    if (advisingEnding.test(word)) return true;
    return i > 2 && (isAdvice(words, i) || (advising.has(word) && !isThing(words, i)));
  });
}

/** True if a sentence that begins with a thing or a time states what happened, how things are, or what to do. */
function reports(sentence: string, words: readonly string[]): boolean {
  if (/(?<!\p{L})(?:è|e['’`])(?=\s)/iu.test(sentence)) return true;
  if (/\p{L}{2,}(?:rà|ranno)(?!\p{L})/iu.test(sentence)) return true;
  return words.some((word, i) => {
    if (i === 0 || isThing(words, i)) return false;
    if (
      reporting.has(word) ||
      /\p{L}{2}[ae]va(?:no)?$/u.test(word) ||
      advising.has(word) ||
      reported.has(word) ||
      advisingEnding.test(word)
    )
      return true;
    // `si registra`
    if (words[i - 1] === 'si' && i > 2) return true;
    const isParticiple =
      participle.test(word) && !noParticiples.has(word) && !governing.has(words[i - 1] ?? '');
    return (isParticiple && words[0] !== 'prima' && i > (words[0] === 'una' ? 2 : 1)) || isAdvice(words, i);
  });
}

/** An infinitive that instructs the reader: `premere`, not `di premere` nor what colleagues do (`avvisare`). */
function isAdvice(words: readonly string[], at: number): boolean {
  const word = words[at] ?? '';
  return (
    infinitive.test(word) &&
    !isThing(words, at) &&
    !governing.has(words[at - 1] ?? '') &&
    !colleagueVerbs.test(word)
  );
}

function isThing(words: readonly string[], at: number): boolean {
  return determiners.has(words[at - 1] ?? '') || /'/u.test(words[at] ?? '');
}
