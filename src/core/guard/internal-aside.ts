import { normalise, splitLines } from '../letters/text.ts';
import { asItLooks } from '../letters/lookalike.ts';

/*
 * Asides that staff write for each other in a text for a client identify themselves: `nota interna`, `[INTERNO]`, `solo per noi`,
 * `@Luca`. Spellings vary, so kinds of phrases are recognised rather than sentences. Whatever is found is asked about and never
 * dropped: better to doubt `la rete interna` once too often than to let an aside out.
 */

const kinds = {
  internal: 'intern[aoei]|int|interni|internamente|internal|internally|interne[snm]?|intern|interns',
  note: 'not[ae]|annotazion[ei]|appunt[oi]|comunicazion[ei]|com|messaggi[o]?|msg|comment[oi]|memo|promemoria|info|informazion[ei]|avvis[oi]|osservazion[ei]|dettagli[o]?|discussion[ei]|ps|nb|fyi|notes?|comments?|message|remarks?|communication|discussion|notiz|mitteilung|aside',
  only: 'solo|soltanto|solamente|unicamente|esclusivamente|strettamente|puramente|riservat[oaie]|only|just|strictly|purely|exclusively|nur|seulement',
  colleagues:
    'collegh[ie]|collega|colleagues?|staff|staff tecnico|personale|tecnic[io]|reparto tecnico|reparto|squadra|team|backoffice|back office|segreteria|amministrazione|ufficio amministrativo|magazzino|technicians?|technical staff|clerks?|noi',
  client: 'client[ei]|customers?|clients?|utent[ei]',
  tell: 'dir(?:e|lo|la|gli|glielo|gliela|gliene|ne)|dite(?:lo|gli|glielo)?|dica(?:no|si)?|dico|diciamo(?:lo|glielo)?|detto|comunicare|comunicat[oe]|comunicarlo|comunichiamo|riferire|riferirlo|riferit[oe]|rivelare|rivelat[oe]|mostrare|mostrarlo|mostrato|inoltrare|inoltrarlo|inoltrato|inoltrate|inviare|inviarlo|inviate|inviato|mandare|mandarlo|mandate|girare|girarlo|girate|accennare|accennarne|accenniamo|menzionare|menzionarlo|parlare|parlarne|parlatene|scrivere|scriverlo|scrivetelo|far(?:e|lo|glielo)? (?:sapere|leggere|vedere)|fategli sapere|tell|show|send|forward|mention|share|disclose|reveal|copy|cc',
};
const the = '(?:il |lo |la |i |gli |le |l |un |the |our |a |nostr[oaie] |tutt[oi] |altri )*';
const to =
  '(?:per|x|a|ai|al|alla|allo|agli|alle|all|for|to|fur|pour|di|dei|degli|della|tra|fra|between|among|with)';

/** Known by words alone, whatever stands between them: normalised, single spaces. */
const phrases = [
  // nota interna, note strettamente interne, nota ad uso interno
  `(?:${kinds.note}) (?:(?:${kinds.only}|ad|a|per|di|d|uso|e|for|use|in) )*(?:${kinds.internal})`,
  `(?:${kinds.internal}) (?:(?:${kinds.only}) )?(?:use|uso|gebrauch|(?:${kinds.note}))`,
  // uso interno, solo interno, internal only
  `(?:uso|utilizzo|usage|use|${kinds.only}) (?:(?:${kinds.only}|uso|ad|for|per|use) )*(?:${kinds.internal})`,
  `(?:internal|internally|staff|team|colleghi|tecnici|interno|interni) only`,
  `only ${to} (?:us|ourselves|${kinds.colleagues})`,
  `(?:${kinds.only}) (?:uso |(?:${to} |(?:tra|fra) di )${the})?(?:us|ourselves|${kinds.colleagues})`,
  `(?:uso|utilizzo) (?:nostro|dello staff|dei tecnici)`,
  // resti fra noi
  `(?:rest\\w+|riman\\w+|teng\\w+|tien\\w+|tener\\w+|tenut\\w+|detto|dico|sia|keep|stays?|kept) (?:\\w+ ){0,3}(?:tra|fra|between) (?:di )?(?:noi|us|ourselves)`,
  `between (?:us|you and me|ourselves)`,
  `off the record|acqua in bocca`,
  // riservato allo staff, nota riservata
  `(?:${kinds.note}) (?:riservat\\w+|privat\\w+|confidenzial\\w+|confidential|segret\\w+|nascost\\w+|non pubblic\\w+)`,
  `(?:private|confidential|hidden|secret|staff|team|technician|tech) (?:${kinds.note})`,
  // nota per i colleghi, info ai colleghi
  `(?:${kinds.note}) (?:(?:${kinds.only}|importante|urgente) )*(?:${to} ${the})?(?:us|${kinds.colleagues})`,
  // non per il cliente, non dirlo al cliente
  `(?:non|not|mai|never|niente|nulla) (?:e |is |va |sia |destinat\\w+ |rivolt\\w+ |visibile |visible |meant |intended )*(?:per|for|al|ai|to) ${the}(?:${kinds.client})`,
  `(?:non|senza|mai|never|not|don t|dont|without|evit\\w+(?: di)?|da non|meglio non) (?:lo |la |gli |ne |va |vanno |deve |dobbiamo |devono |essere |da |ancora |assolutamente |please |to |be |venga |dovete )*(?:${kinds.tell})(?: \\w+){0,4}? (?:al|ai|alla|all|dal|to|with|the|our|in) ?${the}(?:${kinds.client})`,
  `(?:${kinds.client}) (?:non|must not|mustn t|should not|shouldn t|need not|needn t|cannot|can t) (?:lo |la |ne |gli )?(?:(?:deve|devono|dovrebbe|dovrebbero|dovra|dovranno) (?:\\w+ ){0,2}?(?:sap\\w+|ved\\w+|legg\\w+|sent\\w+|conosc\\w+|scopr\\w+|accorg\\w+|venir\\w+|(?:essere|esserne) (?:inform|avvis|avvert|mess)\\w+)|sappia|sappiano|know|see|read|learn|be told|hear|lo sa|sa)`,
  `(?:nascond\\w+|nascosto|tac\\w+|omett\\w+|hide|hidden|hiding|withh\\w+|conceal\\w*) (?:\\w+ ){0,3}(?:al|ai|dal|from) ?${the}(?:${kinds.client})`,
  `(?:all )?(?:insaputa|oscuro)`,
  // togliere prima di inviare
  `(?:togli\\w+|tolga\\w*|cancell\\w+|elimin\\w+|rimuov\\w+|remove|delete|strip|cut)(?: \\w+){0,3} (?:prima di|before) (?:\\w+ )?(?:invi\\w+|mand\\w+|chiu\\w+|sped\\w+|sending|closing)`,
  // fatturare 2 ore, da addebitare al cliente, promemoria: fatturare; ricordati di ordinare il toner
  `(?<! (?:a|per|puo|potete|possono|possibile) )(?:fatturare|addebitare|mettere in fattura) (?:\\d+ ?(?:or|h|min|eur|intervent)\\w*|\\d+h|un ora|due ore|mezz\\w*|il lavoro|l intervento|l uscita|la trasferta|la chiamata|le ore)`,
  `(?:ricord\\w+|promemoria|memo|not[ae]|da|non) (?:(?:di|che|tecnica|amministrativa) ){0,2}(?:fatturare|addebitare|fatturiamo|fatturato|rifatturare)`,
  `ricord(?:ati|arsi|iamoci|atevi|arci) (?:di|che) (?:ordinare|segnare|registrare|avvisare|sentire|scalare|chiedere|farsi pagare)`,
  // il cliente è moroso, la cliente non paga
  `(?:${kinds.client}|titolare|signora?) (?:e|sembra|era|resta) (?:(?:un|una|molto|davvero|proprio|il solito|un po|sempre) ){0,2}(?:moros|insolvent|rompi|scorbutic|antipatic|difficil|maleducat|arrogant|incompetent|imbranat|ignorant|insopportabil|pazz|cretin|scem|deficient)\\w*`,
  `(?:${kinds.client}) (?:non (?:ha (?:ancora )?pagat[oa]|paga|vuole pagare)|deve ancora pagare|paga (?:tardi|sempre tardi|in ritardo))`,
].map((phrase) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${phrase})(?![\\p{L}\\p{N}])`, 'u'));

/** Marks that count only as a label or in brackets of their own, with their punctuation. */
const labels = [
  // INTERNO: non paga, (interno: non paga), Internamente - non paga; but not the telephone `interno: 204`
  `(?:^|[.;!?(]\\s*|[-–—]\\s+)(?:per |solo |parte |nota )?(?:${kinds.internal})\\.?\\s*(?::(?!\\s*[+\\d])|\\)\\s*:|\\s*[-–—=]{2,}|[–—](?!\\s*\\d)|\\s-\\s(?!\\d)|$)`,
  `[[{<](?:[^\\]}>]{0,30}[^\\p{L}\\]}>])?(?:${kinds.internal}|staff|private|privat[oa]|riservat[oa])(?:[^\\p{L}\\]}>][^\\]}>]{0,30})?[\\]}>]`,
  `(?:^|[.;!?:]\\s*)\\((?:${kinds.internal})\\)`,
  // @Luigi passa tu
  `(?:^|[\\s(])@\\p{L}{3,}\\s`,
  `#\\s?(?:nota\\w?)?(?:${kinds.internal})`,
  `^(?:riservat[oa]|confidenziale|confidential|private|privat[oa]|staff|team|colleghi|tecnici|noi)\\s*[:–—]`,
  `^(?:riservat[oa]|confidenziale|confidential)[\\s.!]*$`,
  // per i colleghi: non paga
  `(?:^|[.;!?(]\\s*|[-–—]\\s+)(?:(?:p\\.?\\s?s|n\\.?\\s?b|x|info|fyi|nota|inoltre|poi|e)[.:,]?\\s+)*(?:${to}\\s+)${the}(?:${kinds.colleagues})\\s*(?:[:;–—)]|,|\\s-\\s|$)`,
].map((label) => new RegExp(label, 'u'));

/** `Nota per Luigi: …`, for anybody but the reader, and for no thing or activity. */
const noteFor = new RegExp(
  `(?:^|[.;!?(]\\s*|[-–—]\\s+)(?:${kinds.note})\\s+(?:per|x|for)\\s+(?!${the}(?:${kinds.client})|il |la |i |le |gli |lo |the |l['’]|voi|lei|chi|you|windows|outlook|android|mac|\\p{L}+[aei]r(?:e|si|ci)(?!\\p{L}))(\\p{L}{3,})(?:\\s\\p{L}+)?(?:\\s*[:–—]|\\s-\\s)`,
  'u',
);

/** In bold, as mail programs write it in plain text. */
const emphasised = new RegExp(`[*_]{1,3}(?:nota )?(?:${kinds.internal})\\s?:?[*_]{1,3}`, 'u');

/** The same with its words run together. */
const runTogether =
  /(?:not[ae]|comunicazion[ei]|messaggio|commento|uso|memo|appunto)intern[aoe](?!\p{L}{1,2}zion)|internal(?:note|use|only|comment|memo)|soloper(?:noi|staff|icolleghi|lostaff)|staffonly|nonperil?cliente|notfor(?:the)?(?:client|customer)/u;

/** Longest piece of a line that is examined, in characters. */
const longestPiece = 600;

/**
 * Finds a line that declares the text not meant for the client it is about to be sent to.
 * @param colleagues names of the staff: anybody addressed by one is a colleague
 * @param client the reader's name, which may be a colleague's too
 * @returns the line as written, or null if there is none
 */
export function findAside(text: string, colleagues: readonly string[], client: string): string | null {
  const addressed = addressing(colleagues, client);
  for (const line of splitLines(text)) {
    for (const piece of pieces(line)) {
      const plain = asItLooks(normalise(piece)).replace(/^[\s>|*_~`#•·/\-–—\d.)]+(?=\p{L})/u, '');
      const marked = asItLooks(normalise(piece)).replaceAll(/[*_~`]+/gu, '');
      const words = ` ${plain.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;
      const isAside =
        phrases.some((phrase) => phrase.test(words)) ||
        labels.some((label) => label.test(plain.replaceAll(/[*_~`]+/gu, '')) || label.test(marked)) ||
        emphasised.test(normalise(piece)) ||
        runTogether.test(words.replaceAll(' ', '')) ||
        isNoteForOther(plain, client) ||
        (addressed !== null && (addressed.test(plain) || addressed.test(marked)));
      if (isAside) return piece.trim();
    }
  }
  return null;
}

function isNoteForOther(plain: string, client: string): boolean {
  const name = noteFor.exec(plain)?.[1];
  return name !== undefined && !namesIn(client).includes(name);
}

/** `@Luca`, `per Luca:`, `Luca: …`; null if there is nobody to address. */
function addressing(colleagues: readonly string[], client: string): RegExp | null {
  const reader = new Set(namesIn(client));
  const names = colleagues
    .flatMap((name) => [namesIn(name)[0] ?? '', namesIn(name).join(' ')])
    .filter((name) => name.length > 2 && !name.split(' ').some((part) => reader.has(part)));
  if (names.length === 0) return null;
  const any = [...new Set(names)].map((name) => name.replaceAll(' ', '\\s+')).join('|');
  return new RegExp(
    `@\\s?(?:${any})(?!\\p{L})|(?:^|[.;!?(]\\s*|[-–—]\\s+)(?:p\\.?\\s?s\\.?:?\\s+|n\\.?\\s?b\\.?:?\\s+)?(?:(?:per|x|a|ad|for|to)\\s+)?(?:${any})\\s*[:(–—]|p\\.?\\s?s\\.?:?\\s+(?:per|x|a|ad|for|to)\\s+(?:${any})(?!\\p{L})|^(?:per|x|for)\\s+(?:${any})(?:\\s*,|\\s-\\s)|p\\.?\\s?s\\.?\\s*[:,]?\\s+(?:${any})(?!\\p{L})|^(?:x|cc)\\s+(?:${any})(?!\\p{L})|^(?:per|a|for)\\s+(?:${any})\\s*$|(?:^|[.;!?(]\\s*)(?:ciao\\s+)?(?:${any})\\s*,?\\s+(?:(?:passa|vai|vedi|chiama|senti|fai|pensaci)\\s+tu|ricord\\p{L}+|puoi|devi|dovresti|fattura|addebita|senti|avvisa|verifica|controlla|occupatene|pensaci|guarda|segna|segnati|ordina|tu)(?!\\p{L})`,
    'u',
  );
}

function namesIn(name: string): string[] {
  return normalise(name).match(/\p{L}+/gu) ?? [];
}

function pieces(line: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < line.length; at += longestPiece / 2) found.push(line.slice(at, at + longestPiece));
  return found;
}
