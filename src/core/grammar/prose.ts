import { wordsOf } from '../letters/text.ts';

const listed = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/u));

/** Words that occur in no value and no person's name. */
const joints = listed(
  `il i gli le un uno una al allo alla ai agli alle dai dagli nel nello nella nei negli nelle sul sullo sulla sui sugli
   sulle con per su in tra fra che chi cui non come poi anche gia ogni tutti tutte tutto nuovo nuova nuovi nuove altro
   altra questo questa quello quella ora qui solo dal dalla dalle dello dei degli delle
   the an of for in on at with from that is are was not this new all`,
);
/** Joints that surnames may begin with, and `lo`: allowed inside a name, but not as its lower-case first word. */
const particles = listed('la lo li dal dalla dei degli delle');

/** Words by which something is said of a thing. */
const verbs = listed(
  `sono era erano serve servono manca mancano va vanno ha ho hanno abbiamo deve devono non che cui resta restano risulta
   diventa sara is are was were has have needs must not`,
);
/** Words by which a value is judged: `categoria sbagliata` names none. */
const judged = listed(
  `sbagliata sbagliato errata errato giusta giusto corretta corretto esatta diversa scorretta mancante assente ignota
   wrong right missing unknown incorrect`,
);
/** First words of a thing rather than of a name: `di cavo`, `del contratto`. */
const leading = listed(
  `di del dello della dei degli delle a al allo alla ai agli alle da dal dalla per con in nel nella su sul sulla che non
   of for in on with from not`,
);
/** Words that turn a value into a statement about it: `remota disattivata sul router`, `on site non prevista`. */
const furthers = listed(
  `sul sullo sulla sui sugli sulle del dello della dei degli delle nel nello nella nei nelle non attiva attivata attivato
   disattiva disattivata disattivato bloccata impostata impostato prevista previsto cambiata cambiato rimossa not enabled disabled`,
);
/** Words after a person's name that begin a clause about them. */
const clauses = listed('che perche per se quando visto dato appena ticket al because if when who as');

const participle = /(?:at|ut|it|tt|st)[aoei]$/u;
const within = listed('sul sullo sulla sui sugli sulle nel nello nella nei negli nelle');

/** Times that are no work done: `tempo di attesa`, `tempo stimato`. */
const otherTimes = listed(
  `stimato stimata previsto perso medio media residuo massimo minimo rimanente mancante morto richiesto necessario
   permettendo fa lungo reale macchina estimated expected lost average remaining left machine server zone`,
);
const workTimes = listed('ticket lavoro intervento lavorazione assistenza attivita esecuzione');

/** True if a text in the place of a category's name is a remark: `di cavo sbagliata`, `protetta, serve il modulo`. */
export function isRemark(text: string): boolean {
  const words = wordsOf(text.slice(0, 200));
  const [first = '', second = ''] = words;
  if (leading.has(first) || words.some((word) => verbs.has(word) || judged.has(word))) return true;
  if (/(?:^|\s)(?:è|e['’])(?=\s)/iu.test(text)) return true;
  // `B del contratto`, `6 per il cablaggio`
  if (first.length < 3 && leading.has(second)) return true;
  // `richiesta dal comune`, `indicata sul modulo`
  const isTold = words.some((word, i) => {
    const after = words[i + 1] ?? '';
    return (
      /^(?:dal|dall'.*|dall[aoe]|dai|dagli|by)$/u.test(after) ||
      ((participle.test(word) || words.length > 3) && within.has(after))
    );
  });
  if (isTold) return true;
  return words.some((word, i) => /^(?:da|per|di)$/u.test(word) && /[aei]re$/u.test(words[i + 1] ?? ''));
}

/** True if the words can be a person's name or an address: no digits, none of the `joints`. */
export function isPersonsName(said: string): boolean {
  if (/^\S+@\S+$/u.test(said)) return true;
  const words = said.split(/\s+/u);
  const isCapital = words.every((word) => /^\p{Lu}/u.test(word) || isParticle(word));
  return (
    words.length <= (isCapital ? 6 : 4) &&
    !(words.length > 1 && /^(?:la|lo|li)$/u.test(words[0] ?? '')) &&
    !/^(?:l|un)['’]/u.test(said) &&
    words.every((word, i) => isOfName(word, i, isCapital)) &&
    !words.some((word) => word.endsWith('mente'))
  );
}

function isParticle(word: string): boolean {
  return /^(?:di|de|da|del|della|e|ed)$/u.test(word) || particles.has(word);
}

function isOfName(word: string, at: number, isCapital: boolean): boolean {
  if (/^\d/u.test(word)) return false;
  const [plain = ''] = wordsOf(word);
  if (!joints.has(plain) && !particles.has(plain)) return true;
  return particles.has(plain) && isCapital && (at > 0 || /^\p{Lu}/u.test(word));
}

/** True if the addressee of an order is not a person: `a ogni PC`, `a un tecnico esterno`, `a 10.0.0.5`. */
export function beginsAsThing(said: string): boolean {
  const [first = ''] = wordsOf(said);
  return (
    /^\d/u.test(first) ||
    (joints.has(first) && !particles.has(first) && first !== 'chi') ||
    /^(?:ciascun|qualche)/u.test(first)
  );
}

/** True if a name comes first and a clause about it follows: `Luigi che è in zona`, `Luigi al ticket`. */
export function namesSomebodyFirst(said: string): boolean {
  const words = said.split(/\s+/u);
  const at = words.findIndex((word) => clauses.has(wordsOf(word)[0] ?? ''));
  const clause = wordsOf(words[at] ?? '')[0] ?? '';
  const isName = at > 0 && at <= 3 && words.slice(0, at).every((word) => /^\p{Lu}\p{Ll}/u.test(word));
  // `luigi che è in zona`: phones write no capitals
  if (!isName) return at === 1 && clause !== 'al' && clause !== 'ticket';
  return clause !== 'al' || wordsOf(said).includes('ticket');
}

/** True if a sentence continues about one of a command's fixed values, or about another thing of that name. */
export function tellsMore(tail: string): boolean {
  const words = wordsOf(tail.slice(0, 120));
  // `priorità del ticket alta`
  return words.some((word) => furthers.has(word)) && !words.some((word) => workTimes.has(word));
}

/** True if `tempo` is followed by a time other than that of the work: `tempo stimato`. */
export function isOtherTime(tail: string): boolean {
  const [first = '', second = ''] = wordsOf(tail.slice(0, 60));
  if (/^(?:di|del|dell|della|per|of)$/u.test(first))
    return second !== '' && !workTimes.has(second.replace(/^(?:l|dell)'/u, ''));
  return otherTimes.has(first);
}

/** Words between `apri per` and a thing to open: `apri per favore la porta`, `aprire per prima cosa il rack`. */
const noClients = listed(
  'favore cortesia piacere primo prima primi errore sbaglio caso ora adesso esempio sicurezza now',
);

/** True if `apri per` opens something other than a ticket. */
export function opensOther(tail: string): boolean {
  const [first = '', ...words] = wordsOf(tail.slice(0, 200));
  // `apri per vedere il log`
  const isPurpose = noClients.has(first) || /^\p{Ll}+[aei]re(?!\p{L})/u.test(tail);
  return isPurpose && !tail.includes('@') && !words.some((word) => /^(?:ticket|intervento)$/u.test(word));
}

/** True if a lower-case sentence follows a word that takes a name: `solo carta A4`, `il consiglio, uso l'altro`. */
export function isSentence(text: string): boolean {
  const words = wordsOf(text.slice(0, 200));
  return (
    words.length > 2 && /^\p{Ll}/u.test(text) && words.some((word) => joints.has(word) || verbs.has(word))
  );
}
