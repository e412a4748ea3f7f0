import { normalise } from './text.ts';

/** A company's name, taken apart for comparing: what tells it from others, what it says of its trade, its legal form. */
export type CompanyName = {
  /** `rossi` */
  own: string[];
  /** words that many names hold: `studio`, `legale`, `costruzioni` */
  trade: string[];
  /** `srl`, `spa`, `snc`, or null if none is written */
  form: string | null;
  /** the letters and digits of both, in their order: `rossicostruzioni` */
  letters: string;
  /** the same with the words that tell nothing: `lasorgente` */
  allLetters: string;
  /** all words but those for the legal form, in their order */
  words: string[];
  /** titles of a person, explicit (`avv.`) or implied (`studio legale`): a different title means a different person */
  titles: ReadonlySet<string>;
  /** `dg` for `D&G Impianti`, or null if it has none */
  initials: string | null;
  /** it says that the company is being wound up */
  isWoundUp: boolean;
};

const listed = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/u));

/** Legal forms as they are left once dots are gone, and what each is compared as. */
const forms = new Map<string, string>(
  Object.entries({
    srl: 'srl srlu',
    srls: 'srls',
    spa: 'spa',
    sapa: 'sapa',
    snc: 'snc',
    sas: 'sas',
    ss: 'ss',
    coop: 'coop scarl scrl scpa scs scsarl cooperativa',
    gmbh: 'gmbh',
    ltd: 'ltd limited',
    llc: 'llc',
    plc: 'plc',
    inc: 'inc',
    sarl: 'sarl',
    sa: 'sa',
    ag: 'ag',
    bv: 'bv',
    onlus: 'onlus',
    aps: 'aps',
    asd: 'asd',
  }).flatMap(([form, written]) => written.split(' ').map((word): [string, string] => [word, form])),
);

/** Forms and abbreviations of several words, as people write them out; the longest first. */
const phrases: readonly (readonly [words: string, instead: string])[] = (
  [
    ['societa a responsabilita limitata semplificata', 'srls'],
    ['societa a responsabilita limitata', 'srl'],
    ['societa cooperativa sociale a responsabilita limitata', 'coop'],
    ['societa cooperativa a responsabilita limitata', 'coop'],
    ['societa consortile a responsabilita limitata', 'coop'],
    ['societa in accomandita per azioni', 'sapa'],
    ['societa in accomandita semplice', 'sas'],
    ['societa in nome collettivo', 'snc'],
    ['societa per azioni', 'spa'],
    ['societa semplice', 'ss'],
    ['societa cooperativa sociale', 'coop'],
    ['soc coop sociale', 'coop'],
    ['soc coop soc', 'coop'],
    ['soc cons a rl', 'coop'],
    ['soc cons arl', 'coop'],
    ['societa cooperativa', 'coop'],
    ['soc cooperativa', 'coop'],
    ['soc coop', 'coop'],
    ['s coop', 'coop'],
    ['coop sociale', 'coop'],
    ['coop soc', 'coop'],
    ['coop arl', 'coop'],
    ['coop a rl', 'coop'],
    ['sc a rl', 'coop'],
    ['sca rl', 'coop'],
    ['a socio unico', ''],
    ['con socio unico', ''],
    ['in liquidazione', ''],
    ['societa benefit', ''],
    ['societa tra professionisti', ''],
    ['s r l s', 'srls'],
    ['s r l', 'srl'],
    ['s p a', 'spa'],
    ['s n c', 'snc'],
    ['s a s', 'sas'],
    ['f lli', 'fratelli'],
  ] as const
).map(([words, instead]) => [words, instead] as const);

const sameWord = new Map(
  Object.entries({
    flli: 'fratelli',
    fratell: 'fratelli',
    bros: 'fratelli',
    sons: 'figli',
    assoc: 'associati',
  }),
);
const sameTrade = new Map(
  Object.entries({ associato: 'associati', associata: 'associati', costr: 'costruzioni', imp: 'impianti' }),
);

/** Words that tell nothing: between others, before a name, after a legal form. */
const empty = listed(
  `e ed and und et di del della dello dell dei degli delle d de da dal dalla il lo la l i gli le un una the of in per
   spett spettle ditta azienda impresa societa soc company avv avvocato avvocati dott dottor dottssa dottoressa dr drssa
   ing ingegner arch architetto geom geometra rag ragionier sig signor prof notaio p a unipersonale unip sb stp`,
);

/** Words that many companies share. */
const trades = listed(
  `studio legale legali tecnico commerciale associati professionale medico dentistico notarile consulenza consulting
   consulenti consultants costruzioni costruzione edile edili edilizia impianti impiantistica immobiliare immobiliari
   servizi service services sistemi systems system informatica software digital italia italiana italiano italy europe
   group gruppo holding trasporti logistica autotrasporti officina officine meccanica meccaniche industria industrie
   industriale commercio distribuzione forniture ricambi prodotti generali generale internazionale international global
   solutions soluzioni project progetti engineering ingegneria tecnologie technologies technology tech lavorazioni
   agricola farmacia hotel albergo ristorante bar centro comune istituto scuola associazione fondazione consorzio
   banca banche popolare cassa risparmio credito parrocchia condominio
   cooperative cantiere centri sociale assicurazioni agenzia automazione energia ambiente ufficio shop store`,
);

/** Titles as people write them, and what each is compared as; what a practice is called by says the same. */
const titles = new Map<string, string>(
  Object.entries({
    avv: 'avv avvocato avvocati legale legali',
    dott: 'dott dottor dottore dottssa dottoressa dr drssa medico dentistico',
    ing: 'ing ingegner ingegnere',
    arch: 'arch architetto',
    geom: 'geom geometra',
    rag: 'rag ragionier ragioniere',
    notaio: 'notaio notarile',
    prof: 'prof professor professoressa',
    sig: 'sig signor signora',
  }).flatMap(([title, written]) => written.split(' ').map((word): [string, string] => [word, title])),
);

/** Before a surname these are a part of it: `De Luca` and `Deluca` are one name, `Luca` another. */
const alwaysOfName = listed('de d li');
/** The same where a name begins with them, since nothing stands before that they could join to it: `Di Marco`. */
const ofNameAtStart = listed('di da del della dello dell dei degli dal dalla dallo dall');
/** `lo` is an article only before these sounds (`Lo Scoglio`); before others it begins a surname (`Lo Presti`). */
const afterArticleLo = /^(?:s[^aeiou]|z|gn|ps|pn|x|y)/u;

/**
 * Takes a company's name apart, as it is registered or as people write it: case, accents, dots, apostrophes, `&` and `e`,
 * the way a legal form is written and what stands around a name make no difference.
 */
export function readCompanyName(name: string): CompanyName {
  const words = joinedSurnames(wholeWords(name.slice(0, 300)));
  const at = words.findIndex((word) => forms.has(word));
  const written = words[at];
  const rest = words.filter((word) => !forms.has(word));
  const telling = rest.filter((word) => !empty.has(word));
  // a name made of such words alone is made of them
  const kept = telling.length > 0 ? telling : rest.length > 0 ? rest : words;
  const own = kept.filter((word) => !trades.has(word));
  return {
    own,
    trade: kept.filter((word) => trades.has(word)).map((word) => sameTrade.get(word) ?? word),
    form: written === undefined ? null : (forms.get(written) ?? null),
    letters: kept.join(''),
    allLetters: rest.join(''),
    words: rest,
    titles: new Set(rest.flatMap((word) => titles.get(word) ?? [])),
    initials: initialsOf(name),
    isWoundUp: /in liquidazione/u.test(normalise(name.slice(0, 300))),
  };
}

/** The letters on both sides of an `&`. */
function initialsOf(name: string): string | null {
  const letters = /(?<![\p{L}\p{N}])(\p{L})\s?[&+]\s?(\p{L})(?![\p{L}\p{N}])/u.exec(
    normalise(name.slice(0, 300)),
  );
  return letters === null ? null : `${letters[1]}${letters[2]}`;
}

/** True if a word in a name is distinctive: neither the trade nor a filler. */
export function isTelling(word: string): boolean {
  return !trades.has(word) && !empty.has(word);
}

/** True if a word names a trade. */
export function isTrade(word: string): boolean {
  return trades.has(word);
}

/** The words with what begins a surname written as one with it: `De Luca`, `D'Angelo`, `Lo Presti`. */
function joinedSurnames(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const [i, word] of words.entries()) {
    const before = words[i - 1];
    const isJoined = before !== undefined && joined.at(-1) === before && beginsName(before, word, i - 1);
    if (isJoined) joined.pop();
    joined.push(isJoined ? before + word : word);
  }
  return joined;
}

function beginsName(particle: string, word: string, at: number): boolean {
  if (word.length < 2 || forms.has(word) || empty.has(word)) return false;
  if (particle === 'lo') return !afterArticleLo.test(word);
  return alwaysOfName.has(particle) || (at === 0 && ofNameAtStart.has(particle));
}

/** The words of a name: dotted letters are one (`S.r.l.`), phrases for a legal form as well; `& C.` is none. */
function wholeWords(name: string): string[] {
  const parted = normalise(name)
    // `Via Roma 12/A` is another house than `Via Roma 12`
    .replace(/(\d)\s?[/-]\s?(\p{L})(?![\p{L}\p{N}])|(\d) ([a-df-z])$/gu, '$1$2$3$4')
    .replace(/(?:&|\+|\be\b|\bed\b|\band\b)\s*c(?:o|ompany)?\b\.?/gu, ' ')
    .replace(/[&+]/gu, ' e ')
    .replace(
      /(?<![\p{L}\p{N}])\p{L}(?:\.\p{L})+(?![\p{L}\p{N}])\.?/gu,
      (letters) => ` ${letters.replaceAll('.', '')} `,
    )
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  let text = ` ${parted} `;
  for (const [phrase, instead] of phrases) text = text.replaceAll(` ${phrase} `, ` ${instead} `);
  const words = text.split(' ').filter((word) => word !== '');
  return words.map((word) => sameWord.get(word) ?? word);
}
