import { isLegal } from '../../lines/disclaimer.ts';
import { oneSpaced } from '../../letters/text.ts';

/**
 * Tells a motto in a signature from a sentence that addresses somebody: one that asks, wants, reports what was done or when,
 * or continues the text above. Doubt is cheap: the writer is asked, or the line is shown.
 */

/** Continues the text above, or asks for something. Italian and English, like all of these. */
const speaks =
  /^p\.?\s?s\.?(?:\s|[:,-])|\?|(?<!\p{L})(?:dimenticav\p{L}+|dimenticat[oa]|scordat[oa]|scordav\p{L}+|scusa(?:te|mi)|aggiungo|inoltre|anzi|nota bene|n\.?b\.?|per (?:favore|cortesia|piacere)|cortesemente|gentilmente|(?:la|vi|ti) (?:preg|chied)\p{L}+|preg(?:o|hiamo)|serv(?:e|ono|irebbe|irebbero)|occorr(?:e|ono|erebbe)|bisogna|urgent\p{L}*|urge|ancora (?:una|un) cosa|un['’ ]altra cosa|altra cosa|mi \p{L}{3,}|potrest[ei]|vorrei|vorremmo|attend(?:o|iamo)|aspett(?:o|iamo)|fate(?:mi|ci)|fammi|(?:ri)?chiam(?:atemi|ami)|avvis(?:atemi|ami)|mandate(?:mi|ci)|mandami|portatemi|please|forgot|by the way|btw|one more thing|could you|can you|would you|asap|call me|let me know)(?!\p{L})/iu;
const participle = String.raw`(?:(?:già|gia|anche|appena|ancora|poi|stat[oaie]) )*\p{L}{2,}(?:at|it|ut|rt|st|tt|ls|pt|nt|rs|os|es)[oaie]`;
/** Reports what its writer did or will do, or what does not work. */
const tells = new RegExp(
  String.raw`(?<!\p{L})(?:(?:ho|hai|abbiamo|avete) ${participle}|pass(?:o|iamo) (?:a|da|io|domani|in|poi|oggi)|tornerò|passerò|porterò|manderò|riprov(?:o|iamo)|manca(?:no)?|non (?:va|vanno|funziona\p{L}*|stampa\p{L}*|parte|partono|si (?:accende|apre|avvia|collega|stampa)|riesco|riusciamo|risponde|arriva\p{L}*|c['’]è|trovo|vedo)|da (?:sostituire|cambiare|rivedere|controllare|verificare|ordinare|ritirare)|il problema|lo stesso|i (?:have|am|was|had)|i['’](?:ve|m|ll)|we have|does(?:n['’]t| not)|isn['’]t|not working)(?!\p{L})`,
  'iu',
);
/** The same, in texts without a motto's words. */
const tellsOthers = new RegExp(
  String.raw`(?<!\p{L})(?:comunque|però|intanto|nel frattempo|si può|(?:è|sono|resta|restano) (?:in|a|al|alla|dal|dalla|nel|nell[oa]|nei|sul|sull[oa]|sotto|sopra|dietro|presso|da) \p{L}+|(?:ha|hanno|sono|è|e['’]|siamo|va|vanno) ${participle}|ricord(?:are|at[ei]|arsi)|(?:ri)?chiam(?:are|at[ei]|o)|avvis(?:are|at[ei])|mand(?:are|ate|o)|port(?:are|ate|o)|controll(?:are|at[ei])|verific(?:are|at[ei])|torn(?:o|iamo)|arriv(?:a|ano|o|iamo)|anche (?:il|lo|la|i|gli|le|l['’]\p{L}+)|(?:has|have) been|w(?:as|ere) \p{L}+ed|need(?:s|ed)?|waiting)(?!\p{L})`,
  'iu',
);
/** Times. In signatures only the hours of a firm are so given. */
const tellsWhen =
  /(?<!\p{L})(?:entro (?!e non oltre il \d{4})|(?:domani|stasera|stamattina|stamani|stanotte|dopodomani|oggi|ieri|by (?:tomorrow|monday|tuesday|wednesday|thursday|friday)|tomorrow|tonight|today|yesterday)(?!\p{L})|(?:luned[iì]|marted[iì]|mercoled[iì]|gioved[iì]|venerd[iì]|sabato|domenica)(?!\p{L})|alle (?:ore )?\d|alle (?:due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici)(?!\p{L}))/iu;
const things =
  /(?<!\p{L})(?:stampant\p{L}+|server|pc|computer|monitor|schermo|password|toner|rullo|router|switch|wi-?fi|backup|posta elettronica|mail|account|utent[ei]|tastiera|mouse|cavo|cavi|disco|licenz[ae]|fattur[ae]|ticket|scanner|telefono|linea|rete|gestionale|chiave|file|cartell[ae]|printer|keyboard|screen|cable|disk|invoice)(?!\p{L})/iu;
/** Abstract nouns of mottos. */
const abstract =
  /^(?:chi|meglio|nulla|tutto|ogni|non tutt[oi]|il vero|la vera) |(?<!\p{L})(?:futuro|mondo|vita|sogn\p{L}+|cuore|passione|valor[ei]|qualità|eccellenza|innovazione|tradizione|successo|tecnologia|persone|sempre|insieme|ambiente|natura|pianeta|soluzion[ei]|esperienza|fiducia|idee|anni|dal (?:19|20)\d\d|since (?:19|20)\d\d|iso \d{4,5}|future|world|life|dream\p{L}*|passion|values?|quality|excellence|innovation|tradition|success|technology|people|together|always|years|solutions?|trust)(?!\p{L})/iu;
/** Lines of a firm's own about how it is reached. */
const ofTheFirm =
  /^(?:per (?:assistenza|urgenze|emergenze|informazioni|info|supporto|contatt\p{L}+)|orari\p{L}*|aperti|siamo aperti|ricev\p{L}+ (?:su|solo)|dal luned|lun(?:ed[iì])?\s?[-–a]|for (?:support|assistance|urgent|information)|(?:opening|office) hours|open )/iu;

/**
 * @param where a `line` that is no whole sentence, and may name a trade; `below` a name or a number, deep in a signature, where only words that certainly speak to somebody count; `first` in
 *   it; or `alone`, where nothing above says anything, so that only what is certainly a motto is one
 */
export function isMotto(text: string, where: 'first' | 'below' | 'line' | 'alone'): boolean {
  const said = oneSpaced(text).trim();
  if (isLegal(said) || ofTheFirm.test(said)) return true;
  if (speaks.test(said) || tells.test(said)) return false;
  if (abstract.test(said)) return true;
  if (tellsOthers.test(said) || tellsWhen.test(said)) return false;
  if (where === 'line') return true;
  if (things.test(said)) return false;
  return where === 'below' || (where === 'first' && !/\d/u.test(said));
}
