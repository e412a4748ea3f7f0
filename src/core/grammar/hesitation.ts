import { wordsOf } from '../letters/text.ts';

/** Words that take an order back, or tie it to something: after a command they mean that it is not one yet. */
const hedges = new Set(
  (
    'non no ma pero se quando solo soltanto appena forse credo magari anzi aspetta aspettate aspettiamo finche purche ' +
    'salvo tranne mai nemmeno neanche ' +
    "not no but if when only unless until once maybe perhaps wait never don't dont"
  ).split(' '),
);

/** Words that take an order back if nothing else follows it. */
const retractions = new Set(
  'no anzi aspetta aspettate aspettiamo forse magari mai wait maybe perhaps never ma but'.split(' '),
);
const notNow = new Set('ancora ora adesso oggi subito chiudere chiudo prendere yet now today'.split(' '));

/** Words that put it off. */
const later = new Set(
  (
    'domani domattina dopodomani dopo poi prima piu stasera stanotte lunedi martedi mercoledi giovedi venerdi sabato ' +
    'domenica settimana entro tra fra ' +
    'tomorrow later after before tonight monday tuesday wednesday thursday friday saturday sunday next within soon'
  ).split(' '),
);

/** With these after it a participle tells what somebody did: `preso in carico da Luigi`. */
const agents = new Set('da dal dallo dalla dai dagli dalle presso by to of'.split(' '));

/** `chiuso per ferie`, `chiuso in riunione`. */
const absences = new Set(
  (
    'ferie feria festa feste festivita vacanza vacanze inventario lutto lavori sciopero pausa pranzo malattia riposo ' +
    'riunione corso holiday holidays vacation lunch inventory maintenance'
  ).split(' '),
);

/**
 * Correct words that differ from a command's by a letter or two, normalised: none of them is a typo
 * (`chiedere` is a word).
 */
export const neverTypos: ReadonlySet<string> = new Set(
  (
    'chiedere chiedi chiedo chiede chieda chiediamo chiedete chiedono chiesi chiesto chiesta chieste chiesti chiese ' +
    'chiusa chiuse chiusi chiude chiuda chiudono chiudera chiuderai chiuderei chiuderemo chiuderete chiudeva chiudesse ' +
    'schiudere chiamare chiarire credere crederci ridere cose chose clone lose loose nose closet closer clothes course making ' +
    'baking tasking presto presso preme prendi prende prenda prese presi prego incarico carica carichi interni interne ' +
    'intera intero interni interrano aceto accerta accerto accertare accesa carta scatta scarto scatto riprovo elenchi ' +
    'aperto aperta aperti aperte aprire coperto coperta reperto reparto riparto chiudete chiudevo chiudendo ' +
    'storici storica aiuti auto aiuta aiuto comando conferme rifiuti rifiuto'
  ).split(' '),
);

/** True if a text opens by taking back the order above it, or with a condition. */
export function isHedge(text: string): boolean {
  return hedges.has(firstWord(text));
}

/** True if the whole text only takes back or postpones the order above it: `no`, `anzi no`, `non ancora`, `domani`. */
export function isTakenBack(text: string): boolean {
  const words = wordsOf(text.slice(0, 60));
  const [first = '', second = ''] = words;
  if (words.length > 3) return false;
  if (first === 'non' || first === 'not') return notNow.has(second);
  return retractions.has(first) || isTime(text.slice(0, 60));
}

/** A text that begins so ties the order before it to something, or puts it off. */
const conditions = new Set(
  'se quando appena finche purche salvo solo soltanto domani domattina dopodomani if when only unless until tomorrow'.split(
    ' ',
  ),
);

/** True if a text opens by postponing the order above it. */
export function isLater(text: string): boolean {
  return later.has(firstWord(text));
}

/**
 * True if the words right after a command's word, with no punctuation between, turn both into prose: `chiuso per ferie`, `ci
 * penso io domani`, `preso in carico da Luigi`.
 */
export function isProseAfter(tail: string): boolean {
  const words = wordsOf(tail.slice(0, 80));
  // "chiudo io domani": who does it says nothing of when
  const [first = '', second = ''] = words[0] === 'io' ? words.slice(1) : words;
  if (first === 'per' || first === 'for' || first === 'in') return absences.has(second);
  return hedges.has(first) || later.has(first) || agents.has(first) || first.startsWith("dall'");
}

/** With a thing behind them these tell of it, not of the ticket: `riaperto il negozio`, `subentra il nuovo fornitore`. */
const telling = new Set([
  ...'chiuso chiudo riaperto riapro subentro subentra subentrare closed reopened reopening take'.split(' '),
  'prendo io',
  'lo prendo io',
  'la prendo io',
]);
const articles = new Set(
  'il lo la i gli le un uno una del dello della dei degli delle nuovo nuova the'.split(' '),
);
/** Nouns for a ticket. */
const tickets = new Set(
  'ticket intervento chiamata richiesta segnalazione pratica caso problema guasto lavoro tutto request issue case call'.split(
    ' ',
  ),
);

/**
 * True if the participle of a command applies to a thing other than the ticket, which follows it.
 * @param phrase the command's words, normalised
 * @param tail the rest of the line, with no mark between
 */
export function tellsOfThing(phrase: string, tail: string): boolean {
  if (isDoneToThing(phrase, tail)) return true;
  if (!telling.has(phrase)) return false;
  const words = wordsOf(tail.slice(0, 80));
  // `chiuso temporaneamente il varco`, `riaperto stamattina il negozio`, `chiudo io l'ufficio`
  const [first = '', second = ''] = isAside(words[0] ?? '') ? words.slice(1) : words;
  if (/^(?:l|un|dell)'/u.test(first)) return !tickets.has(first.split("'")[1] ?? '');
  return articles.has(first) && second !== '' && !tickets.has(second);
}

/** Nouns for an action that can be undone, and the words around them. */
const undoable = new Set(
  'comando comandi ordine operazione azione modifica chiusura passaggio cambio mio ticket per grazie please command change'.split(
    ' ',
  ),
);
/** Verbs behind a thing that make the infinitive before it a subject: `chiudere la valvola non è bastato`. */
const predicates = new Set(
  `non ha hanno aveva avevano era erano fu basta bastava serve servono serviva dava danno fa faceva causa causava provoca risolve
   risolveva costa porta puo potrebbe deve dovrebbe va sembra is was has did does helps`.split(/\s+/u),
);

/** `Chiudere e riaprire il browser ha risolto`, `Subentrare nel contratto TIM`, `Annulla ultimo aggiornamento di Windows` */
function isDoneToThing(phrase: string, tail: string): boolean {
  const said = tail.slice(0, 120).split(/[,.;:]/u, 1)[0] ?? '';
  const words = wordsOf(said.replace(/['’]/gu, "' "));
  const [first = '', second = '', third = ''] = words;
  if (/^annulla(?:re)? (?:l')?ultim[oa]$/u.test(phrase)) return first !== '' && !undoable.has(first);
  if (/^subentr(?:are|o)(?: io)?$/u.test(phrase))
    return /^(?:nel|nella|nello|nell|nei|nelle|in)$/u.test(first) && second !== '' && !tickets.has(second);
  if (!/(?:[aei]re|clos(?:e|ing))$/u.test(phrase)) return false;
  const isTwo = /^(?:e|ed|and|o)$/u.test(first) && /(?:[aei]re|open|start)$/u.test(second);
  const isThing = articles.has(first) || /^(?:l|un|dell|quel|quella|questa|questo)$/u.test(first);
  if (!isTwo && !(isThing && second !== '' && !tickets.has(second))) return false;
  if (isTwo && tickets.has(third.replace(/^(?:il|la|lo)$/u, ''))) return false;
  return words.slice(2).some((word) => predicates.has(word)) || /(?<!\p{L})(?:è|e['’])(?=\s)/iu.test(said);
}

function isAside(word: string): boolean {
  return (
    word.endsWith('mente') ||
    /^(?:io|oggi|ieri|ora|gia|anche|stamattina|stamani|stasera|stanotte)$/u.test(word)
  );
}

/** Phrases that tell of what was done: what follows them says when or why, and puts nothing off. */
const participles = new Set(
  'chiuso chiusa preso presa riaperto assegnato subentrato closed assigned reopened taken'.split(' '),
);

/**
 * True if the words after an order postpone it or make it conditional: `chiudere giovedì dopo la prova`, `chiudi solo se il
 * cliente conferma`, `in lavorazione da lunedì`. The writer may still expect it to take effect.
 * @param phrase the command's words, normalised
 * @param tail the rest of the line, with no mark between
 */
export function isPutOff(phrase: string, tail: string): boolean {
  if (wordsOf(phrase).some((word) => participles.has(word))) return false;
  const [first = '', second = '', third = ''] = wordsOf(tail.slice(0, 60));
  // `chiudere ma avvisare prima il cliente`
  if (/^(?:ma|pero|but)$/u.test(first)) return true;
  if (!starting.has(first)) return later.has(first) || conditions.has(first);
  return later.has(second) || (times.has(second) && later.has(third));
}

/** Before a time these say when something begins: `da lunedì`, `dalla prossima settimana`. */
const starting = new Set('da dal dalla dalle from starting'.split(' '));

/** Words that say when, and those between them. */
const times = new Set(
  (
    'oggi mattina mattino pomeriggio sera mezzogiorno presto prossimo prossima prossimi prossime settimana pranzo tardi giornata ore ora alle verso ' +
    'le la il lo nel nella al alla in di del della a e i ' +
    'today morning afternoon evening noon early late this at around on in the'
  ).split(' '),
);

/** True if a text is a point in time and nothing else: `domattina`, `oggi pomeriggio alle 15`. */
export function isTime(text: string): boolean {
  const words = wordsOf(text.slice(0, 80));
  return (
    words.length > 0 &&
    words.length <= 7 &&
    words.every((word) => later.has(word) || times.has(word) || /^\d/u.test(word))
  );
}

function firstWord(text: string): string {
  return wordsOf(text.slice(0, 40))[0] ?? '';
}
