import { isRule } from './header-block.ts';
import { type Line, makeLine } from './lines.ts';

/**
 * Banners that the receiving server puts on top of a mail: it came from outside, its sender is new. A banner states where this
 * very mail came from; a person's own warning speaks about the world.
 */

const mailNoun = String.raw`(?:e-?mail|mail|message|messaggio|posta(?: elettronica)?|comunicazione|nachricht|courriel|correo(?: electrónico)?|mensaje|mensagem|bericht)`;
const senderNoun = String.raw`(?:sender|source|mittente|indirizzo|absender|expéditeur|remitente|remetente|afzender|address|adresse)`;
const external = String.raw`(?:external|outside|estern[oa]|extern(?:e[rnms]?)?|externo|externa)`;
const outside = String.raw`(?:external|outside|estern[oa]|dall['’ ]?esterno|al di fuori|di fuori|extern(?:e[rnms]?)?|außerhalb|ausserhalb|l['’]extérieur|externo|externa|fuera|de fora|buiten)`;
const thisMail = String.raw`(?:this|the following|quest[oa]|(?:il|la) presente|il seguente|diese[rs]?|ce|cet|cette|este|esta|deze|dit)(?: is an?| è un[a']?| ist eine?| est un| es un| é um| is een)?`;
const cameFrom = String.raw`(?:originat\p{L}+|comes?|came|is|was|has been|sent|provien\p{L}*|arriva|è|e'|è stat[oa]|inviat[oa]|ricevut[oa]|spedit[oa]|stammt|kommt|ist|wurde|vient|est|a été|procede|proviene|se origin\p{L}+|fue|ha sido|se envió|es|foi|veio|komt)`;
/** People say these of mails; servers do not. */
const peoples =
  /(?:^|[^\p{L}])(?:non (?:arriv|si ved|riesc|posso|funzion)\p{L}*|nicht an|doesn['’]t|isn['’]t|solo|soltanto|only|dopo|after|ieri|oggi|yesterday|today|perch[éè]|because|ma|but|aber|mais|pero|che non|that i|who i|i|we|mi|ci|noi|ich|wir|nous)(?!\p{L})/iu;

const origins: readonly RegExp[] = [
  new RegExp(
    `^${thisMail} (?:\\p{L}+ ){0,2}?${mailNoun}.{0,60}?(?<!\\p{L})${cameFrom}.{0,60}?${outside}`,
    'iu',
  ),
  new RegExp(
    `^(?:this|quest[oa]|dies(?:e[rs]?)?|ceci|cet|ce|este|esta|dit) (?:is|è|ist|est|es|é) .{0,12}?${external} ${mailNoun}`,
    'iu',
  ),
  new RegExp(
    `^(?:this|quest[oa]|dies(?:e[rs]?)?|ce|cet|este|esta|dit) (?:is |è |ist |est |es )?.{0,12}?${mailNoun} ${external}`,
    'iu',
  ),
  new RegExp(
    `^(?:un[oa]? )?${mailNoun} (?:is |è (?:stat[oa] )?)?(?:proveniente|inviat[oa]|ricevut[oa]|originat\\w*|from|received from|sent from|von|de|da) .{0,40}?${outside}`,
    'iu',
  ),
  /^(?:attention|caution|warning)? ?(?:sender|mittente|absender) ?:? (?:is )?(?:external|esterno|extern|not verified|non verificato)$/iu,
];
/** Up to 60 characters without a verb or a joint. */
const plain = String.raw`(?:\s(?:(?!(?<!\p{L})(?:is|are|was|were|has|have|can|cannot|does|do|è|e['’]|sono|ha|hanno|viene|vengono|non|not|ist|sind|wird|est|sont|es|son|no|che|who|which|bloccat\p{L}*)(?!\p{L}))[^,;:?]){0,60})?`;
/** The party it is external to. */
const toWhom = String.raw`(?: (?:all|alla|al|alle|a|ad|all['’]\S+|dell['’]\S+|della|del|di|of|to|from|outside|zu|zur|der|des|à|au|de|du|a la|fuera)${plain})?$`;
const outsideWhom = `(?:${outside}${toWhom}|outside${plain}$)`;
/** `Email proveniente da fuori`: as people say, too. */
const fromOutside = new RegExp(
  `^(?:(?:quest[oa]|il|la|un|una) |l['’])?(?:mail|${mailNoun}) (?:è )?(?:provi?en\\p{L}+|inviat[oa]|ricevut[oa]|arriva(?:t[oa])?|spedit[oa]) (?:da )?fuori(?: (?:azienda|sede|rete|dominio|organizzazione|(?:dal|dall['’]|dalla|dell['’]|della|del) ?\\S+))?$`,
  'iu',
);
/** Whole sentences. */
const labels = new RegExp(
  `^(?:(?:you(?:'ve| have) received an?|da|from|von|de|un[oa]?|an|ein(?:e[rs]?)?|hai ricevuto un[a']?) )?(?:` +
    `${external} (?:${mailNoun}|${senderNoun})|(?:${mailNoun}|${senderNoun}) (?:is )?${external}|${mailNoun} (?:da|from|von|d['’]un|de(?: un)?) (?:un |an |einem )?(?:${external} ${senderNoun}|${senderNoun} ${external})` +
    `)${toWhom}`,
  'iu',
);
/** The same of the sender, or of "the message", as people say, too: only beside an alarm or advice. */
const senderIs = new RegExp(
  `^(?:(?:the|il|der|le|el) |l['’])?${senderNoun} (?:(?:of|di|de|dieser|diese[sr]?) )?(?:(?:this|quest[oa]|dieser|cet?|cette|este) )?(?:${mailNoun} )?(?:(?:is|è|ist|est|es) ${outsideWhom}|` +
    `(?:non (?:appartiene|fa parte)|does not belong|is not (?:part|a member)|gehört nicht|n['’]appartient pas|no pertenece)(?: \\S+){1,5}$)`,
  'iu',
);
const ofThisMail = new RegExp(`(?:(?:this|quest[oa]|dieser|cet?|cette|este) )${mailNoun}`, 'iu');
const theMail = new RegExp(
  `^(?:(?:il|la|the|die|le|el) |l['’])${mailNoun}(?: \\S+){1,4}? (?:da |from |von |de |d['’])?(?:un |an |einem |a )?(?:${senderNoun} ${outsideWhom}|${external} ${senderNoun}${toWhom}|${outsideWhom})`,
  'iu',
);

/** Exchange's first-contact tip, by its words; its link identifies it in every language. */
const firstContact: readonly RegExp[] = [
  /^alcun[ie] (?:delle |dei )?(?:persone|destinatari|utenti)(?: di questo messaggio| che hanno ricevuto questo messaggio) non ricevono (?:spesso|in genere|di solito) (?:(?:e-?)?mail|messaggi|posta)(?: di posta elettronica| elettronica)?/iu,
  /LearnAboutSenderIdentification[^\s>]{0,40}>?$/iu,
  /^(?:alcune (?:delle )?persone che hanno ricevuto questo messaggio )?(?:in genere )?non (?:(?:si )?ricev(?:ono|i|e|ete)) (?:spesso|in genere) (?:(?:e-?)?mail|messaggi|posta)(?: di posta elettronica)?/iu,
  /^(?:alcun[ie] (?:delle |dei )?(?:persone|destinatari|utenti)(?: di questo messaggio| che hanno ricevuto questo messaggio)?,? )?(?:spesso|in genere|di solito|solitamente|normalmente|raramente) (?:non )?ricevono (?:spesso )?(?:(?:e-?)?mail|messaggi|posta)(?: di posta elettronica)?/iu,
  /^(?:some people who received this message |you )?(?:don['’]t|do not) often get e-?mail from/iu,
  /^(?:sie erhalten (?:nicht (?:oft|häufig)|selten) (?:eine )?e-?mails? von|einige personen,? die diese nachricht erhalten haben,? erhalten .{0,40}e-?mails? von)/iu,
  /^(?:vous n(?:e |['’])(?:recevez|obtenez) pas souvent d(?:e|['’])|certaines (?:des )?personnes (?:qui ont|ayant) reçu ce message ne reçoivent pas souvent)/iu,
  /^(?:no (?:suele|sueles|suelen|acostumbra a) recibir|algunas (?:de las )?personas que (?:han recibido|recibieron) este mensaje no suelen recibir)/iu,
  /^(?:ricevi (?:raramente|di rado)|(?:di solito|solitamente|normalmente|spesso) non (?:ricevi|riceve|ricevete)) (?:e-?mail|mail|messaggi|posta)(?: di posta elettronica)?/iu,
  /^(?:quest[oa] è (?:il|la) prim[oa] (?:messaggio|e-?mail|mail) che (?:ricevi|riceve|ricevete) da|this is the first (?:time you(?:['’]ve| have)? received (?:an? )?(?:e-?mail|message) from|(?:e-?mail|message) you(?:['’]ve| have)? received from)|you (?:rarely|don['’]t usually|do not usually) (?:receive|get) e-?mails? from|(?:first[- ]time|new) sender$|this sender is new|you have(?: not|n['’]t) (?:previously )?(?:corresponded|received) )/iu,
  /^(?:das ist die erste (?:e-?mail|nachricht) (?:von|dieses)|c['’]est la première fois que vous recevez|es la primera vez que recibe)/iu,
  /^(?:você não costuma receber|u ontvangt niet vaak|je ontvangt niet vaak)/iu,
];
const why =
  /(?:why|perché|perchè|warum|pourquoi|por qué|porque|waarom).{0,40}(?:important|importante|wichtig|belangrijk)|^(?:learn more|more information|(?:ulteriori|maggiori) informazioni|scopri di più|weitere informationen|en savoir plus|más información|report suspicious|segnala)/iu;

/** Advice in such banners; counts only beside a statement of the mail's origin. */
const advice = new RegExp(
  String.raw`^(?:and |e |und |et |y )?(?:please |si prega di |si raccomanda di |bitte |veuillez |merci de |por favor,? )?(?:do not|don['’]t|never|only|non (?:aprire|aprite|apri|cliccare|cliccate|fare|fate|rispondere|fornire|inserire|condividere|seguire|scaricare)|evita\w*|presta\w*|(?:se non|if you (?:do not|don['’]t)|wenn sie .{0,30}nicht|si vous ne|si no) .{3,60}(?:non (?:aprire|cliccare|rispondere)|do not|don['’]t|klicken|öffnen|ne (?:cliquez|ouvrez)|no (?:abra|haga))|(?:in caso di|per (?:qualsiasi|ogni)?) ?dubbi\w*|if (?:in doubt|you are unsure)|im zweifel\w*|en cas de doute|en caso de duda|porre|fa(?:re|te|i)|usare|usate|verific\w*|controll\w*|assicura\w*|diffida\w*|use|exercise|be|think|treat|verify|check|ensure|make sure|report|beware|proceed|klicken|öffnen|seien|prüfen|antworten|geben|achten|ne|n['’]ouvrez|soyez|faites|vérifiez|évitez|no|tenga|sea|verifique|evite|extreme|não|klik|open|wees|vorsicht|attenzione|massima attenzione|cautela|caution|prudence|attention|precaución|cuidado)(?![\p{L}\p{N}])`,
  'iu',
);
const adviceAbout =
  /(?:dubbi|doubt|unsure|zweifel|doute|duda|reply|link|collegament|allegat|attachment|mittente|sender|clic|click|password|credenzial|credential|caution|careful|cautio|attenzione|cautela|anhäng|anlage|absender|vorsicht|lien|pièces? jointe|expéditeur|prudent|enlace|adjunto|remitente|precauci|bijlage|afzender|sospett|suspicious|phishing|help ?desk|service ?desk|content|contenut|inhalt|contenu)/iu;

const alarmWords = String.raw`(?:(?:security|safety) (?:notice|warning|alert)|(?:avviso|avvertenza|nota) di sicurezza|sicherheits(?:hinweis|warnung)|avis de sécurité|aviso de seguridad|nota|note|remarque|pericolo|danger|gefahr|caution|warning|attention|alert|notice|important|attenzione|avviso|avvertenza|cautela|importante|achtung|vorsicht|warnung|hinweis|avertissement|prudence|precaución|advertencia|atención|aviso|cuidado|atenção|let op|waarschuwing)`;
const alarms = new RegExp(
  String.raw`^[[(*<{!\p{So}\uFE0F\s_#=-]*${alarmWords}(?: ?[/|] ?${alarmWords})*(?: ?[:!\])*>}–—|-]+|$)\s*`,
  'iu',
);
/** `CAUTION EXTERNAL EMAIL`. */
const loudAlarm =
  /^(?:CAUTION|WARNING|ATTENTION|ALERT|ATTENZIONE|AVVISO|ACHTUNG|VORSICHT|WARNUNG|ATENCIÓN|AVISO) (?=\p{Lu}{3})/u;
const tagWords = String.raw`(?:external(?: (?:e-?mail|mail|sender|message|source))?|externe?r?(?: (?:e-?mail|mail|nachricht|absender))?|estern[oa]|ext|est|(?:e-?mail|mail|posta) esterna|(?:messaggio|mittente) esterno|(?:courriel|expéditeur|message) externe|(?:correo|remitente|mensaje) externo|outside e-?mail|(?:suspected|possible|probable) (?:spam|phishing)|(?:sospett[oa]|possibile|probabile) (?:spam|phishing)|spam sospetto)`;
/** `[EXTERNAL]`, `*** MAIL ESTERNA ***`, before anything else on its line. */
const tag = new RegExp(
  String.raw`^(?:[\[{]+|\(|\*{2,}|<{1,3}|«|={2,}|-{2,}|#{2,}|!{1,3})\s?(?:(?:attenzione|caution|warning|attention|achtung)[ :!-]{1,3})?${tagWords}(?:\s?[-/|–]\s?${tagWords})*\s?(?:[\]}]+|\)|\*{2,}|>{1,3}|»|={2,}|-{2,}|#{2,}|!{1,3})\s?[:|-]?\s*`,
  'iu',
);
const tagInCapitals =
  /^(?:EXTERNAL(?: (?:E-?MAIL|MAIL|SENDER|MESSAGE))?|EXTERNE[RN]?(?: (?:E-?MAIL|MAIL|ABSENDER))?|ESTERN[OA]|(?:E-?MAIL|MAIL|POSTA) ESTERNA|MITTENTE ESTERNO|EXPÉDITEUR EXTERNE|REMITENTE EXTERNO|EXT(?=:)|ESTERNO ?[/|-] ?EXTERNAL|EXTERNAL ?[/|-] ?ESTERNO)[.:!]?$/u;

/** Proofpoint's banner names its ends. */
const ends = { opens: 'BannerStart', closes: 'BannerEnd' };

/** `likely`: an origin beside an alarm or advice only. */
type Kind = 'origin' | 'likely' | 'alarm' | 'advice' | null;

function kindOf(sentence: string): Kind {
  const said = sentence
    .replace(/^[[(*<{!|\p{So}\uFE0F\s_#=-]+|[\])*>}|\s_#=.!:-]+$/gu, '')
    .replace(loudAlarm, '');
  if (said === '') return 'alarm';
  const first = readFirstContact(said);
  if (first !== null) return first;
  if (why.test(said)) return 'advice';
  if (isAdvice(said)) return 'advice';
  return said.length <= 300 && !peoples.test(said) && !said.includes('?') ? originOf(said) : null;
}

/** A writer who continues the sentence: `…, da ieri proprio nulla`. */
const tellsMore =
  /[,;:?!] |(?<!\p{L})(?:ieri|oggi|ma|e(?!-)|perché|perchè|nulla|niente|più|che|yesterday|today|but|and|because|since|nothing|any more|seit|aber|und|depuis|mais|et|desde|pero|y)(?!\p{L})/iu;

/** End of such a tip: an address, or a name beside advice; any further word is a person's. */
function readFirstContact(said: string): Kind {
  const found = firstContact.map((one) => one.exec(said)).find((one) => one !== null);
  if (found === undefined) return null;
  const rest = said.slice(found[0].length);
  const whom = rest.replace(/\S+@\S+|https?:\S+|[[(<"“«].{0,80}?[\])>"”»]/gu, ' ');
  if (
    tellsMore.test(whom.replace(/,.{0,60}$/u, (tail) => (isAdvice(tail.slice(2)) ? '' : tail))) &&
    !isTip(rest)
  )
    return null;
  return rest.includes('@') || rest.trim() === '' || isTip(said) || ofSender.test(said) ? 'origin' : 'likely';
}

const ofSender = /(?<!\p{L})(?:sender|mittente|absender|expéditeur|remitente)(?!\p{L})/iu;

function isTip(text: string): boolean {
  return text.includes('LearnAboutSenderIdentification');
}

function isAdvice(said: string): boolean {
  return advice.test(said) && adviceAbout.test(said);
}

function originOf(said: string): Kind {
  // advice may follow within the sentence
  const comma = said.indexOf(', ');
  const tail = comma < 0 ? '' : said.slice(comma + 2);
  const head = comma >= 0 && isAdvice(tail) ? said.slice(0, comma) : said;
  if (labels.test(head)) return 'origin';
  if (origins.some((one) => saysOnly(one, head))) return 'origin';
  if (fromOutside.test(head)) return 'likely';
  if (!senderIs.test(head) && !theMail.test(head)) return null;
  return head !== said || ofThisMail.test(head) ? 'origin' : 'likely';
}

/** Further words behind an origin are the writer's: `…, la stampante è ferma`. */
const goesElsewhere =
  /[,;:] (?!(?:non appartenent|not |and may|e (?:non|potrebbe|va)|quindi|pertanto|so |therefore|please|si prega))|(?<!\p{L})(?:e|and|und|et|y) (?:il|la|lo|i|le|gli|the|our|my|der|die|das|les|el|l['’])(?!\p{L}*(?:link|allegat|content|attach|anhäng|lien|pièce|enlace))/iu;

function saysOnly(origin: RegExp, said: string): boolean {
  const found = origin.exec(said);
  return found !== null && !goesElsewhere.test(said.slice(found[0].length));
}

/** Separators of sentences, then of languages and parts of a banner: each pattern wider than the one before. */
const sentenceEnd = /(?<=[.!?])[\s\])*]+(?=\S)/u;
const partEnd = /(?<=[.!?:;])[\s\])*]+(?=\S)|\s[|/•·–—-]+\s/u;
const looseEnd = /(?<=[.!?:;])[\s\])*]+(?=\S)|\s?[|/•·–—]+\s?|\s-+\s/u;

/** Kinds of a paragraph's sentences, or null if one of them is no banner's. */
function readParagraph(text: string): Kind[] | null {
  const kinds: Kind[] = [];
  const rest = withoutAlarms(text, kinds);
  for (const end of [sentenceEnd, partEnd, looseEnd]) {
    const found = readPieces(rest.split(end));
    if (found !== null) return [...kinds, ...found];
  }
  return null;
}

function withoutAlarms(text: string, kinds: Kind[]): string {
  let rest = text;
  for (let alarm = alarms.exec(rest); alarm !== null && alarm[0] !== ''; alarm = alarms.exec(rest)) {
    kinds.push('alarm');
    rest = rest.slice(alarm[0].length);
  }
  return rest;
}

function readPieces(pieces: string[]): Kind[] | null {
  const kinds: Kind[] = [];
  for (const piece of pieces) {
    const said = withoutAlarms(piece, kinds);
    if (said.trim() === '') continue;
    const kind = kindOf(said);
    if (kind === null) return null;
    kinds.push(kind);
  }
  return kinds;
}

function saysOrigin(kinds: readonly Kind[]): boolean {
  const isBeside = kinds.includes('alarm') || kinds.includes('advice');
  return kinds.includes('origin') || (isBeside && kinds.includes('likely'));
}

/** Most lines of a banner. */
const longest = 12;
/** Widths at which a program breaks a banner's lines. */
const broken = { from: 64, to: 80 };
const goesOn =
  /(?:,|(?:^| )(?:of|from|the|your|and|or|not|to|di|da|dal|dalla|dell['’]?|del|della|e|o|non|il|la|un|von|der|die|und|oder|nicht|de|du|des|et|ou|pas|el|y|no|para))$/iu;

/** True if a program may have wrapped the line here: the next word did not fit, and no sentence ends. */
function isBroken(above: string, below: string): boolean {
  const [word = ''] = below.split(' ', 1);
  return (
    above.length <= broken.to &&
    above.length + 1 + word.length > broken.from &&
    !/[.!?:\])*>]$/u.test(above) &&
    (!/^\p{Lu}/u.test(below) || goesOn.test(above))
  );
}

/**
 * Cuts the banners of receiving servers off the top of a mail. A line that only begins with a tag keeps its rest.
 * @param from the first line of the mail's text
 * @returns the first line below the banners; `from` if there is none. Examines a bounded number of lines.
 */
export function cutBanner(lines: Line[], from: number): number {
  let end = from;
  for (let round = 0; round < 3; round++) {
    const next = cutOne(lines, end);
    if (next === end) return end;
    end = next;
  }
  return end;
}

function cutOne(lines: Line[], from: number): number {
  const first = lines.findIndex(
    (line, i) => i >= from && i < from + longest && !line.blank && !isRule(line.bare),
  );
  const line = lines[first];
  if (line === undefined) return from;
  if (line.bare.endsWith(ends.opens)) {
    const closed = lines.findIndex(
      (one, i) => i > first && i <= first + longest && one.bare.endsWith(ends.closes),
    );
    if (closed > 0) return nextBelow(lines, closed + 1);
  }
  if (tagInCapitals.test(line.bare.replace(/^[\p{So}\uFE0F\s]+/u, ''))) return nextBelow(lines, first + 1);
  const tagged = tag.exec(line.bare);
  if (tagged !== null) {
    const rest = line.bare.slice(tagged[0].length);
    if (/^(?:compare|appare|esce|viene|sta|è|appears|shows|keeps|is|steht|erscheint)(?=\s)/u.test(rest))
      return from;
    if (rest === '' || readParagraph(rest) !== null) return nextBelow(lines, first + 1);
    // `[ESTERNO] il lampione è spento`: where, not whence
    if (lonePlace.test(tagged[0]) && !ordersThere.test(rest)) return from;
    const body = line.body.trimStart();
    lines[first] = makeLine(rest, line.depth, body.length > line.bare.length ? body : rest, line.role);
    return first;
  }
  return readSentences(lines, first) ?? from;
}

const lonePlace = /^[[({]\s?(?:estern[oa]|est|ext)\s?[\])}]\s?[:|-]?\s*$/iu;
/** Words as orders begin with. */
const ordersThere =
  /^(?:\p{L}+(?:are|ere|ire|rre)|(?:in|metto in|messo in) (?:lavorazione|attesa|carico|sospeso)|nota|attesa|chius[oa]|chiudi|riapri|risolto|fatto|prendo|presa?|passa|sposta|assegna|ricordami|tempo|close|note|start|reopen|take|assign|resolved|done|wait(?:ing)?)(?!\p{L})/iu;

/** Line after line as long as each is a banner's, alone or as the rest of the one above. */
function readSentences(lines: Line[], first: number): number | null {
  let said: Kind[] = [];
  let paragraph = '';
  let end: number | null = null;
  for (let i = first; i < Math.min(lines.length, first + longest); i++) {
    const line = lines[i];
    if (line === undefined || line.depth !== lines[first]?.depth) break;
    if (line.blank || isRule(line.bare)) {
      // an alarm may stand alone above, and nothing but an origin makes what is below it a banner
      if (end !== null && saysOrigin(said) && !line.blank) break;
      paragraph = '';
      continue;
    }
    const above = lines[i - 1]?.bare ?? '';
    const joined = paragraph !== '' && isBroken(above, line.bare) ? `${paragraph} ${line.bare}` : null;
    const isWhole = /[.!?\])*]$/u.test(line.bare);
    const kinds = (joined !== null && isWhole ? readParagraph(joined) : null) ?? readParagraph(line.bare);
    const whole = joined ?? line.bare;
    if (kinds === null) {
      // perhaps the rest of it stands below
      const below = lines[i + 1]?.bare ?? '';
      if (below === '' || !isBroken(line.bare, below)) break;
      paragraph = whole;
      continue;
    }
    said = [...said, ...kinds];
    paragraph = whole;
    end = i + 1;
  }
  return end !== null && saysOrigin(said) ? nextBelow(lines, end) : null;
}

/** The next filled line, rules passed over. */
function nextBelow(lines: Line[], from: number): number {
  let at = from;
  while (
    at < lines.length &&
    at < from + longest &&
    (lines[at]?.blank === true || isRule(lines[at]?.bare ?? ''))
  )
    at++;
  return at;
}
